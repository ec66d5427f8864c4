"""Secret keys in files beside the other secrets of the data folder: `keys/<name>.<version>`, 0600.

The file store of the demo and of small sites; a PKCS#11 store takes its place behind the same protocol.
"""

from base64 import urlsafe_b64decode
from pathlib import Path

from daicho.engine.secretfiles import secret


class FileKeys:
    """Keys by name and version. The first version of a key is made on first use."""

    def __init__(self, folder: Path) -> None:
        """`folder` must be readable by this user only."""
        self._folder = folder
        self._read: dict[tuple[str, int], bytes] = {}

    def newest(self, name: str) -> int:
        """The highest version of this key, 1 when there is none yet."""
        versions = [int(path.suffix[1:]) for path in self._folder.glob(f"{name}.*")]
        return max(versions, default=1)

    def key(self, name: str, version: int) -> bytes:
        """32 bytes. Raises KeyError for a version that was never made."""
        known = self._read.get((name, version))
        if known is not None:
            return known
        path = self._folder / f"{name}.{version}"
        if version != 1 and not path.exists():
            raise KeyError(f"{name}.{version}")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        value = urlsafe_b64decode(secret(self._folder, path.name) + "=")
        self._read[(name, version)] = value
        return value
