"""The list of errors and alerts, entry by entry (STD 11.1): each is refused with its code, or shown with its code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from daicho.assess.errors import all_errors
from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule, individual_number
from daicho.register.changes import birth as births
from daicho.register.changes import death as deaths
from daicho.register.changes import move_in as moves_in
from daicho.register.changes import move_out as moves_out
from daicho.register.changes import move_within as moves_within
from daicho.register.changes.alerts import catalogue
from daicho.register.changes.notification import MoveOut, NewResident, Place
from daicho.register.changes.plan import Before, Candidate, Plan
from tests.changes.build import (
    DAY,
    HOME,
    TODAY,
    before,
    days,
    family,
    household,
    leaves,
    move_in,
    person,
    resident,
    row,
)
from tests.changes.test_birth import birth
from tests.changes.test_death import death
from tests.changes.test_move_within import move
from tests.changes.test_newcomer_checks import FOREIGN

NUMBER = individual_number("12345678901", NumberRule.SYNTHETIC)
WRONG = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
TWO_HEADS = (row(0), row(1, relationship="02"))


def enter(*rows: NewResident, there: Before | None = None, on: date = DAY, **changes: object) -> Callable[[], Plan]:
    """The plan of a move-in."""
    return lambda: moves_in.plan(there or before(on=on), move_in(*rows, change_date=on, **changes), TODAY)


def out(*people: int, on: date, there: Before) -> Callable[[], Plan]:
    """The plan of a move-out."""
    notified = MoveOut(
        household_id=1, change_date=on, notified_on=TODAY, destination=Place(address="東京都"), person_ids=people
    )
    return lambda: moves_out.plan(there, notified, TODAY)


def seen(match: str, is_resident: bool = False) -> Before:
    """A candidate for the first row."""
    return before(candidates=(Candidate(91, 50, match, is_resident),))  # type: ignore[arg-type]


def stay(until: date) -> NewResident:
    """A foreigner whose stay ends."""
    return row(0, foreign=replace(FOREIGN, stay_until=until))


LATE = DAY - days(30)
GONE = household(person(11, resident(0), leaves(resident(0), TODAY + days(7))))

REFUSED: list[tuple[str, str, Callable[[], object]]] = [
    ("not-null item missing", "C022", enter(row(0, domicile=None))),
    ("name missing", "C022", enter(row(0, name=""))),
    ("day of notification missing", "C022", enter(row(0), notified_on=None)),
    ("change date in the future", "C001", enter(row(0), on=TODAY + days(1))),
    ("day of notification in the future", "C019", enter(row(0), notified_on=TODAY + days(1))),
    ("notified before the move", "C020", enter(row(0), notified_on=DAY - days(1))),
    ("change date before birth", "C002", enter(row(0), row(1, birth=LegalDate(DAY + days(1))))),
    ("end of stay long past", "M001", enter(stay(date(2026, 9, 19)))),
    ("no head", "C006", enter(row(1))),
    ("two heads", "C005", enter(*TWO_HEADS)),
    ("individual number of a removed record", "C011", enter(row(0), there=seen("number"))),
    ("number or card of a resident", "C003", enter(row(0), there=seen("number", is_resident=True))),
    ("card in two rows", "C017", enter(row(0, foreign=FOREIGN), row(1, foreign=FOREIGN))),
    ("check digit", "L103", enter(row(0, individual_number=WRONG))),
    ("relationship outside the vocabulary", "L401", enter(row(0), row(1, relationship="77"))),
    ("five elements", "L402", enter(row(0), row(1, relationship="20.20.20.20.20"))),
    (
        "parent younger than child",
        "M002",
        lambda: births.plan(
            before(household(person(11, resident(0)), person(12, resident(3, birth=LegalDate(DAY))))),
            birth(parent_id=12, relationship="20"),
            TODAY,
        ),
    ),
    (
        "death before birth",
        "C016",
        lambda: deaths.plan(
            before(family(1), on=date(1980, 1, 1)), death(11, died=LegalDate(date(1980, 1, 1))), TODAY
        ),
    ),
    ("character that is not registered", "L603", enter(row(0, name="\ue000"))),
    ("character that is no character of the register", "L601", enter(row(0, name="渡邉😀"))),
    ("dead person returns", "C032", enter(row(0, person_id=11), there=before(persons=(person(11, resident(0, status="dead")),)))),
]  # fmt: skip
SHOWN: list[tuple[str, str, Callable[[], Plan]]] = [
    ("end of stay just past", "W070", enter(stay(DAY - days(1)))),
    ("end of stay near", "W072", enter(stay(DAY + days(30)))),
    ("same name, sex and birth date", "W002", enter(row(0), there=seen("three_items"))),
    ("similar record", "W073", enter(row(0), there=seen("similar"))),
    ("more than 14 days", "W001", enter(row(0), on=LATE)),
    ("move-out more than 14 days late", "W007", out(11, on=LATE, there=before(family(1), on=LATE))),
    ("move within to the same address", "W006", lambda: moves_within.plan(
        before(family(2)), move(11, 12, household_id=1, address=HOME), TODAY)),
    ("child older than head", "W013", enter(row(0), row(2, birth=LegalDate(date(1970, 1, 1))))),
    ("relationship against sex", "W013", enter(row(0), row(1, sex="1"))),
    ("parent of eleven", "W071", lambda: births.plan(
        before(household(person(11, resident(0)), person(12, resident(4)))),
        birth(parent_id=12, relationship="20.20"), TODAY)),
    ("planned to move out: moves within", "W011", lambda: moves_within.plan(
        before(GONE), move(11, household_id=1), TODAY)),
    ("planned to move out: dies", "W009", lambda: deaths.plan(before(GONE), death(11), TODAY)),
    ("head under fifteen", "W005", enter(row(2, relationship="02"))),
    ("no resident code", "W010", enter(row(0))),
]  # fmt: skip
ELSEWHERE = {
    "K004": "somebody with a change under way (tests/desk/test_other_changes.py::test_one_open_case_per_person)",
    "R002": "a number of somebody else, at the last moment (tests/store/test_at_once.py)",
    "M003": "a card of somebody else, at the last moment (tests/store/test_cards.py)",
    "P105": "a shape that cannot be printed (tests/paper/test_issue_limits.py)",
    "P106": "an entry that does not fit the paper (tests/paper/test_layout.py)",
}
"""Entries of the list that need more than a plan: code and where each is proven."""


@pytest.mark.parametrize(("entry", "code", "act"), REFUSED, ids=[entry for entry, _, _ in REFUSED])
def test_what_cannot_be_is_refused(entry: str, code: str, act: Callable[[], object]) -> None:
    with pytest.raises(DaichoError) as caught:
        act()
    assert (entry, caught.value.code) == (entry, code)
    happened, _, todo = caught.value.sentences
    assert happened
    assert todo


@pytest.mark.parametrize(("entry", "code", "act"), SHOWN, ids=[entry for entry, _, _ in SHOWN])
def test_what_is_doubtful_is_shown(entry: str, code: str, act: Callable[[], Plan]) -> None:
    assert code in [alert.code for alert in act().alerts], entry


def test_the_rest_of_the_list_has_its_codes() -> None:
    known = {error.code for error in all_errors()}
    assert set(ELSEWHERE) <= known


def test_every_alert_says_its_source() -> None:
    for code, rule in catalogue().items():
        assert code.startswith("W")
        assert rule.tier in (1, 2, 3)
        assert rule.sentence.endswith("。")
        assert rule.source
