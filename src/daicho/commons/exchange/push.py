"""Pushing to one subscriber: the oldest unsettled event of each person, in batches, until the office has signed for it.

What is under way is leased, not locked: no connection to the database is held while the other side thinks, and after a crash
the lease runs out and the events are sent again, which the office takes as repeats. A person's later events wait for the
earlier one; other people go on, and other subscribers have threads of their own (`delivering`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from daicho.commons.exchange import subscribers
from daicho.commons.exchange.render import events_of
from daicho.commons.exchange.subscribers import Subscription
from daicho.law.errors import DaichoError
from daicho.wire.certificates import Own
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.errors import SignatureBroken
from daicho.wire.signed import attach, detach, sign, verify

BATCH = 50
LEASE = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=5)
SIGNATURE_HEADER = "Daicho-Signature"
MEDIA_TYPE = "application/cloudevents-batch+json; charset=utf-8"
UNREACHABLE = "unreachable"


class Outcome(BaseModel):
    """What the office did with one event: taken (or had already), or refused for good with a code of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[0-9]{1,19}$")
    outcome: Literal["accepted", "refused"]
    code: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9-]{0,15}$")


class FeedReceipt(BaseModel):
    """What the office signs: for exactly this body, one outcome for each event that it settled; the others come again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subscriber: str
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    received_at: datetime
    outcomes: tuple[Outcome, ...] = Field(max_length=BATCH)


class Sender(Protocol):
    """How a batch reaches one office (`daicho.wire.pinned`)."""

    def post(self, url: str, body: bytes, headers: dict[str, str], certificates: frozenset[str]) -> tuple[int, bytes]:
        """Send one request to whoever shows one of the certificates. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one step did."""

    settled: int = 0
    waiting: int = 0
    dead: int = 0

    @property
    def taken(self) -> int:
        """How many events the step took at all."""
        return self.settled + self.waiting + self.dead


def step(env: Environment, own: Own, sender: Sender, subscriber: str) -> Pushed:
    """Send one batch to one subscriber; an empty result when nothing is due or nothing may be told today."""
    with env.database.transaction() as connection:
        try:
            subscription = subscribers.find(connection, subscriber, env.clock.today())
        except DaichoError:
            return Pushed()
        if subscription.form != "push" or subscription.endpoint is None:
            return Pushed()
        rows = _lease(connection, subscriber, env.clock.now())
        if not rows:
            return Pushed()
        certificates = subscribers.certificates_of(connection, subscriber)
        events = events_of(connection, rows, subscription, env.clock.today())
    body = json.dumps(events, ensure_ascii=False).encode()
    signature = detach(sign(own.credentials, "daicho-feed", body))
    headers = {"Content-Type": MEDIA_TYPE, SIGNATURE_HEADER: signature}
    try:
        status, content = sender.post(subscription.endpoint, body, headers, certificates)
        receipt = content.decode("ascii") if status == 200 else ""
        outcomes = _outcomes(env, own, subscription, certificates, body, receipt)
        code = UNREACHABLE
    except (OSError, UnicodeDecodeError):
        receipt, outcomes, code = "", {}, UNREACHABLE
    except SignatureBroken as error:
        receipt, outcomes, code = "", {}, error.code
    with env.database.transaction() as connection:
        return _settle(connection, env, subscriber, rows, outcomes, _Evidence(body, signature, receipt), code)


@dataclass(frozen=True, slots=True)
class _Evidence:
    body: bytes
    signature: str
    receipt: str


def digest_of(body: bytes) -> str:
    """What a receipt names a batch by."""
    return sha256(body).hexdigest()


def read_receipt(
    env: Environment, own: Own, subscriber: str, certificates: frozenset[str], body: bytes, receipt: str
) -> FeedReceipt:
    """The receipt, proven to be this office's for exactly this body. Raises SignatureBroken."""
    found = verify(own.authority, "daicho-feed-receipt", receipt, env.clock.now())
    try:
        content = FeedReceipt.model_validate_json(found.payload)
    except ValidationError:
        raise SignatureBroken from None
    signer = (found.system, content.subscriber, content.digest)
    if signer != (subscriber, subscriber, digest_of(body)) or found.fingerprint not in certificates:
        raise SignatureBroken
    return content


