"""Signing on through the pages."""

from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import IntegrityError, transaction

from daicho.signon.codes import code_at
from daicho.signon.models import Officer, OfficerSession, SignonAttempt, Terminal, UsedCode
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post, session_cookie


def text(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def test_an_officer_signs_on_and_off(desk: Desk) -> None:
    client = desk.client()
    sent = client.get("/settings")
    assert sent.status_code == 303
    assert sent["Location"] == "/sign-on?next=%2Fsettings"
    desk.sign_on("clerk1", client)
    page = client.get("/settings")
    assert page.status_code == 200
    assert "小林 由美" in text(page)
    off = post(client, "/sign-off", {})
    assert off["Location"] == "/sign-on?ended=off"
    assert "サインオフしました" in text(client.get(off["Location"]))
    assert client.get("/settings").status_code == 303


def test_the_page_says_that_acts_are_recorded_and_misuse_is_found(desk: Desk) -> None:
    page = text(desk.client().get("/sign-on"))
    assert "すべての操作は、職員番号・端末・時刻とともに記録されます。" in page
    assert "誰が行ったかは記録から分かります。" in page


def test_the_page_asked_for_comes_after_the_code(desk: Desk) -> None:
    client = desk.client()
    first = desk.first_step(client, "clerk1", next="/settings?changed")
    assert first["Location"] == "/sign-on/code?next=%2Fsettings%3Fchanged"
    second = post(client, "/sign-on/code", {"code": desk.code("clerk1"), "next": "/settings?changed"})
    assert (second.status_code, second["Location"]) == (303, "/settings?changed")


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "\t//x", ""],
)
def test_no_way_to_another_host(desk: Desk, wanted: str) -> None:
    client = desk.client()
    assert desk.first_step(client, "clerk1", next=wanted)["Location"] == "/sign-on/code?next=%2F"
    second = post(client, "/sign-on/code", {"code": desk.code("clerk1"), "next": wanted})
    assert second["Location"] == "/"
    assert client.get("/sign-on", {"next": wanted})["Location"] == "/"


