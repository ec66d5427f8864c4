"""Making a base backup: it counts from the moment in which its folder gets its name, after all of it is safe on the medium."""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from daicho.engine.backup import signing, stream
from daicho.engine.backup.errors import BackupError, Busy
from daicho.engine.backup.files import settle, sync_folder
from daicho.engine.backup.medium import BASE, FORMAT, MANIFEST, NAME, REACH, SEALED, Base, Medium, segment_name
from daicho.engine.backup.replication import BaseBackup, Replication, lsn_text
from daicho.engine.backup.source import MAKING, Plan, Source, claimed, segment_size
from daicho.engine.backup.wal import SLOT
from daicho.engine.paths import house_version
from daicho.wire.environment import Clock, Random

WAIT_SECONDS = 600.0
"""A base backup waits at most so long for the WAL that belongs to it."""
_POLL = 0.1


def make(source: Source, plan: Plan, clock: Clock, random: Random, wait: Callable[[Medium, int], None]) -> Base:
    """Make a base backup, then remove those beyond the number to keep, and the WAL that only they need.

    `wait` returns when WAL is on the medium up to a position. Raises Busy, BackupError, OSError; what was begun counts for nothing.
    """
    medium = source.medium(plan)
    with _alone(source) as connection:
        medium.tidy()
        began = clock.now()
        name = began.astimezone(UTC).strftime(NAME)
        draft = medium.bases / f".{name}.draft"
        draft.mkdir(mode=0o700)
        try:
            said = _write(source, medium, name, draft / BASE, random)
            facts = _facts(connection) | {"started_at": began.isoformat()}
            wait(medium, said.pop("_end"))
            statement = said | facts | {"ended_at": clock.now().isoformat(), "name": name}
            signing.write(draft / MANIFEST, statement, source.keys)
            settle(draft, medium.bases / name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        retain(medium, plan.keep, source)
    return medium.base(name, source.keys)


def retain(medium: Medium, keep: int, source: Source) -> None:
    """Remove the oldest base backups until `keep` are left, and WAL from before the oldest that is kept."""
    names = medium.names()
    for name in names[: -max(1, keep)]:
        medium.remove_base(name)
    oldest = medium.base(medium.names()[0], source.keys)
    first = oldest.said["first_segment"]
    for segment in medium.segments():
        if len(segment) == len(first) and segment[8:] < first[8:]:
            (medium.wal / f"{segment}{SEALED}").unlink()


def wait_for_receiver(source: Source, problems: Sequence[Exception] = ()) -> Callable[[Medium, int], None]:
    """Waits until whoever receives WAL has come so far; `problems` may fill up meanwhile and end the wait."""

    def wait(medium: Medium, position: int) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not _has_reached(medium, source, position):
            if problems or time.monotonic() > deadline:
                why = str(problems[0]) if problems else "the process `backup` of the house does not work"
                raise BackupError(f"No WAL arrives on the medium: {why}.")
            time.sleep(_POLL)

    return wait


def _has_reached(medium: Medium, source: Source, position: int) -> bool:
    return (medium.wal / REACH).exists() and medium.reach(source.keys).position >= position


@contextmanager
def _alone(source: Source) -> Iterator[psycopg.Connection]:
    with source.connect() as connection:
        if not claimed(connection, MAKING):
            raise Busy("Another backup of this house is being made.")
        yield connection


def _write(source: Source, medium: Medium, name: str, path: Path, random: Random) -> dict[str, Any]:
    connection = Replication(source.settings)
    try:
        server = connection.identify()
        connection.ensure_slot(SLOT)
        base = connection.base_backup(f"daicho {name}")
        plain = _seal(base, source, medium.name_of(name), path, random)
    finally:
        connection.close()
    with source.connect() as asked:
        size = segment_size(asked)
    digest, sealed = digest_of(path)
    return {
        "format": FORMAT,
        "house": server.system,
        "timeline": base.timeline,
        "start": lsn_text(base.start),
        "end": lsn_text(base.end),
        "_end": base.end,
        "segment_size": size,
        "first_segment": segment_name(base.timeline, base.start, size),
        "key": source.keys.newest(stream.KEY),
        "files": {BASE: {"size": sealed, "sha256": digest, "content": plain}},
        "daicho": house_version(),
    }


def _seal(base: BaseBackup, source: Source, name: str, path: Path, random: Random) -> int:
    plain = 0
    with path.open("xb") as file:
        sealer = stream.Sealer(file, source.keys, random, name)
        for piece in base.archive():
            sealer.write(piece)
            plain += len(piece)
        sealer.close()
    sync_folder(path.parent)
    return plain


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file as it lies on the medium."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _facts(connection: psycopg.Connection) -> dict[str, Any]:
    """What the restore must know of the server."""
    names = [row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")]
    return {"server": connection.info.server_version, "databases": names}


def age(base: Base, now: datetime) -> float:
    """Seconds since a base backup was finished."""
    return (now - base.at).total_seconds()
