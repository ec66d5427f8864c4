"""The ledger of issues, the list for inspection, copies of records that ended: each through the counter."""

from datetime import timedelta

import pytest

from daicho.access.errors import NotAllowed, NotAvailable
from daicho.law.dates import LegalDate
from daicho.register.changes.plan import Effect
from daicho.register.paper import ledger
from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.errors import KindNotForAuthority, ListTooLong, RequestIncomplete, StatesChanged
from daicho.register.paper.issue import Counter, misprint, open_file, release, reserve, void
from daicho.register.paper.ledger import Wanted
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.reproduction import paper_again
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.paper.issuing import application, at, family, rows, text_of
from tests.people import CLERK, actor, do_register, plan

TOWN = "11202001002"


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A press and nobody suppressed."""
    return Counter(press)


def settle_in_town(env: Environment, people: list[int]) -> None:
    """The family stands in a town with a code."""
    with env.database.transaction() as connection:
        effects = [
            Effect(
                person,
                "amend",
                "mover",
                env.clock.today(),
                live_rows(connection, [person])[person][-1].record.with_(town_code=TOWN),
            )
            for person in people
        ]
        do_register(connection, env, plan(*effects))


def listing(**changes: object) -> dict[str, object]:
    """A list for a research, asked for by a third party."""
    known = {
        "kind": "inspection",
        "authority": Authority.THIRD_PARTY,
        "requester": "世論調査会",
        "requester_person": None,
        "reason": "世論調査",
        "town_code": TOWN,
    }
    return {**known, **changes}


def test_a_list_shows_four_items_and_nobody_who_is_protected(environment: Environment, press: PressClient) -> None:
    _, people = family(environment, 4)
    settle_in_town(environment, people)
    hidden = {people[1]}
    counter = Counter(press, left_out=lambda _connection, _env, persons: frozenset(hidden & set(persons)))
    made = reserve(environment, counter, CLERK, application(None, 0, **listing()))  # type: ignore[arg-type]
    release(environment, counter, CLERK, made.application_id, made.digests)
    certificate_id = made.copies[0].certificate_id
    text = text_of(open_file(environment, CLERK, certificate_id))
    assert "人数3人" in text
    assert "髙橋美咲" not in text
    assert "1髙橋健一昭和55年3月12日男埼玉県熊谷市肥塚三丁目112番地4" in text
    assert "世帯主" not in text
    assert made.fee_yen == 300
    [stored] = rows(
        environment, "SELECT household_id, cardinality(person_ids) AS people FROM register.certificate_application"
    )
    assert (stored["household_id"], stored["people"]) == (None, 3)
    with environment.database.transaction() as connection:
        assert len(paper_again(connection, environment, certificate_id).sections) == 3
    # protected since the preview: the list is not handed over
    second = reserve(environment, counter, CLERK, application(None, 0, **listing()))  # type: ignore[arg-type]
    hidden.add(people[0])
    with pytest.raises(StatesChanged):
        release(environment, counter, CLERK, second.application_id, second.digests)
    hidden.update(people)
    with pytest.raises(NotAvailable):
        reserve(environment, counter, CLERK, application(None, 0, **listing()))  # type: ignore[arg-type]


def test_a_list_has_its_limits(environment: Environment, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    _, people = family(environment, 2)
    settle_in_town(environment, people)
    with pytest.raises(KindNotForAuthority):
        reserve(environment, counter, CLERK, application(None, 0, **listing(authority=Authority.PROXY)))  # type: ignore[arg-type]
    with pytest.raises(RequestIncomplete):
        reserve(environment, counter, CLERK, application(None, 0, **listing(town_code=None)))  # type: ignore[arg-type]
    monkeypatch.setattr("daicho.register.paper.reader.MOST_LISTED", 1)
    with pytest.raises(ListTooLong):
        reserve(environment, counter, CLERK, application(None, 0, **listing()))  # type: ignore[arg-type]


def test_every_number_of_a_day_is_accounted_for(
    environment: Environment, counter: Counter, clock: SettableClock, owner_connection: Connection
) -> None:
    household, people = family(environment, 2)
    today = environment.clock.today()
    for terminal in ("SHIMIN-01", "SHIMIN-02"):
        clerk = at(terminal)
        made = reserve(environment, counter, clerk, application(household, people[0], copies=2))
        release(environment, counter, clerk, made.application_id, made.digests)
        given_up = reserve(environment, counter, clerk, application(household, people[0]))
        void(environment, clerk, given_up.application_id)
    misprint(environment, clerk, made.copies[0].certificate_id, "紙詰まり")
    waiting = reserve(environment, counter, clerk, application(household, people[0]))
    found = ledger.find(environment, CLERK, Wanted(since=today, until=today))
    assert [
        (one.terminal, one.papers, one.issued, one.voided, one.misprinted, one.reserved) for one in found.tallies
    ] == [
        ("SHIMIN-01", 3, 2, 1, 0, 0),
        ("SHIMIN-02", 4, 1, 1, 1, 1),
    ]
    assert all(one.papers == one.issued + one.voided + one.misprinted + one.reserved for one in found.tallies)
    serials = rows(environment, "SELECT terminal, last_serial FROM register.certificate_serial ORDER BY terminal")
    assert [(row["terminal"], row["last_serial"]) for row in serials] == [("SHIMIN-01", 3), ("SHIMIN-02", 4)]

    def numbers(**wanted: object) -> list[int]:
        chosen = Wanted(**{"since": today, "until": today, **wanted})  # type: ignore[arg-type] # fields by name
        return [line.certificate_id for line in ledger.find(environment, CLERK, chosen).lines]

    everything = numbers()
    assert len(everything) == 7
    assert numbers(status="reserved") == [waiting.copies[0].certificate_id]
    assert len(numbers(terminal="SHIMIN-01")) == 3
    assert len(numbers(number="SHIMIN-02 プリンタ001 003")) == 1
    assert numbers(kind="removed_copy") == []
    assert numbers(overflow=True) == []
    assert numbers(sheets=1) == everything
    assert numbers(sheets=2) == numbers(item="domicile") == []
    with_domicile = application(household, people[0], items=frozenset({Item.DOMICILE}))
    more = reserve(environment, counter, at("SHIMIN-03"), with_domicile).copies[0].certificate_id
    assert numbers(item="domicile") == [more]
    everything = numbers()
    assert numbers(officer="clerk2") == []
    assert numbers(office="大里") == []
    [number] = rows(environment, "SELECT addressee_number FROM register.person WHERE person_id = %s", people[1])
    assert numbers(addressee_number=number["addressee_number"]) == everything
    assert numbers(addressee_number="1") == []
    assert numbers(kind="nothing", status="nothing") == everything  # what is no code asks for nothing
    clock.advance(days=400)
    assert numbers() != []
    owner_connection.execute("UPDATE register.paper_setting SET value = 1")
    assert numbers() == []
    with pytest.raises(NotAllowed):
        ledger.find(environment, actor("nobody"), Wanted(since=today, until=today))


def test_a_record_that_ended_has_its_copy_and_is_reproduced(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    from tests.store.test_record_ends import renew

    household, [person] = family(environment, 1)
    clock.advance(days=1)
    renew(environment, household, person)
    wanted = application(household, person, kind="removed_copy", person_ids=(person,))
    made = reserve(environment, counter, CLERK, wanted)
    release(environment, counter, CLERK, made.application_id, made.digests)
    text = text_of(open_file(environment, CLERK, made.copies[0].certificate_id))
    assert "住民票の除票" in text
    assert "消除事由改製" in text
    # the present record goes on as a copy of its own
    release_of = reserve(environment, counter, CLERK, application(household, person))
    assert release_of.copies[0].pages == 1
    clock.advance(days=30)
    with environment.database.transaction() as connection:
        known = live_rows(connection, [person])[person][-1].record
        wider = known.with_(remarks="あとの備考", settled_on=LegalDate(clock.today() - timedelta(days=1)))
        do_register(connection, environment, plan(Effect(person, "amend", "mover", clock.today(), wider)))
    with environment.database.transaction() as connection:
        paper = paper_again(connection, environment, made.copies[0].certificate_id)
    assert paper.title == "住民票の除票"
