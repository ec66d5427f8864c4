"""Migrations: numbered plain SQL files per room, applied in one fixed order, never edited afterwards.

`src/daicho/<room>/migrations/NNNN_name.sql`, numbers rising (each piece of work has its
own range). The tokens ${owner}, ${app} and ${seal} stand for the
system's roles, so that a shared room (wire, trail) serves every system. Each file runs in its own transaction with a
lock timeout; an advisory lock keeps two runners apart; applied files are remembered with their SHA-256.
"""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import sql

from daicho.engine.databases import DatabaseSettings, check_version, seal_role
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT

SOURCE = ROOT / "src" / "daicho"
REGISTER_ROOMS = ("engine", "wire", "trail", "access/approvals", "register")
COMMONS_ROOMS = ("engine", "wire", "trail", "commons", "commons/ledgers")
ROOMS = {
    "connector": ("engine", "wire", "connector"),
    "prefecture": ("engine", "wire", "world/prefecture"),
    "cards": ("engine", "wire", "world/cards"),
}
"""The rooms of the databases of further systems and of those outside, by name."""
LOCK_TIMEOUT = "5s"
ADVISORY_LOCK = 0x64616963686F  # "daicho"
_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `name` is `room/NNNN_name`."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Digest of the file as written, tokens unreplaced."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def load_room(folder: Path, room: str) -> list[Migration]:
    """The migrations of one room in order. SetupError when a name is wrong or a number is used twice."""
    found: list[Migration] = []
    numbers: set[str] = set()
    for path in sorted(folder.glob("*.sql")):
        if not _NAME.fullmatch(path.name):
            raise SetupError(f"Migration {room}/{path.name}: the name must have the form NNNN_name.sql.")
        if path.name[:4] in numbers:
            raise SetupError(f"Migration {room}/{path.name}: the number {path.name[:4]} is used twice.")
        numbers.add(path.name[:4])
        found.append(Migration(f"{room}/{path.stem}", path.read_text(encoding="utf-8")))
    return found


def load(rooms: Iterable[str] = REGISTER_ROOMS, source: Path = SOURCE) -> list[Migration]:
    """The migrations of all rooms, in the order of the rooms."""
    return [item for room in rooms for item in load_room(source / room / "migrations", room)]


def apply(owner: DatabaseSettings, migrations: Sequence[Migration], app_role: str) -> list[str]:
    """Apply what is not yet applied; returns the names applied now.

    Raises SetupError when an applied file was edited or is missing, or when the server is too old.
    """
    with psycopg.connect(owner.conninfo(), autocommit=True) as connection:
        check_version(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        connection.execute("SET client_min_messages = warning")
        connection.execute("CREATE SCHEMA IF NOT EXISTS engine")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS engine.migration ("
            " position integer GENERATED ALWAYS AS IDENTITY, name text PRIMARY KEY, sha256 text NOT NULL)"
        )
        pending = _pending(connection, migrations)
        for item in pending:
            _apply_one(connection, item, owner.user, app_role)
    return [item.name for item in pending]


def _pending(connection: psycopg.Connection, migrations: Sequence[Migration]) -> list[Migration]:
    applied: dict[str, str] = dict(connection.execute("SELECT name, sha256 FROM engine.migration").fetchall())
    known = {item.name: item for item in migrations}
    for name, digest in applied.items():
        if name not in known:
            raise SetupError(f"Migration {name} was applied to this database, but its file is missing.")
        if known[name].sha256 != digest:
            raise SetupError(f"Migration {name} was edited after it was applied. Write a new migration instead.")
    pending = [item for item in migrations if item.name not in applied]
    for item in pending:
        room, _, stem = item.name.rpartition("/")
        later = [name for name in applied if name.startswith(f"{room}/") and name > f"{room}/{stem}"]
        if later:
            raise SetupError(f"Migration {item.name} is new, but {later[0]} was applied before it.")
    return pending


def _apply_one(connection: psycopg.Connection, item: Migration, owner_role: str, app_role: str) -> None:
    text = item.text
    for token, role in (("${owner}", owner_role), ("${app}", app_role), ("${seal}", seal_role(app_role))):
        text = text.replace(token, sql.Identifier(role).as_string(connection))
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
        try:
            connection.execute(text.encode())
        except psycopg.Error as error:
            error.add_note(f"in migration {item.name}")
            raise
        connection.execute("INSERT INTO engine.migration (name, sha256) VALUES (%s, %s)", (item.name, item.sha256))


def apply_django(owner: DatabaseSettings, app_role: str, system: str, schema: str = "signon") -> None:
    """Run Django's migrations of a system's pages as owner into `schema` and let the runtime role use the tables.

    Starting Django takes seconds, so nothing is done when the same files were applied by the same Django before.
    """
    digest = _django_digest()
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    if remembered(owner, "django") == digest:
        return
    _run_django_migrate(owner, system)
    _grant_on_django_tables(owner, app_role, schema)
    remember(owner, "django", digest)


def apply_queue(owner: DatabaseSettings, app_role: str, schema: str = "queue") -> None:
    """Procrastinate's own tables and functions, from its package, in a schema of their own; later versions by its migrations.

    Its functions find their tables by name: each is told where, so that any transaction of the register can call them.
    """
    installed = version("procrastinate")
    known = remembered(owner, "queue")
    if known == installed:
        return
    names = {"schema": sql.Identifier(schema), "app": sql.Identifier(app_role)}
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {schema}").format(**names))
        connection.execute(sql.SQL("SET LOCAL search_path = {schema}").format(**names))
        for text in queue_texts(known):
            connection.execute(text.encode())
        functions = connection.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = %s::regnamespace", (schema,)
        ).fetchall()
        for (name,) in functions:
            connection.execute(f"ALTER FUNCTION {name} SET search_path = {schema}, pg_catalog".encode())
        connection.execute(sql.SQL(_QUEUE_GRANTS).format(**names))
    remember(owner, "queue", installed)


