"""Complaints about a village register with people who move, return, marry and die (OpenSID, OpenKab, OpenDK), held to ours.

Each test names the thread. All of them go through the case or the one door.
"""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from daicho.access.actor import Purpose
from daicho.law.numbers import NumberRule, individual_number
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, NewNumbers
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.errors import EntryIncomplete
from daicho.register.desk.lookup import household_view
from daicho.register.paper import face
from daicho.register.store.access import open_household
from daicho.register.store.links import act_on_link, ask_link
from daicho.register.store.read import live_rows
from daicho.register.store.search import search
from daicho.wire.environment import Environment, Row
from tests.desk.build import family_typed
from tests.desk.test_household_moves import number_of
from tests.desk.test_other_changes import BIRTHS, HEAD, WIFE, checked, record_of, registered, start
from tests.people import CLERK, REVIEWER, do_register, move_in_family, plan


def rows(env: Environment, query: str, *values: object) -> list[Row]:
    """What the database answers."""
    with env.database.transaction() as connection:
        return connection.execute(query.encode(), values).fetchall()


def moved_out(env: Environment, household_id: int, person_id: int) -> None:
    """One person leaves the city for good."""
    case = start(env, Reason.MOVE_OUT, household_id)
    typed = {"change_date": "R8.3.31", "destination": "群馬県高崎市高松町35番地1"}
    registered(env, case, typed, {"change_date": "R8.3.31", f"b.{person_id}": BIRTHS[HEAD]})


def returned(env: Environment, person_id: int) -> int:
    """The same person comes back to another household; the household's id."""
    typed = family_typed(1, base=50) | {
        "change_date": "今日", "p1.name": "髙橋 健一", "p1.name_kana": "タカハシ ケンイチ", "p1.birth": "S55.3.12",
        "p1.individual_number": "", "p1.resident_code": "",
    }  # fmt: skip
    case = desk.receive(env, CLERK, token="back", reason=Reason.MOVE_IN, reception={})
    found = checked(env, case, typed)
    decided = checking.decide_candidate(
        env, CLERK, case.case_number, found.case.version, row="p1", candidate_id=person_id, same=True, reason="13"
    )
    registered(env, decided, {"building": "205号"}, {"change_date": "R8.4.1", "p1.birth": "S55.3.12"})
    return int(record_of(env, person_id).household_id)  # type: ignore[attr-defined]


