"""Officers and terminals made at the console."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from daicho.signon.administration import Handover, add_officer, reset_officer
from daicho.signon.codes import code_at
from daicho.signon.models import Officer, Terminal
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post


@pytest.fixture(autouse=True)
def only_the_demo(desk: Desk, module_owner_connection: Connection) -> None:
    """No officer of an earlier test."""
    module_owner_connection.execute("DELETE FROM signon.officer_role WHERE officer_id = 'new1'")
    module_owner_connection.execute("DELETE FROM signon.officer WHERE officer_id = 'new1'")


def added(desk: Desk) -> Handover:
    """A new clerk."""
    return add_officer(desk.env, "NEW1 ", "見本 太郎", "市民課", "市民課", "clerk", totp=True)


def signs_on(desk: Desk, handover: Handover) -> int:
    """Sign on with what was handed over; the status of the last step."""
    client = desk.client()
    first = desk.first_step(client, handover.officer_id, handover.password)
    if first.status_code != 303:
        return int(first.status_code)
    desk.clock.advance(seconds=30)
    code = code_at(handover.totp_secret, desk.clock.now())
    status = int(post(client, "/sign-on/code", {"code": code}).status_code)
    assert "有効期限が過ぎています" in client.get("/settings").content.decode()
    return status


def test_a_new_officer_signs_on_and_must_change_the_password(desk: Desk) -> None:
    assert signs_on(desk, added(desk)) == 303


def test_a_reset_makes_everything_new_and_ends_the_session(desk: Desk) -> None:
    before = added(desk)
    after = reset_officer(desk.env, "new1", totp=True)
    assert signs_on(desk, before) == 401
    assert signs_on(desk, after) == 303


def test_a_reset_ends_an_open_session(desk: Desk) -> None:
    added(desk)
    client = desk.sign_on("clerk7")
    kept = Officer.objects.get(pk="clerk7")
    reset_officer(desk.env, "clerk7")
    assert client.get("/settings")["Location"].endswith("ended=ended")
    kept.save()


def test_the_console_adds_resets_and_stops(desk: Desk) -> None:
    said = StringIO()
    words = ["--name", "見本 太郎", "--department", "市民課", "--office", "市民課", "--totp", "--role", "reviewer"]
    call_command("officer", "add", "new1", *words, stdout=said)
    assert "otpauth://totp/Daicho:new1?secret=" in said.getvalue()
    call_command("officer", "reset", "new1", stdout=said)
    call_command("officer", "stop", "new1")
    assert not Officer.objects.get(pk="new1").active
    with pytest.raises(CommandError, match="すでにあります"):
        call_command("officer", "add", "new1", *words)
    with pytest.raises(CommandError, match="のどれかです"):
        call_command("officer", "add", "new2", *words[:-1], "king")
    with pytest.raises(CommandError, match="その職員番号はありません"):
        call_command("officer", "stop", "nobody")


def test_the_console_registers_terminals(desk: Desk, module_owner_connection: Connection) -> None:
    call_command(
        "officer", "terminal", "NEW-01", "--name", "市民課 9番窓口", "--office", "市民課", "--address", "10.0.0.0/8",
        "--class", "temporary", "--keyless",
    )  # fmt: skip
    with pytest.raises(CommandError, match="端末の区分は"):
        call_command("officer", "terminal", "NEW-02", "--name", "x", "--office", "市民課", "--class", "anything")
    made = Terminal.objects.get(pk="NEW-01")
    assert (made.address, made.terminal_class) == ("10.0.0.0/8", "temporary")
    module_owner_connection.execute("DELETE FROM signon.terminal WHERE terminal_id = 'NEW-01'")


def test_each_of_these_acts_is_in_the_trail(desk: Desk, module_owner_connection: Connection) -> None:
    [last] = module_owner_connection.execute("SELECT max(entry_id) AS id FROM trail.entry").fetchall()
    added(desk)
    reset_officer(desk.env, "new1")
    call_command("officer", "stop", "new1")
    rows = module_owner_connection.execute(
        "SELECT officer, terminal, detail->>'why' AS why FROM trail.entry WHERE entry_id > %s ORDER BY entry_id",
        (last["id"],),
    ).fetchall()
    assert [(row["officer"], row["terminal"], row["why"]) for row in rows] == [
        ("new1", "console", "added"),
        ("new1", "console", "reset"),
        ("new1", "console", "stopped"),
    ]
