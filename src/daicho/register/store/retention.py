"""How long removed records are kept, and their disposal as an approved act (令34条1項; STD 9.3).

One officer asks with the list, another approves (`register.approvals.disposal`); the records go in small batches, each person by itself, and what went
stays on record by a keyed digest of the addressee number: "disposed after retention" is told apart from "not found".
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from psycopg import errors as pg

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Keys, Row

MOST = 1000
"""Persons of one request; a year of a large city is more than one act."""
BATCH = 50


class NothingDue(DaichoError):
    """No removed record has been kept to its last day."""

    code = "D001"
    status = 409
    happened = "保存期間が終わった除票はありません。"
    kept = "何も廃棄していません。"
    todo = "年ごとの一覧で、期間が終わる年を確かめてください。"


class DisposalMoved(DaichoError):
    """The request has been decided, carried out or taken back."""

    code = "D002"
    status = 409
    happened = "この廃棄の申請は、すでに承認・却下・取下げ・実行されています。"
    kept = "何も廃棄していません。"
    todo = "一覧を開き直してください。"


class DisposalUnreadable(DaichoError):
    """The reason is missing."""

    code = "D003"
    happened = "廃棄の理由が入っていません。"
    kept = "何も廃棄していません。"
    todo = "文書廃棄の決裁番号など、理由を入力してください。"


@dataclass(frozen=True, slots=True)
class DueYear:
    """Removed records whose last day of keeping lies in a year; `due` of them is past."""

    year: int
    records: int
    due: int


@dataclass(frozen=True, slots=True)
class Disposal:
    """One act of disposal and how far it is."""

    disposal_id: int
    on_day: date
    reason: str
    persons: int
    status: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    done_at: datetime | None
    disposed: int
    left: int
    approval_id: int | None

    @property
    def word(self) -> str:
        """The status in words."""
        return _WORDS[self.status]


_WORDS = {
    "requested": "承認・実行待ち",
    "approved": "廃棄中",
    "refused": "却下",
    "withdrawn": "取下げ",
    "done": "実行済",
}

_REMOVED = """
    SELECT c.person_id, register.kept_until(register.retention_begins(c.person_id)) AS kept_until
    FROM register.resident_current c WHERE c.status <> 'resident'
"""


def work_list(env: Environment, actor: Actor, until: int | None = None) -> list[DueYear]:
    """Per year the removed records whose keeping ends in it, up to `until` (this year when None). Counts only."""
    today = env.clock.today()
    decide(actor, Right.RETENTION_REQUEST, on=today)
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT extract(year FROM kept_until)::integer AS year, count(*) AS records,"  # noqa: S608 - constants only
            f" count(*) FILTER (WHERE kept_until < %(today)s) AS due FROM ({_REMOVED}) r"
            " WHERE extract(year FROM kept_until) <= %(until)s GROUP BY 1 ORDER BY 1".encode(),
            {"today": today, "until": until or today.year},
        ).fetchall()
    return [DueYear(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class EndingRecord:
    """One removed record and the last day of its keeping."""

    person_id: int
    addressee_number: str
    kept_until: date


def ending_records(
    connection: Connection, env: Environment, actor: Actor, until: int, *, after: int, most: int
) -> list[EndingRecord]:
    """The next removed records by person whose keeping ends up to a year, without those who are hidden; a look on record.

    Raises NotAllowed.
    """
    decide(actor, Right.RETENTION_REQUEST, on=env.clock.today())
    rows = connection.execute(
        f"SELECT r.person_id, p.addressee_number, r.kept_until FROM ({_REMOVED}) r"  # noqa: S608 - constants only
        " JOIN register.person p USING (person_id) WHERE extract(year FROM r.kept_until) <= %s AND r.person_id > %s"
        " AND r.person_id NOT IN (SELECT register.all_shielded(%s::date, %s::timestamptz))"
        " ORDER BY r.person_id LIMIT %s".encode(),
        (until, after, env.clock.today(), env.clock.now(), most),
    ).fetchall()
    people = [row["person_id"] for row in rows]
    record_act(
        connection, env, actor, Act.SEARCH, purpose=Purpose.EX_OFFICIO, subjects=people, detail={"list": "retention"}
    )
    return [EndingRecord(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it stands: its persons by a digest, and how many of them may go on its day by the register of now."""

    on_day: date
    reason: str
    people: str
    due: int


