"""帰化, 国籍取得 and 国籍喪失: what the next record takes over, and what ends."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.nationality import plan_loss, plan_naturalisation, scope
from daicho.register.changes.notification import ForeignItems, NationalityLoss, Naturalisation
from daicho.register.changes.plan import Before, RecordEnd
from daicho.register.changes.record import ResidentRecord
from tests.changes.build import DAY, TODAY, before, codes, days, family, household, leaves, person, records, resident

SINCE = LegalDate(date(2015, 7, 1))
CARD = ForeignItems(
    nationality="PHL",
    nationality_name="フィリピン",
    article_30_45="4",
    stay_until=date(2027, 1, 19),
    foreign_resident_since=LegalDate(DAY),
)


def foreigner(**changes: Any) -> ResidentRecord:
    given: dict[str, Any] = {
        "name": "REYES MARIA SANTOS",
        "name_kana": "レイエス　マリア　サントス",
        "is_foreign": True,
        "domicile": None,
        "family_register_head": None,
        "nationality": "PHL",
        "nationality_name": "フィリピン",
        "residence_card_number": "AB12345678CD",
        "residence_status": "ZS10",
        "article_30_45": "1",
        "foreign_resident_since": SINCE,
        "common_name": "佐藤　マリア",
        "remarks": "通称は本人の申出",
        "previous_address": "東京都豊島区東池袋九丁目2番3号",
        "former_address": "宮町二丁目47番地",
        "individual_number_id": 700,
        "health_insurance": "1",
    }
    return resident(1, **{**given, **changes})


def home(record: ResidentRecord | None = None, *later: tuple[date, ResidentRecord]) -> Before:
    """The husband as head, and the foreign wife as person 12."""
    return before(household(person(11, resident(0)), person(12, record or foreigner(), *later)))


def naturalisation(**changes: Any) -> Naturalisation:
    given: dict[str, Any] = {
        "household_id": 1,
        "person_id": 12,
        "change_date": DAY,
        "notified_on": TODAY,
        "name": "佐藤　真理亜",
        "name_kana": "サトウ　マリア",
        "domicile": "埼玉県熊谷市宮町二丁目47番地",
        "family_register_head": "佐藤　真理亜",
    }
    return Naturalisation(**{**given, **changes})


def loss(**changes: Any) -> NationalityLoss:
    given: dict[str, Any] = {
        "household_id": 1,
        "person_id": 12,
        "change_date": DAY,
        "notified_on": TODAY,
        "name": "WATANABE AYAKA",
        "foreign": CARD,
    }
    return NationalityLoss(**{**given, **changes})


def test_a_naturalised_resident_goes_on_with_a_japanese_record() -> None:
    made = plan_naturalisation(home(), naturalisation(), TODAY)
    [effect] = made.effects
    assert (effect.kind, effect.role, effect.valid_from) == ("enter", "mover", DAY)
    assert (made.reason, made.removal, made.basis) == (
        Reason.ENTRY_NATURALISATION,
        Reason.REMOVAL_NATURALISATION,
        Basis.EX_OFFICIO,
    )
    record, former = effect.record, foreigner()
    kept = ("household_id", "household_order", "address", "building", "birth", "sex", "relationship", "settled_on",
            "resident_code_id", "individual_number_id", "previous_address", "health_insurance")  # fmt: skip
    assert all(getattr(record, name) == getattr(former, name) for name in kept)
    assert record.resident_since == SINCE
    assert (record.record_no, record.is_resident, record.is_foreign) == (2, True, False)
    assert (record.name, record.name_kana) == ("佐藤　真理亜", "サトウ　マリア")
    assert (record.domicile, record.family_register_head) == ("埼玉県熊谷市宮町二丁目47番地", "佐藤　真理亜")
    dropped = ("nationality", "nationality_name", "residence_card_number", "residence_status", "article_30_45",
               "foreign_resident_since", "common_name", "remarks", "former_address", "removed_on")  # fmt: skip
    assert all(getattr(record, name) is None for name in dropped)
    assert made.notes[0].text == "帰化"


def test_the_foreign_record_ends_that_day() -> None:
    made = plan_naturalisation(home(), naturalisation(), TODAY)
    end = RecordEnd(12, 1, LegalDate(DAY), TODAY, "職権消除（帰化等）", "職権")
    assert made.ends == (end,)
    removed = end.of(foreigner())
    assert (removed.status, removed.removed_on, removed.nationality) == ("removed", LegalDate(DAY), "PHL")


def test_nationality_acquired_is_the_same_with_another_ground() -> None:
    made = plan_naturalisation(home(), naturalisation(acquisition=True, name_reading="サトウ　マリア"), TODAY)
    assert [note.text for note in made.notes] == ["国籍取得"]
    record = records(made)[12]
    assert (record.name_reading_on, record.name_reading_source) == (DAY, "family_register")
    assert record.name_reading_state == "confirmed"


def test_a_planned_move_out_stays_planned() -> None:
    there = home(foreigner(), leaves(foreigner(), TODAY + days(5)))
    made = plan_naturalisation(there, naturalisation(), TODAY)
    assert [(effect.kind, effect.valid_from) for effect in made.effects] == [
        ("enter", DAY),
        ("amend", TODAY + days(5)),
    ]
    last = made.effects[1].record
    assert (last.status, last.removed_reason, last.record_no) == ("moved_out", "国内転出", 2)
    assert (last.name, last.nationality) == ("佐藤　真理亜", None)


@pytest.mark.parametrize(
    ("resident_since", "expected"),
    [(LegalDate(date(2019, 4, 1)), LegalDate(DAY)), (LegalDate(DAY + days(2)), LegalDate(DAY + days(2))), (None, LegalDate(DAY))],
)  # fmt: skip
def test_who_loses_the_nationality_is_foreign_resident_since_the_later_day(
    resident_since: LegalDate | None, expected: LegalDate
) -> None:
    former = resident(1, resident_since=resident_since, former_family_name="佐藤", name_reading="ワタナベ　アヤカ")
    made = plan_loss(home(former), loss(), TODAY)
    record = records(made)[12]
    assert (record.foreign_resident_since, record.foreign_resident_notified_on) == (expected, TODAY)
    assert (made.reason, made.removal) == (Reason.ENTRY_NATIONALITY_LOSS, Reason.REMOVAL_NATIONALITY_LOSS)
    assert (record.is_foreign, record.nationality, record.stay_until) == (True, "PHL", date(2027, 1, 19))
    assert (record.address, record.relationship, record.settled_on) == (
        former.address,
        former.relationship,
        former.settled_on,
    )
    assert (record.domicile, record.family_register_head, record.former_family_name) == (None, None, None)
    assert record.name_reading is None


def test_the_head_under_a_new_name_and_a_missing_code_are_noted() -> None:
    there = before(household(person(12, foreigner(relationship="02", resident_code_id=None))))
    assert codes(plan_naturalisation(there, naturalisation(), TODAY)) == ["W030", "W010"]


TWO = "L302"
REFUSED: list[tuple[str, Before, Naturalisation | NationalityLoss, type[DaichoError] | str, str | None]] = [
    ("Japanese already", home(resident(1)), naturalisation(), TWO, "person_id"),
    ("foreign already", home(), loss(), TWO, "person_id"),
    ("tomorrow", before(family(), on=TODAY + days(1)), naturalisation(change_date=TODAY + days(1)), errors.FutureChangeDate, None),
    ("notified tomorrow", home(), naturalisation(notified_on=TODAY + days(1)), errors.NotifiedInFuture, None),
    ("a stranger", home(), naturalisation(person_id=99), errors.NotOfHousehold, None),
    ("moved since", home(foreigner(), (TODAY, foreigner(address="別"))), naturalisation(), errors.LaterChangeExists, None),
    ("no name", home(), naturalisation(name=""), errors.ItemMissing, "name"),
    ("no domicile", home(), naturalisation(domicile=None), errors.ItemMissing, "domicile"),
    ("no head of register", home(), naturalisation(family_register_head=None), errors.ItemMissing, "family_register_head"),
    ("character", home(), naturalisation(domicile="\ue000"), "L603", "domicile"),
    ("no name on loss", home(resident(1)), loss(name=""), errors.ItemMissing, "name"),
    ("character on loss", home(resident(1)), loss(name="\ue000"), "L603", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(
    there: Before, notified: Naturalisation | NationalityLoss, error: type[DaichoError] | str, field: str | None
) -> None:
    with pytest.raises(DaichoError) as caught:
        if isinstance(notified, Naturalisation):
            plan_naturalisation(there, notified, TODAY)
        else:
            plan_loss(there, notified, TODAY)
    assert caught.value.code == (error if isinstance(error, str) else error.code)
    if field is not None:
        assert caught.value.field == field


def test_scope_and_catalogue() -> None:
    assert scope(naturalisation()) == ((1,), (12,))
    change = change_of(Reason.ENTRY_NATURALISATION)
    assert change.plan(home(), naturalisation(), TODAY).ends
    assert (naturalisation().on, loss().on) == (DAY, DAY)
