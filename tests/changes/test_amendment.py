"""職権修正 and 軽微な修正: which items, on which ground, for whom."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import amend_errors, errors
from daicho.register.changes.amendable import ADDRESS, ITEMS, items_of
from daicho.register.changes.amending import notes_of
from daicho.register.changes.amendment import plan, scope
from daicho.register.changes.grounds import EX_OFFICIO, MINOR
from daicho.register.changes.notification import Address
from daicho.register.changes.notification_amend import Amendment, NewValue
from daicho.register.changes.plan import Before, HouseholdBefore, Note
from daicho.register.changes.record import RECORD_FIELDS
from tests.changes.build import (
    CITY,
    DAY,
    OTHER,
    TODAY,
    before,
    codes,
    days,
    effects_later,
    family,
    household,
    leaves,
    person,
    records,
    resident,
)

FOREIGN: dict[str, Any] = {
    "is_foreign": True,
    "nationality": "VNM",
    "nationality_name": "ベトナム",
    "article_30_45": "1",
    "domicile": None,
    "family_register_head": None,
}


def value(item: str, text: str | None = None, **given: Any) -> NewValue:
    return NewValue(item=item, text=text, **given)


def amendment(*values: NewValue, people: tuple[int, ...] = (11,), **changes: Any) -> Amendment:
    given: dict[str, Any] = {
        "reason": Reason.EX_OFFICIO_AMENDMENT,
        "household_id": 1,
        "person_ids": people,
        "change_date": DAY,
        "notified_on": TODAY,
        "basis": Basis.NOTICE,
        "ground": "1",
        "values": values,
    }
    return Amendment(**{**given, **changes})


def minor(ground: str, *values: NewValue, **changes: Any) -> Amendment:
    given: dict[str, Any] = {"reason": Reason.MINOR_AMENDMENT, "ground": ground, "basis": Basis.EX_OFFICIO}
    return amendment(*values, **{**given, **changes})


def foreigners() -> HouseholdBefore:
    return household(person(11, resident(0, **FOREIGN)), person(12, resident(1)))


def test_a_name_is_amended_on_the_notice_of_the_registered_domicile() -> None:
    made = plan(before(family(3)), amendment(value("name", "渡辺　大輔")), TODAY)
    assert (made.reason, made.basis, made.ground) == (Reason.EX_OFFICIO_AMENDMENT, Basis.NOTICE, "1")
    assert (made.change_date, made.notified_on) == (LegalDate(DAY), TODAY)
    [effect] = made.effects
    assert (effect.kind, effect.role, effect.record.name) == ("amend", "mover", "渡辺　大輔")
    assert codes(made) == ["W050"]


def test_the_name_of_somebody_else_says_nothing_about_the_head() -> None:
    assert not plan(before(family(3)), amendment(value("name", "渡辺　彩香"), people=(12,)), TODAY).alerts


def test_domicile_and_register_head_of_all_members_at_once() -> None:
    """STD 4.0.6: what the family shares is typed once."""
    wanted = amendment(
        value("domicile", "埼玉県熊谷市宮町二丁目47番地"),
        value("family_register_head", "渡邉　彩香"),
        people=(11, 12, 13),
    )
    made = plan(before(family(4)), wanted, TODAY)
    assert {one: r.family_register_head for one, r in records(made).items()} == dict.fromkeys(
        (11, 12, 13), "渡邉　彩香"
    )
    assert {r.domicile for r in records(made).values()} == {"埼玉県熊谷市宮町二丁目47番地"}


def test_an_address_is_amended_for_the_whole_household() -> None:
    made = plan(before(family(3)), minor("5", address=OTHER), TODAY)
    assert {r.address for r in records(made).values()} == {OTHER.address}
    assert {r.building for r in records(made).values()} == {None}
    assert [effect.role for effect in made.effects] == ["mover", "affected", "affected"]
    assert {r.settled_on for r in records(made).values()} == {resident().settled_on}


def test_a_planned_leaver_leaves_with_what_was_amended() -> None:
    gone_on = TODAY + days(5)
    there = household(person(11, resident(0)), person(12, resident(1), leaves(resident(1), gone_on)))
    made = plan(before(there), amendment(value("domicile", "なし"), people=(12,)), TODAY)
    [later] = effects_later(made)
    assert (later.valid_from, later.record.domicile, later.record.is_resident) == (gone_on, "なし", False)


KINDS: list[tuple[str, NewValue, dict[str, Any]]] = [
    ("kana", value("name_kana", "ワタナベ　ダイスケ"), {"name_kana": "ワタナベ　ダイスケ"}),
    ("flag", value("name_kana_checked", flag=True), {"name_kana_checked": True}),
    ("reading day", value("name_reading_on", day=DAY), {"name_reading_on": DAY}),
    ("reading source", value("name_reading_source", "family_register"), {"name_reading_source": "family_register"}),
    ("reading state", value("name_reading_state", "confirmed"), {"name_reading_state": "confirmed"}),
    ("birth", value("birth", legal=LegalDate(date(1983, 9, 15))), {"birth": LegalDate(date(1983, 9, 15))}),
    ("ward", value("adult_ward", flag=True), {"adult_ward": True}),
    ("short", value("health_insurance", "1"), {"health_insurance": "1"}),
    ("cleared", value("name_kana"), {"name_kana": None}),
    ("postcode", value("domicile_postcode", "3600033"), {"domicile_postcode": "3600033"}),
    ("month", value("child_allowance_from", "2026-04"), {"child_allowance_from": "2026-04"}),
    ("roll", value("electoral_roll", flag=True), {"electoral_roll": True}),
    ("place", value("domicile", "群馬県高崎市高松町"), {"domicile_municipality": "102024"}),
    ("place unknown", value("previous_address", "不明"), {"previous_municipality": None}),
]


@pytest.mark.parametrize(("given", "expected"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])
def test_values_of_every_kind(given: NewValue, expected: dict[str, Any]) -> None:
    written = records(plan(before(family(2)), amendment(given), TODAY))[11]
    assert {name: getattr(written, name) for name in expected} == expected


def test_codes_bring_their_words() -> None:
    made = plan(before(foreigners()), amendment(value("nationality", "BRA")), TODAY)
    assert (records(made)[11].nationality, records(made)[11].nationality_name) == ("BRA", "ブラジル")
    status = plan(before(foreigners()), amendment(value("residence_status", "ZS35")), TODAY)
    assert records(status)[11].residence_status_name == "永住者"
    cleared = plan(
        before(household(person(11, resident(0, **FOREIGN, residence_status="ZS35", residence_status_name="永住者")))),
        amendment(value("residence_status"), value("article_30_45", "2")),
        TODAY,
    )
    assert records(cleared)[11].residence_status_name is None
    assert records(cleared)[11].article_30_45 == "2"


def test_what_identifies_a_person_is_amended_with_care() -> None:
    made = plan(before(family(2)), amendment(value("sex", "1"), people=(12,)), TODAY)
    assert codes(made) == ["W051", "W013"]
    assert "妻" in made.alerts[1].sentence


def test_a_relationship_is_put_right() -> None:
    made = plan(before(family(3)), amendment(value("relationship", "子"), people=(12,)), TODAY)
    assert records(made)[12].relationship == "20"


MINOR_ALLOWED: list[tuple[str, str, NewValue]] = [
    ("common character", "1", value("name", "渡辺　大輔")),
    ("identified character", "2", value("former_family_name", "斎藤")),
    ("minister", "7", value("name", "渡辺　大輔")),
    ("town in a domicile", "3", value("domicile", "埼玉県熊谷市宮町二丁目47番地")),
    ("former address", "3", value("previous_address", "埼玉県さいたま市浦和区常盤六丁目4番4号")),
]


@pytest.mark.parametrize(("ground", "given"), [m[1:] for m in MINOR_ALLOWED], ids=[m[0] for m in MINOR_ALLOWED])
def test_minor_amendments_of_names_and_addresses(ground: str, given: NewValue) -> None:
    made = plan(before(family(2)), minor(ground, given), TODAY)
    assert (made.reason, made.ground, made.basis) == (Reason.MINOR_AMENDMENT, ground, Basis.EX_OFFICIO)
    assert getattr(records(made)[11], given.item) == given.text


PLAIN = family(2)
REFUSED: list[tuple[str, Before, Amendment, type[DaichoError], str]] = [
    ("no ground", before(PLAIN), amendment(value("name", "渡辺"), ground=None), amend_errors.GroundMissing, "ground"),
    (
        "no such ground",
        before(PLAIN),
        amendment(value("name", "渡辺"), ground="8"),
        amend_errors.GroundMissing,
        "ground",
    ),
    (
        "basis of another ground",
        before(PLAIN),
        amendment(value("name", "渡辺"), basis=Basis.EX_OFFICIO),
        amend_errors.GroundMissing,
        "ground",
    ),
    (
        "notice without day",
        before(PLAIN),
        amendment(value("name", "渡辺"), notified_on=None),
        errors.ItemMissing,
        "notified_on",
    ),
    (
        "tomorrow",
        before(PLAIN, on=TODAY + days(1)),
        amendment(change_date=TODAY + days(1)),
        errors.FutureChangeDate,
        "",
    ),
    (
        "notice of tomorrow",
        before(PLAIN),
        amendment(value("name", "渡辺"), notified_on=TODAY + days(1)),
        errors.NotifiedInFuture,
        "notified_on",
    ),
    ("outdated", before(PLAIN, on=TODAY), amendment(value("name", "渡辺")), errors.PlanOutdated, ""),
    ("nobody", before(PLAIN), amendment(value("name", "渡辺"), people=()), errors.NobodyMoves, "person_ids"),
    (
        "a stranger",
        before(PLAIN),
        amendment(value("name", "渡辺"), people=(99,)),
        errors.NotOfHousehold,
        "person_ids.0",
    ),
    ("nothing", before(PLAIN), amendment(), amend_errors.NothingAmended, "values"),
    ("the same", before(PLAIN), amendment(value("name", resident().name)), amend_errors.NothingAmended, "values"),
    ("unknown item", before(PLAIN), amendment(value("status", "dead")), errors.NotificationUnreadable, "values.0.item"),
    (
        "twice",
        before(PLAIN),
        amendment(value("name", "渡辺"), value("name", "渡部")),
        errors.NotificationUnreadable,
        "values.1.item",
    ),
    (
        "item of another reason",
        before(PLAIN),
        amendment(value("former_family_name", "斎藤")),
        amend_errors.ItemNotAmendable,
        "values.0",
    ),
    ("birth in a minor one", before(PLAIN), minor("2", value("sex", "2")), amend_errors.ItemNotAmendable, "values.0"),
    (
        "name on a lot's ground",
        before(PLAIN),
        minor("4", value("name", "渡辺")),
        amend_errors.ItemNotAmendable,
        "values.0",
    ),
    (
        "item of foreigners",
        before(PLAIN),
        amendment(value("nationality", "BRA")),
        amend_errors.ItemNotForPerson,
        "values.0",
    ),
    (
        "item of Japanese",
        before(foreigners()),
        amendment(value("domicile", "なし")),
        amend_errors.ItemNotForPerson,
        "values.0",
    ),
    (
        "a name for two",
        before(PLAIN),
        amendment(value("name", "渡辺"), people=(11, 12)),
        amend_errors.OnePersonOnly,
        "values.0",
    ),
    ("blank name", before(PLAIN), amendment(value("name")), errors.ItemMissing, "values.0"),
    ("postcode", before(PLAIN), amendment(value("last_postcode", "360")), errors.NotificationUnreadable, "values.0"),
    (
        "month",
        before(PLAIN),
        amendment(value("child_allowance_to", "2026-13")),
        errors.NotificationUnreadable,
        "values.0",
    ),
    ("text as flag", before(PLAIN), amendment(value("adult_ward", "1")), errors.NotificationUnreadable, "values.0"),
    ("flag cleared", before(PLAIN), amendment(value("adult_ward")), errors.NotificationUnreadable, "values.0"),
    ("sex", before(PLAIN), amendment(value("sex", "3")), errors.NotificationUnreadable, "values.0"),
    ("source", before(PLAIN), amendment(value("name_reading_source", "me")), errors.NotificationUnreadable, "values.0"),
    ("glyph", before(PLAIN), amendment(value("name", "渡\ue000")), DaichoError, "values.0"),
    (
        "born later",
        before(PLAIN),
        amendment(value("birth", legal=LegalDate(TODAY))),
        errors.ChangeBeforeBirth,
        "values.0",
    ),
    ("second head", before(PLAIN), amendment(value("relationship", "02"), people=(12,)), errors.SecondHead, ""),
    ("no head", before(PLAIN), amendment(value("relationship", "99")), errors.NoHead, ""),
    (
        "unknown town",
        before(PLAIN),
        minor("5", address=Address(municipality_code=CITY, address="宮町1番地", town_code="11202099999")),
        errors.UnknownTown,
        "address.town_code",
    ),
]


@pytest.mark.parametrize(("there", "wanted", "error", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_refused(there: Before, wanted: Amendment, error: type[DaichoError], field: str) -> None:
    with pytest.raises(error) as caught:
        plan(there, wanted, TODAY)
    if field:
        assert caught.value.field == field


def test_what_was_registered_since_stays() -> None:
    """Moved within the city and renamed since: the amendment goes through the move, and stops at the other name."""
    moved = resident(0, address=OTHER.address, building=None)
    renamed = moved.with_(name="渡部　大輔")
    there = household(person(11, resident(0), (DAY + days(1), moved), (DAY + days(2), renamed)))
    made = plan(before(there), amendment(value("name", "渡辺　大輔"), value("domicile", "なし")), TODAY)
    assert [(e.record.name, e.record.domicile, e.record.address) for e in made.effects] == [
        ("渡辺　大輔", "なし", resident(0).address),
        ("渡辺　大輔", "なし", OTHER.address),
        ("渡部　大輔", "なし", OTHER.address),
    ]


def test_somebody_who_comes_later_gets_the_amended_address() -> None:
    there = household(person(11, resident(0)), person(12, None, (TODAY, resident(1))))
    made = plan(before(there), minor("5", address=OTHER), TODAY)
    assert {(e.person_id, e.valid_from, e.record.address) for e in made.effects} == {
        (11, DAY, OTHER.address), (12, TODAY, OTHER.address),
    }  # fmt: skip


def test_a_note_is_tied_to_the_first_item() -> None:
    """留意事項 (STD 1.1.14, type B), for each person; a text that cannot be printed is refused."""
    made = plan(before(family(2)), amendment(value("domicile", "なし"), people=(11, 12), note="特別養子縁組"), TODAY)
    assert made.notes == (Note(11, "domicile", "特別養子縁組"), Note(12, "domicile", "特別養子縁組"))
    moved = plan(before(family(2)), minor("5", address=OTHER, note="住居表示"), TODAY)
    assert moved.notes == (Note(11, "address", "住居表示"),)
    assert notes_of(amendment(note="x"), (11,)) == (Note(11, "name", "x"),)
    with pytest.raises(DaichoError) as caught:
        plan(before(family(2)), amendment(value("domicile", "なし"), note="\ue000"), TODAY)
    assert caught.value.field == "note"


def test_what_must_be_seen() -> None:
    found = scope(amendment(people=(12, 11, 12)))
    assert (found.household_ids, found.person_ids) == ((1,), (11, 12))


def test_the_table_of_items_fits_the_record() -> None:
    assert set(ITEMS) <= set(RECORD_FIELDS)
    keys = [item.key for item in (*ITEMS.values(), ADDRESS)]
    assert len(set(keys)) == len(keys)
    assert len(MINOR) == 7
    assert {ground.basis for ground in EX_OFFICIO.values()} == {Basis.NOTICE, Basis.EX_OFFICIO, Basis.APPLICATION}
    assert set(items_of(Reason.FORMER_NAME_DELETION)) == set()
    touched = {"name", "previous_address", "previous_building", "domicile", "foreign_name_kanji"}
    assert set(items_of(Reason.MINOR_AMENDMENT)) == touched | {"former_family_name", "common_name"}


def test_an_address_belongs_to_amendments_only() -> None:
    from daicho.register.changes.amending import household_address

    with pytest.raises(amend_errors.ItemNotAmendable):
        household_address(amendment(reason=Reason.COMMON_NAME_ENTRY, address=OTHER))
