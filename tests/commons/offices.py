"""The common platform on a database of its own, offices with certificates, and what the register tells."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from psycopg import sql

from daicho.commons.exchange import subscribers
from daicho.commons.exchange.push import FeedReceipt, Outcome, Pushed, digest_of, step
from daicho.engine.authority import DemoAuthority
from daicho.engine.environment import PooledDatabase
from daicho.engine.migrate import COMMONS_ROOMS, apply, ensure_months, load
from daicho.wire.certificates import Own
from daicho.wire.environment import Environment
from daicho.wire.signed import attach, sign, verify
from tests.house_database import House
from tests.wire.parties import NOW, own

KOKUHO = {
    "subscriber": "office-kokuho", "name": "国民健康保険システム", "office": "保険年金課", "valid_from": date(2026, 4, 1),
    "transfer_no": 6, "items": ["氏名", "住所", "生年月日", "性別", "世帯情報", "異動情報"], "form": "push",
    "endpoint": "https://localhost:1/events", "protection": "marked", "qualification": "health_insurance",
}  # fmt: skip
HOKEN = {
    "subscriber": "office-hoken", "name": "健康管理システム", "office": "母子健康センター", "valid_from": date(2026, 4, 1),
    "transfer_no": 11, "items": ["name", "birth", "sex", "address", "household_number"], "form": "pull",
}  # fmt: skip


@pytest.fixture(scope="module")
def commons(house: House, module_environment: Environment) -> Iterator[Environment]:
    """The common platform on a database of its own."""
    name = house.empty()
    owner = house.cluster.settings("register_owner", name)
    apply(owner, load(COMMONS_ROOMS), "register_app")
    ensure_months(owner, date(2026, 4, 1), 2)
    database = PooledDatabase(house.cluster.settings("register_app", name))
    yield replace(module_environment, database=database)
    database.close()
    house.drop(name)


@pytest.fixture
def empty(commons: Environment, house: House) -> Environment:
    """The same with nothing in it."""
    import psycopg

    with commons.database.transaction() as connection:
        row = connection.execute("SELECT current_database() AS name").fetchone()
    assert row is not None
    owner = house.cluster.settings("register_owner", row["name"])
    with psycopg.connect(owner.conninfo(), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('commons', 'wire') AND tablename !~ '_(other|[0-9]{6})$'"
        ).fetchall()
        names = sql.SQL(", ").join(sql.Identifier(schema, table) for schema, table in tables)
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
    return commons


@dataclass
class Office:
    """An office's system as a test plays it: takes what is pushed, signs for it, refuses or stays away as it is told."""

    env: Environment
    own: Own
    commons: Own
    down: bool = False
    refuse: set[str] = field(default_factory=set)
    bodies: list[bytes] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: dict[str, str], certificates: frozenset[str]) -> tuple[int, bytes]:
        """Take one batch."""
        import json

        if self.down:
            raise OSError("nobody there")
        assert subscribers.fingerprint(self.own.credentials.certificate) in certificates
        said = verify(self.own.authority, "daicho-feed", attach(headers["Daicho-Signature"], body), NOW)
        assert said.system == "commons"
        self.bodies.append(body)
        outcomes = tuple(
            Outcome(id=one["id"], outcome="refused", code="E1")
            if one["subject"] in self.refuse
            else Outcome(id=one["id"], outcome="accepted")
            for one in json.loads(body)
        )
        receipt = FeedReceipt(
            subscriber=self.own.credentials.system, digest=digest_of(body), received_at=NOW, outcomes=outcomes
        )
        return 200, sign(self.own.credentials, "daicho-feed-receipt", receipt.model_dump_json().encode()).encode()

    def step(self) -> Pushed:
        """Let commons push one batch."""
        return step(self.env, self.commons, self, self.own.credentials.system)

    @property
    def events(self) -> list[dict[str, object]]:
        """Everything that was taken."""
        import json

        return [event for body in self.bodies for event in json.loads(body)]


@dataclass
class Offices:
    """Registers offices and plays them."""

    env: Environment
    authority: DemoAuthority

    def __call__(self, registration: dict[str, object], **changes: object) -> Office:
        """A registered office with a certificate that counts."""
        wanted = subscribers.read_registration({**registration, **changes})
        files = own(self.authority.files(wanted.subscriber, NOW))
        with self.env.database.transaction() as connection:
            subscribers.register(connection, self.env, wanted, officer="admin1", reason="試験")
            subscribers.add_certificate(
                connection, self.env, wanted.subscriber, files.credentials.certificate, officer="admin1"
            )
        return Office(self.env, files, own(self.authority.files("commons", NOW)))


@pytest.fixture
def offices(empty: Environment, tmp_path: Path) -> Offices:
    """Nobody registered yet."""
    return Offices(empty, DemoAuthority(tmp_path / "pki"))
