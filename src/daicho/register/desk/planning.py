"""From what was typed to the plan: read the form, read the register, plan, and see what stands in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule
from daicho.law.towns import town_of_code
from daicho.register.changes.alerts import alert
from daicho.register.changes.catalogue import Change, change_of
from daicho.register.changes.newcomer import Newcomer
from daicho.register.changes.notification import Address, Notification
from daicho.register.changes.noting import noted
from daicho.register.changes.plan import Alert, Before, Candidate, Plan
from daicho.register.desk.errors import EntryIncomplete, StopsRemain
from daicho.register.desk.forms.base import Context, Form
from daicho.register.desk.forms.basis import basis_of
from daicho.register.desk.forms.catalogue import form_of
from daicho.register.desk.lookup import RegisterLookup
from daicho.register.desk.model import Case
from daicho.register.masters.store import lacks_lot
from daicho.register.store.candidates import Candidate as Found
from daicho.register.store.candidates import Wanted, possible_same
from daicho.register.store.read import read_before
from daicho.register.store.suppression import levels
from daicho.wire.environment import Connection, Environment


@dataclass(frozen=True, slots=True)
class Entry:
    """A form read without error, with what must be seen and locked for it."""

    change: Change
    notification: Notification
    rule: NumberRule
    on: date
    household_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    rekeys: Mapping[str, LegalDate]
    paths: Mapping[str, str]
    people: Mapping[int, str]
    note: str | None = None
    """留意事項 typed with a change whose form has none of its own."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case as it would be registered now."""

    entry: Entry
    before: Before
    plan: Plan
    candidates: Mapping[int, tuple[Found, ...]]
    """Per person to be entered, who of the register may be the same."""

    @property
    def stops(self) -> tuple[Alert, ...]:
        """What must be settled first (tier 3)."""
        return tuple(alert for alert in self.plan.alerts if alert.tier == 3)

    @property
    def warnings(self) -> tuple[Alert, ...]:
        """What must be acknowledged with a reason (tier 2)."""
        return tuple(alert for alert in self.plan.alerts if alert.tier == 2)


def number_rule(connection: Connection) -> NumberRule:
    """The rule of check digits of this tenant; a register without a tenant yet holds synthetic people only."""
    row = connection.execute("SELECT synthetic FROM register.tenant").fetchone()
    return NumberRule.SYNTHETIC if row is None or row["synthetic"] else NumberRule.REAL


def alert_key(alert: Alert) -> str:
    """What identifies an alert of a case when it is acknowledged."""
    return f"{alert.code}:{alert.person_id or ''}:{alert.sentence}"


def read_entry(connection: Connection, env: Environment, case: Case) -> Entry:
    """Read the typed fields of a case. Raises EntryIncomplete."""
    form = form_of(case.reason)
    rule = number_rule(connection)
    basis, unreadable = basis_of(case.reason, case.typed, case.basis)
    context = Context(
        typed=case.typed,
        typed_on=case.typed_on,
        ids=case.ids,
        decisions=case.decisions,
        basis=basis,
        today=env.clock.today(),
        rule=rule,
        lookup=RegisterLookup(connection, env.clock.today()),
    )
    if unreadable is not None:
        context.fail("basis", unreadable)
    note = None if has_own_note(form) else context.name("note")
    read = form.read(context)
    change = change_of(case.reason)
    scope = change.scope(read.notification)
    return Entry(
        change=change,
        rule=rule,
        notification=read.notification,
        on=read.on,
        household_ids=scope.household_ids,
        person_ids=scope.person_ids,
        rekeys=read.rekeys,
        paths=read.paths,
        people=read.people,
        note=note,
    )


def has_own_note(form: Form) -> bool:
    """Whether the form asks for a 留意事項 among its own fields."""
    return "note" in form.fields({})


def plan_again(env: Environment, entry: Entry) -> Callable[[Before], Plan]:
    """The plan as a function of what stands in the register, for the one door."""
    today = env.clock.today()

    def plan_of(before: Before) -> Plan:
        made = entry.change.plan(replace(before, number_rule=entry.rule), entry.notification, today)
        return noted(made, entry.note)

    return plan_of


