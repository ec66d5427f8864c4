"""The database server that a backup is taken of, and what is agreed about the house's backup."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from daicho.engine import house, postgres
from daicho.engine.backup.errors import BackupError
from daicho.engine.backup.medium import Medium
from daicho.engine.backup.replication import Replication, Server
from daicho.engine.databases import DatabaseSettings
from daicho.engine.keys import of_folder
from daicho.engine.paths import DataDir
from daicho.engine.secretfiles import secret
from daicho.engine.supervisor import write_json
from daicho.wire.environment import Keys

ROLE = "daicho_backup"
PLAN = "backup.json"
MAKING = 0x6461_6963_6275  # "daicbu": held while a base backup is made
RECEIVING = 0x6461_6963_7761  # "daicwa": held while WAL is received


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the backups of a house go, how often a base backup is made, how many of them are kept."""

    to: str
    every_hours: int = 24
    keep: int = 14
    same_device: bool = False

    @classmethod
    def of(cls, data: DataDir) -> "Plan | None":
        """What was planned for a house; None when nothing was."""
        try:
            return cls(**json.loads((data.path / PLAN).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def write(self, data: DataDir) -> None:
        """Keep it in the data folder."""
        write_json(data.path / PLAN, asdict(self))


@dataclass(frozen=True, slots=True)
class Source:
    """A server as the backup's own role, which may replicate and nothing else."""

    settings: DatabaseSettings
    store: Path | None
    keys: Keys

    @classmethod
    def of(cls, data: DataDir) -> "Source":
        """The server of a house; the role is made on the embedded server, the city makes it on its own."""
        keys = house_keys(data)
        if house.is_external():
            return cls(DatabaseSettings.of_process("backup"), None, keys)
        embedded = postgres.cluster(data)
        _ensure_role(embedded.superuser, secret(data.secrets, ROLE))
        return cls(embedded.settings(ROLE, "postgres"), embedded.store, keys)

    def medium(self, plan: Plan) -> Medium:
        """The place of this house on the medium. Raises BackupError."""
        return Medium.at(Path(plan.to), self.server().system, store=self.store, same_device=plan.same_device)

    def server(self) -> Server:
        """Which cluster this is."""
        connection = Replication(self.settings)
        try:
            return connection.identify()
        finally:
            connection.close()

    def connect(self) -> psycopg.Connection:
        """An ordinary connection, for a lock and for the server's settings."""
        try:
            return psycopg.connect(self.settings.conninfo(), autocommit=True)
        except psycopg.OperationalError:
            raise BackupError("The database server cannot be reached for a backup.") from None


def segment_size(connection: psycopg.Connection) -> int:
    """Bytes of a WAL segment on this server."""
    row = connection.execute("SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'").fetchone()
    return int(row[0]) if row else 16 << 20


def claimed(connection: psycopg.Connection, lock: int) -> bool:
    """Take a lock that lasts as long as the connection; False when another one has it. It goes with a kill -9."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock,)).fetchone()
    return bool(row and row[0])


def house_keys(data: DataDir) -> Keys:
    """The keys of the house, which lie outside every medium."""
    return of_folder(Path(house.environment(data)["DAICHO_KEYS"]))


def _ensure_role(superuser: DatabaseSettings, password: str) -> None:
    try:
        connection = psycopg.connect(superuser.conninfo(), autocommit=True)
    except psycopg.OperationalError:
        raise BackupError("The house does not run: start it with ./daicho up.") from None
    with connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone()
        if known is None:
            made = sql.SQL("CREATE ROLE {} LOGIN REPLICATION NOINHERIT PASSWORD {}")
            connection.execute(made.format(sql.Identifier(ROLE), sql.Literal(password)))
