"""Every leak of facts.md section 7 that concerns threatened people, as a test by the name of its city."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, NotAvailable
from daicho.law.errors import DaichoError
from daicho.law.protection import SECTIONS
from daicho.register.protection import measures, openings, reading, release
from daicho.register.store import suppression
from daicho.register.store.access import open_hidden, open_household
from daicho.register.store.protection_errors import (
    AlreadyDecided,
    ItemMissing,
    NamesDiffer,
    NewerApplication,
    NotInThatState,
    OwnRequest,
    ProtectionChanged,
)
from daicho.wire.environment import Connection, Environment
from tests.canary import leaks
from tests.desk.test_two_at_once import together, until_somebody_waits
from tests.house_database import SettableClock
from tests.people import move_in_family
from tests.protection.build import CLERK, PROTECTOR, REVIEWER, SECOND, make_refuge

START = date(2026, 4, 1)


def expired(env: Environment, clock: SettableClock, person: int) -> int:
    """A decided measure of last year whose period has passed."""
    protection = measures.provisional(env, CLERK, person)
    measures.decide(env, PROTECTOR, protection, 1, START)
    clock.advance(days=400)
    return protection


def hidden(env: Environment, person: int) -> bool:
    return open_hidden(env, CLERK, person, Purpose.RESIDENT_INQUIRY) is not None


def test_meguro_2025_a_stale_list_releases_nobody_with_a_newer_application(
    environment: Environment, clock: SettableClock
) -> None:
    """A list of ended measures was worked through after one of the people had applied anew."""
    _, people = move_in_family(environment)
    old = [expired(environment, clock, people[0]), measures.provisional(environment, CLERK, people[1])]
    measures.decide(environment, PROTECTOR, old[1], 1, START)
    seen = [(line.protection_id, line.version) for line in reading.work_list(environment, PROTECTOR)]
    assert {one for one, _ in seen} == set(old)
    clock.advance(minutes=1)
    newer = measures.provisional(environment, CLERK, people[0])
    outcomes = release.ask_many(environment, PROTECTOR, seen, "expired", "期間を過ぎ、延長の申出がない")
    assert {one.protection_id: type(one.error) for one in outcomes} == {old[0]: NewerApplication, old[1]: type(None)}
    assert hidden(environment, people[0])
    assert newer in {line.protection_id for line in reading.work_list(environment, PROTECTOR)}


def test_meguro_2025_nothing_that_changed_since_the_list_is_released(
    environment: Environment, clock: SettableClock
) -> None:
    _, people = move_in_family(environment, size=1)
    protection = expired(environment, clock, people[0])
    seen = [(protection, 2), (404, 1)]
    measures.extend(environment, PROTECTOR, protection, 2)
    outcomes = release.ask_many(environment, PROTECTOR, seen, "expired", "一覧による")
    assert [type(one.error) for one in outcomes] == [ProtectionChanged, NotAvailable]
    assert hidden(environment, people[0])


def test_meguro_2025_an_application_after_the_request_voids_the_approval(
    environment: Environment, clock: SettableClock
) -> None:
    _, people = move_in_family(environment, size=1)
    protection = expired(environment, clock, people[0])
    asked = release.ask_release(environment, PROTECTOR, protection, 2, "expired", "延長の申出なし")
    clock.advance(minutes=1)
    measures.provisional(environment, CLERK, people[0])
    with pytest.raises(NewerApplication):
        release.decide_release(environment, SECOND, asked, approve=True)
    assert hidden(environment, people[0])


def test_a_change_of_the_measure_voids_the_approval(environment: Environment, clock: SettableClock) -> None:
    _, people = move_in_family(environment, size=1)
    protection = expired(environment, clock, people[0])
    asked = release.ask_release(environment, PROTECTOR, protection, 2, "expired", "延長の申出なし")
    measures.extend(environment, PROTECTOR, protection, 2)
    with pytest.raises(ProtectionChanged):
        release.decide_release(environment, SECOND, asked, approve=True)
    release.decide_release(environment, SECOND, asked, approve=False, comment="延長あり")
    assert hidden(environment, people[0])


def test_release_is_by_two_persons_and_ends_it_for_every_output(environment: Environment) -> None:
    _, people = move_in_family(environment, size=1)
    protection = measures.provisional(environment, CLERK, people[0])
    asked = release.ask_release(environment, PROTECTOR, protection, 1, "asked", "本人が来庁し、書面で確かめた")
    with pytest.raises(OwnRequest):
        release.decide_release(environment, PROTECTOR, asked, approve=True)
    with pytest.raises(NotAllowed):
        release.decide_release(environment, CLERK, asked, approve=True)
    assert hidden(environment, people[0])
    [waiting] = release.asked_for(environment, SECOND, protection)
    assert (waiting.release_id, waiting.requested_by) == (asked, "protector1")
    release.decide_release(environment, SECOND, asked, approve=True)
    assert not hidden(environment, people[0])
    with pytest.raises(ProtectionChanged):
        release.decide_release(environment, SECOND, asked, approve=True)
    with pytest.raises(AlreadyDecided):
        release.decide_release(environment, SECOND, asked, approve=False)
    with pytest.raises(NotInThatState):
        release.ask_release(environment, PROTECTOR, protection, 2, "asked", "もう一度")
    with pytest.raises(NotInThatState):
        measures.amend(environment, PROTECTOR, protection, 2, details={"memo": "x"})
    assert [line.protection_id for line in reading.work_list(environment, PROTECTOR, ended=True)] == [protection]


def test_the_database_itself_wants_two_persons_and_the_state_that_was_seen(
    environment: Environment, clock: SettableClock
) -> None:
    _, people = move_in_family(environment, size=1)
    protection = expired(environment, clock, people[0])
    asked = release.ask_release(environment, PROTECTOR, protection, 2, "expired", "延長の申出なし")
    insert = (
        "INSERT INTO register.protection_release_decision (release_id, outcome, comment, decided_by, terminal, decided_at)"
        " VALUES (%s, 'approved', '', %s, 'T', %s)"
    )

    def decided(by: str) -> None:
        with environment.database.transaction() as connection:
            connection.execute(insert, (asked, by, clock.now()))

    with pytest.raises(psycopg.errors.CheckViolation, match="who asks"):
        decided("protector1")
    measures.extend(environment, PROTECTOR, protection, 2)
    with pytest.raises(psycopg.errors.CheckViolation, match="has changed"):
        decided("protector2")
    with pytest.raises(psycopg.errors.IntegrityError, match="only by a decided release"), \
            environment.database.transaction() as connection:  # fmt: skip
        connection.execute(
            "INSERT INTO register.protection_event (protection_id, version, act, status, starts_on, ends_on, duties,"
            " officer, terminal, at, release_id) VALUES (%s, 4, 'end', 'ended', NULL, NULL, '{}', 'protector2', 'T', %s, %s)",
            (protection, clock.now(), asked),
        )
    for statement in (
        "UPDATE register.protection_now SET status = 'ended'",
        "DELETE FROM register.protection_person",
        "UPDATE register.protection_event SET status = 'ended'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
            connection.execute(statement)


def test_a_newer_application_at_the_same_moment_wins(
    environment: Environment, clock: SettableClock, owner_connection: Connection
) -> None:
    """E4 on two connections: the application holds the person, the approval waits behind it and is refused."""
    _, people = move_in_family(environment, size=1)
    protection = expired(environment, clock, people[0])
    asked = release.ask_release(environment, PROTECTOR, protection, 2, "expired", "延長の申出なし")
    clock.advance(minutes=1)
    results: list[object] = []

    def approve() -> None:
        try:
            release.decide_release(environment, SECOND, asked, approve=True)
            results.append("released")
        except DaichoError as error:
            results.append(error)

    with environment.database.transaction() as connection:
        suppression.lock_persons(connection, people)
        thread = threading.Thread(target=approve)
        thread.start()
        until_somebody_waits(owner_connection)
        _provisional_on(connection, environment, people[0])
    thread.join()
    assert isinstance(results[0], NewerApplication)
    assert hidden(environment, people[0])


def _provisional_on(connection: Connection, env: Environment, person: int) -> None:
    class Here:
        def transaction(self) -> object:
            from contextlib import nullcontext

            return nullcontext(connection)

    measures.provisional(replace(env, database=Here()), CLERK, person)  # type: ignore[arg-type]


def test_two_officers_extend_at_one_moment(environment: Environment, clock: SettableClock) -> None:
    _, people = move_in_family(environment, size=1)
    protection = expired(environment, clock, people[0])
    results = together(
        lambda: measures.extend(environment, PROTECTOR, protection, 2),
        lambda: measures.extend(environment, SECOND, protection, 2),
    )
    assert sorted(isinstance(one, ProtectionChanged) for one in results) == [False, True]


def test_oamishirasato_2022_the_receipt_of_a_forwarded_application_is_the_measure(environment: Environment) -> None:
    _, people = move_in_family(environment)
    protection = measures.receive_forwarded(environment, CLERK, people[1], [people[3]], "千葉県千葉市", START)
    assert [hidden(environment, one) for one in (people[1], people[3])] == [True, True]
    found = reading.open_measure(environment, PROTECTOR, protection)
    assert (found.origin, found.origin_municipality, found.applied_on, found.status) == (
        "forwarded",
        "千葉県千葉市",
        START,
        "provisional",
    )
    [line] = reading.work_list(environment, PROTECTOR)
    assert (line.word, line.people, line.untold) == ("仮支援措置", 2, len(SECTIONS))
    with pytest.raises(ItemMissing):
        measures.receive_forwarded(environment, CLERK, people[0], [], " ", START)
    with pytest.raises(ItemMissing):
        measures.receive_forwarded(environment, CLERK, people[0], [], "千葉県千葉市", START + timedelta(days=1))


def test_izumo_every_section_stays_on_the_list_until_it_has_been_told(environment: Environment) -> None:
    """A measure was not passed on between desks. The list counts who has not been told of the state as decided."""
    _, people = move_in_family(environment, size=1)
    protection = measures.provisional(environment, CLERK, people[0])
    for section in SECTIONS:
        measures.notify(environment, PROTECTOR, protection, section)
    assert reading.work_list(environment, PROTECTOR)[0].untold == 0
    measures.decide(environment, PROTECTOR, protection, 1, START)
    assert reading.work_list(environment, PROTECTOR)[0].untold == len(SECTIONS)
    measures.notify(environment, PROTECTOR, protection, "tax")
    measures.notify(environment, PROTECTOR, protection, "tax")
    assert reading.work_list(environment, PROTECTOR)[0].untold == len(SECTIONS) - 1
    measures.amend(environment, PROTECTOR, protection, 2, details={"phone": "048-000-0000"})
    assert reading.work_list(environment, PROTECTOR)[0].untold == len(SECTIONS) - 1
    with pytest.raises(ItemMissing):
        measures.notify(environment, PROTECTOR, protection, "elsewhere")


def test_imari_2008_an_opening_closes_itself(environment: Environment, clock: SettableClock) -> None:
    clock.advance(days=30)
    refuge = make_refuge(environment)
    mother = refuge.mother
    opening = openings.ask(
        environment, PROTECTOR, "issue", refuge.protected, Purpose.CERTIFICATE_ISSUE, "本人の請求", minutes=10
    )
    assert hidden_from(environment, mother)
    openings.decide(environment, SECOND, opening, approve=True, reason="本人と確かめた", confirmed=refuge.protected)
    assert not hidden_from(environment, mother)
    assert not issue_held(environment, refuge.protected)
    assert issue_held(environment, [*refuge.protected, refuge.grandmother])
    assert leaks(open_household(environment, PROTECTOR, refuge.new_household, Purpose.REVIEW, about=mother))
    clock.advance(minutes=10)
    assert hidden_from(environment, mother)
    assert issue_held(environment, refuge.protected)


def hidden_from(env: Environment, person: int) -> bool:
    return open_hidden(env, PROTECTOR, person, Purpose.RESIDENT_INQUIRY) is not None


def issue_held(env: Environment, people: list[int]) -> bool:
    with env.database.transaction() as connection:
        return suppression.issue_is_held_back(connection, env, PROTECTOR, people)


def test_a_look_does_not_let_anybody_issue(environment: Environment) -> None:
    refuge = make_refuge(environment)
    opening = openings.ask(environment, PROTECTOR, "look", [refuge.mother], Purpose.REVIEW, "照会")
    openings.decide(environment, SECOND, opening, approve=True, reason="必要", confirmed=[refuge.mother])
    assert not hidden_from(environment, refuge.mother)
    assert issue_held(environment, [refuge.mother])


def test_inuyama_2018_the_second_person_names_everybody_and_writes_why(environment: Environment) -> None:
    """A warning was shown and a colleague said "ok" for somebody else."""
    refuge = make_refuge(environment)
    opening = openings.ask(environment, PROTECTOR, "issue", refuge.protected, Purpose.CERTIFICATE_ISSUE, "本人の請求")
    [shown] = openings.waiting(environment, SECOND)
    assert [face.name for _, face in shown.people] == ["髙橋　美咲", "髙橋　結衣"]
    assert openings.waiting(environment, PROTECTOR) == ()
    assert [one.opening_id for one in openings.mine(environment, PROTECTOR)] == [opening]
    with pytest.raises(NamesDiffer):
        openings.decide(environment, SECOND, opening, approve=True, reason="ok", confirmed=[refuge.mother])
    with pytest.raises(ItemMissing):
        openings.decide(environment, SECOND, opening, approve=True, reason=" ", confirmed=refuge.protected)
    with pytest.raises(OwnRequest):
        openings.decide(environment, PROTECTOR, opening, approve=True, reason="自分", confirmed=refuge.protected)
    openings.decide(environment, SECOND, opening, approve=False, reason="別の人の請求だった")
    with pytest.raises(AlreadyDecided):
        openings.decide(environment, SECOND, opening, approve=True, reason="やはり", confirmed=refuge.protected)
    assert hidden_from(environment, refuge.mother)
    with pytest.raises(NotAvailable):
        openings.decide(environment, SECOND, 404, approve=False, reason="ない")


@pytest.mark.parametrize(
    ("kind", "reason", "minutes"), [("other", "理由", 5), ("look", " ", 5), ("look", "理由", 0), ("look", "理由", 61)]
)
def test_what_is_not_an_opening_is_refused(environment: Environment, kind: str, reason: str, minutes: int) -> None:
    with pytest.raises(ItemMissing):
        openings.ask(environment, PROTECTOR, kind, [1], Purpose.REVIEW, reason, minutes)
    with pytest.raises(NotAvailable):
        openings.ask(environment, PROTECTOR, "look", [404], Purpose.REVIEW, "理由")


def test_nishitokyo_2018_one_hit_links_nobody(environment: Environment) -> None:
    """One hit on name, birth date and sex is a candidate without a place; nothing is linked, and no place is told."""
    from daicho.register.store.candidates import Wanted, possible_same

    refuge = make_refuge(environment)
    wanted = Wanted(name="髙橋　美咲", name_kana="タカハシ　ミサキ", birth=date(1982, 7, 25), sex="2")
    with environment.database.transaction() as connection:
        [found] = possible_same(connection, environment, wanted)
    assert (found.person_id, found.must_return) == (refuge.mother, False)
    assert not leaks(found)


def test_kumagaya_a_clerk_s_own_case_is_gone_from_the_moment_of_the_measure(environment: Environment) -> None:
    """What was typed about a place stays with those who handle it."""
    from daicho.law.reasons import Reason
    from daicho.register.desk import case as desk
    from daicho.register.desk.errors import CaseGone

    household, people = move_in_family(environment)
    case = desk.receive(
        environment,
        CLERK,
        token="t1",
        reason=Reason.MOVE_OUT,
        reception={"name": "髙橋　美咲"},
        household_id=household,
        person_id=people[1],
        typed={},
    )
    measures.provisional(environment, CLERK, people[1])
    for act in (desk.open_case, desk.hold):
        with pytest.raises(CaseGone):
            act(environment, CLERK, case.case_number)
    with pytest.raises(CaseGone):
        desk.receive(environment, CLERK, token="t2", reason=Reason.MOVE_OUT, reception={}, household_id=household)
    assert desk.open_case(environment, PROTECTOR, case.case_number).case_id == case.case_id


def test_the_take_over_file_leaves_them_out_and_says_so(environment: Environment, clock: SettableClock) -> None:
    from io import StringIO

    from daicho.register.exports import take_over_file

    clock.advance(days=30)
    refuge = make_refuge(environment)
    file = StringIO()
    with environment.database.transaction() as connection:
        assert take_over_file.write(connection, environment, file) == 2
        assert take_over_file.left_out(connection, environment) == 3
    assert not leaks(file.getvalue())
    assert refuge.protection_id


def test_reviewers_do_not_read_the_database_of_measures(environment: Environment) -> None:
    refuge = make_refuge(environment)
    for officer in (CLERK, REVIEWER):
        with pytest.raises(NotAllowed):
            reading.open_measure(environment, officer, refuge.protection_id)
        with pytest.raises(NotAllowed):
            reading.work_list(environment, officer)
    with pytest.raises(NotAvailable):
        reading.open_measure(environment, PROTECTOR, 404)


def test_the_other_record_of_one_person_is_hidden_with_hers(environment: Environment) -> None:
    """Two records that two officers have found to be one person: what hides the one hides the other."""
    from daicho.register.store.links import act_on_link, ask_link
    from daicho.register.store.search import search

    _, [first] = move_in_family(environment, 1)
    _, [second] = move_in_family(environment, 1)
    link = ask_link(environment, CLERK, first, second, "31")
    act_on_link(environment, REVIEWER, link, "link", "51", seen=1)
    measures.provisional(environment, CLERK, first)
    assert [hidden(environment, one) for one in (first, second)] == [True, True]
    assert search(environment, CLERK, "肥塚三丁目112番地4", Purpose.RESIDENT_INQUIRY).hits == ()


@pytest.mark.parametrize(
    ("reason", "comment", "item"),
    [("elsewhere", "x", "終了の理由"), ("asked", " ", "確かめた内容"), ("refused", "x", "申出者への連絡年月日")],
)
def test_what_is_not_a_release_is_refused(environment: Environment, reason: str, comment: str, item: str) -> None:
    with pytest.raises(ItemMissing) as missing:
        release.ask_release(environment, PROTECTOR, 1, 1, reason, comment)
    assert missing.value.data == {"item": item}
    with pytest.raises(NotAvailable):
        release.decide_release(environment, SECOND, 404, approve=True)


def test_a_stale_state_is_never_written(environment: Environment) -> None:
    """The trigger's own count of versions, in the words of the register."""
    _, people = move_in_family(environment, 1)
    protection = measures.provisional(environment, CLERK, people[0])
    with environment.database.transaction() as connection:
        seen = measures.held(connection, environment, protection)
    measures.amend(environment, PROTECTOR, protection, 1, details={"memo": "x"})
    with pytest.raises(ProtectionChanged), environment.database.transaction() as connection:
        measures._write(connection, environment, PROTECTOR, protection, "amend", seen)
