"""職権消除: 失踪, 実態調査, loss of the status of residence."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate, Precision
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import entry_errors, errors
from daicho.register.changes.ex_officio_removal import plan, scope
from daicho.register.changes.notification import ExOfficioRemoval, RemovalGround
from daicho.register.changes.plan import Before
from tests.changes.build import DAY, TODAY, before, codes, days, family, household, leaves, person, records, resident

ABOUT = LegalDate(date(2026, 11, 11), Precision.THIRD_OF_MONTH, "令和8年11月中旬")


def removal(*person_ids: int, **changes: Any) -> ExOfficioRemoval:
    given: dict[str, Any] = {
        "household_id": 1,
        "person_ids": person_ids,
        "removed_on": LegalDate(DAY),
        "ground": RemovalGround.FACT_FINDING,
    }
    return ExOfficioRemoval(**{**given, **changes})


def test_whoever_does_not_live_there_is_removed() -> None:
    made = plan(before(family()), removal(14, 13), TODAY)
    assert (made.reason, made.basis, made.notified_on) == (Reason.EX_OFFICIO_REMOVAL, Basis.EX_OFFICIO, None)
    removed = records(made)[14]
    assert (removed.status, removed.removed_on, removed.removed_reason, removed.removed_basis) == (
        "removed",
        LegalDate(DAY),
        "職権消除",
        "職権",
    )
    assert [effect.kind for effect in made.effects] == ["remove", "remove"]
    assert [(note.item, note.text) for note in made.notes] == [("removed_reason", "実態調査")] * 2


def test_a_disappearance_may_have_an_unknown_day_and_comes_on_notice() -> None:
    told = removal(14, removed_on=ABOUT, ground=RemovalGround.DISAPPEARANCE, basis=Basis.NOTICE, notified_on=TODAY,
                   remark="令和8年11月1日裁判確定")  # fmt: skip
    made = plan(before(family(), on=ABOUT.on), told, TODAY)
    assert (made.change_date, records(made, ABOUT.on)[14].removed_on) == (ABOUT, ABOUT)
    assert made.notes[0].text == "失踪宣告　令和8年11月1日裁判確定"
    assert records(made, ABOUT.on)[14].removed_basis == "通知"


def test_a_foreign_resident_without_status_is_removed() -> None:
    there = before(household(person(11, resident(0, is_foreign=True))))
    assert plan(there, removal(11, ground=RemovalGround.STATUS_LOST), TODAY).notes[0].text == "在留資格の喪失"


def test_another_ground_is_said_in_words_or_not_at_all() -> None:
    there = before(family())
    assert plan(there, removal(14, ground=RemovalGround.OTHER), TODAY).notes == ()
    assert plan(there, removal(14, ground=RemovalGround.OTHER, remark="二重記載"), TODAY).notes[0].text == "二重記載"


def test_the_head_goes_and_the_rest_is_settled() -> None:
    made = plan(before(family()), removal(11, new_head_id=12), TODAY)
    assert records(made)[12].relationship == "02"
    alone = plan(before(family(2)), removal(11), TODAY)
    assert codes(alone) == ["W004"]


def test_a_planned_move_out_ends() -> None:
    there = household(person(11, resident(0), leaves(resident(0), TODAY + days(3))))
    made = plan(before(there), removal(11), TODAY)
    assert [effect.valid_from for effect in made.effects] == [DAY]
    assert codes(made) == ["W031"]


REFUSED: list[tuple[str, Before, ExOfficioRemoval, type[DaichoError] | str, str | None]] = [
    ("nobody", before(family()), removal(), errors.NobodyMoves, None),
    ("a stranger", before(family()), removal(99), errors.NotOfHousehold, None),
    ("no head named", before(family()), removal(11), errors.NewHeadNeeded, None),
    ("tomorrow", before(family(), on=TODAY + days(1)), removal(14, removed_on=LegalDate(TODAY + days(1))), errors.FutureChangeDate, None),
    ("no day of request", before(family()), removal(14, basis=Basis.APPLICATION), errors.ItemMissing, "notified_on"),
    ("uncertain day", before(family(), on=ABOUT.on), removal(14, removed_on=ABOUT), entry_errors.DayUncertain, "removed_on"),
    ("Japanese", before(family()), removal(14, 13, ground=RemovalGround.STATUS_LOST), entry_errors.NotForeign, "person_ids.1"),
    ("unborn", before(family(5), on=date(2020, 1, 1)), removal(15, removed_on=LegalDate(date(2020, 1, 1))), entry_errors.RemovedBeforeBirth, "removed_on"),
    ("moved since", before(household(person(11, resident(0), (TODAY, resident(0, address="別"))))), removal(11), errors.LaterChangeExists, None),
    ("character", before(family()), removal(14, remark="\ue000"), "L603", "remark"),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(
    there: Before, notified: ExOfficioRemoval, error: type[DaichoError] | str, field: str | None
) -> None:
    with pytest.raises(DaichoError) as caught:
        plan(there, notified, TODAY)
    assert caught.value.code == (error if isinstance(error, str) else error.code)
    if field is not None:
        assert caught.value.field == field
    assert all(caught.value.sentences)


def test_scope() -> None:
    assert scope(removal(14, 13)) == ((1,), (13, 14))