def test_all_first_failures_read_the_same(desk: Desk) -> None:
    Officer.objects.filter(pk="clerk2").update(active=False)
    Officer.objects.filter(pk="clerk3").update(valid_to="2026-03-31")
    Officer.objects.filter(pk="clerk4").update(valid_from="2026-04-02")
    answers = [
        desk.first_step(desk.client(), "clerk1", "wrong-password"),
        desk.first_step(desk.client(), "nobody"),
        desk.first_step(desk.client(), "clerk2"),
        desk.first_step(desk.client(), "clerk3"),
        desk.first_step(desk.client(), "clerk4"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert all("サインインできませんでした。" in text(answer) for answer in answers)
    assert all("有効" not in text(answer) and "存在" not in text(answer) for answer in answers)


def test_an_unknown_officer_costs_the_same_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = ScryptPasswordHasher.encode

    def counted(self: Any, password: str, salt: str, *args: Any, **kwargs: Any) -> str:
        calls.append(password)
        return real(self, password, salt, *args, **kwargs)

    monkeypatch.setattr(ScryptPasswordHasher, "encode", counted)
    desk.first_step(desk.client(), "clerk1", "wrong-password")
    known = len(calls)
    desk.first_step(desk.client(), "nobody", "wrong-password")
    assert len(calls) - known == known == 1


def test_typed_user_id_is_kept_on_the_page_and_the_password_is_not(desk: Desk) -> None:
    page = text(desk.first_step(desk.client(), "clerk1", "wrong-password"))
    assert 'value="clerk1"' in page
    assert "wrong-password" not in page


def test_full_width_user_id_and_code(desk: Desk) -> None:
    client = desk.client()
    wide = {"officer": "CLERK1 ", "password": desk.signons["clerk1"].password, "terminal": "SHIMIN-03"}
    assert post(client, "/sign-on", wide).status_code == 303
    code = desk.code("clerk1").translate({ord("0") + n: ord("0") + n for n in range(10)})
    assert post(client, "/sign-on/code", {"code": f" {code[:3]} {code[3:]}"}).status_code == 303


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_known_and_unknown_alike(desk: Desk, known: bool) -> None:
    officer = "clerk1" if known else "nobody"
    for _ in range(4):
        assert desk.first_step(desk.client(), officer, "wrong").status_code == 401
    fifth = desk.first_step(desk.client(), officer, "wrong")
    assert fifth.status_code == 429
    assert "あと15分" in text(fifth)
    assert fifth["Retry-After"] == "900"
    desk.clock.advance(minutes=3)
    again = desk.first_step(desk.client(), officer)
    assert again.status_code == 429
    assert "あと12分" in text(again)


def test_after_the_lockout_the_right_password_works_again(desk: Desk) -> None:
    for _ in range(5):
        desk.first_step(desk.client(), "clerk1", "wrong")
    desk.clock.advance(minutes=15)
    desk.sign_on("clerk1")


def test_wrong_codes_count_too_and_the_right_password_does_not_reset_them(desk: Desk) -> None:
    client = desk.client()
    for attempt in range(5):
        assert desk.first_step(client, "clerk1").status_code == 303
        answer = post(client, "/sign-on/code", {"code": "000000"})
        assert answer.status_code == (429 if attempt == 4 else 401)
    assert desk.first_step(client, "clerk1").status_code == 429


def test_success_forgets_the_failures_and_says_how_many_there_were(desk: Desk) -> None:
    for _ in range(3):
        desk.first_step(desk.client(), "clerk1", "wrong")
    client = desk.sign_on("clerk1")
    assert "3回" in text(client.get("/settings"))
    assert not SignonAttempt.objects.exists()


def test_old_failures_of_others_are_forgotten(desk: Desk) -> None:
    desk.first_step(desk.client(), "nobody", "wrong")
    desk.clock.advance(days=1, seconds=1)
    desk.first_step(desk.client(), "clerk1", "wrong")
    assert SignonAttempt.objects.count() == 1


def test_what_is_typed_as_user_id_is_not_stored(desk: Desk, module_owner_connection: Connection) -> None:
    desk.first_step(desk.client(), "My-Secret-Passw0rd", "clerk1")
    [row] = module_owner_connection.execute("SELECT login_digest FROM signon.signon_attempt").fetchall()
    assert len(row["login_digest"]) == 32
    [entry] = module_owner_connection.execute(
        "SELECT officer, detail::text FROM trail.entry WHERE act = 'signon.failed' ORDER BY entry_id DESC LIMIT 1"
    ).fetchall()
    assert entry == {"officer": "-", "detail": "{}"}


def test_a_code_is_accepted_once(desk: Desk) -> None:
    code = desk.code("clerk1")
    first, second = desk.client(), desk.client()
    desk.first_step(first, "clerk1")
    desk.first_step(second, "clerk1")
    assert post(first, "/sign-on/code", {"code": code}).status_code == 303
    assert post(second, "/sign-on/code", {"code": code}).status_code == 401


def test_the_database_itself_refuses_a_replay(desk: Desk) -> None:
    UsedCode.objects.create(officer_id="clerk1", time_step=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        UsedCode.objects.create(officer_id="clerk1", time_step=7)


@pytest.mark.parametrize(("seconds", "status"), [(-60, 401), (-30, 303), (0, 303), (30, 303), (60, 401)])
def test_one_step_of_clock_skew(desk: Desk, seconds: int, status: int) -> None:
    client = desk.client()
    desk.first_step(client, "clerk1")
    desk.clock.advance(seconds=seconds)
    code = code_at(desk.signons["clerk1"].totp_secret, desk.clock.now())
    desk.clock.advance(seconds=-seconds)
    assert post(client, "/sign-on/code", {"code": code}).status_code == status


def test_an_older_code_than_the_last_one_is_refused(desk: Desk) -> None:
    older = desk.code("clerk1")
    client = desk.sign_on("clerk1")
    desk.first_step(client, "clerk1")
    assert post(client, "/sign-on/code", {"code": older}).status_code == 401


def test_the_code_must_follow_the_password_soon(desk: Desk) -> None:
    client = desk.client()
    desk.first_step(client, "clerk1")
    desk.clock.advance(minutes=3, seconds=1)
    answer = post(client, "/sign-on/code", {"code": desk.code("clerk1")})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-on?next=%2F")
    assert client.get("/settings").status_code == 303


def test_the_code_page_alone_leads_nowhere(desk: Desk) -> None:
    client = desk.client()
    assert client.get("/sign-on/code")["Location"] == "/sign-on?next=%2F"
    assert post(client, "/sign-on/code", {"code": desk.code("clerk1")})["Location"] == "/sign-on?next=%2F"


def test_the_password_alone_opens_nothing(desk: Desk) -> None:
    client = desk.client()
    desk.first_step(client, "clerk1")
    assert client.get("/settings").status_code == 303


def test_the_session_key_changes_at_each_step(desk: Desk) -> None:
    client = desk.client()
    desk.first_step(client, "clerk1")
    pending = session_cookie(client).value
    post(client, "/sign-on/code", {"code": desk.code("clerk1")})
    opened = session_cookie(client).value
    assert pending != opened
    stale = desk.client()
    stale.cookies["daicho_commons_session"] = pending
    assert stale.get("/settings").status_code == 303


def test_a_session_key_planted_before_is_not_used(desk: Desk) -> None:
    client = desk.client()
    client.cookies["daicho_commons_session"] = "planted-by-somebody-else-00000000"
    desk.sign_on("clerk1", client)
    assert session_cookie(client).value != "planted-by-somebody-else-00000000"
    thief = desk.client()
    thief.cookies["daicho_commons_session"] = "planted-by-somebody-else-00000000"
    assert thief.get("/settings").status_code == 303


def test_cookies_are_closed_to_scripts_and_other_sites(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    for name in ("daicho_commons_session", "daicho_commons_csrf", "daicho_commons_terminal"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Strict", name
    assert session_cookie(client)["max-age"] == ""


def test_one_open_session_per_officer(desk: Desk) -> None:
    first = desk.sign_on("clerk1")
    second = desk.sign_on("clerk1")
    assert second.get("/settings").status_code == 200
    answer = first.get("/settings")
    assert answer["Location"] == "/sign-on?next=%2Fsettings&ended=replaced"
    assert "ほかの端末で同じ職員番号" in text(first.get(answer["Location"]))
    assert second.get("/settings").status_code == 200


def test_two_officers_do_not_disturb_each_other(desk: Desk) -> None:
    clerk, reviewer = desk.sign_on("clerk1"), desk.sign_on("reviewer1")
    assert "小林 由美" in text(clerk.get("/settings"))
    assert "野口 真理" in text(reviewer.get("/settings"))


@pytest.mark.parametrize("change", [{"active": False}, {"valid_to": "2026-03-31"}])
def test_an_officer_taken_out_of_force_is_out_at_once(desk: Desk, change: dict[str, Any]) -> None:
    client = desk.sign_on("clerk1")
    Officer.objects.filter(pk="clerk1").update(**change)
    assert client.get("/settings")["Location"].endswith("ended=ended")


def test_a_terminal_taken_out_of_use_ends_its_sessions(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    Terminal.objects.filter(pk="SHIMIN-03").update(active=False)
    assert client.get("/settings").status_code == 303


@pytest.mark.parametrize("terminal", ["", "NOWHERE-1", "SHIMIN-03' OR 1=1"])
def test_an_unknown_terminal_is_refused(desk: Desk, terminal: str) -> None:
    answer = desk.first_step(desk.client(), "clerk1", terminal=terminal)
    assert answer.status_code == 403
    assert "この端末からは使えません" in text(answer)


@pytest.mark.parametrize(
    ("network", "status"), [("127.0.0.0/8", 303), ("10.1.2.0/24", 403), ("::/0", 403), ("nonsense", 403)]
)
def test_a_terminal_with_an_address_is_tied_to_it(desk: Desk, network: str, status: int) -> None:
    Terminal.objects.filter(pk="SHIMIN-03").update(address=network)
    assert desk.first_step(desk.client(), "clerk1").status_code == status


def test_the_terminal_is_remembered_and_a_forged_memory_is_not(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/sign-off", {})
    assert '<option value="SHIMIN-03" selected>' in text(client.get("/sign-on"))
    client.cookies["daicho_commons_terminal"] = "OSATO-01:forged"
    assert "selected>OSATO" not in text(client.get("/sign-on"))


def test_a_session_ends_after_twelve_hours_however_busy(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    desk.clock.advance(hours=11, minutes=59, seconds=20)
    OfficerSession.objects.update(last_seen_at=desk.clock.now())
    assert client.get("/settings").status_code == 200
    desk.clock.advance(seconds=40)
    assert client.get("/settings")["Location"].endswith("ended=ended")


def test_who_is_signed_on_is_led_on_from_the_sign_on_page(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert client.get("/sign-on?next=/settings")["Location"] == "/settings"


def test_forms_without_a_token_are_refused(desk: Desk) -> None:
    answer = desk.client().post("/sign-on", {"officer": "clerk1"})
    assert answer.status_code == 403
    assert "この画面は古くなった" in text(answer)


def test_every_act_is_in_the_trail(desk: Desk, module_owner_connection: Connection) -> None:
    [last] = module_owner_connection.execute("SELECT max(entry_id) AS id FROM trail.entry").fetchall()
    desk.first_step(desk.client(), "clerk1", "wrong")
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    post(client, "/unlock", {"password": "wrong"})
    post(client, "/unlock", {"password": desk.signons["clerk1"].password})
    desk.sign_on("clerk1")
    rows = module_owner_connection.execute(
        "SELECT act, officer, terminal, refused, detail->>'why' AS why FROM trail.entry"
        " WHERE entry_id > %s AND act LIKE 'signon%%' ORDER BY entry_id",
        (last["id"],),
    ).fetchall()
    assert [(row["act"], row["refused"], row["why"]) for row in rows] == [
        ("signon.failed", True, None),
        ("signon.on", False, "otp"),
        ("signon.lock", False, None),
        ("signon.unlock_failed", True, None),
        ("signon.unlock", False, None),
        ("signon.off", False, "replaced"),
        ("signon.on", False, "otp"),
    ]
    assert {row["officer"] for row in rows} == {"clerk1"}
    assert {row["terminal"] for row in rows} == {"SHIMIN-03"}


def test_the_administrator_sees_failures_by_user_id(desk: Desk) -> None:
    for _ in range(3):
        desk.first_step(desk.client(), "clerk2", "wrong")
    desk.first_step(desk.client(), "nobody-has-this", "wrong")
    page = text(desk.sign_on("admin1").get("/officers/sign-ons"))
    assert "clerk2" in page
    assert "登録のない職員番号" in page
    assert "nobody-has-this" not in page
    assert desk.sign_on("clerk1").get("/officers/sign-ons").status_code == 403
