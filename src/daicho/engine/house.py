"""One house: its data folder, its database servers and the environment its processes run in.

`database(data)` lends a migrated database to a command, starting the embedded server only if no house is running;
`running(...)` lends the pages' address, of the running house or of a throw-away one.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from daicho.engine import machine, migrate, postgres, processes
from daicho.engine.authority import DemoAuthority, Files
from daicho.engine.databases import DatabaseSettings, create_system
from daicho.engine.environment import SystemClock
from daicho.engine.errors import SetupError
from daicho.engine.keys import FileKeys
from daicho.engine.paths import ROOT, DataDir, private_folder
from daicho.engine.secretfiles import secret

SYSTEM, COMMONS, CONNECTOR = "register", "commons", "connector"
PREFECTURE, CARDS = "prefecture", "cards"
EMBEDDED = "DAICHO_DATABASE_EMBEDDED"  # set in processes of a house whose server is the embedded one
OWNER, APP, SEAL = "register_owner", "register_app", "register_seal"
READY_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Databases:
    """The register's database as its owner and as its runtime role."""

    owner: DatabaseSettings
    app: DatabaseSettings


@dataclass(frozen=True, slots=True)
class RunningHouse:
    """A house that serves: `url` of the register's pages, without a slash at the end."""

    data: DataDir
    url: str
    databases: Databases
    throwaway: bool


def is_external() -> bool:
    """Whether the city names its own PostgreSQL server (and not a house the embedded one of its data folder)."""
    return bool(os.environ.get("DAICHO_DATABASE_HOST")) and EMBEDDED not in os.environ


def databases(data: DataDir) -> Databases:
    """How to reach the register's database: the city's server, else the embedded one of this data folder."""
    if is_external():
        return Databases(DatabaseSettings.of_process("owner"), DatabaseSettings.of_process("app"))
    embedded = postgres.cluster(data)
    return Databases(embedded.settings(OWNER, SYSTEM), embedded.settings(APP, SYSTEM))


def commons_databases(data: DataDir) -> Databases:
    """How to reach the database of the common platform: its own, on the embedded server of this data folder."""
    embedded = postgres.cluster(data)
    return Databases(embedded.settings("commons_owner", COMMONS), embedded.settings("commons_app", COMMONS))


def commons_environment(data: DataDir, **more: str) -> dict[str, str]:
    """The variables of the common platform's processes: its own database, keys and certificate, nothing of the register."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_DATABASE_")}
    kept |= {
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
        processes.MARK: str(data.run),
        "DAICHO_DATA": str(data.path),
        "DAICHO_FILES": str(private_folder(data.path / "commons-files")),
        "DAICHO_KEYS": str(data.secrets / "commons-keys"),
        "DJANGO_SETTINGS_MODULE": "daicho.commons.settings",
        "DAICHO_SECRET_KEY_FILE": str(data.secrets / "commons_django"),
        "DAICHO_OIDC_SECRETS": str(data.secrets / "oidc"),
    }
    secret(data.secrets, "commons_django")
    return kept | commons_databases(data).app.variables("app") | wire_files(data, COMMONS).variables() | more


def system_databases(data: DataDir, system: str) -> Databases:
    """How to reach the database of a further system or of somebody outside: its own, on the embedded server."""
    embedded = postgres.cluster(data)
    return Databases(embedded.settings(f"{system}_owner", system), embedded.settings(f"{system}_app", system))


def system_environment(data: DataDir, system: str, **more: str) -> dict[str, str]:
    """The variables of its processes: its own database, keys and certificate, nothing of another's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_DATABASE_")}
    kept |= {
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
        processes.MARK: str(data.run),
        "DAICHO_DATA": str(data.path),
        "DAICHO_KEYS": str(key_folder(data, system)),
    }
    return kept | system_databases(data, system).app.variables("app") | wire_files(data, system).variables() | more


def key_folder(data: DataDir, system: str) -> Path:
    """Where the keys of a system are."""
    if system == SYSTEM:
        return Path(os.environ.get("DAICHO_KEYS", data.secrets / "keys"))
    return data.secrets / f"{system}-keys"


