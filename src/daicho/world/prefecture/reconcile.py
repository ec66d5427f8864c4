"""The prefecture's side of a comparison by digest trees: which nodes of a city differ from what is held, which records, which items."""

from collections.abc import Sequence

from daicho.wire import outbox
from daicho.wire.contracts import reconcile_answer
from daicho.wire.contracts.identity_update import NoticeItems
from daicho.wire.contracts.reconcile_answer import DifferingRecord, ReconcileAnswer
from daicho.wire.contracts.reconcile_nodes import ReconcileNodes, ShownRecord
from daicho.wire.digest_tree import DEPTH, FANOUT_BITS, Node, differing
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.identity_digest import item_digests, values_of
from daicho.wire.message import Envelope

_NODES = (
    b"SELECT bucket >> %(shift)s AS node, count(*) AS count,"
    b" bit_xor(('x' || encode(substr(digest, 1, 8), 'hex'))::bit(64)) AS high,"
    b" bit_xor(('x' || encode(substr(digest, 9, 8), 'hex'))::bit(64)) AS low"
    b" FROM prefecture.record WHERE city = %(city)s AND superseded_at IS NULL"
    b" AND bucket >> %(shift)s = ANY (%(asked)s::integer[]) GROUP BY 1"
)


def take(connection: Connection, env: Environment, envelope: Envelope, content: ReconcileNodes) -> None:
    """Compare and put the answer into the outbox."""
    city = envelope.sender
    if content.records is not None:
        records = _compare(connection, env, city, content.run, content.asked, content.records)
        _put(connection, env, city, content, (), tuple(records))
        return
    theirs = {node.index: Node(node.count, int(node.digest, 16)) for node in content.nodes}
    mine = _nodes(connection, city, content.level, content.asked)
    _put(connection, env, city, content, tuple(differing(content.asked, theirs, mine)), None)


def _nodes(connection: Connection, city: str, level: int, asked: Sequence[int]) -> dict[int, Node]:
    values = {"shift": FANOUT_BITS * (DEPTH - level), "city": city, "asked": list(asked)}
    return {
        row["node"]: Node(row["count"], (int(row["high"], 2) << 64) + int(row["low"], 2))
        for row in connection.execute(_NODES, values)
    }


def _compare(
    connection: Connection, env: Environment, city: str, run: int, leaves: Sequence[int], shown: Sequence[ShownRecord]
) -> list[DifferingRecord]:
    rows = connection.execute(
        "SELECT * FROM prefecture.record WHERE city = %s AND superseded_at IS NULL AND bucket = ANY (%s::integer[])",
        (city, list(leaves)),
    )
    held = {row["subject"]: row for row in rows}
    found = [
        _differing(env, city, run, record.subject, held.get(record.subject))
        for record in shown
        if _digest(held.get(record.subject)) != record.digest
    ]
    strange = held.keys() - {record.subject for record in shown}
    return found + [DifferingRecord(subject=one, update_no=held[one]["update_no"]) for one in sorted(strange)]


def _digest(row: Row | None) -> str | None:
    return bytes(row["digest"]).hex() if row is not None and row["digest"] is not None else None


def _differing(env: Environment, city: str, run: int, subject: int, row: Row | None) -> DifferingRecord:
    if row is None:
        return DifferingRecord(subject=subject, update_no=0)
    items = NoticeItems.model_validate(row["items"])
    numbers = {kind: row[kind] for kind in ("resident_code", "individual_number") if row[kind]}
    link = f"{city}-prefecture"
    digests = item_digests(env, link, run, subject, values_of(items, numbers))
    return DifferingRecord(subject=subject, update_no=row["update_no"], items=digests)


def _put(
    connection: Connection,
    env: Environment,
    city: str,
    asked: ReconcileNodes,
    nodes: tuple[int, ...],
    records: tuple[DifferingRecord, ...] | None,
) -> None:
    link = f"prefecture-{city}"
    [message_id] = env.ids.take(connection, 1)
    content = ReconcileAnswer(message_id=message_id, run=asked.run, level=asked.level, differing=nodes, records=records)
    message = outbox.Message(
        message_id, link, reconcile_answer.KIND, reconcile_answer.VERSION, message_id, 1, content.model_dump_json()
    )  # fmt: skip
    outbox.put(connection, env.clock.now(), [message])
