"""Every other change from reception to registration, and what must not be linked or lost on the way."""

from datetime import date

import pytest

from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import files, review
from daicho.register.desk.errors import (
    EntryIncomplete,
    NotAcknowledged,
    PersonClaimed,
    RegisterChanged,
    StopsRemain,
    UnknownCode,
)
from daicho.register.desk.model import Case
from daicho.register.store.errors import StaleBefore
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.desk.build import family_typed, number
from tests.people import CLERK, REVIEWER, move_in_family

HEAD, WIFE, SON, DAUGHTER = range(4)
BIRTHS = ("S55.3.12", "S57.7.25", "H22.5.3", "H25.11.19")


def start(
    env: Environment, reason: Reason, household_id: int, person_id: int | None = None, sending: str = "a"
) -> Case:
    """A case opened from a household."""
    return desk.receive(
        env,
        CLERK,
        token=f"{reason}:{household_id}:{sending}",
        reason=reason,
        reception={"notifier": "1"},
        household_id=household_id,
        person_id=person_id,
    )


def checked(env: Environment, case: Case, typed: dict[str, str]) -> checking.Checked:
    """The case typed and checked."""
    saved = desk.save_draft(env, CLERK, case.case_number, case.version, typed)
    return checking.check(env, CLERK, case.case_number, saved.version)


def registered(env: Environment, case: Case, typed: dict[str, str], keys: dict[str, str]) -> Case:
    """The whole way: typed, checked, sent, keyed again, approved."""
    provisional = checked(env, case, typed).case
    checking.send(env, CLERK, case.case_number, provisional.version, "01")
    taken = review.take(env, REVIEWER, case.case_number)
    outcomes = review.rekey(env, REVIEWER, case.case_number, keys)
    assert {one.outcome for one in outcomes.values()} == {"match"}
    return review.approve(env, REVIEWER, case.case_number, taken.version)


def record_of(env: Environment, person_id: int, place: int = -1) -> object:
    """The last record known of a person."""
    with env.database.transaction() as connection:
        return live_rows(connection, [person_id])[person_id][place].record


def test_a_whole_household_moves_within_the_city(environment: Environment) -> None:
    """Members are preselected; the household keeps its number."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.MOVE_WITHIN, household_id)
    assert [case.typed[f"m.{p}"] for p in people] == ["1"] * 4
    typed = {"change_date": "-1", "town": "籠原南一丁目", "lot": "5"}
    keys = {"change_date": "R8.3.31", **{f"b.{p}": b for p, b in zip(people, BIRTHS, strict=True)}}
    assert registered(environment, case, typed, keys).status == "registered"
    record = record_of(environment, people[HEAD])
    assert (record.address, record.household_id) == ("籠原南一丁目5番地", household_id)  # type: ignore[attr-defined]


def test_some_members_make_a_new_household(environment: Environment) -> None:
    """The head leaves with a child: the new head of those who stay is chosen, relationships follow."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.MOVE_WITHIN, household_id)
    typed = {
        "change_date": "-1",
        "town": "籠原南一丁目",
        "lot": "5",
        f"m.{people[WIFE]}": "0",
        f"m.{people[DAUGHTER]}": "0",
    }
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert list(caught.value.fields) == ["new_head"]
    case = desk.open_case(environment, CLERK, case.case_number)
    keys = {"change_date": "R8.3.31", f"b.{people[HEAD]}": BIRTHS[HEAD], f"b.{people[SON]}": BIRTHS[SON]}
    registered(environment, case, {"new_head": str(people[WIFE])}, keys)
    assert record_of(environment, people[WIFE]).relationship == "02"  # type: ignore[attr-defined]
    assert record_of(environment, people[SON]).household_id != household_id  # type: ignore[attr-defined]


