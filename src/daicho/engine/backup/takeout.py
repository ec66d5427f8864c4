"""Copying a backup that was let out by approval to a medium outside: still encrypted, without its key, once (R-USE-18)."""

import hashlib
import json
import shutil
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from daicho.engine.backup.errors import BackupError, Damaged
from daicho.engine.backup.files import settle
from daicho.engine.backup.make import digest_of
from daicho.engine.backup.medium import BASE, MANIFEST, REACH, SEALED, Base, Medium
from daicho.engine.backup.source import Plan, Source
from daicho.engine.backup.verify import needed


def take_out(source: Source, plan: Plan, approval: int, to: Path) -> str:
    """Copy what the approval released; returns the name of the backup. Raises what the register raises, BackupError."""
    if not to.is_dir():
        raise BackupError(f"The medium {to} is not there. Is it mounted?")
    module: Any = import_module("daicho.register.backups")
    environment: Any = import_module("daicho.register.environment").current()
    medium = source.medium(plan)
    name: str = module.take_out(environment, approval, partial(_copy, medium, source, to))
    return name


def _copy(medium: Medium, source: Source, to: Path, name: str) -> bytes:
    """Copy one base backup and the WAL that belongs to it; the digest of the list of all files and their digests."""
    base = medium.base(name, source.keys)
    place = to / medium.system
    if place.exists():
        raise BackupError(f"{to} holds a backup of this house already.")
    draft = Medium(to / f".{medium.system}.draft", medium.system)
    shutil.rmtree(draft.folder, ignore_errors=True)
    try:
        copied = _copy_all(medium, source, base, draft)
        if copied[f"base/{name}/{BASE}"] != base.sha256:
            raise Damaged(base.folder / BASE, "it is not the file that was signed")
        settle(draft.folder, place)
    finally:
        shutil.rmtree(draft.folder, ignore_errors=True)
    return hashlib.sha256(json.dumps(copied, sort_keys=True).encode()).digest()


def _copy_all(medium: Medium, source: Source, base: Base, draft: Medium) -> dict[str, str]:
    """Digests of what was copied: first how far WAL reaches, then the WAL up to there, which only grows meanwhile."""
    files = [f"base/{base.name}/{MANIFEST}", f"base/{base.name}/{BASE}", f"wal/{REACH}"]
    copied = {path: _copied(medium.folder / path, draft.folder / path) for path in files}
    reach = draft.reach(source.keys)
    for segment in needed(base, reach.timeline, reach.position):
        try:
            copied |= _copy_segment(medium, segment, draft)
        except FileNotFoundError:  # it was finished this moment
            copied |= _copy_segment(medium, segment, draft)
    return copied


def _copy_segment(medium: Medium, segment: str, draft: Medium) -> dict[str, str]:
    whole = medium.wal / f"{segment}{SEALED}"
    parts = [whole] if whole.is_file() else medium.open_files(segment)
    return {f"wal/{path.name}": _copied(path, draft.wal / path.name) for path in parts}


def _copied(path: Path, to: Path) -> str:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(path, to)
    digest, _ = digest_of(to)
    return digest
