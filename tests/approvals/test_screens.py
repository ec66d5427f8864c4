"""Four eyes through the pages: a bulk output, its voided twin, a medium with a witness (R-USE-15, 19; R-STO-10)."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import move_in_family
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

MORNING = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
FORM = {
    "act": "ask",
    "kind": "bulk-output",
    "purpose": "新しいシステムへの移行",
    "basis": "市の決裁 情政第12号",
    "destination": "情報政策課 サーバ室",
    "valid_until": "R8.4.7",
    "tolerance": "0",
}
NEW = "/approvals/new/take-over-file"


@pytest.fixture(scope="module")
def desk(
    module_environment: Environment, module_clock: SettableClock, tmp_path_factory: pytest.TempPathFactory
) -> "Desk":
    """The demo's officers, a family on the register, a security officer and a reviewer at the management terminal."""
    from tests.signon.desk import make_desk

    module_clock.set(MORNING)
    made = make_desk(module_environment, module_clock, tmp_path_factory.mktemp("secrets"))
    move_in_family(module_environment)
    return made


def page_of(answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def seen(client: "Client", page: str) -> str:
    """The digest of what the page shows."""
    match = re.search(r'name="seen" value="([0-9a-f]{64})"', text(client.get(page)))
    return match[1] if match else ""


def act(client: "Client", page: str, act: str, **form: str) -> Any:
    from tests.signon.desk import post

    return post(client, f"{page}/act", {"act": act, "seen": seen(client, page), **form})


def rows_shown(page: str) -> list[tuple[str, str]]:
    """The lines of the request on its page."""
    part = page.split('aria-label="申請の内容"')[1].split("</table>", maxsplit=1)[0]
    return re.findall(r'<th scope="row" class="lab">(.*?)</th><td>(.*?)</td>', part)


def acts_of(env: Environment) -> list[tuple[str, str, bool]]:
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT act, officer, refused FROM trail.entry WHERE act LIKE 'approval.%' OR act LIKE 'output.%'"
            " OR act = 'register.export' ORDER BY at, entry_id"
        ).fetchall()
    return [(row["act"], row["officer"], row["refused"]) for row in rows]


def test_a_bulk_output_from_request_to_receipt(desk: "Desk", module_environment: Environment) -> None:
    from tests.signon.desk import post

    asker, approver = desk.sign_on("reviewer1"), desk.sign_on("security1")
    assert "移行ファイルの書出し" in text(asker.get("/approvals"))
    form = text(asker.get(NEW))
    assert "今の件数 4件" in form
    assert "個人番号" in form
    missing = post(asker, NEW, FORM | {"purpose": ""})
    assert (missing.status_code, "目的を確かめてください" in text(missing)) == (422, True)
    page = page_of(post(asker, NEW, FORM))
    assert "承認待ち" in text(asker.get(page))
    assert act(asker, page, "execute").status_code == 409, "nothing leaves before the approval"
    assert act(asker, page, "approve").status_code == 403, "nobody approves what they asked for"
    assert "台帳の全員" in text(approver.get(page))
    assert rows_shown(text(asker.get(page))) == rows_shown(text(approver.get(page)))
    assert page in text(approver.get("/approvals"))
    assert post(approver, f"{page}/act", {"act": "approve", "seen": "00"}).status_code == 409
    assert act(approver, page, "approve", comment="必要な範囲").status_code == 302
    assert act(approver, page, "approve").status_code == 409
    assert act(approver, page, "execute").status_code == 403
    assert asker.get(f"{page}/file").status_code == 409
    assert act(asker, page, "execute").status_code == 302
    assert act(asker, page, "execute").status_code == 409, "once only"
    assert act(asker, page, "withdraw").status_code == 409
    for _ in range(2):  # the same bytes again, until they are received
        file: Any = asker.get(f"{page}/file")
        content = b"".join(file.streaming_content).decode()
        assert len(content.splitlines()) == 5
    assert approver.get(f"{page}/file").status_code == 403
    assert act(asker, page, "receive", comment="読めることを確かめた").status_code == 302
    assert asker.get(f"{page}/file").status_code == 410
    assert "消去済" in text(asker.get(page))
    done = acts_of(module_environment)
    assert [name for name, officer, refused in done if not refused] == [
        "approval.ask", "approval.approve", "register.export", "approval.execute", "output.take", "output.take",
        "output.receive",
    ]  # fmt: skip
    assert ("approval.execute", "reviewer1", True) in done, "what was refused is on record too"


def test_a_count_that_moved_voids_the_twin(desk: "Desk", module_environment: Environment) -> None:
    from tests.signon.desk import post

    asker, approver = desk.sign_on("reviewer1"), desk.sign_on("security1")
    page = page_of(post(asker, NEW, FORM))
    assert act(approver, page, "approve").status_code == 302
    move_in_family(module_environment)
    refused = act(asker, page, "execute")
    assert refused.status_code == 409
    assert "申請のときは4件、今は8件です" in text(refused)
    assert "無効" in text(asker.get(page))
    assert act(asker, page, "execute").status_code == 409


