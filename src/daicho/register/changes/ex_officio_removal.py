"""職権消除: removal for what nobody notifies (法8条, 令8条; STD 4.2.2, 4.2.2.2, 4.5.6).

失踪 follows the notice of the family register (法9条2項) and may have an unknown day (STD 1.1.8); 実態調査 found nobody living there
(法34条); 在留資格の喪失 ends the record of a foreign resident on the notice of the Immigration Services Agency (法30条の50). The ground is
a note tied to the reason of removal. A move out that is planned for later does not happen any more.
"""

from datetime import date

from daicho.law.eras import format_wareki
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.entry_errors import DayUncertain, NotForeign, RemovedBeforeBirth
from daicho.register.changes.household import check_households
from daicho.register.changes.leaving import chosen_members, left_behind
from daicho.register.changes.notification import ExOfficioRemoval, RemovalGround
from daicho.register.changes.overlay import check_only_removal_later, resident_state
from daicho.register.changes.plan import Before, Effect, Note, PersonBefore, Plan, Scope
from daicho.register.changes.rules import check_day, check_notified, check_texts

_WORDS = {
    RemovalGround.DISAPPEARANCE: "失踪宣告",
    RemovalGround.FACT_FINDING: "実態調査",
    RemovalGround.STATUS_LOST: "在留資格の喪失",
    RemovalGround.OTHER: "",
}


def scope(notification: ExOfficioRemoval) -> Scope:
    """The household, and those removed."""
    return Scope((notification.household_id,), tuple(sorted(set(notification.person_ids))))


def plan(before: Before, notification: ExOfficioRemoval, today: date) -> Plan:
    """Remove the chosen members, and settle who heads those that stay.

    Raises C001, C007, C008, C010, C017-C019, C022, C024, C026, C029, C031, C062-C064, L401, L402, L601-L603.
    """
    check_day(before, notification.on, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_texts(notification, ("remark",))
    ground = notification.ground
    if not notification.removed_on.is_calendar and ground is not RemovalGround.DISAPPEARANCE:
        raise DayUncertain("removed_on")
    household = before.household(notification.household_id)
    leavers = chosen_members(household, notification.person_ids)
    effects = [_removed(leaver, notification, before.on) for leaver in leavers]
    stay_effects, stay_alerts = left_behind(
        household, notification.person_ids, notification.new_head_id, notification.relationships, before.on
    )
    effects += stay_effects
    check_households(before, effects)
    dropped = [
        alert("W031", leaver.person_id, shown=format_wareki(state.valid_from))
        for leaver in leavers
        for state in leaver.later
    ]
    text = "　".join(part for part in (_WORDS[ground], notification.remark) if part)
    return Plan(
        Reason.EX_OFFICIO_REMOVAL,
        notification.basis,
        notification.removed_on,
        notification.notified_on,
        tuple(effects),
        (*dropped, *stay_alerts),
        notes=tuple(Note(leaver.person_id, "removed_reason", text) for leaver in leavers if text),
    )


def _removed(leaver: PersonBefore, notification: ExOfficioRemoval, on: date) -> Effect:
    record = resident_state(leaver).record
    place = notification.person_ids.index(leaver.person_id)
    if notification.ground is RemovalGround.STATUS_LOST and not record.is_foreign:
        raise NotForeign(f"person_ids.{place}")
    if on < record.birth.on:
        raise RemovedBeforeBirth("removed_on", born=record.birth.wareki)
    check_only_removal_later(leaver)
    removed = record.with_(
        status="removed",
        removed_on=notification.removed_on,
        removed_notified_on=notification.notified_on,
        removed_reason=Reason.EX_OFFICIO_REMOVAL.word,
        removed_basis=notification.basis.word,
    )
    return Effect(leaver.person_id, "remove", "mover", on, removed)
