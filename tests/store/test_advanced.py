"""Search field by field, and the searches of a user ID (STD 2.1.1, 2.1.3)."""

from datetime import date

import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, PurposeMissing
from daicho.law.dates import LegalDate, Precision
from daicho.register.changes.plan import Effect
from daicho.register.store.advanced import Conditions, find
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.read import live_rows
from daicho.register.store.search_history import KEPT, remember, searches_of
from daicho.wire.environment import Connection, Environment
from tests.canary import CANARIES
from tests.people import CLERK, actor, do_register, move_in_family, plan, record
from tests.protection.build import make_refuge

CARD = "AB12345678CD"


@pytest.fixture(scope="module")
def people(module_environment: Environment) -> tuple[list[int], int]:
    """A family, and a foreigner who left."""
    _, family = move_in_family(module_environment)
    with module_environment.database.transaction() as connection:
        household_id, gone = module_environment.ids.take(connection, 2)
        left = record(
            household_id, name="NGUYEN VAN AN", name_kana=None, is_foreign=True, residence_card_number=CARD,
            birth=LegalDate(date(1995, 5, 5)), status="moved_out", removed_on=LegalDate(date(2026, 3, 31)),
            removed_reason="国内転出", town_code="11202002001", building="ひまわり　ハイツ205号",
        )  # fmt: skip
        do_register(connection, module_environment, plan(Effect(gone, "remove", "mover", date(2026, 3, 31), left)))
    return family, gone


def ids(env: Environment, **wanted: object) -> set[int]:
    """Who is found."""
    found = find(env, CLERK, Conditions(**wanted), Purpose.RESIDENT_INQUIRY)  # type: ignore[arg-type]
    return {hit.person_id for hit in found.hits}


def test_each_field(module_environment: Environment, people: tuple[list[int], int]) -> None:
    (head, wife, son, daughter), gone = people
    env = module_environment
    assert ids(env, name="橋健") == {head}
    assert ids(env, name="ハシ%", kana="シミサ") == set()
    assert ids(env, kana="シミサ") == {wife}
    assert ids(env, born_from=date(2010, 1, 1), born_to=date(2013, 12, 31)) == {son, daughter}
    assert ids(env, born_from=date(2011, 1, 1)) == {daughter}
    assert ids(env, born_to=date(1981, 1, 1), sex="1") == {head}
    assert ids(env, relationship="20", sex="2") == {daughter}
    assert ids(env, card=CARD) == {gone}
    assert ids(env, town_code="11202002001", building="ハイツ") == {gone}
    assert ids(env, building="ひまわりハイツ") == {gone}
    assert ids(env, removed_reason="国内転出", removed_from=date(2026, 3, 1), removed_to=date(2026, 3, 31)) == {gone}
    assert ids(env, removed_to=date(2026, 3, 30)) == set()
    assert ids(env, blank="name_kana") == {gone}
    assert ids(env, blank="residence_card_number") == set()


@pytest.mark.parametrize(
    "wanted",
    [{}, {"sex": "1"}, {"town_code": "11202002001"}, {"relationship": "20"}, {"name": "橋"}, {"kana": "タ"},
     {"removed_reason": "死亡"}, {"blank": "x"}, {"born_from": date(2020, 1, 1), "born_to": date(2019, 1, 1)}],
)  # fmt: skip
def test_too_broad_is_refused(module_environment: Environment, wanted: dict[str, object]) -> None:
    with pytest.raises(UnreadableQuery):
        ids(module_environment, **wanted)


def test_former_names_blank_items_and_places_of_the_past(environment: Environment) -> None:
    """STD 2.1.3: found by a former family name; blank items; town and building as they stood on earlier days."""
    (_, [head]), (_, [wife]) = move_in_family(environment, 1), move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        rows = live_rows(connection, [head, wife])
        began, today = rows[wife][-1].valid_from, date(2026, 4, 1)
        named = rows[wife][-1].record.with_(
            former_family_name="佐伯", birth=LegalDate(date(1982, 1, 1), Precision.ABOUT_YEAR, "昭和57年頃")
        )
        before = rows[head][-1].record.with_(town_code="11202002001", building="ひまわりハイツ205号")
        do_register(connection, environment, plan(Effect(wife, "amend", "mover", began, named)))
        do_register(connection, environment, plan(Effect(head, "amend", "mover", began, before)))
        moved = before.with_(town_code="11202001000", building=None)
        do_register(connection, environment, plan(Effect(head, "amend", "mover", today, moved)))
    assert ids(environment, name="佐伯") == {wife}
    assert ids(environment, blank="former_family_name_kana") == {wife}
    assert ids(environment, blank="birth") == {wife}
    assert ids(environment, blank="town_code") == {wife}
    assert ids(environment, blank="head") == set()
    assert ids(environment, blank="building", name="髙橋") == {head, wife}
    assert ids(environment, building="ハイツ") == ids(environment, town_code="11202002001", sex="1") == set()
    assert ids(environment, building="ハイツ", past=True, sex="1") == {head}
    assert ids(environment, town_code="11202002001", sex="1", past=True) == {head}
    for broad in ({"blank": "building"}, {"building": "ハイツ", "past": True}):
        with pytest.raises(UnreadableQuery):
            ids(environment, **broad)


def test_rights_and_trail_are_those_of_the_one_box(
    module_environment: Environment, people: tuple[list[int], int], module_owner_connection: Connection
) -> None:
    with pytest.raises(NotAllowed):
        find(module_environment, actor("admin1", "administrator"), Conditions(name="高橋"), Purpose.RESIDENT_INQUIRY)
    with pytest.raises(PurposeMissing):
        find(module_environment, CLERK, Conditions(name="高橋"), None)  # type: ignore[arg-type]
    ids(module_environment, card=CARD)
    entry = module_owner_connection.execute("SELECT * FROM trail.entry ORDER BY entry_id DESC LIMIT 1").fetchone()
    assert entry is not None
    assert (entry["act"], entry["detail"]["parts"], entry["detail"]["found"]) == ("person.search", "card", 1)
    assert CARD not in str(entry)


def test_no_place_leads_to_a_hidden_person(environment: Environment) -> None:
    """Found by name without a place; never by town, building or removal."""
    refuge = make_refuge(environment)
    found = find(environment, CLERK, Conditions(kana="タカハシ"), Purpose.RESIDENT_INQUIRY)
    hidden = [hit for hit in found.hits if hit.person_id == refuge.mother]
    assert [hit.hidden for hit in hidden] == [True]
    assert CANARIES["address"] not in str(found)
    by_place = find(environment, CLERK, Conditions(building=CANARIES["building"][:4]), Purpose.RESIDENT_INQUIRY)
    assert refuge.mother not in {hit.person_id for hit in by_place.hits}


def test_searches_belong_to_the_user_and_lie_sealed(environment: Environment, owner_connection: Connection) -> None:
    for n in range(KEPT + 3):
        remember(environment, CLERK, f"タカハシ {n}", "all")
    remember(environment, CLERK, "タカハシ 10", "all")
    mine = searches_of(environment, CLERK)
    assert (len(mine), mine[-1], mine[0]) == (KEPT, ("タカハシ 10", "all"), ("タカハシ 3", "all"))
    assert searches_of(environment, actor("clerk2", "clerk")) == []
    assert "タカハシ" not in str(owner_connection.execute("SELECT * FROM register.search_history").fetchall())
