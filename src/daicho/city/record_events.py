"""What happens more seldom: arrivals from abroad, changes of nationality, entries and removals ex officio, renewal.

Rates per year are those of `years`; 帰化 about one foreign resident in 400, 国籍喪失 one Japanese in 100,000 (data/README.md has no local
figures: orders of magnitude of the national statistics).
"""

from datetime import date, timedelta

from daicho.city import people, places
from daicho.city.events import Drawn, Events
from daicho.city.families import Member
from daicho.city.names import SPACE, FamilyName, countries, family_name
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.notification import (
    AbroadKind,
    EntryKind,
    ExOfficioEntry,
    ExOfficioRemoval,
    ForeignItems,
    MoveInAbroad,
    NationalityLoss,
    Naturalisation,
    Place,
    RemovalGround,
    Renewal,
)
from daicho.register.changes.timeline import StateRow


class RecordEvents(Events):
    """All events, the seldom ones included."""

    def _move_in_abroad(self, today: date) -> Drawn:
        """Mostly one foreign worker or student by 法30条の46; some Japanese come back."""
        rng, moved = self._rng, today - self._lag(10)
        is_foreign = rng.random() < 0.85
        country = countries().pick(rng) if is_foreign else None
        family = FamilyName(*rng.choice(country.family)) if country else family_name(rng)
        member = Member("02", "1" if rng.random() < 0.55 else "2", rng.randint(19, 38))
        row = self._newcomer(member, moved, family, country)
        return Reason.MOVE_IN_ABROAD, MoveInAbroad(
            household_id=next(self.ledger.ids),
            change_date=moved,
            notified_on=today,
            address=places.new_address(rng, flat=True),
            previous=Place() if is_foreign else places.abroad(rng),
            kind=AbroadKind.ARTICLE_30_46 if is_foreign else AbroadKind.ABROAD,
            members=(row,),
        )

    def _naturalisation(self, today: date) -> Drawn:
        told = today - timedelta(days=self._rng.randint(3, 20))
        found = self._somebody(told, is_foreign=True)
        if found is None:
            return None
        record = found.record
        family = family_name(self._rng)
        identity = people.japanese(self._rng, family, record.sex, record.birth.on)
        place, domicile = places.domicile(self._rng)
        return Reason.ENTRY_NATURALISATION, Naturalisation(
            household_id=record.household_id,
            person_id=found.person_id,
            change_date=told,
            notified_on=today,
            acquisition=self._rng.random() < 0.1,
            name=identity.name,
            name_kana=identity.name_kana,
            name_kana_checked=True,
            domicile_municipality=place,
            domicile=domicile,
            family_register_head=identity.name,
        )

    def _nationality_loss(self, today: date) -> Drawn:
        lost = today - timedelta(days=self._rng.randint(5, 40))
        found = self._somebody(lost, is_foreign=False)
        if found is None:
            return None
        record = found.record
        kana = (record.name_kana or "").split(SPACE)
        return Reason.ENTRY_NATIONALITY_LOSS, NationalityLoss(
            household_id=record.household_id,
            person_id=found.person_id,
            change_date=lost,
            notified_on=today,
            name=record.name,
            name_kana=SPACE.join(kana) or None,
            name_kana_checked=True,
            foreign=ForeignItems(
                nationality="USA",
                nationality_name="アメリカ合衆国",
                residence_status="ZS94",
                residence_status_name="国籍喪失による経過滞在者",
                article_30_45="4",
                stay_until=lost + timedelta(days=60),
                foreign_resident_since=LegalDate(lost),
            ),
        )

    def _somebody(self, on: date, *, is_foreign: bool) -> StateRow | None:
        """A grown-up of that nationality."""
        home = self._home(on, lambda rows: any(_grown(row, on) and row.record.is_foreign is is_foreign for row in rows))
        fitting = [row for row in home if _grown(row, on) and row.record.is_foreign is is_foreign]
        return self._rng.choice(fitting) if fitting else None

    def _ex_officio_entry(self, today: date) -> Drawn:
        """Somebody without a record is found living here; where from is often unknown."""
        rng, since = self._rng, today - self._lag(30)
        row = self._newcomer(
            Member("02", "1" if rng.random() < 0.7 else "2", rng.randint(30, 80)), since, family_name(rng), None
        )
        return Reason.EX_OFFICIO_ENTRY, ExOfficioEntry(
            household_id=next(self.ledger.ids),
            change_date=since,
            notified_on=None,
            address=places.new_address(rng, flat=True),
            previous=Place(address="不明") if rng.random() < 0.5 else places.elsewhere(rng, None),
            kind=EntryKind.SETTING,
            members=(row,),
        )

    def _ex_officio_removal(self, today: date) -> Drawn:
        """Somebody does not live there any more; foreign residents lose their status."""
        rng, gone = self._rng, today - self._lag(20)
        home = self._home(gone, lambda rows: len(rows) == 1 or rng.random() < 0.1)
        if not home:
            return None
        found = rng.choice(home)
        lost = found.record.is_foreign and rng.random() < 0.6
        return Reason.EX_OFFICIO_REMOVAL, ExOfficioRemoval(
            household_id=found.record.household_id,
            person_ids=(found.person_id,),
            removed_on=LegalDate(gone),
            ground=RemovalGround.STATUS_LOST if lost else RemovalGround.FACT_FINDING,
            new_head_id=self._new_head(home, {found.person_id}),
        )

    def _renewal(self, today: date) -> Drawn:
        home = self._home(today, lambda rows: True)
        if not home:
            return None
        found = self._rng.choice(home)
        return Reason.RENEWAL_ENTRY, Renewal(
            household_id=found.record.household_id, person_ids=(found.person_id,), change_date=today
        )


def _grown(row: StateRow, on: date) -> bool:
    return (on - row.record.birth.on).days > 365 * 20
