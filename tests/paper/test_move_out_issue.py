"""転出証明書 and its equivalent: who gets which, what they say, and a reissue that shows the first state."""

from datetime import date, timedelta

import pytest

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.access.errors import NotAllowed, NotAvailable
from daicho.law.dates import LegalDate
from daicho.register.changes.plan import Effect
from daicho.register.paper import lookup
from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.errors import (
    CertificateNotOwed,
    KindNotForAuthority,
    NoSuchIssue,
    NotMovedOut,
)
from daicho.register.paper.issue import Counter, Reservation, open_file, release, reserve
from daicho.register.paper.kinds import moveout_code
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.reproduction import paper_again, reproduce
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.issuing import acts, application, family, plan_move_out, rows, text_of
from tests.paper.samples import NAME, man, subject
from tests.people import CLERK, REVIEWER, do_register, plan


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A press and nobody suppressed."""
    return Counter(press)


def plan_leaving(env: Environment, person: int, on: date, **changes: object) -> None:
    """A move-out registered as the form does it: the removed record from the planned day on."""
    from daicho.law.reasons import Reason

    with env.database.transaction() as connection:
        known = live_rows(connection, [person])[person][-1].record
        items: dict[str, object] = {
            "status": "moved_out",
            "removed_on": LegalDate(on),
            "removed_notified_on": env.clock.today(),
            "removed_reason": "国内転出",
            "removed_basis": "届出",
            "planned_on": on,
            "planned_address": "東京都杉並区高円寺北三丁目22番9号",
            "planned_municipality": "131156",
            **changes,
        }
        gone = known.with_(**items)
        do_register(connection, env, plan(Effect(person, "remove", "mover", on, gone), reason=Reason.MOVE_OUT))


def issued(env: Environment, counter: Counter, household: int, asking: int, **changes: object) -> Reservation:
    """A move-out certificate handed over."""
    made = reserve(env, counter, CLERK, application(household, asking, **{"kind": "move_out", **changes}))
    return release(env, counter, CLERK, made.application_id, made.digests)


def paper_text(env: Environment, made: Reservation) -> str:
    """The text of the first copy."""
    return text_of(open_file(env, CLERK, made.copies[0].certificate_id))


def test_who_plans_to_leave_gets_the_certificate(environment: Environment, counter: Counter) -> None:
    household, people = family(environment, 3)
    plan_leaving(environment, people[1], environment.clock.today() + timedelta(days=20))
    made = issued(environment, counter, household, people[1])
    assert made.fee_yen == 0
    text = paper_text(environment, made)
    assert "転出証明書" in text
    assert "転出先住所東京都杉並区高円寺北三丁目22番9号" in text
    assert "転出予定年月日令和8年4月21日" in text
    assert "世帯主髙橋健一" in text  # the head stays
    assert "髙橋蓮" not in text
    assert "再交付" not in text
    [entry] = rows(environment, "SELECT number_shown FROM trail.entry WHERE act = 'certificate.issue'")
    assert entry["number_shown"]


def test_only_those_who_may_notify_get_it(environment: Environment, counter: Counter) -> None:
    household, people = family(environment, 1)
    plan_leaving(environment, people[0], environment.clock.today())
    for authority in (Authority.THIRD_PARTY, Authority.OFFICE, Authority.AGENT):
        with pytest.raises(KindNotForAuthority):
            reserve(
                environment,
                counter,
                CLERK,
                application(household, people[0], kind="move_out", authority=authority, requester="某"),
            )


def test_after_fourteen_days_it_is_the_equivalent(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, people = family(environment, 2)
    clock.advance(days=40)
    day = environment.clock.today() - timedelta(days=15)
    plan_leaving(environment, people[1], day)
    with pytest.raises(CertificateNotOwed):
        reserve(environment, counter, CLERK, application(household, people[1], kind="move_out"))
    made = issued(environment, counter, household, people[1], kind="move_out_equivalent")
    text = paper_text(environment, made)
    assert "転出証明書に準ずる証明書" in text
    assert "転入届に添付すべき書類として発行したもの" in text


def test_a_household_that_stays_or_goes_abroad_gets_none(environment: Environment, counter: Counter) -> None:
    household, people = family(environment, 2)
    with pytest.raises(NotAvailable):
        reserve(
            environment, counter, CLERK, application(household, people[0], kind="move_out", person_ids=(people[0],))
        )
    plan_leaving(environment, people[1], environment.clock.today(), removed_reason="国外転出")
    with pytest.raises(NotMovedOut):
        reserve(environment, counter, CLERK, application(household, people[1], kind="move_out"))


def test_a_reissue_says_so_and_shows_the_first_state(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, people = family(environment, 2)
    plan_leaving(environment, people[1], environment.clock.today())
    first = issued(environment, counter, household, people[1])
    clock.advance(days=3)
    with environment.database.transaction() as connection:
        known = live_rows(connection, people[1:])[people[1]][-1].record
        changed = known.with_(name="髙橋　訂正", confirmed_address="千葉県市川市八幡一丁目1番1号")
        do_register(connection, environment, plan(Effect(people[1], "amend", "mover", clock.today(), changed)))
    original = first.copies[0].certificate_id
    again = issued(
        environment,
        counter,
        household,
        people[1],
        person_ids=(people[1],),
        reissue_of=original,
        items=frozenset({Item.SPECIAL_MOVE}),
    )
    text = paper_text(environment, again)
    assert "再交付" in text
    assert "特例による転出処理済" in text
    assert "髙橋美咲" in text
    assert "髙橋訂正" not in text
    for wrong in ({"reissue_of": 1}, {"reissue_of": original, "kind": "move_out_equivalent"}):
        with pytest.raises(NoSuchIssue):
            reserve(
                environment,
                counter,
                CLERK,
                application(household, people[1], person_ids=(people[1],), **{"kind": "move_out", **wrong}),
            )
    with environment.database.transaction() as connection:
        assert paper_again(connection, environment, again.copies[0].certificate_id).stamps[0] == "再交付"


def test_a_reproduction_is_a_look_and_equal_to_the_byte(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household, people = family(environment, 2)
    plan_move_out(environment, people[1], environment.clock.today() + timedelta(days=5))
    made = reserve(environment, counter, CLERK, application(household, people[0]))
    release(environment, counter, CLERK, made.application_id, made.digests)
    clock.advance(days=30)
    with environment.database.transaction() as connection:
        states = [row["state_id"] for row in rows(environment, "SELECT state_id FROM register.certificate_person")]
        [line] = lookup.issued_from(connection, states[:1])
        assert line.certificate_id == made.copies[0].certificate_id
        assert lookup.issued_from(connection, [1]) == ()
    again = reproduce(environment, counter, REVIEWER, made.copies[0].certificate_id)
    assert (again.same_bytes, again.same_versions, again.pages) == (True, True, 1)
    assert acts(environment)[-1] == "certificate.reproduce"
    subjects = rows(
        environment,
        "SELECT person_id FROM trail.subject JOIN trail.entry USING (entry_id) WHERE act = 'certificate.reproduce'",
    )
    assert {row["person_id"] for row in subjects} == set(people)


def test_a_past_paper_with_a_number_is_for_those_who_may_see_numbers(
    environment: Environment, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    household, people = family(environment, 1)
    numbered = application(household, people[0], items=frozenset({Item.INDIVIDUAL_NUMBER}))
    papers = []
    for wanted in (numbered, application(household, people[0])):
        made = reserve(environment, counter, CLERK, wanted)
        release(environment, counter, CLERK, made.application_id, made.digests)
        papers.append(made.copies[0].certificate_id)
    assert reproduce(environment, counter, CLERK, papers[0]).same_bytes
    [*_, entry] = rows(environment, "SELECT act, number_shown FROM trail.entry ORDER BY entry_id")
    assert (entry["act"], entry["number_shown"]) == ("certificate.reproduce", True)

    def without_numbers(actor: Actor, right: Right, *, on: date) -> None:
        if right is Right.NUMBER_REVEAL:
            raise NotAllowed
        require_right(actor, right, on=on)

    monkeypatch.setattr("daicho.register.paper.reproduction.require_right", without_numbers)
    with pytest.raises(NotAllowed):
        reproduce(environment, counter, CLERK, papers[0])
    assert reproduce(environment, counter, CLERK, papers[1]).same_bytes


def test_the_code_says_what_the_receiving_city_needs() -> None:
    told = moveout_code.decode(moveout_code.encode(subject(1, man()), "112020"))
    assert told["name"] == NAME
    assert told["birth"] == "1980-03-12"
    assert told["municipality"] == "112020"
    assert set(told) == set(moveout_code.FIELDS)
    for wrong in ("", "DAICHO1", "OTHER\t" + "\t".join(moveout_code.FIELDS)):
        with pytest.raises(ValueError, match="no code"):
            moveout_code.decode(wrong)
