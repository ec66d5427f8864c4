"""Memos: who wrote what when, what stood before, and two officers at once."""

import psycopg
import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, NotAvailable
from daicho.register.store.memos import MemoChanged, MemoUnfit, change_memo, memos_of, names_of, write_memo
from daicho.wire.environment import Connection, Environment
from tests.people import CLERK, REVIEWER, actor, move_in_family

WHY = Purpose.RESIDENT_INQUIRY


def test_a_memo_keeps_every_version(environment: Environment, owner_connection: Connection) -> None:
    """STD 1.1.15: user and time of each, edits and deletions in the history."""
    _, [person, other] = move_in_family(environment, 2)
    first = write_memo(environment, CLERK, person, " 手話通訳が要る\r\n筆談も可 ")
    second = write_memo(environment, CLERK, person, "電話は夜だけ")
    assert change_memo(environment, REVIEWER, first, 1, "手話通訳が要る") == person
    change_memo(environment, CLERK, second, 1, None)
    found = memos_of(environment, CLERK, person, WHY)
    assert [memo.memo_id for memo in found] == [second, first]
    assert [(one.version, one.text, one.officer) for one in found[1].versions] == [
        (2, "手話通訳が要る", "reviewer1"), (1, "手話通訳が要る\n筆談も可", "clerk1"),
    ]  # fmt: skip
    assert found[0].is_deleted
    assert found[0].versions[1].text == "電話は夜だけ"
    assert names_of(found) == ["clerk1", "reviewer1"]
    assert memos_of(environment, CLERK, other, WHY) == ()
    for statement in ("UPDATE register.memo_version SET text = 'x'", "DELETE FROM register.memo_version"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            owner_connection.execute(statement.encode())
    acts = owner_connection.execute(
        "SELECT act, count(*) AS n FROM trail.entry WHERE act LIKE 'memo%%' GROUP BY act ORDER BY act"
    ).fetchall()
    assert [(row["act"], row["n"]) for row in acts] == [("memo.change", 4), ("memo.open", 2)]


def test_two_officers_edit_one_memo(environment: Environment) -> None:
    _, [person] = move_in_family(environment, 1)
    memo = write_memo(environment, CLERK, person, "一")
    change_memo(environment, CLERK, memo, 1, "二")
    for version in (1, 7):
        with pytest.raises(MemoChanged):
            change_memo(environment, REVIEWER, memo, version, "三")
    change_memo(environment, CLERK, memo, 2, None)
    with pytest.raises(MemoChanged):
        change_memo(environment, REVIEWER, memo, 3, "消した後")
    assert [one.text for one in memos_of(environment, CLERK, person, WHY)[0].versions] == [None, "二", "一"]


def test_what_is_refused(environment: Environment) -> None:
    _, [person] = move_in_family(environment, 1)
    for text in ("", "  ", "あ" * 501, "a\x00"):
        with pytest.raises(MemoUnfit):
            write_memo(environment, CLERK, person, text)
    nobody = actor("admin1", "administrator")
    with pytest.raises(NotAllowed):
        memos_of(environment, nobody, person, WHY)
    with pytest.raises(NotAllowed):
        write_memo(environment, nobody, person, "x")
    for missing in (memos_of, write_memo):
        with pytest.raises(NotAvailable):
            missing(environment, CLERK, 999, WHY if missing is memos_of else "x")  # type: ignore[arg-type]
    with pytest.raises(NotAvailable):
        change_memo(environment, CLERK, 999, 1, "x")
