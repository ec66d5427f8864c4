"""転入通知未着: who has left the city without a notice of arrival from the municipality of arrival (STD 4.1.3.1.4)."""

from dataclasses import dataclass
from datetime import date, timedelta

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Environment

MOST = 500
YEAR = 366
"""Days after which an awaited notice is no longer among the usual work; the list can show all of them."""
_REASONS = [Reason.MOVE_OUT.word, Reason.EX_OFFICIO_REMOVAL.word]


@dataclass(frozen=True, slots=True)
class Awaited:
    """One removed record without a notice: where the person said to go, and for how many days nothing has come."""

    person_id: int
    household_id: int
    household_number: str
    name: str
    name_kana: str | None
    birth: LegalDate
    is_foreign: bool
    reason: str
    removed_on: date
    planned_address: str | None
    days: int

    @property
    def is_notified(self) -> bool:
        """Whether the person notified a move out, which can be withdrawn, and was not removed ex officio."""
        return self.reason == Reason.MOVE_OUT.word


def awaited(env: Environment, actor: Actor, *, everything: bool = False, most: int = MOST) -> tuple[Awaited, ...]:
    """The first `most`, the longest waiting first, without those who are hidden; of the last year unless asked for all.

    National moves out whose day has come, and removals ex officio. Raises NotAllowed; whoever is shown stands in the trail.
    """
    today = env.clock.today()
    decide(actor, Right.PERSON_READ, on=today, purpose=Purpose.EX_OFFICIO)
    since = date(1, 1, 1) if everything else today - timedelta(days=YEAR)
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT s.person_id, s.household_id, h.household_number, s.name, s.name_kana, s.birth, s.is_foreign,"
            " s.removed_reason AS reason, lower(s.valid) AS removed_on, s.planned_address"
            " FROM register.resident_state s JOIN register.household h USING (household_id)"
            " WHERE s.status IN ('moved_out', 'removed') AND s.arrival_notice_on IS NULL AND upper_inf(s.known)"
            " AND upper_inf(s.valid) AND lower(s.valid) BETWEEN %s AND %s AND s.removed_reason = ANY (%s)"
            " AND s.person_id NOT IN (SELECT register.all_shielded(%s::date, %s::timestamptz))"
            " ORDER BY lower(s.valid), s.household_id, s.household_order, s.person_id LIMIT %s",
            (since, today, _REASONS, today, env.clock.now(), most),
        ).fetchall()
        record_act(
            connection,
            env,
            actor,
            Act.SEARCH,
            purpose=Purpose.EX_OFFICIO,
            subjects=[row["person_id"] for row in rows],
            detail={"list": "awaited_notices", "found": len(rows)},
        )
    return tuple(
        Awaited(**{**row, "birth": LegalDate(row["birth"])}, days=(today - row["removed_on"]).days) for row in rows
    )
