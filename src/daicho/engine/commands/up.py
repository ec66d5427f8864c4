"""`up`: start everything with a synthetic city, print addresses and demo sign-ons; Ctrl-C stops it."""

import argparse
import hashlib
import json
import sys
import time
from datetime import UTC, datetime
from importlib.util import find_spec

import psycopg

from daicho.engine import (
    connector_services,
    exchange_services,
    house,
    migrate,
    postgres,
    prepare,
    processes,
    production,
    services,
)
from daicho.engine.backup.source import Plan
from daicho.engine.databases import DatabaseSettings, drop_database
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT, DataDir
from daicho.engine.supervisor import Service, Supervisor, write_json

RESIDENTS = 20_000
CITY_MODULE = "daicho.city.load"
OFFICERS = "src/daicho/signon/demo.py"
SIGNONS = "demo-signons.json"
MONTHS_AHEAD = 15
"""Partitions made at every start: a house that is started once a year never runs out."""


def run(arguments: list[str]) -> int:
    """Start, watch and stop a house; 0 after an ordered stop."""
    options = _parse(arguments)
    if production.is_production():
        production.check()
    data = DataDir.at(options.data)
    held = house.lock(data)
    if held is None:
        raise SetupError(f"A house is already running in {data.path}. Stop it with: ./daicho down --data {data.path}")
    began = time.monotonic()
    left = house.clean_up(data)
    if left:
        _say(f"Ended {left} processes that an earlier run left behind.")
    supervisor = Supervisor(data.run)
    supervisor.listen()
    try:
        _bring_up(supervisor, data, options, began)
        supervisor.watch()
    except KeyboardInterrupt:
        pass
    finally:
        (data.run / "ports.json").unlink(missing_ok=True)
        _say("Stopping ...")
        supervisor.stop()
        held.close()
    _say("Stopped.")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./daicho up", description=__doc__)
    parser.add_argument("--residents", type=int, default=RESIDENTS, help="size of the synthetic city, 0 for none")
    parser.add_argument("--data", help="data folder (default: var in the clone)")
    parser.add_argument("--port", type=int, help="port of the register's pages (default: the first free one from 8080)")
    parser.add_argument("--offices", action="store_true", help="also two sample offices that are told of changes")
    parser.add_argument(
        "--commons-port", type=int, help="port of the common platform's pages (default: the next free one)"
    )
    options = parser.parse_args(arguments)
    if options.residents < 0:
        parser.error("--residents must not be negative")
    return options


def _bring_up(supervisor: Supervisor, data: DataDir, options: argparse.Namespace, began: float) -> None:
    at = services.address(options.port)
    common = services.address(options.commons_port if options.port is None else options.commons_port or 0, at.port)
    if not house.is_external():
        supervisor.start(services.postgres_service(data))
    house.create_and_migrate(data)
    further = () if house.is_external() else (house.COMMONS, *migrate.ROOMS)
    owners = [house.databases(data).owner, *(house.system_databases(data, one).owner for one in further)]
    for owner in owners:
        migrate.ensure_months(owner, datetime.now(UTC).date(), MONTHS_AHEAD)
    if not production.is_production():
        _load_city(supervisor, data, options.residents)
        _make_officers(supervisor, data)
    press = services.press_service(data)
    pages = services.pages_service(data, at, "" if house.is_external() else common.url)
    others, shown = _others(data, common, at.url, offices=options.offices)
    supervisor.start(
        services.sealer_service(data), *([press] if press else []), services.batch_service(data), *others, pages
    )
    if Plan.of(data) is not None:
        supervisor.start(services.backup_service(data))
    me = processes.Identity.of(supervisor.pid)
    write_json(
        data.run / "ports.json",
        {
            "supervisor": supervisor.pid,
            "started": me.started if me else 0,
            "register": {"url": at.url, "port": at.port, "bind": at.bind},
            "commons": {"url": common.url, "port": common.port, "bind": common.bind} if others else None,
            "shown": shown,
        },
    )
    _print_summary(data, at, time.monotonic() - began, shown)


