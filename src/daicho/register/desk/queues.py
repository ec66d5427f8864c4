"""The queues: what waits, for whom, and for how long (S02, S16). Waiting citizens first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

from daicho.law.reasons import Reason
from daicho.register.desk.forms.move_in import rows_of
from daicho.wire.environment import Connection, Row

WAITING: Mapping[str, tuple[str, ...]] = {
    "open": ("received", "provisional"),
    "returned": ("returned",),
    "review": ("checked",),
    "decision": ("reviewed",),
}
"""The statuses that make up each queue; a parked case waits where it was parked."""

_OPEN = ["received", "provisional", "returned", "checked", "reviewed", "parked"]
_PLACE: LiteralString = (
    "CASE WHEN status <> 'parked' THEN status WHEN parked_from = 'checked' THEN 'checked' ELSE 'received' END"
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases wait in a queue and since when the oldest does (None when none waits)."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list. `name` is who came, as typed at the counter."""

    case_number: str
    reason: Reason
    status: str
    counter_ticket: str | None
    name: str
    people: int
    office: str
    entrant: str
    entered_by: tuple[str, ...]
    holder: str | None
    reviewer: str | None
    focus: str | None
    park_reason: str | None
    parked_from: str | None
    round: int
    received_at: datetime
    updated_at: datetime
    sent_at: datetime | None
    warnings: int
    station: str
    station_note: str
    hidden: bool
    """A protected person is concerned: the list says neither who came nor how many are meant."""


_COLUMNS: LiteralString = (
    "SELECT case_number, reason, status, counter_ticket, reception, office, entrant, entered_by, holder, reviewer, focus,"
    " park_reason, parked_from, round, received_at, updated_at, sent_at, acknowledged, typed,"
    " station, station_note,"
    " (EXISTS (SELECT FROM register.case_person p JOIN register.protected_person x USING (person_id)"
    "   WHERE p.case_id = case_file.case_id)"
    "  OR EXISTS (SELECT FROM register.household h JOIN register.resident_current c USING (household_id)"
    "   JOIN register.protected_person x ON x.person_id = c.person_id"
    "   WHERE h.household_number = regexp_replace(case_file.typed ->> 'household', '[^0-9]', '', 'g'))) AS hidden"
    " FROM register.case_file"
)


def counts(connection: Connection, office: str) -> dict[str, Count]:
    """Count and oldest age per queue of an office."""
    rows = connection.execute(
        "SELECT " + _PLACE + " AS status, count(*) AS n,"  # noqa: S608 - both parts are ours
        " min(CASE WHEN status = 'checked' THEN sent_at ELSE received_at END) AS oldest"
        " FROM register.case_file WHERE office = %s AND status = ANY (%s) GROUP BY 1",
        (office, _OPEN),
    ).fetchall()
    found = {row["status"]: row for row in rows}
    return {name: _count([found[s] for s in statuses if s in found]) for name, statuses in WAITING.items()}


def _count(rows: list[Row]) -> Count:
    return Count(sum(row["n"] for row in rows), min((row["oldest"] for row in rows), default=None))


def waiting(connection: Connection, office: str, queue: str, limit: int = 50) -> list[Line]:
    """The cases of a queue of an office, longest wait first."""
    return _lines(
        connection.execute(
            _COLUMNS + " WHERE office = %s AND status = ANY (%s) AND " + _PLACE + " = ANY (%s)"
            " ORDER BY received_at, case_number LIMIT %s",
            (office, _OPEN, list(WAITING[queue]), limit),
        )
    )


def own_unfinished(connection: Connection, officer: str, limit: int = 20) -> list[Line]:
    """What an officer has put aside or got back, newest first."""
    return _lines(
        connection.execute(
            _COLUMNS + " WHERE entrant = %s AND status IN ('parked', 'returned') ORDER BY updated_at DESC LIMIT %s",
            (officer, limit),
        )
    )


def own_sent(connection: Connection, officer: str, limit: int = 20) -> list[Line]:
    """What an officer has sent to review and is not registered yet, oldest first."""
    return _lines(
        connection.execute(
            _COLUMNS + " WHERE entrant = %s AND status IN ('checked', 'reviewed') ORDER BY sent_at LIMIT %s",
            (officer, limit),
        )
    )


def registered_today(connection: Connection, office: str, since: datetime, limit: int = 20) -> list[Line]:
    """What was registered since an instant, newest first."""
    return _lines(
        connection.execute(
            _COLUMNS
            + " WHERE office = %s AND status = 'registered' AND ended_at >= %s ORDER BY ended_at DESC LIMIT %s",
            (office, since, limit),
        )
    )


