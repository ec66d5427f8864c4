"""Changes of household from reception to registration: split, merged, some members, the order, and no head."""

import pytest

from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk.errors import EntryIncomplete
from daicho.wire.environment import Environment
from tests.desk.test_other_changes import BIRTHS, DAUGHTER, HEAD, SON, WIFE, checked, record_of, registered, start
from tests.people import CLERK, move_in_family


def number_of(env: Environment, household_id: int) -> str:
    """The number of a household."""
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT household_number FROM register.household WHERE household_id = %s", (household_id,)
        ).fetchone()
    assert row is not None
    return str(row["household_number"])


def keys(people: list[int], *places: int) -> dict[str, str]:
    """What the reviewer keys again."""
    return {"change_date": "R8.3.31", **{f"b.{people[place]}": BIRTHS[place] for place in places}}


def test_a_wife_and_a_daughter_split_off(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.HOUSEHOLD_SPLIT, household_id, people[WIFE])
    assert case.typed[f"m.{people[WIFE]}"] == "1"
    typed = {"change_date": "-1", f"m.{people[DAUGHTER]}": "1"}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert list(caught.value.fields) == ["head"]
    case = desk.open_case(environment, CLERK, case.case_number)
    done = registered(environment, case, {"head": str(people[WIFE])}, keys(people, WIFE, DAUGHTER))
    wife, daughter = (record_of(environment, people[place]) for place in (WIFE, DAUGHTER))
    assert done.status == "registered"
    assert (wife.relationship, daughter.relationship) == ("02", "20")  # type: ignore[attr-defined]
    assert wife.household_id == daughter.household_id != household_id  # type: ignore[attr-defined]


def test_a_household_is_merged_into_another(environment: Environment) -> None:
    """All go along from the start; one relationship is chosen, and the order of the joined household set by hand."""
    first_id, first = move_in_family(environment, 2)
    second_id, second = move_in_family(environment, 1)
    case = start(environment, Reason.HOUSEHOLD_MERGE, second_id)
    assert case.typed[f"m.{second[HEAD]}"] == "1"
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"change_date": "-1"})
    assert list(caught.value.fields) == ["join_household"]
    case = desk.open_case(environment, CLERK, case.case_number)
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"join_household": number_of(environment, first_id)})
    assert list(caught.value.fields) == [f"r.{second[HEAD]}"]
    case = desk.open_case(environment, CLERK, case.case_number)
    typed = {f"r.{second[HEAD]}": "縁故者", f"o.{second[HEAD]}": "２"}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert set(caught.value.fields) == {f"o.{first[HEAD]}", f"o.{first[WIFE]}"}
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, {f"o.{first[HEAD]}": "1", f"o.{first[WIFE]}": "3"}, keys(second, HEAD))
    records = [record_of(environment, person) for person in (first[HEAD], second[HEAD], first[WIFE])]
    assert {record.household_id for record in records} == {first_id}  # type: ignore[attr-defined]
    ranks = [record.household_order for record in records]  # type: ignore[attr-defined]
    assert ranks == sorted(ranks)


def test_a_daughter_goes_over_to_the_other_household(environment: Environment) -> None:
    first_id, _ = move_in_family(environment, 1)
    second_id, second = move_in_family(environment)
    case = start(environment, Reason.HOUSEHOLD_CHANGE, second_id, second[DAUGHTER])
    number = number_of(environment, first_id)
    typed = {"change_date": "-1", "join_household": number, f"r.{second[DAUGHTER]}": "夫"}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert "性別と合いません" in caught.value.fields[f"r.{second[DAUGHTER]}"]
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, {f"r.{second[DAUGHTER]}": "子"}, keys(second, DAUGHTER))
    assert record_of(environment, second[DAUGHTER]).household_id == first_id  # type: ignore[attr-defined]


def test_the_order_of_a_household_is_set_by_hand(environment: Environment) -> None:
    """STD 5.2: nobody is a 異動者, only the rank changes."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.HOUSEHOLD_CHANGE, household_id)
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"change_date": "-1", "basis": "2", "notified_on": ""})
    assert list(caught.value.fields) == ["members"]
    case = desk.open_case(environment, CLERK, case.case_number)
    places = {f"o.{people[place]}": text for place, text in ((HEAD, "2"), (WIFE, "1"), (SON, "3"), (DAUGHTER, "4"))}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, places)
    assert list(caught.value.fields) == [f"o.{people[WIFE]}"]
    case = desk.open_case(environment, CLERK, case.case_number)
    places = {f"o.{people[place]}": text for place, text in ((HEAD, "1"), (WIFE, "4"), (SON, "3"), (DAUGHTER, "2"))}
    done = registered(environment, case, places, keys(people))
    with environment.database.transaction() as connection:
        rows = connection.execute(
            "SELECT person_id, role FROM register.change_person WHERE change_id = %s", (done.change_id,)
        ).fetchall()
    assert {row["role"] for row in rows} == {"affected"}
    ranks = {place: record_of(environment, people[place]).household_order for place in range(4)}  # type: ignore[attr-defined]
    assert sorted(ranks, key=lambda place: ranks[place]) == [HEAD, DAUGHTER, SON, WIFE]


def test_nobody_is_chosen_for_a_split(environment: Environment) -> None:
    household_id, _ = move_in_family(environment, 2)
    case = start(environment, Reason.HOUSEHOLD_SPLIT, household_id)
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"change_date": "-1"})
    assert list(caught.value.fields) == ["members"]


def test_a_household_is_left_without_a_head(environment: Environment) -> None:
    """STD 1.1.10, 4.1.4.3: the name of the head in fact stands in the remarks."""
    household_id, people = move_in_family(environment, 3)
    case = start(environment, Reason.HEAD_CHANGE, household_id)
    typed = {"change_date": "-1", "new_head": "none", "factual_head": "スミス　ジョン"}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert list(caught.value.fields) == [f"r.{people[HEAD]}"]
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, {f"r.{people[HEAD]}": "子"}, keys(people, HEAD))
    records = [record_of(environment, person) for person in people]
    assert [record.relationship for record in records] == ["20", "20.12", "20.20"]  # type: ignore[attr-defined]
    assert {(record.head_absent, record.remarks) for record in records} == {  # type: ignore[attr-defined]
        (True, "〔事実上の世帯主　スミス　ジョン〕")
    }
