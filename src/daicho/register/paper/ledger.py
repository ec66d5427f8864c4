"""The ledger of issues: search by the items of STD 1.3.8, and every sheet of a day accounted for (the print queue S19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.register.paper.authority import Item
from daicho.register.paper.kinds.catalogue import KINDS
from daicho.register.paper.lookup import LINES, STATUS_WORDS, IssueLine, line_of
from daicho.register.store.shield import look
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; empty means any. `addressee_number` names a person, `overflow` only broken texts (STD 5.8).

    `item` is something printed because it was asked for or belongs to the kind, `sheets` the number of sheets.
    """

    since: date
    until: date
    kind: str = ""
    status: str = ""
    terminal: str = ""
    officer: str = ""
    office: str = ""
    number: str = ""
    addressee_number: str = ""
    overflow: bool = False
    item: str = ""
    sheets: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Papers and sheets of one terminal over the days looked at, by what became of them."""

    terminal: str
    papers: int
    sheets: int
    reserved: int
    issued: int
    voided: int
    misprinted: int


@dataclass(frozen=True, slots=True)
class Found:
    """The papers found, newest first, the tally of each terminal, and the earliest day that is kept."""

    lines: tuple[IssueLine, ...]
    tallies: tuple[Tally, ...]
    kept_since: date
    more: bool


def find(env: Environment, actor: Actor, wanted: Wanted) -> Found:
    """Search the issues. Raises NotAllowed; one trail entry with everybody who stands on the papers found."""
    today = env.clock.today()
    require_right(actor, Right.CERTIFICATE_HISTORY, on=today)
    with env.database.transaction() as connection:
        kept_since = _kept_since(connection, today)
        where, values = _conditions(wanted, max(wanted.since, kept_since))
        query = f"{LINES} WHERE {where} ORDER BY c.certificate_id DESC LIMIT {MOST + 1}"
        rows = connection.execute(query.encode(), values).fetchall()
        shown, people = _open_to(connection, env, actor, rows[:MOST])
        detail = {"lines": len(shown)}
        record_act(connection, env, actor, Act.CERTIFICATE_HISTORY, subjects=sorted(people), detail=detail)
        tallies = _tallies(connection, where, values)
    return Found(tuple(line_of(row) for row in shown), tallies, kept_since, len(rows) > MOST)


def _open_to(connection: Connection, env: Environment, actor: Actor, rows: Sequence[Row]) -> tuple[list[Row], set[int]]:
    """The papers without those of hidden people, and who stands on them: where one was issued tells where somebody is."""
    people_of: dict[int, set[int]] = {row["certificate_id"]: set() for row in rows}
    for row in connection.execute(
        "SELECT certificate_id, person_id FROM register.certificate_person WHERE certificate_id = ANY (%s::bigint[])",
        (list(people_of),),
    ):
        people_of[row["certificate_id"]].add(row["person_id"])
    shield = look(connection, env, actor, set().union(*people_of.values()))
    shown = [
        row
        for row in rows
        if not shield.hidden & people_of[row["certificate_id"]] and row["household_id"] not in shield.homes
    ]
    return shown, set().union(*(people_of[row["certificate_id"]] for row in shown))


def _kept_since(connection: Connection, today: date) -> date:
    """The first day of the period that the city keeps the history (STD 1.3.8); older issues are not shown any more."""
    row = connection.execute("SELECT value FROM register.paper_setting WHERE name = 'history_years'").fetchone()
    years = int(row["value"]) if row else 5
    return date(today.year - years, today.month, min(today.day, 28))


def _conditions(wanted: Wanted, since: date) -> tuple[str, list[object]]:
    parts: list[str] = ["c.issued_on BETWEEN %s AND %s"]
    values: list[object] = [since, wanted.until]
    for column, value in (
        ("a.kind", wanted.kind if wanted.kind in KINDS else ""),
        ("c.status", wanted.status if wanted.status in STATUS_WORDS else ""),
        ("c.terminal", wanted.terminal),
        ("a.officer", wanted.officer),
        ("a.office", wanted.office),
    ):
        if value:
            parts.append(f"{column} = %s")
            values.append(value)
    if wanted.number:
        parts.append("array_to_string(c.number_parts, ' ') LIKE %s")
        values.append("%" + " ".join(wanted.number.replace("%", "").split()) + "%")
    if wanted.addressee_number:
        parts.append(
            "c.certificate_id IN (SELECT certificate_id FROM register.certificate_person"
            " JOIN register.person USING (person_id) WHERE addressee_number = %s)"
        )
        values.append(wanted.addressee_number)
    if wanted.item in set(Item):
        parts.append("(%s = ANY (a.items) OR a.kind = ANY (%s))")
        values += [wanted.item, [kind.code for kind in KINDS.values() if wanted.item in kind.always]]
    if wanted.sheets is not None:
        parts.append("jsonb_array_length(c.pages) = %s")
        values.append(wanted.sheets)
    if wanted.overflow:
        parts.append("c.tight <> '[]'::jsonb")
    return " AND ".join(parts), values


def _tallies(connection: Connection, where: str, values: Sequence[object]) -> tuple[Tally, ...]:
    query = (
        "SELECT c.terminal, count(*) AS papers, sum(jsonb_array_length(c.pages)) AS sheets,"
        " count(*) FILTER (WHERE c.status = 'reserved') AS reserved,"
        " count(*) FILTER (WHERE c.status = 'issued') AS issued,"
        " count(*) FILTER (WHERE c.status = 'voided') AS voided,"
        " count(*) FILTER (WHERE c.status = 'misprinted') AS misprinted"
        " FROM register.certificate c JOIN register.certificate_application a USING (application_id)"
    )
    grouped = f"{query} WHERE {where} GROUP BY c.terminal ORDER BY c.terminal"
    return tuple(Tally(**row) for row in connection.execute(grouped.encode(), values))
