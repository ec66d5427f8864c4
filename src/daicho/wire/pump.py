"""Delivering the outbox: the oldest unsettled message of each person, in batches, until a signed receipt settles it.

The rows of a batch are locked while it is on its way: another pump passes them by, and after a crash they are simply
sent again, which the receiver's inbox makes harmless. A person's later messages wait for the earlier one; other people,
kinds and links go on (design, section 3).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from daicho.wire.certificates import Own
from daicho.wire.door import LARGEST_BODY
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.errors import EarlierMissing, ReceiptBroken, ReleaseNotApproved
from daicho.wire.message import Envelope, check_receipt, seal

BATCH = 50
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
TRANSIENT = frozenset({EarlierMissing.code, ReleaseNotApproved.code})
"""Signed refusals that pass: an earlier message is on its way, an upgrade is not through yet."""
UNREACHABLE = "unreachable"
_CODE = re.compile(r"[A-Z]\d{3}")


@dataclass(frozen=True, slots=True)
class Peer:
    """The receiver of one link and where its door is."""

    link: str
    system: str
    url: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one step did: how many were settled, how many must wait, how many are dead until somebody looks."""

    settled: int = 0
    waiting: int = 0
    dead: int = 0

    @property
    def taken(self) -> int:
        """How many messages the step took at all."""
        return self.settled + self.waiting + self.dead


@dataclass(frozen=True, slots=True)
class Pump:
    """One system's sending side."""

    own: Own

    def step(self, env: Environment, peer: Peer) -> Delivered:
        """Send one batch to one peer, in one transaction; an empty result when nothing is due."""
        with env.database.transaction() as connection:
            rows = _due(connection, peer.link, env.clock.now())
            if not rows:
                return Delivered()
            envelopes = [self._envelope(row, peer) for row in rows]
            credentials = self.own.credentials
            tokens = _fitting([seal(credentials, envelope) for envelope in envelopes])
            answers = _ask(env, peer, tokens)
            outcomes = [
                self._settle(connection, env, row, envelope, token, answer)
                for row, envelope, token, answer in zip(rows, envelopes, tokens, answers, strict=False)
            ]
        return Delivered(*(outcomes.count(kind) for kind in ("settled", "waiting", "dead")))

    def _envelope(self, row: Row, peer: Peer) -> Envelope:
        return Envelope(
            sender=self.own.credentials.system,
            receiver=peer.system,
            kind=row["kind"],
            version=row["version"],
            message_id=row["message_id"],
            person=row["person_id"],
            sequence_no=row["sequence_no"],
            created_at=row["created_at"],
            by_hand=tuple(row["by_hand"]),
            content=row["payload"],
        )

    def _settle(
        self, connection: Connection, env: Environment, row: Row, envelope: Envelope, token: str, answer: dict[str, Any]
    ) -> str:
        """Write down what came back for one message: settled, to be sent again, or dead.

        Only what the receiver signed ends the sending; anything else is tried again.
        """
        now = env.clock.now()
        own = self.own
        try:
            receipt = check_receipt(own.authority, str(answer.get("receipt")), token, envelope, now, own.releases)
        except (ReceiptBroken, ReleaseNotApproved) as error:
            _postpone(connection, env, row, error.code if "receipt" in answer else _unsigned(answer))
            return "waiting"
        if receipt.outcome == "accepted":
            settle(connection, env, row, message=token, receipt=answer["receipt"])
            return "settled"
        if receipt.code in TRANSIENT:
            _postpone(connection, env, row, receipt.code)
            return "waiting"
        _bury(connection, row, now, token, answer["receipt"], receipt.code)
        return "dead"


def settle(
    connection: Connection,
    env: Environment,
    row: Row,
    *,
    message: str | None = None,
    receipt: str | None = None,
    by: str = "pump",
    reason: str | None = None,
) -> None:
    """Move one message from what waits to what is settled; `reason` where somebody completed it by hand."""
    connection.execute(
        "INSERT INTO wire.settled (settled_at, link, message_id, created_at, outcome, message, receipt, settled_by,"
        " reason) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            env.clock.now(),
            row["link"],
            row["message_id"],
            row["created_at"],
            "accepted" if receipt else "by_hand",
            message,
            receipt,
            by,
            reason,
        ),
    )
    connection.execute(
        "DELETE FROM wire.delivery WHERE link = %s AND message_id = %s", (row["link"], row["message_id"])
    )


