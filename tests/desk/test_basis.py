"""The basis of a change: chosen by the clerk, kept in the case, registered with the change."""

import pytest

from daicho.law.reasons import Basis, Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.errors import EntryIncomplete, NoSuchField
from daicho.register.desk.forms.basis import basis_options
from daicho.register.desk.forms.catalogue import FORMS
from daicho.wire.environment import Environment
from tests.desk.build import family_typed, receive
from tests.desk.test_household_moves import number_of
from tests.desk.test_other_changes import BIRTHS, registered, start
from tests.house_database import SettableClock
from tests.people import CLERK, move_in_family


@pytest.mark.parametrize("reason", list(FORMS))
def test_the_form_offers_what_the_reason_allows(reason: Reason) -> None:
    offered = basis_options(reason)
    assert next(iter(offered.values())) is FORMS[reason].basis
    assert set(offered.values()) == {FORMS[reason].basis, *reason.bases}


def test_a_notified_change_done_ex_officio_on_request(environment: Environment) -> None:
    """STD 4.2.0.2 and 4.2.0.5: with another basis, the right word for its day, and no fourteen days."""
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.HEAD_CHANGE, household_id)
    assert case.basis is Basis.NOTIFICATION
    typed = {"change_date": "R8.3.31", "new_head": str(people[1]), "basis": "３", "notified_on": ""}
    saved = desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    assert saved.basis is Basis.APPLICATION
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert caught.value.fields == {"notified_on": "申出日が入っていません。"}
    case = desk.open_case(environment, CLERK, case.case_number)
    keys = {"change_date": "R8.3.31", f"b.{people[1]}": BIRTHS[1]}
    done = registered(environment, case, {"basis": "2"}, keys)
    assert done.basis is Basis.EX_OFFICIO
    with environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT basis, notified_on FROM register.change WHERE change_id = %s", (done.change_id,)
        ).fetchone()
    assert row == {"basis": "ex_officio", "notified_on": None}


TYPED: dict[Reason, dict[str, str]] = {
    Reason.MOVE_WITHIN: {"town": "籠原南一丁目", "lot": "5", "m.0": "1", "m.1": "1", "m.2": "1"},
    Reason.MOVE_OUT: {"destination": "群馬県高崎市高松町35番地1", "m.2": "1"},
    Reason.MOVE_OUT_ABROAD: {"destination": "フランス", "m.2": "1"},
    Reason.HOUSEHOLD_SPLIT: {"m.1": "1", "head": "1"},
    Reason.HOUSEHOLD_MERGE: {"join_household": "other", "m.0": "1", "m.1": "1", "m.2": "1"},
    Reason.HOUSEHOLD_CHANGE: {"join_household": "other", "m.2": "1"},
    Reason.HEAD_CHANGE: {"new_head": "1"},
}
"""What is typed for each change of STD 4.1.0.1; figures stand for the members by their place, `other` for a second household."""


@pytest.mark.parametrize("reason", [Reason.MOVE_IN, Reason.MOVE_IN_ABROAD, *TYPED])
def test_every_change_that_is_notified_is_done_ex_officio_too(environment: Environment, reason: Reason) -> None:
    """STD 4.2.0.2: without a notification and its day, by the same form and the same rules."""
    household_id, people = move_in_family(environment, 3)
    other, others = move_in_family(environment, 1)
    if reason in TYPED:
        case = start(environment, reason, household_id)
        typed = {name: value for name, value in case.typed.items() if not name.startswith("m.")}
        typed |= {f"m.{person}": "0" for person in people}
        for name, value in TYPED[reason].items():
            meant = str(people[int(value)]) if name in ("head", "new_head") else value
            field = f"m.{people[int(name[2:])]}" if name.startswith("m.") else name
            typed[field] = number_of(environment, other) if value == "other" else meant
        movers = [name.removeprefix("m.") for name, value in typed.items() if name.startswith("m.") and value == "1"]
        typed |= {f"r.{person}": "縁故者" for person in movers} if "join_household" in typed else {}
    else:
        case, typed = receive(environment, reason=reason), family_typed(2)
        typed |= {"previous_address": "フランス"} if reason is Reason.MOVE_IN_ABROAD else {}
    typed |= {"change_date": "R8.3.31", "basis": "2", "notified_on": ""}
    saved = desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    made = checking.check(environment, CLERK, case.case_number, saved.version).prepared.plan
    assert (made.basis, made.notified_on) == (Basis.EX_OFFICIO, None)
    assert made.effects
    assert others


def test_a_late_day_is_no_matter_ex_officio(environment: Environment, clock: SettableClock) -> None:
    household_id, people = move_in_family(environment, 2)
    clock.advance(days=20)
    case = start(environment, Reason.HEAD_CHANGE, household_id)
    typed = {"change_date": "R8.3.31", "new_head": str(people[1])}
    saved = desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    notified = checking.check(environment, CLERK, case.case_number, saved.version)
    assert "W001" in [alert.code for alert in notified.prepared.plan.alerts]
    saved = desk.save_draft(environment, CLERK, case.case_number, notified.case.version, {"basis": "2"})
    ex_officio = checking.check(environment, CLERK, case.case_number, saved.version)
    assert "W001" not in [alert.code for alert in ex_officio.prepared.plan.alerts]


def test_a_basis_that_the_standard_does_not_know(environment: Environment) -> None:
    """Refused beside everything else that is wrong; taken away again the usual one holds."""
    case = receive(environment)
    saved = desk.save_draft(
        environment, CLERK, case.case_number, case.version, family_typed() | {"basis": "5", "lot": ""}
    )
    assert saved.basis is Basis.NOTIFICATION
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert set(caught.value.fields) == {"basis", "lot"} or set(caught.value.fields) == {"basis"}
    saved = desk.save_draft(environment, CLERK, case.case_number, saved.version, {"basis": "2"})
    assert saved.basis is Basis.EX_OFFICIO
    saved = desk.save_draft(environment, CLERK, case.case_number, saved.version, {"basis": ""})
    assert saved.basis is Basis.NOTIFICATION
    with pytest.raises(NoSuchField):
        desk.save_draft(environment, CLERK, case.case_number, saved.version, {"basis": "1" * 501})


def test_a_case_opened_with_a_basis_keeps_it(environment: Environment) -> None:
    kept = desk.receive(
        environment, CLERK, token="b1", reason=Reason.MOVE_IN, reception={"notifier": "1"}, basis=Basis.EX_OFFICIO
    )
    assert kept.basis is Basis.EX_OFFICIO
    typed = desk.receive(
        environment, CLERK, token="b2", reason=Reason.MOVE_IN, reception={"notifier": "1"}, typed={"basis": "3"}
    )
    assert typed.basis is Basis.APPLICATION
