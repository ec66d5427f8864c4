"""改製 and 再製: the next record holds what holds now, the former one ends."""

from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes import errors
from daicho.register.changes.notification import Renewal
from daicho.register.changes.plan import Before
from daicho.register.changes.renewal import plan, scope
from tests.changes.build import DAY, TODAY, before, days, family, household, leaves, person, records, resident


def renewal(*person_ids: int, **changes: Any) -> Renewal:
    return Renewal(**{"household_id": 1, "person_ids": person_ids, "change_date": DAY, **changes})


def test_renewal_keeps_the_present_and_its_day() -> None:
    there = before(household(person(11, resident(0, former_address="宮町二丁目47番地", record_no=3))))
    made = plan(there, renewal(11), TODAY)
    [effect] = made.effects
    assert (effect.kind, effect.valid_from) == ("enter", DAY)
    assert effect.record == resident(0, record_no=4, renewed_on=DAY)
    assert (made.reason, made.removal) == (Reason.RENEWAL_ENTRY, Reason.RENEWAL_REMOVAL)
    [end] = made.ends
    assert (end.person_id, end.record_no, end.removed_on, end.removed_reason) == (11, 3, LegalDate(DAY), "改製")


def test_several_members_at_once_and_a_planned_move_out() -> None:
    there = before(household(person(11, resident(0)), person(12, resident(1), leaves(resident(1), TODAY + days(4)))))
    made = plan(there, renewal(12, 11), TODAY)
    assert {p: r.record_no for p, r in records(made).items()} == {11: 2, 12: 2}
    assert [e.record.record_no for e in made.effects if e.valid_from > DAY] == [2]
    assert [end.person_id for end in made.ends] == [11, 12]


def test_restoration_writes_the_same_again() -> None:
    there = before(household(person(11, resident(0, former_address="宮町二丁目47番地", renewed_on=DAY - days(9)))))
    made = plan(there, renewal(11, restoration=True), TODAY)
    assert records(made)[11].with_(record_no=1) == resident(
        0, former_address="宮町二丁目47番地", renewed_on=DAY - days(9)
    )
    assert (made.reason, made.removal) == (Reason.RESTORATION_ENTRY, Reason.RESTORATION_REMOVAL)
    assert made.ends[0].removed_reason == "再製"


REFUSED: list[tuple[str, Before, Renewal, type[DaichoError]]] = [
    ("nobody", before(family()), renewal(), errors.NobodyMoves),
    ("a stranger", before(family()), renewal(99), errors.NotOfHousehold),
    ("twice", before(family()), renewal(11, 11), errors.DuplicatePerson),
    ("tomorrow", before(family(), on=TODAY + days(1)), renewal(11, change_date=TODAY + days(1)), errors.FutureChangeDate),
    ("another day", before(family(), on=TODAY), renewal(11), errors.PlanOutdated),
    ("notified tomorrow", before(family()), renewal(11, notified_on=TODAY + days(1)), errors.NotifiedInFuture),
    (
        "moved since",
        before(household(person(11, resident(0), (TODAY, resident(0, address="別"))))),
        renewal(11),
        errors.LaterChangeExists,
    ),
    (
        "renewed and moved out since, on one day",
        before(household(person(11, resident(0), leaves(resident(0, record_no=2), TODAY)))),
        renewal(11),
        errors.LaterChangeExists,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(there: Before, notified: Renewal, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(there, notified, TODAY)


def test_scope() -> None:
    assert scope(renewal(12, 11)) == ((1,), (11, 12))
    assert renewal(11).on == DAY
