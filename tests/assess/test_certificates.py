"""Certificates through the API's own door: from the application to the bytes handed over."""

import json
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pytest

from daicho.register.paper.face import find_font
from daicho.register.paper.press import Press
from daicho.register.paper.press_client import SOCKET_VARIABLE
from daicho.register.paper.typesetter import Typesetter
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.conftest import serving
from tests.paper.issuing import family

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    """The font and the compiler."""
    return Typesetter(find_font())


@pytest.fixture
def clerk(
    environment: Environment,
    clock: SettableClock,
    tmp_path: "Path",
    typesetter: Typesetter,
    monkeypatch: pytest.MonkeyPatch,
) -> "Iterator[Client]":
    """A clerk at the API, with a press."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    with serving(Press(typesetter.set, typesetter.versions)) as press:
        monkeypatch.setenv(SOCKET_VARIABLE, str(press.path))
        yield make_desk(environment, clock, tmp_path).sign_on("clerk1")


def call(client: "Client", path: str, body: object, status: int = 200) -> Any:
    """Post to the API."""
    token = client.cookies["daicho_register_csrf"].value
    answer = client.generic(
        "POST",
        f"/api/v1{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def paper_of(client: "Client", wanted: dict[str, object]) -> list[str]:
    """The text of each page that is handed over, without spaces."""
    made = call(client, "/certificates", wanted)
    [copy] = made["copies"]
    call(client, f"/certificates/{made['application_id']}/release", {"digests": [copy["digest"]]})
    answer = client.get(f"/api/v1/certificates/files/{copy['certificate_id']}")
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pdfium.PdfDocument(answer.content)
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


def wanted_by(household_id: int, authority: str, **more: object) -> dict[str, object]:
    """An application."""
    base = {"household_id": household_id, "authority": authority, "identity_document": "2", "use_code": "07"}
    return {**base, **more}


def test_a_copy_is_made_and_handed_over(clerk: "Client", environment: Environment) -> None:
    """STD 5.1, 5.5, 5.6: omissions by default, issue number with page, attestation, title with the prefecture."""
    household_id, people = family(environment)
    [page] = paper_of(clerk, wanted_by(household_id, "1", requester_person=people[0]))
    for text in ("髙橋健一", "髙橋結衣", "世帯主省略", "本籍省略", "個人番号省略", "住民票コード省略"):
        assert text in page
    for text in (
        "発行番号20260401熊谷市SHIMIN-03プリンタ0010011/1",
        "世帯全員の住民票の原本と相違ない",
        "埼玉県熊谷市長",
    ):
        assert text in page


def test_a_copy_for_one_person_and_for_an_office(clerk: "Client", environment: Environment) -> None:
    """STD 5.1, 5.7: a part of the household; 公用 for an office."""
    household_id, people = family(environment)
    asked = wanted_by(household_id, "5", requester="熊谷税務署", person_ids=[people[1]])
    [page] = paper_of(clerk, asked | {"identity_document": "6"})
    assert "髙橋美咲" in page
    assert "髙橋健一" not in page
    assert "公用" in page
    assert "世帯全員" not in page


def test_a_third_party_gets_no_number(clerk: "Client", environment: Environment) -> None:
    """Refused by the rule table, not left out silently."""
    household_id, _ = family(environment)
    asked = wanted_by(household_id, "6", requester="株式会社見本", reason="債権の回収", items=["individual_number"])
    refused = call(clerk, "/certificates", asked, 422)
    assert "個人番号" in refused["happened"]
