"""A small house of its own with a person in it: a cluster with two databases, whose backups go to a folder."""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from daicho.engine import house
from daicho.engine.backup import keeper
from daicho.engine.backup.source import Plan, Source
from daicho.engine.commands import backup as command
from daicho.engine.commands import restore_drill
from daicho.engine.environment import PooledDatabase, from_process
from daicho.engine.paths import DataDir
from daicho.register import environment as register_environment
from daicho.trail.sealer import Sealer
from daicho.wire.environment import Environment
from tests.people import move_in_family
from tests.trail.sealing import seal_all


@dataclass(frozen=True)
class Small:
    """The house, and the medium of its backups."""

    data: DataDir
    medium: Path
    environment: Environment

    def run(self, what: str, *arguments: object) -> int:
        """One command."""
        return command.run([what, *map(str, arguments), "--data", str(self.data.path)])

    def commit(self, text: str) -> None:
        """A commit of which no base backup can know."""
        with self.owner() as connection:
            connection.execute("INSERT INTO engine.house (name, value) VALUES (%s, %s)", (text, text))

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """WAL goes to the medium meanwhile, as in a house whose process `backup` runs."""
        stop = threading.Event()
        thread = threading.Thread(target=keeper.keep_receiving, args=(self.source, self.plan, stop, lambda: None))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def drill(self, *arguments: str) -> int:
        """The restore drill against this house."""
        return restore_drill.run(["--backup", str(self.medium), "--data", str(self.data.path), *arguments])

    def owner(self) -> psycopg.Connection:
        """The register's database as its owner."""
        return psycopg.connect(house.databases(self.data).owner.conninfo(), autocommit=True)

    @property
    def source(self) -> Source:
        """The server as the backup sees it."""
        return Source.of(self.data)

    @property
    def plan(self) -> Plan:
        """What is planned."""
        found = Plan.of(self.data)
        assert found is not None
        return found


def seal(data: DataDir, environment: Environment) -> None:
    """Seal the trail written so far, as the sealer's own role."""
    database = PooledDatabase(house.sealer_database(data), size=1)
    try:
        seal_all(Sealer(replace(environment, database=database), "register"))
    finally:
        database.close()


@pytest.fixture(scope="module")
def small() -> Iterator[Small]:
    """A house with a family, its server running; the medium is planned on the same device."""
    data = DataDir.at(tempfile.mkdtemp(prefix="daicho-backup-"))
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="daicho-medium-") as medium:
        try:
            with house.database(data):
                environment = from_process()
                register_environment.use(environment)
                move_in_family(environment)
                seal(data, environment)
                made = Small(data, Path(medium), environment)
                assert made.run("plan", "--to", medium, "--same-device", "--keep", 2) == 0
                yield made
        finally:
            register_environment.use(None)
            os.environ.clear()
            os.environ.update(before)
            house.remove(data)
