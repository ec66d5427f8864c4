"""A case from reception to registration, and everything that must not happen on the way."""

import psycopg
import pytest

from daicho.access.errors import NotAllowed, SameOfficer
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import files, review
from daicho.register.desk.errors import (
    CaseGone,
    CommentMissing,
    EntryIncomplete,
    HeldByOther,
    NoSuchField,
    RekeyMissing,
    StalePage,
    WrongStatus,
)
from daicho.wire.environment import Connection, Environment
from tests.desk.build import (
    BIRTHS,
    OTHER_CLERK,
    OTHER_REVIEWER,
    REKEYS,
    family_typed,
    number,
    provisional,
    ready,
    receive,
    sent,
    taken,
)
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER


def counts(connection: Connection) -> tuple[int, int]:
    """(changes, live states) of the register."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM register.change) AS changes,"
        " (SELECT count(*) FROM register.resident_state) AS states"
    ).fetchone()
    assert row is not None
    return row["changes"], row["states"]


def acts(env: Environment, case_id: int) -> list[str]:
    """The acts of a case in the trail, in order."""
    with env.database.transaction() as connection:
        rows = connection.execute("SELECT act FROM trail.entry WHERE case_id = %s ORDER BY entry_id", (case_id,))
        return [row["act"] for row in rows]


def test_the_main_job_registers_once_and_says_so_everywhere(
    environment: Environment, owner_connection: Connection
) -> None:
    """Received, typed, checked, reviewed by another officer, decided, registered: state, history and trail agree."""
    case = ready(environment)
    assert case.case_number == "R8-0401-0001"
    assert counts(owner_connection) == (0, 0)
    done = review.approve(environment, REVIEWER, case.case_number, case.version)
    assert done.status == "registered"
    assert counts(owner_connection) == (1, 4)
    change = owner_connection.execute("SELECT * FROM register.change").fetchone()
    assert change is not None
    assert (change["case_id"], change["entrant"], change["reviewer"], change["decider"]) == (
        case.case_id,
        "clerk1",
        "reviewer1",
        "reviewer1",
    )
    with environment.database.transaction() as connection:
        history = [(e.from_status, e.to_status) for e in files.events(connection, case.case_id)]
    assert history == [
        ("new", "received"),
        ("received", "provisional"),
        ("provisional", "checked"),
        ("checked", "checked"),
        ("checked", "reviewed"),
        ("reviewed", "decided"),
        ("decided", "registered"),
    ]
    assert acts(environment, case.case_id) == [
        "case.receive",
        "case.check",
        "case.send",
        "case.take",
        "case.rekey",
        "case.review",
        "change.register",
    ]


def test_a_case_needs_the_right(environment: Environment) -> None:
    """An administrator enters nothing; a clerk reviews nothing."""
    from tests.people import actor

    with pytest.raises(NotAllowed):
        receive(environment, actor("admin1", "administrator"))
    case = sent(environment)
    with pytest.raises(NotAllowed):
        review.take(environment, OTHER_CLERK, case.case_number)


def test_one_sending_of_the_reception_makes_one_case(environment: Environment) -> None:
    """Double submit of the reception."""
    assert receive(environment).case_number == receive(environment).case_number
    assert receive(environment, sending="t2").case_number == "R8-0401-0002"


def test_every_field_is_kept_as_typed(environment: Environment) -> None:
    """Even what cannot be understood; what is not sent stays."""
    case = receive(environment)
    case = desk.save_draft(environment, CLERK, case.case_number, case.version, {"p1.birth": "きのう?", "lot": "x"})
    case = desk.save_draft(environment, CLERK, case.case_number, case.version, {"lot": "214"}, focus="f-lot")
    again = desk.open_case(environment, OTHER_CLERK, case.case_number)
    assert (again.typed["p1.birth"], again.typed["lot"], again.focus) == ("きのう?", "214", "f-lot")


def test_numbers_in_a_draft_are_sealed_in_the_database(environment: Environment, owner_connection: Connection) -> None:
    """An individual number never lies in clear in the database, not even in a draft or its checked form."""
    case = provisional(environment)
    row = owner_connection.execute("SELECT c::text AS everything FROM register.case_file c").fetchone()
    assert row is not None
    assert number(1) not in row["everything"]
    assert case.typed["p1.individual_number"] == number(1)


def test_an_unknown_field_is_refused(environment: Environment) -> None:
    """A form has its fields and no others."""
    case = receive(environment)
    for typed in ({"status": "registered"}, {"p99.name": "x"}, {"p1.secret": "x"}, {"lot": "9" * 501}, {"lot": "\x00"}):
        with pytest.raises(NoSuchField):
            desk.save_draft(environment, CLERK, case.case_number, case.version, typed)


def test_a_stale_page_changes_nothing(environment: Environment) -> None:
    """Two pages on one case: the second is told; the first's own autosave is not stale."""
    case = receive(environment)
    desk.save_draft(environment, CLERK, case.case_number, case.version, {"lot": "1"}, page="a")
    with pytest.raises(StalePage):
        desk.save_draft(environment, CLERK, case.case_number, case.version, {"lot": "2"}, page="b")
    with pytest.raises(StalePage):
        checking.check(environment, CLERK, case.case_number, case.version, page="b")
    kept = desk.save_draft(environment, CLERK, case.case_number, case.version, {"lot": "3"}, page="a")
    assert kept.typed["lot"] == "3"


