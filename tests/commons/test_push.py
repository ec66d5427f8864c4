"""Pushing to offices: only what the basis allows, in order, once; whoever is hidden stays hidden; nobody waits for another."""

import json
import threading
import time
from datetime import date

import psycopg
import pytest

from daicho.commons.exchange import backlog, push, subscribers
from daicho.commons.exchange.delivering import Delivering
from daicho.commons.exchange.errors import BeyondBasis, EventNotWaiting, NoBasis, PeriodTaken, ReasonMissing
from daicho.commons.exchange.render import hidden_among
from daicho.wire.environment import Environment
from daicho.wire.errors import SignatureBroken
from tests.commons.offices import HOKEN, KOKUHO, Offices
from tests.commons.told import ADDRESS, changed, suppressed


def test_a_change_reaches_the_office_once_with_the_items_of_its_basis(empty: Environment, offices: Offices) -> None:
    kokuho = offices(KOKUHO)
    changed(empty, "1001", 1, nationality="USA")
    assert kokuho.step().settled == 1
    assert kokuho.step() == push.Pushed()
    [event] = kokuho.events
    assert {name: event[name] for name in ("specversion", "type", "subject", "datacontenttype")} == {
        "specversion": "1.0", "type": "jp.daicho.resident.changed.v1", "subject": "1001",
        "datacontenttype": "application/json",
    }  # fmt: skip
    data = event["data"]
    assert isinstance(data, dict)
    [picture] = data["pictures"]
    assert (picture["name"], picture["address"], data["change"]["reason"]) == (
        "髙橋　健一",
        "肥塚三丁目112番地4",
        "move_in",
    )
    assert not {"nationality", "stay_until", "individual_number", "resident_code", "previous_address"} & picture.keys()


def test_items_beyond_the_basis_are_refused_and_a_basis_that_ends_tells_nothing_more(
    empty: Environment, offices: Offices
) -> None:
    for registration, error in (
        ({**HOKEN, "items": ["氏名", "nationality"]}, BeyondBasis),
        ({**HOKEN, "protection": "marked"}, BeyondBasis),
        ({**HOKEN, "transfer_no": 30}, NoBasis),
        ({**HOKEN, "transfer_no": 36}, NoBasis),
    ):
        with empty.database.transaction() as connection, pytest.raises(error):
            wanted = subscribers.read_registration(registration)
            subscribers.register(connection, empty, wanted, officer="admin1", reason="試験")
    kokuho = offices(KOKUHO)
    with empty.database.transaction() as connection:
        subscribers.end(connection, "office-kokuho", date(2026, 4, 1).replace(day=2))
    empty.clock.advance(days=1)  # type: ignore[attr-defined]
    try:
        changed(empty, "1001", 1)
        assert kokuho.step().taken == 0
        assert kokuho.bodies == []
    finally:
        empty.clock.advance(days=-1)  # type: ignore[attr-defined]


def test_what_a_form_gave_beyond_the_list_is_not_told_even_when_it_stands_in_the_database(
    empty: Environment, offices: Offices
) -> None:
    """Whoever writes into the table by hand gives nobody more: the list is asked again at each telling."""
    kokuho = offices(KOKUHO, transfer_no=11, protection="withheld")
    with empty.database.transaction() as connection:
        row = connection.execute("SELECT items FROM commons.subscription").fetchone()
        assert row is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE commons.subscription SET items = items || '{nationality}'")
    changed(empty, "1001", 1, nationality="USA")
    kokuho.step()
    assert b"USA" not in kokuho.bodies[0]


