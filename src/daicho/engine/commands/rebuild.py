"""`rebuild`: make the derived tables again from history."""

import argparse
import time
from importlib import import_module
from typing import Any

from daicho.engine import house
from daicho.engine.paths import DataDir


def run(arguments: list[str]) -> int:
    """Rebuild in one transaction; readers see the old rows until it is through."""
    parser = argparse.ArgumentParser(prog="./daicho rebuild", description=__doc__)
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    options = parser.parse_args(arguments)
    with house.database(DataDir.at(options.data)):
        environment = import_module("daicho.register.environment").current()
        derived: Any = import_module("daicho.register.store.derived")
        began = time.monotonic()
        with environment.database.transaction() as connection:
            persons = derived.rebuild(connection, environment.clock.today())
        print(f"{persons:,} persons in {time.monotonic() - began:.1f} s")
    return 0
