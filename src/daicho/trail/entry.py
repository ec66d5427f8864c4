"""Writing the trail: every act and every look, in the transaction of the act itself (design, section 7).

If the entry cannot be written, neither is the act. Nothing here names people: subjects are internal ids, `detail`
holds codes and counts, states appear as keyed digests.
"""

import hmac
import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import LiteralString
from weakref import WeakKeyDictionary

from psycopg.types.json import Jsonb

from daicho.access.actor import Actor, Purpose
from daicho.trail.act import Act
from daicho.trail.request import request_id
from daicho.wire.environment import Connection, Environment, Ids

CONSOLE = "console"
"""Stands for officer and terminal of what is done at the command line."""

_ENTRY: LiteralString = (
    "INSERT INTO trail.entry (entry_id, at, act, officer, terminal, purpose, request_id, case_id, number_shown,"
    " refused, digest_before, digest_after, detail)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_WITH_SUBJECTS: LiteralString = (
    f"WITH written AS ({_ENTRY}) INSERT INTO trail.subject (entry_id, at, person_id)"
    " SELECT %s::bigint, %s::timestamptz, unnest(%s::bigint[])"
)
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
    entry_id = _next_id(connection, env.ids)
    at = env.clock.now()
    subjects = sorted(set(entry.subjects))
    connection.execute(
        _WITH_SUBJECTS if subjects else _ENTRY,
        (
            entry_id,
            at,
            entry.act.value,
            entry.officer_id,
            entry.terminal_id,
            entry.purpose.value if entry.purpose else "",
            request_id.get(),
            entry.case_id,
            entry.number_shown,
            entry.refused,
            entry.digest_before,
            entry.digest_after,
            Jsonb(dict(entry.detail)),
            *((entry_id, at, subjects) if subjects else ()),
        ),
    )
    return entry_id


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
