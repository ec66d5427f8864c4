"""`bench NAME`: measure, each figure beside its bar and the machine's own limit; one JSON object a line with --json."""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT

FULL_CITY = 194_415
QUICK_CITY = 2_000


def run(arguments: list[str]) -> int:
    """Measure and print; exit status 1 when a figure misses its bar."""
    options = _parse(arguments)
    sys.path.insert(0, str(ROOT))
    name = f"bench.{options.name.replace('-', '_')}"
    if find_spec(name) is None:
        raise SetupError(f"There is no benchmark named {options.name}.")
    module = import_module(name)
    residents = options.residents or (QUICK_CITY if options.quick else getattr(module, "FULL", FULL_CITY))
    well = True
    for figure in module.measure(residents, quick=options.quick):
        found = figure.as_dict()
        well = well and figure.ok
        print(json.dumps(found, ensure_ascii=False) if options.json else _line(found), flush=True)
        if options.keep:
            _keep(options.name, found, residents)
    return 0 if well else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho bench", description=__doc__)
    parser.add_argument("name", help="main-job, register, …")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--residents", type=int, help=f"size of the city (default {FULL_CITY:,})")
    parser.add_argument("--quick", action="store_true", help="a small city and few samples, under a minute")
    parser.add_argument("--keep", action="store_true", help="append to bench/results/ with machine and versions")
    return parser.parse_args(arguments)


def _line(found: dict[str, object]) -> str:
    mark = "ok  " if found["ok"] else "MISS"
    sign = "<=" if found["better"] == "lower" else ">="
    bar = f"bar {sign} {found['bar']:g}" if found["bar"] is not None else "no bar"
    limit = f", machine {found['limit']:g}" if found["limit"] is not None else ""
    return f"{mark}  {found['name']:<28} {found['value']:>12,.3f} {found['unit']:<14} {bar}{limit} (n={found['n']})"


def _keep(name: str, found: dict[str, object], residents: int) -> None:
    folder = ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "versions": {part: version(part) for part in ("django", "psycopg", "typst", "granian")},
        "residents": residents,
        **found,
    }
    with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
