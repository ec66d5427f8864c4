"""What is amended: domiciles and readings on notices of the family register, names, addresses, numbers.

Rates per year are those of `years`: orders of magnitude of what a city of this size registers, no local figures are known.
"""

from collections.abc import Callable
from datetime import date

from daicho.city import places
from daicho.city.events import Drawn
from daicho.city.names import SPACE, family_name, given_name
from daicho.city.record_events import RecordEvents
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import Address
from daicho.register.changes.notification_amend import Amendment, NewValue, NumberChange
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow


class AmendmentEvents(RecordEvents):
    """All events, amendments included."""

    def _one(self, on: date, fits: Callable[[ResidentRecord], bool]) -> StateRow | None:
        """Somebody of a random household who fits."""
        family = self._home(on, lambda rows: any(fits(row.record) for row in rows))
        fitting = [row for row in family if fits(row.record)]
        return self._rng.choice(fitting) if fitting else None

    def _amendment(self, today: date) -> Drawn:
        """転籍 of the Japanese members, or a reading that the family register brings, on the notice of 法9条2項."""
        on = today - self._lag(10)
        if self._rng.random() < 0.6:
            return self._reading(on, today)
        family = self._home(on, lambda rows: not rows[0].record.is_foreign)
        people = tuple(row.person_id for row in family if not row.record.is_foreign)
        if not people:
            return None
        _, domicile = places.domicile(self._rng)
        values = (NewValue(item="domicile", text=domicile),)
        return _amend(Reason.EX_OFFICIO_AMENDMENT, family[0], on, today, values, people, "1", Basis.NOTICE)

    def _reading(self, on: date, today: date) -> Drawn:
        found = self._one(on, lambda r: not r.is_foreign and r.name_reading is None and bool(r.name_kana))
        if found is None:
            return None
        values = (
            NewValue(item="name_reading", text=found.record.name_kana),
            NewValue(item="name_reading_on", day=on),
            NewValue(item="name_reading_source", text="family_register"),
            NewValue(item="name_reading_state", text=self._rng.choice(("confirmed", "notified"))),
        )
        return _amend(Reason.EX_OFFICIO_AMENDMENT, found, on, today, values, None, "1", Basis.NOTICE)

    def _minor_amendment(self, today: date) -> Drawn:
        """A building gets another name: for the household that says so."""
        on = today - self._lag(5)
        found = self._one(on, lambda r: bool(r.building) and "第二" not in (r.building or ""))
        if found is None:
            return None
        record = found.record
        address = Address(
            municipality_code=record.municipality_code,
            address=record.address,
            town_code=record.town_code,
            postcode=record.postcode,
            district_code=record.district_code,
            building=f"第二{record.building}",
        )
        return Reason.MINOR_AMENDMENT, Amendment(
            reason=Reason.MINOR_AMENDMENT,
            household_id=record.household_id,
            person_ids=(found.person_id,),
            change_date=on,
            ground="6",
            address=address,
        )

    def _former_name(self, today: date) -> Drawn:
        """Mostly a married woman's name before."""
        found = self._one(today, lambda r: r.relationship == "12" and not r.is_foreign and r.former_family_name is None)
        if found is None:
            return None
        family = family_name(self._rng)
        values = (
            NewValue(item="former_family_name", text=family.kanji),
            NewValue(item="former_family_name_kana", text=family.kana),
            NewValue(item="former_family_name_kana_checked", flag=True),
        )
        return _amend(Reason.FORMER_NAME_ENTRY, found, today, today, values, None, None, Basis.REQUEST)

    def _former_name_deletion(self, today: date) -> Drawn:
        found = self._one(today, lambda r: r.former_family_name is not None)
        return (
            _amend(Reason.FORMER_NAME_DELETION, found, today, today, (), None, None, Basis.REQUEST) if found else None
        )

    def _common_name(self, today: date) -> Drawn:
        found = self._one(today, lambda r: r.is_foreign and r.common_name is None)
        if found is None:
            return None
        family, (given, kana) = family_name(self._rng), given_name(self._rng, found.record.sex, 1990)
        values = (
            NewValue(item="common_name", text=f"{family.kanji}{SPACE}{given}"),
            NewValue(item="common_name_kana", text=f"{family.kana}{SPACE}{kana}"),
        )
        return _amend(Reason.COMMON_NAME_ENTRY, found, today, today, values, None, None, Basis.APPLICATION)

    def _common_name_deletion(self, today: date) -> Drawn:
        found = self._one(today, lambda r: r.common_name is not None)
        return (
            _amend(Reason.COMMON_NAME_DELETION, found, today, today, (), None, None, Basis.APPLICATION)
            if found
            else None
        )

    def _number_change(self, today: date) -> Drawn:
        """After a number was lost or may be misused."""
        found = self._one(today, lambda r: r.individual_number_id is not None)
        if found is None:
            return None
        individual, _ = self._numbers.next()
        return Reason.INDIVIDUAL_NUMBER_CHANGE, _number(Reason.INDIVIDUAL_NUMBER_CHANGE, found, today, individual, None)

    def _code_change(self, today: date) -> Drawn:
        found = self._one(today, lambda r: r.resident_code_id is not None)
        if found is None:
            return None
        _, code = self._numbers.next()
        return Reason.RESIDENT_CODE_CHANGE, _number(Reason.RESIDENT_CODE_CHANGE, found, today, None, code)


def _amend(
    reason: Reason,
    found: StateRow,
    on: date,
    today: date,
    values: tuple[NewValue, ...],
    people: tuple[int, ...] | None,
    ground: str | None,
    basis: Basis,
) -> Drawn:
    return reason, Amendment(
        reason=reason,
        household_id=found.record.household_id,
        person_ids=people or (found.person_id,),
        change_date=on,
        notified_on=today,
        basis=basis,
        ground=ground,
        values=values,
    )


def _number(reason: Reason, found: StateRow, today: date, individual: str | None, code: str | None) -> NumberChange:
    return NumberChange(
        reason=reason,
        household_id=found.record.household_id,
        person_id=found.person_id,
        change_date=today,
        notified_on=today,
        individual_number=individual,
        resident_code=code,
    )
