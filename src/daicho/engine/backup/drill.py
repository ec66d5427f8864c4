"""The restore drill: a throw-away house is made from the backup and held against the house it is a backup of."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from daicho.engine import house, postgres
from daicho.engine.backup import compare
from daicho.engine.backup.errors import BackupError
from daicho.engine.backup.medium import Base, Medium
from daicho.engine.backup.replication import lsn_text
from daicho.engine.backup.restore import Restored, restore
from daicho.engine.backup.source import house_keys
from daicho.engine.commands import trail
from daicho.engine.databases import DatabaseSettings
from daicho.engine.paths import ROOT, DataDir

ARRIVE_SECONDS = 120.0
_POLL = 0.02


@dataclass(slots=True)
class Report:
    """What a drill came to."""

    base: str
    compared: bool
    differences: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the restored house is equal and its trail whole."""
        return self.compared and not self.differences


def drill(path: Path, data: DataDir, *, with_source: bool = True, say: Callable[[str], None] = print) -> Report:
    """Restore the newest backup into a throw-away house and compare. Raises Damaged, WrongKey, BackupError."""
    medium, keys = Medium.found(path), house_keys(data)
    base = medium.newest(keys)
    report = Report(base.name, with_source)
    folder = Path(tempfile.mkdtemp(prefix="daicho-drill-"))
    copy = DataDir.at(folder)
    try:
        shutil.copytree(data.secrets, copy.secrets, dirs_exist_ok=True)
        if with_source:
            _against_source(medium, base, data, copy, report, say)
        else:
            _figures(report, restore(medium, base, keys, copy))
        _trail(copy, report)
    finally:
        house.remove(copy)
    return report


def _against_source(
    medium: Medium, base: Base, data: DataDir, copy: DataDir, report: Report, say: Callable[[str], None]
) -> None:
    keys = house_keys(data)
    superuser = postgres.cluster(data).superuser
    try:
        with compare.quiet(superuser) as instant:
            report.figures["rpo_s"] = _await_arrival(medium, superuser, instant.position, data)
            say(f"Everything before {lsn_text(instant.position)} is on the medium. Digesting the source ...")
            expected = instant.content()
    except psycopg.OperationalError:
        raise BackupError("The house does not run, or its database cannot be asked.") from None
    say("Restoring ...")
    _figures(report, restore(medium, base, keys, copy, instant.position))
    say("Digesting the restored house ...")
    restored = _content(copy)
    report.differences += compare.differences(expected, restored)
    report.figures |= {
        "position": lsn_text(instant.position),
        "databases": len({name for name, _ in expected.tables}),
        "tables": len(expected.tables),
        "rows": expected.rows,
        "sequences": len(expected.sequences),
    }


def _await_arrival(medium: Medium, superuser: DatabaseSettings, position: int, data: DataDir) -> float:
    """Write one more record, and wait until WAL on the medium reaches beyond it; the seconds that it took."""
    with psycopg.connect(superuser.conninfo(), autocommit=True) as connection:
        connection.execute("SELECT pg_logical_emit_message(true, 'daicho.drill', '')")
        [row] = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchall()
    began = time.monotonic()
    keys = house_keys(data)
    while medium.reach(keys).position < max(int(row[0]), position + 1):
        if time.monotonic() - began > ARRIVE_SECONDS:
            raise BackupError(
                "The last commit does not arrive on the medium: the process `backup` of the house does not work "
                "(./daicho status), or this is another medium."
            )
        time.sleep(_POLL)
    return round(time.monotonic() - began, 2)


def _content(copy: DataDir) -> compare.Content:
    cluster = postgres.cluster(copy)
    process = cluster.start(copy.logs / "postgres.log")
    try:
        with compare.quiet(cluster.superuser) as instant:
            return instant.content()
    finally:
        postgres.stop(process.pid)
        process.wait()


def _figures(report: Report, restored: Restored) -> None:
    report.figures |= {
        "restored_to": restored.until,
        "last_commit": restored.last_commit,
        "bytes": restored.content,
        "restore_s": round(restored.seconds, 1),
    }
    if restored.last_commit:
        at = datetime.fromisoformat(restored.last_commit)
        report.figures["last_commit_age_s"] = round((datetime.now(UTC) - at).total_seconds(), 1)


def _trail(copy: DataDir, report: Report) -> None:
    """The trail of every system of the restored house, verified by the command that an auditor uses."""
    command = [sys.executable, "-m", "daicho.engine", "trail", "verify", "--json", "--data", str(copy.path)]
    variables = house.environment(copy) | {"DAICHO_KEYS": str(copy.secrets / "keys"), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    try:
        found = [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:
        found = []
    if not found or done.returncode == trail.IMPOSSIBLE:
        report.differences.append(f"The trail could not be verified: {done.stderr.strip()[-300:]}")
    report.figures["trail_entries"] = sum(one["size"] for one in found)
    for one in found:
        if not one["ok"]:
            report.differences.append(f"The trail of {one['system']} is broken, first at number {one['first_broken']}")
