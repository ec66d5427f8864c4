"""`world`: those outside the city, simulated: what they hold, and faults switched on and off while they run.

Without FAULT it says what NAME holds and which faults are on. A fault adds to those that are on; `clear` ends all.
"""

import argparse
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import psycopg

from daicho.engine import connector_services, house, production
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir

NAMES = (house.PREFECTURE, house.CARDS)
HELD = {
    house.PREFECTURE: "SELECT count(*) FILTER (WHERE superseded_at IS NULL), count(*), max(received_at) FROM prefecture.record",
    house.CARDS: "SELECT count(*), count(*), max(received_at) FROM cards.dispatch",
}


def run(arguments: list[str]) -> int:
    """Show, switch on, or clear. SetupError in production, where nobody outside is simulated."""
    world = import_module("daicho.world.faults")
    options = _parse(arguments, world.KINDS)
    if production.is_production():
        raise SetupError("In production nobody outside is simulated.")
    data = DataDir.at(options.data)
    faults = world.Faults(connector_services.faults_file(data, options.name))
    now = datetime.now(UTC)
    if options.fault == "clear":
        faults.write([])
    elif options.fault:
        until = (now + timedelta(seconds=options.duration)).isoformat() if options.duration else None
        fault = world.Fault(options.fault, options.share, options.seconds, until)
        faults.write([*(one for one in faults.on(now) if one.kind != fault.kind), fault])
    for one in faults.on(now):
        print(_said(one))
    if not options.fault:
        print(_held(data, options.name))
    return 0


def _parse(arguments: list[str], kinds: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho world", description=__doc__)
    parser.add_argument("name", nargs="?", default=house.PREFECTURE, choices=NAMES)
    parser.add_argument("fault", nargs="?", choices=(*kinds, "clear"))
    parser.add_argument("--share", type=int, default=100, help="of a hundred requests (default 100)")
    parser.add_argument("--seconds", type=float, default=0.0, help="how long (delay, late), how far ahead (skew)")
    parser.add_argument("--for", dest="duration", type=float, help="seconds after which the fault ends by itself")
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    return parser.parse_args(arguments)


def _said(fault: Any) -> str:
    seconds = f", {fault.seconds:g} s" if fault.seconds else ""
    return f"fault {fault.kind}: {fault.share} of 100 requests{seconds}, until {fault.until or 'cleared'}"


def _held(data: DataDir, name: str) -> str:
    try:
        with psycopg.connect(house.system_databases(data, name).app.conninfo()) as connection:
            row = connection.execute(HELD[name].encode()).fetchone()
    except psycopg.OperationalError:
        raise SetupError("The house is not running. Start it first: ./daicho up") from None
    people, updates, newest = row or (0, 0, None)
    return f"{name}: {people} people, {updates} updates, the newest at {newest or 'no time yet'}"
