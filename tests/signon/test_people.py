"""S27: user IDs and roles on the administrator's screen; what expires by itself, who may not act on whom (R-USE-07, 09, 11)."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from psycopg.errors import CheckViolation

from daicho.access.decision import RIGHTS
from daicho.signon import people
from daicho.signon.codes import code_at
from daicho.signon.models import Officer, OfficerLedger, OfficerRequest, OfficerRole
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post

TODAY = date(2026, 4, 1)
NEW = {
    "officer_id": "New-P1", "name": "見本 花子", "department": "市民課", "office": "市民課",
    "role": "clerk", "since": "", "until": "", "reason": "採用", "totp": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def only_the_demo(desk: Desk, module_owner_connection: Connection) -> Iterator[None]:
    """No officer of this file is left behind; the ledger stays, as it must."""
    yield
    module_owner_connection.execute(
        "UPDATE signon.officer_request SET decided_by = '-', decided_at = now(), approved = false"
        " WHERE decided_at IS NULL"
    )
    for table in ("officer_session", "used_code", "officer_role", "officer"):
        module_owner_connection.execute(f"DELETE FROM signon.{table} WHERE officer_id LIKE 'new-p%'")


@pytest.fixture
def admin(desk: Desk) -> Client:
    """The browser of an administrator; that of a second one is `second`."""
    client = desk.sign_on("admin1")
    vars(client)["second"] = desk.sign_on("admin2")
    return client


def issued(admin: Client, **changes: str) -> tuple[str, str]:
    """Issue a user ID on the screen of two; what is handed over: password and secret of the second factor."""
    asked = post(admin, "/officers/issue", NEW | changes)
    assert asked.status_code == 302, asked.content.decode()
    answer = decide(vars(admin)["second"], "approve")
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert answer["Cache-Control"] == "no-store"
    password = re.search(r'初めのパスワード</th><td class="fig">([^<]+)<', text)
    secret = re.search(r"secret=([A-Z2-7]+)", text)
    assert password is not None
    assert secret is not None
    return password[1], secret[1]


def decide(client: Client, how: str) -> Any:
    """Decide about what was asked for last."""
    number = OfficerRequest.objects.latest("id").pk
    return post(client, "/officers/decide", {"request": str(number), "act": how})


def act(admin: Client, name: str, **fields: str) -> Any:
    """One act on the new officer."""
    return post(admin, "/officers/act", {"officer": "new-p1", "act": name, "reason": "異動"} | fields)


def signed_on(desk: Desk, password: str, secret: str) -> Client | None:
    """The new officer's browser; None when sign-on is refused."""
    client = desk.client()
    if desk.first_step(client, "new-p1", password).status_code != 303:
        return None
    desk.clock.advance(seconds=30)
    assert post(client, "/sign-on/code", {"code": code_at(secret, desk.clock.now())}).status_code == 303
    return client


def test_an_id_is_issued_on_the_screen_once_shown_and_on_record(desk: Desk, admin: Client) -> None:
    password, secret = issued(admin)
    client = signed_on(desk, password, secret)
    assert client is not None
    assert "有効期限が過ぎています" in client.get("/settings").content.decode()
    assert password not in admin.get("/officers?officer=new-p1").content.decode()
    row = OfficerLedger.objects.latest("id")
    assert (row.act, row.officer, row.by, row.role, row.reason) == (
        "added",
        "new-p1",
        "admin2",
        "clerk",
        "採用(申請 admin1)",
    )
    with desk.env.database.transaction() as connection:
        entry = connection.execute(
            "SELECT officer, terminal, detail FROM trail.entry WHERE act = 'officer.change' ORDER BY entry_id DESC LIMIT 1"
        ).fetchone()
    assert entry == {"officer": "admin2", "terminal": "JOHO-02", "detail": {"why": "added", "officer": "new-p1"}}


def test_a_fixed_term_ends_an_open_session_by_itself(desk: Desk, admin: Client) -> None:
    """Signed on at ten in the evening of the last day; at midnight in Japan the ID has expired, nobody acts."""
    password, secret = issued(admin, until="R8.4.2")
    desk.clock.set(datetime(2026, 4, 2, 13, 0, tzinfo=UTC))
    client = signed_on(desk, password, secret)
    assert client is not None
    assert client.get("/settings").status_code == 200
    desk.clock.set(datetime(2026, 4, 2, 15, 0, 1, tzinfo=UTC))
    assert client.get("/settings")["Location"].endswith("ended=ended")
    assert signed_on(desk, password, secret) is None
    later = desk.sign_on("admin1").get("/officers/revocations").content.decode()
    assert "期限による失効" in later
    assert "自動" in later