_QUEUE_GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {app};"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {app};"
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {app}"
)


def queue_texts(known: str | None) -> list[str]:
    """The whole schema for an empty database, else what was added since the version known."""
    folder = files("procrastinate.sql")
    if known is None:
        return [folder.joinpath("schema.sql").read_text(encoding="utf-8")]
    since = tuple(int(part) for part in known.split(".")[:3])
    found = sorted(
        (one for one in folder.joinpath("migrations").iterdir() if one.name.endswith(".sql")), key=lambda one: one.name
    )
    return [one.read_text(encoding="utf-8") for one in found if _version_of(one.name) > since]


def _version_of(name: str) -> tuple[int, ...]:
    """The version that a migration of the queue belongs to: 03.02.00_01_pre_name.sql."""
    return tuple(int(part) for part in name.partition("_")[0].split("."))


def remembered(owner: DatabaseSettings, name: str) -> str | None:
    """What `engine.house` keeps under a name."""
    with psycopg.connect(owner.conninfo()) as connection:
        row = connection.execute("SELECT value FROM engine.house WHERE name = %s", (name,)).fetchone()
    return row[0] if row else None


def remember(owner: DatabaseSettings, name: str, value: str) -> None:
    """Keep a value in `engine.house`."""
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute(
            "INSERT INTO engine.house (name, value) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def _django_digest() -> str:
    files = sorted(SOURCE.rglob("migrations/*.py"))
    found = hashlib.sha256(version("django").encode())
    for path in files:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _run_django_migrate(owner: DatabaseSettings, system: str) -> None:
    variables = (
        os.environ | owner.variables("owner") | {"DAICHO_DATABASE_ROLE": "owner", "PYTHONPATH": str(ROOT / "src")}
    )
    command = [
        sys.executable,
        "-m",
        "django",
        "migrate",
        "--settings",
        f"daicho.{system}.settings",
        "--no-input",
        "-v0",
    ]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"Django's migrations failed:\n{done.stderr.strip()}")


def _grant_on_django_tables(owner: DatabaseSettings, app_role: str, schema: str) -> None:
    names = {"schema": sql.Identifier(schema), "app": sql.Identifier(app_role)}
    grants = (
        "GRANT USAGE ON SCHEMA {schema} TO {app};"
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {app};"
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {app};"
        "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {app}"
    )
    with psycopg.connect(owner.conninfo()) as connection:
        connection.execute(sql.SQL(grants).format(**names))


def ensure_months(owner: DatabaseSettings, first: date, count: int) -> None:
    """Partitions of the trail and the wire for `count` months from that of `first`, made ahead where these rooms are.

    Rows of later months land in a default partition: nothing is refused, but the month is no longer one piece.
    """
    with psycopg.connect(owner.conninfo()) as connection:
        rooms = [room for room in ("trail", "wire") if _has_room(connection, room)]
        for month in range(count):
            year, index = divmod(first.month - 1 + month, 12)
            day = date(first.year + year, index + 1, 1)
            for room in rooms:
                connection.execute(sql.SQL("SELECT {}.ensure_month(%s)").format(sql.Identifier(room)), (day,))


def _has_room(connection: psycopg.Connection, room: str) -> bool:
    row = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", (room,)).fetchone()
    return bool(row and row[0])


def migrate_register(owner: DatabaseSettings, app_role: str = "register_app") -> list[str]:
    """Everything the register's database needs; returns the names of the SQL migrations applied now."""
    applied = apply(owner, load(), app_role)
    apply_queue(owner, app_role)
    apply_django(owner, app_role, "register")
    return applied


def migrate_commons(owner: DatabaseSettings, app_role: str = "commons_app") -> list[str]:
    """Everything the database of the common platform needs; returns the names of the SQL migrations applied now."""
    applied = apply(owner, load(COMMONS_ROOMS), app_role)
    apply_django(owner, app_role, "commons")
    return applied


def migrate_system(system: str, owner: DatabaseSettings) -> list[str]:
    """Everything the database of one of ROOMS needs; returns the names of the SQL migrations applied now."""
    return apply(owner, load(ROOMS[system]), f"{system}_app")