def test_a_late_autosave_does_not_undo_the_check(environment: Environment) -> None:
    """An autosave on its way when the form is sent arrives after it."""
    case = receive(environment)
    first = desk.save_draft(environment, CLERK, case.case_number, case.version, family_typed(), page="a")
    checked = checking.check(environment, CLERK, case.case_number, first.version, page="a").case
    late = desk.save_draft(environment, CLERK, case.case_number, case.version, {"lot": "9"}, page="a", background=True)
    assert (late.status, late.version, late.typed["lot"]) == ("provisional", checked.version, "214-3")


def test_another_clerk_cannot_type_into_an_open_case(environment: Environment) -> None:
    """Someone else's case; handing over keeps the draft, and both count as entrants."""
    case = receive(environment)
    with pytest.raises(HeldByOther):
        desk.save_draft(environment, OTHER_CLERK, case.case_number, case.version, {"lot": "1"})
    with pytest.raises(HeldByOther):
        desk.hold(environment, OTHER_CLERK, case.case_number)
    held = desk.hold(environment, OTHER_CLERK, case.case_number, take_over=True)
    kept = desk.save_draft(environment, OTHER_CLERK, case.case_number, held.version, {"lot": "1"})
    assert kept.entered_by == ("clerk1", "clerk2")


def test_a_parked_case_goes_on_at_another_desk_at_the_same_field(environment: Environment) -> None:
    """Park, resume elsewhere."""
    case = receive(environment)
    parked = desk.park(environment, CLERK, case.case_number, case.version, "電話で中断", focus="f-building")
    assert (parked.status, parked.holder) == ("parked", None)
    resumed = desk.hold(environment, OTHER_CLERK, case.case_number)
    assert (resumed.status, resumed.holder, resumed.focus) == ("received", "clerk2", "f-building")


def test_incomplete_entries_name_every_field(environment: Environment) -> None:
    """All errors at once, in the order of the form; the draft stays."""
    case = receive(environment)
    typed = {"change_date": "R8.2.30", "p1.name": "渡邉 大輔", "p1.sex": "3", "p1.birth": "H010100"}
    case = desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, case.version)
    fields = list(caught.value.fields)
    assert fields[:3] == ["change_date", "town", "lot"]
    assert {"previous_address", "p1.birth", "p1.sex", "p1.relationship", "p1.domicile"} <= set(fields)
    assert desk.open_case(environment, CLERK, case.case_number).typed["change_date"] == "R8.2.30"


@pytest.mark.parametrize(
    ("field", "typed", "code_in_words"),
    [
        ("p1.individual_number", "123456789012", "検査数字"),
        ("p1.resident_code", "12345678901", "検査数字"),
        ("p1.birth", "200312", "元号"),
        ("p1.birth", "R080230x", "読み取れません"),
        ("change_date", "R8.4.2", "今日より後"),
        ("town", "ない町", "町名"),
        ("p1.name", "渡\ue000", "外字"),
        ("p1.name", "渡邉\U000e01ef", "字形"),
        ("p2.relationship", "孫", "続柄"),
        ("p2.relationship", "02", "世帯主が二人"),
        ("p1.relationship", "20", "世帯主がいません"),
        ("lot", "abc", "番地"),
    ],
)
def test_bad_input_is_told_at_its_field(environment: Environment, field: str, typed: str, code_in_words: str) -> None:
    """Issue 2, bad input: a clear sentence, nothing registered, nothing typed lost."""
    case = receive(environment)
    case = desk.save_draft(environment, CLERK, case.case_number, case.version, family_typed() | {field: typed})
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, case.version)
    assert code_in_words in " ".join(caught.value.fields.values())
    kept = desk.open_case(environment, CLERK, case.case_number)
    assert (kept.status, kept.typed[field]) == ("received", typed)


