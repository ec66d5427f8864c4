"""What happens between households of one house, and what other cities write about those who have left.

Drawn as in `events`. Households that have split remember each other, for they may join again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.city import places
from daicho.city.chance import Chance
from daicho.city.ledger import Ledger
from daicho.law.reasons import Reason
from daicho.register.changes.notification import ArrivalNotice, HouseholdMove, MoveOut, Notification, Place, Related
from daicho.register.changes.timeline import StateRow

Drawn = tuple[Reason, Notification] | None
Home = Callable[[date, Callable[[list[StateRow]], bool]], list[StateRow]]
_GENERATIONS = ("20", "51", "52")
"""Who splits off from a head at the same address: a grown-up child, or a parent."""
_BACK = {"20": "子", "51": "父", "52": "母"}


@dataclass(frozen=True, slots=True)
class Split:
    """A household that has split off from another, and what its head was there."""

    household_id: int
    from_household_id: int
    relationship: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A notice of arrival that will come on a day."""

    due: date
    household_id: int
    removal_on: date
    arrived_on: date
    destination: Place
    person_ids: tuple[int, ...]


class Regroups:
    """Draws changes of household and notices of arrival."""

    def __init__(self, ledger: Ledger, rng: Chance, home: Home) -> None:
        """`home` looks for a household that fits."""
        self._ledger = ledger
        self._rng = rng
        self._home = home
        self._splits: list[Split] = []
        self._expected: list[Expected] = []

    def _day(self, today: date) -> date:
        return today - timedelta(days=self._rng.randint(0, 13))

    def household_split(self, today: date) -> Drawn:
        """A grown-up child or a parent makes a household of the own, without leaving the house."""
        on = self._day(today)
        family = self._home(on, lambda rows: len(rows) > 1 and bool(_splitters(rows, on)))
        if not family:
            return None
        mover = self._rng.choice(_splitters(family, on))
        household_id = next(self._ledger.ids)
        source = family[0].record.household_id
        self._splits.append(Split(household_id, source, mover.record.relationship))
        return Reason.HOUSEHOLD_SPLIT, HouseholdMove(
            from_household_id=source,
            household_id=household_id,
            change_date=on,
            notified_on=today,
            person_ids=(mover.person_id,),
        )

    def household_merge(self, today: date) -> Drawn:
        """A household that split off comes back whole; its head is again what he or she was."""
        split = self._one_split()
        if split is None:
            return None
        on = self._day(today)
        back = self._ledger.residents(split.household_id, on) if split.household_id in self._ledger.households else []
        if not back:
            return None
        return Reason.HOUSEHOLD_MERGE, HouseholdMove(
            from_household_id=split.household_id,
            household_id=split.from_household_id,
            change_date=on,
            notified_on=today,
            person_ids=tuple(row.person_id for row in back),
            relationships=(Related(person_id=back[0].person_id, relationship=_BACK[split.relationship]),),
        )

    def household_change(self, today: date) -> Drawn:
        """Another child of the house goes over to the sister or brother who has split off."""
        split = self._one_split(keep=True)
        if split is None or split.relationship != "20" or split.household_id not in self._ledger.households:
            return None
        on = self._day(today)
        there = self._ledger.residents(split.household_id, on)
        children = [
            row for row in self._ledger.residents(split.from_household_id, on) if row.record.relationship == "20"
        ]
        if not there or not children:
            return None
        child = self._rng.choice(children)
        return Reason.HOUSEHOLD_CHANGE, HouseholdMove(
            from_household_id=split.from_household_id,
            household_id=split.household_id,
            change_date=on,
            notified_on=today,
            person_ids=(child.person_id,),
            relationships=(Related(person_id=child.person_id, relationship=_sibling(child, there[0])),),
        )

    def _one_split(self, *, keep: bool = False) -> Split | None:
        if not self._splits:
            return None
        place = self._rng.randrange(len(self._splits))
        return self._splits[place] if keep else self._splits.pop(place)

    # --- notices of arrival ----------------------------------------------------------------------------------------

    def told(self, notification: MoveOut) -> None:
        """Somebody has notified a move to another city, which writes when they have arrived; one in thirty never does."""
        rng = self._rng
        planned = notification.change_date
        moved = rng.random()
        shift = 0 if moved < 0.7 else -rng.randint(1, 3) if moved < 0.8 else rng.randint(1, 10)
        arrived = planned + timedelta(days=shift)
        address = notification.destination if rng.random() < 0.85 else places.elsewhere(rng, None)
        due = arrived + timedelta(days=rng.randint(1, 12))
        notified = notification.notified_on or planned
        if rng.random() < 0.97:
            self._expected.append(
                Expected(
                    max(due, notified + timedelta(days=1)),
                    notification.household_id,
                    planned,
                    arrived,
                    address,
                    notification.person_ids,
                )
            )

    def due(self, today: date) -> int:
        """How many notices have come by today."""
        return sum(one.due <= today for one in self._expected)

    def arrival_notice(self, today: date) -> Drawn:
        """The first notice that has come."""
        place = next((place for place, one in enumerate(self._expected) if one.due <= today), None)
        if place is None:
            return None
        one = self._expected.pop(place)
        return Reason.MOVE_OUT, ArrivalNotice(
            household_id=one.household_id,
            removal_on=one.removal_on,
            arrived_on=one.arrived_on,
            notified_on=today,
            destination=one.destination,
            person_ids=one.person_ids,
        )


def _splitters(rows: list[StateRow], on: date) -> list[StateRow]:
    """Grown-up children and parents of the head."""
    return [
        row for row in rows if row.record.relationship in _GENERATIONS and (on - row.record.birth.on).days > 365 * 24
    ]


def _sibling(child: StateRow, head: StateRow) -> str:
    elder = child.record.birth.on < head.record.birth.on
    male = child.record.sex == "1"
    return ("兄" if elder else "弟") if male else ("姉" if elder else "妹")
