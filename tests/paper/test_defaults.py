"""What a copy is asked for at the beginning: the city's own choice per kind, never a number (STD 5.1)."""

from collections.abc import Iterator

import pytest

from daicho.law import tables
from daicho.register.masters.errors import MasterUnreadable
from daicho.register.masters.lists import check_entry, list_of
from daicho.register.paper.authority import Item
from daicho.register.paper.defaults import TABLE, preset
from daicho.register.paper.kinds.catalogue import KINDS


@pytest.fixture
def chosen() -> Iterator[None]:
    """A city that prints head and remarks on copies of the household, and nothing more on copies of one person."""
    which = list_of("paper_default")
    assert which.row is not None
    data = check_entry(which, "01", "住民票の写し", {"items": "head remarks individual_number without_history"})
    tables.give({TABLE: [which.row("01", "", data), which.row("02", "", {})]})
    yield
    tables.give({})


@pytest.mark.usefixtures("chosen")
def test_the_city_chooses_what_is_ticked_first() -> None:
    assert preset(KINDS["household_copy"]) == {Item.HEAD, Item.REMARKS}
    assert preset(KINDS["individual_copy"]) == frozenset()
    assert preset(KINDS["removed_copy"]) == KINDS["removed_copy"].preset


def test_only_copies_have_a_choice() -> None:
    with pytest.raises(MasterUnreadable):
        check_entry(list_of("paper_default"), "21", "通知", {"items": "head"})
