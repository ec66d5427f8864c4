"""Loading many persons at once: the rows the one door would have written, in sets (design, section 4).

COPY into temporary tables what may clash, checks by statement, INSERT, COPY of the rest, household rules once for the
batch. Nothing is planned here:
the rows come from `daicho.register.changes.timeline`, encoded by `bulk_encode.encode`. Derived tables are not touched:
call `derived.rebuild` or `derived.refresh` afterwards, in the last transaction of the load.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import psycopg
from psycopg import sql

from daicho.law.errors import DaichoError
from daicho.register.store.bulk_encode import COLUMNS, EncodedBatch, EncodedTable
from daicho.wire.environment import Connection

_STAGED = ("person", "household", "number")
"""Tables whose rows may clash with what is registered; all others follow from them and go straight in."""


class BatchRefused(DaichoError):
    """The batch does not fit what is registered; nothing of it was written. data: rule; `ids` says where."""

    code = "S050"
    status = 409
    happened = "まとめて登録しようとした内容が、登録の決まりに合いません({rule})。"
    kept = "このまとまりは一件も登録していません。"
    todo = "取込みの結果で、対象の世帯と個人を確かめてください。"
    rules: ClassVar[dict[str, str]] = {
        "card number in use": "在留カード等の番号がほかの住民に記録されている",
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
        "select s.person_id as id from bulk_number s join register.number n"
        " on n.kind = s.kind and n.blind_index = s.blind_index and n.released_at is null"
        " where s.released_at is null"
        " union select unnest(array_agg(person_id)) from bulk_number where released_at is null group by kind, blind_index having count(*) > 1",
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

    def __init__(self, connection: Connection, *, analyze: bool = True) -> None:
        """`analyze`: renew the planner's statistics after the first batch. Temporary tables last for the session."""
        self._connection = connection
        self._analyze = analyze
        for table in _STAGED:
            connection.execute(
                sql.SQL("create temp table if not exists {} as select {} from register.{} with no data").format(
                    sql.Identifier(f"bulk_{table}"), _names(COLUMNS[table]), sql.Identifier(table)
                )
            )

    def load(self, batch: EncodedBatch) -> None:
        """Write one batch. Raises BatchRefused; the caller's transaction must then be rolled back."""
        self._stage(batch)
        for fault, query in _CHECKS:
            refused = self._connection.execute(query.encode()).fetchall()
            if refused:
                raise BatchRefused(fault, [row["id"] for row in refused])
        self._connection.execute("set local daicho.bulk = 'on'")
        for table, columns in COLUMNS.items():
            if table in _STAGED:
                self._insert(table, columns)
            else:
                with _cards_refused(self._connection):
                    self._copy(f"register.{table}", batch.tables[table])
        if self._analyze:
            # Without statistics of the first rows the household check would be planned for an empty table.
            self._connection.execute("select register.analyze_store()")
            self._analyze = False
        self._check_households(batch)

    def _check_households(self, batch: EncodedBatch) -> None:
        faults = self._connection.execute(
            "select household_id, fault from register.household_faults(%s) order by fault, household_id",
            (list(batch.households),),
        ).fetchall()
        if faults:
            fault = faults[0]["fault"]
            raise BatchRefused(fault, sorted({row["household_id"] for row in faults if row["fault"] == fault}))

    def _stage(self, batch: EncodedBatch) -> None:
        """What is checked against the register first goes into temporary tables."""
        self._connection.execute("truncate bulk_person, bulk_household, bulk_number")
        for table in _STAGED:
            self._copy(f"bulk_{table}", batch.tables[table])
        # The key columns are all that the checks join by.
        self._connection.execute(
            "analyze bulk_person (addressee_number), bulk_household (household_number), bulk_number (kind, blind_index)"
        )

    def _insert(self, table: str, columns: Sequence[str]) -> None:
        self._connection.execute(
            sql.SQL("insert into register.{} ({}) select {} from {} order by 1").format(
                sql.Identifier(table), _names(columns), _names(columns), sql.Identifier(f"bulk_{table}")
            )
        )

    def _copy(self, name: str, table: EncodedTable) -> None:
        if not table.text:
            return
        target = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(*name.split(".")), _names(table.columns))
        with self._connection.cursor().copy(target) as copy:
            copy.write(table.text)


@contextmanager
def _cards_refused(connection: Connection) -> Iterator[None]:
    """A card that stands on another resident, in the register or earlier in the batch, as a refusal of that person."""
    try:
        with connection.transaction():
            yield
    except psycopg.errors.ExclusionViolation as error:
        holder = _PERSON.search(error.diag.message_detail or "")
        if error.diag.constraint_name != "one_card_per_person_and_time" or holder is None:
            raise
        raise BatchRefused("card number in use", [int(holder[1])]) from None


_PERSON = re.compile(r"=\([^,]+, (\d+),")
"""The person of the row that was refused, in the words of the database: Key (card, person, ...)=(..., 12, ...)."""


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
