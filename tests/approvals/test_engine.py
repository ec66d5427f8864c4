"""Once only, on a real database: two at once, a crash before and after each statement, the fences of the tables themselves."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg
import pytest

from daicho.access.actor import Actor
from daicho.access.approvals import acts, outputs, reading, rows
from daicho.access.approvals.content import Condition, Request, Wanted
from daicho.access.approvals.errors import (
    ApprovalMoved,
    ApproverLost,
    ConditionChanged,
    NotApprovedYet,
    OutputGone,
    OwnApproval,
    RequestAltered,
    RowsMoved,
)
from daicho.access.approvals.execute import execute
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Facts, Live, State
from daicho.access.approvals.subject import Book, Sink, Subject
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.wire.environment import Connection, Environment
from tests.approvals.test_rules import APPROVER, ASKER
from tests.house_database import SettableClock

OTHER = replace(APPROVER, roles=frozenset({"reviewer"}))


class Crash(Exception):
    """The process dies here."""


@dataclass
class Trial(Subject):
    """An act that writes a file of three parts and a row of its own, and can be told to misbehave."""

    key: str = "trial"
    word: str = "試し"
    kinds: tuple[Kind, ...] = (Kind.BULK_OUTPUT,)
    file_name: str = "trial.bin"
    condition: dict[str, str] = field(default_factory=lambda: {"town": "1"})
    rows: int = 10
    written: int = 10
    size: int = 2 * outputs.PART + 3
    crash: bool = False
    told: list[State] = field(default_factory=list)

    def live(self, connection: Connection, env: Environment, actor: Actor, condition: Condition) -> Live:
        return Live(self.condition, self.rows)

    def items(self, condition: Condition) -> tuple[str, ...]:
        return ("氏名",)

    def describe(self, condition: Condition) -> Sequence[tuple[str, str]]:
        return [("町", str(condition["town"]))]

    def run(self, connection: Connection, env: Environment, actor: Actor, request: Request, sink: Sink) -> int:
        sink.write(b"x" * self.size)
        if self.crash:
            raise Crash
        return self.written

    def settled(self, connection: Connection, env: Environment, actor: Actor, facts: Facts, state: State) -> None:
        self.told.append(state)


@pytest.fixture
def trial() -> Trial:
    return Trial()


def book(trial: Trial, approver: Actor | None = APPROVER) -> Book:
    return Book({"trial": trial}, lambda connection, env, officer: approver)


def asked(env: Environment, trial: Trial) -> int:
    wanted = Wanted(
        "trial",
        Kind.BULK_OUTPUT,
        "目的",
        "根拠",
        {"town": "9"},
        "ここ",
        env.clock.now() + timedelta(days=3),
        tolerance=1,
    )
    with env.database.transaction() as connection:
        return acts.ask(connection, env, book(trial), ASKER, wanted)


def approved(env: Environment, trial: Trial) -> int:
    approval_id = asked(env, trial)
    with env.database.transaction() as connection:
        seen = rows.one(connection, approval_id).request.digest
        acts.decide(connection, env, book(trial), APPROVER, approval_id, seen, approve=True)
    return approval_id


def state(env: Environment, approval_id: int) -> State:
    with env.database.transaction() as connection:
        return rows.one(connection, approval_id).state(env.clock.now())


def counts(env: Environment) -> tuple[int, int, int]:
    """Endings, files, entries of executions that went through."""
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM approvals.ending) AS e, (SELECT count(*) FROM approvals.output) AS o,"
            " (SELECT count(*) FROM trail.entry WHERE act = 'approval.execute' AND NOT refused) AS t"
        ).fetchone()
    assert row is not None
    return row["e"], row["o"], row["t"]


def test_two_workers_at_once_carry_out_once(environment: Environment, trial: Trial) -> None:
    approval_id = approved(environment, trial)
    start, results = threading.Barrier(4), list[int | str]()

    def worker() -> None:
        start.wait()
        try:
            results.append(execute(environment, book(trial), ASKER, approval_id))
        except ApprovalMoved as error:
            results.append(error.code)

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(map(str, results)) == ["10", "Q003", "Q003", "Q003"]
    assert counts(environment) == (1, 1, 1)
    output, parts = outputs.take(environment, ASKER, approval_id)
    assert b"".join(parts) == b"x" * output.size
    with pytest.raises(OwnApproval):
        outputs.take(environment, replace(ASKER, officer_id="colleague"), approval_id)
    assert trial.told == [State.APPROVED]


def test_a_crash_before_any_statement_leaves_it_approved(environment: Environment, trial: Trial) -> None:
    """The nth statement of the execution never comes back: the next try does all of it, once."""
    approval_id = approved(environment, trial)
    trial.crash = True
    with pytest.raises(Crash):
        execute(environment, book(trial), ASKER, approval_id)
    trial.crash = False
    died = 0
    for nth in range(1, 40):
        try:
            execute(Dying(environment, nth).environment, book(trial), ASKER, approval_id)
        except Crash:
            died += 1
            assert counts(environment) == (0, 0, 0)
            assert state(environment, approval_id) is State.APPROVED
        else:
            break
    assert died >= 8
    assert counts(environment) == (1, 1, 1)


class Dying:
    """An Environment whose connection dies before its nth statement."""

    def __init__(self, environment: Environment, nth: int) -> None:
        self._inner, self._left = environment, nth
        self.environment = replace(environment, database=self)  # type: ignore[arg-type]

    def transaction(self) -> "_Dying":
        return _Dying(self, self._inner.database.transaction())

    def hear(self, channel: str, seconds: float) -> bool:
        return False

    def spend(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Crash


class _Dying:
    def __init__(self, dying: Dying, inner: object) -> None:
        self._dying, self._transaction = dying, inner

    def __enter__(self) -> "_Dying":
        self._connection = self._transaction.__enter__()  # type: ignore[attr-defined]
        return self

    def __exit__(self, *raised: object) -> None:
        self._transaction.__exit__(*raised)  # type: ignore[attr-defined]

    def execute(self, *arguments: object) -> object:
        self._dying.spend()
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


@pytest.mark.parametrize(
    ("change", "error"),
    [({"condition": {"town": "2"}}, ConditionChanged), ({"rows": 12}, RowsMoved), ({"written": 8}, RowsMoved)],
)
def test_what_was_not_approved_is_not_done_and_voids(
    environment: Environment, trial: Trial, change: dict[str, object], error: type[DaichoError]
) -> None:
    approval_id = approved(environment, trial)
    for name, value in change.items():
        setattr(trial, name, value)
    for _ in range(2):
        with pytest.raises((error, ApprovalMoved)):
            execute(environment, book(trial), ASKER, approval_id)
    assert state(environment, approval_id) is State.VOIDED
    assert counts(environment) == (1, 0, 0)
    assert trial.told == [State.APPROVED, State.VOIDED]


def test_a_count_within_the_tolerance_goes(environment: Environment, trial: Trial) -> None:
    approval_id = approved(environment, trial)
    trial.rows = trial.written = 11
    assert execute(environment, book(trial), ASKER, approval_id) == 11


def test_an_approver_who_lost_the_right_carries_nothing(environment: Environment, trial: Trial) -> None:
    approval_id = approved(environment, trial)
    lost = replace(APPROVER, roles=frozenset({"clerk"}))
    for approver in (lost, None):
        with pytest.raises(ApproverLost):
            execute(environment, book(trial, approver), ASKER, approval_id)
    assert state(environment, approval_id) is State.APPROVED
    assert execute(environment, book(trial), ASKER, approval_id) == 10


def test_a_file_waits_a_day_and_is_erased(environment: Environment, trial: Trial, clock: SettableClock) -> None:
    approval_id = approved(environment, trial)
    execute(environment, book(trial), ASKER, approval_id)
    with pytest.raises(NotApprovedYet):
        outputs.confirm_receipt(environment, ASKER, approval_id, "")
    outputs.take(environment, ASKER, approval_id)
    clock.advance(days=1, seconds=1)
    with pytest.raises(OutputGone):
        outputs.take(environment, ASKER, approval_id)
    with environment.database.transaction() as connection:
        outputs.sweep(connection, environment)
        output = outputs.output_of(connection, approval_id)
    assert output is not None
    assert output.is_gone
    outputs.confirm_receipt(environment, ASKER, approval_id, "")
    with pytest.raises(OutputGone):
        outputs.confirm_receipt(environment, ASKER, approval_id, "")


def test_an_act_without_a_file_hands_out_nothing(environment: Environment, trial: Trial) -> None:
    trial.file_name = ""
    approval_id = approved(environment, trial)
    execute(environment, book(trial), ASKER, approval_id)
    with pytest.raises(NotAvailable):
        outputs.take(environment, ASKER, approval_id)
    with pytest.raises(NotAvailable):
        outputs.confirm_receipt(environment, ASKER, approval_id, "")


def test_a_subject_takes_only_its_kinds(environment: Environment, trial: Trial) -> None:
    trial.kinds = (Kind.MEDIA_OUTPUT,)
    with pytest.raises(NotAvailable):
        asked(environment, trial)
    with pytest.raises(NotAvailable):
        execute(environment, book(trial), ASKER, 1)


def test_what_is_asked_is_pages_of_lists(
    environment: Environment, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [asked(environment, trial) for _ in range(3)]
    with environment.database.transaction() as connection:
        assert reading.count_waiting(connection, environment, APPROVER) == 3
        assert reading.count_waiting(connection, environment, ASKER) == 0
        monkeypatch.setattr(reading, "PAGE", 2)
        own = [one.request.approval_id for one in reading.own(connection, ASKER)]
        rest = [one.request.approval_id for one in reading.own(connection, ASKER, before=own[-1])]
    assert own + rest == numbers[::-1]


def test_the_database_refuses_what_the_program_would_not_do(
    environment: Environment, owner_connection: Connection, trial: Trial
) -> None:
    approval_id = asked(environment, trial)
    with environment.database.transaction() as connection:
        request = rows.one(connection, approval_id).request
    decision = (
        "INSERT INTO approvals.decision VALUES (%(id)s, true, '', %(seen)s, %(by)s, 'T', 'counter', %(at)s)",
        {"id": approval_id, "seen": request.digest, "at": environment.clock.now()},
    )
    ending = (
        "INSERT INTO approvals.ending VALUES (%(id)s, 'executed', '', %(rows)s, %(by)s, 'T', %(at)s)",
        {"id": approval_id, "rows": 10, "by": "asker", "at": environment.clock.now()},
    )
    for statement, values in (
        (decision[0], decision[1] | {"by": "asker"}),
        (decision[0], decision[1] | {"by": "approver", "seen": b"other"}),
        (decision[0], decision[1] | {"by": "approver", "at": request.wanted.valid_until}),
        ending,
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            owner_connection.execute(statement, values)
    owner_connection.execute(decision[0], decision[1] | {"by": "approver"})
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner_connection.execute(decision[0], decision[1] | {"by": "other"})
    for change in ({"by": "approver"}, {"rows": 12}, {"at": request.wanted.valid_until}):
        with pytest.raises(psycopg.errors.CheckViolation):
            owner_connection.execute(ending[0], ending[1] | change)
    for table in ("request", "decision"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            owner_connection.execute(f"DELETE FROM approvals.{table}")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            owner_connection.execute(f"UPDATE approvals.{table} SET approval_id = 1")


def test_a_row_changed_behind_the_back_is_found(
    environment: Environment, owner_connection: Connection, trial: Trial
) -> None:
    approval_id = approved(environment, trial)
    owner_connection.execute("ALTER TABLE approvals.request DISABLE TRIGGER request_keep")
    owner_connection.execute("UPDATE approvals.request SET rows = 100000, tolerance = 100000")
    with pytest.raises(RequestAltered):
        execute(environment, book(trial), ASKER, approval_id)


@pytest.mark.parametrize("size", [0, outputs.PART])
def test_a_file_of_any_size_comes_back_whole(environment: Environment, trial: Trial, size: int) -> None:
    trial.size = size
    approval_id = approved(environment, trial)
    execute(environment, book(trial), ASKER, approval_id)
    output, parts = outputs.take(environment, ASKER, approval_id)
    assert (output.size, b"".join(parts)) == (size, b"x" * size)


def test_a_file_erased_while_it_is_read_is_no_shorter_file(environment: Environment, trial: Trial) -> None:
    approval_id = approved(environment, trial)
    execute(environment, book(trial), ASKER, approval_id)
    _, parts = outputs.take(environment, ASKER, approval_id)
    assert len(next(parts)) == outputs.PART
    outputs.confirm_receipt(environment, ASKER, approval_id, "")
    with pytest.raises(OutputGone):
        next(parts)


def test_a_subject_that_the_release_no_longer_knows(environment: Environment, trial: Trial) -> None:
    """It can be taken back and is carried out by nobody."""
    approval_id = approved(environment, trial)
    empty = Book({}, lambda connection, env, officer: APPROVER)
    with pytest.raises(NotAvailable):
        execute(environment, empty, ASKER, approval_id)
    with environment.database.transaction() as connection:
        acts.withdraw(connection, environment, empty, ASKER, approval_id)
    assert state(environment, approval_id) is State.WITHDRAWN


def test_an_act_of_a_kind_without_output_makes_a_file_for_the_asker(environment: Environment, trial: Trial) -> None:
    trial.kinds = (Kind.DISPOSAL,)
    wanted = Wanted("trial", Kind.DISPOSAL, "目的", "根拠", {}, "ここ", environment.clock.now() + timedelta(days=3))
    with environment.database.transaction() as connection:
        approval_id = acts.ask(connection, environment, book(trial), ASKER, wanted)
        seen = rows.one(connection, approval_id).request.digest
        acts.decide(connection, environment, book(trial), OTHER, approval_id, seen, approve=True)
    execute(environment, book(trial, OTHER), ASKER, approval_id)
    assert outputs.take(environment, ASKER, approval_id)[0].size == trial.size
