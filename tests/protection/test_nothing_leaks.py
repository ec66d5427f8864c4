"""What a clerk sees of somebody who is sought: who it is, nothing of where (ux.md 3.5; STD 3.1, 3.4)."""

from datetime import date, timedelta

import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAvailable
from daicho.register.desk.lookup import households_at
from daicho.register.store.access import (
    AsOf,
    household_of,
    open_hidden,
    open_household,
    open_person,
    open_removed_record,
    reveal_number,
)
from daicho.register.store.candidates import Wanted, possible_same
from daicho.register.store.pairs import compare_two
from daicho.register.store.search import search
from daicho.register.store.shield import hidden_fields
from daicho.wire.environment import Environment
from tests.canary import leaks
from tests.protection.build import CLERK, FLED_ON, NEW_ADDRESS, PROTECTOR, Refuge

INQUIRY = Purpose.RESIDENT_INQUIRY


def test_a_search_by_name_shows_who_and_never_where(module_environment: Environment, refuge: Refuge) -> None:
    found = search(module_environment, CLERK, "タカハシ ミサキ", INQUIRY)
    [hit] = [one for one in found.hits if one.person_id == refuge.mother]
    assert (hit.name, hit.hidden, hit.address, hit.household_id, hit.head_name) == ("髙橋　美咲", True, "", 0, None)
    assert not leaks(found)


@pytest.mark.parametrize(
    "text", [NEW_ADDRESS, "石原金糸雀", "タカハシ 石原金糸雀町77", "ミサキ 肥塚三丁目112番地4", "肥塚三丁目112番地4"]
)
def test_a_search_by_place_leads_to_no_hidden_person(
    module_environment: Environment, refuge: Refuge, text: str
) -> None:
    """Neither the new nor the old address, alone or to narrow a name: as if nobody were there."""
    found = search(module_environment, CLERK, text, INQUIRY)
    assert not {hit.person_id for hit in found.hits} & {*refuge.protected, refuge.grandmother}
    assert not leaks(found.hits)


def test_who_shelters_them_is_as_hidden_as_they_are(module_environment: Environment, refuge: Refuge) -> None:
    found = search(module_environment, CLERK, "ニイジマ ハル", INQUIRY)
    [hit] = [one for one in found.hits if one.person_id == refuge.grandmother]
    assert (hit.hidden, hit.address) == (True, "")
    seen = open_hidden(module_environment, CLERK, refuge.grandmother, INQUIRY)
    assert seen is not None
    assert [one.person_id for one in seen.members] == [refuge.grandmother]
    assert not leaks(seen)


def test_the_number_of_the_new_household_finds_nobody(module_environment: Environment, refuge: Refuge) -> None:
    with module_environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT household_number FROM register.household WHERE household_id = %s", (refuge.new_household,)
        ).fetchone()
    assert row is not None
    assert search(module_environment, CLERK, row["household_number"], INQUIRY).hits == ()


def test_only_residents_still_finds_whoever_has_left(module_environment: Environment, refuge: Refuge) -> None:
    """Whether the range 現存だけ is on tells nothing about a hidden person."""
    for only in (True, False):
        found = search(module_environment, CLERK, "タカハシ ミサキ", INQUIRY, residents_only=only)
        assert refuge.mother in {hit.person_id for hit in found.hits}


def test_the_old_household_does_not_tell_where_they_went(module_environment: Environment, refuge: Refuge) -> None:
    sheet = open_household(module_environment, CLERK, refuge.old_household, INQUIRY)
    assert {one.person_id for one in sheet.members} == {refuge.husband, refuge.son}
    assert not leaks(sheet)
    steps = [step for line in (*sheet.changes, *sheet.later) for step in line.steps]
    assert not {step.person_id for step in steps} & set(refuge.protected)
    assert not any(line.change_date.on == FLED_ON for line in sheet.changes)


