"""S28: an administrator sees what waits between the systems and handles what was refused; nothing on it is about a person."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from daicho.wire import outbox
from daicho.wire.backlog import complete_by_hand
from daicho.wire.environment import Environment
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

PERSON = 987_650_000
"""Of a range that nothing else on the page can show."""


def refused(env: Environment, person: int, code: str = "V004") -> int:
    """A message about a person that its receiver refused, with a later one behind it; gives its number."""
    with env.database.transaction() as connection:
        ids = env.ids.take(connection, 2)
        said = json.dumps({"name": "秘密 花子"}, ensure_ascii=False)
        messages = [
            outbox.Message(number, "register-commons", "resident-changed", 2, person, place, said)
            for place, number in enumerate(ids, start=1)
        ]
        outbox.put(connection, env.clock.now(), messages)
        connection.execute(
            "UPDATE wire.delivery SET state = 'dead', attempts = 1, last_code = %s WHERE message_id = %s",
            (code, ids[0]),
        )
    return ids[0]


def one(env: Environment, query: str, *values: object) -> Any:
    """The first row of a query."""
    with env.database.transaction() as connection:
        return connection.execute(query.encode(), values).fetchone()


@pytest.fixture(scope="module")
def admin(screen_desk: "Desk") -> "Client":
    """The administrator's browser."""
    return screen_desk.sign_on("admin1")


def handle(admin: "Client", number: int, act: str, reason: str = "") -> Any:
    """Send the form about a message."""
    from tests.signon.desk import post

    form = {"link": "register-commons", "message": str(number), "act": act, "reason": reason}
    return post(admin, "/wire", form)


def test_only_an_administrator_comes_here(screen_desk: "Desk", admin: "Client") -> None:
    assert [screen_desk.sign_on(who).get("/wire").status_code for who in ("clerk1", "reviewer1")] == [403, 403]
    assert "電文の送信待ち" in text(admin.get("/"))


def test_what_waits_is_shown_without_anybody(admin: "Client", module_environment: Environment) -> None:
    number = refused(module_environment, PERSON)
    page = text(admin.get("/wire"))
    assert f"message={number}" in page
    assert "住民記録 → 共通基盤" in page
    assert "電文が契約の形に合いません。" in page
    assert "実行する" not in page
    chosen = text(admin.get(f"/wire?link=register-commons&message={number}"))
    assert "実行する" in chosen
    assert "秘密" not in page + chosen
    assert str(PERSON) not in page + chosen


def test_it_is_sent_again_with_what_was_put_right(admin: "Client", module_environment: Environment) -> None:
    number = refused(module_environment, PERSON + 1)
    assert handle(admin, number, "corrected").status_code == 422
    assert handle(admin, number, "corrected", "受けた側の版を直した").status_code == 302
    assert one(module_environment, "SELECT state FROM wire.delivery WHERE message_id = %s", number) == {
        "state": "waiting"
    }
    done = one(module_environment, "SELECT act, officer, reason FROM wire.handling WHERE message_id = %s", number)
    assert done == {"act": "corrected", "officer": "admin1", "reason": "受けた側の版を直した"}
    entry = one(
        module_environment,
        "SELECT officer, act, detail FROM trail.entry WHERE (detail ->> 'message')::bigint = %s",
        number,
    )
    assert entry == {
        "officer": "admin1",
        "act": "wire.again",
        "detail": {"link": "register-commons", "message": number},
    }
    gone = handle(admin, number, "again", "打った文")
    assert gone.status_code == 404
    assert "その番号の電文は、送信待ちにありません。" in text(gone)
    assert "打った文" in text(gone)


def test_what_was_done_before_stands_beside_it(admin: "Client", module_environment: Environment) -> None:
    number = refused(module_environment, PERSON + 2, "X999")
    assert handle(admin, number, "again", "相手に確かめた").status_code == 302
    with module_environment.database.transaction() as connection:
        connection.execute("UPDATE wire.delivery SET state = 'dead' WHERE message_id = %s", (number,))
    page = text(admin.get("/wire"))
    assert "X999</span> 受けた側の決まりによる拒否です。" in page
    assert re.search(r"<td>再送 [^<]+ 相手に確かめた</td>", page)


def test_it_is_completed_by_hand_with_a_reason_once(admin: "Client", module_environment: Environment) -> None:
    number = refused(module_environment, PERSON + 3)
    long = "あ" * 201
    refusal = handle(admin, number, "by_hand", long)
    assert refusal.status_code == 422
    assert long in text(refusal)
    assert handle(admin, number, "by_hand", "  ").status_code == 422
    assert handle(admin, number, "burn", "x").status_code == 404
    assert handle(admin, number, "by_hand", "電話で\0 伝えた").status_code == 302
    settled = one(module_environment, "SELECT settled_by, reason FROM wire.settled WHERE message_id = %s", number)
    assert settled == {"settled_by": "admin1", "reason": "電話で 伝えた"}
    assert handle(admin, number, "by_hand", "電話").status_code == 404


def test_what_another_administrator_handled_first_is_not_handled_twice(
    admin: "Client", module_environment: Environment
) -> None:
    number = refused(module_environment, PERSON + 4)
    page = text(admin.get(f"/wire?link=register-commons&message={number}"))
    assert "実行する" in page
    with module_environment.database.transaction() as connection:
        complete_by_hand(
            connection, module_environment, "register-commons", number, officer="admin2", reason="先に届けた"
        )
    assert handle(admin, number, "by_hand", "電話").status_code == 404
    assert one(module_environment, "SELECT count(*) AS n FROM wire.settled WHERE message_id = %s", number) == {"n": 1}
