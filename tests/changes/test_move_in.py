"""Move-in from another municipality: every rule by table."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate, Precision
from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors
from daicho.register.changes.move_in import newcomers, plan, scope
from daicho.register.changes.notification import CardShown, ForeignItems, MoveIn, Place
from daicho.register.changes.plan import Before, Candidate, NewNumbers
from tests.changes.build import (
    DAY,
    HOME,
    OTHER,
    TODAY,
    before,
    codes,
    days,
    family,
    household,
    leaves,
    move_in,
    person,
    records,
    resident,
    row,
)

NUMBER = individual_number("12345678901", NumberRule.SYNTHETIC)
CODE = resident_code("1234567890", NumberRule.SYNTHETIC)
FOREIGN = ForeignItems(
    nationality="VNM",
    article_30_45="1",
    residence_card_number="AB12345678CD",
    residence_status="ZS10",
    foreign_resident_since=LegalDate(date(2020, 1, 1)),
)


def test_a_new_household_is_entered_whole() -> None:
    made = plan(before(), move_in(row(0), row(1), row(2)), TODAY)
    written = records(made)
    assert made.reason is Reason.MOVE_IN
    assert [effect.kind for effect in made.effects] == ["enter"] * 3
    assert [record.relationship for record in written.values()] == ["02", "12", "20"]
    assert [record.household_order for record in written.values()] == [1, 2, 3]
    head = written[91]
    assert (head.household_id, head.address, head.building) == (9, HOME.address, HOME.building)
    assert (head.previous_address, head.previous_head) == ("東京都豊島区東池袋九丁目2番3号", "渡邉　大輔")
    assert (head.resident_since, head.resident_notified_on) == (LegalDate(DAY), TODAY)
    assert head.name == "渡邉　大輔"
    assert not head.is_foreign


def test_settled_on_holds_the_date_of_residence_until_somebody_moves_inside() -> None:
    head = records(plan(before(), move_in(row(0)), TODAY))[91]
    assert head.settled_on == head.resident_since
    assert (head.settled_reason, head.settled_basis, head.settled_notified_on) == ("国内転入", "届出", TODAY)
    assert head.former_address is None


def test_joining_takes_the_address_and_the_last_rank() -> None:
    made = plan(before(family(2)), move_in(row(2), household_id=1, address=None), TODAY)
    child = records(made)[93]
    assert (child.household_id, child.address, child.building) == (1, HOME.address, HOME.building)
    assert child.household_order == 3
    assert made.person_ids == (93,)


def test_joining_a_household_recorded_without_head() -> None:
    without = household(person(11, resident(1, head_absent=True)))
    child = records(plan(before(without), move_in(row(2), household_id=1, address=None), TODAY))[93]
    assert child.head_absent


def test_who_joins_people_that_all_leave_soon_becomes_head_then() -> None:
    there = household(person(11, resident(0), leaves(resident(0), TODAY)))
    newcomer = row(2, individual_number=NUMBER, resident_code=CODE)
    made = plan(before(there), move_in(newcomer, household_id=1, address=None), TODAY)
    assert [effect.numbers.individual_number for effect in made.effects] == [NUMBER, NUMBER], "there on that day too"
    assert records(made)[93].relationship == "20"
    assert records(made, TODAY)[93].relationship == "02"
    assert [effect.kind for effect in made.effects] == ["enter", "amend"]
    assert "W014" in codes(made)


def test_numbers_come_in_clear_beside_the_record() -> None:
    made = plan(before(), move_in(row(0, individual_number=NUMBER, resident_code=CODE)), TODAY)
    assert made.effects[0].numbers == NewNumbers(NUMBER, CODE)
    assert "W010" not in codes(made)
    assert NUMBER not in repr(made)


def test_a_foreign_resident_needs_no_family_register() -> None:
    made = plan(before(), move_in(row(0, name="NGUYEN VAN AN", domicile=None, foreign=FOREIGN)), TODAY)
    record = records(made)[91]
    assert record.is_foreign
    assert (record.nationality, record.foreign_resident_since) == ("VNM", LegalDate(date(2020, 1, 1)))


def test_whoever_returns_keeps_person_and_numbers() -> None:
    gone = resident(0, status="moved_out", name_reading="ワタナベ　ダイスケ", individual_number_id=700)
    there = before(persons=(person(11, gone),))
    made = plan(there, move_in(row(0, person_id=11)), TODAY)
    record = records(made)[11]
    assert record.is_resident
    assert (record.individual_number_id, record.resident_code_id) == (700, 500)
    assert record.name_reading == "ワタナベ　ダイスケ"
    assert record.removed_on is None
    assert codes(made) == ["W012"]
    read_again = plan(there, move_in(row(0, person_id=11, name_reading="ワタナベ　タイスケ")), TODAY)
    assert records(read_again)[11].name_reading == "ワタナベ　タイスケ"


def test_who_returns_with_another_birth_date_or_sex_is_asked_about() -> None:
    there = before(persons=(person(11, resident(1, status="moved_out")),))
    made = plan(there, move_in(row(0, person_id=11)), TODAY)
    warned = [alert for alert in made.alerts if alert.code == "W015"]
    assert [alert.tier for alert in warned] == [2, 2]
    assert ("生年月日" in warned[0].sentence, "性別" in warned[1].sentence) == (True, True)


def test_ex_officio_needs_no_notification_day() -> None:
    made = plan(before(), move_in(row(0), notified_on=None, basis=Basis.EX_OFFICIO), TODAY)
    assert records(made)[91].settled_basis == "職権"


@pytest.mark.parametrize(("late", "noted"), [(0, False), (14, False), (15, True), (90, True)])
def test_fourteen_days_are_counted_from_the_day_after(late: int, noted: bool) -> None:
    moved = TODAY - days(late)
    made = plan(before(on=moved), move_in(row(0), change_date=moved), TODAY)
    assert ("W001" in codes(made)) is noted
    if noted:
        [note] = [alert for alert in made.alerts if alert.code == "W001"]
        assert (note.tier, note.rule) == (1, "法22条")
        assert f"{late}日後" in note.sentence


def test_ex_officio_is_never_late() -> None:
    moved = TODAY - days(90)
    made = plan(before(on=moved), move_in(row(0), change_date=moved, basis=Basis.EX_OFFICIO), TODAY)
    assert "W001" not in codes(made)


def seen(match: str, is_resident: bool = False, candidate_id: int = 50) -> Before:
    return before(candidates=(Candidate(91, candidate_id, match, is_resident), Candidate(99, 50, "number", True)))  # type: ignore[arg-type]


def test_the_same_name_sex_and_birth_stop_until_somebody_decides() -> None:
    made = plan(seen("three_items"), move_in(row(0)), TODAY)
    [found] = [alert for alert in made.alerts if alert.code == "W002"]
    assert (found.tier, found.person_id) == (3, 91)
    assert made.person_ids == (91,)  # never linked by itself
    decided = plan(seen("three_items"), move_in(row(0, different_from=(50,))), TODAY)
    assert [alert.tier for alert in decided.alerts if alert.code == "W003"] == [1]
    assert "W002" not in codes(decided)


def test_the_chosen_candidate_is_no_candidate_any_more() -> None:
    assert "W002" not in codes(plan(seen("three_items", candidate_id=91), move_in(row(0)), TODAY))


@pytest.mark.parametrize(("is_resident", "error"), [(True, errors.AlreadyResident), (False, errors.MustReturn)])
def test_the_same_number_blocks_a_new_entry(is_resident: bool, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(seen("number", is_resident), move_in(row(0, different_from=(50,))), TODAY)


def test_a_child_as_head_and_a_contradicting_relationship_are_warned_of() -> None:
    made = plan(
        before(), move_in(row(3, relationship="02"), row(0, relationship="12"), row(1, relationship="20")), TODAY
    )
    warned = [alert for alert in made.alerts if alert.tier == 2]
    assert [(alert.code, alert.person_id) for alert in warned] == [("W005", 94), ("W013", 91), ("W013", 92)]
    assert "性別" in warned[1].sentence
    assert "年齢" in warned[2].sentence


@pytest.mark.parametrize(
    ("code", "place", "birth", "warned"),
    [
        ("51", 2, date(1950, 1, 1), False),
        ("51", 2, date(2000, 1, 1), True),
        ("71", 2, date(2000, 1, 1), True),
        ("84", 3, date(1980, 1, 1), True),
        ("84", 3, date(2000, 1, 1), False),
        ("20.20", 2, date(1950, 1, 1), False),
        ("12", 1, date(1950, 1, 1), False),
    ],
)
def test_ages_beside_the_head(code: str, place: int, birth: date, warned: bool) -> None:
    made = plan(before(), move_in(row(0), row(place, relationship=code, birth=LegalDate(birth))), TODAY)
    assert ("W013" in codes(made)) is warned


def test_an_unknown_birth_date_is_no_contradiction() -> None:
    about = LegalDate(date(1950, 1, 1), Precision.ABOUT_YEAR, "昭和25年頃")
    unknown = LegalDate(date(1868, 1, 1), Precision.UNKNOWN, "年月日不詳")
    made = plan(before(), move_in(row(0, birth=unknown), row(2, birth=about)), TODAY)
    assert not {"W005", "W013"} & set(codes(made))


REFUSED: list[tuple[str, Before, MoveIn, type[DaichoError] | str, str | None]] = [
    ("register read for another day", before(on=TODAY), move_in(row(0)), errors.PlanOutdated, None),
    (
        "tomorrow",
        before(on=TODAY + days(1)),
        move_in(row(0), change_date=TODAY + days(1)),
        errors.FutureChangeDate,
        "change_date",
    ),
    ("no notification day", before(), move_in(row(0), notified_on=None), errors.ItemMissing, "notified_on"),
    ("notified tomorrow", before(), move_in(row(0), notified_on=TODAY + days(1)), errors.NotifiedInFuture, "notified_on"),
    ("notified before", before(), move_in(row(0), notified_on=DAY - days(1)), errors.NotifiedBeforeChange, "notified_on"),
    ("nobody", before(), move_in(), errors.NobodyMoves, "members"),
    ("no former address", before(), move_in(row(0), previous=Place()), errors.ItemMissing, "previous.address"),
    ("same id twice", before(), move_in(row(0), row(1, person_id=91)), errors.DuplicatePerson, "members.1.name"),
    (
        "same number twice",
        before(),
        move_in(row(0, individual_number=NUMBER), row(1, individual_number=NUMBER)),
        errors.DuplicatePerson,
        "members.1.name",
    ),
    ("same code twice", before(), move_in(row(0, resident_code=CODE), row(1, resident_code=CODE)), errors.DuplicatePerson, None),
    ("same person twice", before(), move_in(row(0), row(0, person_id=92)), errors.DuplicatePerson, "members.1.name"),
    ("two heads", before(), move_in(row(0), row(1, relationship="02")), errors.SecondHead, None),
    ("no head", before(), move_in(row(1)), errors.NoHead, None),
    ("second head by joining", before(family()), move_in(row(0), household_id=1, address=None), errors.SecondHead, None),
    ("outside the vocabulary", before(), move_in(row(0), row(2, relationship="孫")), "L401", "members.1.relationship"),
    ("five generations", before(), move_in(row(0), row(2, relationship="20.20.20.20.20")), "L402", "members.1.relationship"),
    ("household of nobody", before(household()), move_in(row(2), household_id=1, address=None), errors.HouseholdEmpty, "household_id"),
    ("household taken", before(family()), move_in(row(0), household_id=1), errors.HouseholdOccupied, "household_id"),
    ("already resident", before(persons=(person(91, resident(0)),)), move_in(row(0)), errors.AlreadyResident, "members.0.name"),
    ("dead", before(persons=(person(91, resident(0, status="dead")),)), move_in(row(0)), errors.PersonDead, "members.0.name"),
    ("enters later", before(persons=(person(91, None, (TODAY, resident(0))),)), move_in(row(0)), errors.LaterChangeExists, None),
    ("unborn", before(), move_in(row(0), row(2, birth=LegalDate(TODAY))), errors.ChangeBeforeBirth, "members.1.birth"),
    ("no name", before(), move_in(row(0, name="")), errors.ItemMissing, "members.0.name"),
    ("no such sex", before(), move_in(row(0, sex="3")), errors.NotificationUnreadable, "members.0.sex"),
    ("no domicile", before(), move_in(row(0, domicile=None)), errors.ItemMissing, "members.0.domicile"),
    ("no family-register head", before(), move_in(row(0, family_register_head=None)), errors.ItemMissing, None),
    ("number check digit", before(), move_in(row(0, individual_number=NUMBER[:-1] + "x")), "L101", "members.0.numbers"),
    ("real rule by default", before(number_rule=NumberRule.REAL), move_in(row(0, individual_number=NUMBER)), "L103", "members.0.numbers"),
    ("private-use character", before(), move_in(row(0, name="\ue000")), "L603", "members.0.name"),
    ("selector unknown", before(), move_in(row(0, name="渡\U000e01ef")), "L602", "members.0.name"),
    ("town unknown", before(), move_in(row(0), address=replace(OTHER, town_code="11202999999")), errors.UnknownTown, "address.town_code"),
    ("another city", before(), move_in(row(0), address=replace(OTHER, municipality_code="131164")), errors.UnknownTown, "address.town_code"),
    ("character in address", before(), move_in(row(0), address=replace(OTHER, building="\ue000")), "L603", "address.building"),
    ("character in old address", before(), move_in(row(0), previous=Place(address="\ue000")), "L603", "previous.address"),
    (
        "common name",
        before(),
        move_in(row(0, foreign=ForeignItems(nationality="VNM", article_30_45="1", residence_card_number="AB12345678CD", residence_status="ZS10", foreign_resident_since=LegalDate(DAY), common_name="\ue000"))),
        "L603",
        "members.0.foreign.common_name",
    ),
    (
        "headless household",
        before(household(person(11, resident(1, head_absent=True)))),
        move_in(row(0), household_id=1, address=None),
        errors.HeadlessHousehold,
        None,
    ),
    (
        "head leaves soon",
        before(household(person(11, resident(0), leaves(resident(0), TODAY)))),
        move_in(row(2), row(3), household_id=1, address=None),
        errors.HeadLeavesLater,
        None,
    ),
    (
        "another head soon",
        before(
            household(
                person(11, resident(0), leaves(resident(0), TODAY)),
                person(12, resident(1), (TODAY, resident(1, relationship="02"))),
            )
        ),
        move_in(row(2), household_id=1, address=None),
        errors.LaterChangeExists,
        None,
    ),
    (
        "household moved since",
        before(household(person(11, resident(0), (TODAY, resident(0, address="別")), ))),
        move_in(row(2), household_id=1, address=None),
        errors.LaterChangeExists,
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error", "field"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(
    there: Before, notified: MoveIn, error: type[DaichoError] | str, field: str | None
) -> None:
    with pytest.raises(DaichoError) as caught:
        plan(there, notified, TODAY)
    assert caught.value.code == (error if isinstance(error, str) else error.code)
    if field is not None:
        assert caught.value.field == field
    assert all(caught.value.sentences)


def test_scope_and_newcomers() -> None:
    notified = move_in(row(1), row(0))
    assert scope(notified) == ((9,), (91, 92))
    assert newcomers(notified) == notified.members


def test_the_day_to_read_for() -> None:
    changes: dict[str, Any] = {"change_date": DAY - days(3)}
    assert move_in(row(0), **changes).on == DAY - days(3)


def test_a_new_household_stands_in_the_order_of_the_standard() -> None:
    """STD 5.2: head, spouse, children by age, whatever the order on the form; who joins stands behind as typed."""
    rows = (row(3), row(2), row(1), row(0))
    made = plan(before(), move_in(*rows), TODAY)
    assert [records(made)[one.person_id].household_order for one in rows] == [4, 3, 2, 1]


def card(planned_on: date = DAY, holder_id: int = 91) -> CardShown:
    return CardShown(planned_on=planned_on, holder_id=holder_id)


def test_with_a_card_the_reason_is_the_same_and_the_days_of_the_card_are_told() -> None:
    """特例転入 (STD 4.1.1.3): 2026-11-24 + 90 days is 2027-02-22, a Monday."""
    made = plan(before(), move_in(row(0), row(1), card=card()), TODAY)
    told = next(alert for alert in made.alerts if alert.code == "W047")
    assert (made.reason, told.person_id, told.tier) == (Reason.MOVE_IN, 91, 1)
    assert "令和9年2月22日まで" in told.sentence


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"card": card(holder_id=95)}, errors.CardNotShown, "card.holder_id"),
        ({"card": card(), "basis": Basis.EX_OFFICIO}, errors.CardRouteNotNotified, "basis"),
        ({"card": card(), "basis": Basis.EX_OFFICIO, "notified_on": None}, errors.CardRouteNotNotified, "basis"),
        # 2026-11-10 is a Tuesday: the 14th day after it is 24 November, the 14th after the 9th a holiday, so the 24th too
        ({"card": card(), "change_date": date(2026, 11, 8)}, None, ""),
        ({"card": card(), "change_date": date(2026, 11, 6)}, errors.CardRouteLapsed, "change_date"),
        # the 30th day after 24 October is 23 November, a holiday: the office opens on the 24th
        ({"card": card(date(2026, 10, 24))}, None, ""),
        ({"card": card(date(2026, 10, 20))}, errors.CardRouteLapsed, "card.planned_on"),
        ({"card": card(date(2026, 12, 20))}, None, ""),
    ],
)
def test_days_and_people_of_a_card(changes: dict[str, Any], error: type[DaichoError] | None, field: str) -> None:
    """By the 14th day after the move and the 30th after the planned day, on notification, with a card of those who come."""
    notified = move_in(row(0), row(1), **changes)
    seen = before(on=notified.change_date)
    if error is None:
        assert "W047" in codes(plan(seen, notified, TODAY))
        return
    with pytest.raises(error) as caught:
        plan(seen, notified, TODAY)
    assert caught.value.field == field