def test_the_entrant_reviews_and_decides_nothing(environment: Environment) -> None:
    """Four eyes in the service: whoever typed, at any time."""
    entrant = sent(environment)
    typist = REVIEWER
    case = receive(environment, typist, sending="t9")
    case = desk.save_draft(environment, typist, case.case_number, case.version, family_typed(base=50))
    case = desk.hold(environment, CLERK, case.case_number, take_over=True)
    case = checking.check(environment, CLERK, case.case_number, case.version).case
    checking.send(environment, CLERK, case.case_number, case.version, "01")
    for act in (
        lambda: review.take(environment, typist, case.case_number),
        lambda: review.rekey(environment, typist, case.case_number, REKEYS),
        lambda: review.return_case(environment, typist, case.case_number, case.version + 1, [("", "x")]),
        lambda: review.approve(environment, typist, case.case_number, case.version + 1),
    ):
        with pytest.raises(SameOfficer):
            act()
    assert entrant.status == "checked"


def test_the_database_refuses_an_entrant_as_reviewer(environment: Environment, owner_connection: Connection) -> None:
    """Four eyes in the database, and no way back from a final state, no second version, no deletion."""
    case = sent(environment)
    refused = [
        "UPDATE register.case_file SET status = 'reviewed', reviewer = 'clerk1', version = version + 1",
        "UPDATE register.case_file SET status = 'registered', version = version + 1",
        "UPDATE register.case_file SET status = 'decided', decider = 'reviewer1', reviewer = 'reviewer1',"
        " version = version + 1",
        "UPDATE register.case_file SET entered_by = '{reviewer1}', entrant = 'reviewer1', version = version + 1",
        "UPDATE register.case_file SET focus = 'x'",
        "UPDATE register.case_file SET status = 'returned', version = version + 1",
        "DELETE FROM register.case_file",
        "DELETE FROM register.case_event",
        "UPDATE register.case_event SET officer = 'x'",
    ]
    for statement in refused:
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(statement.encode())
    assert desk.open_case(environment, CLERK, case.case_number).status == "checked"


def test_dates_are_keyed_again_by_the_reviewer(environment: Environment) -> None:
    """A mismatch is keyed a third time; the entry agrees with the document and the case goes on."""
    case = taken(environment)
    with pytest.raises(RekeyMissing):
        review.approve(environment, REVIEWER, case.case_number, case.version)
    first = review.rekey(environment, REVIEWER, case.case_number, {**REKEYS, "p3.birth": "H260612"})
    assert {field: result.outcome for field, result in first.items()} == {
        "change_date": "match",
        "p1.birth": "match",
        "p2.birth": "match",
        "p3.birth": "mismatch",
        "p4.birth": "match",
    }
    with pytest.raises(RekeyMissing):
        review.approve(environment, REVIEWER, case.case_number, case.version)
    again = review.rekey(environment, REVIEWER, case.case_number, {"p3.birth": "H260621"})
    assert again["p3.birth"].outcome == "mismatch"
    third = review.rekey(
        environment, REVIEWER, case.case_number, {"p1.birth": "S1.1.7"}, {"p3.birth": "平成26年6月21日"}
    )
    assert (third["p3.birth"].outcome, third["p1.birth"].outcome) == ("settled", "match")
    assert review.approve(environment, REVIEWER, case.case_number, case.version).status == "registered"


@pytest.mark.parametrize("third", ["H260612", "H260601"])
def test_a_mismatch_that_stands_returns_the_case(environment: Environment, third: str) -> None:
    """The third keying decides against the entry: back to the entrant, with the field named."""
    case = taken(environment)
    review.rekey(environment, REVIEWER, case.case_number, {"p3.birth": "H260612"})
    review.rekey(environment, REVIEWER, case.case_number, {}, {"p3.birth": third})
    returned = desk.open_case(environment, CLERK, case.case_number)
    assert (returned.status, returned.focus, returned.holder) == ("returned", "p3.birth", None)
    held = desk.hold(environment, CLERK, case.case_number)
    fixed = desk.save_draft(environment, CLERK, case.case_number, held.version, {"p3.birth": "H260612"})
    assert fixed.status == "received"
    checked = checking.check(environment, CLERK, case.case_number, fixed.version).case
    again = checking.send(environment, CLERK, case.case_number, checked.version, "01")
    assert again.round == 2
    review.take(environment, REVIEWER, case.case_number)
    results = review.rekey(environment, REVIEWER, case.case_number, REKEYS | {"p3.birth": "H260612"})
    assert {result.outcome for result in results.values()} == {"match"}


