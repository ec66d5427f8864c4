"""A prefecture server that misbehaves in every way: nothing lost, nothing doubled, order kept, other people unaffected."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from daicho.engine.authority import DemoAuthority
from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import HttpTransport, SystemClock
from daicho.law.reasons import Reason
from daicho.wire.door import PATH
from daicho.wire.environment import Environment
from daicho.wire.pump import Delivered, Peer
from daicho.wire.tls import client_context
from daicho.world.faults import KINDS, Fault, Faults
from tests.connector.network import OUT, Cluster, Network
from tests.connector.test_identity_update import change
from tests.house_database import House, SettableClock
from tests.people import move_in_family
from tests.wire.parties import listening

SKEW = {"skew": 400 * 86400.0}
"""A clock so far ahead that no certificate counts any more."""


def amend(net: Network, people: list[int], text: str) -> None:
    """One change for each of them."""
    for person in people:
        change(net, person, Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks=text)


def test_each_fault_alone(net: Network) -> None:
    """Two people with two updates under each fault, which is on for half of the requests, and then for none."""
    _, people = move_in_family(net.register, 2)
    for kind in KINDS:
        amend(net, people, f"{kind} 一")
        amend(net, people, f"{kind} 二")
        net.fault(Fault(kind, share=50, seconds=SKEW.get(kind, 1.0)))
        for _ in range(4):
            net.first_hop()
            net.second_hop()
            net.clock.advance(seconds=5)
        net.fault()
        refused = net.rows("connector", "SELECT link, message_id FROM wire.delivery WHERE state = 'dead'")
        assert not refused or kind == "refuse"
        _again(net, refused)
        net.settle()
        assert not net.waiting(), kind
    net.check()
    assert len(net.rows("prefecture", "SELECT FROM prefecture.record")) == 2 + 4 * len(KINDS)


def _again(net: Network, refused: list[dict[str, object]]) -> None:
    """An administrator sends again what was refused and signed so."""
    from daicho.wire.backlog import send_again

    with net.connector.database.transaction() as connection:
        for row in refused:
            send_again(connection, net.connector, str(row["link"]), int(str(row["message_id"])), officer="admin1")


def test_a_poisoned_person_delays_nobody_else(net: Network) -> None:
    _, [one, other] = move_in_family(net.register, 2)
    net.settle()
    with net.prefecture.database.transaction() as connection:
        connection.execute("UPDATE prefecture.record SET superseded_at = received_at WHERE name = '髙橋　健一'")
        connection.execute(
            "INSERT INTO prefecture.record SELECT 'othercity', subject, update_no, message_id, received_at, NULL,"
            " resident_code, individual_number, former_resident_code, name, reading, birth, sex, address, reason,"
            " change_date, record_status, planned, items FROM prefecture.record WHERE name = '髙橋　健一'"
        )
    amend(net, [one, other], "一")
    amend(net, [one, other], "二")
    net.first_hop()
    net.first_hop()
    assert net.second_hop() == Delivered(settled=1, dead=1)
    assert net.second_hop() == Delivered(settled=1)
    held = net.rows(
        "prefecture",
        "SELECT name, update_no FROM prefecture.record WHERE superseded_at IS NULL AND city <> 'othercity'",
    )
    assert held == [{"name": "髙橋　美咲", "update_no": 3}]


# --- on real sockets -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DemoAuthority:
    """The authority of both ends of the socket."""
    return DemoAuthority(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def server(three: Cluster, house: House, pki: DemoAuthority) -> Iterator[tuple[int, Faults]]:
    """The prefecture server as a process: port and faults."""
    now = SystemClock().now()
    stranger = DemoAuthority(pki.folder / "strange").files("prefecture", now).own
    faults = Faults(pki.folder / "faults.json")
    settings: DatabaseSettings = house.cluster.settings("register_app", three.names["prefecture"])
    variables = settings.variables("app") | {
        "DAICHO_KEYS": str(house.cluster.data.secrets / "keys"),
        "DAICHO_DATA": str(pki.folder),
        "DAICHO_WORLD_FAULTS": str(faults.file),
        "DAICHO_WORLD_STRANGER": str(stranger),
    }
    door = "daicho.world.prefecture.door:application_of_process()"
    with listening(pki.files("prefecture", now), door, "daicho.world.serving", **variables) as port:
        yield port, faults


@pytest.fixture
def wired(
    net: Network, server: tuple[int, Faults], pki: DemoAuthority, module_environment: Environment
) -> Iterator[tuple[Network, Peer]]:
    """The network with the second hop over the real socket; its clock begins at the present."""
    port, faults = server
    now = SystemClock().now()
    assert isinstance(net.clock, SettableClock)
    net.clock.set(now)
    files = pki.files("connector", now)
    transport = HttpTransport(timeout=1.5, tls=client_context(files.own, files.issuers))
    from daicho.wire.pump import Pump
    from tests.wire.parties import own

    net.connector = replace(net.connector, transport=transport)
    net.pumps = net.pumps[0], Pump(own(files)), net.pumps[2]
    net.faults = faults
    net.fault()
    yield net, Peer(OUT.link, "prefecture", f"https://localhost:{port}{PATH}")
    net.fault()
    transport.close()


SOCKET_FAULTS = [
    Fault("down"), Fault("wrong_certificate"), Fault("drop"), Fault("lose"), Fault("late", seconds=2), Fault("garbage"),
    Fault("wrong_signature"), Fault("twice"), Fault("repeat"), Fault("reorder"), Fault("skew", seconds=-7200),
]  # fmt: skip


def test_faults_on_the_socket(wired: tuple[Network, Peer]) -> None:
    """One change of two people under each fault; afterwards everything is there once, in order."""
    net, peer = wired
    _, people = move_in_family(net.register, 2)
    net.first_hop()
    assert net.pumps[1].step(net.connector, peer).settled == 2
    settles = {"repeat", "reorder"}
    for number, fault in enumerate(SOCKET_FAULTS):
        amend(net, people, str(number))
        net.first_hop()
        net.fault(fault)
        done = net.pumps[1].step(net.connector, peer)
        assert (done.settled > 0) == (fault.kind in settles), fault
        assert done.dead == 0, fault
        net.fault()
        net.clock.advance(seconds=10)
        while net.pumps[1].step(net.connector, peer).taken:
            net.clock.advance(seconds=10)
        assert not net.waiting(), fault
    net.check()


def test_down_for_an_hour(wired: tuple[Network, Peer]) -> None:
    """Changes of an hour wait in order; the first try after the server is back brings them."""
    net, peer = wired
    _, people = move_in_family(net.register, 2)
    net.fault(Fault("down"))
    for minute in range(12):
        amend(net, people[:1], str(minute))
        net.first_hop()
        assert net.pumps[1].step(net.connector, peer).settled == 0
        net.clock.advance(minutes=5)
    net.first_hop()
    net.fault()
    net.clock.advance(minutes=6)
    while net.pumps[1].step(net.connector, peer).taken:
        pass
    assert not net.waiting()
    net.check()
    assert len(net.rows("prefecture", "SELECT FROM prefecture.record")) == 14
