"""`connector`: the identity file: how many stand in it, what was found to differ from the register, telling everybody
again; comparing it with the prefecture server and sending what is missing there."""

import argparse
import os
import time
from importlib import import_module
from typing import Any

import psycopg

from daicho.engine import house
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.wire.environment import of_process

MOST = 200
PATIENCE_SECONDS = 120.0
_RUN = "SELECT persons, sent_bytes, finished_at FROM connector.reconciliation WHERE run = %s"
_SHOWN = (
    ("persons in the identity file", "SELECT count(*) FROM connector.identity WHERE superseded_at IS NULL"),
    ("updates, those superseded included", "SELECT count(*) FROM connector.identity"),
    ("without a resident code, not told to the network", "SELECT count(*) FROM connector.identity"
     " WHERE superseded_at IS NULL AND resident_code_id IS NULL"),
    ("dispatch files not yet deleted", "SELECT count(*) FROM connector.dispatch"),
    ("differences found and settled so far", "SELECT count(*) FROM connector.difference"),
    ("messages that wait", "SELECT count(*) FROM wire.delivery"),
)  # fmt: skip


def run(arguments: list[str]) -> int:
    """Show, list differences, or let the register tell everybody again. SetupError when the house is not running."""
    parser = argparse.ArgumentParser(prog="./daicho connector", description=__doc__)
    parser.add_argument(
        "act", nargs="?", default="show", choices=("show", "state-again", "differences", "reconcile", "send")
    )
    parser.add_argument("run", nargs="?", type=int, help="the number that reconcile gave (send)")
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    options = parser.parse_args(arguments)
    data = DataDir.at(options.data)
    if house.is_external():
        raise SetupError("This command works where connector and register run in one house.")
    try:
        if options.act == "state-again":
            return _state_again(data)
        if options.act == "reconcile":
            return _reconcile(data)
        if options.act == "send":
            return _send(data, options.run)
        with psycopg.connect(house.system_databases(data, house.CONNECTOR).app.conninfo()) as connection:
            return _show(connection) if options.act == "show" else _differences(connection)
    except psycopg.OperationalError:
        raise SetupError("The house is not running. Start it first: ./daicho up") from None


def _show(connection: psycopg.Connection) -> int:
    for words, query in _SHOWN:
        row = connection.execute(query.encode()).fetchone()
        print(f"{row[0] if row else 0:>9,}  {words}")
    return 0


def _differences(connection: psycopg.Connection) -> int:
    rows = connection.execute(
        "SELECT found_at, subject_id, update_no, items, settled_from FROM connector.difference ORDER BY found_at DESC LIMIT %s",
        (MOST,),
    ).fetchall()
    for found_at, subject, update, items, settled in rows:
        print(
            f"{found_at:%Y-%m-%d %H:%M:%S}  person {subject}, update {update}: {', '.join(items)}; settled from: {settled}"
        )
    if not rows:
        print("No differences were found.")
    return 0


def _state_again(data: DataDir) -> int:
    with psycopg.connect(house.databases(data).app.conninfo()):
        os.environ.update(house.environment(data))
    import_module("daicho.register.store.identity_stating").again(of_process())
    print("The register tells everybody again, 100 at a time; what differs stands in: ./daicho connector differences")
    return 0


def _reconcile(data: DataDir) -> int:
    """Compare and wait for the end; 1 when something differs."""
    settings = house.system_databases(data, house.CONNECTOR).app
    psycopg.connect(settings.conninfo()).close()
    os.environ.update(house.system_environment(data, house.CONNECTOR))
    run: int = import_module("daicho.connector.reconcile").begin(of_process(), "console")
    deadline = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(settings.conninfo(), autocommit=True) as connection:
        while time.monotonic() < deadline:
            row = connection.execute(_RUN, (run,)).fetchone()
            if row is not None and row[2] is not None:
                return _report(connection, run, row)
            time.sleep(0.2)
    raise SetupError(f"Run {run} goes on; the prefecture server has not answered yet. Look again later.")


def _report(connection: psycopg.Connection, run: int, row: tuple[Any, ...]) -> int:
    found = connection.execute(
        "SELECT subject, kind, our_update, their_update, items, proposed FROM connector.finding WHERE run = %s"
        " ORDER BY subject LIMIT %s",
        (run, MOST),
    ).fetchall()
    print(f"Run {run}: {row[0]:,} persons compared, {row[1]:,} bytes sent.")
    for subject, kind, ours, theirs, items, proposed in found:
        print(f"person {subject}: {kind}, update {ours} here, {theirs} there; {', '.join(items) or '-'}; {proposed}")
    print(f"Send those that are proposed for it: ./daicho connector send {run}" if found else "Nothing differs.")
    return 1 if found else 0


def _send(data: DataDir, run: int | None) -> int:
    if run is None:
        raise SetupError("send needs the number of a run.")
    os.environ.update(house.system_environment(data, house.CONNECTOR))
    sent = import_module("daicho.connector.settling").send(of_process(), run)
    print(f"{sent} persons are told anew to the prefecture server.")
    return 0