def test_the_past_of_the_old_household_shows_them_without_place(
    module_environment: Environment, refuge: Refuge
) -> None:
    point = AsOf(FLED_ON - timedelta(days=5))
    sheet = open_household(module_environment, CLERK, refuge.old_household, INQUIRY, point)
    hidden = [one for one in sheet.members if one.person_id in refuge.protected]
    assert [one.hidden for one in hidden] == [True, True]
    assert all(getattr(one.state.record, name) in (None, "", 0, 1, False) for one in hidden for name in hidden_fields())
    assert not leaks(sheet)


def test_the_new_household_opens_for_nobody_by_its_id(module_environment: Environment, refuge: Refuge) -> None:
    """Asked for by the household alone: whoever is not protected comes alone, without number, place or changes."""
    for as_of in (None, AsOf(date(2026, 4, 25)), AsOf(date(2021, 1, 1))):
        sheet = open_household(module_environment, CLERK, refuge.new_household, INQUIRY, as_of)
        assert (sheet.household_number, sheet.changes, sheet.veiled) == ("", (), True)
        assert [one.person_id for one in sheet.members] == [refuge.grandmother]
        assert not leaks(sheet)


def test_those_protected_together_stand_together(module_environment: Environment, refuge: Refuge) -> None:
    sheet = open_hidden(module_environment, CLERK, refuge.mother, INQUIRY)
    assert sheet is not None
    assert {one.person_id for one in sheet.members} == set(refuge.protected)
    assert not leaks(sheet)
    assert open_hidden(module_environment, CLERK, refuge.husband, INQUIRY) is None


def test_person_number_and_household_are_kept_back(module_environment: Environment, refuge: Refuge) -> None:
    member = open_person(module_environment, CLERK, refuge.mother, INQUIRY)
    assert (member.hidden, member.state.history_no, leaks(member)) == (True, 0, [])
    for ask in (
        lambda: reveal_number(module_environment, CLERK, refuge.mother, "individual_number", INQUIRY),
        lambda: household_of(module_environment, CLERK, refuge.mother, INQUIRY),
        lambda: open_removed_record(module_environment, CLERK, refuge.mother, 1, INQUIRY),
    ):
        with pytest.raises(NotAvailable):
            ask()


def test_even_the_designated_officer_needs_a_second_person(module_environment: Environment, refuge: Refuge) -> None:
    sheet = open_hidden(module_environment, PROTECTOR, refuge.mother, INQUIRY)
    assert sheet is not None
    assert not leaks(sheet)


def test_compared_side_by_side_there_is_no_place(module_environment: Environment, refuge: Refuge) -> None:
    pair = compare_two(module_environment, CLERK, (refuge.mother, refuge.husband), INQUIRY)
    assert [side.hidden for side in pair.sides] == [True, False]
    assert not leaks(pair)


def test_a_candidate_is_compared_without_place(module_environment: Environment, refuge: Refuge) -> None:
    wanted = Wanted(name="髙橋　美咲", name_kana="タカハシ　ミサキ", birth=date(1982, 7, 25), sex="2")
    with module_environment.database.transaction() as connection:
        [found] = possible_same(connection, module_environment, wanted)
    assert (found.person_id, found.address, found.household_id) == (refuge.mother, "表示しません", 0)
    assert not leaks(found)


def test_who_lives_at_an_address_leaves_them_out(module_environment: Environment, refuge: Refuge) -> None:
    with module_environment.database.transaction() as connection:
        assert households_at(connection, NEW_ADDRESS, module_environment.clock.today()) == []


def test_every_look_at_them_is_on_record(module_environment: Environment, refuge: Refuge) -> None:
    open_hidden(module_environment, CLERK, refuge.mother, INQUIRY)
    with module_environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT e.act, e.detail FROM trail.entry e JOIN trail.subject s USING (entry_id)"
            " WHERE s.person_id = %s ORDER BY e.entry_id DESC LIMIT 1",
            (refuge.mother,),
        ).fetchone()
    assert row is not None
    assert (row["act"], row["detail"]) == ("person.open", {"hidden": 2})
