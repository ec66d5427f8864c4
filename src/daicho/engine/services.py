"""The processes of a house: PostgreSQL, the sealer of the trail, the paper press, the register's pages and its sending, commons."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import psycopg

from daicho.engine import house, postgres, production, sealing
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT, DataDir
from daicho.engine.supervisor import Service

FIRST_PORT = 8080
SEALER_MODULE = "daicho.engine.sealing"
SEALER_SECONDS = 15.0
"""A sealer that has not come round for so long does not work any more."""
SENDING = "from daicho.wire.sending import main; main()"
SENDING_BEAT = "sending.beat"
SENDING_SECONDS = 60.0
"""Sending waits for a peer at most so long in one round."""
DOOR_PATH = "/wire/v1/messages"
BATCH = "from daicho.register.batch.worker import main; main()"
BATCH_BEAT = "batch.beat"
BATCH_SECONDS = 200.0
"""The worker of batches looks at the calendar every minute."""
BACKUP_MODULE = "daicho.engine.backup.keeper"
BACKUP_BEAT = "backup.beat"
BACKUP_SECONDS = 120.0
"""A medium may be slow."""
PRESS_MODULE = "daicho.register.paper.press"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages listen (`bind`, `port`) and how people reach them (`url`)."""

    bind: str
    port: int
    url: str


def address(port: int | None, other_than: int = 0) -> Address:
    """The pages' address; 0 takes any free port, None the first free one from 8080. SetupError when a named one is taken.

    `other_than`: a port that is spoken for already.
    """
    bind = os.environ.get("DAICHO_BIND", "0.0.0.0" if production.is_production() else "127.0.0.1")  # noqa: S104
    chosen = _free_port(bind, port, other_than)
    if production.is_production():
        return Address(bind, chosen, f"https://{os.environ['DAICHO_HOSTS'].split(',')[0]}:{chosen}")
    return Address(bind, chosen, f"http://localhost:{chosen}")


def postgres_service(data: DataDir) -> Service:
    """The embedded server. Its stop signal is PostgreSQL's fast shutdown."""
    log = data.logs / "postgres.log"
    embedded = postgres.cluster(data)

    def healthy() -> bool:
        try:
            psycopg.connect(embedded.superuser.conninfo()).close()
        except psycopg.OperationalError:
            return False
        return True

    return Service("postgres", lambda: embedded.start(log), healthy, postgres.FAST_SHUTDOWN, log=log)


def press_service(data: DataDir) -> Service | None:
    """The one process that holds the font; None while the house has no press."""
    if find_spec(PRESS_MODULE) is None:
        return None
    path = house.press_socket(data)

    def healthy() -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1.0)
            try:
                probe.connect(str(path))
            except OSError:
                return False
        return True

    return python_service(data, "press", ["-m", PRESS_MODULE, "--socket", str(path)], healthy)


def sealer_service(data: DataDir, system: str = house.SYSTEM) -> Service:
    """The process that numbers and signs the trail of a system every second."""
    is_register = system == house.SYSTEM
    variables = house.sealer_environment(data) if is_register else house.commons_sealer_environment(data)
    name = "sealer" if is_register else f"{system}-sealer"
    return beating_service(data, name, ["-m", SEALER_MODULE], sealing.BEATS[system], SEALER_SECONDS, variables)


def beating_service(
    data: DataDir, name: str, arguments: list[str], beat_name: str, seconds: float, variables: Mapping[str, str]
) -> Service:
    """A process that touches a file at every round; dead when it has not for so long."""
    beat = data.run / beat_name
    beat.unlink(missing_ok=True)

    def healthy() -> bool:
        try:
            return time.time() - beat.stat().st_mtime < seconds
        except OSError:
            return False

    return python_service(data, name, arguments, healthy, variables)


def batch_service(data: DataDir) -> Service:
    """The worker that carries batches on and starts what is due."""
    return beating_service(data, "batch", ["-c", BATCH], BATCH_BEAT, BATCH_SECONDS, house.environment(data))


def backup_service(data: DataDir) -> Service:
    """The process that brings WAL and base backups to the medium, where that was planned (docs/backup.md)."""
    return beating_service(data, "backup", ["-m", BACKUP_MODULE], BACKUP_BEAT, BACKUP_SECONDS, house.environment(data))


def pages_service(data: DataDir, at: Address, issuer: str) -> Service:
    """The register's pages: granian, two workers; officers sign on at `issuer`."""
    variables = house.environment(data) | house.client_variables(data, issuer, at.url)
    return _pages(data, at, house.SYSTEM, 2, variables)


