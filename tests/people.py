"""Synthetic officers and families for tests that need a register with people in it."""

from datetime import UTC, date, datetime

from daicho.access.actor import Actor
from daicho.law.dates import LegalDate
from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.plan import Before, Effect, NewNumbers, Plan
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.commit import Registered, Request, register
from daicho.register.store.read import read_before
from daicho.wire.environment import Connection, Environment

CITY = "112020"


def actor(officer_id: str, *roles: str) -> Actor:
    """An officer at the first counter of the main office."""
    return Actor(
        officer_id=officer_id,
        name="試験 職員",
        roles=frozenset(roles),
        department="市民課",
        office="市民課",
        terminal_id="T001",
        terminal_name="1番窓口",
        session_ref="test",
        signed_on_at=datetime(2026, 4, 1, tzinfo=UTC),
    )


CLERK = actor("clerk1", "clerk")
REVIEWER = actor("reviewer1", "reviewer")


def record(household_id: int, **changes: object) -> ResidentRecord:
    """A man who is head of a household at 肥塚三丁目112番地4, unless said otherwise."""
    base = ResidentRecord(
        household_id=household_id,
        relationship="02",
        municipality_code=CITY,
        address="肥塚三丁目112番地4",
        name="髙橋　健一",
        name_kana="タカハシ　ケンイチ",
        sex="1",
        birth=LegalDate(date(1980, 3, 12)),
        resident_since=LegalDate(date(2026, 3, 30)),
        resident_notified_on=date(2026, 4, 1),
    )
    return base.with_(**changes)


def family(household_id: int, person_ids: list[int], on: date = date(2026, 3, 30)) -> tuple[Effect, ...]:
    """Up to four people who enter together: head, wife, two children; with numbers by the synthetic rule."""
    people = [
        record(household_id),
        record(household_id, relationship="12", household_order=2, name="髙橋　美咲", name_kana="タカハシ　ミサキ",
               sex="2", birth=LegalDate(date(1982, 7, 25))),
        record(household_id, relationship="20", household_order=3, name="髙橋　蓮", name_kana="タカハシ　レン",
               birth=LegalDate(date(2010, 5, 3))),
        record(household_id, relationship="20", household_order=4, name="髙橋　結衣", name_kana="タカハシ　ユイ",
               sex="2", birth=LegalDate(date(2013, 11, 19))),
    ]  # fmt: skip
    return tuple(
        Effect(person_id, "enter", "mover", on, one, _numbers(person_id))
        for person_id, one in zip(person_ids, people, strict=False)
    )


def _numbers(person_id: int) -> NewNumbers:
    return NewNumbers(
        individual_number(str(10_000_000_000 + person_id), NumberRule.SYNTHETIC),
        resident_code(str(1_000_000_000 + person_id), NumberRule.SYNTHETIC),
    )


def plan(*effects: Effect, reason: Reason = Reason.MOVE_IN) -> Plan:
    """A plan made of these effects, dated by the first of them."""
    return Plan(
        reason=reason,
        basis=Basis.NOTIFICATION,
        change_date=LegalDate(min(e.valid_from for e in effects)),
        notified_on=date(2026, 4, 1),
        effects=effects,
    )


def request(before: Before, wanted: Plan, *, case_id: int | None = None, entrant: str = "clerk1") -> Request:
    """What registers `wanted`, checked on `before`."""
    return Request(
        plan_of=lambda _: wanted,
        on=before.on,
        household_ids=tuple(sorted({*before.households, *(e.record.household_id for e in wanted.effects)})),
        person_ids=tuple(sorted(before.persons)),
        fingerprint=before.fingerprint(),
        entrant=entrant,
        reviewer="reviewer1",
        decider="reviewer1",
        case_id=case_id,
    )


def do_register(
    connection: Connection, env: Environment, wanted: Plan, *, case_id: int | None = None, officer: Actor = REVIEWER
) -> Registered:
    """Read, check and register at once, in the caller's transaction."""
    households = {e.record.household_id for e in wanted.effects}
    before = read_before(connection, households, wanted.person_ids, wanted.change_date.on)
    return register(connection, env, officer, request(before, wanted, case_id=case_id))


def move_in_family(env: Environment, size: int = 4) -> tuple[int, list[int]]:
    """Register a family; returns the household id and the person ids."""
    with env.database.transaction() as connection:
        household_id, *people = env.ids.take(connection, 1 + size)
        do_register(connection, env, plan(*family(household_id, people)))
    return household_id, people
