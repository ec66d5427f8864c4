"""国外転入等, 職権記載 and 未届転入: what the entries of the grid have of their own."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import entry_errors, errors, ex_officio_entry, move_in, move_in_abroad
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import (
    AbroadKind,
    EntryKind,
    ExOfficioEntry,
    ForeignItems,
    MoveInAbroad,
    NewResident,
    Place,
)
from daicho.register.changes.plan import Before
from tests.changes.build import DAY, FROM, HOME, TODAY, before, codes, days, person, records, resident, row
from tests.changes.build import move_in as moving_in

ABROAD = Place(address="カナダ")
CARD = ForeignItems(
    nationality="VNM",
    article_30_45="1",
    residence_card_number="AB12345678CD",
    residence_status="ZS10",
    foreign_resident_since=LegalDate(DAY),
)


def foreign(place: int = 0, items: ForeignItems = CARD, **changes: Any) -> NewResident:
    return row(place, domicile=None, family_register_head=None, foreign=items, **changes)


def abroad(*rows: NewResident, **changes: Any) -> MoveInAbroad:
    given: dict[str, Any] = {
        "household_id": 9,
        "change_date": DAY,
        "notified_on": TODAY,
        "address": HOME,
        "previous": ABROAD,
        "members": rows,
    }
    return MoveInAbroad(**{**given, **changes})


def entry(*rows: NewResident, **changes: Any) -> ExOfficioEntry:
    given: dict[str, Any] = {
        "household_id": 9,
        "change_date": DAY,
        "address": HOME,
        "previous": Place(address="不明"),
        "members": rows,
    }
    return ExOfficioEntry(**{**given, **changes})


def left_for_abroad(**changes: Any) -> Before:
    gone = resident(0, status="moved_out", removed_reason="国外転出", **changes)
    return before(persons=(person(91, gone),))


def test_a_family_comes_from_abroad() -> None:
    made = move_in_abroad.plan(before(), abroad(row(0), row(1)), TODAY)
    head = records(made)[91]
    assert made.reason is Reason.MOVE_IN_ABROAD
    assert (head.previous_address, head.previous_municipality, head.settled_reason) == ("カナダ", None, "国外転入等")
    assert (head.resident_since, head.record_no) == (LegalDate(DAY), 1)


@pytest.mark.parametrize("kind", [AbroadKind.ARTICLE_30_46, AbroadKind.ARTICLE_30_47])
def test_a_foreign_resident_by_the_articles_has_no_address_before(kind: AbroadKind) -> None:
    made = move_in_abroad.plan(before(), abroad(foreign(), kind=kind, previous=Place()), TODAY)
    record = records(made)[91]
    assert (record.previous_address, record.is_foreign) == (None, True)
    assert (record.foreign_resident_since, record.foreign_resident_notified_on) == (LegalDate(DAY), TODAY)
    assert "W033" not in codes(made)


def test_a_landing_permit_comes_before_the_card() -> None:
    items = ForeignItems(
        nationality="VNM",
        article_30_45="1",
        residence_status="ZS10",
        landing_permit=True,
        residence_notice="0",
        foreign_resident_since=LegalDate(DAY - days(3)),
    )
    made = move_in_abroad.plan(
        before(), abroad(foreign(items=items), kind=AbroadKind.ARTICLE_30_46, previous=Place()), TODAY
    )
    record = records(made)[91]
    assert (record.landing_permit, record.residence_notice, record.residence_card_number) == (True, "0", None)
    assert "W033" in codes(made)


def test_late_by_the_article_of_its_kind() -> None:
    moved = TODAY - days(15)
    items = ForeignItems(**{name: getattr(CARD, name) for name in ForeignItems.__dataclass_fields__}
                         | {"foreign_resident_since": LegalDate(moved)})  # fmt: skip
    told = abroad(
        foreign(items=items), kind=AbroadKind.ARTICLE_30_47, previous=Place(), change_date=moved, notified_on=TODAY
    )
    [late] = [one for one in move_in_abroad.plan(before(on=moved), told, TODAY).alerts if one.code == "W001"]
    assert late.rule == "法30条の47"


def test_whoever_left_for_abroad_keeps_the_former_family_name() -> None:
    there = left_for_abroad(former_family_name="佐藤", former_family_name_kana="サトウ")
    made = move_in_abroad.plan(there, abroad(row(0)), TODAY)
    assert (records(made)[91].former_family_name, records(made)[91].record_no) == ("佐藤", 2)
    assert "W032" in codes(made)
    another = move_in_abroad.plan(there, abroad(row(0, former_family_name="鈴木")), TODAY)
    assert records(another)[91].former_family_name == "鈴木"
    assert "W032" not in codes(another)


def test_whoever_left_for_abroad_keeps_the_common_name() -> None:
    there = left_for_abroad(is_foreign=True, common_name="田中　安", common_name_on=date(2019, 5, 1))
    made = move_in_abroad.plan(there, abroad(foreign()), TODAY)
    assert (records(made)[91].common_name, records(made)[91].common_name_on) == ("田中　安", date(2019, 5, 1))
    assert "W032" in codes(made)
    items = ForeignItems(
        **{n: getattr(CARD, n) for n in ForeignItems.__dataclass_fields__} | {"common_name": "山田　安"}
    )
    assert records(move_in_abroad.plan(there, abroad(foreign(items=items)), TODAY))[91].common_name == "山田　安"


def test_whoever_moved_out_inside_the_country_keeps_none() -> None:
    there = before(
        persons=(person(91, resident(0, status="moved_out", removed_reason="国内転出", former_family_name="佐藤")),)
    )
    assert records(move_in_abroad.plan(there, abroad(row(0)), TODAY))[91].former_family_name is None
    back = records(move_in.plan(left_for_abroad(former_family_name="佐藤"), moving_in(row(0)), TODAY))[91]
    assert back.former_family_name is None


def test_somebody_without_a_record_is_entered_ex_officio() -> None:
    made = ex_officio_entry.plan(before(), entry(row(0), notified_on=None), TODAY)
    record = records(made)[91]
    assert (made.reason, made.basis, made.notified_on) == (Reason.EX_OFFICIO_ENTRY, Basis.EX_OFFICIO, None)
    assert (record.previous_address, record.settled_reason, record.settled_basis) == ("不明", "職権記載", "職権")


def test_a_newborn_without_an_address_before() -> None:
    told = entry(row(2, relationship="02"), kind=EntryKind.WITHOUT_PREVIOUS, previous=Place())
    assert records(ex_officio_entry.plan(before(), told, TODAY))[93].previous_address is None


@pytest.mark.parametrize(
    ("kind", "rows", "reason"),
    [
        (EntryKind.NATURALISED, (row(0),), Reason.ENTRY_NATURALISATION),
        (EntryKind.NATIONALITY_LOST, (foreign(),), Reason.ENTRY_NATIONALITY_LOSS),
    ],
)
def test_a_change_of_nationality_of_somebody_without_a_record(
    kind: EntryKind, rows: tuple[NewResident, ...], reason: Reason
) -> None:
    change = change_of(Reason.EX_OFFICIO_ENTRY)
    made = change.plan(before(), entry(*rows, kind=kind, previous=Place()), TODAY)
    assert (made.reason, made.removal, made.ends) == (reason, None, ())
    wrong = entry(row(0) if rows[0].foreign else foreign(), kind=kind, previous=Place())
    with pytest.raises(DaichoError) as caught:
        change.plan(before(), wrong, TODAY)
    assert caught.value.code == "L302"


def test_people_who_came_unreported() -> None:
    told = moving_in(row(0), row(1), unreported=True, last=Place(address="群馬県高崎市高松町35番地1", head="渡邉　大輔"),
                     unreported_from=date(2026, 4, 1), unreported_to=date(2026, 11, 19))  # fmt: skip
    made = move_in.plan(before(), told, TODAY)
    record = records(made)[91]
    assert record.previous_address == f"{FROM.address}（未届）"
    assert (record.last_address, record.last_head) == ("群馬県高崎市高松町35番地1", "渡邉　大輔")
    assert (record.unreported_from, record.unreported_to) == (date(2026, 4, 1), date(2026, 11, 19))
    assert [(note.person_id, note.item) for note in made.notes] == [(91, "previous_address"), (92, "previous_address")]
    assert made.notes[0].text == f"未届転入　{FROM.address}（未届）"
    again = moving_in(row(0), unreported=True, previous=Place(address=record.previous_address))
    assert records(move_in.plan(before(), again, TODAY))[91].previous_address == record.previous_address


REFUSED: list[tuple[str, MoveInAbroad | ExOfficioEntry, type[DaichoError], str]] = [
    ("nowhere", abroad(row(0), previous=Place()), errors.ItemMissing, "previous.address"),
    ("from this country", abroad(row(0), previous=FROM), entry_errors.DomesticAddress, "previous.address"),
    ("an address", abroad(foreign(), kind=AbroadKind.ARTICLE_30_46), entry_errors.NoPreviousAddress, "previous.address"),
    ("Japanese", abroad(foreign(0), row(1), kind=AbroadKind.ARTICLE_30_46, previous=Place()), entry_errors.NotForeign, "members.1.nationality"),
    (
        "transitional",
        abroad(foreign(items=ForeignItems(nationality="VNM", article_30_45="4", foreign_resident_since=LegalDate(DAY))),
               kind=AbroadKind.ARTICLE_30_47, previous=Place()),
        entry_errors.CategoryNotOfArticle,
        "members.0.article_30_45",
    ),
    ("unknown left blank", entry(row(0), previous=Place()), errors.ItemMissing, "previous.address"),
    ("an address of a newborn", entry(row(0), kind=EntryKind.WITHOUT_PREVIOUS), entry_errors.NoPreviousAddress, "previous.address"),
    ("unreported from nowhere", entry(row(0), unreported=True, kind=EntryKind.NATURALISED, previous=Place()), errors.ItemMissing, "previous.address"),
    ("last place", entry(row(0), last=Place(address="\ue000")), DaichoError, "last.address"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "error", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(
    told: MoveInAbroad | ExOfficioEntry, error: type[DaichoError], field: str
) -> None:
    module = move_in_abroad if isinstance(told, MoveInAbroad) else ex_officio_entry
    with pytest.raises(error) as caught:
        module.plan(before(), told, TODAY)
    assert caught.value.field == field
    assert all(caught.value.sentences)
