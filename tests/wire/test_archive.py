"""The tables at work stay small: what is old moves to the archive, loses nothing and can be proven as before."""

import threading
from dataclasses import replace

import psycopg
import pytest

from daicho.engine.errors import DatabaseUnavailable
from daicho.wire import archive, backlog, evidence
from daicho.wire.environment import Connection
from daicho.wire.links import links
from daicho.wire.pump import Delivered
from tests.wire.parties import PEER, Parties, later

AT_WORK = "SELECT (SELECT count(*) FROM wire.outbox) + (SELECT count(*) FROM wire.settled)"


def old(two: Parties, days: float = 91) -> None:
    """Let the days pass at both."""
    two.register.clock.set(later(days=days))  # type: ignore[attr-defined]
    two.commons.clock.set(later(days=days))  # type: ignore[attr-defined]


def test_what_is_old_moves_in_small_steps_and_stays_proven(two: Parties) -> None:
    numbers = [two.put(person, 1, str(person)) for person in range(1, 6)]
    assert two.step() == Delivered(settled=5)
    [[first, *_]] = two.transport.posts
    receipt = two.one("SELECT receipt FROM wire.settled ORDER BY message_id")
    old(two, 89)
    assert archive.step(two.register) == archive.step(two.commons) == 0
    old(two)
    two.put(9, 1, "refuse")
    assert two.step() == Delivered(dead=1)
    assert [archive.step(two.register, most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert [archive.step(two.commons, most=3) for _ in range(3)] == [3, 2, 0]
    assert (two.one(AT_WORK), two.one("SELECT count(*) FROM wire.inbox", at="commons")) == (1, 0)
    with two.register.database.transaction() as connection:
        proofs = [proof for number in numbers for proof in evidence.of(connection, PEER.link, number)]
    assert [evidence.verify(proof, two.pump.own.authority).message_id for proof in proofs] == numbers
    assert two.receiver.receive(two.commons, "register", first) == receipt
    two.put(1, 2, "next")
    assert two.step() == Delivered(settled=1)


def test_what_was_completed_by_hand_keeps_its_words_and_its_reason(two: Parties) -> None:
    number = two.put(1, 1, "refuse")
    two.step()
    with two.register.database.transaction() as connection:
        backlog.complete_by_hand(connection, two.register, PEER.link, number, officer="admin1", reason="電話")
    old(two)
    assert archive.step(two.register) == 1
    assert two.one("SELECT payload ->> 'text' FROM wire.archived") == "refuse"
    assert two.one("SELECT settled_by || reason FROM wire.archived") == "admin1電話"


def test_what_somebody_holds_is_passed_by(two: Parties, module_owner_connection: Connection) -> None:
    held = two.put(1, 1)
    two.put(2, 1)
    two.step()
    old(two)
    with module_owner_connection.transaction():
        module_owner_connection.execute("SELECT FROM wire.settled WHERE message_id = %s FOR UPDATE", (held,))
        assert archive.step(two.register) == 1
    assert archive.step(two.register) == 1


def test_nothing_is_deleted_that_is_not_archived_word_for_word(
    two: Parties, module_owner_connection: Connection
) -> None:
    two.put(1, 1)
    two.step()
    forged = (
        b"INSERT INTO wire.archived SELECT settled_at, 'sent', link, message_id, created_at, 'x', 1, 1, message, 'forged',"
        b" NULL, NULL, NULL, NULL, settled_at FROM wire.settled"
    )
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation), module_owner_connection.transaction():
        module_owner_connection.execute(forged)
        module_owner_connection.execute(b"DELETE FROM wire.settled")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation), module_owner_connection.transaction():
        module_owner_connection.execute(b"DELETE FROM wire.outbox")
    for statement in (b"DELETE FROM wire.settled", b"INSERT INTO wire.archived SELECT * FROM wire.archived"):
        with two.register.database.transaction() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_every_kind_has_its_days_and_what_they_are_chosen_by() -> None:
    known = {one.kind: one for one in archive.retentions()}
    assert set(known) == {link.kind for link in links()}
    assert all(one.days > 0 and one.basis for one in known.values())


def test_archiving_goes_on_by_itself_and_trouble_ends_nothing(two: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    two.put(1, 1)
    two.step()
    old(two)
    waits: list[float | None] = []

    class Stop(threading.Event):
        """Trouble before the third step, the end after it."""

        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            if len(waits) == 2:
                monkeypatch.setattr(archive, "step", lambda _env: (_ for _ in ()).throw(DatabaseUnavailable()))
            if len(waits) == 3:
                self.set()
            return True

    stop = Stop()
    archive.archive_beside(replace(two.register), stop)
    assert threading.Event.wait(stop, 30)
    assert waits == [archive.PAUSE_SECONDS, archive.REST_SECONDS, archive.REST_SECONDS]
    assert two.one("SELECT count(*) FROM wire.archived") == 1