def test_a_medium_needs_a_third_officer_and_its_terminal(desk: "Desk", module_owner_connection: Connection) -> None:
    from tests.signon.desk import post

    asker, approver, third = (desk.sign_on(who) for who in ("reviewer1", "security1", "protector1"))
    form = FORM | {"kind": "media-output"}
    assert post(asker, NEW, form).status_code == 422, "which medium?"
    page = page_of(post(asker, NEW, form | {"medium": "USBメモリ 管理番号 M-12"}))
    assert act(third, page, "witness").status_code == 409, "not approved yet"
    assert act(approver, page, "approve").status_code == 302
    refused = act(asker, page, "execute")
    assert (refused.status_code, "外部媒体に出力できません" in text(refused)) == (403, True), "not at a counter"
    module_owner_connection.execute(
        "UPDATE signon.terminal SET terminal_class = 'management' WHERE terminal_id = 'SHIMIN-11'"
    )
    alone = act(asker, page, "execute")
    assert (alone.status_code, "立会いがまだありません" in text(alone)) == (409, True)
    assert act(approver, page, "witness").status_code == 403, "the approver is not a third officer"
    assert act(third, page, "witness").status_code == 302
    assert act(asker, page, "execute").status_code == 302
    assert asker.get(f"{page}/file").status_code == 200
    desk.clock.advance(hours=2)
    asker = desk.sign_on("reviewer1")
    assert asker.get(f"{page}/file").status_code == 409, "the witness has gone"


def test_who_has_no_part_sees_nothing(desk: "Desk") -> None:
    asker, clerk, protector = desk.sign_on("reviewer2"), desk.sign_on("clerk1"), desk.sign_on("protector2")
    from tests.signon.desk import post

    page = page_of(post(asker, NEW, FORM | {"tolerance": "1"}))
    medium = page_of(post(asker, NEW, FORM | {"kind": "media-output", "medium": "USBメモリ 管理番号 M-12"}))
    assert clerk.get("/approvals").status_code == 403
    assert clerk.get(page).status_code == 403
    assert (protector.get(page).status_code, protector.get(medium).status_code) == (404, 200), "may be a witness"
    assert protector.get(NEW).status_code == 404
    assert asker.get("/approvals/999999").status_code == 404
    assert asker.get("/approvals/list/other").status_code == 404
    assert post(asker, NEW, FORM | {"condition": "[1"}).status_code == 422
    assert act(asker, page, "burn").status_code == 404
    assert act(asker, page, "withdraw").status_code == 302
    assert "取下げ" in text(asker.get("/approvals/list/mine"))
    assert "取下げ" in text(asker.get("/approvals/list/done"))


def test_the_security_officer_approves_and_asks_for_nothing(desk: "Desk") -> None:
    from tests.signon.desk import post

    asker, security = desk.sign_on("reviewer1"), desk.sign_on("security1")
    page = page_of(post(asker, NEW, FORM | {"tolerance": "1"}))
    assert page in text(security.get("/approvals"))
    assert security.get(NEW).status_code == 404
    assert act(security, page, "approve").status_code == 302
    assert act(asker, page, "withdraw").status_code == 302


def test_a_backup_is_let_out_by_the_security_officer_alone(
    desk: "Desk", module_environment: Environment, module_owner_connection: Connection
) -> None:
    """R-USE-18: nothing to ask for before there is a backup; released once, under the number that the console needs."""
    from tests.signon.desk import post

    new, form = "/approvals/new/backup-take-out", FORM | {"kind": "backup-take-out", "medium": "テープ T-1"}
    admin, reviewer, security = (desk.sign_on(who) for who in ("admin1", "reviewer1", "security1"))
    assert post(admin, new, form).status_code == 409, "there is no backup yet"
    name = "20260401T000000000000Z"
    module_owner_connection.execute("INSERT INTO register.backup VALUES (%s, '2026-04-01', 1)", (name,))
    assert post(reviewer, new, form).status_code in (403, 404)
    page = page_of(post(admin, new, form))
    assert name in text(security.get(page))
    assert act(admin, page, "execute").status_code == 409
    assert act(security, page, "approve").status_code == 302
    assert act(admin, page, "execute").status_code == 302
    assert act(admin, page, "execute").status_code == 409
    with module_environment.database.transaction() as connection:
        released = connection.execute("SELECT approval_id, name, taken_at FROM register.backup_take_out").fetchall()
    assert released == [{"approval_id": int(page.rpartition("/")[2]), "name": name, "taken_at": None}]
    for harm in ("UPDATE register.backup_take_out SET name = name", "INSERT INTO register.backup_take_out VALUES (1)"):
        with pytest.raises(psycopg.errors.IntegrityError):
            module_owner_connection.execute(harm)
