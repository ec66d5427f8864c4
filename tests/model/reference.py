"""The reference model: a register as nothing but the list of what was registered.

Slow and obvious on purpose. It keeps no states and no ranges: each question "what is known of this person for that day,
as known at that instant" folds the whole list again from nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.register.changes.plan import Plan
from daicho.register.changes.record import RECORD_FIELDS, ResidentRecord


@dataclass(frozen=True)
class Told:
    """One registered change."""

    change_id: int
    recorded_at: datetime
    plan: Plan

    def says(self, person_id: int, day: date) -> ResidentRecord | None:
        """What it says of a person for a day; None when it says nothing of that day."""
        said = None
        for effect in self.plan.effects_of(person_id):
            if effect.valid_from <= day:
                said = effect.record
        return said


@dataclass
class Model:
    """Everything registered, in its order."""

    told: list[Told] = field(default_factory=list)

    def until(self, known_at: datetime | None) -> list[Told]:
        """What had been registered by an instant; all of it for None."""
        return [one for one in self.told if known_at is None or one.recorded_at <= known_at]

    def record(self, person_id: int, day: date, known_at: datetime | None = None) -> ResidentRecord | None:
        """The record of a day as known at an instant: what the last change said that says anything of that day."""
        found = None
        for one in self.until(known_at):
            found = one.says(person_id, day) or found
        return found

    def people(self) -> list[int]:
        """Everybody of whom anything was ever registered."""
        return sorted({person for one in self.told for person in one.plan.person_ids})

    def residents(self, day: date, known_at: datetime | None = None) -> dict[int, ResidentRecord]:
        """Who was a resident on a day."""
        records = {person: self.record(person, day, known_at) for person in self.people()}
        return {person: one for person, one in records.items() if one is not None and one.is_resident}

    def household(self, household_id: int, day: date, known_at: datetime | None = None) -> dict[int, ResidentRecord]:
        """The residents of a household on a day."""
        return {p: one for p, one in self.residents(day, known_at).items() if one.household_id == household_id}

    def changes_of(self, people: set[int], known_at: datetime | None = None) -> set[int]:
        """The changes that said anything of these people."""
        return {one.change_id for one in self.until(known_at) if people & set(one.plan.person_ids)}

    def holders(self) -> dict[int, int]:
        """Number id → who holds it now: a person holds the numbers of the last record known, whatever day it begins."""
        found: dict[int, int] = {}
        for person in self.people():
            last = self.record(person, date.max)
            assert last is not None
            found.update({one: person for one in (last.individual_number_id, last.resident_code_id) if one is not None})
        return found

    # --- what a cancellation may do ---------------------------------------------------------------------------------

    def taken_back_wrongly(self, told: Told, person_id: int, day: date) -> list[str]:
        """The fields of a day that a plain cancellation left other than what would stand without its change.

        Only what can be said without any fold: a field that the cancelled change did not touch stays; one that nobody has
        touched since is what it was before; one that a later change set stays as that set it. Lives in which other
        cancellations touch the person in between are looked at by `test_a_cancellation_is_taken_back` and its like.
        """
        place = self.told.index(told)
        target = next(one for one in self.told if one.change_id == told.plan.cancels)
        between = self.told[self.told.index(target) + 1 : place]
        if target.plan.cancels is not None or any(
            one.plan.cancels for one in between if person_id in one.plan.person_ids
        ):
            return []
        story = [self._before(target, person_id, day), self._after(target, person_id, day)]
        story += [self._after(one, person_id, day) for one in between]
        after = self._after(told, person_id, day)
        if after is None or any(one is None for one in story):
            return []
        records = [one for one in story if one is not None]
        return [name for name in RECORD_FIELDS if getattr(after, name) not in _allowed(records, name)]

    def _before(self, told: Told, person_id: int, day: date) -> ResidentRecord | None:
        return Model(self.told[: self.told.index(told)]).record(person_id, day)

    def _after(self, told: Told, person_id: int, day: date) -> ResidentRecord | None:
        return Model(self.told[: self.told.index(told) + 1]).record(person_id, day)


def _allowed(story: list[ResidentRecord], name: str) -> list[object]:
    """The value of a field without the change between the first two records; two of them where both readings hold.

    A later change that said the same as the cancelled one may have meant it (whoever moves says where to) or not.
    """
    values = [getattr(one, name) for one in story]
    before, after, *later = values
    last_set = None
    for was, now in zip([after, *later], later, strict=False):
        if was != now:
            last_set = now
    if any(was != now for was, now in zip([after, *later], later, strict=False)):
        return [last_set]
    return [before] if not later or before == after else [before, after]
