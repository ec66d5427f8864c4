"""The officer of `tour` and `bench`: a code that was used a moment ago is waited out, anything else is told."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from daicho.engine.visitor import Refused, Visitor

OFFICER = {"officer": "clerk1", "password": "p", "terminal": "T", "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}


@pytest.fixture
def visitor(tmp_path: Path) -> Callable[[list[httpx.Response]], Visitor]:
    """A visitor whose house gives these answers, one after the other."""
    (tmp_path / "demo-signons.json").write_text(json.dumps([OFFICER]), encoding="utf-8")

    def of(answers: list[httpx.Response]) -> Visitor:
        made = Visitor("http://localhost", tmp_path, "clerk1")
        made.http.close()
        transport = httpx.MockTransport(lambda _: answers.pop(0))
        made.http = httpx.Client(base_url="http://localhost", transport=transport)
        return made

    return of


def test_a_used_code_is_waited_out_once(
    visitor: Callable[[list[httpx.Response]], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    page, used = httpx.Response(200, text="<form>"), httpx.Response(401, text="<form>")
    told = [httpx.Response(200, json={"csrf_token": "x"}), httpx.Response(204)]
    with visitor([page, page, used, page, page, page, *told]) as signed_on:
        assert signed_on.http.headers["X-CSRFToken"] == "x"
    assert len(waits) == 1
    assert 1 <= waits[0] <= 31


def test_any_other_refusal_is_told(visitor: Callable[[list[httpx.Response]], Visitor]) -> None:
    page = httpx.Response(200, text="<form>")
    with pytest.raises(Refused, match="user ID, password or terminal"), visitor([page, httpx.Response(401)]):
        pass
