"""150 years by date, disposal by two officers, and nothing younger ever, whatever the program does (令34条)."""

from datetime import date

import psycopg
import pytest

from daicho.access.actor import Actor, Purpose
from daicho.access.approvals import acts, rows
from daicho.access.approvals.errors import ApprovalMoved, ConditionChanged, NotApprovedYet, OwnApproval, RowsMoved
from daicho.access.approvals.execute import execute
from daicho.access.approvals.subject import Book
from daicho.access.errors import NotAllowed
from daicho.law.dates import UNKNOWN_DAY, LegalDate, Precision
from daicho.law.retention import Kept, keep_until
from daicho.register.approvals.disposal import KEY, Disposal, ask_disposal
from daicho.register.changes.plan import Effect
from daicho.register.store import retention
from daicho.register.store.retention import (
    DisposalMoved,
    DisposalUnreadable,
    NothingDue,
    carry_out,
    disposals,
    work_list,
)
from daicho.register.store.search import search
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER, actor, do_register, move_in_family, plan, record

OTHER = actor("reviewer2", "reviewer")
BOOK = Book({KEY: Disposal()}, lambda connection, env, officer: OTHER)
OLD = date(1875, 5, 10)


def request(env: Environment, officer: Actor, reason: str) -> int:
    return ask_disposal(env, BOOK, officer, reason)


def settle(env: Environment, officer: Actor, approval_id: int, *, agree: bool, note: str = "") -> None:
    with env.database.transaction() as connection:
        seen = rows.one(connection, approval_id).request.digest
        acts.decide(connection, env, BOOK, officer, approval_id, seen, approve=agree, comment=note)


def go(env: Environment, approval_id: int) -> tuple[int, int]:
    """Carry out, as whoever asked; (disposed, left) of the newest."""
    execute(env, BOOK, REVIEWER, approval_id)
    shown = next(one for one in disposals(env, REVIEWER) if one.approval_id == approval_id)
    return shown.disposed, shown.left


def list_of(env: Environment, approval_id: int) -> int:
    """The disposal of a request."""
    return next(one.disposal_id for one in disposals(env, REVIEWER) if one.approval_id == approval_id)


def removed(env: Environment, on: date, came: date = date(1870, 1, 1), **changes: object) -> int:
    """A person who came and was removed that day."""
    with env.database.transaction() as connection:
        household_id, person = env.ids.take(connection, 2)
        there = record(household_id, birth=LegalDate(date(1850, 1, 1)), name=f"旧　{person}", name_kana="フルイ　ヒト")
        do_register(connection, env, plan(Effect(person, "enter", "mover", came, there)))
        gone = there.with_(status="moved_out", removed_on=LegalDate(on), **changes)
        do_register(connection, env, plan(Effect(person, "remove", "mover", on, gone)))
    return person


def number_of(env: Environment, person: int) -> str:
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT addressee_number FROM register.person WHERE person_id = %s", (person,)
        ).fetchone()
    assert row is not None
    return str(row["addressee_number"])


