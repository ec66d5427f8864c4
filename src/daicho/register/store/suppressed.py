"""抑止対象者一覧: who is suppressed, from what, and whose planned end has passed (STD 9.2)."""

from dataclasses import dataclass
from datetime import date

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.law.dates import LegalDate
from daicho.register.store.suppression import REASONS, Level
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Environment

MOST = 500


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One person and one suppression that is not released; `overdue` when its planned end has passed."""

    person_id: int
    household_number: str
    name: str
    name_kana: str | None
    birth: LegalDate
    is_foreign: bool
    of_household: bool
    on_change: Level
    on_issue: Level
    on_inquiry: Level
    from_on: date
    until_on: date | None
    reason: str
    overdue: bool
    lifted: bool


def suppressed(env: Environment, actor: Actor, *, most: int = MOST) -> tuple[Suppressed, ...]:
    """The first `most`, the earliest planned end first, without those who are hidden. Raises NotAllowed; the look is on record."""
    today, now = env.clock.today(), env.clock.now()
    decide(actor, Right.SUPPRESSION_SET, on=today)
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT c.person_id, h.household_number, c.name, c.name_kana, c.birth, c.is_foreign, s.household_id IS NOT NULL AS of_household,"
            " s.on_change, s.on_issue, s.on_inquiry, s.from_on, s.until_on, s.reason,"
            " coalesce(s.until_on < %(today)s::date, false) AS overdue,"
            " EXISTS (SELECT FROM register.suppression_lift l WHERE l.suppression_id = s.suppression_id"
            "  AND l.from_at <= %(now)s AND %(now)s < l.until_at) AS lifted"
            " FROM register.suppression s JOIN LATERAL ("
            "  SELECT * FROM register.resident_current p WHERE p.person_id = s.person_id"
            "  UNION ALL SELECT * FROM register.resident_current p WHERE p.household_id = s.household_id"
            "  AND p.status = 'resident' AND (p.removed_from IS NULL OR p.removed_from > %(today)s::date)) c ON true"
            " JOIN register.household h ON h.household_id = c.household_id"
            " WHERE NOT EXISTS (SELECT FROM register.suppression_release r WHERE r.suppression_id = s.suppression_id)"
            " AND c.person_id NOT IN (SELECT register.all_shielded(%(today)s::date, %(now)s::timestamptz))"
            " ORDER BY s.until_on, s.suppression_id, c.household_order, c.person_id LIMIT %(most)s",
            {"today": today, "now": now, "most": most},
        ).fetchall()
        record_act(
            connection,
            env,
            actor,
            Act.SEARCH,
            subjects=sorted({row["person_id"] for row in rows}),
            detail={"list": "suppressed", "found": len(rows)},
        )
    return tuple(
        Suppressed(**{**row, "birth": LegalDate(row["birth"]), "reason": REASONS[row["reason"]]}) for row in rows
    )
