"""Finding people by anything typed, past values included, each search on record."""

from datetime import date

import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, NotAvailable, PurposeMissing
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.store.access import AsOf, open_household, open_person, reveal_number
from daicho.register.store.candidates import Wanted, possible_same
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.pairs import compare_two
from daicho.register.store.read import live_rows
from daicho.register.store.search import search
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.people import CLERK, actor, do_register, family, move_in_family, plan, record

INQUIRY = Purpose.RESIDENT_INQUIRY


def _names(env: Environment, text: str) -> list[str]:
    return [hit.name for hit in search(env, CLERK, text, INQUIRY).hits]


def _enter(env: Environment, **changes: object) -> int:
    with env.database.transaction() as connection:
        household_id, person = env.ids.take(connection, 2)
        do_register(
            connection, env, plan(Effect(person, "enter", "mover", date(2026, 3, 30), record(household_id, **changes)))
        )
    return person


@pytest.fixture
def town(environment: Environment) -> tuple[int, list[int]]:
    """A family of four and three people with names near or equal to each other."""
    found = move_in_family(environment)
    _enter(environment, name="渡邉　健一", name_kana="ワタナベ　ケンイチ", birth=LegalDate(date(1970, 6, 12)),
           address="石原二丁目15番地")  # fmt: skip
    _enter(environment, name="渡辺　健一", name_kana="ワタナベ　ケンイチ", birth=LegalDate(date(1970, 6, 12)),
           address="別府三丁目72番地4")  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("タカハシ ケンイチ", 1),
        ("タカハシ", 4),
        ("ミサキ", 1),
        ("ダガハシ", 4),
        ("タカバツ ケンイチ", 1),
        ("タカシ ケンイチ", 1),
        ("高橋健一", 1),
        ("髙橋", 4),
        ("渡辺健一", 2),
        ("渡邊", 2),
        ("S550312", 1),
        ("ワタナベ S45", 2),
        ("肥塚3丁目112-4", 4),
        ("石原二丁目", 1),
        ("ワタナベ 別府三丁目", 1),
        ("ヤマダ", 0),
    ],
)
def test_one_box_finds_people(environment: Environment, town: tuple[int, list[int]], text: str, count: int) -> None:
    assert len(_names(environment, text)) == count, town


def test_a_common_name_does_not_hide_another(environment: Environment) -> None:
    """Twenty-two of one name, one each of two others: who types with a mistake sees all at once (first twenty)."""
    common = [_enter(environment, name="野村　恵美", name_kana="ノムラ　エミ") for _ in range(22)]
    eri = _enter(environment, name="野村　恵理", name_kana="ノムラ　エリ")
    sae = _enter(environment, name="野村　紗江", name_kana="ノムラ　サエ")

    def found(text: str) -> list[int]:
        return [hit.person_id for hit in search(environment, CLERK, text, INQUIRY).hits]

    near = found("ノムラエケ")
    assert (near[0] in common, near[1:3]) == (True, [eri, sae]), "the name that many have, then those that few have"
    assert found("ノムラエ").index(sae) == 19, "behind those whose name begins so, and still among the first twenty"
    assert set(found("ノムラ エミ")) == set(common), "twenty who fit exactly are enough"


def test_numbers_find_their_holder(environment: Environment, town: tuple[int, list[int]]) -> None:
    household_id, people = town
    numbers = family(household_id, people)[1].numbers
    for number in (numbers.individual_number, numbers.resident_code):
        assert number is not None
        assert _names(environment, number) == ["髙橋　美咲"]
    with environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT addressee_number, household_number FROM register.resident_current JOIN register.household"
            " USING (household_id) WHERE person_id = %s::bigint",
            (people[0],),
        ).fetchone()
    assert row is not None
    assert _names(environment, row["addressee_number"]) == ["髙橋　健一"]
    assert len(_names(environment, row["household_number"])) == 4


