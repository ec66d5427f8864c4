"""Random lives of households: whatever is registered keeps the rules of households and of both time axes."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import (
    Address,
    ArrivalNotice,
    Birth,
    Death,
    EntryKind,
    ExOfficioEntry,
    ExOfficioRemoval,
    ForeignItems,
    HeadChange,
    HouseholdMove,
    MoveIn,
    MoveInAbroad,
    MoveOut,
    MoveWithin,
    NationalityLoss,
    Naturalisation,
    NewResident,
    Notification,
    Place,
    Related,
    RemovalGround,
    Renewal,
)
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NewValue
from tests.changes.build import CITY, FROM
from tests.changes.register import Register

START = date(2026, 6, 1)
ADDRESSES = [
    Address(municipality_code=CITY, address=f"肥塚三丁目{lot}番地", building=building)
    for lot in range(1, 5)
    for building in (None, "101号")
]
CODES = ["12", "20", "20", "14", "51", "20.12", "20.20", "96", "99"]


class Life:
    """Draws notifications that fit what is registered, most of them legal."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.register = Register()
        self.today = START
        self.next_id = 100

    def draw(self, strategy: st.SearchStrategy[int]) -> int:
        return self.data.draw(strategy)

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def day(self) -> date:
        """Today, or up to twenty days ago."""
        return self.today - timedelta(days=self.draw(st.integers(0, 20)) if self.chance(50) else 0)

    def household(self, on: date) -> tuple[int, list[int]]:
        """A household that has residents on the day, with their ids."""
        there = sorted(self.register.residents(on).items())
        household_id, people = there[self.draw(st.integers(0, len(there) - 1))]
        return household_id, [person_id for person_id, _ in people]

    def some(self, people: list[int]) -> tuple[int, ...]:
        """At least one of them."""
        chosen = self.draw(st.integers(1, 2 ** len(people) - 1))
        return tuple(person for place, person in enumerate(people) if chosen >> place & 1)

    def one(self, people: list[int]) -> int:
        return people[self.draw(st.integers(0, len(people) - 1))]

    def address(self) -> Address:
        return ADDRESSES[self.draw(st.integers(0, len(ADDRESSES) - 1))]

    def code(self) -> str:
        return CODES[self.draw(st.integers(0, len(CODES) - 1))]

    def row(self, relationship: str) -> NewResident:
        return NewResident(
            person_id=self.new_id(),
            name=f"人{self.next_id}",
            sex=str(self.draw(st.integers(1, 2))),
            birth=LegalDate(date(1950, 1, 1) + timedelta(days=self.draw(st.integers(0, 27000)))),
            relationship=relationship,
            domicile="なし",
            family_register_head="なし",
        )

    def move_in(self) -> tuple[Reason, Notification]:
        on = self.day()
        joins = self.chance(40) and bool(self.register.residents(on))
        rows = [self.row(self.code() if joins or place else "02") for place in range(self.draw(st.integers(1, 4)))]
        gone = [p for p in self.register.rows if self._is_gone(p, on)]
        if gone and self.chance(50):
            rows[-1] = NewResident(
                **{f: getattr(rows[-1], f) for f in NewResident.__dataclass_fields__} | {"person_id": self.one(gone)}
            )
        return Reason.MOVE_IN, MoveIn(
            household_id=self.household(on)[0] if joins else self.new_id(),
            change_date=on,
            notified_on=self.today,
            address=None if joins else self.address(),
            previous=FROM,
            members=tuple(rows),
        )

    def _is_gone(self, person_id: int, on: date) -> bool:
        states = self.register.live(person_id)
        return bool(states) and states[-1].valid_from <= on and not states[-1].record.is_resident

    def move_within(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        movers = self.some(people)
        rest = [person for person in people if person not in movers]
        way = self.draw(st.integers(0, 2))
        target = self.household(on)[0] if way == 2 else household_id if not rest and way else self.new_id()
        return Reason.MOVE_WITHIN, MoveWithin(
            from_household_id=household_id,
            household_id=target,
            change_date=on,
            notified_on=self.today,
            address=None if way == 2 else self.address(),
            person_ids=movers,
            head_id=self.one(list(movers)) if way == 0 and self.chance(70) else None,
            new_head_id=self.one(rest) if rest and self.chance(60) else None,
            relationships=tuple(Related(person_id=p, relationship=self.code()) for p in movers) if way == 2 else (),
        )

    def move_out(self) -> tuple[Reason, Notification]:
        planned = self.today + timedelta(days=self.draw(st.integers(-20, 30)))
        household_id, people = self.household(self.today)
        leavers = tuple(people) if self.chance(40) else self.some(people)
        rest = [person for person in people if person not in leavers]
        return Reason.MOVE_OUT, MoveOut(
            household_id=household_id,
            change_date=planned,
            notified_on=self.today,
            destination=Place(municipality="131164"),
            person_ids=leavers,
            new_head_id=self.one(rest) if rest and self.chance(60) else None,
        )

    def birth(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        return Reason.BIRTH, Birth(
            person_id=self.new_id(),
            household_id=household_id,
            birth=LegalDate(on),
            notified_on=self.today,
            name=f"子{self.next_id}",
            sex="1",
            parent_id=self.one(people),
            domicile="なし",
            family_register_head="なし",
        )

    def death(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        dead = self.one(people)
        rest = [person for person in people if person != dead]
        return Reason.DEATH, Death(
            household_id=household_id,
            person_id=dead,
            died=LegalDate(on),
            notified_on=self.today,
            new_head_id=self.one(rest) if rest and self.chance(60) else None,
        )

    def head_change(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        return Reason.HEAD_CHANGE, HeadChange(
            household_id=household_id,
            change_date=on,
            notified_on=self.today,
            new_head_id=self.one(people),
            basis=Basis.NOTIFICATION,
        )

    def household_move(self) -> tuple[Reason, Notification]:
        """A split, a merger, somebody who goes over, or the order of one household."""
        on = self.day()
        household_id, people = self.household(on)
        neighbours = [
            one for one in self.register.residents(on) if one != household_id and self._beside(one, household_id, on)
        ]
        reason = [Reason.HOUSEHOLD_SPLIT, Reason.HOUSEHOLD_CHANGE, Reason.HOUSEHOLD_MERGE][self.draw(st.integers(0, 2))]
        if reason is not Reason.HOUSEHOLD_SPLIT and not neighbours:
            reason = Reason.HOUSEHOLD_SPLIT
        order_only = reason is Reason.HOUSEHOLD_CHANGE and self.chance(30)
        movers = () if order_only else tuple(people) if reason is Reason.HOUSEHOLD_MERGE else self.some(people)
        rest = [person for person in people if person not in movers]
        joins = reason is not Reason.HOUSEHOLD_SPLIT and not order_only
        return reason, HouseholdMove(
            from_household_id=household_id,
            household_id=self.one(neighbours) if joins else household_id if order_only else self.new_id(),
            change_date=on,
            notified_on=self.today,
            person_ids=movers,
            head_id=self.one(list(movers)) if not joins and movers and self.chance(70) else None,
            new_head_id=self.one(rest) if rest and movers and self.chance(60) else None,
            relationships=tuple(Related(person_id=p, relationship=self.code()) for p in movers[:1]) if joins else (),
            order=(people[0], *reversed(people[1:])) if order_only else (),
        )

    def _beside(self, one: int, other: int, on: date) -> bool:
        """Whether two households live at one address."""
        places = [
            {(record.address, record.building) for _, record in self.register.residents(on)[household]}
            for household in (one, other)
        ]
        return places[0] == places[1]

    def without_head(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        return Reason.HEAD_CHANGE, HeadChange(
            household_id=household_id,
            change_date=on,
            notified_on=self.today,
            factual_head="スミス　ジョン",
            relationships=(Related(person_id=people[0], relationship=self.code()),),
        )

    def renewal(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        restoration = self.chance(30)
        return Reason.RESTORATION_ENTRY if restoration else Reason.RENEWAL_ENTRY, Renewal(
            household_id=household_id, person_ids=self.some(people), change_date=on, restoration=restoration
        )

    def abroad(self) -> tuple[Reason, Notification]:
        """The people of a move in, from abroad."""
        _, given = self.move_in()
        assert isinstance(given, MoveIn)
        return Reason.MOVE_IN_ABROAD, MoveInAbroad(**_values(given) | {"previous": Place(address="カナダ")})

    def entry(self) -> tuple[Reason, Notification]:
        """The people of a move in, entered ex officio."""
        _, given = self.move_in()
        assert isinstance(given, MoveIn)
        kind = [EntryKind.SETTING, EntryKind.WITHOUT_PREVIOUS, EntryKind.NATURALISED][self.draw(st.integers(0, 2))]
        previous = Place(address="不明") if kind is EntryKind.SETTING else Place()
        given_values = _values(given) | {"basis": Basis.EX_OFFICIO, "previous": previous}
        return Reason.EX_OFFICIO_ENTRY, ExOfficioEntry(**given_values, kind=kind)

    def removal(self) -> tuple[Reason, Notification]:
        on = self.day()
        household_id, people = self.household(on)
        gone = self.some(people)
        rest = [person for person in people if person not in gone]
        return Reason.EX_OFFICIO_REMOVAL, ExOfficioRemoval(
            household_id=household_id,
            person_ids=gone,
            removed_on=LegalDate(on),
            ground=RemovalGround.FACT_FINDING,
            new_head_id=self.one(rest) if rest and self.chance(60) else None,
        )

    def nationality(self) -> tuple[Reason, Notification]:
        """Whoever is foreign is naturalised; whoever is not loses the nationality."""
        on = self.day()
        household_id, people = self.household(on)
        person_id = self.one(people)
        shared: dict[str, Any] = {
            "household_id": household_id,
            "person_id": person_id,
            "change_date": on,
            "notified_on": self.today,
        }
        if dict(self.register.residents(on)[household_id])[person_id].is_foreign:
            return Reason.ENTRY_NATURALISATION, Naturalisation(
                **shared, name=f"人{person_id}", domicile="不明", family_register_head="不明"
            )
        return Reason.ENTRY_NATIONALITY_LOSS, NationalityLoss(
            **shared,
            name=f"PERSON {person_id}",
            foreign=ForeignItems(nationality="USA", article_30_45="4", foreign_resident_since=LegalDate(on)),
        )

    def arrival(self) -> tuple[Reason, Notification]:
        """A notice of arrival for somebody who has moved out or plans to; else another move out."""
        gone = [p for p in self.register.rows if any(not r.record.is_resident for r in self.register.live(p))]
        if not gone:
            return self.move_out()
        person = self.one(sorted(gone))
        removed = [row for row in self.register.live(person) if not row.record.is_resident][-1]
        return Reason.MOVE_OUT, ArrivalNotice(
            household_id=removed.record.household_id,
            removal_on=removed.valid_from,
            arrived_on=self.today - timedelta(days=self.draw(st.integers(0, 20))),
            notified_on=self.today,
            destination=Place(municipality="131164"),
            person_ids=(person,),
        )

    def amendment(self) -> tuple[Reason, Notification]:
        """A name, a domicile of several, the address of all, a relationship, or a former name."""
        on = self.day()
        household_id, people = self.household(on)
        way = self.draw(st.integers(0, 4))
        reason, ground, basis = Reason.EX_OFFICIO_AMENDMENT, "9", Basis.EX_OFFICIO
        chosen: tuple[int, ...] = (self.one(people),)
        values: tuple[NewValue, ...] = (NewValue(item="name", text=f"改{self.new_id()}"),)
        address = None
        if way == 1:
            chosen, values = self.some(people), (NewValue(item="domicile", text=f"本籍{self.new_id()}"),)
        elif way == 2:
            reason, ground, values, address = Reason.MINOR_AMENDMENT, "5", (), self.address()
        elif way == 3:
            values = (NewValue(item="relationship", text=self.code()),)
        elif way == 4:
            reason = Reason.FORMER_NAME_ENTRY if self.chance(70) else Reason.FORMER_NAME_DELETION
            values = (NewValue(item="former_family_name", text="旧"),) if reason is Reason.FORMER_NAME_ENTRY else ()
            ground, basis = "", Basis.REQUEST
        return reason, Amendment(
            reason=reason,
            household_id=household_id,
            person_ids=chosen,
            change_date=on,
            notified_on=self.today,
            basis=basis,
            ground=ground or None,
            values=values,
            address=address,
        )

    def correction(self) -> tuple[Reason, Notification]:
        """What some change of the past wrote of somebody, put right from its first day on."""
        past = self.register.past()
        change = past.changes[self.one(sorted(past.changes))]
        person_id = self.one(sorted(change.people))
        rows = [row for row in past.rows[person_id] if row.written_by == change.change_id]
        first = min(row.valid_from for row in rows)
        homes = {
            row.record.household_id for row in past.rows[person_id] if row.valid_to is None or row.valid_to > first
        }
        return Reason.ERROR_CORRECTION, ErrorCorrection(
            change_id=change.change_id,
            first_day=first,
            household_ids=tuple(sorted(homes)),
            person_id=person_id,
            change_date=self.today,
            values=(NewValue(item="sex", text=str(self.draw(st.integers(1, 2)))), NewValue(item="remarks", text="正")),
            address=self.address() if self.chance(30) else None,
        )

    def step(self) -> bool:
        """One notification; whether it could be registered."""
        self.today += timedelta(days=self.draw(st.integers(0, 6)))
        kinds = [self.move_in, self.move_within, self.move_out, self.birth, self.death, self.head_change]
        kinds += [self.household_move, self.household_move, self.without_head]
        kinds += [self.renewal, self.nationality, self.removal, self.arrival, self.abroad, self.entry]
        kinds += [self.amendment, self.amendment, self.correction]
        recent = self.today - timedelta(days=20)
        days = [recent + timedelta(days=n) for n in range(21)]
        settled = all(self.register.residents(day) for day in days)
        kind = kinds[self.draw(st.integers(0, len(kinds) - 1))] if settled else self.move_in
        reason, notification = kind()
        change = change_of(reason)
        before = self.register.before(change.scope(notification), notification.on)
        try:
            plan = change.plan(before, notification, self.today)
        except DaichoError:
            return False
        self.register.register(plan)
        return True


def _values(given: MoveIn) -> dict[str, Any]:
    return {name: getattr(given, name) for name in MoveIn.__dataclass_fields__}


def live_and_check(data: st.DataObject, steps: int) -> None:
    life = Life(data)
    for _ in range(steps):
        if life.step():
            life.register.check()


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_life_keeps_the_rules(data: st.DataObject) -> None:
    live_and_check(data, 12)


@pytest.mark.long
@given(data=st.data())
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_long_life_keeps_the_rules(data: st.DataObject) -> None:
    live_and_check(data, 30)


def test_most_notifications_of_the_generator_are_registered() -> None:
    """A property test that refuses everything proves nothing."""
    done: list[bool] = []

    @given(data=st.data())
    @settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def lives(data: st.DataObject) -> None:
        life = Life(data)
        done.extend(life.step() for _ in range(12))

    lives()
    assert sum(done) > len(done) / 3
