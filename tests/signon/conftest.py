"""Fixtures of sign-on: the common platform's pages on a database of their own, the demo's officers put back before each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.rows import dict_row

from daicho.engine.databases import DatabaseSettings
from daicho.wire.environment import Connection, Environment
from tests.conftest import _databases
from tests.house_database import House, SettableClock

if TYPE_CHECKING:
    from tests.signon.desk import CommonsDesk

MORNING = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
OWN_URL = "http://localhost"
LEFT_ALONE = {"AUTH_USER_MODEL", "DATABASES", "INSTALLED_APPS", "SECRET_KEY", "WSGI_APPLICATION"}


@contextmanager
def commons_settings(**more: object) -> Iterator[None]:
    """This process serves the common platform's pages, as its own process does with its own settings."""
    from django.test import override_settings

    from daicho.commons import settings

    ours = {name: value for name, value in vars(settings).items() if name.isupper() and name not in LEFT_ALONE}
    with override_settings(**ours | {"OWN_URL": OWN_URL} | more):
        yield


@pytest.fixture(scope="module")
def module_database(house: House) -> Iterator[DatabaseSettings]:
    """A database of the common platform, runtime role."""
    with _databases(house) as databases:
        yield databases("commons")


@pytest.fixture(scope="module")
def module_environment(
    module_database: DatabaseSettings, module_clock: SettableClock, house: House
) -> Iterator[Environment]:
    """A real Environment of the common platform, with its pages."""
    with commons_settings(), house.environment(module_database, module_clock) as made:
        yield made


@pytest.fixture(scope="module")
def module_owner_connection(module_database: DatabaseSettings, house: House) -> Iterator[Connection]:
    """A connection as `commons_owner`."""
    conninfo = house.cluster.settings("commons_owner", module_database.name).conninfo()
    with psycopg.connect(conninfo, row_factory=dict_row, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def module_desk(
    module_environment: Environment, module_clock: SettableClock, tmp_path_factory: pytest.TempPathFactory
) -> "CommonsDesk":
    """Demo officers on the module's database."""
    from tests.signon.desk import make_commons_desk  # Django's models load only after pytest has configured Django

    module_clock.set(MORNING)
    return make_commons_desk(module_environment, module_clock, tmp_path_factory.mktemp("secrets"))


@pytest.fixture
def desk(module_desk: "CommonsDesk", module_owner_connection: Connection) -> "CommonsDesk":
    """Nobody signed on, nothing failed, nine in the morning; officers and terminals as the demo makes them."""
    from tests.signon.desk import as_first

    module_desk.clock.set(MORNING)
    as_first(module_owner_connection)
    return module_desk
