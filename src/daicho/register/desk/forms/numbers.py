"""個人番号 and 住民票コード: the form of their changes (STD 4.3, 4.4). Numbers are sealed like all numbers that are typed."""

from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification_amend import NumberChange
from daicho.register.desk.forms.base import Context, HouseholdView, Read
from daicho.register.desk.forms.members import (
    MembersForm,
    birth_rekeys,
    people,
    read_household,
    read_member,
    start_members,
)

_HEADER = ("household", "notified_on", "change_date", "notifier", "person")
CODES = (Reason.RESIDENT_CODE_CHANGE, Reason.RESIDENT_CODE_ENTRY)


class NumberForm(MembersForm):
    """One person's new number; a resident code left blank is drawn from the stock."""

    template = "register/entry_number.html"

    def __init__(self, reason: Reason, basis: Basis) -> None:
        """`basis`: request or ex officio."""
        self.reason = reason
        self.title = reason.word
        self.basis = basis
        self._number = "resident_code" if reason in CODES else "individual_number"
        self.header = (*_HEADER, self._number)

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The person from whose screen the case was opened is chosen."""
        person = {"person": str(person_id)} if household and person_id else {}
        return {"notified_on": "今日", "change_date": "今日", **start_members(household, ()), **person}

    def read(self, context: Context) -> Read:
        """The change of number; raises EntryIncomplete."""
        household = read_household(context, choose=False)
        members = household.view.members if household.view else ()
        person_id = read_member(context, "person", members, "番号が変わる人")
        notified_on = context.notified_on()
        change_date = context.day("change_date", "異動日")
        individual = context.individual_number("individual_number") if self._number == "individual_number" else None
        code = context.resident_code("resident_code") if self._number == "resident_code" else None
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        chosen = [m for m in members if m.person_id == person_id]
        return Read(
            notification=NumberChange(
                reason=self.reason,
                household_id=household.household_id,
                person_id=person_id or 0,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                individual_number=individual,
                resident_code=code,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(chosen)},
            paths={"person_id": "person", "person_ids.0": "person", "household_id": "household"},
            people=people(chosen),
        )
