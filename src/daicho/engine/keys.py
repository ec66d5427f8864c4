"""Secret keys by name and version: in files of a 0700 folder, or wrapped under a key that never leaves an HSM.

The file store is for the demo and for small sites: `<name>.<version>`, 32 bytes in URL-safe base64, 0600. `daicho.engine.hsm` takes
its place where the folder says so. The demo makes keys on first use and marks the folder as synthetic; production refuses a
marked folder and never makes a key by itself. What each key is for: `daicho.engine.keyring`, docs/keys.md.
"""

import os
import re
import time
from base64 import urlsafe_b64decode
from importlib import import_module
from pathlib import Path

from daicho.engine.paths import private_folder
from daicho.engine.secretfiles import secret

SYNTHETIC_MARK = "SYNTHETIC"
HSM_SETTINGS = "hsm.json"
RETIRED = "retired"
_TICK = 1_000_000_000
_NAME = re.compile(r"[a-z0-9_-]+")


class FileKeys:
    """The keys of one folder, each read once."""

    store = "file"

    def __init__(self, folder: Path, *, make: bool = True) -> None:
        """`make`: make version 1 of a key that is asked for and of which there is none (demo and tests only)."""
        self._folder = private_folder(folder)
        self._make = make
        self._read: dict[tuple[str, int], bytes] = {}
        self._listing: tuple[int, dict[str, list[int]]] = 0, {}
        if make and not any(self._folder.iterdir()):
            (self._folder / SYNTHETIC_MARK).touch(mode=0o600)

    def newest(self, name: str) -> int:
        """The version to encrypt with. KeyError when there is no such key and none may be made."""
        versions = self.versions(name)
        if not versions and not self._make:
            raise KeyError(name)
        return max(versions, default=1)

    def key(self, name: str, version: int) -> bytes:
        """The 32 bytes of one version. KeyError when there is none and none may be made."""
        _check(name)
        known = self._read.get((name, version))
        if known is not None:
            return known
        if version not in self.versions(name):
            if not (self._make and version == 1 and not self.versions(name)):
                raise KeyError(f"{name}.{version}")
            self._create(name, version)
        value = self._fetch(name, version)
        self._read[name, version] = value
        return value

    def versions(self, name: str) -> list[int]:
        """The versions of a key that can be used, oldest first."""
        _check(name)
        return list(self._listed().get(name, ()))

    def all(self) -> dict[str, list[int]]:
        """The versions of every key."""
        return {name: list(versions) for name, versions in self._listed().items()}

    def _listed(self) -> dict[str, list[int]]:
        """The versions of every key, read again only when a file has come or gone."""
        changed = self._folder.stat().st_mtime_ns
        if self._listing[0] != changed:
            with os.scandir(self._folder) as files:
                parts = [self._parts(file.name) for file in files]
            found: dict[str, list[int]] = {}
            for name, version in sorted(part for part in parts if part is not None):
                found.setdefault(name, []).append(version)
            # A second file of the same tick of the clock would not be noticed: what is so fresh is read again.
            self._listing = changed if time.time_ns() - changed > _TICK else 0, found
        return self._listing[1]

    def add(self, name: str) -> int:
        """Make the next version of a key, from now on the one to encrypt with; returns it. Older ones go on opening."""
        version = max(self.versions(name), default=0) + 1
        self._create(name, version)
        return version

    def retire(self, name: str, version: int) -> Path:
        """Take a version out of use, into the folder `retired`: backups from before still need it. KeyError, ValueError."""
        versions = self.versions(name)
        if version not in versions:
            raise KeyError(f"{name}.{version}")
        if version == versions[-1]:
            raise ValueError("the newest version of a key stays")
        place = private_folder(self._folder / RETIRED) / self._file(name, version)
        (self._folder / self._file(name, version)).replace(place)
        self._read.pop((name, version), None)
        return place

    def _file(self, name: str, version: int) -> str:
        return f"{name}.{version}"

    def _parts(self, file: str) -> tuple[str, int] | None:
        name, _, version = file.rpartition(".")
        return (name, int(version)) if version.isdigit() and _NAME.fullmatch(name) else None

    def _create(self, name: str, version: int) -> None:
        """Make a version; whoever else makes it at the same moment agrees on one value."""
        secret(self._folder, self._file(name, version))

    def _fetch(self, name: str, version: int) -> bytes:
        return urlsafe_b64decode(secret(self._folder, self._file(name, version)) + "=")


def of_process() -> FileKeys:
    """The keys in the folder DAICHO_KEYS; only the demo may make missing ones."""
    return of_folder(Path(os.environ["DAICHO_KEYS"]))


def of_folder(folder: Path) -> FileKeys:
    """The keys in a folder, from the HSM where the folder names one; only the demo may make missing ones."""
    make = os.environ.get("DAICHO_ENV", "demo") != "production"
    if (folder / HSM_SETTINGS).is_file():
        made: FileKeys = import_module("daicho.engine.hsm").HsmKeys(folder, make=make)
        return made
    return FileKeys(folder, make=make)


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise KeyError(name)
