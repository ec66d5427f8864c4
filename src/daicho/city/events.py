"""What happens to people: notifications drawn for a day, from who lives in the neighbourhood on that day.

Each function gives a reason and a notification, or None when nobody fits. Change dates lie before the day of
registration as in life: up to two weeks for moves, days for births and deaths; moves out are planned ahead.
"""

import math
from collections.abc import Callable
from datetime import date, timedelta

from daicho.city import people, places
from daicho.city.chance import Chance
from daicho.city.families import Member
from daicho.city.ledger import Ledger
from daicho.city.names import SPACE, Country, FamilyName, countries, family_name
from daicho.city.people import Identity, Numbers
from daicho.city.regroups import Regroups
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.notification import (
    Birth,
    Death,
    ForeignItems,
    HeadChange,
    MoveIn,
    MoveOut,
    MoveWithin,
    NewResident,
    Notification,
    Related,
)
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow

Drawn = tuple[Reason, Notification] | None
_SPOUSES = ("11", "12", "13", "14")


class Events:
    """Draws notifications from a ledger; `homes` are the households that people are looked for in."""

    def __init__(self, ledger: Ledger, numbers: Numbers, rng: Chance) -> None:
        """Starts with every household of the ledger."""
        self.ledger = ledger
        self._numbers = numbers
        self._rng = rng
        self.homes = list(ledger.households)
        self._gone: list[int] = []
        self.regroups = Regroups(ledger, rng, self._home)

    def draw(self, kind: str, today: date) -> Drawn:
        """A notification of this kind for registration on `today`."""
        draw: Callable[[date], Drawn] = getattr(self, f"_{kind}", None) or getattr(self.regroups, kind)
        return draw(today)

    def settled(self, household_id: int) -> None:
        """A household that has come into being can be drawn from now on."""
        self.homes.append(household_id)

    def left(self, person_id: int) -> None:
        """Somebody who moved out alone may come back."""
        self._gone.append(person_id)

    # --- looking for people --------------------------------------------------------------------------------------

    def _lag(self, days: int) -> timedelta:
        return timedelta(days=self._rng.randint(0, days))

    def _home(self, on: date, fits: Callable[[list[StateRow]], bool]) -> list[StateRow]:
        """The residents of a random household that fits, or nobody after a few tries; empty ones are forgotten."""
        for _ in range(60):
            if not self.homes:
                return []
            place = self._rng.randrange(len(self.homes))
            found = self.ledger.residents(self.homes[place], on)
            if not found:
                self.homes[place] = self.homes[-1]
                self.homes.pop()
            elif fits(found):
                return found
        return []

    def _new_head(self, family: list[StateRow], leaving: set[int]) -> int | None:
        """Who heads the household when the head is among the leavers and two or more stay: the spouse, else the eldest."""
        staying = [row for row in family if row.person_id not in leaving]
        head_leaves = any(row.record.relationship == "02" for row in family if row.person_id in leaving)
        if not head_leaves or len(staying) < 2:
            return None
        spouse = [row for row in staying if row.record.relationship in _SPOUSES]
        return (spouse or sorted(staying, key=lambda row: row.record.birth.on))[0].person_id

    # --- births and deaths ---------------------------------------------------------------------------------------

    def _birth(self, today: date) -> Drawn:
        born = today - timedelta(days=self._rng.randint(1, 13))
        family = self._home(born, lambda rows: _mother(rows, born) is not None)
        mother = _mother(family, born)
        if mother is None:
            return None
        head, sex = family[0].record, "1" if self._rng.random() < 0.512 else "2"
        identity = self._newborn(mother.record, head, sex, born)
        individual, code = self._numbers.next()
        japanese = head if not head.is_foreign else mother.record
        return Reason.BIRTH, Birth(
            person_id=next(self.ledger.ids),
            household_id=head.household_id,
            birth=LegalDate(born),
            notified_on=today,
            name=identity.name,
            name_kana=identity.name_kana,
            name_kana_checked=identity.foreign is None,
            sex=sex,
            parent_id=mother.person_id,
            domicile_municipality=None if identity.foreign else japanese.domicile_municipality,
            domicile=None if identity.foreign else japanese.domicile,
            family_register_head=None if identity.foreign else japanese.family_register_head,
            individual_number=individual,
            resident_code=code,
            foreign=identity.foreign,
        )

    def _newborn(self, mother: ResidentRecord, head: ResidentRecord, sex: str, born: date) -> Identity:
        parent = mother if not mother.is_foreign else head
        if not parent.is_foreign:
            kanji, kana = parent.name.split(SPACE)[0], (parent.name_kana or "").split(SPACE)[0]
            return people.japanese(self._rng, FamilyName(kanji, kana), sex, born)
        country = next((c for c in countries().options if c.code == mother.nationality), None)
        identity = people.foreigner(self._rng, sex, born, born, country=country)
        items = identity.foreign
        transitional = ForeignItems(
            nationality=mother.nationality or "",
            nationality_name=mother.nationality_name,
            residence_status="ZS93",
            residence_status_name="出生による経過滞在者",
            article_30_45="4",
            stay_until=born + timedelta(days=60),
            foreign_resident_since=LegalDate(born),
            foreign_name_kana=items.foreign_name_kana if items else None,
        )
        return Identity(identity.name, identity.name_kana, sex, identity.birth, identity.family, transitional)

    def _death(self, today: date) -> Drawn:
        died = today - timedelta(days=self._rng.randint(1, 6))
        for _ in range(400):
            family = self._home(died, lambda rows: True)
            if not family:
                return None
            dead = self._rng.choice(family)
            age = (died - dead.record.birth.on).days / 365
            if dead.record.birth.on < died and self._rng.random() < min(math.exp((age - 93) / 9), 1.0):
                break
        return Reason.DEATH, Death(
            household_id=dead.record.household_id,
            person_id=dead.person_id,
            died=LegalDate(died),
            notified_on=today,
            new_head_id=self._new_head(family, {dead.person_id}),
        )

    # --- moving in -----------------------------------------------------------------------------------------------

    def _move_in(self, today: date) -> Drawn:
        moved, rng = today - self._lag(13), self._rng
        if self._gone and rng.random() < 0.06:
            return self._return(today)
        joins = self._home(moved, lambda rows: True) if rng.random() < 0.15 else []
        rows: tuple[NewResident, ...]
        if joins:
            relationship = rng.choice(("99", "96", "20")) if joins[0].record.birth.on.year < 1975 else "99"
            age = rng.randint(20, 30)
            sex = rng.choice("12")
            family_of = joins[0].record.name.split(SPACE)[0], (joins[0].record.name_kana or "").split(SPACE)[0]
            own = FamilyName(*family_of) if relationship == "20" and not joins[0].record.is_foreign else None
            rows = (self._newcomer(Member(relationship, sex, age), moved, own or family_name(rng), None),)
            household = joins[0].record.household_id
        else:
            rows, household = self._arrivals(moved), next(self.ledger.ids)
        return Reason.MOVE_IN, MoveIn(
            household_id=household,
            change_date=moved,
            notified_on=today,
            address=None if joins else places.new_address(rng, flat=rng.random() < 0.7),
            previous=places.elsewhere(rng, rows[0].name if len(rows) > 1 else None),
            members=rows,
        )

    def _arrivals(self, moved: date) -> tuple[NewResident, ...]:
        """One person, a couple or a young family; one in nine households is foreign."""
        rng = self._rng
        country = countries().pick(rng) if rng.random() < 0.11 else None
        head_age = min(max(int(rng.gauss(31, 9)), 18), 80)
        members = [Member("02", "1" if rng.random() < 0.56 else "2", head_age)]
        if rng.random() < 0.36 and head_age > 21:
            partner = "12" if members[0].sex == "1" else "11"
            members.append(Member(partner, "2" if partner == "12" else "1", max(head_age + rng.randint(-4, 3), 20)))
            oldest = min(head_age, members[1].age) - 21
            while oldest > 0 and len(members) < 5 and rng.random() < 0.55:
                oldest = rng.randint(0, min(oldest - 1, 15))
                members.append(Member("20", rng.choice("12"), oldest))
        family = FamilyName(*rng.choice(country.family)) if country else family_name(rng)
        domicile = places.domicile(rng)
        rows: list[NewResident] = []
        for member in members:
            rows.append(self._newcomer(member, moved, family, country, domicile, rows[0].name if rows else None))
        return tuple(rows)

    def _newcomer(
        self,
        member: Member,
        moved: date,
        family: FamilyName,
        country: Country | None,
        domicile: tuple[str, str] | None = None,
        register_head: str | None = None,
    ) -> NewResident:
        rng = self._rng
        born = people.birth_date(rng, member.age, moved)
        if country is not None:
            identity = people.foreigner(rng, member.sex, born, moved, country=country, family=family)
        else:
            identity = people.japanese(rng, family, member.sex, born)
        individual, code = self._numbers.next()
        place, text = (None, None) if country is not None else domicile or places.domicile(rng)
        return NewResident(
            person_id=next(self.ledger.ids),
            name=identity.name,
            name_kana=identity.name_kana,
            name_kana_checked=identity.foreign is None,
            sex=member.sex,
            birth=identity.birth,
            relationship=member.relationship,
            domicile_municipality=place,
            domicile=text,
            family_register_head=None if country is not None else register_head or identity.name,
            individual_number=individual,
            resident_code=code,
            foreign=identity.foreign,
        )

    def _return(self, today: date) -> Drawn:
        """Somebody who moved out alone comes back, and keeps addressee number and numbers (STD 4.1.1.2)."""
        person_id = self._gone.pop(self._rng.randrange(len(self._gone)))
        person = self.ledger.person_before(person_id, today)
        moved = today - self._lag(5)
        if person.current is None or person.current.record.is_resident or person.current.valid_from >= moved:
            return None
        former = person.current.record
        if former.is_foreign:
            return None
        row = NewResident(
            person_id=person_id,
            name=former.name,
            name_kana=former.name_kana,
            name_kana_checked=former.name_kana_checked,
            sex=former.sex,
            birth=former.birth,
            relationship="02",
            domicile_municipality=former.domicile_municipality,
            domicile=former.domicile,
            family_register_head=former.family_register_head,
        )
        return Reason.MOVE_IN, MoveIn(
            household_id=next(self.ledger.ids),
            change_date=moved,
            notified_on=today,
            address=places.new_address(self._rng, flat=True),
            previous=places.elsewhere(self._rng, None),
            members=(row,),
        )

    # --- moving within and out -----------------------------------------------------------------------------------

    def _leavers(self, on: date) -> tuple[list[StateRow], list[StateRow]]:
        """A household and who of it goes: mostly everybody, else one grown-up."""
        family = self._home(on, lambda rows: self._rng.random() < _mobility(rows, on))
        if not family or len(family) == 1 or self._rng.random() < 0.55:
            return family, family
        grown = [row for row in family if (on - row.record.birth.on).days > 365 * 18]
        young = [row for row in grown if row.record.relationship == "20"]
        return family, [self._rng.choice(young or grown or family)]

    def _move_within(self, today: date) -> Drawn:
        moved, rng = today - self._lag(13), self._rng
        family, movers = self._leavers(moved)
        if not family:
            return None
        source = family[0].record.household_id
        ids = tuple(row.person_id for row in movers)
        new_head = self._new_head(family, set(ids))
        if len(movers) < len(family) and rng.random() < 0.25:
            other = self._home(moved, lambda rows: rows[0].record.household_id != source)
            if not other:
                return None
            chosen = (Related(person_id=ids[0], relationship="99" if rng.random() < 0.5 else "96"),)
            return Reason.MOVE_WITHIN, MoveWithin(
                from_household_id=source,
                household_id=other[0].record.household_id,
                change_date=moved,
                notified_on=today,
                person_ids=ids,
                new_head_id=new_head,
                relationships=chosen,
            )
        whole = len(movers) == len(family)
        return Reason.MOVE_WITHIN, MoveWithin(
            from_household_id=source,
            household_id=source if whole else next(self.ledger.ids),
            change_date=moved,
            notified_on=today,
            address=places.new_address(rng, flat=rng.random() < 0.5),
            person_ids=ids,
            new_head_id=new_head,
        )

    def _move_out(self, today: date) -> Drawn:
        rng = self._rng
        ahead = rng.randint(1, 25) if rng.random() < 0.8 else -rng.randint(0, 9)
        moves = today + timedelta(days=ahead)
        family, movers = self._leavers(min(today, moves))
        if not family:
            return None
        ids = tuple(row.person_id for row in movers)
        abroad = rng.random() < (0.4 if family[0].record.is_foreign else 0.02)
        return Reason.MOVE_OUT_ABROAD if abroad else Reason.MOVE_OUT, MoveOut(
            household_id=family[0].record.household_id,
            change_date=moves,
            notified_on=today,
            abroad=abroad,
            destination=places.abroad(rng) if abroad else places.elsewhere(rng, None),
            person_ids=ids,
            new_head_id=self._new_head(family, set(ids)),
        )

    def _head_change(self, today: date) -> Drawn:
        changed = today - self._lag(13)
        family = self._home(changed, lambda rows: len(rows) > 1 and (changed - rows[0].record.birth.on).days > 365 * 60)
        grown = [row for row in family[1:] if (changed - row.record.birth.on).days > 365 * 20]
        if not grown:
            return None
        return Reason.HEAD_CHANGE, HeadChange(
            household_id=family[0].record.household_id,
            change_date=changed,
            notified_on=today,
            new_head_id=self._rng.choice(grown).person_id,
        )


def _mother(rows: list[StateRow], on: date) -> StateRow | None:
    """A woman who may have a child: head or spouse, or the wife of a son."""
    for row in rows:
        age = (on - row.record.birth.on).days / 365
        if row.record.sex == "2" and 21 <= age <= 42 and row.record.relationship in ("02", "12", "20.12"):
            married = row.record.relationship != "02" or any(r.record.relationship in ("11", "13") for r in rows)
            return row if married else None
    return None


def _mobility(rows: list[StateRow], on: date) -> float:
    """How likely a household is to move, by the age of its head."""
    age = (on - rows[0].record.birth.on).days / 365
    return 1.0 if age < 32 else 0.45 if age < 45 else 0.12
