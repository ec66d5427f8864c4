"""Reading measures: one in full, and the work list that lets none be forgotten (STD 1.1.16, 2.2.4, 3.4; S20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide as decide_right
from daicho.access.errors import NotAvailable
from daicho.law.eras import format_wareki
from daicho.law.protection import SECTIONS, Period, extension_opens
from daicho.register.protection.measures import Measure, Protected, Step, opened_details
from daicho.register.store.faces import faces
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

STATES = {
    "provisional": "仮支援措置",
    "former": "仮支援措置(前住所地)",
    "decided": "支援中",
    "ending": "終了予定",
    "expired": "期間経過",
    "ended": "終了",
}
ACTS = {
    "provisional": "仮支援措置の設定",
    "receive": "転送の受付",
    "amend": "申出書の記録",
    "decide": "決定",
    "extend": "延長",
    "correct": "期間の訂正",
    "end": "終了",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of the work list."""

    protection_id: int
    number: str
    version: int
    state: str
    name: str
    kana: str
    people: int
    applied_on: date
    ends_on: date | None
    days_left: int | None
    untold: int
    """Sections that have not been told of the measure as it stands."""
    asked: int | None
    """A release that waits for the second person."""

    @property
    def word(self) -> str:
        """仮支援措置, 支援中 …"""
        return STATES[self.state]


def state_of(status: str, ends_on: date | None, applicant_resident: bool, today: date) -> str:
    """What a measure is called today. Who has moved away keeps it as 仮支援措置 of the former city (STD 3.4)."""
    if status in ("ended", "provisional"):
        return status
    if not applicant_resident:
        return "former"
    if ends_on is None:
        return "decided"
    if ends_on < today:
        return "expired"
    return "ending" if extension_opens(ends_on) <= today else "decided"


def warning(state: str, ends_on: date | None) -> tuple[str, str] | None:
    """Code and sentence for whoever opens the record: the end comes within a month, or has passed (STD 3.4)."""
    if state == "ending" and ends_on is not None:
        return "W060", f"区分Kの期限が1か月以内です({format_wareki(ends_on)}まで)。取扱担当に知らせてください。"
    if state == "expired" and ends_on is not None:
        return "W061", f"区分Kの期限を過ぎています({format_wareki(ends_on)}まで)。決定があるまで扱いは変わりません。"
    return None


_NOW = (
    "SELECT p.protection_id, p.protection_number, p.applicant_id, p.origin, p.origin_municipality, p.applied_on,"
    " n.version, n.status, n.provisional_on, n.starts_on, n.ends_on,"
    " (SELECT count(*) FROM register.protection_person x WHERE x.protection_id = p.protection_id) AS people,"
    " (SELECT count(*) FROM register.protection_notified t WHERE t.protection_id = p.protection_id"
    "   AND t.version >= coalesce((SELECT max(e.version) FROM register.protection_event e"
    "     WHERE e.protection_id = p.protection_id AND e.act NOT IN ('amend')), 0)) AS told,"
    " (SELECT min(r.release_id) FROM register.protection_release r WHERE r.protection_id = p.protection_id"
    "   AND NOT EXISTS (SELECT FROM register.protection_release_decision d WHERE d.release_id = r.release_id)) AS asked"
    " FROM register.protection p JOIN register.protection_now n USING (protection_id)"
)


def work_list(env: Environment, actor: Actor, *, ended: bool = False) -> tuple[Line, ...]:
    """Every measure in force, what is due first; `ended` lists the ended ones. Raises NotAllowed; on record.

    Nothing is filtered by date: a measure leaves this list by a decided end alone.
    """
    decide_right(actor, Right.PROTECTION_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        query = _NOW + (" WHERE n.status = 'ended'" if ended else " WHERE n.status <> 'ended'")
        rows = connection.execute((query + " ORDER BY p.received_at, p.protection_id LIMIT 2000").encode()).fetchall()
        known = faces(connection, env, [row["applicant_id"] for row in rows])
        record_act(
            connection,
            env,
            actor,
            Act.PROTECTION_LISTED,
            subjects=[row["applicant_id"] for row in rows],
            detail={"lines": len(rows)},
        )
    today = env.clock.today()
    lines = [_line(row, known[row["applicant_id"]].name, known[row["applicant_id"]].name_kana or "",
                   known[row["applicant_id"]].resident, today) for row in rows]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (_RANK[line.state], line.ends_on or line.applied_on, line.number)))


_RANK = {"expired": 0, "provisional": 1, "ending": 2, "former": 3, "decided": 4, "ended": 5}


