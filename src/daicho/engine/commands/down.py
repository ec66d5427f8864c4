"""`down`: stop what `up` started, also what a killed `up` left behind."""

import argparse
import os
import signal
import time

from daicho.engine import house, processes
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.engine.status import supervisor_of

WAIT_SECONDS = 60.0


def run(arguments: list[str]) -> int:
    """Stop the house of a data folder; 0 also when none was running. SetupError when it does not stop."""
    parser = argparse.ArgumentParser(prog="./daicho down", description=__doc__)
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    data = DataDir.at(parser.parse_args(arguments).data)
    supervisor = supervisor_of(data)
    if supervisor is not None:
        os.kill(supervisor.pid, signal.SIGTERM)
        _await_end(supervisor)
    held = house.lock(data)
    if held is None:
        raise SetupError(
            "Another command is using this data folder; it is not a running house. Try again when it has ended."
        )
    with held:
        left = house.clean_up(data)
    print("Stopped." if supervisor or left else "No house was running.")
    return 0


def _await_end(supervisor: processes.Identity) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while supervisor.alive:
        if time.monotonic() > deadline:
            raise SetupError(f"The house (process {supervisor.pid}) does not stop; see its logs.")
        time.sleep(0.05)