def left_of(connection: Connection, person: int) -> int:
    """Rows that still speak of the person."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM register.resident_state WHERE person_id = %(p)s)"
        " + (SELECT count(*) FROM register.resident_current WHERE person_id = %(p)s)"
        " + (SELECT count(*) FROM register.search_name WHERE person_id = %(p)s)"
        " + (SELECT count(*) FROM register.number WHERE person_id = %(p)s) AS n",
        {"p": person},
    ).fetchone()
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize(
    "begins",
    [OLD, date(1872, 2, 28), date(1872, 2, 29), date(1871, 2, 28), date(1870, 2, 28), date(1873, 12, 31), date(2026, 3, 1),
     date(1946, 2, 28), date(1948, 2, 29)],
)  # fmt: skip
def test_law_and_database_count_the_same_last_day(owner_connection: Connection, begins: date) -> None:
    row = owner_connection.execute("SELECT register.kept_until(%s::date) AS day", (begins,)).fetchone()
    assert row is not None
    assert row["day"] == keep_until(Kept.REMOVED_RECORD, begins)


def test_an_approved_act_disposes_of_what_is_over_and_of_nothing_else(
    environment: Environment, owner_connection: Connection
) -> None:
    """Requested, approved by another, carried out; told apart from not found; the young one untouched."""
    over, young = removed(environment, OLD), removed(environment, date(1876, 4, 1))
    number, other = number_of(environment, over), number_of(environment, young)
    assert [(one.year, one.records, one.due) for one in work_list(environment, REVIEWER)] == [
        (2025, 1, 1),
        (2026, 1, 0),
    ]
    asked = request(environment, REVIEWER, "文書廃棄 令和8年第3号")
    assert left_of(owner_connection, over) > 0
    with pytest.raises(NotApprovedYet):
        execute(environment, BOOK, REVIEWER, asked)
    with pytest.raises(DisposalMoved):
        carry_out(environment, OTHER, list_of(environment, asked))
    with pytest.raises(OwnApproval):
        settle(environment, REVIEWER, asked, agree=True)
    settle(environment, OTHER, asked, agree=True)
    assert left_of(owner_connection, over) > 0
    assert go(environment, asked) == (1, 0)
    with pytest.raises(ApprovalMoved):
        execute(environment, BOOK, REVIEWER, asked)
    assert left_of(owner_connection, over) == 0
    assert left_of(owner_connection, young) > 0
    found = search(environment, CLERK, number, Purpose.RESIDENT_INQUIRY)
    assert (found.hits, found.disposed) == ((), date(2025, 5, 10))
    assert search(environment, CLERK, other, Purpose.RESIDENT_INQUIRY).disposed is None
    assert search(environment, CLERK, "9999999999", Purpose.RESIDENT_INQUIRY).disposed is None
    assert number not in str(owner_connection.execute("SELECT * FROM register.disposed_record").fetchall())
    [shown] = disposals(environment, REVIEWER)
    assert (shown.word, shown.persons, shown.disposed, shown.left) == ("実行済", 1, 1, 0)
    acts = owner_connection.execute(
        "SELECT act FROM trail.entry WHERE act LIKE 'disposal%' ORDER BY entry_id"
    ).fetchall()
    assert [row["act"] for row in acts] == ["disposal.request", "disposal.approve", "disposal.dispose"]


def test_the_database_deletes_nothing_younger_even_by_a_mistake(
    environment: Environment, owner_connection: Connection
) -> None:
    """A list with the wrong people, an approved act, the owner's own hand: the dates of the register decide."""
    over, young = removed(environment, OLD), removed(environment, date(1990, 1, 1))
    _, [resident] = move_in_family(environment, 1)
    asked = request(environment, REVIEWER, "第3号")
    disposal = list_of(environment, asked)
    with environment.database.transaction() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "UPDATE register.disposal SET status = 'approved', decided_by = 'reviewer2', decided_at = %s",
            (environment.clock.now(),),
        )
    for person in (over, young, resident):
        with pytest.raises(psycopg.errors.CheckViolation, match="150 years"):
            owner_connection.execute("DELETE FROM register.resident_state WHERE person_id = %s", (person,))
    settle(environment, OTHER, asked, agree=True)
    with environment.database.transaction() as connection:
        retention.release(connection, environment, REVIEWER, disposal, "reviewer2", environment.clock.now())
        connection.execute(
            "INSERT INTO register.disposal_person (disposal_id, person_id, kept_until) VALUES"
            " (%(d)s, %(a)s, '2020-01-01'), (%(d)s, %(b)s, '2020-01-01')",
            {"d": disposal, "a": young, "b": resident},
        )
    for person in (young, resident):
        with pytest.raises(psycopg.errors.CheckViolation, match="150 years"):
            owner_connection.execute("DELETE FROM register.resident_state WHERE person_id = %s", (person,))
        with pytest.raises(psycopg.errors.CheckViolation), environment.database.transaction() as connection:
            connection.execute("SELECT register.dispose_person(%s, %s, %s, now())", (disposal, person, b"x" * 32))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
        connection.execute("DELETE FROM register.resident_state")
    assert carry_out(environment, OTHER, disposal) == (1, 2)
    found = owner_connection.execute("SELECT result, why FROM register.disposal_person ORDER BY result, why").fetchall()
    assert [(row["result"], row["why"]) for row in found] == [
        ("disposed", None),
        ("left", "period"),
        ("left", "period"),
    ]
    assert left_of(owner_connection, young) > 0
    for statement in (
        "DELETE FROM register.disposal", "DELETE FROM register.disposal_person", "DELETE FROM register.disposed_record",
        "UPDATE register.disposed_record SET states = 9", "UPDATE register.disposal SET status = 'approved', done_at = null",
        "DELETE FROM register.change_note", "UPDATE register.disposal SET reason = 'x'",
    ):  # fmt: skip
        if statement != "DELETE FROM register.change_note":
            with pytest.raises(psycopg.errors.IntegrityError):
                owner_connection.execute(statement.encode())


