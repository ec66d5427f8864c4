"""The people of one neighbourhood on the first day, entered into its ledger as records taken over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from daicho.city import people, places
from daicho.city.chance import Chance
from daicho.city.families import Member, households
from daicho.city.ledger import Ledger
from daicho.city.names import Country, FamilyName, countries, family_name, given_name
from daicho.city.people import Identity, Numbers
from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import Address, Place
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.rules import address_items, place_items
from daicho.register.store.taken_over import TakenOver

_GUARDIAN = "成年被後見人"


@dataclass(frozen=True, slots=True)
class Home:
    """What the members of a household share."""

    household_id: int
    address: Address
    settled: date
    moved_in: bool
    previous: Place
    former_address: str | None
    domicile: tuple[str, str]
    register_head: str
    country: Country | None


class FirstDay:
    """Fills a ledger with households."""

    def __init__(self, ledger: Ledger, numbers: Numbers, rng: Chance, day: date, at: datetime) -> None:
        """`day`: the day of the take-over; `at`: the instant at which it is recorded."""
        self._ledger = ledger
        self._numbers = numbers
        self._rng = rng
        self._day = day
        self._at = at

    def settle(self, count: int) -> None:
        """`count` residents in households of every kind, and the removed records that go with them."""
        for members in households(count, self._rng):
            self._household(members)

    def _household(self, members: list[Member]) -> None:
        rng = self._rng
        home, heads = self._home(members)
        identities = list(self._identities(members, home, heads))
        taken = [
            self._resident(member, identity, home, place)
            for place, (member, identity) in enumerate(zip(members, identities, strict=True), start=1)
        ]
        if rng.random() < 0.06 and home.country is None:
            taken.append(self._removed(home, identities[0], len(taken) + 1))
        self._ledger.take_over(taken, self._day, self._at)

    def _home(self, members: list[Member]) -> tuple[Home, FamilyName]:
        rng, head = self._rng, members[0]
        young = head.age < 40
        abroad = rng.random() < (0.2 if len(members) == 1 and 18 <= head.age < 45 else 0.02 if head.age < 62 else 0.001)
        country = countries().pick(rng) if abroad else None
        years = min(rng.expovariate(1 / (3.5 if abroad or young else 14)), max(head.age - 17, 0.1))
        settled = self._day - timedelta(days=int(years * 365))
        family = family_name(rng)
        address = places.new_address(rng, flat=abroad or rng.random() < (0.65 if young else 0.18))
        moved_in = rng.random() < 0.55 or abroad
        first = family.kanji + "　" + given_name(rng, "1", self._day.year - head.age - 28)[0]
        home = Home(
            household_id=next(self._ledger.ids),
            address=address,
            settled=settled,
            moved_in=moved_in,
            previous=places.elsewhere(rng, None) if moved_in else Place(),
            former_address=None if moved_in else places.new_address(rng, flat=False).address,
            domicile=places.domicile(rng),
            register_head=first,
            country=country,
        )
        return home, family

    def _identities(self, members: list[Member], home: Home, family: FamilyName) -> Iterator[Identity]:
        rng = self._rng
        others = [family, family_name(rng), family_name(rng)]
        abroad = FamilyName(*rng.choice(home.country.family)) if home.country is not None else None
        mixed = home.country is None and rng.random() < 0.012
        for member in members:
            born = people.birth_date(rng, member.age, self._day)
            since = max(home.settled, born)
            if home.country is not None:
                yield people.foreigner(rng, member.sex, born, since, country=home.country, family=abroad)
            elif mixed and member.relationship in ("12", "11") and member.age < 65:
                yield people.foreigner(rng, member.sex, born, since, partner=family)
            elif member.line == 2 and rng.random() < 0.2:
                yield people.foreigner(rng, member.sex, born, since)
            else:
                own = family_name(rng) if member.line == 2 else others[member.line]
                yield people.japanese(rng, own, member.sex, born)

    def _resident(self, member: Member, identity: Identity, home: Home, place: int) -> TakenOver:
        person_id = next(self._ledger.ids)
        reason, dates = self._dates(identity, home)
        individual, code = self._numbers.next()
        record = ResidentRecord(
            household_id=home.household_id,
            household_order=place,
            relationship=member.relationship,
            **address_items(home.address),
            **dates,
            **self._personal(member, identity, home),
            individual_number_id=self._ledger.hold("individual_number", person_id, individual),
            resident_code_id=self._ledger.hold("resident_code", person_id, code),
        )
        return TakenOver(person_id, reason, record)

    def _dates(self, identity: Identity, home: Home) -> tuple[Reason, dict[str, Any]]:
        """The reason of the last change, since when resident and settled, and where from."""
        rng, born = self._rng, identity.birth.on
        if born > home.settled:
            reason, since, settled = Reason.BIRTH, identity.birth, identity.birth
        elif home.moved_in:
            reason, since, settled = Reason.MOVE_IN, LegalDate(home.settled), LegalDate(home.settled)
        else:
            earlier = home.settled - timedelta(days=rng.randrange(6000))
            reason, settled = Reason.MOVE_WITHIN, LegalDate(home.settled)
            since = identity.birth if earlier <= born else LegalDate(earlier)
        found: dict[str, Any] = {
            "settled_on": settled,
            "settled_reason": reason.word,
            "settled_notified_on": self._notified(settled.on),
            "settled_basis": Basis.EX_OFFICIO.word if reason is Reason.BIRTH else Basis.NOTIFICATION.word,
            "resident_since": since,
            "resident_notified_on": self._notified(since.on),
        }
        if reason is Reason.MOVE_IN:
            found.update(place_items(home.previous, "previous"))
        elif reason is Reason.MOVE_WITHIN:
            found["former_address"] = home.former_address
        if identity.foreign is not None:
            found["foreign_resident_notified_on"] = self._notified(settled.on)
        return reason, found

    def _notified(self, since: date) -> date:
        return min(since + timedelta(days=self._rng.randrange(14)), self._day)

    def _personal(self, member: Member, identity: Identity, home: Home) -> dict[str, Any]:
        rng = self._rng
        found: dict[str, Any] = {
            "name": identity.name,
            "name_kana": identity.name_kana,
            "name_kana_checked": identity.foreign is None and rng.random() < 0.9,
            "sex": identity.sex,
            "birth": identity.birth,
            "is_foreign": identity.foreign is not None,
        }
        if identity.foreign is not None:
            found.update(foreign_items(identity))
            return found
        own_register = member.line != 0 or member.relationship in ("74", "84") or rng.random() < 0.1
        found["domicile_municipality"], found["domicile"] = places.domicile(rng) if own_register else home.domicile
        found["family_register_head"] = identity.name if own_register else home.register_head
        if member.age >= 75 and rng.random() < 0.012:
            found["remarks"] = _GUARDIAN
        if member.relationship == "12" and rng.random() < 0.01:
            former = family_name(rng)
            found["former_family_name"], found["former_family_name_kana"] = former.kanji, former.kana
        return found

    def _removed(self, home: Home, near: Identity, place: int) -> TakenOver:
        """A removed record: somebody of the household who died or moved out in the last years."""
        rng = self._rng
        person_id = next(self._ledger.ids)
        dead = rng.random() < 0.45
        removed = self._day - timedelta(days=rng.randrange(1, 365 * 5))
        sex = rng.choice("12")
        age = rng.randint(70, 99) if dead else rng.randint(19, 32)
        identity = people.japanese(rng, near.family, sex, people.birth_date(rng, age, removed))
        individual, code = self._numbers.next()
        since = max(identity.birth.on, removed - timedelta(days=rng.randrange(9000)))
        reason = Reason.DEATH if dead else Reason.MOVE_OUT
        member = Member("96", sex, age)
        record = ResidentRecord(
            status="dead" if dead else "moved_out",
            household_id=home.household_id,
            household_order=place,
            relationship=member.relationship,
            **address_items(home.address),
            **self._personal(member, identity, home),
            resident_since=LegalDate(since),
            settled_on=LegalDate(since),
            settled_reason=Reason.MOVE_WITHIN.word,
            settled_basis=Basis.NOTIFICATION.word,
            removed_on=LegalDate(removed),
            removed_notified_on=min(removed + timedelta(days=rng.randrange(8)), self._day),
            removed_reason=reason.word,
            removed_basis=Basis.NOTIFICATION.word,
            individual_number_id=self._ledger.hold("individual_number", person_id, individual),
            resident_code_id=self._ledger.hold("resident_code", person_id, code),
            **({} if dead else self._confirmed(removed)),
        )
        return TakenOver(person_id, reason, record)

    def _confirmed(self, removed: date) -> dict[str, Any]:
        place = places.elsewhere(self._rng, None)
        return {**place_items(place, "confirmed"), "confirmed_on": removed, "arrival_notice_on": removed}


def foreign_items(identity: Identity) -> dict[str, Any]:
    """The fields of the record that hold the foreign items."""
    items = identity.foreign
    return {name: getattr(items, name) for name in type(items).__dataclass_fields__} if items is not None else {}
