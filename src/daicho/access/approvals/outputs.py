"""What an approved act hands out: written in its transaction, encrypted, given to whoever asked until it is received.

A crash after the act loses nothing: the same bytes are handed over again. When their receipt is confirmed, or after a day,
the bytes are erased; digest, size and who took them stay on record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.actor import Actor
from daicho.access.approvals import rows, rules
from daicho.access.approvals.acts import note
from daicho.access.approvals.errors import NotApprovedYet, OutputGone, OwnApproval
from daicho.access.approvals.kinds import Rule
from daicho.access.approvals.rules import State
from daicho.access.decision import require_output, require_right
from daicho.access.errors import NotAvailable
from daicho.trail.act import Act
from daicho.wire.environment import Connection, Environment

KEY = "approval-output"
PART = 1 << 20
"""Bytes of a part: so much stands in memory at once."""
KEPT = timedelta(days=1)
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was made, when it was first handed over and when that was confirmed; `is_gone`: its bytes are erased."""

    approval_id: int
    file_name: str
    content_type: str
    size: int
    sha256: bytes
    key_version: int
    made_at: datetime
    taken_at: datetime | None
    received_at: datetime | None
    is_gone: bool


class Writing:
    """The sink of one act: cuts what is written into parts and encrypts each, bound to its place."""

    def __init__(self, connection: Connection, env: Environment, approval_id: int) -> None:
        """Nothing is written before the first bytes come."""
        self._connection, self._env, self._approval_id = connection, env, approval_id
        self._held, self._hash, self._size, self._parts = bytearray(), sha256(), 0, 0
        self._version = 0

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._held += data
        self._hash.update(data)
        self._size += len(data)
        while len(self._held) >= PART:
            self._keep(bytes(self._held[:PART]))
            del self._held[:PART]
        return len(data)

    def close(self, file_name: str, content_type: str) -> bytes:
        """Write what is left and the head of the file; returns its SHA-256. After the ending of the request."""
        if self._held or not self._parts:
            self._keep(bytes(self._held))
        digest = self._hash.digest()
        self._connection.execute(
            "INSERT INTO approvals.output (approval_id, file_name, content_type, size, sha256, key_version, made_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                self._approval_id,
                file_name,
                content_type,
                self._size,
                digest,
                self._version,
                self._env.clock.now(),
            ),
        )
        return digest

    def _keep(self, part: bytes) -> None:
        self._version = self._version or self._env.keys.newest(KEY)
        self._parts += 1
        nonce = self._env.random.token(_NONCE)
        box = AESGCM(self._env.keys.key(KEY, self._version))
        sealed = nonce + box.encrypt(nonce, part, _place(self._approval_id, self._parts))
        self._connection.execute(
            "INSERT INTO approvals.output_part (approval_id, part_no, content) VALUES (%s, %s, %s)",
            (self._approval_id, self._parts, sealed),
        )


def output_of(connection: Connection, approval_id: int) -> Output | None:
    """The file of a request, or None when it made none."""
    row = connection.execute(
        "SELECT o.*, r.at AS received_at,"
        " (SELECT min(t.at) FROM approvals.taking t WHERE t.approval_id = o.approval_id) AS taken_at, NOT EXISTS ("
        "  SELECT FROM approvals.output_part p WHERE p.approval_id = o.approval_id) AS is_gone"
        " FROM approvals.output o LEFT JOIN approvals.receipt r USING (approval_id) WHERE o.approval_id = %s::bigint",
        (approval_id,),
    ).fetchone()
    return None if row is None else Output(**row | {"sha256": bytes(row["sha256"])})


