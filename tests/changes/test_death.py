"""Death: removal from the day of death."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate, Precision
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors
from daicho.register.changes.death import plan, scope
from daicho.register.changes.notification import Death
from daicho.register.changes.plan import Before
from tests.changes.build import DAY, TODAY, before, codes, days, family, household, leaves, person, records, resident


def death(person_id: int, **changes: Any) -> Death:
    given: dict[str, Any] = {"household_id": 1, "person_id": person_id, "died": LegalDate(DAY), "notified_on": TODAY}
    return Death(**{**given, **changes})


def test_the_record_is_removed_from_the_day_of_death() -> None:
    made = plan(before(family()), death(14), TODAY)
    [effect] = made.effects
    assert (effect.valid_from, effect.kind, effect.role) == (DAY, "remove", "mover")
    record = effect.record
    assert (record.status, record.removed_on, record.removed_reason) == ("dead", LegalDate(DAY), "死亡")
    assert (record.removed_notified_on, record.removed_basis) == (TODAY, "職権")
    assert (made.reason, made.basis, made.change_date) == (Reason.DEATH, Basis.EX_OFFICIO, LegalDate(DAY))


def test_an_unknown_day_keeps_its_text() -> None:
    about = LegalDate(date(2026, 11, 11), Precision.THIRD_OF_MONTH, "令和8年11月中旬")
    made = plan(before(family(1), on=about.on), death(11, died=about, notified_on=None), TODAY)
    assert made.change_date == about
    assert made.effects[0].record.removed_on == about


def test_the_head_dies_and_one_stays() -> None:
    made = plan(before(family(2)), death(11), TODAY)
    assert records(made)[12].relationship == "02"
    assert codes(made) == ["W004"]


def test_the_head_dies_and_the_named_one_follows() -> None:
    made = plan(before(family()), death(11, new_head_id=12), TODAY)
    assert {person_id for person_id, record in records(made).items() if record.relationship == "02"} == {11, 12}
    assert records(made)[11].status == "dead"


def test_a_planned_move_out_does_not_happen_any_more() -> None:
    there = household(person(11, resident(0), leaves(resident(0), TODAY + days(3))))
    made = plan(before(there), death(11), TODAY)
    assert [effect.valid_from for effect in made.effects] == [DAY]
    assert made.effects[0].record.planned_on is None
    [note] = made.alerts
    assert (note.code, note.tier) == ("W009", 1)
    assert "令和8年11月27日" in note.sentence


REFUSED: list[tuple[str, Before, Death, type[DaichoError]]] = [
    ("tomorrow", before(family(), on=TODAY + days(1)), death(11, died=LegalDate(TODAY + days(1))), errors.FutureChangeDate),
    ("notified tomorrow", before(family()), death(14, notified_on=TODAY + days(1)), errors.NotifiedInFuture),
    ("a stranger", before(family()), death(77), errors.NotOfHousehold),
    ("no head named", before(family()), death(11), errors.NewHeadNeeded),
    ("before birth", before(family(5), on=date(2020, 1, 1)), death(15, died=LegalDate(date(2020, 1, 1))), errors.DeathBeforeBirth),
    ("notification without day", before(family()), death(14, notified_on=None, basis=Basis.NOTIFICATION), errors.ItemMissing),
    (
        "moved since",
        before(household(person(11, resident(0), (TODAY, resident(0, address="別"))))),
        death(11),
        errors.LaterChangeExists,
    ),
    (
        "somebody came in since",
        before(household(person(11, resident(0)), person(12, None, (TODAY, resident(1))))),
        death(11),
        errors.LaterChangeExists,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(there: Before, notified: Death, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(there, notified, TODAY)


def test_scope() -> None:
    assert scope(death(11)) == ((1,), (11,))
