"""メモ (STD 1.1.15): free notes about one person, with who wrote them when; edits and deletions keep what stood before.

No paper reads this module or its tables (`tests/house/test_memos_on_no_paper.py`). A memo of somebody who is hidden from
the officer looks like none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import errors as pg

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.register.store.shield import look
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

LONGEST = 500


class MemoUnfit(DaichoError):
    """The text is blank, too long, or holds control characters."""

    code = "K231"
    happened = "メモに書けるのは、1字から500字までです。"
    kept = "前のメモはそのまま残っています。"
    todo = "メモの文を確かめて、もう一度保存してください。"


class MemoChanged(DaichoError):
    """Somebody else edited or deleted the memo in the meantime."""

    code = "K232"
    status = 409
    happened = "このメモは、ほかの人が先に直しました。"
    kept = "先に保存されたメモが残っています。"
    todo = "画面を開き直して、今のメモを確かめてください。"


@dataclass(frozen=True, slots=True)
class Version:
    """One writing of a memo; `text` is None where it was deleted."""

    version: int
    text: str | None
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Memo:
    """One memo with all its versions, newest first."""

    memo_id: int
    versions: tuple[Version, ...]

    @property
    def now(self) -> Version:
        """How it stands."""
        return self.versions[0]

    @property
    def is_deleted(self) -> bool:
        """Whether only its history is left."""
        return self.now.text is None


def memos_of(env: Environment, actor: Actor, person_id: int, purpose: Purpose) -> tuple[Memo, ...]:
    """All memos of a person, the newest first, deleted ones too. Raises NotAllowed, PurposeMissing, NotAvailable."""
    decide(actor, Right.PERSON_READ, on=env.clock.today(), purpose=purpose)
    with env.database.transaction() as connection:
        there = _is_open(connection, env, actor, person_id)
        rows = connection.execute(
            "SELECT memo_id, version, text, officer, at FROM register.memo_version JOIN register.memo USING (memo_id)"
            " WHERE person_id = %s::bigint ORDER BY memo_id DESC, version DESC",
            (person_id,),
        ).fetchall()
        subjects = [person_id] if there else []
        record_act(connection, env, actor, Act.MEMOS_OPENED, purpose=purpose, subjects=subjects, refused=not there)
    if not there:
        raise NotAvailable()
    found: dict[int, list[Version]] = {}
    for row in rows:
        found.setdefault(row["memo_id"], []).append(Version(row["version"], row["text"], row["officer"], row["at"]))
    return tuple(Memo(memo_id, tuple(versions)) for memo_id, versions in found.items())


def write_memo(env: Environment, actor: Actor, person_id: int, text: str) -> int:
    """A new memo; returns its id. Raises NotAllowed, NotAvailable, MemoUnfit."""
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    kept = _fit(text)
    with env.database.transaction() as connection:
        if not _is_open(connection, env, actor, person_id):
            raise NotAvailable()
        [memo_id] = env.ids.take(connection, 1)
        connection.execute("INSERT INTO register.memo (memo_id, person_id) VALUES (%s, %s)", (memo_id, person_id))
        _write(connection, env, actor, memo_id, 1, kept, person_id)
    return memo_id


def change_memo(env: Environment, actor: Actor, memo_id: int, version: int, text: str | None) -> int:
    """The next version of a memo, None deletes it; `version` is the one that was seen. Returns the person's id.

    Raises NotAllowed, NotAvailable, MemoUnfit, MemoChanged.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    kept = None if text is None else _fit(text)
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT person_id FROM register.memo WHERE memo_id = %s::bigint", (memo_id,)
        ).fetchone()
        if row is None or not _is_open(connection, env, actor, row["person_id"]):
            raise NotAvailable()
        try:
            _write(connection, env, actor, memo_id, version + 1, kept, row["person_id"])
        except (pg.UniqueViolation, pg.IntegrityConstraintViolation):
            raise MemoChanged() from None
        return int(row["person_id"])


def _write(
    connection: Connection, env: Environment, actor: Actor, memo_id: int, version: int, text: str | None, person_id: int
) -> None:
    connection.execute(
        "INSERT INTO register.memo_version (memo_id, version, text, officer, terminal, at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (memo_id, version, text, actor.officer_id, actor.terminal_id, env.clock.now()),
    )
    detail = {"version": version, "deleted": text is None}
    record_act(
        connection,
        env,
        actor,
        Act.MEMO_CHANGED,
        purpose=Purpose.CHANGE_NOTIFICATION,
        subjects=[person_id],
        detail=detail,
    )


def _is_open(connection: Connection, env: Environment, actor: Actor, person_id: int) -> bool:
    row = connection.execute("SELECT 1 FROM register.person WHERE person_id = %s::bigint", (person_id,)).fetchone()
    return row is not None and not look(connection, env, actor, [person_id]).hides(person_id)


def _fit(text: str) -> str:
    kept = text.replace("\r\n", "\n").strip()
    if not 0 < len(kept) <= LONGEST or any((ord(c) < 32 and c != "\n") or 0xD800 <= ord(c) < 0xE000 for c in kept):
        raise MemoUnfit()
    return kept


def names_of(memos: Sequence[Memo]) -> list[str]:
    """Every officer who wrote any of it."""
    return sorted({version.officer for memo in memos for version in memo.versions})
