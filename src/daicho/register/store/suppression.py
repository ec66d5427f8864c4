"""Suppression (抑止): setting, release, temporary release, and what it holds back (STD 3.1; 9.2).

A suppression never ends by itself: its end day only marks it as overdue. A temporary release works by the clock inside
the query and reverts with it; no job, no message to anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, LiteralString

from psycopg import errors as pg

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide, holds
from daicho.access.errors import NotAvailable
from daicho.register.store import messages
from daicho.register.store.protection_errors import ChangeSuppressed, ItemMissing, NotInThatState
from daicho.register.store.shield import look, shielded
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

Level = Literal["none", "alert", "error"]
LEVELS: dict[Level, str] = {"none": "抑止なし", "alert": "アラート", "error": "エラー"}
REASONS = {
    "01": "本人からの申出",
    "02": "住所の実態調査中",
    "03": "届出の確認中",
    "04": "裁判所・捜査機関などの依頼",
    "05": "名寄せ・同一人の確認中",
    "09": "その他",
}
LONGEST_LIFT = 8 * 60
"""Minutes of the longest temporary release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is to be suppressed: one person or one household, a level per process, from a day on."""

    person_id: int | None = None
    household_id: int | None = None
    on_change: Level = "none"
    on_issue: Level = "none"
    on_inquiry: Level = "none"
    from_on: date
    until_on: date | None = None
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A suppression in force; `overdue` when its planned end has passed, `lifted_until` while temporarily released."""

    suppression_id: int
    of_household: bool
    on_change: Level
    on_issue: Level
    on_inquiry: Level
    from_on: date
    until_on: date | None
    reason: str
    note: str
    officer: str
    set_at: datetime
    overdue: bool
    lifted_until: datetime | None


def set_suppression(env: Environment, actor: Actor, wanted: Setting) -> int:
    """Suppress (抑止設定), told to the systems concerned in the same transaction.

    Raises NotAllowed, ItemMissing, NotAvailable.
    """
    decide(actor, Right.SUPPRESSION_SET, on=env.clock.today())
    _check(wanted)
    with env.database.transaction() as connection:
        people = _lock(connection, wanted.person_id, wanted.household_id)
        now = env.clock.now()
        [suppression_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.suppression (suppression_id, person_id, household_id, on_change, on_issue, on_inquiry,"
            " from_on, until_on, reason, note, officer, terminal, set_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                suppression_id,
                wanted.person_id,
                wanted.household_id,
                wanted.on_change,
                wanted.on_issue,
                wanted.on_inquiry,
                wanted.from_on,
                wanted.until_on,
                wanted.reason,
                wanted.note.strip(),
                actor.officer_id,
                actor.terminal_id,
                now,
            ),
        )
        messages.put_suppressions(connection, env, people, now)
        _note(connection, env, actor, Act.SUPPRESSION_SET, people, suppression_id)
    return suppression_id


def _check(wanted: Setting) -> None:
    if (wanted.person_id is None) == (wanted.household_id is None):
        raise ItemMissing(field="person", item="抑止する人か世帯")
    if {wanted.on_change, wanted.on_issue, wanted.on_inquiry} == {"none"}:
        raise ItemMissing(field="on_issue", item="抑止する処理")
    if wanted.reason not in REASONS:
        raise ItemMissing(field="reason", item="抑止の理由")
    if wanted.until_on is not None and wanted.until_on < wanted.from_on:
        raise ItemMissing(field="until_on", item="終了日")


def release_suppression(env: Environment, actor: Actor, suppression_id: int, reason: str) -> None:
    """Release for good (抑止解除). Raises NotAllowed, ItemMissing, NotAvailable, NotInThatState (released before)."""
    decide(actor, Right.SUPPRESSION_RELEASE, on=env.clock.today())
    _require_reason(reason)
    with env.database.transaction() as connection:
        people = _lock_of(connection, suppression_id)
        now = env.clock.now()
        try:
            connection.execute(
                "INSERT INTO register.suppression_release (suppression_id, reason, officer, terminal, released_at)"
                " VALUES (%s, %s, %s, %s, %s)",
                (suppression_id, reason.strip(), actor.officer_id, actor.terminal_id, now),
            )
        except pg.UniqueViolation:
            raise NotInThatState from None
        messages.put_suppressions(connection, env, people, now)
        _note(connection, env, actor, Act.SUPPRESSION_RELEASED, people, suppression_id)


