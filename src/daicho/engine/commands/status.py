"""`status`: health, waiting messages, versions."""

import argparse
import json
from typing import Any

from daicho.engine.paths import DataDir
from daicho.engine.status import look


def run(arguments: list[str]) -> int:
    """Print the state of the house; 0 when everything is well, 1 when something is down or degraded."""
    parser = argparse.ArgumentParser(prog="./daicho status", description=__doc__)
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    seen = look(DataDir.at(options.data))
    if options.json:
        print(json.dumps(seen, ensure_ascii=False))
    else:
        for name, status in seen["systems"].items():
            print(f"{name:<10} {status['state']:<9} {status['version']:<10} {status['url'] or ''}")
        for name, waiting in seen["backlog"].items():
            print(f"waiting    {name}: {waiting['waiting']}, the oldest for {waiting['oldest_s']:.0f} s")
        print(_backup_line(seen["backup"]))
    return 0 if all(status["state"] == "ok" for status in seen["systems"].values()) else 1


def _backup_line(found: dict[str, Any] | None) -> str:
    if found is None:
        return "backup     none is planned: ./daicho backup plan --to MEDIUM"
    if "problem" in found:
        return f"backup     LOOK AT IT: {found['problem']}"
    age, wal = found["age_s"] / 3600, found["wal_age_s"]
    return f"backup     {found['name']}, {age:.1f} h old; WAL on the medium {wal:.0f} s ago"