def commons_pages_service(data: DataDir, at: Address, register_url: str) -> Service:
    """The pages of the common platform with the provider of sign-on: granian, one worker."""
    clients = {"DAICHO_OWN_URL": at.url, "DAICHO_OIDC_CLIENTS": f"{house.SYSTEM}={register_url}"}
    return _pages(data, at, house.COMMONS, 1, house.commons_environment(data, **clients))


def _pages(data: DataDir, at: Address, system: str, workers: int, variables: Mapping[str, str]) -> Service:
    """The pages of a system: granian, one thread in each worker."""
    arguments = [
        *("-m", "granian", "--interface", "wsgi", "--host", at.bind, "--port", str(at.port)),
        *(
            "--workers",
            str(workers),
            "--blocking-threads",
            "1",
            "--respawn-failed-workers",
            "--respawn-interval",
            "0.5",
        ),
        *("--workers-kill-timeout", "5", "--no-ws", "--log-level", "warning", "--no-access-log"),
    ]
    static = ROOT / "src" / "daicho" / "ui" / "static"
    if static.is_dir():
        arguments += ["--static-path-route", "/static", "--static-path-mount", str(static)]
    files = production.tls_files()
    if files:
        arguments += ["--ssl-certificate", str(files[0]), "--ssl-keyfile", str(files[1])]
    arguments.append(f"daicho.{system}.wsgi:application")
    name = system if system == house.SYSTEM else f"{system}-pages"
    return python_service(data, name, arguments, lambda: answers(at.bind, at.port, tls=files is not None), variables)


def commons_service(data: DataDir, port: int) -> Service:
    """The door of the common platform: gunicorn behind mutual TLS, which hands over the peer's certificate."""
    arguments = ["-m", "gunicorn", "-c", "python:daicho.wire.serving", "daicho.commons.door:application_of_process()"]
    variables = house.commons_environment(data, DAICHO_WIRE_BIND=f"127.0.0.1:{port}")
    return python_service(data, "commons", arguments, lambda: listens(port), variables)


def sending_service(data: DataDir, **ports: int) -> Service:
    """The process that sends the register's outbox; ports of the receivers by name."""
    beat = data.run / SENDING_BEAT
    beat.unlink(missing_ok=True)
    variables = house.environment(data) | house.wire_files(data, house.SYSTEM).variables()
    variables["DAICHO_WIRE_BESIDE"] = (
        "daicho.register.store.stating:keep_stating daicho.register.store.identity_stating:keep_stating"
        " daicho.register.store.disposing:keep_disposing daicho.register.store.trail_telling:keep_telling"
    )
    variables["DAICHO_WIRE_PEERS"] = peers(**ports)

    def healthy() -> bool:
        try:
            return time.time() - beat.stat().st_mtime < SENDING_SECONDS
        except OSError:
            return False

    return python_service(data, "sending", ["-c", SENDING], healthy, variables)


def peers(**ports: int) -> str:
    """DAICHO_WIRE_PEERS for receivers on this machine, by name."""
    return " ".join(f"{receiver}=https://localhost:{port}{DOOR_PATH}" for receiver, port in ports.items())


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    return _free_port("127.0.0.1", 0, 0)


def listens(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def answers(bind: str, port: int, *, tls: bool = False) -> bool:
    """Whether the pages answer at all: 503 (database gone) is an answer, restarting the pages would not help."""
    host = "127.0.0.1" if bind == "0.0.0.0" else bind  # noqa: S104
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        if tls:  # the certificate is made for the public name; here only life is looked for
            socket.create_connection((host, port), timeout=5).close()
            return True
        connection.request("GET", "/health")
        return connection.getresponse().status in {200, 503}
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def python_service(
    data: DataDir,
    name: str,
    arguments: list[str],
    healthy: Callable[[], bool],
    variables: Mapping[str, str] | None = None,
) -> Service:
    """A Python process of the house; with the register's own variables unless others are given."""
    log = data.logs / f"{name}.log"

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *arguments],
                env=variables or house.environment(data),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    return Service(name, start, healthy, log=log)


def _free_port(bind: str, port: int | None, other_than: int) -> int:
    candidates = (
        [port] if port is not None else [one for one in range(FIRST_PORT, FIRST_PORT + 20) if one != other_than]
    )
    for candidate in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SetupError(f"Port {candidates[0]} is taken by another program. Choose another with --port.")
