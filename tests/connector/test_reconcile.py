"""S2-06: identity file against prefecture server: what differs is found by digests, explained by item, and settled on a word."""

from datetime import date

import psycopg

from daicho.connector import reconcile, settling
from daicho.law.reasons import Reason
from tests.connector.network import Cluster, Network
from tests.connector.test_identity_update import change
from tests.people import move_in_family


def compared(net: Network) -> int:
    """A whole run; its number."""
    run = reconcile.begin(net.connector, "admin1")
    net.settle()
    [row] = net.rows("connector", "SELECT * FROM connector.reconciliation WHERE run = %s", run)
    assert row["finished_at"] is not None
    assert row["asked"] == row["answered"]
    return run


def spoil(three: Cluster, statement: str) -> None:
    """Somebody works on the prefecture's database by hand."""
    owner = three.house.cluster.settings("register_owner", three.names["prefecture"])
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute(statement.encode())


def test_equal_sides_send_one_message(net: Network) -> None:
    move_in_family(net.register)
    net.settle()
    run = compared(net)
    assert net.rows("connector", "SELECT FROM connector.finding") == []
    [row] = net.rows("connector", "SELECT asked, persons FROM connector.reconciliation WHERE run = %s", run)
    assert row == {"asked": 1, "persons": 4}


def test_each_difference_is_explained_and_settled(net: Network, three: Cluster) -> None:
    _, people = move_in_family(net.register)
    net.settle()
    spoil(
        three,
        """UPDATE prefecture.record SET digest = sha256('x')::bytea, items = items || '{"address": "別の住所", "reading": null}'
           WHERE name = '髙橋　健一';
           UPDATE prefecture.record SET digest = substr(sha256('x'), 1, 16) WHERE false""".replace(
            "sha256('x')::bytea", "substr(sha256('x'), 1, 16)"
        ),
    )
    spoil(three, "DELETE FROM prefecture.record WHERE name = '髙橋　美咲'")
    spoil(
        three,
        "INSERT INTO prefecture.record (city, subject, update_no, message_id, received_at, resident_code, name, birth, sex,"
        " address, reason, change_date, record_status, planned, items, digest) SELECT city, 999999999, 7, message_id,"
        " received_at, '10000000019', name, birth, sex, address, reason, change_date, record_status, planned, items, digest"
        " FROM prefecture.record WHERE name = '髙橋　蓮'",
    )
    run = compared(net)
    found = net.rows("connector", "SELECT * FROM connector.finding ORDER BY kind")
    assert [(row["kind"], row["items"], row["proposed"]) for row in found] == [
        ("differs", ["address", "reading"], "send"),
        ("missing", [], "send"),
        ("unknown", [], "look"),
    ]
    assert settling.send(net.connector, run) == 2
    assert settling.send(net.connector, run) == 0
    net.settle()
    spoil(three, "DELETE FROM prefecture.record WHERE subject = 999999999")
    again = compared(net)
    assert net.rows("connector", "SELECT FROM connector.finding WHERE run = %s", again) == []
    held = net.rows("prefecture", "SELECT address, update_no FROM prefecture.record WHERE superseded_at IS NULL")
    assert {row["address"] for row in held} == {"肥塚三丁目112番地4"}
    assert sorted(row["update_no"] for row in held) == [1, 1, 2, 2]
    change(net, people[0], Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks="一")
    net.settle()
    compared(net)
    assert len(net.rows("connector", "SELECT FROM connector.finding")) == 3


def test_what_is_on_its_way_is_no_difference(net: Network) -> None:
    _, [person] = move_in_family(net.register, 1)
    net.settle()
    change(net, person, Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks="一")
    net.first_hop()
    with net.connector.database.transaction() as connection:
        connection.execute(
            "UPDATE wire.delivery SET attempts = 1, next_attempt_at = next_attempt_at + interval '1 day'"
        )
    reconcile.begin(net.connector, "admin1")
    for _ in range(8):
        net.second_hop()
        net.back()
        net.clock.advance(seconds=1)
    [row] = net.rows("connector", "SELECT finished_at FROM connector.reconciliation")
    assert row["finished_at"] is not None
    assert net.rows("connector", "SELECT FROM connector.finding") == []
