"""留意事項 typed with any change (STD 1.1.14): for each mover, at the item that the change is about."""

from dataclasses import replace
from datetime import date

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.noting import noted
from daicho.register.changes.plan import Effect, Note, Plan
from tests.changes.build import DAY, TODAY, days, resident

WORDS = "特別養子縁組"


def made(reason: Reason, *effects: Effect, notes: tuple[Note, ...] = ()) -> Plan:
    return Plan(reason, Basis.NOTIFICATION, LegalDate(DAY), TODAY, effects, (), notes=notes)


MOVER = Effect(11, "amend", "mover", DAY, resident(0))
OTHER = Effect(12, "amend", "affected", DAY, resident(1))


@pytest.mark.parametrize(
    ("reason", "effect", "item"),
    [
        (Reason.MOVE_IN, replace(MOVER, kind="enter"), "previous_address"),
        (Reason.MOVE_OUT, replace(MOVER, kind="remove"), "planned_address"),
        (Reason.MOVE_WITHIN, MOVER, "address"),
        (Reason.BIRTH, replace(MOVER, kind="enter"), "birth"),
        (Reason.DEATH, replace(MOVER, kind="remove"), "removed_on"),
        (Reason.EX_OFFICIO_ENTRY, replace(MOVER, kind="enter"), "resident_since"),
        (Reason.INDIVIDUAL_NUMBER_CHANGE, MOVER, "name"),
    ],
)
def test_a_note_is_tied_to_what_the_change_is_about(reason: Reason, effect: Effect, item: str) -> None:
    later = replace(effect, kind="amend", valid_from=DAY + days(9))
    assert noted(made(reason, effect, later, OTHER), WORDS).notes == (Note(11, item, WORDS),)


def test_a_note_joins_the_one_that_the_change_makes_itself() -> None:
    own = (Note(11, "previous_address", "未届転入"), Note(13, "previous_address", "未届転入"))
    plan = made(Reason.MOVE_IN, replace(MOVER, kind="enter"), notes=own)
    assert noted(plan, WORDS).notes == (Note(11, "previous_address", "未届転入　特別養子縁組"), own[1])
    assert noted(plan, None) is plan
    assert plan.change_date.on == date(2026, 11, 20)