def test_whoever_is_hidden_is_told_without_a_place_and_marked(empty: Environment, offices: Offices) -> None:
    """Also what was registered before the measure and waited, and whoever lives under the same roof."""
    withheld = offices(KOKUHO, subscriber="office-hoken", transfer_no=11, protection="withheld", items=HOKEN["items"])
    marked = offices(KOKUHO)
    changed(empty, "1001", 1, address=ADDRESS)
    changed(empty, "1002", 1, address=ADDRESS, name="髙橋　蓮")
    suppressed(empty, "1001", 2, protected=True)
    for office in (withheld, marked):
        while office.step().settled:
            pass
    assert ADDRESS.encode() not in b"".join(withheld.bodies)
    assert b"household" not in b"".join(withheld.bodies)
    assert [event["data"]["protected"] for event in withheld.events] == [True] * 4  # type: ignore[index]
    assert withheld.events[0]["data"]["pictures"][0] == {"name": "髙橋　健一", "sex": "1", "birth": "1980-03-12"}  # type: ignore[index]
    assert ADDRESS.encode() in b"".join(marked.bodies)
    assert all(event["data"]["protected"] for event in marked.events)  # type: ignore[index]
    suppressed(empty, "1001", 3, protected=False)
    withheld.step()
    assert withheld.events[-1]["data"]["pictures"][0]["address"] == ADDRESS  # type: ignore[index]


def test_order_is_kept_for_each_person_and_one_refusal_holds_up_nobody_else(
    empty: Environment, offices: Offices
) -> None:
    kokuho = offices(KOKUHO)
    kokuho.refuse = {"1001"}
    for sequence_no in (1, 2):
        changed(empty, "1001", sequence_no)
        changed(empty, "1002", sequence_no)
    results = [kokuho.step() for _ in range(3)]
    assert [(one.settled, one.dead) for one in results] == [(1, 1), (1, 0), (0, 0)]
    with empty.database.transaction() as connection:
        [dead] = backlog.dead_events(connection)
        assert (dead.code, dead.behind, dead.attempts) == ("E1", 1, 1)
        with pytest.raises(ReasonMissing):
            backlog.send_again(connection, empty, "office-kokuho", dead.position, officer="admin1", reason=" ")
        with pytest.raises(EventNotWaiting):
            backlog.send_again(connection, empty, "office-kokuho", 1, officer="admin1", reason="試験")
        backlog.send_again(connection, empty, "office-kokuho", dead.position, officer="admin1", reason="直した")
    kokuho.refuse = set()
    assert [kokuho.step().settled for _ in range(3)] == [1, 1, 0]
    told = [event["id"] for event in kokuho.events if event["subject"] == "1001"]
    assert told == sorted(told, key=lambda one: int(str(one)))


def test_what_cannot_be_delivered_may_be_completed_by_hand(empty: Environment, offices: Offices) -> None:
    kokuho = offices(KOKUHO)
    kokuho.refuse = {"1001"}
    changed(empty, "1001", 1)
    changed(empty, "1001", 2)
    kokuho.step()
    with empty.database.transaction() as connection:
        [dead] = backlog.dead_events(connection)
        backlog.complete_by_hand(
            connection, empty, "office-kokuho", dead.position, officer="admin1", reason="紙で渡した"
        )
    kokuho.refuse = set()
    assert kokuho.step().settled == 1
    with empty.database.transaction() as connection:
        rows = connection.execute("SELECT outcome FROM commons.delivered ORDER BY position").fetchall()
    assert [row["outcome"] for row in rows] == ["by_hand", "accepted"]


def test_whoever_is_away_is_tried_again_later_and_delays_nobody(empty: Environment, offices: Offices) -> None:
    away, there = offices(KOKUHO), offices(KOKUHO, subscriber="office-zei", transfer_no=1)
    away.down = True
    changed(empty, "1001", 1)
    assert (away.step().waiting, there.step().settled) == (1, 1)
    assert away.step().taken == 0
    with empty.database.transaction() as connection:
        standing = {one.subscriber: one for one in backlog.standings(connection, empty)}
    assert (standing["office-kokuho"].behind, standing["office-kokuho"].trouble) == (1, "unreachable")
    assert standing["office-zei"].behind == 0
    away.down = False
    empty.clock.advance(seconds=2)  # type: ignore[attr-defined]
    assert away.step().settled == 1


