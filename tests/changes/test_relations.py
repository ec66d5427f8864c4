"""Relationships that follow from others."""

from datetime import date

import pytest

from daicho.law.dates import parse_legal_date
from daicho.register.changes.relations import child_of, contradiction, follow, proposals
from tests.changes.build import family, household, person, resident


@pytest.mark.parametrize(
    ("parent", "sex", "child", "is_sure"),
    [
        ("02", "1", "20", True),
        ("11", "1", "20", True),
        ("12", "2", "20", True),
        ("13", "1", "13.20", False),
        ("14", "2", "14.20", False),
        ("20", "1", "20.20", True),
        ("20.12", "1", "20.20", True),
        ("22", "1", "20.20", True),
        ("20.20.22", "1", "20.20.20.20", True),
        ("51", "1", "74", True),
        ("52", "2", "84", True),
        ("12.52", "2", "12.84", True),
        ("71", "1", "71.20", True),
        ("71.12", "1", "71.20", True),
        ("96", "1", "96", True),
        ("99", "2", "99", True),
        ("20.20.20.20", "1", "96", True),
        ("20.20.20.22", "1", "96", True),
    ],
)
def test_a_child_follows_the_parent(parent: str, sex: str, child: str, is_sure: bool) -> None:
    assert child_of(parent, sex) == (child, is_sure)


def test_choices_of_the_clerk_stand_before_proposals() -> None:
    there = family(3)
    found, alerts = follow(there, there.residents, 12, {11: "99"})
    assert found[11] == "99"
    assert found[12] == "02"
    assert found[13] == "20"
    assert [(alert.code, alert.person_id) for alert in alerts] == [("W040", 11), ("W008", 13)]


def test_all_chosen_leaves_nothing_to_propose() -> None:
    there = family(2)
    assert follow(there, there.residents, 12, {11: "11"}) == ({12: "02", 11: "11"}, [])


def test_the_same_head_changes_nothing() -> None:
    there = household(person(11, resident(0)), person(12, resident(1, relationship="99")))
    found, alerts = follow(there, there.residents, 11, {})
    assert found == {11: "02", 12: "99"}
    assert not alerts


def test_proposals_carry_their_steps() -> None:
    by_id = {proposal.member_id: proposal for proposal in proposals(family(3), 13)}
    assert (by_id[11].proposed.word, by_id[12].proposed.word) == ("父", "母")
    assert by_id[11].line == "旧世帯主 → 新世帯主（子）の父 なので 父"


@pytest.mark.parametrize(
    ("code", "place", "item"),
    [
        ("12", 0, "性別"),
        ("11", 0, None),
        ("20", 2, None),
        ("51", 2, "年齢"),
        ("71", 2, "年齢"),
        ("20.12", 1, None),
        ("20", 0, "年齢"),
        ("74", 0, "年齢"),
        ("51", 0, None),
    ],
)
def test_what_nobody_can_be_to_the_head(code: str, place: int, item: str | None) -> None:
    """Beside the wife of 1985: words that state another sex, children who are older, parents who are younger."""
    assert contradiction(code, resident(place), resident(1)) == item


def test_an_unknown_day_contradicts_nothing() -> None:
    unknown = parse_legal_date("昭和20年頃", date(2026, 1, 1))
    assert contradiction("20", resident(0, birth=unknown), resident(1)) is None
    assert contradiction("20", resident(0), None) is None
