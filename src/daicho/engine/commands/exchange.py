"""`exchange`: the in-city exchange: who is told what, what waits, files, the lists of transfers and provisions.

`exchange [list]` · `exchange --help` for all acts · `exchange state` tells commons everybody as they stand once more.
"""

import argparse
import subprocess
import sys
from importlib import import_module

from daicho.engine import house
from daicho.engine.exchange_services import COMMAND
from daicho.engine.paths import DataDir
from daicho.wire.environment import of_process


def run(arguments: list[str]) -> int:
    """Do it as commons; its exit status."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    options, rest = parser.parse_known_args(arguments)
    data = DataDir.at(options.data)
    with house.database(data):
        if rest == ["state"]:
            import_module("daicho.register.store.stating").again(of_process())
            print("Everybody is told again as they stand.")
            return 0
        done = subprocess.run([sys.executable, "-m", COMMAND, *rest], env=house.commons_environment(data), check=False)
        return done.returncode
