"""旧氏 and 通称: entered, changed and deleted, with what stands and falls with them."""

from datetime import date
from typing import Any

import pytest

from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import amend_errors, common_name, errors, former_name
from daicho.register.changes.notification_amend import Amendment, NewValue
from daicho.register.changes.plan import Plan
from daicho.register.changes.record import ResidentRecord
from tests.changes.build import DAY, TODAY, before, codes, household, person, records, resident
from tests.changes.test_amendment import FOREIGN, amendment, value

FORMER: dict[str, Any] = {
    "former_family_name": "斎藤",
    "former_family_name_kana": "サイトウ",
    "former_family_name_kana_checked": True,
    "former_family_name_reading": "サイトウ",
    "former_family_name_reading_on": date(2026, 5, 1),
}
COMMON: dict[str, Any] = {
    "common_name": "木村　花子",
    "common_name_kana": "キムラ　ハナコ",
    "common_name_kana_checked": True,
    "common_name_on": date(2020, 4, 1),
    "common_name_municipality": "東京都豊島区",
}


def wanted(reason: Reason, *values: NewValue, **changes: Any) -> Amendment:
    given: dict[str, Any] = {"reason": reason, "basis": Basis.REQUEST, "ground": None}
    return amendment(*values, **{**given, **changes})


def do(record: ResidentRecord, notified: Amendment) -> Plan:
    there = before(household(person(11, record), person(12, resident(1))))
    if notified.reason.value.startswith("former"):
        return former_name.plan(there, notified, TODAY)
    return common_name.plan(there, notified, TODAY)


def test_a_former_name_is_entered_with_its_readings() -> None:
    made = do(
        resident(0),
        wanted(
            Reason.FORMER_NAME_ENTRY,
            value("former_family_name", "斎藤"),
            value("former_family_name_kana", "サイトウ"),
            value("former_family_name_kana_checked", flag=True),
            value("former_family_name_reading", "サイトウ"),
            value("former_family_name_reading_on", day=date(2026, 5, 1)),
        ),
    )
    written = records(made)[11]
    assert {name: getattr(written, name) for name in FORMER} == FORMER
    assert (made.basis, made.ground, made.notified_on) == (Basis.REQUEST, None, TODAY)
    assert not made.alerts


def test_a_changed_former_name_leaves_nothing_of_the_old_one() -> None:
    made = do(resident(0, **FORMER), wanted(Reason.FORMER_NAME_CHANGE, value("former_family_name", "佐藤")))
    written = records(made)[11]
    assert written.former_family_name == "佐藤"
    assert (written.former_family_name_kana, written.former_family_name_kana_checked) == (None, False)
    assert (written.former_family_name_reading, written.former_family_name_reading_on) == (None, None)


def test_a_deleted_former_name_takes_its_readings_along() -> None:
    written = records(do(resident(0, **FORMER), wanted(Reason.FORMER_NAME_DELETION)))[11]
    assert {getattr(written, name) for name in FORMER} == {None, False}


def test_a_former_name_like_the_present_one_is_questioned() -> None:
    made = do(resident(0), wanted(Reason.FORMER_NAME_ENTRY, value("former_family_name", "渡邉")))
    assert codes(made) == ["W052"]


def test_a_common_name_is_entered_with_day_and_municipality() -> None:
    made = do(
        resident(0, **FOREIGN, name="NGUYEN VAN"),
        wanted(
            Reason.COMMON_NAME_ENTRY,
            value("common_name", "木村　太郎"),
            value("common_name_kana", "キムラ　タロウ"),
            basis=Basis.APPLICATION,
        ),
    )
    written = records(made)[11]
    assert (written.common_name, written.common_name_kana) == ("木村　太郎", "キムラ　タロウ")
    assert (written.common_name_on, written.common_name_municipality) == (DAY, "埼玉県熊谷市")
    assert written.common_name_history == "木村　太郎 記載 令和8年11月20日 埼玉県熊谷市"
    assert not made.alerts