def test_former_names_and_addresses_are_found(environment: Environment, clock: SettableClock) -> None:
    person = _enter(environment, name="田中　花子", name_kana="タナカ　ハナコ", sex="2")
    clock.advance(days=30)
    with environment.database.transaction() as connection:
        before = live_rows(connection, [person])[person][0].record
        after = before.with_(name="佐藤　花子", name_kana="サトウ　ハナコ", address="石原二丁目15番地")
        effect = Effect(person, "amend", "mover", date(2026, 4, 20), after)
        do_register(connection, environment, plan(effect, reason=Reason.EX_OFFICIO_AMENDMENT))
    for text in ("タナカ ハナコ", "田中", "肥塚三丁目"):
        [hit] = search(environment, CLERK, text, INQUIRY).hits
        assert hit.name == "佐藤　花子"
        assert hit.past


def test_a_search_leaves_one_act_and_a_subject_for_each_person_shown(
    environment: Environment, town: tuple[int, list[int]]
) -> None:
    search(environment, CLERK, "タカハシ", INQUIRY)
    with environment.database.transaction() as connection:
        entry = connection.execute("SELECT * FROM trail.entry WHERE act = 'person.search'").fetchone()
        assert entry is not None
        assert (entry["officer"], entry["purpose"], entry["detail"]["found"]) == ("clerk1", "04", 4)
        assert "タカハシ" not in str(entry)
        shown = connection.execute(
            "SELECT person_id FROM trail.subject WHERE entry_id = %s::bigint", (entry["entry_id"],)
        ).fetchall()
        assert {row["person_id"] for row in shown} == set(town[1])


def test_nobody_looks_without_right_or_purpose(environment: Environment, town: tuple[int, list[int]]) -> None:
    administrator = actor("admin1", "administrator")
    with pytest.raises(NotAllowed):
        search(environment, administrator, "タカハシ", INQUIRY)
    with pytest.raises(NotAllowed):
        open_household(environment, administrator, town[0], INQUIRY)
    with pytest.raises(NotAllowed):
        open_person(environment, CLERK, town[1][0], Purpose.STATISTICS)
    with pytest.raises(PurposeMissing):
        open_person(environment, CLERK, town[1][0], None)  # type: ignore[arg-type]


def test_a_revealed_number_is_on_record(environment: Environment, town: tuple[int, list[int]]) -> None:
    household_id, people = town
    expected = family(household_id, people)[2].numbers.individual_number
    assert reveal_number(environment, CLERK, people[2], "individual_number", INQUIRY) == expected
    with environment.database.transaction() as connection:
        entry = connection.execute("SELECT * FROM trail.entry WHERE act = 'number.show'").fetchone()
    assert entry is not None
    assert entry["number_shown"]
    assert str(expected) not in str(entry)


def test_the_household_on_both_axes(
    environment: Environment, clock: SettableClock, town: tuple[int, list[int]]
) -> None:
    """A move of 20 April is recorded on 11 May: what was true and what was known are two questions."""
    household_id, people = town
    clock.advance(days=40)
    with environment.database.transaction() as connection:
        rows = live_rows(connection, people)
        moved = [
            Effect(p, "amend", "mover", date(2026, 4, 20), rows[p][0].record.with_(address="石原二丁目15番地"))
            for p in people
        ]
        do_register(connection, environment, plan(*moved, reason=Reason.MOVE_WITHIN))
    recorded = clock.now()
    clock.advance(days=1)

    def address(as_of: AsOf | None) -> str:
        return open_household(environment, CLERK, household_id, INQUIRY, as_of).members[0].state.record.address

    before = recorded.replace(day=1)
    assert address(None) == "石原二丁目15番地"
    assert address(AsOf(date(2026, 4, 25))) == "石原二丁目15番地"
    assert address(AsOf(date(2026, 4, 25), before)) == "肥塚三丁目112番地4"
    assert address(AsOf(date(2026, 4, 10))) == "肥塚三丁目112番地4"
    sheet = open_household(environment, CLERK, household_id, INQUIRY)
    assert [change.reason for change in sheet.changes] == [Reason.MOVE_WITHIN, Reason.MOVE_IN]
    assert sheet.sources[people[0]]["address"] == sheet.changes[0].change_id
    assert sheet.sources[people[0]]["name"] == sheet.changes[1].change_id
    assert sheet.changes[0].steps[0].changed == ("address",)