def test_a_return_says_why_and_where(environment: Environment) -> None:
    """Comments on fields; none is not enough."""
    case = taken(environment)
    with pytest.raises(CommentMissing):
        review.return_case(environment, REVIEWER, case.case_number, case.version, [("lot", " ")])
    returned = review.return_case(environment, REVIEWER, case.case_number, case.version, [("lot", "書類は 214-5 です")])
    with environment.database.transaction() as connection:
        comments = files.events(connection, case.case_id)[-1].comments
    assert (returned.status, comments) == ("returned", (("lot", "書類は 214-5 です"),))


def test_a_taken_case_is_one_reviewers(environment: Environment) -> None:
    """Taken by another reviewer; given back; taken again."""
    case = taken(environment)
    with pytest.raises(HeldByOther):
        review.take(environment, OTHER_REVIEWER, case.case_number)
    review.give_back(environment, REVIEWER, case.case_number, case.version)
    assert review.take(environment, OTHER_REVIEWER, case.case_number).holder == "reviewer2"


def test_review_and_decision_may_be_two_officers(environment: Environment) -> None:
    """審査 by one, 決裁 by another."""
    case = ready(environment)
    reviewed = review.approve(environment, REVIEWER, case.case_number, case.version, go_on=False)
    assert (reviewed.status, reviewed.reviewer, reviewed.decider) == ("reviewed", "reviewer1", None)
    held = review.take(environment, OTHER_REVIEWER, case.case_number)
    done = review.decide_case(environment, OTHER_REVIEWER, case.case_number, held.version)
    assert (done.status, done.reviewer, done.decider) == ("registered", "reviewer1", "reviewer2")


def test_a_finished_case_is_finished(environment: Environment) -> None:
    """Withdrawn or refused, with a reason; nothing goes on from there."""
    case = provisional(environment)
    with pytest.raises(CommentMissing):
        desk.withdraw(environment, CLERK, case.case_number, case.version, "")
    ended = desk.withdraw(environment, CLERK, case.case_number, case.version, "届出人が取り下げた")
    assert ended.is_final
    with pytest.raises(WrongStatus):
        desk.save_draft(environment, CLERK, case.case_number, ended.version, {"lot": "1"})
    waiting = taken(environment, family_typed(base=20), "t2")
    refused = desk.refuse(environment, REVIEWER, waiting.case_number, waiting.version, "転出証明書がない")
    assert refused.status == "refused"


def test_a_case_that_is_not_there(environment: Environment) -> None:
    """No such number."""
    with pytest.raises(CaseGone):
        desk.open_case(environment, CLERK, "R8-0401-9999")


def test_births_are_what_the_reviewer_keys() -> None:
    """The fields to be keyed again are the change date and each birth date."""
    assert set(BIRTHS) < set(REKEYS)


def test_a_relative_day_means_the_day_it_was_typed(environment: Environment, clock: SettableClock) -> None:
    """今日 and -2 typed on one day, checked on the next and registered on the third are the days of the first."""
    case = receive(environment)
    case = desk.save_draft(environment, CLERK, case.case_number, case.version, family_typed())
    clock.advance(days=1)
    assert clock.today().isoformat() == "2026-04-02"
    checked = checking.check(environment, CLERK, case.case_number, case.version)
    assert checked.prepared.entry.on.isoformat() == "2026-03-30"
    assert checked.prepared.plan.notified_on is not None
    assert checked.prepared.plan.notified_on.isoformat() == "2026-04-01"
    again = desk.save_draft(environment, CLERK, case.case_number, checked.case.version, {"change_date": "-1"})
    checked = checking.check(environment, CLERK, case.case_number, again.version)
    assert checked.prepared.entry.on.isoformat() == "2026-04-01"
    sent = checking.send(environment, CLERK, case.case_number, checked.case.version)
    clock.advance(days=1)
    review.take(environment, REVIEWER, case.case_number)
    results = review.rekey(environment, REVIEWER, case.case_number, {"change_date": "R8.4.1"})
    assert results["change_date"].outcome == "match"
    assert sent.status == "checked"