def _lines(rows: Iterable[Row]) -> list[Line]:
    return [
        Line(
            case_number=row["case_number"],
            reason=Reason(row["reason"]),
            status=row["status"],
            counter_ticket=row["counter_ticket"],
            name="" if row["hidden"] else row["reception"].get("name") or row["typed"].get("p1.name", ""),
            people=0 if row["hidden"] else people_of(row["typed"]),
            office=row["office"],
            entrant=row["entrant"],
            entered_by=tuple(row["entered_by"]),
            holder=row["holder"],
            reviewer=row["reviewer"],
            focus=row["focus"],
            park_reason=row["park_reason"],
            parked_from=row["parked_from"],
            round=row["round"],
            received_at=row["received_at"],
            updated_at=row["updated_at"],
            sent_at=row["sent_at"],
            warnings=len(row["acknowledged"].get("codes", [])),
            station=row["station"],
            station_note=row["station_note"] or "",
            hidden=row["hidden"],
        )
        for row in rows
    ]


def people_of(typed: Mapping[str, str]) -> int:
    """How many people a case is about, from what was typed so far."""
    chosen = sum(1 for name, value in typed.items() if name.startswith("m.") and value == "1")
    return chosen or len(rows_of(typed)) or (1 if typed.get("person") or typed.get("new_head") else 0)


@dataclass(frozen=True, slots=True)
class Today:
    """The counter's day: figures, and receptions per hour today and on the same day a week ago."""

    received: int
    registered: int
    average_minutes: int
    hours: tuple[tuple[int, int, int], ...]


def today_of(connection: Connection, office: str, midnight: datetime) -> Today:
    """Figures since local midnight, for an office."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE received_at >= %(from)s) AS received,"
        " count(*) FILTER (WHERE status = 'registered' AND ended_at >= %(from)s) AS registered,"
        " coalesce(avg(extract(epoch FROM ended_at - received_at))"
        "  FILTER (WHERE status = 'registered' AND ended_at >= %(from)s), 0) AS seconds"
        " FROM register.case_file WHERE office = %(office)s AND (received_at >= %(from)s OR ended_at >= %(from)s)",
        {"office": office, "from": midnight},
    ).fetchone()
    values = row or {"received": 0, "registered": 0, "seconds": 0}
    return Today(
        received=values["received"],
        registered=values["registered"],
        average_minutes=round(float(values["seconds"]) / 60),
        hours=_hours(connection, office, midnight),
    )


def _hours(connection: Connection, office: str, midnight: datetime) -> tuple[tuple[int, int, int], ...]:
    found = {}
    for start in (midnight, midnight - timedelta(days=7)):
        rows = connection.execute(
            "SELECT extract(hour FROM received_at - %(from)s)::integer AS hour, count(*) AS n FROM register.case_file"
            " WHERE office = %(office)s AND received_at >= %(from)s AND received_at < %(until)s GROUP BY 1",
            {"office": office, "from": start, "until": start + timedelta(days=1)},
        )
        found[start] = {row["hour"]: row["n"] for row in rows}
    today, before = found[midnight], found[midnight - timedelta(days=7)]
    return tuple((hour, today.get(hour, 0), before.get(hour, 0)) for hour in range(8, 17))


DEADLINES = ("在留期間の満了", "転出予定の日")


def deadlines(connection: Connection, today: date) -> list[tuple[str, tuple[int, int, int]]]:
    """How many ends of stay and planned move-outs fall within 3, 14 and 30 days."""
    queries: tuple[tuple[str, LiteralString], ...] = (
        (
            DEADLINES[0],
            "SELECT stay_until AS day FROM register.resident_state WHERE stay_until IS NOT NULL AND upper_inf(known)"
            " AND stay_until BETWEEN %s AND %s AND status = 'resident' AND valid @> stay_until",
        ),
        (
            DEADLINES[1],
            "SELECT removed_from AS day FROM register.resident_current WHERE removed_from BETWEEN %s AND %s",
        ),
    )
    found = []
    for word, query in queries:
        days = [row["day"] for row in connection.execute(query, (today, today + timedelta(days=30)))]
        within = [sum(day <= today + timedelta(days=n) for day in days) for n in (3, 14, 30)]
        found.append((word, (within[0], within[1], within[2])))
    return found
