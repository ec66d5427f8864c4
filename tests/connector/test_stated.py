"""I-STO-01, S2-06: the identity file is filled and proven from what the register states; what differs is put right and kept on record."""

import json
from datetime import date

import psycopg
import pytest

from daicho.law.numbers import NumberRule, individual_number
from daicho.law.reasons import Reason
from daicho.register.changes.plan import NewNumbers
from daicho.register.store import identity_stating
from daicho.wire.environment import Connection
from tests.connector.network import Cluster, Network
from tests.connector.test_identity_update import change
from tests.people import move_in_family


def forget(connection: Connection, people: list[int]) -> None:
    """As if these persons had been loaded: nothing was ever said about them."""
    connection.execute("TRUNCATE wire.outbox, wire.delivery")
    connection.execute("UPDATE register.person SET connector_no = 0 WHERE person_id = ANY (%s::bigint[])", (people,))


def state(net: Network) -> int:
    """Let the register tell everybody, and everything arrive; how many blocks."""
    identity_stating.again(net.register)
    blocks = 0
    while identity_stating.step(net.register):
        blocks += 1
    net.settle()
    return blocks


def test_who_was_loaded_is_entered_and_notified(
    net: Network, module_owner_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_stating, "BLOCK", 3)
    _, people = move_in_family(net.register)
    forget(module_owner_connection, people)
    assert state(net) == 2
    rows = net.rows("connector", "SELECT * FROM connector.identity ORDER BY subject_id")
    assert {row["name"] for row in rows} == {"髙橋　健一", "髙橋　美咲", "髙橋　蓮", "髙橋　結衣"}
    assert {row["reason"] for row in rows} == {"move_in"}
    net.check()
    assert len(net.rows("prefecture", "SELECT FROM prefecture.record WHERE individual_number IS NOT NULL")) == 4
    assert net.rows("connector", "SELECT FROM connector.difference") == []
    state(net)
    assert len(net.rows("connector", "SELECT FROM connector.identity")) == 4
    change(net, people[0], Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks="一")
    net.settle()
    net.check()


def test_what_differs_is_put_right_and_named(net: Network, three: Cluster) -> None:
    move_in_family(net.register, 2)
    net.settle()
    owner = three.house.cluster.settings("register_owner", three.names["connector"])
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute("ALTER TABLE connector.identity DISABLE TRIGGER identity_keep")
        connection.execute("UPDATE connector.identity SET address = '改ざん', reading = NULL WHERE name = '髙橋　健一'")
        connection.execute("ALTER TABLE connector.identity ENABLE TRIGGER identity_keep")
    state(net)
    [difference] = net.rows("connector", "SELECT * FROM connector.difference")
    assert (difference["items"], difference["update_no"]) == (["reading", "address"], 2)
    standing = net.rows("connector", "SELECT address FROM connector.identity WHERE superseded_at IS NULL")
    assert [row["address"] for row in standing] == ["肥塚三丁目112番地4"] * 2
    held = net.rows("prefecture", "SELECT address FROM prefecture.record WHERE superseded_at IS NULL")
    assert [row["address"] for row in held] == ["肥塚三丁目112番地4"] * 2


def test_what_is_on_its_way_is_newer(net: Network) -> None:
    """A change between the statement and its arrival: the statement is passed over, and no difference is seen."""
    _, [person] = move_in_family(net.register, 1)
    net.settle()
    identity_stating.again(net.register)
    identity_stating.step(net.register)
    new = individual_number("77777777777", NumberRule.SYNTHETIC)
    change(net, person, Reason.ERROR_CORRECTION, date(2026, 4, 1), numbers=NewNumbers(individual_number=new))
    net.settle()
    assert net.rows("connector", "SELECT FROM connector.difference") == []
    assert len(net.rows("connector", "SELECT FROM connector.identity")) == 2
    net.check()


def test_an_overtaken_notice_goes_into_the_history(net: Network, module_owner_connection: Connection) -> None:
    """The block with the first picture comes to the prefecture after the update of the same person."""
    _, [person] = move_in_family(net.register, 1)
    forget(module_owner_connection, [person])
    identity_stating.again(net.register)
    identity_stating.step(net.register)
    net.first_hop()
    change(net, person, Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks="一")
    net.first_hop()
    with net.connector.database.transaction() as connection:
        connection.execute(
            "UPDATE wire.delivery SET attempts = 1, next_attempt_at = next_attempt_at + interval '1 hour' WHERE kind = 'identities-notified'"
        )
    assert net.second_hop().settled == 1
    net.clock.advance(hours=2)
    assert net.second_hop().settled == 1
    rows = net.rows("prefecture", "SELECT update_no, superseded_at IS NULL AS stands FROM prefecture.record ORDER BY 1")
    assert [(row["update_no"], row["stands"]) for row in rows] == [(1, False), (2, True)]


def test_no_number_stands_in_clear_in_a_block(net: Network, module_owner_connection: Connection) -> None:
    _, people = move_in_family(net.register, 2)
    forget(module_owner_connection, people)
    state(net)
    for at in ("register", "connector"):
        text = json.dumps(net.rows(at, "SELECT * FROM wire.outbox"), default=str)
        assert not any(str(10_000_000_000 + person) in text for person in people)


def test_one_person_is_no_reason_to_refuse_the_others(
    net: Network, three: Cluster, module_owner_connection: Connection
) -> None:
    """One person's number is held by another in the file: that person is kept back and named, the others are entered."""
    _, people = move_in_family(net.register)
    net.settle()
    forget(module_owner_connection, people)
    owner = three.house.cluster.settings("register_owner", three.names["connector"])
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute(
            "UPDATE connector.subject SET register_person = -register_person WHERE register_person = %s", (people[0],)
        )
        connection.execute("UPDATE wire.stream SET last_sequence_no = 0 WHERE sender = 'register'")
    state(net)
    found = net.rows("connector", "SELECT items, settled_from FROM connector.difference")
    assert found == [{"items": ["N001"], "settled_from": "nobody"}]
    assert net.rows("register", "SELECT FROM wire.delivery WHERE link = 'register-connector'") == []
