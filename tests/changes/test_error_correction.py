"""誤記修正: right from the day the error began, through what came later, with the wrong rows kept."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import amend_errors, errors
from daicho.register.changes.amendment import plan as amend
from daicho.register.changes.error_correction import plan, scope
from daicho.register.changes.move_in import plan as move_in_plan
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NewValue
from daicho.register.changes.plan import Scope
from tests.changes.build import DAY, HOME, OTHER, TODAY, days, move_in, row
from tests.changes.register import Register

MOVE_IN, RENAMED = 1, 2


def lived() -> Register:
    """Two who moved in on DAY with a wrong birth date, a wrong name and a wrong lot; the name was amended two days later."""
    register = Register()
    wrong = move_in(row(0, name="渡辺　大介"), row(1))
    register.register(move_in_plan(register.before(Scope((9,), (91, 92)), DAY), wrong, TODAY))
    later = Amendment(
        reason=Reason.EX_OFFICIO_AMENDMENT, household_id=9, person_ids=(91,), change_date=DAY + days(2), ground="9",
        values=(NewValue(item="name", text="渡部　大介"),),
    )  # fmt: skip
    register.register(amend(register.before(Scope((9,), (91,)), DAY + days(2)), later, TODAY))
    return register


def correction(*values: NewValue, **changes: Any) -> ErrorCorrection:
    given: dict[str, Any] = {
        "change_id": MOVE_IN,
        "first_day": DAY,
        "household_ids": (9,),
        "person_id": 91,
        "change_date": TODAY,
        "values": values,
    }
    return ErrorCorrection(**{**given, **changes})


BIRTH = NewValue(item="birth", legal=LegalDate(date(1983, 9, 15)))
NAME = NewValue(item="name", text="渡邉　大輔")


def test_the_right_value_stands_from_the_day_of_the_error() -> None:
    register = lived()
    made = plan(register.before(Scope((9,), (91,)), DAY), correction(BIRTH, NAME), TODAY)
    assert (made.reason, made.basis, made.corrects) == (Reason.ERROR_CORRECTION, Basis.EX_OFFICIO, MOVE_IN)
    assert made.change_date == LegalDate(TODAY)
    assert [(e.valid_from, e.record.name, e.record.birth.on) for e in made.effects] == [
        (DAY, "渡邉　大輔", date(1983, 9, 15)),
        (DAY + days(2), "渡部　大介", date(1983, 9, 15)),
    ]
    wrong = [one.record.name for one in register.live(91)]
    register.register(made)
    register.check()
    assert wrong == ["渡辺　大介", "渡部　大介"]
    known = {entry.record.name for entry in register.rows[91] if entry.known_to is not None}
    assert known == {"渡辺　大介", "渡部　大介"}, "the wrong rows stay on the known axis"


def test_a_wrong_address_is_put_right_for_the_whole_household() -> None:
    register = lived()
    made = plan(register.before(Scope((9,), (91,)), DAY), correction(address=OTHER), TODAY)
    assert {(e.person_id, e.role) for e in made.effects} == {(91, "mover"), (92, "affected")}
    assert {e.record.address for e in made.effects} == {OTHER.address}


REFUSED: list[tuple[str, ErrorCorrection, type[DaichoError]]] = [
    ("of tomorrow", correction(NAME, change_date=TODAY + days(1)), errors.FutureChangeDate),
    ("no such change", correction(NAME, change_id=99), errors.ChangeGone),
    ("somebody else's change", correction(NAME, change_id=RENAMED, person_id=92), errors.ChangeGone),
    ("nothing", correction(address=HOME), amend_errors.NothingAmended),
    ("notice without day", correction(NAME, basis=Basis.NOTICE), errors.ItemMissing),
]


@pytest.mark.parametrize(("wanted", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_refused(wanted: ErrorCorrection, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(lived().before(scope(wanted), DAY), wanted, TODAY)
