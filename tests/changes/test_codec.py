"""Notifications to JSON values and back, and what is refused on the way in."""

import json
from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate, Precision
from daicho.law.numbers import NumberRule, individual_number
from daicho.register.changes.codec import from_json, to_json
from daicho.register.changes.errors import ItemMissing, NotificationUnreadable
from daicho.register.changes.notification import Death, ForeignItems, HeadChange, MoveIn, Related
from tests.changes.build import DAY, TODAY, move_in, row

NUMBER = individual_number("12345678901", NumberRule.SYNTHETIC)


def seal(text: str) -> str:
    return "sealed:" + text[::-1]


def unseal(text: str) -> str:
    return text.removeprefix("sealed:")[::-1]


def as_it_is(text: str) -> str:
    return text


def test_a_notification_survives_the_way_through_json() -> None:
    foreign = ForeignItems(nationality="VNM", article_30_45="1", foreign_resident_since=LegalDate(date(2020, 1, 1)))
    about = LegalDate(date(1950, 1, 1), Precision.ABOUT_YEAR, "昭和25年頃")
    notified = move_in(row(0, individual_number=NUMBER, different_from=(5, 7)), row(1, birth=about, foreign=foreign))
    stored = json.dumps(to_json(notified, seal), ensure_ascii=False)
    assert from_json(MoveIn, json.loads(stored), unseal) == notified


def test_numbers_are_never_stored_in_clear() -> None:
    stored = to_json(move_in(row(0, individual_number=NUMBER)), seal)
    assert NUMBER not in json.dumps(stored)
    assert "resident_code" not in stored["members"][0]


def test_other_notifications() -> None:
    notified = HeadChange(
        household_id=1,
        change_date=DAY,
        notified_on=TODAY,
        new_head_id=12,
        relationships=(Related(person_id=11, relationship="11"),),
    )
    assert from_json(HeadChange, to_json(notified, seal), unseal) == notified
    died = Death(household_id=1, person_id=11, died=LegalDate(DAY))
    assert from_json(Death, to_json(died, seal), unseal) == died


def test_blank_text_counts_as_not_given() -> None:
    value = to_json(move_in(row(0)), seal)
    value["members"][0]["remarks"] = ""
    value["members"][0]["name_kana"] = None
    read = from_json(MoveIn, value, unseal)
    assert (read.members[0].remarks, read.members[0].name_kana) == (None, None)


REFUSED: list[tuple[str, list[str | int], Any, str]] = [
    ("unknown name", ["surprise"], "x", "surprise"),
    ("unknown inner name", ["members", 0, "surprise"], "x", "members.0.surprise"),
    ("no list", ["members"], "x", "members"),
    ("too many rows", ["members"], [{}] * 201, "members"),
    ("row no object", ["members", 0], "x", "members.0"),
    ("impossible day", ["change_date"], "2026-02-30", "change_date"),
    ("day as number", ["change_date"], 20260230, "change_date"),
    ("no such basis", ["basis"], "because", "basis"),
    ("number as text", ["household_id"], "1", "household_id"),
    ("truth as number", ["household_id"], True, "household_id"),
    ("negative id", ["household_id"], -1, "household_id"),
    ("huge id", ["household_id"], 2**63, "household_id"),
    ("text as number", ["members", 0, "name"], 5, "members.0.name"),
    ("long text", ["members", 0, "name"], "あ" * 501, "members.0.name"),
    ("control character", ["members", 0, "name"], "渡\u0000", "members.0.name"),
    ("half a pair", ["members", 0, "name"], "\ud842", "members.0.name"),
    ("no truth", ["members", 0, "name_kana_checked"], "yes", "members.0.name_kana_checked"),
    ("secret as number", ["members", 0, "individual_number"], 5, "members.0.individual_number"),
    ("legal date without text", ["members", 0, "birth"], {"on": "1950-01-01", "precision": "year"}, "members.0.birth"),
]


@pytest.mark.parametrize(("path", "wrong", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_unreadable_values_are_named_by_their_path(path: list[str | int], wrong: Any, field: str) -> None:
    value: Any = to_json(move_in(row(0)), seal)
    place: Any = value
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    with pytest.raises(NotificationUnreadable) as caught:
        from_json(MoveIn, value, as_it_is)
    assert caught.value.field == field


def test_what_may_not_be_left_out() -> None:
    value = to_json(move_in(row(0)), seal)
    value["members"][0]["name"] = ""
    with pytest.raises(ItemMissing) as caught:
        from_json(MoveIn, value, as_it_is)
    assert caught.value.field == "members.0.name"


def test_not_an_object_at_all() -> None:
    with pytest.raises(NotificationUnreadable):
        from_json(MoveIn, ["x"], as_it_is)