def _outcomes(
    env: Environment, own: Own, subscription: Subscription, certificates: frozenset[str], body: bytes, receipt: str
) -> dict[int, Outcome]:
    if not receipt:
        return {}
    content = read_receipt(env, own, subscription.subscriber, certificates, body, receipt)
    return {int(one.id): one for one in content.outcomes}


def _lease(connection: Connection, subscriber: str, now: datetime) -> list[Row]:
    rows = connection.execute(
        "WITH due AS (SELECT d.position FROM commons.delivery d WHERE d.subscriber = %(subscriber)s"
        "  AND d.state = 'waiting' AND (d.attempts = 0 OR d.next_attempt_at <= %(now)s) AND NOT EXISTS ("
        "   SELECT FROM commons.delivery e WHERE e.subscriber = d.subscriber"
        "   AND e.addressee_number = d.addressee_number AND e.position < d.position)"
        "  ORDER BY d.position LIMIT %(most)s FOR UPDATE OF d SKIP LOCKED),"
        " leased AS (UPDATE commons.delivery d SET attempts = d.attempts + 1, next_attempt_at = %(until)s FROM due"
        "  WHERE d.subscriber = %(subscriber)s AND d.position = due.position RETURNING d.position, d.attempts)"
        " SELECT f.*, leased.attempts FROM leased JOIN commons.feed f USING (position) ORDER BY f.position",
        {"subscriber": subscriber, "now": now, "until": now + LEASE, "most": BATCH},
    )
    return rows.fetchall()


def _settle(
    connection: Connection,
    env: Environment,
    subscriber: str,
    rows: Sequence[Row],
    outcomes: dict[int, Outcome],
    evidence: _Evidence,
    code: str,
) -> Pushed:
    """Write down what came back: settled with its evidence, dead until somebody looks, or to be sent again."""
    now = env.clock.now()
    done = [row["position"] for row in rows if _is(outcomes, row, "accepted")]
    dead = [row["position"] for row in rows if _is(outcomes, row, "refused")]
    if done or dead:
        [batch_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO commons.batch (batch_id, subscriber, sent_at, body, signature, receipt)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (batch_id, subscriber, now, evidence.body.decode(), evidence.signature, evidence.receipt),
        )
        _accepted(connection, subscriber, done, now, batch_id)
    for position in dead:
        connection.execute(
            "UPDATE commons.delivery SET state = 'dead', last_code = %s WHERE subscriber = %s AND position = %s",
            (outcomes[position].code or "REFUSED", subscriber, position),
        )
    left = [row for row in rows if row["position"] not in {*done, *dead}]
    for row in left:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row["attempts"] - 1, 16))
        connection.execute(
            "UPDATE commons.delivery SET next_attempt_at = %s, last_code = %s WHERE subscriber = %s AND position = %s",
            (now + pause * env.random.integer(50, 100) / 100, code, subscriber, row["position"]),
        )
    return Pushed(len(done), len(left), len(dead))


def _accepted(connection: Connection, subscriber: str, positions: list[int], now: datetime, batch_id: int) -> None:
    connection.execute(
        "WITH gone AS (DELETE FROM commons.delivery WHERE subscriber = %(subscriber)s AND position = ANY (%(done)s)"
        "  RETURNING position)"
        " INSERT INTO commons.delivered (subscriber, position, settled_at, outcome, batch_id)"
        " SELECT %(subscriber)s, position, %(now)s, 'accepted', %(batch)s FROM gone ON CONFLICT DO NOTHING",
        {"subscriber": subscriber, "done": positions, "now": now, "batch": batch_id},
    )


def _is(outcomes: dict[int, Outcome], row: Row, what: str) -> bool:
    found = outcomes.get(row["position"])
    return found is not None and found.outcome == what


def verify_batch(env: Environment, own: Own, row: dict[str, Any]) -> FeedReceipt:
    """Prove a kept batch: what we signed, and what the office signed to it. Raises SignatureBroken."""
    body = row["body"].encode()
    at = row["sent_at"]
    said = verify(own.authority, "daicho-feed", attach(row["signature"], body), at)
    found = verify(own.authority, "daicho-feed-receipt", row["receipt"], at)
    receipt = FeedReceipt.model_validate_json(found.payload)
    if (said.system, found.system, receipt.digest) != ("commons", row["subscriber"], digest_of(body)):
        raise SignatureBroken
    return receipt
