"""Comparing the identity file with the prefecture server (本人確認情報整合, S2-06): digests go down, what differs comes back.

Each answer carries the run on by itself, so that a run survives any crash. What is found is explained by person and item, with a
proposed settlement; what is still on its way is no difference.
"""

from collections.abc import Sequence

from daicho.connector.numbers import of_row
from daicho.wire import outbox
from daicho.wire.contracts import reconcile_nodes
from daicho.wire.contracts.identity_update import NoticeItems
from daicho.wire.contracts.reconcile_answer import DifferingRecord, ReconcileAnswer
from daicho.wire.contracts.reconcile_nodes import MOST, ReconcileNodes, ShownNode, ShownRecord
from daicho.wire.digest_tree import DEPTH, FANOUT_BITS, children
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.identity_digest import item_digests, values_of
from daicho.wire.message import Envelope

LINK = "connector-prefecture"
_LEAVES_A_MESSAGE = 256
"""So that the records of a message stay few however large the city is."""
_NODES = (
    b"SELECT bucket >> %(shift)s AS node, count(*) AS count,"
    b" bit_xor(('x' || encode(substr(digest, 1, 8), 'hex'))::bit(64)) AS high,"
    b" bit_xor(('x' || encode(substr(digest, 9, 8), 'hex'))::bit(64)) AS low"
    b" FROM connector.identity WHERE superseded_at IS NULL AND digest IS NOT NULL"
    b" AND bucket >> %(shift)s = ANY (%(asked)s::integer[]) GROUP BY 1"
)


def begin(env: Environment, started_by: str) -> int:
    """Begin a run; its number."""
    with env.database.transaction() as connection:
        [run] = env.ids.take(connection, 1)
        counted = connection.execute(
            "SELECT count(*) AS n FROM connector.identity WHERE superseded_at IS NULL AND digest IS NOT NULL"
        ).fetchone()
        connection.execute(
            "INSERT INTO connector.reconciliation (run, started_at, started_by, persons) VALUES (%s, %s, %s, %s)",
            (run, env.clock.now(), started_by, counted["n"] if counted else 0),
        )
        _show(connection, env, run, 1, children([0]))
    return run


def take(connection: Connection, env: Environment, envelope: Envelope, content: ReconcileAnswer) -> None:
    """Carry a run on: show the children of what differs, or keep what was found."""
    row = connection.execute(
        "SELECT * FROM connector.reconciliation WHERE run = %s FOR UPDATE", (content.run,)
    ).fetchone()
    if row is None:
        return  # of a run from before a restore: there is nothing to carry on
    connection.execute("UPDATE connector.reconciliation SET answered = answered + 1 WHERE run = %s", (content.run,))
    if content.records is not None:
        for record in content.records:
            _find(connection, env, content.run, record)
    elif content.differing:
        below = content.level < DEPTH
        _show(
            connection,
            env,
            content.run,
            content.level + 1 if below else DEPTH,
            children(content.differing) if below else list(content.differing),
            with_records=not below,
        )
    connection.execute(
        "UPDATE connector.reconciliation SET finished_at = %s WHERE run = %s AND asked = answered",
        (env.clock.now(), content.run),
    )


def _show(
    connection: Connection, env: Environment, run: int, level: int, asked: Sequence[int], *, with_records: bool = False
) -> None:
    size = _LEAVES_A_MESSAGE if with_records else MOST
    for first in range(0, len(asked), size):
        part = asked[first : first + size]
        nodes = () if with_records else _nodes(connection, level, part)
        records = _records(connection, part) if with_records else None
        _put(connection, env, run, level, part, nodes, records)


def _nodes(connection: Connection, level: int, asked: Sequence[int]) -> tuple[ShownNode, ...]:
    rows = connection.execute(_NODES, {"shift": FANOUT_BITS * (DEPTH - level), "asked": list(asked)})
    return tuple(
        ShownNode(index=row["node"], count=row["count"], digest=f"{int(row['high'], 2):016x}{int(row['low'], 2):016x}")
        for row in rows
    )


def _records(connection: Connection, leaves: Sequence[int]) -> tuple[ShownRecord, ...]:
    rows = connection.execute(
        "SELECT subject_id, update_no, digest FROM connector.identity WHERE superseded_at IS NULL AND digest IS NOT NULL"
        " AND bucket = ANY (%s::integer[]) ORDER BY subject_id",
        (list(leaves),),
    )
    return tuple(
        ShownRecord(subject=row["subject_id"], update_no=row["update_no"], digest=bytes(row["digest"]).hex())
        for row in rows
    )


def _put(
    connection: Connection,
    env: Environment,
    run: int,
    level: int,
    asked: Sequence[int],
    nodes: tuple[ShownNode, ...],
    records: tuple[ShownRecord, ...] | None,
) -> None:
    [message_id] = env.ids.take(connection, 1)
    content = ReconcileNodes(
        message_id=message_id, run=run, level=level, asked=tuple(asked), nodes=nodes, records=records
    ).model_dump_json()
    connection.execute(
        "UPDATE connector.reconciliation SET asked = asked + 1, sent_bytes = sent_bytes + %s WHERE run = %s",
        (len(content), run),
    )
    # each message is a stream of its own: they need no order
    message = outbox.Message(message_id, LINK, reconcile_nodes.KIND, reconcile_nodes.VERSION, message_id, 1, content)
    outbox.put(connection, env.clock.now(), [message])


def _find(connection: Connection, env: Environment, run: int, record: DifferingRecord) -> None:
    """Keep one difference, unless a message about this person is on its way."""
    waiting = connection.execute(
        "SELECT 1 FROM wire.delivery WHERE link = %s AND person_id = %s LIMIT 1", (LINK, record.subject)
    ).fetchone()
    if waiting is not None:
        return
    ours = connection.execute(
        "SELECT * FROM connector.identity WHERE subject_id = %s AND superseded_at IS NULL AND digest IS NOT NULL",
        (record.subject,),
    ).fetchone()
    update_no = ours["update_no"] if ours else 0
    kind = "unknown" if ours is None else "differs" if record.update_no else "missing"
    items = _items(connection, env, run, ours, record) if ours is not None and record.update_no else []
    proposed = "send" if ours is not None and record.update_no <= update_no else "look"
    connection.execute(
        "INSERT INTO connector.finding (run, subject, kind, our_update, their_update, items, proposed)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (run, record.subject, kind, update_no, record.update_no, items, proposed),
    )


def _items(connection: Connection, env: Environment, run: int, ours: Row, record: DifferingRecord) -> list[str]:
    mine = item_digests(env, LINK, run, record.subject, _values(connection, env, ours))
    return sorted(item for item, digest in mine.items() if record.items.get(item) != digest)


def _values(connection: Connection, env: Environment, row: Row) -> dict[str, object]:
    items = NoticeItems(update_barred=False, **{name: row[name] for name in NoticeItems.model_fields if name in row})
    return values_of(items, of_row(connection, env, row))
