"""Secret keys in files of a 0700 folder: `<name>.<version>`, 32 bytes in URL-safe base64, 0600.

The file store of the demo and of small sites; a PKCS#11 store takes its place behind the same protocol. The demo makes
keys on first use and marks the folder as synthetic; production refuses a marked folder and never makes a key by itself.
"""

import os
import re
from base64 import urlsafe_b64decode
from pathlib import Path

from daicho.engine.paths import private_folder
from daicho.engine.secretfiles import secret

SYNTHETIC_MARK = "SYNTHETIC"
_NAME = re.compile(r"[a-z0-9_-]+")


class FileKeys:
    """The keys of one folder, each read once."""

    def __init__(self, folder: Path, *, make: bool = True) -> None:
        """`make`: make version 1 of a key that is asked for and not there (demo and tests only)."""
        self._folder = private_folder(folder)
        self._make = make
        self._read: dict[tuple[str, int], bytes] = {}
        if make and not any(self._folder.iterdir()):
            (self._folder / SYNTHETIC_MARK).touch(mode=0o600)

    def newest(self, name: str) -> int:
        """The version to encrypt with. KeyError when there is no such key and none may be made."""
        _check(name)
        with os.scandir(self._folder) as files:
            parts = [file.name.rpartition(".") for file in files]
        versions = [int(version) for first, _, version in parts if first == name and version.isdigit()]
        if not versions and not self._make:
            raise KeyError(name)
        return max(versions, default=1)

    def key(self, name: str, version: int) -> bytes:
        """The 32 bytes of one version. KeyError when there is none and none may be made."""
        _check(name)
        known = self._read.get((name, version))
        if known is not None:
            return known
        path = self._folder / f"{name}.{version}"
        if not path.is_file() and not (self._make and version == 1):
            raise KeyError(f"{name}.{version}")
        value = urlsafe_b64decode(secret(self._folder, path.name) + "=")
        self._read[name, version] = value
        return value


def of_process() -> FileKeys:
    """The keys in the folder DAICHO_KEYS; only the demo may make missing ones."""
    return of_folder(Path(os.environ["DAICHO_KEYS"]))


def of_folder(folder: Path) -> FileKeys:
    """The keys in a folder; only the demo may make missing ones."""
    return FileKeys(folder, make=os.environ.get("DAICHO_ENV", "demo") != "production")


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise KeyError(name)
