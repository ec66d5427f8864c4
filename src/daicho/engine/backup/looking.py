"""What `./daicho status` says of the backup."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daicho.engine.backup.errors import BackupError
from daicho.engine.backup.medium import Medium
from daicho.engine.backup.source import Plan, house_keys
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir


def last_backup(data: DataDir) -> dict[str, Any] | None:
    """Name and age of the last good backup, and how long ago WAL came to the medium; the problem if there is one. None: not planned."""
    plan = Plan.of(data)
    if plan is None:
        return None
    now = datetime.now(UTC)
    try:
        keys = house_keys(data)
        medium = Medium.found(Path(plan.to))
        newest, reach = medium.newest(keys), medium.reach(keys)
    except (BackupError, SetupError, OSError, KeyError) as error:
        return {"problem": str(error)}
    return {
        "name": newest.name,
        "age_s": round((now - newest.at).total_seconds(), 1),
        "wal_age_s": round((now - reach.at).total_seconds(), 1),
    }
