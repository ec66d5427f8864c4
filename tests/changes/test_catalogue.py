"""The one table of changes."""

from dataclasses import replace

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason, ReasonNotForNationality, UnknownReason
from daicho.register.changes.catalogue import CHANGES, change_of
from daicho.register.changes.notification import MoveOut
from daicho.register.changes.plan import Effect, Plan
from tests.changes.build import DAY, TODAY, before, move_in, resident, row
from tests.changes.test_birth import birth
from tests.changes.test_head_change import head_change


def test_every_change_stands_under_its_own_reason() -> None:
    assert all(change.reason is reason for reason, change in CHANGES.items())
    main_job = (Reason.MOVE_IN, Reason.MOVE_WITHIN, Reason.MOVE_OUT, Reason.BIRTH, Reason.DEATH, Reason.HEAD_CHANGE)
    assert set(main_job) <= set(CHANGES)
    assert {Reason.EX_OFFICIO_AMENDMENT, Reason.MINOR_AMENDMENT, Reason.RESIDENT_CODE_CHANGE} <= set(CHANGES)
    assert change_of(Reason.MOVE_OUT_ABROAD).notification is MoveOut


def test_who_is_to_be_looked_for() -> None:
    notified = move_in(row(0))
    assert change_of(Reason.MOVE_IN).newcomers(notified) == notified.members
    assert change_of(Reason.BIRTH).newcomers(birth()) == (birth(),)
    assert change_of(Reason.HEAD_CHANGE).newcomers(head_change(12)) == ()


def test_what_is_not_built_is_refused() -> None:
    with pytest.raises(UnknownReason):
        change_of(Reason.RENEWAL_REMOVAL)


def test_records_of_the_other_nationality_are_refused() -> None:
    """STD 1.2.2 keeps some reasons to one nationality: held for every change in one place."""
    change = replace(change_of(Reason.MOVE_IN), make=lambda *_: Plan(
        Reason.FORMER_NAME_ENTRY, Basis.REQUEST, LegalDate(DAY), None,
        (Effect(11, "amend", "affected", DAY, resident(1, is_foreign=True)),
         Effect(12, "amend", "mover", DAY, resident(1, is_foreign=True))),
    ))  # fmt: skip
    with pytest.raises(ReasonNotForNationality):
        change.plan(before(), move_in(row(0)), TODAY)
