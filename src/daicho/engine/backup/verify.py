"""Verifying a backup without restoring it: signatures, digests, every chunk, and that WAL has no gap."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from daicho.engine.backup.errors import BackupError, Damaged
from daicho.engine.backup.make import digest_of
from daicho.engine.backup.medium import BASE, REACH, SEALED, Base, Medium, next_segment, segment_name
from daicho.engine.backup.replication import lsn_text
from daicho.engine.backup.stream import opened
from daicho.wire.environment import Keys

T = TypeVar("T")


@dataclass(slots=True)
class Verdict:
    """What a verification came to: what is broken, in words, and how much was read."""

    base: str
    reached: str = ""
    segments: int = 0
    content: int = 0
    broken: list[str] = field(default_factory=list)


def verify(medium: Medium, keys: Keys, name: str | None = None) -> Verdict:
    """Read everything that a restore of this base backup (the newest unless named) would read."""
    names = medium.names()
    chosen = name or (names[-1] if names else "")
    verdict = Verdict(chosen)
    if chosen not in names:
        verdict.broken.append(f"There is no finished backup {chosen or 'at all'}.")
        return verdict
    base = _try(verdict, lambda: medium.base(chosen, keys))
    if base is None:
        return verdict
    _try(verdict, lambda: _verify_base(medium, base, keys, verdict))
    _verify_wal(medium, base, keys, verdict)
    return verdict


def _verify_base(medium: Medium, base: Base, keys: Keys, verdict: Verdict) -> None:
    path = base.folder / BASE
    if not path.is_file():
        raise Damaged(path, "it is missing")
    digest, size = digest_of(path)
    if size != base.size:
        raise Damaged(path, f"it has {size:,} bytes instead of {base.size:,}")
    content = sum(len(piece) for piece in opened(path, keys, medium.name_of(base.name)))
    if digest != base.sha256 or content != base.said["files"][BASE]["content"]:
        raise Damaged(path, "it is not the file that was signed")
    verdict.content += content


def _verify_wal(medium: Medium, base: Base, keys: Keys, verdict: Verdict) -> None:
    reach = _try(verdict, lambda: medium.reach(keys))
    if reach is None:
        return
    verdict.reached = lsn_text(reach.position)
    if reach.position < base.end:
        verdict.broken.append(str(Damaged(medium.wal / REACH, "it ends before the base backup does")))
    size = base.said["segment_size"]
    for segment in needed(base, reach.timeline, reach.position):
        expected = min(size, reach.position - start_of(segment, size))
        found = _try(verdict, partial(_length, medium, segment, keys))
        if found is None:
            continue
        verdict.segments += 1
        verdict.content += found
        if found < expected:
            verdict.broken.append(f"wal/{segment} has {found:,} bytes of WAL; {expected:,} were said to be there.")


def needed(base: Base, timeline: int, position: int) -> Iterator[str]:
    """The segments of WAL from the beginning of a base backup to a position, on the timeline reached."""
    size = base.said["segment_size"]
    name = segment_name(timeline, base.start, size)
    while start_of(name, size) < position:
        yield name
        name = next_segment(name, size)


def start_of(segment: str, size: int) -> int:
    """The position at which a segment begins."""
    return (int(segment[8:16], 16) * ((1 << 32) // size) + int(segment[16:24], 16)) * size


def content_of(medium: Medium, segment: str, keys: Keys) -> Iterator[bytes]:
    """The WAL of a segment, from its finished file or the longest unfinished one. Raises Damaged."""
    whole = medium.wal / f"{segment}{SEALED}"
    name = medium.name_of_segment(segment)
    if whole.is_file():
        yield from opened(whole, keys, name)
        return
    found = medium.open_files(segment)
    if not found:
        raise Damaged(whole, "this segment of WAL is missing")
    longest = max(found, key=lambda path: _open_length(path, keys, name))
    yield from opened(longest, keys, name, may_be_open=True)


def _open_length(path: Path, keys: Keys, name: str) -> int:
    try:
        return sum(len(piece) for piece in opened(path, keys, name, may_be_open=True))
    except BackupError:
        return 0  # a receiver that ended before its first chunk, or a torn file beside a good one


def _length(medium: Medium, segment: str, keys: Keys) -> int:
    return sum(len(piece) for piece in content_of(medium, segment, keys))


def _try(verdict: Verdict, act: Callable[[], T]) -> T | None:
    try:
        return act()
    except BackupError as error:
        verdict.broken.append(str(error))
        return None