def test_opensid_4719_whoever_left_can_return_and_the_leaving_stays_on_record(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    moved_out(environment, household_id, person)
    returned(environment, person)
    reasons = [row["reason"] for row in rows(environment, "SELECT reason FROM register.change ORDER BY recorded_at")]
    assert reasons == ["move_in", "move_out", "move_in"]
    with environment.database.transaction() as connection:
        states = [row.record.status for row in live_rows(connection, [person])[person]]
    assert states == ["resident", "moved_out", "resident"]


def test_openkab_193_nobody_lives_in_two_places_after_a_move_and_a_return(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    moved_out(environment, household_id, person)
    assert returned(environment, person) != household_id
    living = rows(
        environment,
        "SELECT count(*) AS places FROM register.resident_state WHERE person_id = %s AND upper_inf(known)"
        " AND status = 'resident' AND valid @> date '2026-04-02'",
        person,
    )
    assert living == [{"places": 1}]
    assert rows(environment, "SELECT count(*) AS rows FROM register.resident_current WHERE person_id = %s", person) == [
        {"rows": 1}
    ]


def test_opensid_6998_two_lives_of_one_person_are_tied_together_and_neither_is_lost(environment: Environment) -> None:
    """Entered twice, with and without a number: two officers tie them, a search shows both, the tie can be undone."""
    _, [first] = move_in_family(environment, 1)
    _, [second] = move_in_family(environment, 1)
    link = ask_link(environment, CLERK, first, second, "31", "二重の記載")
    act_on_link(environment, REVIEWER, link, "link", "51", seen=1)
    [number] = rows(environment, "SELECT addressee_number FROM register.person WHERE person_id = %s", second)
    hits = search(environment, CLERK, number["addressee_number"], Purpose.RESIDENT_INQUIRY).hits
    assert {hit.person_id for hit in hits} == {first, second}
    assert len(rows(environment, "SELECT person_id FROM register.person")) == 2


def test_opensid_4150_an_unrelated_change_never_trips_over_the_persons_own_number(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.MOVE_WITHIN, household_id)
    typed = {"change_date": "-1", "town": "籠原南一丁目", "lot": "5"}
    keys = {"change_date": "R8.3.31", **{f"b.{p}": b for p, b in zip(people, BIRTHS, strict=True)}}
    assert registered(environment, case, typed, keys).status == "registered"
    assert len(rows(environment, "SELECT number_id FROM register.number WHERE released_at IS NULL")) == 8


@pytest.mark.parametrize("placeholder", ["0", "000000000000", "999999999999"])
def test_opensid_5249_a_placeholder_is_no_number(environment: Environment, placeholder: str) -> None:
    """It is refused where it is typed; two people without a number are no doubles of each other."""
    case = desk.receive(environment, CLERK, token=placeholder, reason=Reason.MOVE_IN, reception={})
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, family_typed(1, base=60) | {"p1.individual_number": placeholder})
    assert list(caught.value.fields) == ["p1.individual_number"]


def test_opensid_5249_two_people_without_a_number_are_no_doubles(environment: Environment) -> None:
    for base, sending in ((70, "a"), (80, "b")):
        blank = {"p1.individual_number": "", "p1.resident_code": "", "p1.name": f"無番 {sending}子"}
        case = desk.receive(environment, CLERK, token=sending, reason=Reason.MOVE_IN, reception={})
        found = checked(environment, case, family_typed(1, base=base) | blank)
        assert not found.prepared.stops


def test_opensid_7367_a_head_who_marries_leaves_with_an_event_and_the_totals_hold(environment: Environment) -> None:
    """She heads a household alone and joins another (10515): one change tells it, nobody is missing."""
    hers, [woman, *_] = move_in_family(environment, 1)
    his, _ = move_in_family(environment, 1)
    before = residents(environment)
    case = start(environment, Reason.HOUSEHOLD_MERGE, hers)
    typed = {"change_date": "-1", "join_household": number_of(environment, his), f"r.{woman}": "同居人"}
    registered(environment, case, typed, {"change_date": "R8.3.31", f"b.{woman}": BIRTHS[HEAD]})
    assert sum(residents(environment).values()) == sum(before.values()) == 2
    assert record_of(environment, woman).household_id == his  # type: ignore[attr-defined]
    events = rows(
        environment,
        "SELECT reason FROM register.change_person JOIN register.change USING (change_id)"
        " WHERE person_id = %s ORDER BY recorded_at",
        woman,
    )
    assert [row["reason"] for row in events] == ["move_in", "household_merge"]


def residents(env: Environment) -> Counter[str]:
    """Residents by town."""
    found = rows(env, "SELECT address FROM register.resident_current WHERE status = 'resident'")
    return Counter(row["address"] for row in found)


def test_opensid_6084_who_died_or_left_is_not_offered_as_a_member(environment: Environment) -> None:
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.DEATH, household_id, people[WIFE])
    registered(environment, case, {"died": "R8.3.31"}, {"died": "R8.3.31", f"b.{people[WIFE]}": BIRTHS[WIFE]})
    with environment.database.transaction() as connection:
        view = household_view(connection, household_id, environment.clock.today())
    assert view is not None
    assert [member.person_id for member in view.members] == [people[HEAD]]
    sheet = open_household(environment, CLERK, household_id, Purpose.RESIDENT_INQUIRY)
    assert [member.person_id for member in sheet.members] == [people[HEAD]]
    assert [member.person_id for member in sheet.removed] == [people[WIFE]]


def test_opensid_163_header_and_list_show_one_head(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.DEATH, household_id, people[HEAD])
    typed = {"died": "R8.3.31", "new_head": str(people[WIFE])}
    registered(environment, case, typed, {"died": "R8.3.31", f"b.{people[HEAD]}": BIRTHS[HEAD]})
    heads = {row["世帯主漢字氏名"] for row in rows(environment, 'SELECT "世帯主漢字氏名" FROM register.register_file')}
    sheet = open_household(environment, CLERK, household_id, Purpose.RESIDENT_INQUIRY)
    listed = [m.state.record.name for m in sheet.members if m.state.record.relationship == "02"]
    assert heads - {None} == set(listed) == {"髙橋　美咲"}


def test_opendk_652_totals_do_not_move_when_a_number_changes(environment: Environment) -> None:
    _, people = move_in_family(environment)
    before = residents(environment)
    with environment.database.transaction() as connection:
        record = live_rows(connection, people)[people[HEAD]][0].record
        fresh = NewNumbers(individual_number(str(30_000_000_000), NumberRule.SYNTHETIC))
        effect = Effect(people[HEAD], "amend", "mover", date(2026, 3, 31), record, fresh)
        do_register(connection, environment, plan(effect, reason=Reason.INDIVIDUAL_NUMBER_CHANGE))
    assert residents(environment) == before


def test_opensid_8209_a_missing_font_is_said_at_the_start_and_no_certificate_is_made_with_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(face.FONT_VARIABLE, str(tmp_path / "none.ttf"))
    monkeypatch.setattr(face, "USUAL_PLACES", ())
    with pytest.raises(FileNotFoundError, match="ipamjm"):
        face.find_font()