def test_a_crash_between_sending_and_writing_down_sends_the_same_event_again(
    empty: Environment, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    kokuho = offices(KOKUHO)
    changed(empty, "1001", 1)
    with monkeypatch.context() as patch:
        patch.setattr(push, "_settle", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            kokuho.step()
    assert kokuho.step().taken == 0
    empty.clock.advance(minutes=2)  # type: ignore[attr-defined]
    assert kokuho.step().settled == 1
    first, second = kokuho.events
    assert first["id"] == second["id"]


def test_only_what_this_office_signed_for_exactly_this_batch_settles_anything(
    empty: Environment, offices: Offices
) -> None:
    kokuho, other = offices(KOKUHO), offices(KOKUHO, subscriber="office-zei", transfer_no=1)
    changed(empty, "1001", 1)
    kokuho.own, signer = other.own, kokuho.own
    with pytest.raises(AssertionError):  # the pin: another's certificate is not sent anything
        push.step(empty, kokuho.commons, kokuho, "office-kokuho")
    empty.clock.advance(minutes=2)  # type: ignore[attr-defined]
    kokuho.own = signer
    kokuho.post, honest = (lambda *_: (200, b"x.y.z")), kokuho.post  # type: ignore[method-assign]
    assert kokuho.step().waiting == 1
    kokuho.post = honest  # type: ignore[method-assign]
    empty.clock.advance(minutes=2)  # type: ignore[attr-defined]
    assert kokuho.step().settled == 1
    with empty.database.transaction() as connection:
        [row] = connection.execute("SELECT * FROM commons.batch").fetchall()
    assert push.verify_batch(empty, kokuho.commons, row).outcomes[0].outcome == "accepted"
    with pytest.raises(SignatureBroken):
        push.verify_batch(empty, kokuho.commons, {**row, "body": row["body"].replace("髙橋", "高橋")})


def test_one_period_at_a_time(empty: Environment, offices: Offices) -> None:
    offices(KOKUHO)
    with empty.database.transaction() as connection, pytest.raises(PeriodTaken):
        wanted = subscribers.read_registration({**KOKUHO, "valid_from": date(2027, 1, 1)})
        subscribers.register(connection, empty, wanted, officer="admin1", reason="試験")


def test_batches_hold_json_and_nothing_else(empty: Environment, offices: Offices) -> None:
    kokuho = offices(KOKUHO)
    for number in range(60):
        changed(empty, str(2000 + number), 1)
    assert [kokuho.step().settled for _ in range(3)] == [50, 10, 0]
    assert len(json.loads(kokuho.bodies[0])) == 50


def test_who_was_hidden_under_a_roof_is_shown_when_the_measure_has_ended(empty: Environment, offices: Offices) -> None:
    """What the register said with a change ends with the measure that explains it; what nothing explains stays hidden."""
    withheld = offices(KOKUHO, subscriber="office-hoken", transfer_no=11, protection="withheld", items=HOKEN["items"])
    changed(empty, "1001", 1, address=ADDRESS)
    suppressed(empty, "1001", 2, protected=True)
    changed(empty, "1002", 1, address=ADDRESS, protected=True)
    changed(empty, "1003", 1, address=ADDRESS, household="300", protected=True)
    suppressed(empty, "1001", 3, protected=False)
    with empty.database.transaction() as connection:
        assert hidden_among(connection, ["1001", "1002", "1003"], date(2026, 4, 1)) == {"1003"}
    while withheld.step().settled:
        pass
    shown = [event["subject"] for event in withheld.events if ADDRESS in json.dumps(event, ensure_ascii=False)]
    assert set(shown) == {"1001", "1002"}


def test_one_that_never_answers_delays_nobody(empty: Environment, offices: Offices) -> None:
    """The process's own threads: one office hangs, the other has its event at once."""
    hanging, there = offices(KOKUHO), offices(KOKUHO, subscriber="office-zei", transfer_no=1)
    over, stop = threading.Event(), threading.Event()

    class Line:
        """Leads to whichever office's certificates are shown."""

        def post(
            self, url: str, body: bytes, headers: dict[str, str], certificates: frozenset[str]
        ) -> tuple[int, bytes]:
            """Hang, or answer."""
            if subscribers.fingerprint(there.own.credentials.certificate) in certificates:
                return there.post(url, body, headers, certificates)
            over.wait(30)
            raise OSError("hung up")

    delivering = Delivering(empty, hanging.commons, Line, stop)
    changed(empty, "1001", 1)
    delivering.look()
    until = time.monotonic() + 20
    while not there.bodies and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    over.set()
    delivering.end()
    assert len(there.events) == 1
    assert hanging.bodies == []