def test_suspended_resumed_and_withdrawn(desk: Desk, admin: Client) -> None:
    password, secret = issued(admin)
    client = signed_on(desk, password, secret)
    assert client is not None
    assert act(admin, "suspend").status_code == 302
    assert client.get("/settings")["Location"].endswith("ended=ended")
    assert signed_on(desk, password, secret) is None
    assert act(admin, "suspend").status_code == 422
    assert act(admin, "resume").status_code == 302
    assert signed_on(desk, password, secret) is not None
    assert act(admin, "withdraw").status_code == 302
    assert signed_on(desk, password, secret) is None
    for name in ("resume", "withdraw", "term", "give", "reset"):
        refused = act(admin, name, role="reviewer")
        assert refused.status_code == 422
        assert "廃止した職員番号は変えられません。" in refused.content.decode()
    assert [role.until for role in OfficerRole.objects.filter(officer_id="new-p1")] == [TODAY]
    text = admin.get("/officers/revocations").content.decode()
    assert text.index("廃止</td>") < text.index("停止</td>")
    with pytest.raises(IntegrityError, match="officer_withdrawn_is_off"), transaction.atomic():
        Officer.objects.filter(pk="new-p1").update(active=True)


def test_roles_are_given_for_a_period_and_ended(desk: Desk, admin: Client) -> None:
    issued(admin)
    assert act(admin, "give", role="reviewer", since="R8.5.1", until="R8.5.31").status_code == 302
    overlapping = act(admin, "give", role="reviewer", since="R8.5.31")
    assert (overlapping.status_code, "すでにその期間に" in overlapping.content.decode()) == (422, True)
    given = OfficerRole.objects.get(officer_id="new-p1", role="reviewer")
    assert (given.since, given.until, given.granted_by) == (date(2026, 5, 1), date(2026, 5, 31), "admin1")
    clerk = OfficerRole.objects.get(officer_id="new-p1", role="clerk")
    assert act(admin, "end", role_id=str(given.pk)).status_code == 302
    assert act(admin, "end", role_id=str(clerk.pk)).status_code == 302
    assert act(admin, "end", role_id=str(clerk.pk)).status_code == 422
    assert [(role.role, role.until) for role in OfficerRole.objects.filter(officer_id="new-p1")] == [("clerk", TODAY)]


def test_nobody_changes_their_own_id_or_rights(desk: Desk, admin: Client) -> None:
    before = list(OfficerRole.objects.filter(officer_id="admin1").values())
    for name in ("suspend", "resume", "withdraw", "term", "give", "end", "reset"):
        refused = post(
            admin, "/officers/act", {"officer": "Admin1 ", "act": name, "reason": "x", "role": "clerk", "role_id": "1"}
        )
        assert refused.status_code == 403
        assert "自分の職員番号と権限は、自分では変えられません。" in refused.content.decode()
    assert list(OfficerRole.objects.filter(officer_id="admin1").values()) == before
    assert 'value="suspend"' not in admin.get("/officers?officer=admin1").content.decode()
    with pytest.raises(IntegrityError, match="officer_role_not_by_oneself"), transaction.atomic():
        OfficerRole.objects.create(
            officer_id="clerk1", role="reviewer", since="2026-04-01", until=None, granted_by="clerk1"
        )
    with pytest.raises(IntegrityError, match="officer_ledger_not_by_oneself"), transaction.atomic():
        OfficerLedger.objects.create(officer="admin1", at=desk.clock.now(), act="term", by="admin1")


@pytest.mark.parametrize("pair", [sorted(pair) for pair in combinations(sorted(RIGHTS.roles), 2)], ids="+".join)
def test_the_database_knows_the_conflicts_of_the_table(admin: Client, pair: list[str]) -> None:
    """Overlapping by one day is refused for exactly the pairs of the table; one after the other is not."""
    one, other = pair
    conflict = frozenset(pair) in RIGHTS.conflicts
    issued(admin, role=one, until="R8.4.30")
    answer = act(admin, "give", role=other, since="R8.4.30")
    assert answer.status_code == (409 if conflict else 302)
    held: dict[str, Any] = {"officer_id": "new-p1", "role": other, "until": None, "granted_by": "console"}
    if conflict:
        with pytest.raises(IntegrityError, match="_alone"), transaction.atomic():
            OfficerRole.objects.create(since="2026-04-30", **held)
        OfficerRole.objects.create(since="2026-05-01", **held)


