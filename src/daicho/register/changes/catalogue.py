"""The legal changes that exist: reason → notification class, plan, scope. Adding a change is one line here.

The desk, the API and the synthetic city look changes up here and know no change by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.law.reasons import Nationality, Reason, UnknownReason, check_nationality
from daicho.register.changes import (
    amendment,
    arrival_notice,
    birth,
    cancellation,
    common_name,
    death,
    error_correction,
    ex_officio_entry,
    ex_officio_removal,
    former_name,
    head_change,
    household_change,
    household_merge,
    household_split,
    move_in,
    move_in_abroad,
    move_out,
    move_within,
    nationality,
    number_change,
    renewal,
)
from daicho.register.changes.newcomer import Newcomer
from daicho.register.changes.notification import (
    ArrivalNotice,
    Birth,
    Cancellation,
    Death,
    ExOfficioEntry,
    ExOfficioRemoval,
    HeadChange,
    HouseholdMove,
    MoveIn,
    MoveInAbroad,
    MoveOut,
    MoveWithin,
    NationalityLoss,
    Naturalisation,
    Renewal,
)
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NumberChange
from daicho.register.changes.plan import Before, Plan, Scope


@dataclass(frozen=True, slots=True)
class Change:
    """One legal change. The callables take the notification of its own class.

    `make` is the pure function of its module, `newcomers` are the rows to be entered, for whom the store looks for the
    same person (`Before.candidates`). One that takes another change back sees the known axis too (`Before.past`).
    """

    reason: Reason
    notification: type[Any]
    make: Callable[[Before, Any, date], Plan]
    scope: Callable[[Any], Scope]
    newcomers: Callable[[Any], tuple[Newcomer, ...]]
    needs_past: bool = False

    def plan(self, before: Before, notification: Any, today: date) -> Plan:
        """The plan of its module; raises ReasonNotForNationality for records of the other nationality (STD 1.2.2)."""
        made = self.make(before, notification, today)
        for effect in made.effects:
            if effect.role == "mover":
                check_nationality(
                    made.reason, Nationality.FOREIGN if effect.record.is_foreign else Nationality.JAPANESE
                )
        return made

    @property
    def word(self) -> str:
        """The word of STD 1.2.2."""
        return self.reason.word


def _nobody(_: Any) -> tuple[Newcomer, ...]:
    return ()


def _move_out(before: Before, notification: MoveOut | ArrivalNotice, today: date) -> Plan:
    """Both steps of a move out go by one reason: the notification, and the notice of arrival that completes it."""
    if isinstance(notification, ArrivalNotice):
        return arrival_notice.plan(before, notification, today)
    return move_out.plan(before, notification, today)


def _move_out_scope(notification: MoveOut | ArrivalNotice) -> Scope:
    return (
        arrival_notice.scope(notification) if isinstance(notification, ArrivalNotice) else move_out.scope(notification)
    )


CHANGES: Mapping[Reason, Change] = {
    change.reason: change
    for change in (
        Change(Reason.MOVE_IN, MoveIn, move_in.plan, move_in.scope, move_in.newcomers),
        Change(
            Reason.MOVE_IN_ABROAD, MoveInAbroad, move_in_abroad.plan, move_in_abroad.scope, move_in_abroad.newcomers
        ),
        Change(
            Reason.EX_OFFICIO_ENTRY,
            ExOfficioEntry,
            ex_officio_entry.plan,
            ex_officio_entry.scope,
            ex_officio_entry.newcomers,
        ),
        Change(Reason.MOVE_WITHIN, MoveWithin, move_within.plan, move_within.scope, _nobody),
        Change(Reason.MOVE_OUT, MoveOut, _move_out, _move_out_scope, _nobody),
        Change(Reason.MOVE_OUT_ABROAD, MoveOut, move_out.plan, move_out.scope, _nobody),
        Change(Reason.BIRTH, Birth, birth.plan, birth.scope, birth.newcomers),
        Change(Reason.DEATH, Death, death.plan, death.scope, _nobody),
        Change(Reason.HEAD_CHANGE, HeadChange, head_change.plan, head_change.scope, _nobody),
        Change(Reason.CANCELLATION_ENTRY, Cancellation, cancellation.plan, cancellation.scope, _nobody, True),
        Change(Reason.CANCELLATION_REMOVAL, Cancellation, cancellation.plan, cancellation.scope, _nobody, True),
        Change(Reason.CANCELLATION_AMENDMENT, Cancellation, cancellation.plan, cancellation.scope, _nobody, True),
        Change(Reason.HOUSEHOLD_SPLIT, HouseholdMove, household_split.plan, household_split.scope, _nobody),
        Change(Reason.HOUSEHOLD_MERGE, HouseholdMove, household_merge.plan, household_merge.scope, _nobody),
        Change(Reason.HOUSEHOLD_CHANGE, HouseholdMove, household_change.plan, household_change.scope, _nobody),
        Change(
            Reason.ENTRY_NATURALISATION, Naturalisation, nationality.plan_naturalisation, nationality.scope, _nobody
        ),
        Change(Reason.ENTRY_NATIONALITY_LOSS, NationalityLoss, nationality.plan_loss, nationality.scope, _nobody),
        Change(Reason.EX_OFFICIO_REMOVAL, ExOfficioRemoval, ex_officio_removal.plan, ex_officio_removal.scope, _nobody),
        Change(Reason.RENEWAL_ENTRY, Renewal, renewal.plan, renewal.scope, _nobody),
        Change(Reason.RESTORATION_ENTRY, Renewal, renewal.plan, renewal.scope, _nobody),
        Change(Reason.EX_OFFICIO_AMENDMENT, Amendment, amendment.plan, amendment.scope, _nobody),
        Change(Reason.MINOR_AMENDMENT, Amendment, amendment.plan, amendment.scope, _nobody),
        Change(Reason.ERROR_CORRECTION, ErrorCorrection, error_correction.plan, error_correction.scope, _nobody, True),
        Change(Reason.FORMER_NAME_ENTRY, Amendment, former_name.plan, former_name.scope, _nobody),
        Change(Reason.FORMER_NAME_CHANGE, Amendment, former_name.plan, former_name.scope, _nobody),
        Change(Reason.FORMER_NAME_DELETION, Amendment, former_name.plan, former_name.scope, _nobody),
        Change(Reason.COMMON_NAME_ENTRY, Amendment, common_name.plan, common_name.scope, _nobody),
        Change(Reason.COMMON_NAME_DELETION, Amendment, common_name.plan, common_name.scope, _nobody),
        Change(Reason.INDIVIDUAL_NUMBER_CHANGE, NumberChange, number_change.plan, number_change.scope, _nobody),
        Change(Reason.INDIVIDUAL_NUMBER_AMENDMENT, NumberChange, number_change.plan, number_change.scope, _nobody),
        Change(Reason.INDIVIDUAL_NUMBER_ENTRY, NumberChange, number_change.plan, number_change.scope, _nobody),
        Change(Reason.RESIDENT_CODE_CHANGE, NumberChange, number_change.plan, number_change.scope, _nobody),
        Change(Reason.RESIDENT_CODE_ENTRY, NumberChange, number_change.plan, number_change.scope, _nobody),
    )
}


def change_of(reason: Reason) -> Change:
    """The change with this reason; raises UnknownReason for those that are not built."""
    if reason not in CHANGES:
        raise UnknownReason
    return CHANGES[reason]
