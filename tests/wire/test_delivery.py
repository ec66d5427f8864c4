"""From the outbox to the other system's tables: once, in order per person, with a receipt, whatever goes wrong between."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from daicho.engine.errors import DatabaseUnavailable
from daicho.wire import backlog, evidence
from daicho.wire.environment import Connection
from daicho.wire.errors import EarlierMissing, MessageUnreadable, NoSuchMessage, ReasonNeeded, ReceiptBroken, TooLarge
from daicho.wire.message import Receipt, check_receipt, digest_of, unseal
from daicho.wire.outbox import LARGEST_CONTENT
from daicho.wire.pump import BATCH, Delivered
from daicho.wire.signed import sign
from tests.house_database import SettableClock
from tests.wire.parties import NOW, PEER, Parties, later


def test_a_message_arrives_once_and_its_receipt_is_kept(two: Parties) -> None:
    two.put(7, 1, "moved in")
    assert two.step() == Delivered(settled=1)
    assert two.step() == Delivered()
    assert two.facts() == [(7, 1, "moved in")]
    assert two.one("SELECT count(*) FROM wire.delivery") == 0
    token, receipt = two.one("SELECT message FROM wire.settled"), two.one("SELECT receipt FROM wire.settled")
    envelope = unseal(two.receiver.own.authority, token, NOW)
    assert check_receipt(two.pump.own.authority, receipt, token, envelope, NOW).outcome == "accepted"


def test_a_repeat_changes_nothing_and_gets_the_same_receipt(two: Parties) -> None:
    two.put(7, 1)
    lost: list[bytes] = []

    def lose(status: int, body: bytes) -> tuple[int, bytes]:
        lost.append(body)
        raise OSError("the answer was lost")

    two.transport.answer = lose
    assert two.step() == Delivered(waiting=1)
    two.transport.answer = lambda status, body: (status, body)
    two.register.clock.set(later(seconds=2))  # type: ignore[attr-defined]
    assert two.step() == Delivered(settled=1)
    assert two.facts() == [(7, 1, "x")]
    assert json.loads(lost[0])["answers"][0]["receipt"] == two.one("SELECT receipt FROM wire.settled")


def test_a_persons_messages_go_in_order_and_others_do_not_wait(two: Parties, module_clock: SettableClock) -> None:
    two.put(1, 1, "refuse")
    two.put(1, 2, "waits")
    two.put(2, 1, "goes")
    assert two.step() == Delivered(settled=1, dead=1)
    assert two.step() == Delivered()
    assert two.facts() == [(2, 1, "goes")]
    with two.register.database.transaction() as connection:
        [dead] = backlog.dead_letters(connection)
        [waiting] = backlog.backlog(connection)
    assert (dead.code, dead.behind) == ("V004", 1)
    assert (waiting.waiting, waiting.dead, waiting.oldest) == (2, 1, NOW)


def test_a_whole_life_arrives_in_order(two: Parties) -> None:
    for number in range(1, 6):
        two.put(1, number, str(number))
        two.put(2, number, str(number))
    assert [two.step().settled for _ in range(6)] == [2, 2, 2, 2, 2, 0]
    assert [fact[2] for fact in two.facts()] == ["1", "2", "3", "4", "5"] * 2


def test_a_dead_message_is_sent_again_or_completed_by_hand(two: Parties) -> None:
    first = two.put(1, 1, "refuse")
    two.put(1, 2, "later")
    assert two.step() == Delivered(dead=1)
    with two.register.database.transaction() as connection:
        backlog.send_again(
            connection, two.register, "register-commons", first, officer="admin1", reason="版", corrected=True
        )
    assert two.step() == Delivered(dead=1)
    with two.register.database.transaction() as connection:
        [letter] = backlog.dead_letters(connection)
        assert backlog.count_dead(connection) == 1
    assert letter.handlings == (backlog.Handling(NOW, "corrected", "admin1", "版"),)
    with two.register.database.transaction() as connection:
        backlog.complete_by_hand(
            connection, two.register, "register-commons", first, officer="admin1", reason="電話で伝えた"
        )
    assert two.one("SELECT settled_by FROM wire.settled") == "admin1"
    assert two.step() == Delivered(settled=1)  # it says which number came by hand, and the receiver goes on over it
    assert two.facts() == [(1, 2, "later")]
    with two.register.database.transaction() as connection, pytest.raises(NoSuchMessage):
        backlog.send_again(connection, two.register, "register-commons", first, officer="admin1")


@pytest.mark.parametrize("reason", ["", "  ", "あ" * 201])
def test_nothing_is_completed_without_a_short_reason(two: Parties, reason: str) -> None:
    number = two.put(1, 1, "refuse")
    two.step()
    with two.register.database.transaction() as connection, pytest.raises(ReasonNeeded):
        backlog.complete_by_hand(connection, two.register, PEER.link, number, officer="admin1", reason=reason)


def test_only_what_came_by_hand_is_gone_over(two: Parties) -> None:
    """One earlier number was completed, another is still missing at the receiver: it waits for that one."""
    two.put(1, 3, "third")
    with two.register.database.transaction() as connection:
        connection.execute("INSERT INTO wire.skipped VALUES (%s, 1, 1)", (PEER.link,))
    assert two.step() == Delivered(waiting=1)
    assert two.one("SELECT last_code FROM wire.delivery") == EarlierMissing.code


def test_pauses_grow_and_never_pass_five_minutes(two: Parties, module_clock: SettableClock) -> None:
    two.put(1, 1)
    two.transport.down = True
    pauses = []
    for _ in range(12):
        assert two.step() == Delivered(waiting=1)
        assert two.step() == Delivered()
        due = two.one("SELECT next_attempt_at FROM wire.delivery")
        pauses.append((due - module_clock.now()).total_seconds())
        module_clock.set(due)
    assert 0.5 <= pauses[0] <= 1
    assert all(150 <= pause <= 300 for pause in pauses[-3:])
    assert two.one("SELECT last_code FROM wire.delivery") == "unreachable"
    two.transport.down = False
    assert two.step() == Delivered(settled=1)


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"{}"),
        (200, b"not json"),
        (200, b'{"answers": []}'),
        (200, b'{"answers": "x"}'),
        (200, b'{"answers": [1]}'),
        (200, b'{"answers": [{}]}'),
        (200, b'{"answers": [{"receipt": "a.b.c"}]}'),
        (200, b'{"answers": [{"receipt": 7}]}'),
        (200, b"[]"),
        (403, b'{"code": "V004"}'),
        (200, b'{"answers": [{"code": "V004"}]}'),
        (200, b'{"answers": [{"code": 4}]}'),
        (200, b'{"answers": [{"code": "x"}]}'),
    ],
)
def test_garbage_for_an_answer_settles_nothing(two: Parties, answer: tuple[int, bytes]) -> None:
    two.put(1, 1)
    two.transport.answer = lambda _status, _body: answer
    assert two.step() == Delivered(waiting=1)
    assert two.one("SELECT count(*) FROM wire.settled") == 0


def test_the_receipt_of_another_message_settles_nothing(two: Parties) -> None:
    two.put(1, 1)
    two.put(2, 1)
    two.transport.answer = lambda status, body: (
        status,
        json.dumps({"answers": json.loads(body)["answers"][::-1]}).encode(),
    )
    assert two.step() == Delivered(waiting=2)
    assert two.one("SELECT DISTINCT last_code FROM wire.delivery") == ReceiptBroken.code


def test_what_fails_inside_the_receiver_is_tried_again_and_says_nothing(
    two: Parties, caplog: pytest.LogCaptureFixture
) -> None:
    two.put(1, 1, "fail")
    assert two.step() == Delivered(waiting=1)
    assert two.facts() == []
    assert "secret" not in caplog.text
    assert two.one("SELECT count(*) FROM wire.stream", at="commons") == 0


def test_two_pumps_never_send_one_message_twice_at_once(two: Parties) -> None:
    for person in range(1, 2 * BATCH + 1):
        two.put(person, 1, str(person))
    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(two.step) for _ in range(2)]]
    assert sum(one.settled for one in done) == 2 * BATCH
    sent = [token for post in two.transport.posts for token in post]
    assert len(sent) == len(set(sent)) == 2 * BATCH


def test_two_deliveries_of_one_message_at_once_take_it_once(two: Parties) -> None:
    two.put(1, 1)
    two.transport.down = True
    two.step()
    [[token]] = two.transport.posts
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda _: two.receiver.receive(two.commons, "register", token), range(8)))
    assert len(set(receipts)) == 1
    assert two.facts() == [(1, 1, "x")]


def test_what_was_sent_and_received_is_never_changed(two: Parties, module_owner_connection: Connection) -> None:
    two.put(1, 1)
    two.step()
    for statement in (b"DELETE FROM wire.outbox", b"UPDATE wire.settled SET reason = 'x'", b"DELETE FROM wire.settled"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            module_owner_connection.execute(statement)
    with two.commons.database.transaction() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM wire.inbox")


def test_a_gap_waits_for_the_message_before(two: Parties, module_clock: SettableClock) -> None:
    """The receiver was restored from an older backup: it says which one it misses instead of skipping a change."""
    two.put(1, 3)
    assert two.step() == Delivered(waiting=1)
    assert two.one("SELECT last_code FROM wire.delivery") == "V007"


def test_a_stored_message_and_its_receipt_are_proven_offline(two: Parties) -> None:
    """Also when the certificate was revoked since; a forged receipt proves nothing."""
    first, second = two.put(1, 1), two.put(2, 1)
    two.step()
    two.authority.revoke(two.pump.own.credentials.certificate.serial_number)
    with two.register.database.transaction() as connection:
        [proof], [other] = (evidence.of(connection, PEER.link, number) for number in (first, second))
        with pytest.raises(NoSuchMessage):
            evidence.of(connection, PEER.link, 10**9)
    shown = evidence.verify(proof, two.pump.own.authority)
    assert (shown.sender, shown.receiver, shown.message_id) == ("register", "commons", first)
    with pytest.raises(ReceiptBroken):
        evidence.verify(proof.model_copy(update={"receipt": other.receipt}), two.pump.own.authority)


def test_a_refusal_is_signed_and_kept_with_its_reason(two: Parties, module_owner_connection: Connection) -> None:
    """Each time it is sent, the receiver signs anew; what it signed is never changed."""
    number = two.put(1, 1, "refuse")
    assert two.step() == Delivered(dead=1)
    two.register.clock.set(later(minutes=1))  # type: ignore[attr-defined]
    with two.register.database.transaction() as connection:
        backlog.send_again(connection, two.register, PEER.link, number, officer="admin1")
    assert two.step() == Delivered(dead=1)
    with two.register.database.transaction() as connection:
        proofs = evidence.of(connection, PEER.link, number)
    shown = [evidence.verify(proof, two.pump.own.authority) for proof in proofs]
    assert [(one.outcome, one.code, one.reason) for one in shown] == [
        ("refused", MessageUnreadable.code, MessageUnreadable.happened)
    ] * 2
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        module_owner_connection.execute(b"DELETE FROM wire.refusal")


def test_a_refusal_nobody_signed_is_tried_again(two: Parties) -> None:
    """The right sentence without a signature, and a signature by somebody else: neither ends the sending."""
    two.put(1, 1, "refuse")
    two.transport.answer = lambda _status, _body: (200, b'{"answers": [{"code": "V004"}]}')
    assert two.step() == Delivered(waiting=1)
    assert two.one("SELECT last_code FROM wire.delivery") == "V004"

    def forged(_status: int, _body: bytes) -> tuple[int, bytes]:
        [token] = two.transport.posts[-1]
        receipt = Receipt(
            sender="register", receiver="commons", message_id=1, digest=digest_of(token), outcome="refused",
            code="V004", reason="x", received_at=NOW,
        )  # fmt: skip
        signed = sign(two.pump.own.credentials, "daicho-receipt", receipt.model_dump_json().encode())
        return 200, json.dumps({"answers": [{"receipt": signed}]}).encode()

    two.transport.answer = forged
    two.register.clock.set(later(minutes=1))  # type: ignore[attr-defined]
    assert two.step() == Delivered(waiting=1)
    assert two.one("SELECT last_code FROM wire.delivery") == ReceiptBroken.code
    assert two.one("SELECT count(*) FROM wire.refusal") == 0


def test_a_receiver_without_its_database_refuses_nothing(two: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseUnavailable

    two.put(1, 1)
    with monkeypatch.context() as away:
        away.setattr(two.commons.database, "transaction", gone)
        assert two.step() == Delivered(waiting=1)
    assert two.one("SELECT last_code FROM wire.delivery") == DatabaseUnavailable.code
    two.register.clock.set(later(minutes=1))  # type: ignore[attr-defined]
    assert two.step() == Delivered(settled=1)


def test_a_batch_never_outgrows_the_door(two: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that is refused as a whole would be sent again for ever."""
    for person in range(1, 6):
        two.put(person, 1, "x" * 1000)
    monkeypatch.setattr("daicho.wire.pump.LARGEST_BODY", 5500)
    monkeypatch.setattr("daicho.wire.door.LARGEST_BODY", 5500)
    assert [two.step() for _ in range(3)] == [Delivered(settled=2), Delivered(settled=2), Delivered(settled=1)]


def test_what_no_door_would_take_does_not_get_into_the_outbox(two: Parties) -> None:
    two.put(1, 1, "x" * (LARGEST_CONTENT - 100))
    with pytest.raises(TooLarge):
        two.put(2, 1, "x" * LARGEST_CONTENT)
    assert two.step() == Delivered(settled=1)