def share_link_key(data: DataDir, sender: str, receiver: str) -> None:
    """Give both ends of a link the key under which numbers travel (the demo's; a city brings its own)."""
    name = f"link-{sender}-{receiver}"
    FileKeys(key_folder(data, receiver))
    FileKeys(key_folder(data, sender)).key(name, 1)
    theirs = key_folder(data, receiver) / f"{name}.1"
    if not theirs.exists():
        draft = theirs.with_name(f".{theirs.name}.draft")
        draft.touch(mode=0o600)
        draft.write_bytes((key_folder(data, sender) / f"{name}.1").read_bytes())
        draft.replace(theirs)


def wire_files(data: DataDir, system: str) -> Files:
    """Key, certificate and trust of a system: the city's files where they are named, else those of the demo's authority."""
    named = [os.environ.get(f"DAICHO_WIRE_{name}") for name in ("OWN", "ISSUERS", "REVOKED")]
    if all(named):
        return Files(*(Path(str(name)) for name in named))
    return DemoAuthority(data.secrets / "pki").files(system, SystemClock().now())


def client_variables(data: DataDir, issuer: str, own_url: str) -> dict[str, str]:
    """What makes the register's pages a client of the provider: the city's own where it is named, else commons."""
    secret(data.secrets / "oidc", SYSTEM)
    ours = {
        "DAICHO_OIDC_ISSUER": issuer,
        "DAICHO_OIDC_CLIENT_ID": SYSTEM,
        "DAICHO_OIDC_SECRET_FILE": str(data.secrets / "oidc" / SYSTEM),
        "DAICHO_COMMONS_URL": issuer,
    }
    named = {name: value for name, value in os.environ.items() if name.startswith("DAICHO_OIDC_")}
    return {"DAICHO_OWN_URL": own_url} | (named if "DAICHO_OIDC_ISSUER" in named else ours)


def sealer_database(data: DataDir) -> DatabaseSettings:
    """How the sealer reaches the register's database: a role of its own, which reads the trail and adds seals."""
    if is_external():
        return DatabaseSettings.of_process("seal")
    return postgres.cluster(data).settings(SEAL, SYSTEM)


def sealer_environment(data: DataDir) -> dict[str, str]:
    """The variables of the sealer's process: its own role and no other."""
    kept = {name: value for name, value in environment(data).items() if not name.startswith("DAICHO_DATABASE_APP_")}
    return kept | sealer_database(data).variables("seal") | {"DAICHO_DATABASE_ROLE": "seal"}


def commons_sealer_environment(data: DataDir) -> dict[str, str]:
    """The variables of the sealer of the common platform's own trail."""
    kept = {
        n: v for n, v in commons_environment(data).items() if not n.startswith(("DAICHO_DATABASE_APP_", "DAICHO_WIRE_"))
    }
    seal = postgres.cluster(data).settings("commons_seal", COMMONS)
    return kept | seal.variables("seal") | {"DAICHO_DATABASE_ROLE": "seal", "DAICHO_SYSTEM": COMMONS}


def environment(data: DataDir, *, owner: bool = False, **more: str) -> dict[str, str]:
    """The variables of a child process: runtime role only, unless `owner` (loads, migrations)."""
    known = databases(data)
    secret(data.secrets, "register_django")
    variables = dict(os.environ)
    variables |= {
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "daicho.register.settings",
        processes.MARK: str(data.run),
        "DAICHO_DATA": str(data.path),
        "DAICHO_FILES": str(data.files),
        "DAICHO_KEYS": str(key_folder(data, SYSTEM)),
        "DAICHO_SECRET_KEY_FILE": str(data.secrets / "register_django"),
        "DAICHO_PRESS_SOCKET": str(press_socket(data)),
    }
    font = machine.font()
    if font:
        variables[machine.FONT_VARIABLE] = str(font)
    if not is_external():
        variables[EMBEDDED] = "yes"
    variables |= known.app.variables("app")
    if owner:
        variables |= known.owner.variables("owner")
    else:
        variables = {name: value for name, value in variables.items() if not name.startswith("DAICHO_DATABASE_OWNER_")}
    return variables | more


def press_socket(data: DataDir) -> Path:
    """The paper press listens here; in a private folder of the temporary directory when the path would be too long."""
    beside = data.run / "press.sock"
    if len(str(beside)) <= postgres.LONGEST_SOCKET:
        return beside
    folder = Path(tempfile.gettempdir()) / f"daicho-{os.geteuid()}-{secret(data.path, 'cluster')[:16]}-run"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise SetupError(f"{folder} belongs to somebody else.")
    return folder / "press.sock"