def take(env: Environment, actor: Actor, approval_id: int) -> tuple[Output, Iterator[bytes]]:
    """Hand the file to whoever asked for it, at a terminal that may: its head, and its bytes as they are read.

    Each handing over is on record. Raises NotAllowed, TerminalCannot, NotAvailable, OwnApproval, NotApprovedYet, OutputGone.
    """
    with env.database.transaction() as connection:
        facts = rows.lock(connection, approval_id)
        rule = facts.request.wanted.kind.rule
        _require_own(facts.request.requested_by, actor, rule, env)
        if facts.state(env.clock.now()) is not State.EXECUTED:
            raise NotApprovedYet(lack="実行", who="申請した職員")
        if rule.witness is not None and facts.witness(env.clock.now()) is None:
            raise NotApprovedYet(lack="立会い", who="立会いの権限を持つ第三の職員")
        found = output_of(connection, approval_id)
        if found is None:
            raise NotAvailable
        if found.is_gone or found.made_at + KEPT < env.clock.now():
            raise OutputGone
        connection.execute(
            "INSERT INTO approvals.taking (approval_id, at, taken_by, terminal) VALUES (%s, %s, %s, %s)",
            (approval_id, env.clock.now(), actor.officer_id, actor.terminal_id),
        )
        detail: dict[str, str | int | bool] = {"sha256": found.sha256.hex(), "size": found.size}
        note(connection, env, actor, Act.OUTPUT_TAKEN, facts.request, detail=detail)
    return found, _parts(env, found)


def confirm_receipt(env: Environment, actor: Actor, approval_id: int, remark: str) -> None:
    """Say that the file arrived whole; its bytes are erased.

    Raises NotAllowed, NotAvailable, OwnApproval, NotApprovedYet, OutputGone.
    """
    with env.database.transaction() as connection:
        facts = rows.lock(connection, approval_id)
        _require_own(facts.request.requested_by, actor, facts.request.wanted.kind.rule, env)
        found = output_of(connection, approval_id)
        if found is None:
            raise NotAvailable
        if found.taken_at is None:
            raise NotApprovedYet(lack="ファイルの受渡し", who="申請した職員")
        if found.received_at is not None:
            raise OutputGone
        connection.execute(
            "INSERT INTO approvals.receipt (approval_id, received_by, note, terminal, at) VALUES (%s, %s, %s, %s, %s)",
            (approval_id, actor.officer_id, remark.strip()[: rules.LONGEST], actor.terminal_id, env.clock.now()),
        )
        connection.execute("DELETE FROM approvals.output_part WHERE approval_id = %s", (approval_id,))
        note(connection, env, actor, Act.OUTPUT_RECEIVED, facts.request, detail={"sha256": found.sha256.hex()})


def sweep(connection: Connection, env: Environment) -> None:
    """Erase the bytes that waited for more than a day."""
    connection.execute(
        "DELETE FROM approvals.output_part p USING approvals.output o"
        " WHERE o.approval_id = p.approval_id AND o.made_at < %s",
        (env.clock.now() - KEPT,),
    )


def _require_own(requested_by: str, actor: Actor, rule: Rule, env: Environment) -> None:
    today = env.clock.today()
    require_right(actor, rule.ask, on=today)
    if actor.officer_id != requested_by:
        raise OwnApproval
    if rule.output is not None:
        require_output(actor, rule.output, on=today)


def _parts(env: Environment, output: Output) -> Iterator[bytes]:
    """The bytes, a part at a time, each in a short transaction: a slow reader holds nothing."""
    box = AESGCM(env.keys.key(KEY, output.key_version))
    given, part_no = 0, 0
    while given < output.size or not part_no:
        part_no += 1
        with env.database.transaction() as connection:
            row = connection.execute(
                "SELECT content FROM approvals.output_part WHERE approval_id = %s AND part_no = %s",
                (output.approval_id, part_no),
            ).fetchone()
        if row is None:
            raise OutputGone
        sealed = bytes(row["content"])
        part = box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(output.approval_id, part_no))
        given += len(part)
        yield part


def _place(approval_id: int, part_no: int) -> bytes:
    return f"{KEY}:{approval_id}:{part_no}".encode("ascii")
