"""死亡: removal from the day of death (令8条, STD 4.2.2.1), ex officio on a notification under the family-register law.

The day of death may be unknown or impossible (STD 1.1.8); the record is a removed one from its sorting day on. A
planned move-out does not happen any more.
"""

from datetime import date

from daicho.law.eras import format_wareki
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import DeathBeforeBirth
from daicho.register.changes.household import check_households
from daicho.register.changes.leaving import chosen_members, left_behind
from daicho.register.changes.notification import Death
from daicho.register.changes.overlay import check_only_removal_later, resident_state
from daicho.register.changes.plan import Before, Effect, Plan, Scope
from daicho.register.changes.rules import check_day, check_notified


def scope(notification: Death) -> Scope:
    """The household and the dead person."""
    return Scope((notification.household_id,), (notification.person_id,))


def plan(before: Before, notification: Death, today: date) -> Plan:
    """Remove the dead person, and settle who heads those that stay.

    Raises C001, C007, C008, C010, C016, C019, C022, C024, C026, C029, C031, L401, L402.
    """
    check_day(before, notification.on, today)
    check_notified(notification.notified_on, notification.basis, today)
    household = before.household(notification.household_id)
    [dead] = chosen_members(household, (notification.person_id,))
    record = resident_state(dead).record
    if notification.died.on < record.birth.on:
        raise DeathBeforeBirth("died", born=record.birth.wareki)
    check_only_removal_later(dead)
    removed = record.with_(
        status="dead",
        removed_on=notification.died,
        removed_notified_on=notification.notified_on,
        removed_reason=Reason.DEATH.word,
        removed_basis=notification.basis.word,
    )
    stay_effects, stay_alerts = left_behind(
        household,
        (dead.person_id,),
        notification.new_head_id,
        notification.relationships,
        before.on,
        head_open=notification.head_open,
    )
    effects = [Effect(dead.person_id, "remove", "mover", before.on, removed), *stay_effects]
    check_households(before, effects)
    dropped = (alert("W009", dead.person_id, shown=format_wareki(state.valid_from)) for state in dead.later)
    return Plan(
        Reason.DEATH,
        notification.basis,
        notification.died,
        notification.notified_on,
        tuple(effects),
        (*dropped, *stay_alerts),
    )