def _due(connection: Connection, link: str, now: datetime) -> list[Row]:
    """The oldest unsettled message of each person that is due, locked; those that another pump holds are passed by.

    What was never tried is due whatever its instant says: it may lie ahead of a clock that was set back.
    """
    return connection.execute(
        "SELECT d.link, d.message_id, d.created_at, d.kind, d.person_id, d.sequence_no, d.attempts, o.version, o.payload,"
        " ARRAY(SELECT k.sequence_no FROM wire.skipped k WHERE k.link = d.link AND k.person_id = d.person_id"
        "  AND k.sequence_no < d.sequence_no ORDER BY k.sequence_no) AS by_hand"
        " FROM wire.delivery d JOIN wire.outbox o ON o.created_at = d.created_at AND o.message_id = d.message_id"
        " WHERE d.link = %s AND d.state = 'waiting' AND (d.attempts = 0 OR d.next_attempt_at <= %s) AND NOT EXISTS ("
        "  SELECT FROM wire.delivery e WHERE e.link = d.link AND e.person_id = d.person_id"
        "  AND e.sequence_no < d.sequence_no)"
        " ORDER BY d.next_attempt_at, d.created_at, d.message_id LIMIT %s FOR UPDATE OF d SKIP LOCKED",
        (link, now, BATCH),
    ).fetchall()


def _unsigned(answer: dict[str, Any]) -> str:
    """The code of an answer that nobody signed, for people to read; it decides nothing."""
    code = answer.get("code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else UNREACHABLE


def _bury(connection: Connection, row: Row, now: datetime, message: str, receipt: str, code: str | None) -> None:
    """Keep the signed refusal, and the message until somebody looks."""
    key = (row["link"], row["message_id"])
    connection.execute(
        "INSERT INTO wire.refusal (link, message_id, refused_at, message, receipt) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (*key, now, message, receipt),
    )
    connection.execute(
        "UPDATE wire.delivery SET state = 'dead', attempts = attempts + 1, last_code = %s"
        " WHERE link = %s AND message_id = %s",
        (code, *key),
    )


def _fitting(tokens: Sequence[str]) -> list[str]:
    """As many of the first messages as one body may hold; the others come with the next step."""
    left = LARGEST_BODY - len('{"messages": []}')
    fit: list[str] = []
    for token in tokens:
        left -= len(token) + len('"", ')
        if left < 0:
            break
        fit.append(token)
    return fit


def _ask(env: Environment, peer: Peer, tokens: Sequence[str]) -> list[dict[str, Any]]:
    """One answer a message: its receipt, or an unsigned code; all unreachable when nobody answers sensibly."""
    nobody: list[dict[str, Any]] = [{"code": UNREACHABLE}] * len(tokens)
    body = json.dumps({"messages": list(tokens)}).encode()
    try:
        status, content = env.transport.post(peer.url, body, {"Content-Type": "application/json"})
        found = json.loads(content)
        if status != 200 and isinstance(found, dict):
            return [found] * len(tokens)
        answers = found["answers"]
    except (OSError, ValueError, KeyError, TypeError):
        return nobody
    right = isinstance(answers, list) and len(answers) == len(tokens) and all(isinstance(one, dict) for one in answers)
    return answers if right else nobody


def _postpone(connection: Connection, env: Environment, row: Row, code: str) -> None:
    """Try again later: one second, then twice as long each time up to five minutes, never all at the same moment."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row["attempts"], 16))
    spread = pause * env.random.integer(50, 100) / 100
    connection.execute(
        "UPDATE wire.delivery SET attempts = attempts + 1, next_attempt_at = %s, last_code = %s"
        " WHERE link = %s AND message_id = %s",
        (env.clock.now() + spread, code, row["link"], row["message_id"]),
    )
