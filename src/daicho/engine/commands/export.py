"""`export`: everything for comparison (`--canonical`, synthetic people only), or the take-over file (`--csv`)."""

import argparse
import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from daicho.engine import house
from daicho.engine.paths import DataDir
from daicho.law.errors import DaichoError


def run(arguments: list[str]) -> int:
    """Write to a file or standard output; 2 when the register may not be written out so."""
    options = _parse(arguments)
    with house.database(DataDir.at(options.data)):
        environment = import_module("daicho.register.environment").current()
        try:
            return _export(options, environment)
        except DaichoError as error:
            print(f"{error.code} {error.message}", file=sys.stderr)
            return 2


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho export", description=__doc__)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--canonical", action="store_true", help="lines of JSON in one order, without generated ids")
    kind.add_argument("--csv", action="store_true", help="the 93 items, as `import` takes them")
    parser.add_argument("--sha256", action="store_true", help="with --canonical: print the digest only")
    parser.add_argument("--output", help="file to write (default: standard output)")
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    return parser.parse_args(arguments)


def _export(options: argparse.Namespace, environment: Any) -> int:
    target = Path(options.output) if options.output else None
    opened = target.open("w", encoding="utf-8", newline="") if target else nullcontext(sys.stdout)
    with opened as file, environment.database.transaction() as connection:
        if options.csv:
            take_over_file: Any = import_module("daicho.register.exports.take_over_file")
            take_over_file.write(connection, environment, file)
            if kept_back := take_over_file.left_out(connection, environment):
                print(f"支援措置などの対象の {kept_back}人は、書き出していません。", file=sys.stderr)
            return 0
        canonical: Any = import_module("daicho.register.exports.canonical")
        digest = canonical.write(connection, environment, None if options.sha256 else file)
        if options.sha256:
            print(digest, file=file)
    return 0
