"""How a running house learns of approved lists: law's tables are given anew when the version or the day has changed.

Look-ups stay as fast as with the files: nothing is asked of the database but the version, at most every few seconds.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daicho.law import tables
from daicho.register.masters.store import tables_on
from daicho.wire.environment import Database, Environment

EVERY = timedelta(seconds=5)


@dataclass(slots=True)
class _Known:
    """What this process has given to law last."""

    database: Database | None = None
    version: int = 0
    day: date = date.min
    looked: datetime | None = None


_known = _Known()


def bring_up_to_date(env: Environment, *, now: bool = False) -> bool:
    """Give law the lists of this register as they hold today; returns whether something was given.

    `now`: do not wait for the next look. A register in which nothing was ever approved leaves the files in force.
    """
    at, today = env.clock.now(), env.clock.today()
    same = _known.database is env.database and _known.day == today and _known.looked is not None
    if same and not now and _known.looked is not None and abs(at - _known.looked) < EVERY:
        return False
    with env.database.transaction() as connection:
        row = connection.execute("SELECT version FROM register.code_version").fetchone()
        version = int(row["version"]) if row is not None else 0
        _known.looked = at
        if same and version == _known.version:
            return False
        found = tables_on(connection, today) if version else {}
    tables.give(found)
    _known.database, _known.version, _known.day = env.database, version, today
    return True