def draw(connection: Connection, env: Environment, actor: Actor, reason: str) -> int:
    """Draw up the list of what is over, the longest kept first; nothing goes by this. Returns the id of the disposal.

    Raises NotAllowed, DisposalUnreadable, NothingDue.
    """
    today = env.clock.today()
    decide(actor, Right.RETENTION_REQUEST, on=today)
    if not reason.strip():
        raise DisposalUnreadable("reason")
    rows = connection.execute(
        f"SELECT * FROM ({_REMOVED}) r WHERE kept_until < %s AND NOT EXISTS ("  # noqa: S608 - constants only
        " SELECT FROM register.disposal_person p JOIN register.disposal d USING (disposal_id)"
        "  WHERE p.person_id = r.person_id AND d.status IN ('requested', 'approved'))"
        " ORDER BY kept_until, person_id LIMIT %s".encode(),
        (today, MOST),
    ).fetchall()
    if not rows:
        raise NothingDue
    [disposal_id] = env.ids.take(connection, 1)
    connection.execute(
        "INSERT INTO register.disposal (disposal_id, on_day, reason, persons, status, requested_by, requested_at,"
        " terminal) VALUES (%s, %s, %s, %s, 'requested', %s, %s, %s)",
        (disposal_id, today, reason.strip()[:200], len(rows), actor.officer_id, env.clock.now(), actor.terminal_id),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.disposal_person (disposal_id, person_id, kept_until) VALUES (%s, %s, %s)",
            [(disposal_id, row["person_id"], row["kept_until"]) for row in rows],
        )
    _note(connection, env, actor, Act.DISPOSAL_REQUESTED, disposal_id, [row["person_id"] for row in rows])
    return disposal_id


def listed(connection: Connection, disposal_id: int) -> Listed:
    """A list that waits, held until the end of the transaction. Raises NotAvailable, DisposalMoved."""
    row = _locked(connection, disposal_id)
    if row["status"] != "requested":
        raise DisposalMoved
    people = connection.execute(
        "SELECT person_id, register.kept_until(register.retention_begins(person_id)) < %s AS due"
        " FROM register.disposal_person WHERE disposal_id = %s ORDER BY person_id",
        (row["on_day"], disposal_id),
    ).fetchall()
    digest = sha256(",".join(str(one["person_id"]) for one in people).encode("ascii")).hexdigest()
    return Listed(row["on_day"], row["reason"], digest, sum(bool(one["due"]) for one in people))


def release(
    connection: Connection, env: Environment, actor: Actor, disposal_id: int, decided_by: str, decided_at: datetime
) -> None:
    """Let an approved list be carried out; the database looks for the approval itself. Raises NotAvailable, DisposalMoved."""
    _settle(connection, env, actor, disposal_id, "approved", decided_by, decided_at, None)


def drop(connection: Connection, env: Environment, actor: Actor, disposal_id: int, status: str, why: str = "") -> None:
    """A list that is not carried out: `refused` or `withdrawn`. Raises NotAvailable, DisposalMoved."""
    _settle(connection, env, actor, disposal_id, status, actor.officer_id, env.clock.now(), why.strip()[:200] or None)


def _settle(
    connection: Connection,
    env: Environment,
    actor: Actor,
    disposal_id: int,
    status: str,
    decided_by: str,
    decided_at: datetime,
    note: str | None,
) -> None:
    if _locked(connection, disposal_id)["status"] != "requested":
        raise DisposalMoved
    connection.execute(
        "UPDATE register.disposal SET status = %s, decided_by = %s, decided_at = %s, note = %s WHERE disposal_id = %s",
        (status, decided_by, decided_at, note, disposal_id),
    )
    act = {"approved": Act.DISPOSAL_APPROVED, "refused": Act.DISPOSAL_REFUSED}.get(status, Act.DISPOSAL_WITHDRAWN)
    _note(connection, env, actor, act, disposal_id)


