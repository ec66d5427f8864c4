"""The lists of 35 transfers and 71 provisions: what the document names, with periods; the rest open (R-PRV-03)."""

from datetime import date

import pytest

from daicho.commons.exchange import lists
from daicho.commons.exchange.errors import ItemUnknown, NoBasis
from daicho.commons.exchange.items import ITEMS, of_groups, shown
from daicho.commons.exchange.lists import NOT_PUBLISHED, ListName
from daicho.wire.contracts.resident_changed import Picture


@pytest.mark.parametrize(("name", "all_of_them", "named"), [("transfers", 35, 19), ("provisions", 71, 60)])
def test_every_line_is_there_and_open_where_nothing_is_published(name: ListName, all_of_them: int, named: int) -> None:
    found = lists.by_number(name, date(2020, 6, 4))
    assert [line.number for line in found] == list(range(1, all_of_them + 1))
    assert sum(line.published for line in found) == named
    for line in found:
        assert all((line.basis, line.source))
        assert line.published or (line.recipient, line.allowed()) == (NOT_PUBLISHED, frozenset())


def test_a_recipient_changes_with_the_day() -> None:
    vaccination = {day: lists.basis_for(11, day).recipient for day in (date(2017, 3, 31), date(2017, 4, 1))}
    assert list(vaccination.values()) == ["保健センター", "母子健康センター"]


@pytest.mark.parametrize("number", [0, 20, 36])
def test_nobody_is_told_on_what_is_not_published(number: int) -> None:
    with pytest.raises(NoBasis):
        lists.basis_for(number, date(2026, 4, 1))


def test_the_items_are_those_of_the_contract_and_no_number_is_among_them() -> None:
    assert set(ITEMS) == set(Picture.model_fields) | {"change"}
    allowed = {item for line in lists.lines("transfers") for item in line.allowed()}
    assert allowed <= set(ITEMS)
    assert "個人番号" not in {item.word for item in ITEMS.values()}
    with pytest.raises(ItemUnknown):
        of_groups(["個人番号"])


def test_of_a_hidden_person_only_who_it_is_may_be_told() -> None:
    """As the register shows them itself (store/shield.py): who, not where, not since when."""
    told = set(shown(ITEMS, hidden=True))
    assert told == {
        "is_foreign", "name", "name_kana", "name_reading", "former_family_name", "former_family_name_kana", "common_name",
        "common_name_kana", "foreign_name_kanji", "sex", "birth", "birth_text", "nationality", "residence_status",
        "article_30_45", "stay_until",
    }  # fmt: skip