def test_an_unknown_day_counts_from_when_it_was_recorded(
    environment: Environment, owner_connection: Connection
) -> None:
    """年月日不詳 has a day for sorting far in the past: that day never begins a period."""
    unknown = LegalDate(UNKNOWN_DAY, Precision.UNKNOWN, "年月日不詳")
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
        there = record(household_id, status="removed", removed_on=unknown)
        do_register(connection, environment, plan(Effect(person, "remove", "mover", date(1870, 1, 1), there)))
    row = owner_connection.execute("SELECT register.retention_begins(%s) AS day", (person,)).fetchone()
    assert row == {"day": date(2026, 4, 1)}
    with pytest.raises(NothingDue):
        request(environment, REVIEWER, "第3号")


def test_what_a_certificate_points_to_is_left(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left whole, with the reason; a stopped run goes on where it stopped."""
    people = [removed(environment, OLD) for _ in range(3)]
    asked = request(environment, REVIEWER, "第4号")
    settle(environment, OTHER, asked, agree=True)
    monkeypatch.setattr(retention, "BATCH", 2)

    dispose = retention._dispose
    calls: list[int] = []

    def stop(*args: object) -> bool:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        return dispose(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(retention, "_dispose", stop)
    with pytest.raises(RuntimeError):
        execute(environment, BOOK, REVIEWER, asked)
    assert [one.disposed for one in disposals(environment, REVIEWER)] == [2]

    def held(*_: object) -> None:
        raise psycopg.errors.ForeignKeyViolation

    monkeypatch.setattr(retention, "_dispose", dispose)
    monkeypatch.setattr(retention, "number_digest", held)
    assert carry_out(environment, OTHER, list_of(environment, asked)) == (0, 1)
    assert len(people) == 3


def test_requests_are_refused_and_taken_back(environment: Environment) -> None:
    with pytest.raises(NothingDue):
        request(environment, REVIEWER, "第1号")
    removed(environment, OLD)
    with pytest.raises(DisposalUnreadable):
        request(environment, REVIEWER, " ")
    with pytest.raises(NotAllowed):
        request(environment, CLERK, "第1号")
    first = request(environment, REVIEWER, "第1号")
    with pytest.raises(NothingDue):
        request(environment, OTHER, "第2号")  # everybody is on a list that waits
    with environment.database.transaction() as connection:
        acts.withdraw(connection, environment, BOOK, REVIEWER, first)
    second = request(environment, REVIEWER, "第2号")
    settle(environment, OTHER, second, agree=False, note="決裁番号が違います")
    with pytest.raises(ApprovalMoved):
        settle(environment, OTHER, second, agree=True)
    assert sorted(one.word for one in disposals(environment, REVIEWER)) == ["却下", "取下げ"]


def test_a_list_that_changed_since_its_approval_is_void(
    environment: Environment, owner_connection: Connection, clock: SettableClock
) -> None:
    """Somebody put on it, somebody no longer due: nothing goes, the people are free for another request."""
    people = [removed(environment, OLD) for _ in range(2)]
    young = removed(environment, date(1990, 1, 1))
    first = request(environment, REVIEWER, "第5号")
    settle(environment, OTHER, first, agree=True)
    owner_connection.execute(
        "INSERT INTO register.disposal_person (disposal_id, person_id, kept_until) VALUES (%s, %s, '2020-01-01')",
        (list_of(environment, first), young),
    )
    with pytest.raises(ConditionChanged):
        execute(environment, BOOK, REVIEWER, first)
    second = request(environment, REVIEWER, "第6号")
    settle(environment, OTHER, second, agree=True)
    owner_connection.execute("ALTER TABLE register.resident_state DISABLE TRIGGER USER")
    owner_connection.execute(
        "UPDATE register.resident_state SET removed_on = '1990-01-01' WHERE person_id = %s AND removed_on IS NOT NULL",
        (people[0],),
    )
    with pytest.raises(RowsMoved):
        execute(environment, BOOK, REVIEWER, second)
    third = request(environment, REVIEWER, "第7号")
    clock.advance(days=15)
    fourth = request(environment, REVIEWER, "第8号")
    assert {one.approval_id: (one.word, one.note) for one in disposals(environment, REVIEWER)} == {
        first: ("取下げ", "一覧が変わったため"),
        second: ("取下げ", "廃棄できない人が含まれたため"),
        third: ("取下げ", "期限切れ"),
        fourth: ("承認・実行待ち", None),
    }


def test_another_refusal_of_the_database_is_no_person_left(environment: Environment) -> None:
    """A disposal that is not approved is a mistake of the program, not of the record."""
    person = removed(environment, OLD)
    disposal = list_of(environment, request(environment, REVIEWER, "第1号"))
    with pytest.raises(psycopg.errors.CheckViolation, match="not approved"), environment.database.transaction() as c:
        retention._dispose(c, environment, disposal, {"person_id": person, "addressee_number": "1"})