def prepare(connection: Connection, env: Environment, case: Case) -> Prepared:
    """Read, look and plan. Raises EntryIncomplete, with errors of the law at the fields that were typed."""
    entry = read_entry(connection, env, case)
    found = find_candidates(connection, env, entry)
    before = replace(
        read_before(connection, entry.household_ids, entry.person_ids, entry.on, with_past=entry.change.needs_past),
        candidates=tuple(
            Candidate(
                person_id,
                one.person_id,
                one.match,
                one.is_resident_on(entry.on),
            )
            for person_id, people in found.items()
            for one in people
        ),
    )
    try:
        plan = plan_again(env, entry)(before)
    except DaichoError as error:
        raise at_field(error, entry) from error
    held = levels(connection, env, (person for person, _ in before.fingerprint()), "change")
    found_alerts = tuple(
        alert({"alert": "W062", "error": "W063"}[level], person) for person, level in sorted(held.items())
    )
    found_alerts += _unlisted_lot(connection, entry, env.clock.today())
    return Prepared(entry, before, replace(plan, alerts=(*plan.alerts, *found_alerts)), found)


def _unlisted_lot(connection: Connection, entry: Entry, today: date) -> tuple[Alert, ...]:
    """The warning for a lot that the city's list of the town does not have today (STD 1.3.2)."""
    address = getattr(entry.notification, "address", None)
    town = town_of_code(address.town_code) if isinstance(address, Address) and address.town_code else None
    if town is None or not isinstance(address, Address):
        return ()
    lot = address.address.removeprefix(town.name)
    return (alert("W074", lot=lot),) if lacks_lot(connection, town.code, lot, today) else ()


def find_candidates(connection: Connection, env: Environment, entry: Entry) -> dict[int, tuple[Found, ...]]:
    """Who of the register may be one of the persons to be entered; the caller writes the trail."""
    found: dict[int, tuple[Found, ...]] = {}
    for row in entry.change.newcomers(entry.notification):
        people = possible_same(connection, env, wanted_of(row, entry.notification))
        if people:
            found[row.person_id] = people
    return found


def wanted_of(row: Newcomer, notification: Notification) -> Wanted:
    """What is known of a person to be entered: names of all kinds, numbers, where from and where to."""
    foreign, former = row.foreign, getattr(row, "former_family_name", None)
    given = row.name.partition("\u3000")[2]
    others = [f"{former}\u3000{given}"] if former and given else []
    if foreign is not None:
        others += [name for name in (foreign.foreign_name_kanji, foreign.common_name) if name]
    return Wanted(
        name=row.name,
        name_kana=row.name_kana,
        birth=row.birth.on,
        sex=row.sex,
        individual_number=row.individual_number,
        resident_code=row.resident_code,
        residence_card_number=foreign.residence_card_number if foreign is not None else None,
        other_names=tuple(others),
        came_from=getattr(getattr(notification, "previous", None), "address", None),
        goes_to=getattr(getattr(notification, "address", None), "address", None),
    )


def require_candidates_decided(connection: Connection, env: Environment, entry: Entry) -> None:
    """Raises StopsRemain when somebody who may be a person of this case has come into the register since the check.

    Two cases that enter people of one birth date and sex are registered one after the other, so that the later one
    sees the earlier. A number of somebody else is the one door's own refusal.
    """
    rows = entry.change.newcomers(entry.notification)
    for key in sorted({f"newcomer:{row.birth.on}:{row.sex}" for row in rows}):
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
    found = find_candidates(connection, env, entry)
    undecided = sum(
        one.match == "three_items" and one.person_id not in (row.person_id, *row.different_from)
        for row in rows
        for one in found.get(row.person_id, ())
    )
    if undecided:
        raise StopsRemain(count=undecided)


def at_field(error: DaichoError, entry: Entry) -> EntryIncomplete:
    """An error of the law as an error of the form, at the field that was typed."""
    field = entry.paths.get(error.field or "", error.field or "")
    happened, _, todo = error.sentences
    return EntryIncomplete({field: f"{happened}{todo}"})
