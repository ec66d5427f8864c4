"""The rules of a household on every day that a plan touches."""

import pytest

from daicho.law.errors import DaichoError
from daicho.register.changes import errors
from daicho.register.changes.household import check_households, enter_household, left_alone_on, ranks
from daicho.register.changes.plan import Before, Effect, HouseholdBefore
from daicho.register.changes.record import ResidentRecord
from tests.changes.build import DAY, HOME, TODAY, before, days, family, household, leaves, person, resident


def amends(person_id: int, record: ResidentRecord) -> Effect:
    return Effect(person_id, "amend", "affected", DAY, record)


@pytest.mark.parametrize(
    ("there", "effects", "error"),
    [
        (before(family()), [], None),
        (before(family()), [amends(12, resident(1, relationship="02"))], errors.SecondHead),
        (before(family()), [amends(11, resident(0, relationship="99"))], errors.NoHead),
        (before(family()), [amends(12, resident(1, head_absent=True))], errors.HeadlessHousehold),
        (before(family()), [amends(12, resident(1, address="別"))], errors.LaterChangeExists),
        (before(family()), [amends(12, resident(1, household_order=1))], errors.LaterChangeExists),
        (before(family(2, head_absent=True, relationship="99")), [], None),
        (before(household(person(11, resident(0), leaves(resident(0), TODAY)))), [], None),
        (
            before(household(person(11, resident(0), leaves(resident(0), TODAY)), person(12, resident(1)))),
            [],
            errors.HeadLeavesLater,
        ),
        (
            before(
                household(person(11, resident(0)), person(12, resident(1), (TODAY, resident(1, relationship="02"))))
            ),
            [],
            errors.LaterChangeExists,
        ),
        (before(household(person(11, resident(0)), person(12, None, (TODAY, resident(1))))), [], None),
        (before(persons=(person(11, resident(0, household_id=5, relationship="99")),)), [], None),
    ],
)
def test_every_day_has_one_head_one_address_and_ranks_of_its_own(
    there: Before, effects: list[Effect], error: type[DaichoError] | None
) -> None:
    if error is None:
        check_households(there, effects)
        return
    with pytest.raises(error):
        check_households(there, effects)


def test_ranks_count_whoever_will_be_there() -> None:
    assert ranks(household()) == (1, 0)
    coming = person(13, resident(0, household_id=2), (TODAY, resident(2, household_order=7)))
    assert ranks(household(person(11, resident(0)), coming)) == (1, 7)


@pytest.mark.parametrize(
    ("there", "day"),
    [
        (family(), None),
        (household(), None),
        (household(person(11, resident(0), leaves(resident(0), TODAY)), person(12, resident(1))), None),
        (household(person(11, resident(0), leaves(resident(0), TODAY))), TODAY),
        (
            household(
                person(11, resident(0), leaves(resident(0), TODAY)),
                person(12, resident(1), leaves(resident(1), TODAY + days(3))),
            ),
            TODAY + days(3),
        ),
        (household(person(11, resident(0), (TODAY, resident(0, household_id=5)))), TODAY),
        (household(person(11, None)), None),
    ],
)
def test_the_day_from_which_nobody_is_left(there: HouseholdBefore, day: object) -> None:
    assert left_alone_on(there) == day


def test_entering_takes_what_the_members_share() -> None:
    target = enter_household(before(family()), 1, None)
    assert target.items["address"] == HOME.address
    assert target.last_rank == 4
    assert target.head_birth == resident(0).birth


def test_whoever_stands_in_another_household_now_is_no_resident_yet() -> None:
    coming = person(13, resident(2, household_id=2), (TODAY, resident(2)))
    there = household(person(11, resident(0)), coming)
    assert [member.person_id for member in there.residents] == [11]