def test_the_ledger_only_grows(admin: Client) -> None:
    issued(admin)
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        OfficerLedger.objects.filter(officer="new-p1").update(reason="")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        OfficerLedger.objects.filter(officer="new-p1").delete()


def test_unused_ids_are_listed_after_the_days_asked(desk: Desk, admin: Client) -> None:
    def listed(days: int) -> set[str]:
        return {one.officer.officer_id for one in people.unused(desk.env, days)}

    password, secret = issued(admin)
    assert "new-p1" not in listed(1)
    desk.clock.advance(days=1)
    assert "new-p1" in listed(1)
    assert signed_on(desk, password, secret) is not None
    assert "new-p1" not in listed(1)
    desk.clock.advance(days=31)
    assert "new-p1" in listed(30)
    assert "new-p1" not in listed(40)
    text = desk.sign_on("admin1").get("/officers/unused?days=30").content.decode()
    assert ">new-p1</a>" in text
    assert ">admin1</a>" not in text
    Officer.objects.filter(pk="new-p1").update(valid_to=TODAY + timedelta(days=2))
    assert "new-p1" not in listed(30)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"officer_id": "clerk1"}, "すでにあります"),
        ({"officer_id": ""}, "入力してください"),
        ({"officer_id": "console"}, "使えません"),
        ({"officer_id": "new p9"}, "英数字と"),
        ({"office": "市" * 33}, "32文字まで"),
        ({"name": " "}, "入力してください"),
        ({"role": "king"}, "のどれかです"),
        ({"since": "R8.3.31"}, "初日は今日以後"),
        ({"since": "R8.4.10", "until": "R8.4.9"}, "期限は初日以後"),
        ({"until": "R8.13.1"}, ""),
    ],
)
def test_a_refused_issue_keeps_what_was_typed(admin: Client, changes: dict[str, str], said: str) -> None:
    before = Officer.objects.count()
    answer = post(admin, "/officers/issue", NEW | changes)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert 'value="採用"' in text
    assert Officer.objects.count() == before


def test_a_reason_is_needed(admin: Client) -> None:
    issued(admin)
    for name in ("suspend", "withdraw", "term", "give", "reset"):
        assert act(admin, name, reason=" ", role="reviewer").status_code == 422
    assert Officer.objects.get(pk="new-p1").active
    assert act(admin, "term", until="R8.3.31").status_code == 422
    assert act(admin, "nothing").status_code == 422


def test_an_id_is_issued_for_a_reason_too(admin: Client) -> None:
    before = Officer.objects.count()
    answer = post(admin, "/officers/issue", NEW | {"reason": " "})
    assert answer.status_code == 422
    assert "理由を入力してください。" in answer.content.decode()
    assert Officer.objects.count() == before


@pytest.mark.parametrize("officer", ["clerk1", "reviewer1", "protector1"])
def test_only_the_administrator_comes_here(desk: Desk, officer: str) -> None:
    client = desk.sign_on(officer)
    for page in ("/officers", "/officers/unused", "/officers/revocations"):
        assert client.get(page).status_code == 403
    assert post(client, "/officers/issue", NEW).status_code == 403
    assert act(client, "suspend").status_code == 403


# --- two administrators (R-USE-07, R-USE-09) ---------------------------------------------------------------------------


def test_one_administrator_alone_issues_nothing(desk: Desk, admin: Client) -> None:
    assert post(admin, "/officers/issue", NEW).status_code == 302
    assert not Officer.objects.filter(pk="new-p1").exists()
    assert "取り下げる" in admin.get("/officers").content.decode()
    own = decide(admin, "approve")
    assert (own.status_code, "自分の申請は、自分では承認できません" in own.content.decode()) == (403, True)
    assert post(admin, "/officers/issue", NEW).status_code == 422
    assert "承認する" in vars(admin)["second"].get("/officers").content.decode()
    assert decide(vars(admin)["second"], "refuse").status_code == 302
    assert not Officer.objects.filter(pk="new-p1").exists()
    assert decide(vars(admin)["second"], "approve").status_code == 422
    assert [row.act for row in OfficerLedger.objects.filter(officer="new-p1").order_by("-id")[:2]] == [
        "refused",
        "asked",
    ]


