"""What a batch has made leaves by a second officer's approval, exactly as it was approved (R-USE-15; STD 9.5, 9.6)."""

import io
import re
import zipfile
from typing import TYPE_CHECKING

from daicho.register.batch.work import carry_on
from daicho.register.protection import measures
from daicho.wire.environment import Environment
from tests.approvals.test_screens import FORM, act, page_of
from tests.people import CLERK, move_in_family
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

CONDITION = re.compile(r'name="condition" value="([^"]*)"')
NEW = "/approvals/new/batch-files"


def finished(asker: "Client", env: Environment, job: str, **typed: str) -> str:
    """The page of a run that is done."""
    from tests.signon.desk import post

    page = page_of(post(asker, f"/batches/jobs/{job}", {"rule": "now", **typed}))
    carry_on(env, int(page.rpartition("/")[2]))
    return page


def condition_of(page: str) -> str:
    [found] = CONDITION.findall(page)
    return str(found).replace("&quot;", '"')


def asked(asker: "Client", condition: str) -> str:
    """A request from the run's page to its own."""
    from tests.signon.desk import post

    form = text(post(asker, NEW, {"condition": condition}))
    assert "無作為抽出" in form
    return page_of(post(asker, NEW, {**FORM, "condition": condition_of(form)}))


def test_a_sample_leaves_once_approved_and_not_before(screen_desk: "Desk", module_environment: Environment) -> None:
    _, people = move_in_family(module_environment)
    asker, approver = screen_desk.sign_on("reviewer1"), screen_desk.sign_on("reviewer2")
    run = finished(asker, module_environment, "sample", count="3", form="csv", seed="ab12")
    shown = text(asker.get(run))
    assert "承認を申請する" in shown
    assert not re.findall(r'href="/batches/files/', shown)
    with module_environment.database.transaction() as connection:
        row = connection.execute("SELECT file_id FROM register.batch_file").fetchone()
    assert row is not None
    assert asker.get(f"/batches/files/{row['file_id']}").status_code == 403
    page = asked(asker, condition_of(shown))
    said = text(approver.get(page))
    assert "ab12" in said
    assert "3件" in said
    assert act(approver, page, "approve").status_code == 302
    assert act(asker, page, "execute").status_code == 302
    answer = asker.get(f"{page}/file")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as pack:  # type: ignore[attr-defined]
        assert pack.namelist() == ["sample.csv"]
        assert len(pack.read("sample.csv").decode("utf-8-sig").splitlines()) == 4
    late = asked(asker, condition_of(shown))
    assert act(approver, late, "approve").status_code == 302
    measures.provisional(module_environment, CLERK, people[0], [])
    refused = act(asker, late, "execute")
    assert refused.status_code == 409
    assert "載せられない人" in text(refused)
