"""The test run's PostgreSQL: started by whoever needs it first, stopped by the process that started the run."""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from daicho.engine import postgres
from daicho.engine.databases import DatabaseSettings, create_system, prepare_database
from daicho.engine.environment import PooledDatabase, build
from daicho.engine.keys import FileKeys
from daicho.engine.migrate import migrate_commons, migrate_register
from daicho.engine.paths import DataDir
from daicho.engine.secretfiles import secret
from daicho.law.japan import JAPAN
from daicho.register import environment as register_environment
from daicho.wire.environment import Environment

ENV_RUN = "DAICHO_TEST_RUN"
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "80"}


class SettableClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, at: datetime | None = None) -> None:
        """Stands at 2026-04-01 09:00 in Japan unless told otherwise."""
        self.at = at or datetime(2026, 4, 1, 9, 0, tzinfo=JAPAN).astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was set to, in UTC."""
        return self.at

    def today(self) -> date:
        """That instant's day in Japan."""
        return self.at.astimezone(JAPAN).date()

    def set(self, at: datetime) -> None:
        """Stand at another instant."""
        self.at = at.astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Move on, by the arguments of `timedelta`."""
        self.at += timedelta(**amount)


@dataclass(frozen=True)
class House:
    """The cluster of this run."""

    cluster: postgres.Cluster

    @classmethod
    def of_run(cls) -> "House":
        """Start the cluster and migrate the template if no other worker has done so."""
        data = DataDir.at(os.environ[ENV_RUN])
        made = postgres.cluster(data, **_FAST)
        with (data.run / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (data.run / "ready").exists():
                process = made.start(data.logs / "postgres.log")
                (data.run / "postgres.json").write_text(json.dumps({"pid": process.pid}))
                process.returncode = 0  # end_run stops it; subprocess need not warn about a running child
                for system, migrate in (("register", migrate_register), ("commons", migrate_commons)):
                    create_system(made.superuser, system, data.secrets)
                    migrate(made.settings(f"{system}_owner", system))
                (data.run / "ready").touch()
        return cls(made)

    def clone(self, system: str = "register") -> str:
        """A new database made from a system's migrated template; returns its name."""
        return self._create(system, system)

    def empty(self) -> str:
        """A new database with the extensions and nothing else; returns its name."""
        name = self._create("template0", "register")
        prepare_database(self.cluster.superuser.on(name), "register")
        return name

    def _create(self, template: str, system: str) -> str:
        name = f"t_{secrets.token_hex(6)}"
        known = sql.Identifier(name)
        with psycopg.connect(self.cluster.superuser.conninfo(), autocommit=True) as connection:
            owner, app, seal = (sql.Identifier(f"{system}_{role}") for role in ("owner", "app", "seal"))
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
            connection.execute(made.format(known, sql.Identifier(template), owner))
            granted = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}, {}, {}")
            connection.execute(granted.format(known, owner, app, seal))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        with psycopg.connect(self.cluster.superuser.conninfo(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def environment(self, settings: DatabaseSettings, clock: SettableClock) -> Iterator[Environment]:
        """A real Environment on `settings`; the register and Django use it until the end."""
        from tests.provider import Provider  # which needs the clock above

        keys = FileKeys(self.cluster.data.secrets / "keys", make=True)
        made = replace(build(settings, keys), clock=clock, transport=Provider(clock))
        register_environment.use(made)
        with _django_on(settings):
            yield made
        register_environment.use(None)
        assert isinstance(made.database, PooledDatabase)
        made.database.close()


@contextmanager
def _django_on(settings: DatabaseSettings) -> Iterator[None]:
    """Let Django's own connection use the database of the test."""
    import django
    from django.conf import settings as django_settings
    from django.db import connection

    if not django_settings.SECRET_KEY:
        django_settings.SECRET_KEY = secrets.token_urlsafe(32)
    django.setup()
    connection.close()
    connection.settings_dict |= {
        "HOST": settings.host,
        "PORT": str(settings.port),
        "NAME": settings.name,
        "USER": settings.user,
        "PASSWORD": settings.password_file.read_text(encoding="ascii").strip(),
    }
    yield
    connection.close()


def begin_run() -> None:
    """Make the run's folder and tell child processes where it is."""
    os.environ[ENV_RUN] = tempfile.mkdtemp(prefix="daicho-test-")
    data = DataDir.at(os.environ[ENV_RUN])
    os.environ["DAICHO_SECRET_KEY_FILE"] = str(data.secrets / "django")
    secret(data.secrets, "django")


def end_run() -> None:
    """Stop the cluster if anybody started it, and delete the folder."""
    folder = Path(os.environ.pop(ENV_RUN))
    data = DataDir.at(folder)
    if (data.run / "postgres.json").exists():
        used = postgres.cluster(data)
        used.stop_leftover()
        used.remove()
    shutil.rmtree(folder)