def _line(row: Row, name: str, kana: str, resident: bool, today: date) -> Line:
    ends_on = row["ends_on"]
    return Line(
        protection_id=row["protection_id"],
        number=row["protection_number"],
        version=row["version"],
        state=state_of(row["status"], ends_on, resident, today),
        name=name,
        kana=kana,
        people=row["people"],
        applied_on=row["applied_on"],
        ends_on=ends_on,
        days_left=None if ends_on is None else (ends_on - today).days,
        untold=max(0, len(SECTIONS) - row["told"]),
        asked=row["asked"],
    )


def due(lines: Sequence[Line]) -> tuple[int, int, int]:
    """How many ends fall within 3, 14 and 30 days, those passed included: they stay due until decided."""
    left = [line.days_left for line in lines if line.days_left is not None]
    return (sum(d <= 3 for d in left), sum(d <= 14 for d in left), sum(d <= 30 for d in left))


def due_counts(connection: Connection, today: date) -> tuple[int, int, int]:
    """The same as counts alone, for the home screen: nobody is shown."""
    rows = connection.execute(
        "SELECT ends_on FROM register.protection_now WHERE status = 'decided' AND ends_on <= %s",
        (today + timedelta(days=30),),
    ).fetchall()
    left = [(row["ends_on"] - today).days for row in rows]
    return (sum(d <= 3 for d in left), sum(d <= 14 for d in left), sum(d <= 30 for d in left))


def open_measure(env: Environment, actor: Actor, protection_id: int) -> Measure:
    """One measure with counterpart and contacts, for its own page (STD 1.1.16, 2.2.4). Raises NotAllowed, NotAvailable."""
    decide_right(actor, Right.PROTECTION_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        row = connection.execute((_NOW + " WHERE p.protection_id = %s").encode(), (protection_id,)).fetchone()
        found = _measure(connection, env, row) if row else None
        subjects = [one.person_id for one in found.people] if found else []
        record_act(
            connection,
            env,
            actor,
            Act.PROTECTION_OPENED,
            subjects=subjects,
            refused=found is None,
            detail={"protection": protection_id} if found else {},
        )
    if found is None:
        raise NotAvailable
    return found


def measures_of(connection: Connection, person_id: int) -> list[tuple[int, str, date | None]]:
    """(id, status, end) of the measures in force for a person: for links and warnings on the person's page."""
    rows = connection.execute(
        "SELECT x.protection_id, n.status, n.ends_on FROM register.protected_person x"
        " JOIN register.protection_now n USING (protection_id) WHERE x.person_id = %s ORDER BY x.protection_id",
        (person_id,),
    )
    return [(row["protection_id"], row["status"], row["ends_on"]) for row in rows]


def _measure(connection: Connection, env: Environment, row: Row) -> Measure:
    protection_id = row["protection_id"]
    events = connection.execute(
        "SELECT * FROM register.protection_event WHERE protection_id = %s ORDER BY version", (protection_id,)
    ).fetchall()
    people = connection.execute(
        "SELECT * FROM register.protection_person WHERE protection_id = %s ORDER BY role, person_id", (protection_id,)
    ).fetchall()
    known = faces(connection, env, [one["person_id"] for one in people])
    forwards = connection.execute(
        "SELECT * FROM register.protection_forward WHERE protection_id = %s ORDER BY forwarded_on", (protection_id,)
    ).fetchall()
    told = connection.execute(
        "SELECT DISTINCT ON (section) section, version, notified_at FROM register.protection_notified"
        " WHERE protection_id = %s ORDER BY section, version DESC",
        (protection_id,),
    ).fetchall()
    return Measure(
        protection_id=protection_id,
        number=row["protection_number"],
        version=row["version"],
        status=row["status"],
        origin=row["origin"],
        origin_municipality=row["origin_municipality"],
        applied_on=row["applied_on"],
        provisional_on=row["provisional_on"],
        period=Period(row["starts_on"], row["ends_on"]) if row["starts_on"] else None,
        duties=tuple(events[-1]["duties"]),
        details=opened_details(env, events[-1]),
        people=tuple(
            Protected(
                person_id=one["person_id"],
                addressee_number=known[one["person_id"]].addressee_number,
                name=known[one["person_id"]].name,
                name_kana=known[one["person_id"]].name_kana,
                birth=known[one["person_id"]].birth,
                is_foreign=known[one["person_id"]].is_foreign,
                sex=known[one["person_id"]].sex,
                role=one["role"],
                relation=one["relation"],
                resident=known[one["person_id"]].resident,
                other_names=known[one["person_id"]].other_names,
            )
            for one in people
        ),
        forwards=tuple((one["municipality"], one["forwarded_on"]) for one in forwards),
        notified={one["section"]: (one["version"], one["notified_at"]) for one in told},
        steps=tuple(Step(e["version"], e["act"], e["status"], e["officer"], e["at"]) for e in events),
    )