def test_a_member_joins_another_household(environment: Environment) -> None:
    """By its number; the relationship to the other head is always chosen."""
    household_id, people = move_in_family(environment, 2)
    other_id, _ = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT household_number FROM register.household WHERE household_id = %s", (other_id,)
        ).fetchone()
    assert row is not None
    case = start(environment, Reason.MOVE_WITHIN, household_id)
    typed = {"change_date": "-1", "household_kind": "2", "join_household": "00000000", f"m.{people[HEAD]}": "0"}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert list(caught.value.fields) == ["join_household"]
    case = desk.open_case(environment, CLERK, case.case_number)
    number_typed = {"join_household": row["household_number"]}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, number_typed)
    assert list(caught.value.fields) == [f"r.{people[WIFE]}"]
    case = desk.open_case(environment, CLERK, case.case_number)
    keys = {"change_date": "R8.3.31", f"b.{people[WIFE]}": BIRTHS[WIFE]}
    registered(environment, case, {f"r.{people[WIFE]}": "同居人"}, keys)
    assert record_of(environment, people[WIFE]).household_id == other_id  # type: ignore[attr-defined]


def test_a_planned_move_out(environment: Environment) -> None:
    """The day may lie ahead; the destination is needed."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.MOVE_OUT, household_id)
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"change_date": "R8.4.20"})
    assert list(caught.value.fields) == ["destination"]
    case = desk.open_case(environment, CLERK, case.case_number)
    keys = {"change_date": "R8.4.20", **{f"b.{p}": b for p, b in zip(people, BIRTHS, strict=True)}}
    registered(environment, case, {"destination": "群馬県高崎市高松町35番地1"}, keys)
    record = record_of(environment, people[HEAD])
    assert record.status == "moved_out"  # type: ignore[attr-defined]


def test_a_birth_into_the_household_of_a_parent(environment: Environment) -> None:
    """Ex officio on the notice of the family register; the relationship follows from the parent."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.BIRTH, household_id, people[WIFE])
    assert (case.typed["parent"], case.basis.value) == (str(people[WIFE]), "ex_officio")
    typed = {
        "p1.name": "髙橋 葵",
        "p1.name_kana": "タカハシ アオイ",
        "p1.birth": "R8.3.25",
        "p1.sex": "2",
        "p1.domicile": "埼玉県熊谷市宮町二丁目47番地",
        "p1.family_register_head": "髙橋 健一",
    }
    with pytest.raises(EntryIncomplete, match="K006"):
        checked(environment, case, typed)
    late = desk.open_case(environment, CLERK, case.case_number)
    done = registered(environment, late, {"p1.birth": "R8.3.31"}, {"p1.birth": "R8.3.31"})
    assert done.status == "registered"
    assert record_of(environment, done.ids["p1"]).relationship == "20"  # type: ignore[attr-defined]


def test_a_death_of_the_head(environment: Environment) -> None:
    """The one who stays alone becomes head ex officio: a note, not a question."""
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.DEATH, household_id, people[HEAD])
    found = checked(environment, case, {"died": "R8.3.31"})
    assert [alert.code for alert in found.prepared.plan.alerts] == ["W004"]
    case = desk.open_case(environment, CLERK, case.case_number)
    checking.send(environment, CLERK, case.case_number, case.version)
    taken = review.take(environment, REVIEWER, case.case_number)
    review.rekey(environment, REVIEWER, case.case_number, {"died": "R8.3.31", f"b.{people[HEAD]}": BIRTHS[HEAD]})
    review.approve(environment, REVIEWER, case.case_number, taken.version)
    assert record_of(environment, people[HEAD]).status == "dead"  # type: ignore[attr-defined]
    assert record_of(environment, people[WIFE]).relationship == "02"  # type: ignore[attr-defined]


