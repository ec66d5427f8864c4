"""What every test can use: one embedded PostgreSQL a run, a migrated template, a database of one's own.

- `environment`: a real Environment (runtime role) on a fresh database, with a clock that the test sets. Django's connection
  and `daicho.register.environment.current()` point to the same database.
- `module_environment`: the same, one database for all tests of a module.
- `owner_connection`, `module_owner_connection`: a connection as `register_owner` to that database, autocommit.
- `fresh_database`: makes further databases.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.register.settings")

import psycopg
import pytest
from hypothesis import settings
from psycopg.rows import dict_row

from daicho.engine.databases import DatabaseSettings
from daicho.wire.environment import Connection, Environment
from tests.house_database import ENV_RUN, House, SettableClock, begin_run, end_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.outcomes", "tests.canary"]


# The gate draws the same examples each time, so that it says the same of the same tree; the long run explores. No example
# has a deadline: on a busy machine a slow one is no defect.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if "DAICHO_EXPLORE" in os.environ else "gate")


def pytest_configure(config: pytest.Config) -> None:
    """The controller makes the run's folder; workers find it in the environment."""
    if not hasattr(config, "workerinput") and ENV_RUN not in os.environ:
        begin_run()
        config.add_cleanup(end_run)
    import django

    django.setup()  # test modules import views and models while they are collected
    settle_provider()


def settle_provider() -> None:
    """The register's pages sign officers on at the provider of `tests.provider`."""
    from django.conf import settings as django_settings

    from tests.provider import ISSUER, OWN_URL, SECRET

    django_settings.OIDC_ISSUER, django_settings.OWN_URL = ISSUER, OWN_URL
    django_settings.OIDC_CLIENT_SECRET = SECRET


@dataclass
class Databases:
    """Makes and drops databases for one scope."""

    house: House
    made: list[str] = field(default_factory=list)

    def __call__(self, system: str = "register") -> DatabaseSettings:
        """A fresh migrated database; settings of the runtime role."""
        name = self.house.clone(system)
        self.made.append(name)
        return self.house.cluster.settings(f"{system}_app", name)


@pytest.fixture(scope="session")
def house() -> House:
    """The run's cluster with its migrated template database."""
    return House.of_run()


@contextmanager
def _databases(house: House) -> Iterator[Databases]:
    databases = Databases(house)
    yield databases
    for name in databases.made:
        house.drop(name)


@pytest.fixture
def fresh_database(house: House) -> Iterator[Callable[[], DatabaseSettings]]:
    """A function that makes a migrated database (runtime role); dropped after the test."""
    with _databases(house) as databases:
        yield databases


@pytest.fixture
def clock() -> SettableClock:
    """The clock of `environment`: 2026-04-01 09:00 in Japan until set."""
    return SettableClock()


@pytest.fixture
def database_settings(fresh_database: Callable[[], DatabaseSettings]) -> DatabaseSettings:
    """The database of `environment`, runtime role."""
    return fresh_database()


@pytest.fixture
def environment(database_settings: DatabaseSettings, clock: SettableClock, house: House) -> Iterator[Environment]:
    """A real Environment on a database of this test."""
    with house.environment(database_settings, clock) as made:
        yield made


@pytest.fixture
def owner_connection(database_settings: DatabaseSettings, house: House) -> Iterator[Connection]:
    """A connection as `register_owner` to the database of `environment`."""
    with _owner(house, database_settings.name) as connection:
        yield connection


@pytest.fixture(scope="module")
def module_clock() -> SettableClock:
    """The clock of `module_environment`."""
    return SettableClock()


@pytest.fixture(scope="module")
def module_database(house: House) -> Iterator[DatabaseSettings]:
    """The database of `module_environment`, runtime role."""
    with _databases(house) as databases:
        yield databases()


@pytest.fixture(scope="module")
def module_environment(
    module_database: DatabaseSettings, module_clock: SettableClock, house: House
) -> Iterator[Environment]:
    """A real Environment on one database for all tests of the module."""
    with house.environment(module_database, module_clock) as made:
        yield made


@pytest.fixture(scope="module")
def module_owner_connection(module_database: DatabaseSettings, house: House) -> Iterator[Connection]:
    """A connection as `register_owner` to the database of `module_environment`."""
    with _owner(house, module_database.name) as connection:
        yield connection


@contextmanager
def _owner(house: House, name: str) -> Iterator[Connection]:
    conninfo = house.cluster.settings("register_owner", name).conninfo()
    with psycopg.connect(conninfo, row_factory=dict_row, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One headless Chromium for the run: `tests.live` says how pages are opened in it."""
    from tests.live import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the clone."""
    return Path(__file__).resolve().parents[1]
