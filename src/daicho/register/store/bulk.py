"""Loading many persons at once: the rows the one door would have written, in sets (design, section 4).

COPY into temporary tables, checks by statement, INSERT, household rules once for the batch. Nothing is planned here:
the rows come from `daicho.register.changes.timeline`. Derived tables are not touched: call `derived.rebuild` or
`derived.refresh` afterwards, in the last transaction of the load.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from psycopg import sql

from daicho.law.errors import DaichoError
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.bulk_rows import Batch, ChangeRow
from daicho.register.store.rows import STATE_COLUMNS, legal_date_values, state_values
from daicho.wire.environment import Connection, Environment

_COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person_id", "addressee_number", "last_history_no", "last_recorded_at"),
    "household": ("household_id", "household_number", "last_recorded_at"),
    "number": ("number_id", "person_id", "kind", "ciphertext", "blind_index", "key_version"),
    "change": (
        *("change_id", "reason", "basis", "change_date", "change_date_precision", "change_date_text", "notified_on"),
        *("recorded_at", "entrant", "reviewer", "decider", "terminal", "office", "taken_over"),
    ),
    "change_person": ("change_id", "person_id", "kind", "role", "history_no"),
    "resident_state": STATE_COLUMNS,
}
_ORDER = {"person": "person_id", "household": "household_id", "number": "number_id", "change": "change_id"}


class BatchRefused(DaichoError):
    """The batch does not fit what is registered; nothing of it was written. data: rule; `ids` says where."""

    code = "S050"
    status = 409
    happened = "まとめて登録しようとした内容が、登録の決まりに合いません({rule})。"
    kept = "このまとまりは一件も登録していません。"
    todo = "取込みの結果で、対象の世帯と個人を確かめてください。"
    rules: ClassVar[dict[str, str]] = {
        "number in use": "番号がほかの人に記録されている",
        "addressee number in use": "宛名番号が使われている",
        "household number in use": "世帯番号が使われている",
        "two heads": "世帯主が二人",
        "no head": "世帯主がいない",
        "head and no head": "世帯主の有無がそろわない",
        "two addresses": "住所が二つ",
        "two members of one rank": "並び順が重なる",
    }

    def __init__(self, fault: str, ids: Sequence[int]) -> None:
        """`fault`: a key of `rules`; `ids`: persons, or households for a household rule."""
        super().__init__(rule=self.rules[fault])
        self.fault = fault
        self.ids = tuple(ids)


_CHECKS = (
    (
        "number in use",
        "select distinct s.person_id as id from bulk_number s left join register.number n"
        " on n.kind = s.kind and n.blind_index = s.blind_index and n.released_at is null"
        " where n.number_id is not null or exists (select 1 from bulk_number t"
        " where t.kind = s.kind and t.blind_index = s.blind_index and t.number_id <> s.number_id)",
    ),
    (
        "addressee number in use",
        "select s.person_id as id from bulk_person s join register.person p using (addressee_number)",
    ),
    (
        "household number in use",
        "select s.household_id as id from bulk_household s join register.household h using (household_number)",
    ),
)


class BulkWriter:
    """Loads batches over one connection; the caller's transactions say what stands or falls together."""

    def __init__(self, env: Environment, connection: Connection) -> None:
        """The temporary tables live as long as the connection's session."""
        self._connection = connection
        self._sealer = Sealer(env)
        self._analyzed = False
        for table, columns in _COLUMNS.items():
            connection.execute(
                sql.SQL("create temp table if not exists {} as select {} from register.{} with no data").format(
                    sql.Identifier(f"bulk_{table}"), _names(columns), sql.Identifier(table)
                )
            )

    def load(self, batch: Batch) -> None:
        """Write one batch. Raises BatchRefused; the caller's transaction must then be rolled back."""
        self._stage(batch)
        for fault, query in _CHECKS:
            refused = self._connection.execute(query.encode()).fetchall()
            if refused:
                raise BatchRefused(fault, [row["id"] for row in refused])
        self._connection.execute("set local daicho.bulk = 'on'")
        for table, columns in _COLUMNS.items():
            statement = sql.SQL("insert into register.{} ({}) select {} from {}{}").format(
                sql.Identifier(table),
                _names(columns),
                _names(columns),
                sql.Identifier(f"bulk_{table}"),
                sql.SQL(" order by {}").format(sql.Identifier(_ORDER[table])) if table in _ORDER else sql.SQL(""),
            )
            self._connection.execute(statement)
        self._check_households()
        if not self._analyzed:
            self._connection.execute("select register.analyze_store()")
            self._analyzed = True

    def _check_households(self) -> None:
        faults = self._connection.execute(
            "select household_id, fault from register.household_faults("
            "(select coalesce(array_agg(distinct household_id), '{}') from bulk_resident_state))"
            " order by fault, household_id"
        ).fetchall()
        if faults:
            fault = faults[0]["fault"]
            raise BatchRefused(fault, sorted({row["household_id"] for row in faults if row["fault"] == fault}))

    def _stage(self, batch: Batch) -> None:
        tables = sql.SQL(", ").join(sql.Identifier(f"bulk_{table}") for table in _COLUMNS)
        self._connection.execute(sql.SQL("truncate {}").format(tables))
        self._copy(
            "person", ((p.person_id, p.addressee_number, p.last_history_no, p.last_recorded_at) for p in batch.persons)
        )
        self._copy("household", ((h.household_id, h.household_number, h.last_recorded_at) for h in batch.households))
        self._copy("number", map(self._sealer.seal, batch.numbers))
        self._copy("change", map(_change_values, batch.changes))
        self._copy(
            "change_person",
            ((c.change_id, c.person_id, c.kind, c.role, c.history_no) for c in batch.change_persons),
        )
        self._copy("resident_state", map(state_values, batch.states))
        self._connection.execute(sql.SQL("analyze {}").format(tables))

    def _copy(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        target = sql.SQL("copy {} from stdin").format(sql.Identifier(f"bulk_{table}"))
        with self._connection.cursor().copy(target) as copy:
            for row in rows:
                copy.write_row(row)


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _change_values(row: ChangeRow) -> tuple[Any, ...]:
    return (
        row.change_id,
        row.reason.value,
        row.basis.value,
        *legal_date_values(row.change_date),
        row.notified_on,
        row.recorded_at,
        row.entrant,
        row.reviewer,
        row.decider,
        row.terminal,
        row.office,
        row.taken_over,
    )
