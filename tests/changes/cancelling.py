"""Lives for the tests of cancellation: notifications registered one after the other in a register in memory."""

from dataclasses import replace
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import (
    Birth,
    Cancellation,
    Death,
    HeadChange,
    MoveIn,
    MoveOut,
    MoveWithin,
    Notification,
    Place,
    Related,
)
from daicho.register.changes.plan import ChangeKind, Effect, Plan
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.undoing import days_written
from tests.changes.build import ADULTS, FAMILY_CODES, FROM, HOME, OTHER, row
from tests.changes.register import Register

TODAY = date(2026, 11, 24)
HOUSE, PEOPLE = 1, (11, 12, 13, 14)


JANUARY = date(2026, 1, 1)


def day(month: int, number: int = 1) -> date:
    """A day of the year in which everything happens."""
    return date(2026, month, number)


class Story:
    """Registers what is told and remembers the id of each change."""

    def __init__(self) -> None:
        self.register = Register()
        self.today = TODAY

    def tell(self, reason: Reason, notification: Notification) -> int:
        """Register a notification; its change id."""
        self.register.register(self.plan(reason, notification))
        return self.register.change_id

    def plan(self, reason: Reason, notification: Notification) -> Plan:
        """What would be registered."""
        change = change_of(reason)
        before = self.register.before(change.scope(notification), notification.on)
        return change.plan(before, notification, self.today)

    def notice(self, change_id: int, *person_ids: int, **more: Any) -> Cancellation:
        """The cancellation of a change for these people, for all who moved when none is named."""
        past = self.register.past()
        change = past.changes[change_id]
        first = min(days_written(past, one, change_id)[0] for one in change.people)
        movers = [one for one, part in change.people.items() if part.role == "mover"]
        households = {
            r.record.household_id
            for one in change.people
            for r in past.rows[one]
            if r.valid_to is None or r.valid_to > first
        }
        given: dict[str, Any] = {
            "change_id": change_id,
            "first_day": first,
            "household_ids": tuple(sorted(households)),
            "involved_ids": tuple(sorted(change.people)),
            "person_ids": person_ids or tuple(sorted(movers)),
            "notified_on": self.today,
        }
        return Cancellation(**{**given, **more})

    def cancel_plan(self, change_id: int, *person_ids: int, **more: Any) -> Plan:
        """What a cancellation would register."""
        reason = cancelling_reason(self.register.changes[change_id].reason)
        return self.plan(reason, self.notice(change_id, *person_ids, **more))

    def cancel(self, change_id: int, *person_ids: int, **more: Any) -> int:
        """Take a change back; the id of the cancellation."""
        self.register.register(self.cancel_plan(change_id, *person_ids, **more))
        self.register.check()
        return self.register.change_id

    def on(self, person_id: int, day: date) -> ResidentRecord | None:
        """The record of a day as known now."""
        found = [
            r for r in self.register.live(person_id) if r.valid_from <= day and (r.valid_to is None or day < r.valid_to)
        ]
        return found[0].record if found else None

    def at(self, person_id: int, day: date) -> ResidentRecord:
        """The record of a day, which must be there."""
        found = self.on(person_id, day)
        assert found is not None
        return found

    def line(self, person_id: int) -> list[tuple[date, ResidentRecord]]:
        """Everything known now."""
        return [(row.valid_from, row.record) for row in self.register.live(person_id)]

    # --- what may happen ----------------------------------------------------------------------------------------------

    def family(self, on: date = JANUARY, household_id: int = HOUSE, first: int = 11, size: int = 4, **more: Any) -> int:
        """A family comes from elsewhere."""
        rows = [replace(row(place), person_id=first + place) for place in range(size)]
        given: dict[str, Any] = {
            "household_id": household_id,
            "change_date": on,
            "notified_on": on,
            "address": HOME,
            "previous": FROM,
            "members": tuple(rows),
        }
        return self.tell(Reason.MOVE_IN, MoveIn(**{**given, **more}))

    def enter(self, on: date, *records: ResidentRecord, first: int = 31, kind: ChangeKind = "enter") -> int:
        """People with these records from a day on."""
        effects = tuple(Effect(first + n, kind, "mover", on, record) for n, record in enumerate(records))
        return self.write(Plan(Reason.MOVE_IN, Basis.NOTIFICATION, LegalDate(on), on, effects))

    def write(self, plan: Plan) -> int:
        """Register any plan."""
        self.register.register(plan)
        return self.register.change_id

    def move_out(self, on: date, *people: int, household_id: int = HOUSE, **more: Any) -> int:
        """Some leave the city."""
        return self.tell(
            Reason.MOVE_OUT,
            MoveOut(
                household_id=household_id,
                change_date=on,
                notified_on=min(on, self.today),
                destination=Place(municipality="131164"),
                person_ids=people,
                **more,
            ),
        )

    def move_within(self, on: date, to: int, *people: int, source: int = HOUSE, **more: Any) -> int:
        """Some move inside the city, to OTHER unless they join."""
        more.setdefault("address", OTHER)
        return self.tell(
            Reason.MOVE_WITHIN,
            MoveWithin(
                from_household_id=source, household_id=to, change_date=on, notified_on=on, person_ids=people, **more
            ),
        )

    def death(self, on: date, person: int, household_id: int = HOUSE, **more: Any) -> int:
        """Somebody dies."""
        return self.tell(
            Reason.DEATH,
            Death(household_id=household_id, person_id=person, died=LegalDate(on), notified_on=on, **more),
        )

    def birth(self, on: date, person: int, parent: int, household_id: int = HOUSE) -> int:
        """A child is born."""
        notified = Birth(
            person_id=person,
            household_id=household_id,
            birth=LegalDate(on),
            notified_on=on,
            name="渡邉　蒼",
            sex="1",
            parent_id=parent,
            domicile="東京都板橋区大山東町32番地",
            family_register_head="渡邉　大輔",
        )
        return self.tell(Reason.BIRTH, notified)

    def head_change(self, on: date, head: int, household_id: int = HOUSE, **more: Any) -> int:
        """Another member heads the household."""
        notified = HeadChange(household_id=household_id, change_date=on, notified_on=on, new_head_id=head, **more)
        return self.tell(Reason.HEAD_CHANGE, notified)


def related(*pairs: tuple[int, str]) -> tuple[Related, ...]:
    """Relationships as chosen."""
    return tuple(Related(person_id=person, relationship=code) for person, code in pairs)


__all__ = ["ADULTS", "FAMILY_CODES", "HOUSE", "PEOPLE", "TODAY", "Story", "day", "related"]
