"""The medium: a folder that is a mount of its own, one place in it for each house.

    <medium>/<house>/base/<name>/base.sealed, manifest.json      one base backup (`name` is its instant in UTC)
    <medium>/<house>/wal/<segment>.sealed, <segment>.open-<n>    WAL since then; the last segment is still open
    <medium>/<house>/wal/reach.json                              how far WAL reaches, signed

`<house>` is the identifier that PostgreSQL gave the cluster. Nothing here tells of anybody.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from daicho.engine.backup import signing
from daicho.engine.backup.errors import BackupError, Damaged
from daicho.engine.backup.replication import lsn, lsn_text
from daicho.engine.paths import private_folder
from daicho.wire.environment import Keys

NAME = "%Y%m%dT%H%M%S%fZ"
MANIFEST, BASE, REACH = "manifest.json", "base.sealed", "reach.json"
SEALED, OPEN = ".sealed", ".open-"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Base:
    """One finished base backup, as its signed manifest tells."""

    name: str
    folder: Path
    timeline: int
    start: int
    end: int
    size: int
    sha256: str
    said: dict[str, Any]

    @property
    def at(self) -> datetime:
        """When it was finished."""
        return datetime.fromisoformat(self.said["ended_at"])


@dataclass(frozen=True, slots=True)
class Reach:
    """How far WAL on the medium reaches, and when that was said."""

    timeline: int
    position: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Medium:
    """The place of one house on a medium."""

    folder: Path
    system: str

    @classmethod
    def at(cls, path: Path, system: str, *, store: Path | None, same_device: bool = False) -> "Medium":
        """Open the medium for writing. BackupError when it is not there, or on the device of `store`, the database's files."""
        if not path.is_dir():
            raise BackupError(f"The medium {path} is not there. Is it mounted?")
        if store is not None and not same_device and path.stat().st_dev == store.stat().st_dev:
            raise BackupError(
                f"{path} is on the same device as the database: one broken disk would take both. "
                "Mount another medium there, or say --same-device for a trial."
            )
        made = cls(path / system, system)
        for folder in (made.folder, made.bases, made.wal):
            private_folder(folder)
        return made

    @classmethod
    def found(cls, path: Path) -> "Medium":
        """The one house that a medium holds, for reading. `path` may be the medium or the place of the house."""
        if (path / "base").is_dir() and path.name.isdigit():
            return cls(path, path.name)
        places = (
            [one for one in path.iterdir() if one.name.isdigit() and (one / "base").is_dir()] if path.is_dir() else []
        )
        if len(places) != 1:
            raise BackupError(
                f"{path} holds the backups of {len(places)} houses"
                + ("; name one: " if places else ".")
                + ", ".join(str(place) for place in places)
            )
        return cls(places[0], places[0].name)

    @property
    def bases(self) -> Path:
        """The base backups."""
        return self.folder / "base"

    @property
    def wal(self) -> Path:
        """WAL."""
        return self.folder / "wal"

    def name_of(self, base: str) -> str:
        """What the archive of a base backup is, for its key."""
        return f"{self.system}/base/{base}"

    def name_of_segment(self, segment: str) -> str:
        """What a segment of WAL is, for its key."""
        return f"{self.system}/wal/{segment}"

    def names(self) -> list[str]:
        """The finished base backups, oldest first."""
        return sorted(one.name for one in self.bases.iterdir() if not one.name.startswith("."))

    def base(self, name: str, keys: Keys) -> Base:
        """One base backup. Raises Damaged when its manifest is not ours or not complete."""
        folder = self.bases / name
        said = signing.read(folder / MANIFEST, keys)
        if said.get("house") != self.system or said.get("name") != name or said.get("format") != FORMAT:
            raise Damaged(folder / MANIFEST, "it belongs to another backup")
        file = said["files"][BASE]
        return Base(
            name, folder, said["timeline"], lsn(said["start"]), lsn(said["end"]), file["size"], file["sha256"], said
        )

    def newest(self, keys: Keys) -> Base:
        """The newest finished base backup. BackupError when there is none."""
        names = self.names()
        if not names:
            raise BackupError(f"There is no finished backup in {self.folder}.")
        return self.base(names[-1], keys)

    def reach(self, keys: Keys) -> Reach:
        """How far WAL reaches. Raises Damaged."""
        said = signing.read(self.wal / REACH, keys)
        if said.get("house") != self.system:
            raise Damaged(self.wal / REACH, "it belongs to another house")
        return Reach(said["timeline"], lsn(said["reached"]), datetime.fromisoformat(said["at"]))

    def say_reach(self, timeline: int, position: int, at: datetime, keys: Keys) -> None:
        """Write how far WAL reaches; never less than was said before, while a segment is received again."""
        if (self.wal / REACH).exists():
            known = self.reach(keys)
            if known.timeline == timeline and known.position > position:
                return
        statement = {"house": self.system, "timeline": timeline, "reached": lsn_text(position), "at": at.isoformat()}
        signing.write(self.wal / REACH, statement, keys)

    def segments(self) -> list[str]:
        """The names of the finished segments of WAL, oldest first."""
        return sorted(path.name.removesuffix(SEALED) for path in self.wal.glob(f"*{SEALED}"))

    def open_files(self, segment: str) -> list[Path]:
        """The unfinished files of a segment, the newest first."""
        found = self.wal.glob(f"{segment}{OPEN}*")
        return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)

    def open_segments(self) -> list[str]:
        """Segments of which there is an unfinished file."""
        return sorted({path.name.partition(OPEN)[0] for path in self.wal.glob(f"*{OPEN}*")})

    def remove_base(self, name: str) -> None:
        """Remove a base backup: first it loses its name, then its files go."""
        gone = self.bases / f".{name}.gone"
        (self.bases / name).replace(gone)
        shutil.rmtree(gone)

    def tidy(self) -> None:
        """Remove what a killed backup left. Call while no other one runs."""
        for left in self.bases.glob(".*"):
            shutil.rmtree(left)


def segment_name(timeline: int, position: int, size: int) -> str:
    """The name of the WAL segment that holds a position."""
    number = position // size
    per_file = (1 << 32) // size
    return f"{timeline:08X}{number // per_file:08X}{number % per_file:08X}"


def next_segment(name: str, size: int) -> str:
    """The name of the segment after this one."""
    per_file = (1 << 32) // size
    number = int(name[8:16], 16) * per_file + int(name[16:24], 16) + 1
    return f"{name[:8]}{number // per_file:08X}{number % per_file:08X}"
