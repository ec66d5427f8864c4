"""Where things are: the clone, the tools, the data folder."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from daicho.engine.secretfiles import secret

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / ".tools"
SYSTEM_STATE = Path("/var/lib/daicho")


def is_root() -> bool:
    """Whether this process is the superuser, whom PostgreSQL refuses."""
    return os.geteuid() == 0


def house_version() -> str:
    """The version of this clone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def private_folder(path: Path) -> Path:
    """Make `path` a folder that only its owner can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


@dataclass(frozen=True, slots=True)
class DataDir:
    """The data folder of one house: `pg/ run/ secrets/ logs/ files/`."""

    path: Path

    @classmethod
    def at(cls, path: Path | str | None = None) -> "DataDir":
        """The folder given, else DAICHO_DATA, else `var` in the clone; made if missing, for its owner only."""
        chosen = path or os.environ.get("DAICHO_DATA") or ROOT / "var"
        return cls(private_folder(Path(chosen).resolve()))

    @property
    def run(self) -> Path:
        """Process ids, ports, sockets."""
        return private_folder(self.path / "run")

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys, each 0600."""
        return private_folder(self.path / "secrets")

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return private_folder(self.path / "logs")

    @property
    def files(self) -> Path:
        """Finished papers and other kept files."""
        return private_folder(self.path / "files")

    @property
    def cluster(self) -> Path:
        """The folder of the embedded PostgreSQL.

        As root it lies outside the data folder, where an unprivileged user can reach it without anybody's
        parent folders being opened to the world; its random name is kept in the data folder.
        """
        if not is_root():
            return self.path / "pg"
        return SYSTEM_STATE / "clusters" / secret(self.path, "cluster")
