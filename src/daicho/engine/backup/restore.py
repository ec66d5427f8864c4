"""Restoring: a base backup and the WAL since then into a data folder that has no database yet."""

import os
import shlex
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from daicho.engine import postgres
from daicho.engine.backup.errors import BackupError
from daicho.engine.backup.medium import BASE, SEALED, Base, Medium
from daicho.engine.backup.replication import lsn_text
from daicho.engine.backup.stream import opened
from daicho.engine.backup.verify import content_of, needed
from daicho.engine.paths import DataDir, private_folder
from daicho.wire.environment import Keys

START_SECONDS = 24 * 3600.0
"""A server replays WAL before it answers; how long depends on how much there is."""
_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: `until` is the position reached, `last_commit` the time of the last transaction in it."""

    base: str
    until: str
    last_commit: str
    content: int
    seconds: float


def restore(medium: Medium, base: Base, keys: Keys, data: DataDir, until: int | None = None) -> Restored:
    """Make the database of `data` from a backup, up to a position (default: to the end of WAL), and stop it again.

    The passwords in `data`'s secrets must be those of the house of old. Raises Damaged, WrongKey, BackupError: then there
    is no database in the folder.
    """
    began = time.monotonic()
    cluster = postgres.cluster(data)
    if cluster.store.exists():
        raise BackupError(f"There is a database in {data.path} already.")
    _check_version(base, cluster.bin)
    wal = cluster.folder / "wal"
    cluster.make_folders()
    try:
        content = _unpack_base(medium, base, keys, cluster.store)
        content += _unpack_wal(medium, base, keys, private_folder(wal), until)
        (cluster.store / "recovery.signal").touch()
        cluster.own(cluster.store, wal)
        reached, last_commit = _replay(cluster, data, wal, until)
    except BaseException:
        cluster.remove()
        raise
    shutil.rmtree(wal)
    (cluster.folder / "complete").touch()
    return Restored(base.name, reached, last_commit, content, time.monotonic() - began)


def _check_version(base: Base, programs: Path) -> None:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    major = int(said.split()[2].split(".")[0])
    if major != int(base.said["server"]) // 10000:
        raise BackupError(
            f"The backup is of PostgreSQL {int(base.said['server']) // 10000}; the programs here are {major}."
        )


class _Pieces:
    """What tarfile reads from: the pieces of an archive as one stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._kept = bytearray()
        self.count = 0

    def read(self, size: int) -> bytes:
        while len(self._kept) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._kept += piece
        taken = bytes(self._kept[:size])
        del self._kept[:size]
        self.count += len(taken)
        return taken

    def drain(self) -> None:
        """Read to the proven end of the file."""
        for piece in self._pieces:
            self.count += len(piece)


def _unpack_base(medium: Medium, base: Base, keys: Keys, store: Path) -> int:
    pieces = _Pieces(opened(base.folder / BASE, keys, medium.name_of(base.name)))
    private_folder(store)
    source: Any = pieces
    with tarfile.open(fileobj=source, mode="r|", bufsize=1 << 20) as archive:
        archive.extractall(store, filter="data")
    pieces.drain()
    for folder, _, files in os.walk(store):
        Path(folder).chmod(0o700)
        for name in files:
            (Path(folder) / name).chmod(0o600)
    return pieces.count


def _unpack_wal(medium: Medium, base: Base, keys: Keys, folder: Path, until: int | None) -> int:
    """The segments in clear, each as long as PostgreSQL wants it; they go with the throw-away folder of the restore."""
    reach = medium.reach(keys)
    size = base.said["segment_size"]
    total = 0
    for segment in needed(base, reach.timeline, min(reach.position, until + size) if until else reach.position):
        with (folder / segment).open("wb") as file:
            for piece in content_of(medium, segment, keys):
                total += file.write(piece)
            file.truncate(size)
    for history in medium.wal.glob(f"*.history{SEALED}"):
        name = history.name.removesuffix(SEALED)
        (folder / name).write_bytes(b"".join(opened(history, keys, medium.name_of_segment(name))))
    return total


def _replay(cluster: postgres.Cluster, data: DataDir, wal: Path, until: int | None) -> tuple[str, str]:
    settings = {
        "restore_command": f"cp {shlex.quote(str(wal))}/%f %p",
        "recovery_target_action": "promote",
        "hot_standby": "off",  # answers when everything is replayed, whatever max_connections were
    }
    if until is not None:
        settings |= {"recovery_target_lsn": lsn_text(until), "recovery_target_inclusive": "off"}
    recovering = replace(cluster, extra=(*cluster.extra, *settings.items()))
    process = recovering.start(data.logs / "restore.log", START_SECONDS)
    try:
        with psycopg.connect(cluster.superuser.conninfo(), autocommit=True) as connection:
            while connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
                time.sleep(_POLL)
            row = connection.execute(
                "SELECT pg_current_wal_lsn()::text, pg_last_xact_replay_timestamp()::text"
            ).fetchone()
    finally:
        postgres.stop(process.pid)
        process.wait()
    return (str(row[0]), str(row[1])) if row else ("", "")