def test_a_deleted_common_name_stays_in_item_80() -> None:
    """Entered elsewhere, deleted here: both lines with day and municipality (STD 1.1.2)."""
    written = records(do(resident(0, **FOREIGN, **COMMON), wanted(Reason.COMMON_NAME_DELETION)))[11]
    assert {getattr(written, name) for name in COMMON} == {None, False}
    assert written.common_name_history == (
        "木村　花子 記載 令和2年4月1日 東京都豊島区；木村　花子 削除 令和8年11月20日 埼玉県熊谷市"
    )


def test_the_history_of_common_names_goes_on() -> None:
    known = "木村　花子 記載 令和2年4月1日 東京都豊島区"
    written = records(
        do(resident(0, **FOREIGN, **COMMON, common_name_history=known), wanted(Reason.COMMON_NAME_DELETION))
    )[11]
    assert written.common_name_history == f"{known}；木村　花子 削除 令和8年11月20日 埼玉県熊谷市"


def test_a_common_name_taken_over_without_day_is_said_to_be_so() -> None:
    written = records(do(resident(0, **FOREIGN, common_name="木村"), wanted(Reason.COMMON_NAME_DELETION)))[11]
    assert written.common_name_history == ("木村 記載 年月日不明 市区町村不明；木村 削除 令和8年11月20日 埼玉県熊谷市")


def test_a_common_name_like_the_name_is_questioned() -> None:
    made = do(resident(0, **FOREIGN), wanted(Reason.COMMON_NAME_ENTRY, value("common_name", resident(0).name)))
    assert codes(made) == ["W053"]


R = Reason
NAME = value("former_family_name", "斎藤")
COMMON_NAME = value("common_name", "木村")
JAPANESE, FOREIGNER = resident(0), resident(0, **FOREIGN)
REFUSED: list[tuple[str, ResidentRecord, Amendment, type[DaichoError]]] = [
    ("entered twice", resident(0, **FORMER), wanted(R.FORMER_NAME_ENTRY, NAME), amend_errors.NameAlreadyThere),
    ("none to change", JAPANESE, wanted(R.FORMER_NAME_CHANGE, NAME), amend_errors.NameNotThere),
    ("none to delete", JAPANESE, wanted(R.FORMER_NAME_DELETION), amend_errors.NameNotThere),
    ("a foreigner's", FOREIGNER, wanted(R.FORMER_NAME_ENTRY, NAME), amend_errors.ItemNotForPerson),
    ("without request", JAPANESE, wanted(R.FORMER_NAME_ENTRY, NAME, notified_on=None), errors.ItemMissing),
    ("without name", JAPANESE, wanted(R.FORMER_NAME_ENTRY), errors.ItemMissing),
    ("the same", resident(0, **FORMER), wanted(R.FORMER_NAME_CHANGE, *()), errors.ItemMissing),
    ("of two", JAPANESE, wanted(R.FORMER_NAME_ENTRY, NAME, people=(11, 12)), amend_errors.OnePersonOnly),
    ("two common names", resident(0, **FOREIGN, **COMMON), wanted(R.COMMON_NAME_ENTRY, COMMON_NAME), amend_errors.NameAlreadyThere),
    ("no common name", FOREIGNER, wanted(R.COMMON_NAME_DELETION), amend_errors.NameNotThere),
    ("a Japanese's", JAPANESE, wanted(R.COMMON_NAME_ENTRY, COMMON_NAME), amend_errors.ItemNotForPerson),
    ("blank common name", FOREIGNER, wanted(R.COMMON_NAME_ENTRY), errors.ItemMissing),
    ("no application", FOREIGNER, wanted(R.COMMON_NAME_ENTRY, COMMON_NAME, notified_on=None), errors.ItemMissing),
    ("of two foreigners", FOREIGNER, wanted(R.COMMON_NAME_ENTRY, COMMON_NAME, people=(11, 12)), amend_errors.OnePersonOnly),
]  # fmt: skip


@pytest.mark.parametrize(("record", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_refused(record: ResidentRecord, notified: Amendment, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        do(record, notified)