def test_a_change_of_head_with_a_warning(environment: Environment) -> None:
    """A child as head: a warning that needs one reason; relationships are proposed, or chosen."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.HEAD_CHANGE, household_id)
    found = checked(environment, case, {"change_date": "-1", "new_head": str(people[DAUGHTER])})
    assert "W005" in {alert.code for alert in found.prepared.warnings}
    with pytest.raises(NotAcknowledged):
        checking.send(environment, CLERK, case.case_number, found.case.version)
    with pytest.raises(UnknownCode):
        checking.send(environment, CLERK, case.case_number, found.case.version, "77")
    sent = checking.send(environment, CLERK, case.case_number, found.case.version, "02")
    assert sent.acknowledged["reason"] == "02"
    assert "W005" in sent.acknowledged["codes"]


def test_one_open_case_per_person(environment: Environment) -> None:
    """仮登録中: the next case on the same person waits, until the first is withdrawn."""
    household_id, people = move_in_family(environment)
    first = start(environment, Reason.MOVE_WITHIN, household_id)
    held = checked(environment, first, {"change_date": "-1", "town": "籠原南一丁目", "lot": "5"}).case
    with environment.database.transaction() as connection:
        assert files.open_case_of(connection, people) == dict.fromkeys(people, first.case_number)
    second = start(environment, Reason.MOVE_OUT, household_id)
    typed = {"change_date": "R8.4.20", "destination": "群馬県高崎市高松町35番地1"}
    with pytest.raises(PersonClaimed) as caught:
        checked(environment, second, typed)
    assert caught.value.data["case_number"] == first.case_number
    desk.withdraw(environment, CLERK, first.case_number, held.version, "届出人の申出")
    second = desk.open_case(environment, CLERK, second.case_number)
    assert checking.check(environment, CLERK, second.case_number, second.version).case.status == "provisional"


def test_the_register_changed_between_check_and_registration(environment: Environment) -> None:
    """Another change on the household they join: nothing is registered, the case can be checked anew."""
    household_id, _ = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT household_number FROM register.household").fetchone()
    assert row is not None
    typed = family_typed(1, base=30)
    typed |= {"p1.relationship": "99", "household_kind": "2", "join_household": row["household_number"]}
    case = desk.receive(environment, CLERK, token="join", reason=Reason.MOVE_IN, reception={})
    provisional = checked(environment, case, typed).case
    case = checking.send(environment, CLERK, case.case_number, provisional.version, "01")
    taken = review.take(environment, REVIEWER, case.case_number)
    review.rekey(environment, REVIEWER, case.case_number, {"change_date": "R8.3.30", "p1.birth": typed["p1.birth"]})
    death = start(environment, Reason.BIRTH, household_id)
    born = {"p1.name": "髙橋 葵", "p1.name_kana": "タカハシ アオイ", "p1.birth": "R8.4.1", "p1.sex": "2"}
    born |= {"p1.domicile": "なし", "p1.family_register_head": "なし"}
    with environment.database.transaction() as connection:
        parent = connection.execute("SELECT person_id FROM register.person ORDER BY 1 LIMIT 1").fetchone()
    assert parent is not None
    registered(environment, death, born | {"parent": str(parent["person_id"])}, {"p1.birth": "R8.4.1"})
    with pytest.raises(StaleBefore):
        review.approve(environment, REVIEWER, case.case_number, taken.version)
    assert desk.open_case(environment, REVIEWER, case.case_number).status == "checked"
    back = review.return_case(environment, REVIEWER, case.case_number, taken.version, [("", "台帳が変わりました")])
    again = checking.check(
        environment, CLERK, case.case_number, desk.hold(environment, CLERK, back.case_number).version
    )
    assert not again.is_stale


def test_a_stale_check_is_not_sent(environment: Environment) -> None:
    """The entrant is told before the reviewer is."""
    household_id, people = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT household_number FROM register.household").fetchone()
    assert row is not None
    typed = family_typed(1, base=30)
    typed |= {"p1.relationship": "99", "household_kind": "2", "join_household": row["household_number"]}
    case = desk.receive(environment, CLERK, token="join", reason=Reason.MOVE_IN, reception={})
    provisional = checked(environment, case, typed).case
    birth = start(environment, Reason.BIRTH, household_id, people[HEAD])
    born = {"p1.name": "髙橋 葵", "p1.birth": "R8.4.1", "p1.sex": "2", "p1.domicile": "なし"}
    born |= {"p1.name_kana": "タカハシ アオイ", "p1.family_register_head": "なし"}
    registered(environment, birth, born, {"p1.birth": "R8.4.1"})
    with pytest.raises(RegisterChanged):
        checking.send(environment, CLERK, case.case_number, provisional.version, "01")
    assert checking.look_again(environment, CLERK, case.case_number).is_stale


class TestSamePerson:
    """E2: somebody with equal name, birth date and sex is shown, decided with a reason, and never linked by itself."""

    def _moved_out(self, environment: Environment) -> tuple[int, int]:
        household_id, people = move_in_family(environment, 1)
        case = start(environment, Reason.MOVE_OUT, household_id)
        typed = {"change_date": "R8.3.31", "destination": "群馬県高崎市高松町35番地1"}
        registered(environment, case, typed, {"change_date": "R8.3.31", f"b.{people[HEAD]}": BIRTHS[HEAD]})
        return household_id, people[HEAD]

    def _returning(self, **more: str) -> dict[str, str]:
        typed = family_typed(1, base=50)
        return typed | {
            "change_date": "今日",
            "p1.name": "髙橋 健一",
            "p1.name_kana": "タカハシ ケンイチ",
            "p1.birth": "S55.3.12",
            **more,
        }

    def test_a_candidate_stops_until_decided(self, environment: Environment) -> None:
        """Undecided: not sent. Different, with a reason code: goes on as somebody new."""
        _, person_id = self._moved_out(environment)
        case = desk.receive(environment, CLERK, token="r", reason=Reason.MOVE_IN, reception={})
        found = checked(environment, case, self._returning())
        assert [alert.code for alert in found.prepared.stops] == ["W002"]
        with pytest.raises(StopsRemain):
            checking.send(environment, CLERK, case.case_number, found.case.version)
        with pytest.raises(UnknownCode):
            checking.decide_candidate(
                environment, CLERK, case.case_number, found.case.version,
                row="p1", candidate_id=person_id, same=False, reason="11",
            )  # fmt: skip
        decided = checking.decide_candidate(
            environment, CLERK, case.case_number, found.case.version,
            row="p1", candidate_id=person_id, same=False, reason="01",
        )  # fmt: skip
        again = checking.check(environment, CLERK, case.case_number, decided.version)
        assert [alert.code for alert in again.prepared.plan.alerts] == ["W003"]
        assert again.case.ids["p1"] != person_id

    def test_the_same_person_returns_with_the_addressee_number(self, environment: Environment) -> None:
        """STD 4.1.1.2: the person is kept, and with it the addressee number."""
        _, person_id = self._moved_out(environment)
        case = desk.receive(environment, CLERK, token="r", reason=Reason.MOVE_IN, reception={})
        found = checked(environment, case, self._returning(**{"p1.individual_number": "", "p1.resident_code": ""}))
        decided = checking.decide_candidate(
            environment, CLERK, case.case_number, found.case.version,
            row="p1", candidate_id=person_id, same=True, reason="13",
        )  # fmt: skip
        keys = {"change_date": "R8.4.1", "p1.birth": "S55.3.12"}
        done = registered(environment, decided, {"building": "205号"}, keys)
        assert done.status == "registered"
        with environment.database.transaction() as connection:
            rows = live_rows(connection, [person_id])[person_id]
        assert [row.record.status for row in rows] == ["resident", "moved_out", "resident"]

    def test_an_equal_number_must_return(self, environment: Environment) -> None:
        """A number of a removed record: entering as somebody new is refused, the candidate can be opened."""
        _, person_id = self._moved_out(environment)
        case = desk.receive(environment, CLERK, token="r", reason=Reason.MOVE_IN, reception={})
        with environment.database.transaction() as connection:
            from daicho.register.store.numbers import unseal

            row = connection.execute(
                "SELECT * FROM register.number WHERE person_id = %s AND kind = 'individual_number'", (person_id,)
            ).fetchone()
        assert row is not None
        mine = unseal(environment.keys, "individual_number", person_id, row["ciphertext"], row["key_version"])
        assert mine != number(51)
        with pytest.raises(EntryIncomplete) as caught:
            checked(environment, case, self._returning(**{"p1.individual_number": mine, "p1.name": "別名 太郎"}))
        assert "番号が同じ除票" in " ".join(caught.value.fields.values())
        case = desk.open_case(environment, CLERK, case.case_number)
        decided = checking.decide_candidate(
            environment, CLERK, case.case_number, case.version,
            row="p1", candidate_id=person_id, same=True, reason="11",
        )  # fmt: skip
        assert checking.check(environment, CLERK, case.case_number, decided.version).case.status == "provisional"


def test_dates_are_days_in_japan(environment: Environment) -> None:
    """The clock of the tests stands at nine in the morning of 1 April."""
    assert environment.clock.today() == date(2026, 4, 1)
