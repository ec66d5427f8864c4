"""The measure (支援措置) from the first key to the yearly extension (STD 1.1.16, 3.4).

Every act is one event row with the whole state after it; the database counts versions and refuses a stale one. What is
in force protects until a decided release ends it (`release`): neither a date nor a move to another city does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg import errors as pg

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide as decide_right
from daicho.law.eras import era_of, format_wareki
from daicho.law.protection import DUTIES, SECTIONS, Period, extended, extension_opens, period_from
from daicho.register.desk.sealed import open_text, seal_text
from daicho.register.store import messages
from daicho.register.store.protection_errors import ExtensionTooEarly, ItemMissing, NotInThatState, ProtectionChanged
from daicho.register.store.suppression import lock_persons
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

DETAIL_FIELDS = {
    "phone": "電話",
    "mobile": "携帯電話",
    "mail": "メール",
    "former_addresses": "前住所等",
    "former_domiciles": "前本籍等",
    "destination": "転出先の住所",
    "counterpart_name": "加害者 氏名",
    "counterpart_number": "同 宛名番号",
    "counterpart_birth": "同 生年月日",
    "counterpart_sex": "同 性別",
    "counterpart_address": "同 住所",
    "counterpart_other": "同 その他",
    "opinion": "相談機関",
    "memo": "覚え",
}
"""What the database of STD 1.1.16 holds beside the register; sealed together, shown on the measure's own page alone."""
_LONGEST = 400
_FIELD = "protection.details"
ROLES = {"applicant": "申出者", "together": "併せて支援を求める人"}


