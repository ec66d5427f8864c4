"""`restore-drill`: restore the newest backup into a throw-away house and prove it equal to the last commit."""

import argparse
import json
import time
from pathlib import Path

from daicho.engine.backup.drill import Report, drill
from daicho.engine.backup.errors import BackupError, Damaged, WrongKey
from daicho.engine.paths import DataDir

DIFFERENT, IMPOSSIBLE, NOT_COMPARED = 1, 2, 3


def run(arguments: list[str]) -> int:
    """0 when the restored house is equal; 1 different or damaged, 2 not possible, 3 restored and whole but not compared (--alone)."""
    parser = argparse.ArgumentParser(prog="./daicho restore-drill", description=__doc__)
    parser.add_argument("--backup", type=Path, required=True, help="the medium")
    parser.add_argument("--data", help="data folder of the running house (default: var in the clone)")
    parser.add_argument(
        "--alone", action="store_true", help="there is no house to compare with: restore to the end of WAL"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        say = (lambda text: None) if options.json else print
        report = drill(options.backup, DataDir.at(options.data), with_source=not options.alone, say=say)
    except BackupError as error:
        if options.json:
            print(json.dumps({"ok": False, "differences": [str(error)]}))
        else:
            print(f"NOT RESTORED: {error}")
        return DIFFERENT if isinstance(error, (Damaged, WrongKey)) else IMPOSSIBLE
    report.figures["seconds"] = round(time.monotonic() - began, 1)
    _print(report, as_json=options.json)
    if report.differences:
        return DIFFERENT
    return 0 if report.compared else NOT_COMPARED


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        found = {"ok": report.ok, "backup": report.base, "differences": report.differences, **report.figures}
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"Backup {report.base}")
    for name, value in report.figures.items():
        print(f"  {name:<18} {value:,}" if isinstance(value, int) else f"  {name:<18} {value}")
    for line in report.differences:
        print(f"DIFFERENT {line}")
    if report.ok:
        print("The restored house is equal to the last commit; its trail is whole.")
    elif not report.differences:
        print("Restored, and its trail is whole. There was no house to compare with.")
