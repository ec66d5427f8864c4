"""One generator per reason: how a random life draws a notification that fits what is registered.

Adding a reason to the catalogue and a line here makes the machine play it. A generator takes the life and gives the reason
that it drew, since some choose among several.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.errors import FormerHouseholdGone, RelationshipInDoubt
from daicho.register.changes.known import PastChange
from daicho.register.changes.notification import Cancellation, MoveOut, Notification, Related
from daicho.register.changes.notification_amend import Amendment, NewValue, NumberChange
from daicho.register.changes.plan import Plan
from daicho.register.changes.undoing import days_written
from tests.changes.test_lives import Life

Drawn = tuple[Reason, Notification]
MOST_QUESTIONS = 8
"""How often a clerk answers what a cancellation asks before giving up."""


def move_out_abroad(life: Life) -> Drawn:
    """A move out, to another country."""
    _, notified = life.move_out()
    assert isinstance(notified, MoveOut)
    return Reason.MOVE_OUT_ABROAD, replace(notified, abroad=True)


def cancellation(life: Life) -> Drawn:
    """Any change that counts is taken back, for all or some of its people; what the plan asks for is answered."""
    register = life.register
    past = register.past()
    last = max(register.changes)
    # Recent ones more often: old ones mostly have something resting on them.
    chosen = last - life.draw(st.integers(0, min(last - 1, 5 if life.chance(70) else last - 1)))
    change = register.changes[chosen]
    movers = sorted(one for one, part in change.people.items() if part.role == "mover")
    people = life.some(movers) if life.chance(25) else tuple(movers)
    first = min(days_written(past, one, chosen)[0] for one in change.people)
    households = {
        row.record.household_id
        for one in change.people
        for row in past.rows[one]
        if row.valid_to is None or row.valid_to > first
    }
    notified = Cancellation(
        change_id=chosen,
        first_day=first,
        household_ids=tuple(sorted(households)),
        involved_ids=tuple(sorted(change.people)),
        person_ids=people,
        notified_on=life.today,
        basis=Basis.APPLICATION if life.chance(30) else Basis.EX_OFFICIO,
    )
    return cancelling_reason(change.reason), _answered(life, change, notified)


def _answered(life: Life, change: PastChange, notified: Cancellation) -> Cancellation:
    """The notification with a new household or relationships where the plan asks for them."""
    for _ in range(MOST_QUESTIONS):
        try:
            plan_of(life, cancelling_reason(change.reason), notified)
        except FormerHouseholdGone:
            if notified.new_household_id is not None:
                break
            notified = replace(notified, new_household_id=life.new_id())
        except RelationshipInDoubt as error:
            person = int((error.field or "").rpartition(".")[2])
            is_first = notified.new_household_id is not None and not notified.relationships
            chosen = Related(person_id=person, relationship="02" if is_first and life.chance(80) else life.code())
            notified = replace(notified, relationships=(*notified.relationships, chosen))
        except DaichoError:
            break
        else:
            break
    return notified


def plan_of(life: Life, reason: Reason, notified: Any) -> Plan:
    """What would be registered on the register in memory; raises the errors of the law."""
    change = change_of(reason)
    return change.plan(life.register.before(change.scope(notified), notified.on), notified, life.today)


_TEXTS = {
    "name": ("姓　名", "姓　正名"),
    "domicile": ("不明", "埼玉県熊谷市別府二丁目9番地3"),
    "family_register_head": ("不明", "姓　名"),
    "previous_head": ("姓　名", "姓　正名"),
    "previous_building": ("1号室", "2号室"),
}
_OF_NAMES = {
    Reason.FORMER_NAME_ENTRY: (("former_family_name", "旧姓"), ("former_family_name_kana", "キュウセイ")),
    Reason.FORMER_NAME_CHANGE: (("former_family_name", "別姓"), ("former_family_name_kana", "ベッセイ")),
    Reason.FORMER_NAME_DELETION: (),
    Reason.COMMON_NAME_ENTRY: (("common_name", "通　称"), ("common_name_kana", "ツウ　ショウ")),
    Reason.COMMON_NAME_DELETION: (),
}


def amendment(reason: Reason) -> Callable[[Life], Drawn]:
    """Some items of one member become something else, from today or a day before it."""

    def draw(life: Life) -> Drawn:
        on = life.day()
        household_id, people = life.household(on)
        names = sorted(_TEXTS)
        values = _OF_NAMES.get(reason)
        if values is None:
            item = names[life.draw(st.integers(0, len(names) - 1))]
            values = ((item, _TEXTS[item][life.draw(st.integers(0, 1))]),)
        return reason, Amendment(
            reason=reason,
            household_id=household_id,
            person_ids=(life.one(people),),
            change_date=on,
            notified_on=life.today,
            basis=reason.bases[0],
            ground=str(life.draw(st.integers(1, 4))) if reason not in _OF_NAMES else None,
            values=tuple(NewValue(item=item, text=text) for item, text in values),
        )

    return draw


AMENDMENTS = (Reason.EX_OFFICIO_AMENDMENT, Reason.MINOR_AMENDMENT, *_OF_NAMES)

SERIALS = 3
"""How many numbers of a kind anybody may ever be given here: few, so that old ones come back."""


def number_text(reason: Reason, person_id: int, serial: int) -> str:
    """One of the numbers that belong to a person."""
    if reason in INDIVIDUAL:
        return individual_number(f"{person_id:010}{serial}", NumberRule.SYNTHETIC)
    return resident_code(f"{person_id:09}{serial}", NumberRule.SYNTHETIC)


def number_change(reason: Reason) -> Callable[[Life], Drawn]:
    """A number or code of one member: a new one, one of before, now and then that of somebody else, or one of the stock."""

    def draw(life: Life) -> Drawn:
        on = life.day()
        household_id, people = life.household(on)
        person_id = life.one(people)
        whose = life.one(sorted(life.register.rows)) if life.chance(15) else person_id
        text: str | None = number_text(reason, whose, life.draw(st.integers(0, SERIALS - 1)))
        if reason not in INDIVIDUAL and life.chance(40):
            text = None
        return reason, NumberChange(
            reason=reason,
            household_id=household_id,
            person_id=person_id,
            change_date=on,
            notified_on=life.today,
            basis=reason.bases[0],
            individual_number=text if reason in INDIVIDUAL else None,
            resident_code=None if reason in INDIVIDUAL else text,
        )

    return draw


INDIVIDUAL = (Reason.INDIVIDUAL_NUMBER_CHANGE, Reason.INDIVIDUAL_NUMBER_AMENDMENT, Reason.INDIVIDUAL_NUMBER_ENTRY)
NUMBERS = (*INDIVIDUAL, Reason.RESIDENT_CODE_CHANGE, Reason.RESIDENT_CODE_ENTRY)

GENERATORS: Mapping[Reason, Callable[[Life], Drawn]] = {
    Reason.MOVE_IN: Life.move_in,
    Reason.MOVE_IN_ABROAD: Life.abroad,
    Reason.EX_OFFICIO_ENTRY: Life.entry,
    Reason.MOVE_WITHIN: Life.move_within,
    Reason.MOVE_OUT: Life.move_out,
    Reason.MOVE_OUT_ABROAD: move_out_abroad,
    Reason.BIRTH: Life.birth,
    Reason.DEATH: Life.death,
    Reason.HEAD_CHANGE: Life.head_change,
    Reason.HOUSEHOLD_SPLIT: Life.household_move,
    Reason.HOUSEHOLD_MERGE: Life.household_move,
    Reason.HOUSEHOLD_CHANGE: Life.household_move,
    Reason.RENEWAL_ENTRY: Life.renewal,
    Reason.RESTORATION_ENTRY: Life.renewal,
    Reason.ENTRY_NATURALISATION: Life.nationality,
    Reason.ENTRY_NATIONALITY_LOSS: Life.nationality,
    **{reason: amendment(reason) for reason in AMENDMENTS},
    **{reason: number_change(reason) for reason in NUMBERS},
    Reason.EX_OFFICIO_REMOVAL: Life.removal,
    Reason.ERROR_CORRECTION: Life.correction,
    Reason.CANCELLATION_ENTRY: cancellation,
    Reason.CANCELLATION_REMOVAL: cancellation,
    Reason.CANCELLATION_AMENDMENT: cancellation,
}

MORE: tuple[Callable[[Life], Drawn], ...] = (Life.without_head, Life.arrival, Life.amendment)
"""What shares a reason with another generator."""