def lock(data: DataDir) -> IO[str] | None:
    """The lock of the data folder, held while the file is open; None when another process holds it."""
    file = (data.run / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def clean_up(data: DataDir) -> int:
    """End what a killed supervisor left behind; returns how many processes carried its mark. Call with the lock held."""
    left = processes.of_house(data.run)
    processes.end(left)
    if not is_external() and data.cluster.exists():
        embedded = postgres.cluster(data)
        if embedded.running_pid() is not None:
            embedded.stop_leftover()
    for name in ("ports.json", "processes.json", "press.sock"):
        (data.run / name).unlink(missing_ok=True)
    return len(left)


def create_and_migrate(data: DataDir) -> list[str]:
    """Roles, database, migrations; returns the migrations applied now. The server must be running."""
    if not is_external():
        create_system(postgres.cluster(data).superuser, SYSTEM, data.secrets)
        create_system(postgres.cluster(data).superuser, COMMONS, data.secrets)
        migrate.migrate_commons(commons_databases(data).owner)
        for system in migrate.ROOMS:
            create_system(postgres.cluster(data).superuser, system, data.secrets)
            migrate.migrate_system(system, system_databases(data, system).owner)
        share_link_key(data, SYSTEM, CONNECTOR)
        for outside in (PREFECTURE, CARDS):
            share_link_key(data, CONNECTOR, outside)
    known = databases(data)
    return migrate.migrate_register(known.owner, known.app.user)


@contextmanager
def database(data: DataDir) -> Iterator[Databases]:
    """The migrated database of a data folder, for a command; a server started for it is stopped again.

    Also sets the DAICHO_* variables of this process (both roles), so that `Environment` and Django find the database.
    """
    held = lock(data)
    started: subprocess.Popen[bytes] | None = None
    try:
        if held is not None:
            clean_up(data)
            if not is_external():
                started = postgres.cluster(data).start(data.logs / "postgres.log")
            create_and_migrate(data)
        os.environ.update(environment(data, owner=True))
        yield databases(data)
    finally:
        if started is not None:
            postgres.stop(started.pid)
            started.wait()
        if held is not None:
            held.close()


def url(data: DataDir, system: str = SYSTEM) -> str | None:
    """The address of a system's pages in the running house; None when none is running or it is not ready yet."""
    try:
        written = json.loads((data.run / "ports.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    alive = processes.Identity.of(written["supervisor"])
    found = written.get(system)
    return str(found["url"]) if found and alive and alive.started == written["started"] else None


@contextmanager
def running(arguments: list[str], data: DataDir | None = None) -> Iterator[RunningHouse]:
    """The running house of the data folder, else a throw-away one started with `up ARGUMENTS`, stopped at the end."""
    known = data or DataDir.at()
    address = url(known)
    if address:
        yield RunningHouse(known, address, databases(known), throwaway=False)
        return
    folder = Path(tempfile.mkdtemp(prefix="daicho-"))
    try:
        with started(folder, arguments) as house:
            yield house
    finally:
        remove(DataDir.at(folder))


@contextmanager
def started(folder: Path, arguments: list[str], variables: Mapping[str, str] | None = None) -> Iterator[RunningHouse]:
    """A house of its own in `folder` (port chosen by the machine), stopped at the end but not removed."""
    data = DataDir.at(folder)
    command = [sys.executable, "-m", "daicho.engine", "up", "--data", str(folder), "--port", "0", *arguments]
    log = data.logs / "up.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield RunningHouse(data, _await(data, process, log), databases(data), throwaway=True)
    finally:
        process.terminate()
        process.wait()


def remove(data: DataDir) -> None:
    """Delete a stopped throw-away house with its cluster."""
    if not is_external():
        postgres.cluster(data).remove()
    shutil.rmtree(data.path, ignore_errors=True)


def _await(data: DataDir, process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        address = url(data)
        if address:
            return address
        if process.poll() is not None:
            raise SetupError(f"The house did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.05)
    raise SetupError(f"The house did not come up within {READY_SECONDS:.0f} s; see {log}.")