def _others(
    data: DataDir, at: services.Address, register_url: str, *, offices: bool
) -> tuple[list[Service], dict[str, str]]:
    """The other systems, the exchange and the sending to them; pages of sample offices and of those outside by name.

    `at`: the pages of commons. With a server of the city's own, the city starts each where it puts it.
    """
    if house.is_external():
        return [], {}
    commons, register, connector = (services.free_port() for _ in range(3))
    exchange, pages = exchange_services.exchange_services(data, commons=commons, register=register, offices=offices)
    network, outside = connector_services.connector_services(data, connector=connector)
    sending = services.sending_service(data, commons=commons, connector=connector)
    signing_on = [services.sealer_service(data, house.COMMONS), services.commons_pages_service(data, at, register_url)]
    return [services.commons_service(data, commons), *network, sending, *exchange, *signing_on], {
        "共通基盤": at.url
    } | outside | pages


def _make_officers(supervisor: Supervisor, data: DataDir) -> None:
    """The demo's officers and terminals, unless this version of them is there already: they are the common platform's."""
    if house.is_external():
        return
    owner = house.commons_databases(data).owner
    digest = hashlib.sha256((ROOT / OFFICERS).read_bytes()).hexdigest()
    if (data.secrets / SIGNONS).is_file() and migrate.remembered(owner, "officers") == digest:
        return
    command = [sys.executable, "-m", "django", "demo_officers", "--folder", str(data.secrets)]
    supervisor.once("Making the demo officers", command, house.commons_environment(data))
    migrate.remember(owner, "officers", digest)


def _load_city(supervisor: Supervisor, data: DataDir, residents: int) -> None:
    """Load the synthetic city into an empty register; a load that was killed in the middle starts again from nothing."""
    if residents == 0 or find_spec(CITY_MODULE) is None:
        return
    owner = house.databases(data).owner
    state = migrate.remembered(owner, "city")
    if state == "loading":
        if house.is_external():
            raise SetupError(
                "The load of the synthetic city was broken off. Drop and make the database again, then start."
            )
        _say("The load of the synthetic city was broken off; starting it again.")
        drop_database(postgres.cluster(data).superuser, house.SYSTEM)
        house.create_and_migrate(data)
        state = None
    if state is None and _is_empty(owner):
        migrate.remember(owner, "city", "loading")
        began = time.monotonic()
        _say(f"Making the synthetic city of {residents:,} residents ...")
        command = [sys.executable, "-m", CITY_MODULE, "--residents", str(residents)]
        supervisor.once("The synthetic city", command, house.environment(data, owner=True))
        migrate.remember(owner, "city", "loaded")
        _say(f"The synthetic city is loaded ({time.monotonic() - began:.1f} s).")


def _is_empty(owner: DatabaseSettings) -> bool:
    with psycopg.connect(owner.conninfo()) as connection:
        row = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM register.change)").fetchone()
    return bool(row and row[0])


def _print_summary(data: DataDir, at: services.Address, seconds: float, shown: dict[str, str]) -> None:
    if prepare.DOWNLOADS.is_file():
        fetched = json.loads(prepare.DOWNLOADS.read_text(encoding="utf-8"))
        _say(f"Downloads and installation, once: {sum(item['seconds'] for item in fetched):.1f} s")
    _say(f"Started in {seconds:.1f} s.\n\n  住民記録  {at.url}")
    for name, url in shown.items():
        _say(f"  {name}  {url}")
    _say("")
    listed = data.secrets / SIGNONS
    if listed.is_file() and not production.is_production():
        _say("  Demo sign-ons (synthetic people only): user ID, password, TOTP secret, terminal")
        for entry in json.loads(listed.read_text(encoding="utf-8")):
            _say("  {officer:<10} {password}  {totp_secret}  {terminal:<12} {role}, {office}".format(**entry))
        _say(f"  The code of the moment: ./daicho code OFFICER --data {data.path}\n")
    _say("Ctrl-C stops everything.")


def _say(text: str) -> None:
    print(text, flush=True)
