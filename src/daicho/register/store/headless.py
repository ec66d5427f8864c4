"""世帯主のいない世帯: whose head has left while two or more stay, and who is asked to name one (STD 4.0.4, 4.0.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.timeline import StateRow
from daicho.register.store.read import live_rows
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

MOST = 500


@dataclass(frozen=True, slots=True)
class Headless:
    """One household without a head: since when, by which change, who is written to, and when that was done."""

    household_id: int
    household_number: str
    person_id: int
    name: str
    name_kana: str | None
    birth: LegalDate
    is_foreign: bool
    members: int
    since: date
    days: int
    reason: Reason
    asked_on: date | None


def headless(env: Environment, actor: Actor, *, everything: bool = False, most: int = MOST) -> tuple[Headless, ...]:
    """The first `most`, the longest without head first, without those who are hidden.

    Households that have none by their own notification (世帯主を設定しない) are left out unless `everything` is asked for.
    The one written to is the highest member as the records stood before the head left. Raises NotAllowed; whoever is
    shown stands in the trail.
    """
    today = env.clock.today()
    decide(actor, Right.PERSON_READ, on=today, purpose=Purpose.EX_OFFICIO)
    with env.database.transaction() as connection:
        firsts = _firsts(connection, env)
        lines = [_line(row, begun, today) for row, begun in _begun(connection, firsts)]
        wanted = [line for line in lines if everything or line.reason is not Reason.HEAD_CHANGE]
        shown = sorted(wanted, key=lambda line: (line.since, line.household_id))[:most]
        record_act(
            connection,
            env,
            actor,
            Act.SEARCH,
            purpose=Purpose.EX_OFFICIO,
            subjects=[line.person_id for line in shown],
            detail={"list": "headless", "found": len(shown)},
        )
    return tuple(shown)


def _firsts(connection: Connection, env: Environment) -> Sequence[Row]:
    """The first member of each household without a head today, with the day of the latest letter."""
    today = env.clock.today()
    return connection.execute(
        "SELECT DISTINCT ON (s.household_id) s.household_id, h.household_number, s.person_id, s.name, s.name_kana,"
        " s.birth, s.is_foreign, count(*) OVER (PARTITION BY s.household_id) AS members, ("
        "  SELECT max(c.issued_on) FROM register.certificate_application a JOIN register.certificate c"
        "  USING (application_id) WHERE a.household_id = s.household_id AND a.kind = 'head_change_request'"
        "  AND c.status = 'issued') AS asked_on"
        " FROM register.resident_state s JOIN register.household h USING (household_id)"
        " WHERE s.head_absent AND s.status = 'resident' AND upper_inf(s.known) AND s.valid @> %s::date"
        " AND s.person_id NOT IN (SELECT register.all_shielded(%s::date, %s::timestamptz))"
        " ORDER BY s.household_id, s.household_order, s.person_id",
        (today, today, env.clock.now()),
    ).fetchall()


def _begun(connection: Connection, firsts: Sequence[Row]) -> list[tuple[Row, tuple[StateRow, Reason]]]:
    """Each household with the state that first had no head, and the reason of the change that made it."""
    rows = live_rows(connection, [row["person_id"] for row in firsts])
    begun = {row["household_id"]: _first_without(rows[row["person_id"]], row["household_id"]) for row in firsts}
    reasons = {
        row["change_id"]: Reason(row["reason"])
        for row in connection.execute(
            "SELECT change_id, reason FROM register.change WHERE change_id = ANY (%s::bigint[])",
            ([state.made_by for state in begun.values()],),
        )
    }
    return [(row, (state, reasons[state.made_by])) for row in firsts for state in [begun[row["household_id"]]]]


def _first_without(states: Sequence[StateRow], household_id: int) -> StateRow:
    """The beginning of the last unbroken run of states of this household without a head."""
    run: list[StateRow] = []
    for state in states:
        if state.record.head_absent and state.record.is_resident and state.record.household_id == household_id:
            run.append(state)
        elif run and state.record.is_resident:
            run = []
    return run[0]


def _line(row: Row, begun: tuple[StateRow, Reason], today: date) -> Headless:
    state, reason = begun
    since = state.valid_from
    asked = row["asked_on"] if row["asked_on"] is not None and row["asked_on"] >= since else None
    shown = {**row, "birth": LegalDate(row["birth"]), "asked_on": asked}
    return Headless(**shown, since=since, days=(today - since).days, reason=reason)
