"""`import FILE`: take over an existing register from a CSV of the 93 items (docs/import-format.md)."""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from daicho.engine import house
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.law.errors import DaichoError


def run(arguments: list[str]) -> int:
    """Take over; 0 when every row was taken or there already, 1 when rows were rejected, 2 when the file was refused."""
    options = _parse(arguments)
    path = Path(options.file)
    if not path.is_file():
        raise SetupError(f"There is no file {path}.")
    data = DataDir.at(options.data)
    with house.database(data):
        try:
            return _take_over(options, path, data)
        except DaichoError as error:
            print(f"{error.code} {error.message}", file=sys.stderr)
            return 2


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho import", description=__doc__)
    parser.add_argument("file", help="the take-over file")
    parser.add_argument("--data", help="data folder of the house, made if absent (default: var in the clone)")
    parser.add_argument("--real", action="store_true", help="a register of real people: the real rule of check digits")
    parser.add_argument("--dry-run", action="store_true", help="judge everything, write nothing")
    parser.add_argument("--report", help="folder for the report (default: files/takeover in the data folder)")
    parser.add_argument("--processes", type=int, default=2, help="worker processes")
    return parser.parse_args(arguments)


def _take_over(options: argparse.Namespace, path: Path, data: DataDir) -> int:
    environment = import_module("daicho.register.environment").current()
    takeover: Any = import_module("daicho.register.takeover.run")
    report: Any = import_module("daicho.register.takeover.report")
    towns: Any = import_module("daicho.law.towns")
    name = "熊谷市" if options.real else "熊谷市（合成データ）"
    settings = takeover.Options(
        municipality_code=towns.CITY_CODE,
        name=name,
        synthetic=not options.real,
        dry_run=options.dry_run,
        processes=options.processes,
    )
    done = takeover.take_over(environment, path, settings, _progress)
    folder = Path(options.report) if options.report else data.files / "takeover"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = folder / (done.digest[:16] + ("-dry-run" if options.dry_run else ""))
    summary = report.summary(done.totals, digest=done.digest, dry_run=options.dry_run, synthetic=not options.real)
    report.write_rows(stem.with_suffix(".csv"), done.totals.issues)
    stem.with_suffix(".txt").write_text(summary, encoding="utf-8")
    print(f"\n{summary}\n{stem.with_suffix('.csv')}")
    return 1 if done.totals.verdicts["rejected"] else 0


def _progress(done: int, rows: int) -> None:
    print(f"  {done:,} / {rows:,}", file=sys.stderr)