def test_the_same_name_birth_and_sex_is_shown_and_never_linked(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    numbers = family(household_id, people)[0].numbers
    wanted = Wanted(name="高橋　健一", name_kana="タカハシ　ケンイチ", birth=date(1980, 3, 12), sex="1")
    with environment.database.transaction() as connection:
        [found] = possible_same(connection, environment, wanted)
        assert found.person_id == people[0]
        assert not found.must_return
        assert (found.same_name, found.same_birth, found.same_individual_number) == ("same", "same", "unknown")
        with_number = Wanted(
            name="別　名", name_kana=None, birth=date(1999, 1, 1), sex="2", individual_number=numbers.individual_number
        )
        [held] = possible_same(connection, environment, with_number)
        assert held.must_return
        assert (held.same_name, held.same_kana, held.same_sex) == ("different", "unknown", "different")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("レン", ["髙橋　蓮"]),
        ("タカハシ 高橋蓮", ["髙橋　蓮"]),
        ("タカハシ 渡辺", []),
        ("タ H220503", ["髙橋　蓮"]),
        ("H220503", ["髙橋　蓮"]),
        ("肥塚 ミサキ", ["髙橋　美咲"]),
    ],
)
def test_each_part_of_a_search_narrows(
    environment: Environment, town: tuple[int, list[int]], text: str, names: list[str]
) -> None:
    assert _names(environment, text) == names, town


@pytest.mark.parametrize("text", ["レ", "1丁目"])
def test_one_letter_is_too_little(environment: Environment, text: str) -> None:
    with pytest.raises(UnreadableQuery):
        search(environment, CLERK, text, INQUIRY)


@pytest.mark.parametrize("text", ["100%", "タカ_シ", "%丁目", "ミサキ %番地"])
def test_signs_of_the_database_s_patterns_match_nobody(
    environment: Environment, town: tuple[int, list[int]], text: str
) -> None:
    assert _names(environment, text) == [], town


def test_removed_records_are_found_unless_only_residents_are_wanted(environment: Environment) -> None:
    _enter(environment)
    _enter(environment, status="moved_out", name="髙橋　去子")
    assert len(search(environment, CLERK, "タカハシ", INQUIRY).hits) == 2
    assert len(search(environment, CLERK, "タカハシ", INQUIRY, residents_only=True).hits) == 1


def test_a_sex_narrows_a_search(environment: Environment, town: tuple[int, list[int]]) -> None:
    assert _names(environment, "タカハシ 女") == ["髙橋　美咲", "髙橋　結衣"]


def test_a_foreign_resident_found_by_the_common_name_is_shown_with_it(environment: Environment) -> None:
    _enter(environment, is_foreign=True, name="WANG XIAOMING", name_kana=None, common_name="山本　明",
           common_name_kana="ヤマモト　アキラ")  # fmt: skip
    (hit,) = search(environment, CLERK, "ヤマモト アキラ", INQUIRY).hits
    assert (hit.name, hit.common_name) == ("WANG XIAOMING", "山本　明")


def test_two_people_are_told_apart_without_showing_a_number(
    environment: Environment, town: tuple[int, list[int]]
) -> None:
    other = _enter(environment, name="髙橋　健一")
    first, second = town[1][:2]
    assert compare_two(environment, CLERK, (first, second), INQUIRY).individual_number == "different"
    pair = compare_two(environment, CLERK, (first, other), INQUIRY)
    assert (pair.individual_number, pair.resident_code) == ("unknown", "unknown")
    assert [side.person_id for side in pair.sides] == [first, other]
    assert pair.sides[0].head_name == "髙橋　健一"
    with environment.database.transaction() as connection:
        rows = connection.execute(
            "SELECT count(DISTINCT e.entry_id) AS acts, count(*) AS people FROM trail.entry e"
            " JOIN trail.subject USING (entry_id) WHERE e.act = 'person.candidates'"
        ).fetchone()
    assert rows is not None
    assert (rows["acts"], rows["people"]) == (2, 4)


@pytest.mark.parametrize("other", [999_999_999, None])
def test_a_comparison_with_nobody_or_with_oneself_is_refused_and_on_record(
    environment: Environment, town: tuple[int, list[int]], other: int | None
) -> None:
    first = town[1][0]
    with pytest.raises(NotAvailable):
        compare_two(environment, CLERK, (first, other or first), INQUIRY)
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT refused FROM trail.entry WHERE act = 'person.candidates'").fetchone()
    assert row is not None
    assert row["refused"]