def lift(env: Environment, actor: Actor, suppression_id: int, minutes: int, reason: str) -> datetime:
    """Release for some minutes (一時解除); returns when it reverts by itself. Told to nobody.

    Raises NotAllowed, ItemMissing, NotAvailable, NotInThatState.
    """
    decide(actor, Right.SUPPRESSION_LIFT, on=env.clock.today())
    _require_reason(reason)
    if not 1 <= minutes <= LONGEST_LIFT:
        raise ItemMissing(field="minutes", item="一時解除の分数(1～480)")
    with env.database.transaction() as connection:
        people = _lock_of(connection, suppression_id)
        if connection.execute(
            "SELECT 1 FROM register.suppression_release WHERE suppression_id = %s", (suppression_id,)
        ).fetchone():
            raise NotInThatState
        now = env.clock.now()
        until = now + timedelta(minutes=minutes)
        [lift_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.suppression_lift (lift_id, suppression_id, reason, officer, terminal, from_at, until_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (lift_id, suppression_id, reason.strip(), actor.officer_id, actor.terminal_id, now, until),
        )
        _note(connection, env, actor, Act.SUPPRESSION_LIFTED, people, suppression_id, minutes)
    return until


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ItemMissing(field="reason", item="理由")


def suppressions(env: Environment, actor: Actor, person_id: int) -> tuple[Suppression, ...]:
    """What suppresses a person now, the household's included, oldest first. Raises NotAllowed, NotAvailable."""
    decide(actor, Right.SUPPRESSION_SET, on=env.clock.today())
    today, now = env.clock.today(), env.clock.now()
    with env.database.transaction() as connection:
        if not connection.execute("SELECT 1 FROM register.person WHERE person_id = %s", (person_id,)).fetchone():
            raise NotAvailable
        rows = connection.execute(
            "SELECT s.*, (SELECT max(l.until_at) FROM register.suppression_lift l"
            "  WHERE l.suppression_id = s.suppression_id AND l.from_at <= %(now)s AND %(now)s < l.until_at) AS lifted_until"
            " FROM register.suppressions_of(ARRAY[%(person)s::bigint], %(today)s::date, %(now)s::timestamptz) f"
            " JOIN register.suppression s USING (suppression_id) ORDER BY s.set_at, s.suppression_id",
            {"person": person_id, "today": today, "now": now},
        ).fetchall()
    return tuple(_suppression(row, today) for row in rows)


def _suppression(row: Row, today: date) -> Suppression:
    return Suppression(
        suppression_id=row["suppression_id"],
        of_household=row["household_id"] is not None,
        on_change=row["on_change"],
        on_issue=row["on_issue"],
        on_inquiry=row["on_inquiry"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        reason=REASONS[row["reason"]],
        note=row["note"],
        officer=row["officer"],
        set_at=row["set_at"],
        overdue=row["until_on"] is not None and row["until_on"] < today,
        lifted_until=row["lifted_until"],
    )


# --- what is held back -----------------------------------------------------------------------------------------------


def levels(connection: Connection, env: Environment, person_ids: Iterable[int], process: str) -> dict[int, Level]:
    """Per suppressed person the highest level of one process (change, issue, inquiry) that is not lifted now."""
    found: dict[int, Level] = {}
    for row in connection.execute(
        "SELECT * FROM register.suppressions_of(%s::bigint[], %s::date, %s::timestamptz)",
        (sorted(set(person_ids)), env.clock.today(), env.clock.now()),
    ):
        level: Level = "none" if row["lifted"] else row[f"on_{process}"]
        if level == "error" or (level == "alert" and found.get(row["person_id"]) != "error"):
            found[row["person_id"]] = level
    return found


def marked(connection: Connection, env: Environment, person_ids: Iterable[int]) -> frozenset[int]:
    """Who of these persons is suppressed in any way, shown already in results (STD 3.1)."""
    rows = connection.execute(
        "SELECT DISTINCT person_id FROM register.suppressions_of(%s::bigint[], %s::date, %s::timestamptz)",
        (sorted(set(person_ids)), env.clock.today(), env.clock.now()),
    )
    return frozenset(row["person_id"] for row in rows)


_HELD: LiteralString = """
    SELECT s.person_id FROM register.suppressions_of(%(people)s::bigint[], %(today)s::date, %(now)s::timestamptz) s
    WHERE s.on_change = 'error' AND NOT s.lifted
    UNION
    SELECT h.person_id FROM register.hidden_of(%(people)s::bigint[], %(today)s::date, %(now)s::timestamptz) h
    WHERE %(hidden_too)s
"""


def require_change_allowed(connection: Connection, env: Environment, actor: Actor, person_ids: Iterable[int]) -> None:
    """The one door's own look, under its locks: what was set between check and registration wins.

    Raises ChangeSuppressed for a person suppressed for changes at the level of an error, and for hidden persons unless the
    officer handles them. The refusal is in the trail although the caller rolls back.
    """
    rows = connection.execute(
        _HELD,
        {
            "people": sorted(set(person_ids)),
            "today": env.clock.today(),
            "now": env.clock.now(),
            "hidden_too": not holds(actor, Right.PROTECTION_HANDLE, on=env.clock.today()),
        },
    )
    held = [row["person_id"] for row in rows]
    if held:
        note_refusal(env, actor, held, "change")
        raise ChangeSuppressed


def issue_is_held_back(connection: Connection, env: Environment, actor: Actor, person_ids: Iterable[int]) -> bool:
    """Whether no paper may be issued that shows one of these persons.

    A protected person's paper needs an opening of the kind `issue` for this officer (`openings`), by a second person.
    """
    people = sorted(set(person_ids))
    if "error" in levels(connection, env, people, "issue").values():
        return True
    hidden = shielded(connection, env, people)
    return bool(hidden) and bool(look(connection, env, actor, people, ("issue",)).hidden)


def note_refusal(env: Environment, actor: Actor, person_ids: Iterable[int], process: str) -> None:
    """Write that something was refused, in a transaction of its own: the refused one is rolled back."""
    with env.database.transaction() as connection:
        record_act(
            connection,
            env,
            actor,
            Act.SUPPRESSION_REFUSED,
            subjects=sorted(set(person_ids)),
            refused=True,
            detail={"process": process},
        )


# --- locks -----------------------------------------------------------------------------------------------------------


def lock_persons(connection: Connection, person_ids: Iterable[int]) -> tuple[int, ...]:
    """Hold persons against the one door, in its order. Raises NotAvailable when one of them is not there."""
    wanted = sorted(set(person_ids))
    found = connection.execute(
        "SELECT person_id FROM register.person WHERE person_id = ANY (%s::bigint[]) ORDER BY person_id FOR UPDATE",
        (wanted,),
    ).fetchall()
    if len(found) != len(wanted) or not wanted:
        raise NotAvailable
    return tuple(wanted)


def _lock(connection: Connection, person_id: int | None, household_id: int | None) -> tuple[int, ...]:
    if household_id is None:
        return lock_persons(connection, [person_id or 0])
    connection.execute("SELECT 1 FROM register.household WHERE household_id = %s FOR UPDATE", (household_id,))
    members = connection.execute(
        "SELECT person_id FROM register.resident_current WHERE household_id = %s AND status = 'resident'",
        (household_id,),
    ).fetchall()
    return lock_persons(connection, [row["person_id"] for row in members])


def _lock_of(connection: Connection, suppression_id: int) -> tuple[int, ...]:
    row = connection.execute(
        "SELECT person_id, household_id FROM register.suppression WHERE suppression_id = %s", (suppression_id,)
    ).fetchone()
    if row is None:
        raise NotAvailable
    return _lock(connection, row["person_id"], row["household_id"])


def _note(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    people: tuple[int, ...],
    suppression_id: int,
    minutes: int = 0,
) -> None:
    detail: dict[str, str | int | bool] = {"suppression": suppression_id}
    record_act(
        connection,
        env,
        actor,
        act,
        subjects=people,
        detail=detail | ({"minutes": minutes} if minutes else {}),
    )