@dataclass(frozen=True, slots=True)
class Protected:
    """One person of a measure."""

    person_id: int
    addressee_number: str
    name: str
    name_kana: str | None
    birth: date
    is_foreign: bool
    sex: str
    role: str
    relation: str
    resident: bool
    other_names: tuple[tuple[str, str, str], ...] = ()
    """旧氏, 通称 and 併記名: word, name, reading."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the measure's history."""

    version: int
    act: str
    status: str
    officer: str
    at: Any


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with all that is recorded, for officers who may read it."""

    protection_id: int
    number: str
    version: int
    status: str
    origin: str
    origin_municipality: str | None
    applied_on: date
    provisional_on: date | None
    period: Period | None
    duties: tuple[str, ...]
    details: Mapping[str, str] = field(repr=False)
    people: tuple[Protected, ...] = field(repr=False)
    forwards: tuple[tuple[str, date], ...]
    notified: Mapping[str, tuple[int, Any]]
    steps: tuple[Step, ...]

    @property
    def in_force(self) -> bool:
        """Whether it protects: until it is ended by decision, whatever the dates say."""
        return self.status != "ended"


@dataclass(frozen=True, slots=True)
class _Now:
    version: int
    status: str
    provisional_on: date | None
    period: Period | None
    duties: tuple[str, ...]
    details: Mapping[str, str]
    people: tuple[int, ...]


def provisional(
    env: Environment, actor: Actor, applicant_id: int, together: Iterable[int] = (), applied_on: date | None = None
) -> int:
    """Protect at once (仮支援措置), by any clerk, before anything is known or decided; returns the measure's id.

    Visible in every output when this returns. Raises NotAllowed, NotAvailable.
    """
    decide_right(actor, Right.PROTECTION_PROVISIONAL, on=env.clock.today())
    return _begin(env, actor, "provisional", applicant_id, together, applied_on or env.clock.today(), None)


def receive_forwarded(
    env: Environment, actor: Actor, applicant_id: int, together: Iterable[int], municipality: str, received_on: date
) -> int:
    """The receipt of a forwarded application protects at once (Oamishirasato, Izumo): returns the measure's id.

    Raises NotAllowed, ItemMissing, NotAvailable.
    """
    decide_right(actor, Right.PROTECTION_PROVISIONAL, on=env.clock.today())
    if not municipality.strip():
        raise ItemMissing(field="municipality", item="当初受付市区町村")
    if received_on > env.clock.today():
        raise ItemMissing(field="received_on", item="受付年月日")
    return _begin(env, actor, "receive", applicant_id, together, received_on, municipality.strip())


def _begin(
    env: Environment,
    actor: Actor,
    act: str,
    applicant_id: int,
    together: Iterable[int],
    applied_on: date,
    municipality: str | None,
) -> int:
    others = sorted(set(together) - {applicant_id})
    with env.database.transaction() as connection:
        people = lock_persons(connection, [applicant_id, *others])
        [protection_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.protection (protection_id, protection_number, applicant_id, origin,"
            " origin_municipality, applied_on, officer, terminal, office, received_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                protection_id,
                _number(connection, env.clock.today()),
                applicant_id,
                "own" if municipality is None else "forwarded",
                municipality,
                applied_on,
                actor.officer_id,
                actor.terminal_id,
                actor.office,
                env.clock.now(),
            ),
        )
        _add_people(
            connection, protection_id, [(applicant_id, "applicant", "本人"), *((p, "together", "") for p in others)]
        )
        state = _Now(0, "provisional", env.clock.today(), None, tuple(DUTIES), {}, people)
        _write(connection, env, actor, protection_id, act, state)
        messages.put_suppressions(connection, env, people, env.clock.now())
        _note(connection, env, actor, Act.PROTECTION_SET, people, protection_id)
    return protection_id


def _number(connection: Connection, on: date) -> str:
    row = connection.execute("SELECT nextval('register.protection_serial') AS serial").fetchone()
    era = era_of(on)
    assert row is not None and era is not None  # noqa: S101, PT018 - a sequence always answers, every day has an era
    return f"{era.letter}{on.year - era.first_year + 1}-K{row['serial']:04d}"


def _add_people(connection: Connection, protection_id: int, people: Sequence[tuple[int, str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.protection_person (protection_id, person_id, role, relation) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [(protection_id, *one) for one in people],
        )


def _write(
    connection: Connection,
    env: Environment,
    actor: Actor,
    protection_id: int,
    act: str,
    now: _Now,
    *,
    release_id: int | None = None,
) -> None:
    """The next event of a measure. Raises ProtectionChanged when somebody was quicker."""
    text = json.dumps(dict(now.details), ensure_ascii=False, sort_keys=True)
    try:
        connection.execute(
            "INSERT INTO register.protection_event (protection_id, version, act, status, provisional_on, starts_on,"
            " ends_on, duties, details, officer, terminal, at, release_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                protection_id,
                now.version + 1,
                act,
                now.status,
                now.provisional_on,
                now.period.starts_on if now.period else None,
                now.period.ends_on if now.period else None,
                list(now.duties),
                seal_text(env, protection_id, _FIELD, text) if now.details else None,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
                release_id,
            ),
        )
    except (pg.SerializationFailure, pg.UniqueViolation):
        raise ProtectionChanged from None


@contextmanager
def _changing(env: Environment, actor: Actor, protection_id: int, version: int) -> Iterator[tuple[Connection, _Now]]:
    """A transaction around a change of a measure that was seen in `version`, its persons locked.

    Raises NotAllowed, NotAvailable, ProtectionChanged, NotInThatState (ended).
    """
    decide_right(actor, Right.PROTECTION_MANAGE, on=env.clock.today())
    with env.database.transaction() as connection:
        now = held(connection, env, protection_id)
        if now.version != version:
            raise ProtectionChanged
        if now.status == "ended":
            raise NotInThatState
        yield connection, now
        _note(connection, env, actor, Act.PROTECTION_CHANGED, now.people, protection_id)


def held(connection: Connection, env: Environment, protection_id: int) -> _Now:
    """The state of a measure, its persons locked in the order of the one door. Raises NotAvailable."""
    people = [
        row["person_id"]
        for row in connection.execute(
            "SELECT person_id FROM register.protection_person WHERE protection_id = %s", (protection_id,)
        )
    ]
    locked = lock_persons(connection, people)
    row = connection.execute(
        "SELECT * FROM register.protection_event WHERE protection_id = %s ORDER BY version DESC LIMIT 1",
        (protection_id,),
    ).fetchone()
    assert row is not None  # noqa: S101 - no measure without its first act (constraint protection_complete)
    return _now(env, row, locked)


def _now(env: Environment, row: Row, people: tuple[int, ...]) -> _Now:
    return _Now(
        version=row["version"],
        status=row["status"],
        provisional_on=row["provisional_on"],
        period=Period(row["starts_on"], row["ends_on"]) if row["starts_on"] else None,
        duties=tuple(row["duties"]),
        details=opened_details(env, row),
        people=people,
    )


def opened_details(env: Environment, row: Row) -> dict[str, str]:
    """The sealed items of an event in clear."""
    if row["details"] is None:
        return {}
    found: dict[str, str] = json.loads(open_text(env.keys, row["protection_id"], _FIELD, row["details"]))
    return found


def end(connection: Connection, env: Environment, actor: Actor, protection_id: int, now: _Now, release_id: int) -> None:
    """The last event, for `release` alone: the database wants the approved release behind it."""
    state = _replaced(now, status="ended")
    _write(connection, env, actor, protection_id, "end", state, release_id=release_id)
    messages.put_suppressions(connection, env, now.people, env.clock.now())


def _replaced(now: _Now, **changes: Any) -> _Now:
    values = {name: getattr(now, name) for name in _Now.__slots__}
    return _Now(**{**values, **changes})


def amend(
    env: Environment,
    actor: Actor,
    protection_id: int,
    version: int,
    *,
    details: Mapping[str, str] | None = None,
    duties: Sequence[str] | None = None,
    together: Mapping[int, str] | None = None,
) -> None:
    """Record what the application says: items of STD 1.1.16, duties, further persons with their relation.

    Raises NotAllowed, NotAvailable, ItemMissing, ProtectionChanged, NotInThatState.
    """
    kept = {name: text.strip() for name, text in (details or {}).items() if text.strip()}
    if not kept.keys() <= DETAIL_FIELDS.keys() or any(len(text) > _LONGEST for text in kept.values()):
        raise ItemMissing(field="details", item="申出書の項目")
    if duties is not None and (not duties or not set(duties) <= DUTIES.keys()):
        raise ItemMissing(field="duties", item="支援を求める事務")
    with _changing(env, actor, protection_id, version) as (connection, now):
        further = together or {}
        if further:
            lock_persons(connection, further)
            _add_people(connection, protection_id, [(p, "together", word[:40]) for p, word in further.items()])
        state = _replaced(
            now,
            details=now.details if details is None else kept,
            duties=now.duties if duties is None else tuple(duties),
            people=tuple(sorted({*now.people, *further})),
        )
        _write(connection, env, actor, protection_id, "amend", state)
        if further:
            messages.put_suppressions(connection, env, state.people, env.clock.now())


def add_person(
    env: Environment, actor: Actor, protection_id: int, version: int, addressee_number: str, relation: str
) -> None:
    """Protect somebody together with the applicant, found by the addressee number (STD 1.1.16).

    Raises ItemMissing for a number that nobody has or a blank relation, NotInThatState for somebody who is in the measure, and
    what `amend` raises.
    """
    decide_right(actor, Right.PROTECTION_MANAGE, on=env.clock.today())
    if not relation.strip():
        raise ItemMissing(field="relation", item="申出者との関係")
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT p.person_id, EXISTS (SELECT FROM register.protection_person x WHERE x.protection_id = %s::bigint"
            " AND x.person_id = p.person_id) AS there FROM register.person p WHERE p.addressee_number = %s",
            (protection_id, addressee_number.strip()),
        ).fetchone()
    if row is None:
        raise ItemMissing(field="addressee_number", item="この台帳にある宛名番号")
    if row["there"]:
        raise NotInThatState
    amend(env, actor, protection_id, version, together={row["person_id"]: relation.strip()})


def decide(
    env: Environment, actor: Actor, protection_id: int, version: int, starts_on: date, ends_on: date | None = None
) -> Period:
    """Decide that support is needed: the period runs one year less a day from its start, correctable (STD 3.4).

    Raises NotAllowed, NotAvailable, ItemMissing, ProtectionChanged, NotInThatState.
    """
    period = _period(starts_on, ends_on)
    with _changing(env, actor, protection_id, version) as (connection, now):
        if now.status != "provisional":
            raise NotInThatState
        _write(connection, env, actor, protection_id, "decide", _replaced(now, status="decided", period=period))
    return period


def _period(starts_on: date, ends_on: date | None) -> Period:
    if ends_on is not None and ends_on < starts_on:
        raise ItemMissing(field="ends_on", item="終了年月日")
    return period_from(starts_on) if ends_on is None else Period(starts_on, ends_on)


def extend(env: Environment, actor: Actor, protection_id: int, version: int) -> Period:
    """Another year from the day after the end, from one month before it on, and after it too (STD 3.4).

    Raises NotAllowed, NotAvailable, ExtensionTooEarly, ProtectionChanged, NotInThatState.
    """
    with _changing(env, actor, protection_id, version) as (connection, now):
        if now.status != "decided" or now.period is None:
            raise NotInThatState
        opens = extension_opens(now.period.ends_on)
        if env.clock.today() < opens:
            raise ExtensionTooEarly(opens=format_wareki(opens))
        period = extended(now.period)
        _write(connection, env, actor, protection_id, "extend", _replaced(now, period=period))
    return period


def correct(
    env: Environment, actor: Actor, protection_id: int, version: int, starts_on: date, ends_on: date | None = None
) -> Period:
    """Correct the period of a decided measure; the history keeps the former one. Raises as `decide` does."""
    period = _period(starts_on, ends_on)
    with _changing(env, actor, protection_id, version) as (connection, now):
        if now.status != "decided":
            raise NotInThatState
        _write(connection, env, actor, protection_id, "correct", _replaced(now, period=period))
    return period


def forward(env: Environment, actor: Actor, protection_id: int, municipality: str, forwarded_on: date) -> None:
    """Record that the application was forwarded to another city (転送). A repeat changes nothing.

    Raises NotAllowed, ItemMissing, NotAvailable.
    """
    decide_right(actor, Right.PROTECTION_MANAGE, on=env.clock.today())
    if not municipality.strip() or forwarded_on > env.clock.today():
        raise ItemMissing(field="municipality", item="転送先と転送年月日")
    with env.database.transaction() as connection:
        now = held(connection, env, protection_id)
        connection.execute(
            "INSERT INTO register.protection_forward (protection_id, municipality, forwarded_on, officer, terminal,"
            " recorded_at) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (
                protection_id,
                municipality.strip()[:60],
                forwarded_on,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
            ),
        )
        _note(connection, env, actor, Act.PROTECTION_CHANGED, now.people, protection_id)


def notify(env: Environment, actor: Actor, protection_id: int, section: str) -> None:
    """Tick that a section has been told of the measure as it stands (Izumo). Raises NotAllowed, ItemMissing, NotAvailable."""
    decide_right(actor, Right.PROTECTION_MANAGE, on=env.clock.today())
    if section not in SECTIONS:
        raise ItemMissing(field="section", item="通知先")
    with env.database.transaction() as connection:
        now = held(connection, env, protection_id)
        connection.execute(
            "INSERT INTO register.protection_notified (protection_id, section, version, officer, terminal, notified_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (protection_id, section, now.version, actor.officer_id, actor.terminal_id, env.clock.now()),
        )
        _note(connection, env, actor, Act.PROTECTION_NOTIFIED, now.people, protection_id)


def _note(
    connection: Connection, env: Environment, actor: Actor, act: Act, people: Sequence[int], protection_id: int
) -> None:
    record_act(connection, env, actor, act, subjects=people, detail={"protection": protection_id})
