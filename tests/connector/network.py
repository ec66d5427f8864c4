"""Register, connector, prefecture server and card management system: four databases, real certificates and messages; the lines are direct calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from daicho.connector.door import HANDLERS as CONNECTOR
from daicho.engine.authority import DemoAuthority
from daicho.engine.environment import PooledDatabase
from daicho.engine.migrate import ROOMS, apply, ensure_months, load
from daicho.wire.door import PATH, Door
from daicho.wire.environment import Environment, Row
from daicho.wire.inbox import Receiver
from daicho.wire.pump import Delivered, Peer, Pump
from daicho.world.cards.door import HANDLERS as CARDS
from daicho.world.door import FaultyDoor
from daicho.world.faults import Fault, Faults, SkewedClock
from daicho.world.prefecture.door import HANDLERS as PREFECTURE
from tests.house_database import House, SettableClock
from tests.wire.parties import NOW, Direct, der, own

IN = Peer("register-connector", "connector", f"https://localhost:1{PATH}")
OUT = Peer("connector-prefecture", "prefecture", f"https://localhost:2{PATH}")
BACK = Peer("prefecture-connector", "connector", f"https://localhost:1{PATH}")
TO_CARDS = Peer("connector-cards", "cards", f"https://localhost:3{PATH}")
_WIRE = "wire.outbox, wire.delivery, wire.settled, wire.refusal, wire.archived, wire.handling, wire.skipped, wire.inbox, wire.stream, wire.disposed"
_OWN = {
    "connector": "connector.subject, connector.number, connector.identity, connector.suppression, connector.dispatch, connector.dispatch_passed, connector.difference, connector.reconciliation, connector.finding",
    "prefecture": "prefecture.record",
    "cards": "cards.dispatch",
}


@dataclass
class Network:
    """The ends and the lines between them."""

    register: Environment
    connector: Environment
    prefecture: Environment
    cards: Environment
    clock: SettableClock
    pumps: tuple[Pump, Pump, Pump]
    faults: Faults
    slept: list[float]

    def first_hop(self) -> Delivered:
        """One step of the register's sending."""
        return self.pumps[0].step(self.register, IN)

    def second_hop(self) -> Delivered:
        """One step of the connector's sending."""
        return self.pumps[1].step(self.connector, OUT)

    def to_cards(self) -> Delivered:
        """One step of the connector's sending to the card management system."""
        return self.pumps[1].step(self.connector, TO_CARDS)

    def back(self) -> Delivered:
        """One step of the prefecture's sending."""
        return self.pumps[2].step(self.prefecture, BACK)

    def settle(self, most: int = 200) -> None:
        """Send until nothing moves any more, the clock going on by what a pump would wait."""
        quiet = 0
        for _ in range(most):
            moved = self.first_hop().settled + self.second_hop().settled + self.to_cards().settled
            moved += self.back().settled
            quiet = 0 if moved else quiet + 1
            if quiet > 2 and not self.waiting():
                return
            self.clock.advance(seconds=301 if not moved else 1)

    def waiting(self) -> int:
        """How many messages are unsettled on these lines."""
        return sum(
            self.rows(at, "SELECT count(*) AS n FROM wire.delivery WHERE link = %s", link)[0]["n"]
            for at, link in (
                ("register", IN.link),
                ("connector", OUT.link),
                ("connector", TO_CARDS.link),
                ("prefecture", BACK.link),
            )
        )

    def fault(self, *faults: Fault) -> None:
        """Switch faults of the prefecture server on; none switches all off."""
        self.faults.write(faults)

    def check(self) -> None:
        """Both ends agree: each update of the identity file that has a code is at the prefecture, once and in order."""
        kept = self.rows(
            "connector",
            "SELECT subject_id AS subject, update_no, name, address FROM connector.identity"
            " WHERE resident_code_id IS NOT NULL ORDER BY 1, 2",
        )
        held = self.rows("prefecture", "SELECT subject, update_no, name, address FROM prefecture.record ORDER BY 1, 2")
        assert held == kept
        came = self.rows("prefecture", "SELECT person, sequence_no FROM wire.inbox ORDER BY received_at, sequence_no")
        for person in {row["person"] for row in came}:
            numbers = [row["sequence_no"] for row in came if row["person"] == person]
            assert numbers == list(range(1, len(numbers) + 1))

    def rows(self, at: str, query: str, *values: Any) -> list[Row]:
        """Rows of a query at one end."""
        with getattr(self, at).database.transaction() as connection:
            found: list[Row] = connection.execute(query.encode(), values).fetchall()
        return found


@dataclass
class Lines:
    """The connector's lines out of the city, each a direct call."""

    ends: dict[str, Direct]

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Nothing is asked for on these lines."""
        raise OSError(url)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request to whom the address names."""
        return self.ends[url].post(url, body, headers)


@dataclass(frozen=True)
class Cluster:
    """The databases of the connector and of those outside, made once a module."""

    house: House
    names: dict[str, str]

    def empty(self) -> None:
        """Take everything out."""
        for system, name in self.names.items():
            with psycopg.connect(self.house.cluster.settings("register_owner", name).conninfo()) as connection:
                connection.execute(f"TRUNCATE {_WIRE}, {_OWN[system]}".encode())
                connection.execute("ALTER SEQUENCE engine.entity_id RESTART")


@contextmanager
def cluster(house: House) -> Iterator[Cluster]:
    """The further databases, migrated."""
    names = {system: house.empty() for system in ROOMS if system in _OWN}
    for system, name in names.items():
        owner = house.cluster.settings("register_owner", name)
        apply(owner, load(ROOMS[system]), "register_app")
        ensure_months(owner, date(2026, 4, 1), 2)
    yield Cluster(house, names)
    for name in names.values():
        house.drop(name)


@contextmanager
def network(register: Environment, made: Cluster, clock: SettableClock, folder: Path) -> Iterator[Network]:
    """All ends, with nothing said yet."""
    made.empty()
    clock.set(NOW)
    authority, strange = DemoAuthority(folder / "pki"), DemoAuthority(folder / "strange")
    whose = {name: own(authority.files(name, NOW)) for name in ("register", *made.names)}
    databases = {
        system: PooledDatabase(made.house.cluster.settings("register_app", name)) for system, name in made.names.items()
    }
    faults = Faults(folder / "faults.json")
    slept: list[float] = []
    connector = replace(register, database=databases["connector"])
    outside, ends = {}, {}
    for name, handlers, peer in (("prefecture", PREFECTURE, OUT), ("cards", CARDS, TO_CARDS)):
        env = outside[name] = replace(register, database=databases[name], clock=SkewedClock(clock, faults))
        receiver, stranger = Receiver(whose[name], handlers), own(strange.files(name, NOW))
        door = FaultyDoor(env, receiver, faults, stranger, slept.append)
        ends[peer.url] = Direct(door, lambda: der(whose["connector"]))  # type: ignore[arg-type]
    near = Door(connector, Receiver(whose["connector"], CONNECTOR))
    calling = replace(register, transport=Direct(near, lambda: der(whose["register"])))
    pumps = Pump(whose["register"]), Pump(whose["connector"]), Pump(whose["prefecture"])
    answering = Direct(near, lambda: der(whose["prefecture"]))
    sending = replace(connector, transport=Lines(ends))
    far = replace(outside["prefecture"], transport=answering)
    yield Network(calling, sending, far, outside["cards"], clock, pumps, faults, slept)
    for database in databases.values():
        database.close()
