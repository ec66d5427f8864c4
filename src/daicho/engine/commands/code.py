"""`code`: the present one-time codes of the demo's officers, for people without an authenticator at hand."""

import argparse
import json
from datetime import UTC, datetime

import pyotp

from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir


def run(arguments: list[str]) -> int:
    """Print the code of one officer, or of all. SetupError when the data folder has no demo officers."""
    parser = argparse.ArgumentParser(prog="./daicho code", description=__doc__)
    parser.add_argument("officer", nargs="?", help="user ID of one officer, e.g. clerk1")
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    options = parser.parse_args(arguments)
    path = DataDir.at(options.data).secrets / "demo-signons.json"
    if not path.is_file():
        raise SetupError("This data folder has no demo officers. Start the house first: ./daicho up")
    officers = json.loads(path.read_text(encoding="utf-8"))
    chosen = [entry for entry in officers if options.officer in {None, entry["officer"]}]
    if not chosen:
        raise SetupError(f"There is no demo officer {options.officer}.")
    now = datetime.now(UTC)
    for entry in chosen:
        code = pyotp.TOTP(entry["totp_secret"]).at(now)
        print(code if options.officer else f"{entry['officer']:<12} {code}")
    return 0