def carry_out(env: Environment, actor: Actor, disposal_id: int) -> tuple[int, int]:
    """Carry out a released disposal in small batches; returns (disposed, left). Stopped runs go on where they stopped.

    Who cannot go (a certificate still points to the record, or the period proves not to be over) is left and listed.
    Raises NotAllowed, NotAvailable, DisposalMoved.
    """
    decide(actor, Right.RETENTION_REQUEST, on=env.clock.today())
    disposed = left = 0
    while True:
        with env.database.transaction() as connection:
            row = _locked(connection, disposal_id)
            if row["status"] != "approved":
                raise DisposalMoved
            people = connection.execute(
                "SELECT p.person_id, n.addressee_number FROM register.disposal_person p"
                " JOIN register.person n USING (person_id) WHERE p.disposal_id = %s AND p.result IS NULL"
                " ORDER BY p.person_id LIMIT %s",
                (disposal_id, BATCH),
            ).fetchall()
            gone = [one for one in people if _dispose(connection, env, disposal_id, one)]
            disposed, left = disposed + len(gone), left + len(people) - len(gone)
            if gone:
                _note(connection, env, actor, Act.DISPOSED, disposal_id, [one["person_id"] for one in gone])
            if not people:
                connection.execute(
                    "UPDATE register.disposal SET status = 'done', done_at = %s WHERE disposal_id = %s",
                    (env.clock.now(), disposal_id),
                )
                return disposed, left


def _dispose(connection: Connection, env: Environment, disposal_id: int, person: Row) -> bool:
    """One person in a savepoint: gone whole, or left whole with the reason."""
    at = env.clock.now()
    try:
        with connection.transaction(), _left_whole():
            connection.execute(
                "SELECT register.dispose_person(%s::bigint, %s::bigint, %s::bytea, %s::timestamptz)",
                (disposal_id, person["person_id"], number_digest(env.keys, person["addressee_number"]), at),
            )
    except _Left as error:
        connection.execute(
            "UPDATE register.disposal_person SET result = 'left', why = %s, at = %s"
            " WHERE disposal_id = %s AND person_id = %s",
            (error.why, at, disposal_id, person["person_id"]),
        )
        return False
    return True


class _Left(Exception):
    """A person whose record cannot go."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@contextmanager
def _left_whole() -> Iterator[None]:
    try:
        yield
    except pg.ForeignKeyViolation:
        raise _Left("certificate") from None
    except pg.CheckViolation as error:
        if error.diag.constraint_name != "retention_not_over":
            raise
        raise _Left("period") from None


def disposals(env: Environment, actor: Actor) -> list[Disposal]:
    """All acts of disposal, those that wait first, with what they came to."""
    decide(actor, Right.RETENTION_REQUEST, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT d.*, a.approval_id, count(*) FILTER (WHERE p.result = 'disposed') AS disposed,"
            " count(*) FILTER (WHERE p.result = 'left') AS left"
            " FROM register.disposal d JOIN register.disposal_person p USING (disposal_id)"
            " LEFT JOIN register.disposal_approval a USING (disposal_id)"
            " GROUP BY d.disposal_id, a.approval_id ORDER BY d.status NOT IN ('requested', 'approved'), d.requested_at DESC LIMIT 100"
        ).fetchall()
    return [Disposal(**{name: row[name] for name in Disposal.__dataclass_fields__}) for row in rows]


def number_digest(keys: Keys, addressee_number: str, version: int | None = None) -> bytes:
    """A keyed digest of an addressee number, under the key of the index of numbers."""
    key = keys.key("number-index", version or keys.newest("number-index"))
    return hmac.digest(key, f"disposed:{addressee_number}".encode(), sha256)


def disposed_since(connection: Connection, env: Environment, numbers: tuple[str, ...]) -> date | None:
    """The last day of keeping of a record with one of these addressee numbers that was disposed of; None if none was."""
    versions = range(1, env.keys.newest("number-index") + 1)
    digests = [number_digest(env.keys, number, version) for number in numbers for version in versions]
    row = connection.execute(
        "SELECT max(kept_until) AS day FROM register.disposed_record WHERE number_digest = ANY (%s)", (digests,)
    ).fetchone()
    return None if row is None else row["day"]


def _locked(connection: Connection, disposal_id: int) -> Row:
    row = connection.execute(
        "SELECT * FROM register.disposal WHERE disposal_id = %s::bigint FOR UPDATE", (disposal_id,)
    ).fetchone()
    if row is None:
        raise NotAvailable
    return row


def _note(
    connection: Connection, env: Environment, actor: Actor, act: Act, disposal_id: int, people: list[int] | None = None
) -> None:
    record_act(
        connection,
        env,
        actor,
        act,
        purpose=Purpose.SYSTEM_OPERATION,
        subjects=people or (),
        detail={"disposal": disposal_id, "persons": len(people or ())},
    )
