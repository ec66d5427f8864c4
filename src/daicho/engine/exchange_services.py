"""The processes of the in-city exchange: commons' delivering, the register's door for what comes back, and two sample offices."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daicho.engine import house, processes, services
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT, DataDir
from daicho.engine.supervisor import Service

DELIVERING = "from daicho.commons.exchange.delivering import main; main()"
BEAT = "exchange.beat"
BEAT_SECONDS = 60.0
OFFICES = ROOT / "src" / "daicho" / "world" / "offices.toml"
MODULES = {"push": "daicho.world.office_push", "pull": "daicho.world.office_pull"}
COMMAND = "daicho.commons.exchange"


def exchange_services(
    data: DataDir, *, commons: int, register: int, offices: bool
) -> tuple[list[Service], dict[str, str]]:
    """The services, and the pages of the sample offices by name; ports of the doors of commons and the register."""
    found = [_register_door(data, register), _delivering(data, register)]
    pages: dict[str, str] = {}
    if offices:
        for office in _offices():
            port, page = services.free_port(), services.free_port()
            _make_known(data, office, port)
            found.append(_office(data, office, commons, port, page))
            pages[office["name"]] = f"http://localhost:{page}"
    return found, pages


def run_command(data: DataDir, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the exchange's own command as commons; engine and commons know each other by name only."""
    return subprocess.run(
        [sys.executable, "-m", COMMAND, *arguments],
        cwd=Path.cwd(),
        env=house.commons_environment(data),
        capture_output=True,
        text=True,
        check=False,
    )


def _register_door(data: DataDir, port: int) -> Service:
    arguments = ["-m", "gunicorn", "-c", "python:daicho.wire.serving", "daicho.register.door:application_of_process()"]
    variables = house.environment(data) | house.wire_files(data, house.SYSTEM).variables()
    variables["DAICHO_WIRE_BIND"] = f"127.0.0.1:{port}"
    return services.python_service(data, "register-door", arguments, lambda: services.listens(port), variables)


def _delivering(data: DataDir, register: int) -> Service:
    variables = house.commons_environment(
        data, DAICHO_WIRE_PEERS=f"register=https://localhost:{register}{services.DOOR_PATH}"
    )
    return services.beating_service(data, "exchange", ["-c", DELIVERING], BEAT, BEAT_SECONDS, variables)


def _offices() -> Iterator[dict[str, Any]]:
    yield from tomllib.loads(OFFICES.read_text(encoding="utf-8"))["office"]


def _make_known(data: DataDir, office: dict[str, Any], port: int) -> None:
    """Register a sample office with its certificate, or tell commons its address of today."""
    own = house.wire_files(data, office["subscriber"]).own
    endpoint = f"https://localhost:{port}/events"
    known = data.run / f"{office['subscriber']}.toml"
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False, default=str)}" for name, value in office.items()]
    lines = [line.replace('"', "") if line.startswith("valid_from") else line for line in lines]
    pushed = [f'endpoint = "{endpoint}"'] if office["form"] == "push" else []
    known.write_text("\n".join([*lines, *pushed]) + "\n", encoding="utf-8")
    done = run_command(data, ["register", str(known), "--reason", "合成データの例"])
    if done.returncode not in (0, 2) or (done.returncode == 2 and not done.stderr.startswith("F006")):
        raise SetupError(f"The sample office {office['subscriber']} could not be registered: {done.stderr[-300:]}")
    steps = [["certificate", office["subscriber"], str(own)]]
    steps += [["endpoint", office["subscriber"], endpoint]] if pushed else []
    for step in steps:
        if run_command(data, step).returncode:
            raise SetupError(f"The sample office {office['subscriber']} could not be made known.")


def _office(data: DataDir, office: dict[str, Any], commons: int, port: int, page: int) -> Service:
    name = office["subscriber"]
    store = data.path / "world"
    store.mkdir(mode=0o700, exist_ok=True)
    kept = {key: value for key, value in house.commons_environment(data).items() if not key.startswith("DAICHO_")}
    variables = kept | house.wire_files(data, name).variables()
    variables |= {
        processes.MARK: str(data.run),
        "OFFICE_NAME": office["name"],
        "OFFICE_STORE": str(store / f"{name}.sqlite"),
        "OFFICE_COMMONS": f"https://localhost:{commons}",
        "OFFICE_PORT": str(port),
        "OFFICE_PAGE": str(page),
    }
    return services.python_service(
        data, name, ["-m", MODULES[office["form"]]], lambda: services.listens(page), variables
    )
