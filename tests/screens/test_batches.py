"""The batches on their pages: start, plan, look, stop, go on, take along (STD 9.1)."""

import re
from typing import TYPE_CHECKING

from daicho.law.reasons import Reason
from daicho.register.batch.work import carry_on
from daicho.wire.environment import Environment
from tests.screens.desk_pages import text
from tests.store.test_retention import removed

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_from_the_form_to_the_file(screen_desk: "Desk", module_environment: Environment) -> None:
    from datetime import date

    from tests.signon.desk import post

    removed(module_environment, date(2026, 2, 1), removed_reason=Reason.MOVE_OUT.word, planned_address="東京都千代田区")
    reviewer, clerk = screen_desk.sign_on("reviewer1"), screen_desk.sign_on("clerk1")
    assert clerk.get("/batches").status_code == 403
    assert "転入通知未着者一覧" in text(reviewer.get("/batches"))
    assert "移行ファイル" not in text(reviewer.get("/batches"))
    assert reviewer.get("/batches/jobs/take_over").status_code == 403
    assert reviewer.get("/batches/jobs/nothing").status_code == 404
    assert "今すぐ" in text(reviewer.get("/batches/jobs/awaited"))
    began = post(reviewer, "/batches/jobs/awaited", {"scope": "1", "rule": "now"})
    assert began.status_code == 302
    address = began.headers["Location"]
    run_id = int(address.rpartition("/")[2])
    assert "実行待ち" in text(reviewer.get(address))
    assert post(reviewer, "/batches/jobs/awaited", {"scope": "1", "rule": "now"}).status_code == 409
    assert post(reviewer, address, {"act": "stop"}).status_code == 302
    assert post(reviewer, address, {"act": "stop"}).status_code == 409
    assert post(reviewer, address, {"act": "burn"}).status_code == 404
    assert post(reviewer, address, {"act": "resume"}).status_code == 302
    carry_on(module_environment, run_id)
    page = text(reviewer.get(address))
    assert "正常終了" in page
    [file] = re.findall(r'href="(/batches/files/\d+)"', page)
    answer = reviewer.get(file)
    assert answer["Content-Disposition"] == 'attachment; filename="arrival-notices-awaited.csv"'
    assert "千代田区" in b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert clerk.get(file).status_code == 403
    assert "every 2s" not in text(reviewer.get(f"{address}?part=state"))
    assert "前回 この1年" in text(reviewer.get("/batches/jobs/awaited"))
    changed = post(reviewer, "/batches/jobs/awaited", {"scope": "2", "rule": "now"})
    assert "変更" in text(reviewer.get(changed.headers["Location"]))
    assert "every 2s" in text(reviewer.get(changed.headers["Location"] + "?part=state"))


def test_a_plan_and_its_end(screen_desk: "Desk") -> None:
    from tests.signon.desk import post

    reviewer = screen_desk.sign_on("reviewer2")
    refused = post(reviewer, "/batches/jobs/headless", {"scope": "1", "rule": "daily", "at": "99"})
    assert refused.status_code == 422
    assert "時刻が読み取れません" in text(refused)
    kept = {"scope": "2", "rule": "weekly", "at": "2130", "weekday": "4"}
    assert post(reviewer, "/batches/jobs/headless", kept).status_code == 302
    page = text(reviewer.get("/batches"))
    assert "毎週金曜 21:30" in page
    assert "システム" in page
    [plan] = re.findall(r'action="(/batches/plans/\d+)"', page)
    assert post(reviewer, plan, {}).status_code == 302
    assert post(reviewer, plan, {}).status_code == 404
