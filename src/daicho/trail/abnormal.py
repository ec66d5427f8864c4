"""What of a month is out of the ordinary: counts by user ID and hour, read in one pass, judged here by plain limits.

The limits are low on purpose: each line is a question to the officer's superior, not a reproach (R-ACQ-20, STD 10.2).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.reports import Period
from daicho.wire.environment import Environment

OPENS, CLOSES = 7, 20
"""Outside of these hours is night."""
SEARCHES_AN_HOUR = 60
LOOKS_AN_HOUR = 150
FAILURES_A_DAY = 3
REFUSALS_A_DAY = 5
NUMBERS_A_DAY = 50

_HOURS = """
SELECT officer, date_trunc('hour', at AT TIME ZONE 'Asia/Tokyo') AS hour, count(*) AS acts,
    count(*) FILTER (WHERE act IN ('person.search', 'person.candidates')) AS searches,
    count(*) FILTER (WHERE act IN ('person.search', 'person.open', 'household.open', 'history.open')) AS looks,
    count(*) FILTER (WHERE act IN ('signon.failed', 'signon.unlock_failed', 'signon.locked_out')) AS failures,
    count(*) FILTER (WHERE refused AND act NOT LIKE 'signon.%%') AS refusals,
    count(*) FILTER (WHERE number_shown) AS numbers
FROM trail.entry WHERE at >= %s AND at < %s AND act <> 'signon.lock'
GROUP BY 1, 2
"""

_WATCHED = """
SELECT e.officer, date_trunc('hour', e.at AT TIME ZONE 'Asia/Tokyo') AS hour, count(*) AS looks
FROM trail.subject s JOIN trail.entry e ON e.at = s.at AND e.entry_id = s.entry_id
WHERE s.person_id = ANY (%s::bigint[]) AND s.at >= %s AND s.at < %s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Hour:
    """What one user ID did in one hour of Japanese time (`hour` without zone)."""

    officer: str
    hour: datetime
    acts: int
    searches: int
    looks: int
    failures: int
    refusals: int
    numbers: int


@dataclass(frozen=True, slots=True)
class Oddity:
    """One line: who, on which day, within which hours, how many."""

    officer: str
    day: date
    first_hour: int
    last_hour: int
    count: int


@dataclass(frozen=True, slots=True)
class Abnormal:
    """The lists of a period, each in order of days and user IDs."""

    nights: tuple[Oddity, ...]
    days_off: tuple[Oddity, ...]
    failures: tuple[Oddity, ...]
    searches: tuple[Oddity, ...]
    refusals: tuple[Oddity, ...]
    numbers: tuple[Oddity, ...]
    watched: tuple[Oddity, ...] = ()


def abnormal(
    env: Environment,
    actor: Actor,
    period: Period,
    is_day_off: Callable[[date], bool],
    *,
    watched: Sequence[int] = (),
    form: str = "screen",
) -> Abnormal:
    """What is out of the ordinary in a period. `watched`: persons of whom every look counts. Raises NotAllowed."""
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(_HOURS, (period.since, period.until)).fetchall()
        found = judge([Hour(**row) for row in rows], is_day_off)
        looks = connection.execute(_WATCHED, (list(watched), period.since, period.until)).fetchall()
        counted = [(Hour(row["officer"], row["hour"], 0, 0, 0, 0, 0, 0), row["looks"]) for row in looks]
        found = replace(found, watched=_by_day(counted))
        record_act(connection, env, actor, Act.TRAIL_ABNORMAL, detail={"form": form, "hours": len(rows)})
    return found


def judge(hours: Iterable[Hour], is_day_off: Callable[[date], bool]) -> Abnormal:
    """The lists, from counts by the hour."""
    known = list(hours)
    off = {day: is_day_off(day) for day in {one.hour.date() for one in known}}
    open_days = [one for one in known if not off[one.hour.date()]]
    return Abnormal(
        nights=_by_day((one, one.acts) for one in open_days if not OPENS <= one.hour.hour < CLOSES),
        days_off=_by_day((one, one.acts) for one in known if off[one.hour.date()]),
        failures=_by_day(((one, one.failures) for one in known), FAILURES_A_DAY),
        searches=tuple(
            Oddity(one.officer, one.hour.date(), one.hour.hour, one.hour.hour, max(one.searches, one.looks))
            for one in sorted(known, key=lambda one: (one.hour, one.officer))
            if one.searches >= SEARCHES_AN_HOUR or one.looks >= LOOKS_AN_HOUR
        ),
        refusals=_by_day(((one, one.refusals) for one in known), REFUSALS_A_DAY),
        numbers=_by_day(((one, one.numbers) for one in known), NUMBERS_A_DAY),
    )


def _by_day(counted: Iterable[tuple[Hour, int]], least: int = 1) -> tuple[Oddity, ...]:
    days: defaultdict[tuple[date, str], list[tuple[int, int]]] = defaultdict(list)
    for one, count in counted:
        if count:
            days[one.hour.date(), one.officer].append((one.hour.hour, count))
    found = []
    for (day, officer), parts in sorted(days.items()):
        total = sum(count for _, count in parts)
        if total >= least:
            found.append(Oddity(officer, day, min(hour for hour, _ in parts), max(hour for hour, _ in parts), total))
    return tuple(found)
