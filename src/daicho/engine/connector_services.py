"""The processes of the connector and of those outside: its door and its sending, the simulated prefecture server.

They stay apart from the house: databases, roles, keys and certificates of their own, and the link keys that two ends share.
"""

from pathlib import Path

from daicho.engine import house, services
from daicho.engine.authority import DemoAuthority
from daicho.engine.environment import SystemClock
from daicho.engine.paths import DataDir
from daicho.engine.supervisor import Service

PAGES = {house.PREFECTURE: "都道府県サーバ（模擬）", house.CARDS: "個人番号カード管理システム（模擬）"}
"""Those outside by name, and what their pages are called."""
ANSWERING = frozenset({house.PREFECTURE})
"""Those outside who send to the connector."""
SENDING_NAME = "connector-sending"


def connector_services(data: DataDir, *, connector: int) -> tuple[list[Service], dict[str, str]]:
    """The services, and the pages of those outside by name; `connector` is the port of the connector's door."""
    doors = {name: services.free_port() for name in PAGES}
    pages = {name: services.free_port() for name in PAGES}
    outside = [_outside(data, name, doors[name], pages[name], connector) for name in PAGES]
    shown = {word: f"http://localhost:{pages[name]}" for name, word in PAGES.items()}
    return [_connector(data, connector), *outside, _sending(data, **doors)], shown


def faults_file(data: DataDir, system: str) -> Path:
    """Where the faults of somebody outside are switched on (`daicho.world.faults`)."""
    return data.run / f"{system}.faults.json"


def _connector(data: DataDir, port: int) -> Service:
    """The door of the connector, which the register alone may call."""
    arguments = ["-m", "gunicorn", "-c", "python:daicho.wire.serving", "daicho.connector.door:application_of_process()"]
    variables = house.system_environment(data, house.CONNECTOR, DAICHO_WIRE_BIND=f"127.0.0.1:{port}")
    return services.python_service(data, house.CONNECTOR, arguments, lambda: services.listens(port), variables)


def _outside(data: DataDir, name: str, port: int, page: int, connector: int) -> Service:
    """Somebody outside, simulated: the door with faults, and on another port the page that shows what it holds."""
    door = f"daicho.world.{name}.door:application_of_process()"
    variables = house.system_environment(
        data,
        name,
        DAICHO_WIRE_BIND=f"127.0.0.1:{port}",
        DAICHO_WIRE_PEERS=services.peers(connector=connector) if name in ANSWERING else "",
        DAICHO_WORLD_PAGE=str(page),
        DAICHO_WORLD_FAULTS=str(faults_file(data, name)),
        DAICHO_WORLD_STRANGER=str(_stranger(data, name)),
    )
    arguments = ["-m", "gunicorn", "-c", "python:daicho.world.serving", door]
    return services.python_service(data, name, arguments, lambda: services.listens(port), variables)


def _sending(data: DataDir, **ports: int) -> Service:
    """The process that sends the connector's outbox; ports of the receivers by name."""
    beat = f"{SENDING_NAME}.beat"
    variables = house.system_environment(
        data, house.CONNECTOR, DAICHO_WIRE_PEERS=services.peers(**ports), DAICHO_WIRE_BEAT=beat
    )
    command = ["-c", services.SENDING]
    return services.beating_service(data, SENDING_NAME, command, beat, services.SENDING_SECONDS, variables)


def _stranger(data: DataDir, system: str) -> Path:
    """Key and certificate of the same name that nobody of the house trusts: what a fault shows."""
    return DemoAuthority(data.secrets / "stranger-pki").files(system, SystemClock().now()).own
