"""未付番者: residents who have no resident code yet, and how the stock of free codes stands (STD 4.3.1)."""

from dataclasses import dataclass

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.law.dates import LegalDate
from daicho.register.store import code_stock
from daicho.register.store.code_stock import Stock
from daicho.register.store.shield import look
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Environment

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One resident without a code."""

    person_id: int
    household_id: int
    name: str
    name_kana: str | None
    birth: LegalDate
    is_foreign: bool
    address: str


def without_code(env: Environment, actor: Actor) -> tuple[tuple[Line, ...], Stock]:
    """The first `MOST` of them, without those who are hidden (`shield`), and the stock. Raises NotAllowed; whoever is shown stands in the trail."""
    decide(actor, Right.PERSON_READ, on=env.clock.today(), purpose=Purpose.EX_OFFICIO)
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT c.person_id, c.household_id, c.name, c.name_kana, c.birth, c.is_foreign, c.address"
            " FROM register.resident_state s JOIN register.resident_current c USING (state_id)"
            " WHERE s.resident_code_id IS NULL AND s.status = 'resident' AND upper_inf(s.known)"
            " AND c.person_id NOT IN (SELECT register.all_shielded(%s::date, %s::timestamptz))"
            " ORDER BY c.person_id LIMIT %s",
            (env.clock.today(), env.clock.now(), MOST),
        ).fetchall()
        hidden = look(connection, env, actor, [row["person_id"] for row in rows]).hidden
        rows = [row for row in rows if row["person_id"] not in hidden]
        stock = code_stock.level(connection)
        record_act(
            connection,
            env,
            actor,
            Act.SEARCH,
            purpose=Purpose.EX_OFFICIO,
            subjects=[row["person_id"] for row in rows],
            detail={"list": "without_code", "found": len(rows)},
        )
    lines = tuple(Line(**{**row, "birth": LegalDate(row["birth"])}) for row in rows)
    return lines, stock


def set_warning(env: Environment, actor: Actor, warn_below: int) -> None:
    """Set below how many free codes a warning is shown. Raises NotAllowed."""
    decide(actor, Right.CASE_DECIDE, on=env.clock.today())
    with env.database.transaction() as connection:
        code_stock.set_level(connection, warn_below)
