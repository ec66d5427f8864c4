"""Writing the trail: every act and every look, in the transaction of the act itself (design, section 7).

If the entry cannot be written, neither is the act. Nothing here names people: subjects are internal ids, `detail`
holds codes and counts, states appear as keyed digests.
"""

import hmac
import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

from daicho.access.actor import Actor, Purpose
from daicho.trail.act import Act
from daicho.trail.request import request_id
from daicho.wire.environment import Connection, Environment, Ids

CONSOLE = "console"
"""Stands for officer and terminal of what is done at the command line."""

_WRITE: LiteralString = """
    WITH said AS (
        SELECT * FROM json_to_recordset(%s::json) AS e (
            entry_id bigint, at timestamptz, act text, officer text, terminal text, purpose text, request_id text,
            case_id bigint, number_shown boolean, refused boolean, digest_before bytea, digest_after bytea,
            detail jsonb, subjects bigint[])
    ), concerned AS (
        INSERT INTO trail.subject (entry_id, at, person_id)
        SELECT e.entry_id, e.at, p.person_id FROM said e, unnest(e.subjects) AS p (person_id)
    )
    INSERT INTO trail.entry (entry_id, at, act, officer, terminal, purpose, request_id, case_id, number_shown,
        refused, digest_before, digest_after, detail)
    SELECT entry_id, at, act, officer, terminal, purpose, request_id, case_id, number_shown,
        refused, digest_before, digest_after, detail FROM said
"""
_drawn: WeakKeyDictionary[Ids, list[int]] = WeakKeyDictionary()
_drawing = threading.Lock()
os.register_at_fork(after_in_child=_drawn.clear)  # ids drawn before a fork belong to the parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act. `subjects` are the persons it shows or changes, each written as a row of its own."""

    act: Act
    officer_id: str
    terminal_id: str
    purpose: Purpose | None = None
    subjects: tuple[int, ...] = ()
    case_id: int | None = None
    number_shown: bool = False
    refused: bool = False
    digest_before: bytes | None = None
    digest_after: bytes | None = None
    detail: Mapping[str, str | int | bool] = field(default_factory=dict)


def record(connection: Connection, env: Environment, entry: Entry) -> int:
    """Write one entry and a row per subject; returns the entry's id."""
    return record_all(connection, env, [entry])[0]


def record_all(connection: Connection, env: Environment, entries: Sequence[Entry]) -> list[int]:
    """Write entries in the order given, with their subjects, by one statement; returns their ids."""
    written = [_written(entry, _next_id(connection, env.ids), env.clock.now()) for entry in entries]
    connection.execute(_WRITE, (json.dumps(written, ensure_ascii=False, separators=(",", ":")),))
    return [entry["entry_id"] for entry in written]


def _written(entry: Entry, entry_id: int, at: datetime) -> dict[str, Any]:
    """The entry as the columns of its row."""
    return {
        "entry_id": entry_id,
        "at": at.isoformat(),
        "act": entry.act.value,
        "officer": entry.officer_id,
        "terminal": entry.terminal_id,
        "purpose": entry.purpose.value if entry.purpose else "",
        "request_id": request_id.get(),
        "case_id": entry.case_id,
        "number_shown": entry.number_shown,
        "refused": entry.refused,
        "digest_before": _hex(entry.digest_before),
        "digest_after": _hex(entry.digest_after),
        "detail": dict(entry.detail),
        "subjects": sorted(set(entry.subjects)),
    }


def _hex(digest: bytes | None) -> str | None:
    """Bytes as PostgreSQL reads them."""
    return None if digest is None else f"\\x{digest.hex()}"


def _next_id(connection: Connection, ids: Ids) -> int:
    """An id of its own. Drawn sixteen at a time: entries are the most frequent rows, and their order is that of `at`."""
    with _drawing:
        kept = _drawn.setdefault(ids, [])
        if not kept:
            kept.extend(reversed(ids.take(connection, 16)))
        return kept.pop()


def record_act(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    *,
    purpose: Purpose | None = None,
    subjects: Iterable[int] = (),
    case_id: int | None = None,
    number_shown: bool = False,
    refused: bool = False,
    detail: Mapping[str, str | int | bool] | None = None,
) -> int:
    """Write what an officer did or looked at; see `Entry`."""
    entry = Entry(
        act=act,
        officer_id=actor.officer_id,
        terminal_id=actor.terminal_id,
        purpose=purpose,
        subjects=tuple(subjects),
        case_id=case_id,
        number_shown=number_shown,
        refused=refused,
        detail=detail or {},
    )
    return record(connection, env, entry)


def record_command(connection: Connection, env: Environment, act: Act, detail: Mapping[str, str | int | bool]) -> int:
    """Write what was done with the whole register at the command line, where no officer has signed on."""
    entry = Entry(
        act=act, officer_id=CONSOLE, terminal_id=CONSOLE, purpose=Purpose.SYSTEM_OPERATION, detail=dict(detail)
    )
    return record(connection, env, entry)


def digest(env: Environment, content: object) -> bytes:
    """A keyed digest (HMAC-SHA256) of JSON-like content: proves equality without showing what it was."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    key = env.keys.key("trail-digest", env.keys.newest("trail-digest"))
    return hmac.digest(key, text.encode("utf-8"), sha256)
