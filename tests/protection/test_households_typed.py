"""A hidden household named by its number: to be joined, or to receive a notice of arrival for. For others it is not there."""

import pytest

from daicho.law.reasons import Basis, Reason
from daicho.register.desk import case as desk
from daicho.register.desk.errors import CaseGone
from daicho.wire.environment import Environment
from tests.desk.test_household_moves import number_of
from tests.house_database import SettableClock
from tests.people import CLERK
from tests.protection.build import make_refuge
from tests.protection.conftest import NOON


def test_the_household_of_those_who_fled_is_never_joined_in_sight_of_others(
    environment: Environment, clock: SettableClock
) -> None:
    """The number is not even kept, and nobody is shown."""
    clock.set(NOON)
    refuge = make_refuge(environment)
    number = number_of(environment, refuge.new_household)
    case = desk.receive(environment, CLERK, token="j", reason=Reason.MOVE_IN, reception={"notifier": "1"})
    typed = {"household_kind": "2", "join_household": number}
    with pytest.raises(CaseGone):
        desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    assert "join_household" not in desk.open_case(environment, CLERK, case.case_number).typed


def test_no_notice_is_received_for_a_hidden_household_by_others(environment: Environment, clock: SettableClock) -> None:
    clock.set(NOON)
    refuge = make_refuge(environment)
    with pytest.raises(CaseGone):
        desk.receive(
            environment,
            CLERK,
            token="n",
            reason=Reason.MOVE_OUT,
            reception={"notifier": "5"},
            basis=Basis.NOTICE,
            household_id=refuge.old_household,
            person_id=refuge.mother,
            typed={"basis": "4", f"m.{refuge.mother}": "1"},
        )
