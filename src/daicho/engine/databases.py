"""Which database a system uses and as which role; creating databases and roles.

Settings come from DAICHO_DATABASE_HOST, _PORT, _NAME, _SSLMODE, _SSLROOTCERT and, for each role, DAICHO_DATABASE_APP_USER,
_APP_PASSWORD_FILE, _OWNER_USER, _OWNER_PASSWORD_FILE, _SEAL_USER, _SEAL_PASSWORD_FILE, _BACKUP_USER, _BACKUP_PASSWORD_FILE. The supervisor sets them for
the embedded server; a city sets them for its own.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from daicho.engine.errors import SetupError
from daicho.engine.secretfiles import secret

Role = Literal["app", "owner", "seal", "backup"]
ROLES: tuple[Role, ...] = ("owner", "app", "seal")
EXTENSIONS = ("btree_gist", "pg_trgm")
OLDEST_SERVER = 150000


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """One role on one database; the password stays in its file until a connection is made."""

    host: str
    port: int
    name: str
    user: str
    password_file: Path
    sslmode: str = "prefer"
    sslrootcert: str = ""

    def conninfo(self) -> str:
        """A libpq connection string, password included: never print it."""
        options = {
            "host": self.host,
            "port": str(self.port),
            "dbname": self.name,
            "user": self.user,
            "password": self.password_file.read_text(encoding="ascii").strip(),
            "sslmode": self.sslmode,
            "connect_timeout": "3",
            "options": "-c timezone=UTC",
        }
        if self.sslrootcert:
            options["sslrootcert"] = self.sslrootcert
        return make_conninfo("", **options)

    def on(self, name: str) -> "DatabaseSettings":
        """The same role on another database of the same server."""
        return replace(self, name=name)

    def variables(self, role: Role) -> dict[str, str]:
        """The DAICHO_DATABASE_* variables that make a process use these settings for `role`."""
        prefix = f"DAICHO_DATABASE_{role.upper()}"
        return {
            "DAICHO_DATABASE_HOST": self.host,
            "DAICHO_DATABASE_PORT": str(self.port),
            "DAICHO_DATABASE_NAME": self.name,
            "DAICHO_DATABASE_SSLMODE": self.sslmode,
            "DAICHO_DATABASE_SSLROOTCERT": self.sslrootcert,
            f"{prefix}_USER": self.user,
            f"{prefix}_PASSWORD_FILE": str(self.password_file),
        }

    @classmethod
    def of_process(cls, role: Role | None = None, variables: Mapping[str, str] | None = None) -> "DatabaseSettings":
        """From the variables of this process; role from DAICHO_DATABASE_ROLE when not given (default `app`).

        Raises SetupError naming the variable that is missing.
        """
        values = os.environ if variables is None else variables
        chosen = role or values.get("DAICHO_DATABASE_ROLE", "app")
        prefix = f"DAICHO_DATABASE_{chosen.upper()}"
        try:
            return cls(
                host=values["DAICHO_DATABASE_HOST"],
                port=int(values.get("DAICHO_DATABASE_PORT", "5432")),
                name=values.get("DAICHO_DATABASE_NAME", "register"),
                user=values.get(f"{prefix}_USER", f"register_{chosen}"),
                password_file=Path(values[f"{prefix}_PASSWORD_FILE"]),
                sslmode=values.get("DAICHO_DATABASE_SSLMODE", "prefer"),
                sslrootcert=values.get("DAICHO_DATABASE_SSLROOTCERT", ""),
            )
        except KeyError as missing:
            raise SetupError(f"The setting {missing.args[0]} is missing: it says how to reach the database.") from None


def seal_role(app_role: str) -> str:
    """The role of the sealer beside a runtime role: `register_seal` beside `register_app`."""
    return os.environ.get("DAICHO_DATABASE_SEAL_USER", f"{app_role.removesuffix('_app')}_seal")


def known_roles(settings: DatabaseSettings) -> frozenset[str]:
    """The roles of the server. SetupError when it cannot be asked."""
    try:
        with psycopg.connect(settings.conninfo()) as connection:
            return frozenset(str(row[0]) for row in connection.execute("SELECT rolname FROM pg_roles"))
    except psycopg.OperationalError:
        raise SetupError(f"The database cannot be reached as {settings.user}.") from None


def check_version(connection: psycopg.Connection) -> None:
    """Raise SetupError if the server is older than PostgreSQL 15."""
    if connection.info.server_version < OLDEST_SERVER:
        raise SetupError(f"PostgreSQL 15 or later is needed; the server is {connection.info.server_version // 10000}.")


def create_system(superuser: DatabaseSettings, system: str, secrets_folder: Path) -> None:
    """Create the roles `<system>_owner`, `_app`, `_seal` and the database `<system>`; harmless when they exist.

    Passwords are generated into `secrets_folder`. Extensions are made here because only a superuser may make them.
    """
    with psycopg.connect(superuser.conninfo(), autocommit=True) as connection:
        check_version(connection)
        for role in ROLES:
            _ensure_role(connection, f"{system}_{role}", secret(secrets_folder, f"{system}_{role}"))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (system,)).fetchone()
        if known is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(system), sql.Identifier(f"{system}_owner"))
            )
    prepare_database(superuser.on(system), system)


def drop_database(superuser: DatabaseSettings, name: str) -> None:
    """Drop a database of the embedded server, whoever is connected."""
    with psycopg.connect(superuser.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def prepare_database(superuser: DatabaseSettings, system: str) -> None:
    """Extensions and the rights on the database itself: nobody but the three roles may connect."""
    with psycopg.connect(superuser.conninfo()) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        name, owner = sql.Identifier(superuser.name), sql.Identifier(f"{system}_owner")
        everybody = sql.SQL(", ").join(sql.Identifier(f"{system}_{role}") for role in ROLES)
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, everybody))
        connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(name, owner))


def _ensure_role(connection: psycopg.Connection, name: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}").format(
            verb, sql.Identifier(name), sql.Literal(password)
        )
    )
