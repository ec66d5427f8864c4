"""What a house looks like from outside: its processes, its pages, its waiting messages."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, LiteralString

import httpx
import psycopg

from daicho.engine import house, processes
from daicho.engine.backup.looking import last_backup
from daicho.engine.backup.source import Plan
from daicho.engine.paths import DataDir, house_version

STATES = ("ok", "degraded", "down")


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """One process that people or other processes depend on."""

    state: str
    pid: int | None
    url: str | None
    version: str


def supervisor_of(data: DataDir) -> processes.Identity | None:
    """The living supervisor of this data folder; None when there is none."""
    try:
        pid = int(json.loads((data.run / "processes.json").read_text(encoding="utf-8"))["supervisor"])
    except (OSError, ValueError, KeyError):
        return None
    identity = processes.Identity.of(pid)
    held = house.lock(data)
    if held is not None:  # the supervisor holds the lock as long as it lives
        held.close()
        return None
    return identity


def look(data: DataDir) -> dict[str, Any]:
    """`{"systems": {name: {state, pid, url, version}}, "links": {}, "backlog": {link/kind: {waiting, oldest_s}}, "backup": ...}`."""
    supervisor = supervisor_of(data)
    running = _services(data) if supervisor else {}
    systems = {
        "postgres": _postgres(data, running.get("postgres")),
        "sealer": _process(running.get("sealer"), "cryptography"),
        "press": _process(running.get("press"), "typst"),
        "register": _pages(running.get("register"), house.url(data)),
    }
    if not house.is_external():
        systems["sending"] = _process(running.get("sending"), "cryptography")
        systems["exchange"] = _process(running.get("exchange"), "cryptography")
        systems["register-door"] = _process(running.get("register-door"), "gunicorn")
        systems["connector-sending"] = _process(running.get("connector-sending"), "cryptography")
        for name in ("commons", "connector", "prefecture", "cards"):
            systems[name] = _process(running.get(name), "gunicorn")
        systems["commons-pages"] = _pages(running.get("commons-pages"), house.url(data, house.COMMONS))
        systems["commons-sealer"] = _process(running.get("commons-sealer"), "cryptography")
    if Plan.of(data) is not None:
        systems["backup"] = _process(running.get("backup"), "cryptography")
    backlog = _backlog(data) if systems["postgres"].state == "ok" else {}
    return {
        "systems": {name: _plain(status) for name, status in systems.items()},
        "links": {},
        "backlog": backlog,
        "backup": last_backup(data),
    }


def _plain(status: SystemStatus) -> dict[str, Any]:
    return {"state": status.state, "pid": status.pid, "url": status.url, "version": status.version}


def _services(data: DataDir) -> dict[str, int]:
    written = json.loads((data.run / "processes.json").read_text(encoding="utf-8"))
    return {name: int(entry["pid"]) for name, entry in written["services"].items()}


def _process(pid: int | None, package: str) -> SystemStatus:
    alive = pid is not None and processes.Identity.of(pid) is not None
    return SystemStatus("ok" if alive else "down", pid if alive else None, None, version(package))


def _postgres(data: DataDir, pid: int | None) -> SystemStatus:
    if pid is None and not house.is_external():
        return SystemStatus("down", None, None, "")
    try:
        with psycopg.connect(house.databases(data).app.conninfo()) as connection:
            number = connection.info.server_version
    except psycopg.OperationalError:
        return SystemStatus("down", pid, None, "")
    return SystemStatus("ok", pid, None, f"{number // 10000}.{number % 10000}")


def _pages(pid: int | None, url: str | None) -> SystemStatus:
    if pid is None or url is None:
        return SystemStatus("down", pid, url, house_version())
    try:
        answer = httpx.get(f"{url}/health", timeout=3, trust_env=False)
    except httpx.TransportError:
        return SystemStatus("down", pid, url, house_version())
    return SystemStatus("ok" if answer.status_code == 200 else "degraded", pid, url, house_version())


_WAITING: LiteralString = (
    "SELECT link || '/' || kind, count(*), min(created_at) FROM wire.delivery GROUP BY 1 ORDER BY 1"
)
_UNSEALED: LiteralString = """
WITH last AS (
    SELECT coalesce((SELECT accounted FROM trail.seal ORDER BY batch_no DESC LIMIT 1), '1:1:'::pg_snapshot) AS known
)
SELECT 'trail/seal', count(*), min(e.at) FROM last, trail.entry e
WHERE e.xid >= pg_snapshot_xmin(known) AND NOT pg_visible_in_snapshot(e.xid, known) HAVING count(*) > 0
"""


def _backlog(data: DataDir) -> dict[str, dict[str, float]]:
    """Waiting messages per link and kind, and the age of the oldest in seconds; entries of the trail not yet sealed."""
    with psycopg.connect(house.databases(data).owner.conninfo()) as connection:
        rows = connection.execute(_WAITING).fetchall() + connection.execute(_UNSEALED).fetchall()
    if not house.is_external():
        with psycopg.connect(house.system_databases(data, house.CONNECTOR).owner.conninfo()) as connection:
            rows += connection.execute(_WAITING).fetchall()
    now = datetime.now(UTC)
    return {
        name: {"waiting": count, "oldest_s": round((now - oldest).total_seconds(), 1)} for name, count, oldest in rows
    }