def test_a_request_is_taken_back_and_runs_out(desk: Desk, admin: Client) -> None:
    post(admin, "/officers/issue", NEW)
    assert decide(admin, "withdraw").status_code == 302
    assert decide(vars(admin)["second"], "approve").status_code == 422
    post(admin, "/officers/issue", NEW)
    desk.clock.advance(days=7, seconds=1)
    late = desk.sign_on("admin2")
    assert decide(late, "approve").status_code == 422
    assert post(desk.sign_on("admin1"), "/officers/issue", NEW).status_code == 302


def test_recovery_needs_two_and_ends_what_was_lost(desk: Desk, admin: Client) -> None:
    password, secret = issued(admin)
    client = signed_on(desk, password, secret)
    assert client is not None
    assert act(admin, "reset", totp="1").status_code == 302
    assert client.get("/settings").status_code == 200
    assert decide(admin, "approve").status_code == 403
    handed = decide(vars(admin)["second"], "approve").content.decode()
    assert client.get("/settings").status_code == 303
    again = re.search(r'初めのパスワード</th><td class="fig">([^<]+)<', handed)
    assert again is not None
    assert again[1] != password
    assert signed_on(desk, password, secret) is None


def test_nobody_asks_for_or_approves_what_is_about_themselves(desk: Desk, admin: Client) -> None:
    assert post(admin, "/officers/act", {"officer": "admin1", "act": "reset", "reason": "x"}).status_code == 403
    asked = {"officer": "admin2", "act": "reset", "reason": "紛失"}
    assert post(admin, "/officers/act", asked).status_code == 302
    assert decide(vars(admin)["second"], "approve").status_code == 403
    assert decide(admin, "withdraw").status_code == 302


def test_the_database_refuses_one_person_in_both_roles(module_owner_connection: Connection) -> None:
    wrong = [("admin1", "admin1", "new-p9"), ("admin1", "new-p9", "new-p9"), ("new-p9", "", "new-p9")]
    for asked_by, decided_by, officer in wrong:
        with pytest.raises(CheckViolation):
            module_owner_connection.execute(
                "INSERT INTO signon.officer_request"
                " (act, officer, wanted, reason, asked_by, asked_at, decided_by, decided_at, approved)"
                " VALUES ('issue', %s, '{}', 'x', %s, now(), %s, CASE WHEN %s <> '' THEN now() END,"
                " CASE WHEN %s <> '' THEN true END)",
                (officer, asked_by, decided_by, decided_by, decided_by),
            )
    made = OfficerRequest.objects.create(
        act="issue", officer="new-p8", wanted={}, reason="x", asked_by="admin1", asked_at="2026-04-01T00:00:00Z"
    )
    with pytest.raises(CheckViolation):
        module_owner_connection.execute(
            "UPDATE signon.officer_request SET asked_by = 'admin2', decided_by = 'admin1', decided_at = now(),"
            " approved = true WHERE id = %s",
            (made.pk,),
        )


def test_acts_on_user_ids_ask_for_the_password_again_and_lose_nothing(desk: Desk, admin: Client) -> None:
    for _ in range(3):
        desk.clock.advance(minutes=4)
        assert admin.get("/officers").status_code == 200
    sent = post(admin, "/officers/issue", NEW)
    assert (sent.status_code, "画面をロックしました" in sent.content.decode()) == (423, True)
    assert not OfficerRequest.objects.filter(officer="new-p1", decided_at=None).exists()
    back = post(admin, "/unlock", {"password": desk.signons["admin1"].password, "next": "/officers"})
    assert back["Location"] == "/resume"
    assert 'name="officer_id" value="New-P1"' in admin.get("/resume").content.decode()
    assert post(admin, "/officers/issue", NEW).status_code == 302


def test_there_are_five_administrators_at_most(desk: Desk, admin: Client) -> None:
    names = [f"new-p{number}" for number in range(2, 6)]
    for name in names:
        assert post(admin, "/officers/issue", NEW | {"officer_id": name, "role": "administrator"}).status_code == 302
        answer = decide(vars(admin)["second"], "approve")
        assert answer.status_code == (422 if name == names[-1] else 200)
    assert "管理者は5人までです。" in answer.content.decode()
    assert not Officer.objects.filter(pk=names[-1]).exists()
