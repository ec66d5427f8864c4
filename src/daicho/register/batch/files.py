"""Result files: written part by part with the step that made them, encrypted, handed out with a line in the trail."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.actor import Actor
from daicho.access.errors import NotAvailable
from daicho.register.batch import runs
from daicho.register.batch.errors import ApprovalNeeded, FileGone
from daicho.register.batch.model import Content, Job, ResultFile, Run
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Keys, Row

KEY = "batch-file"
_NONCE = 12
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MEDIA = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "xml": "application/xml"}


def write(connection: Connection, env: Environment, job: Job, run: Run, content: Content) -> None:
    """Add to a file of the run; its first lines make it."""
    row = connection.execute(
        "SELECT file_id, (SELECT coalesce(max(part), 0) FROM register.batch_file_part p WHERE p.file_id = f.file_id) AS parts"
        " FROM register.batch_file f WHERE run_id = %s AND name = %s",
        (run.run_id, content.name),
    ).fetchone()
    first = row is None
    file_id, parts = (
        (_new(connection, env, job, run, content.name), 0) if row is None else (row["file_id"], row["parts"])
    )
    text = content.whole if content.whole is not None else _table(content, first=first)
    connection.execute(
        "INSERT INTO register.batch_file_part (file_id, part, sealed) VALUES (%s, %s, %s)",
        (file_id, parts + 1, _sealed(env, file_id, parts + 1, text)),
    )
    connection.execute(
        "UPDATE register.batch_file SET lines = lines + %s, bytes = bytes + %s WHERE file_id = %s",
        (len(content.lines), len(text), file_id),
    )


def _new(connection: Connection, env: Environment, job: Job, run: Run, name: str) -> int:
    [file_id] = env.ids.take(connection, 1)
    media = _MEDIA[name.rpartition(".")[2]]
    until = env.clock.today() + timedelta(days=job.kept_days)
    connection.execute(
        "INSERT INTO register.batch_file (file_id, run_id, name, media, kept_until) VALUES (%s, %s, %s, %s, %s)",
        (file_id, run.run_id, name, media, until),
    )
    return file_id


def _table(content: Content, *, first: bool) -> bytes:
    """Lines as a spreadsheet opens them: with a mark of the encoding at the start, no cell begins a formula."""
    if content.is_plain:
        plain = io.StringIO()
        csv.writer(plain, lineterminator="\n").writerows(content.lines)
        return plain.getvalue().encode()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in line] for line in content.lines)
    return ("\ufeff" if first else "").encode() + text.getvalue().encode()


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _sealed(env: Environment, file_id: int, part: int, text: bytes) -> bytes:
    version = env.keys.newest(KEY)
    nonce = env.random.token(_NONCE)
    box = AESGCM(env.keys.key(KEY, version)).encrypt(nonce, text, _bound(file_id, part))
    return version.to_bytes(2, "big") + nonce + box


def _opened(keys: Keys, file_id: int, part: int, sealed: bytes) -> bytes:
    version = int.from_bytes(sealed[:2], "big")
    nonce, box = sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :]
    return AESGCM(keys.key(KEY, version)).decrypt(nonce, box, _bound(file_id, part))


def _bound(file_id: int, part: int) -> bytes:
    return f"batch:{file_id}:{part}".encode("ascii")


def of_run(connection: Connection, run_id: int) -> list[ResultFile]:
    """The files of a run, by name."""
    rows = connection.execute("SELECT * FROM register.batch_file WHERE run_id = %s ORDER BY name", (run_id,)).fetchall()
    return [_file(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is handed out: its parts are read one by one, so that no file needs to fit into memory."""

    file: ResultFile
    parts: Iterator[bytes]


def hand_out(env: Environment, actor: Actor, file_id: int) -> Opened:
    """A file for whoever may start its job here and now. Raises NotAvailable, NotAllowed, TerminalCannot, FileGone, ApprovalNeeded."""
    with env.database.transaction() as connection:
        row = connection.execute("SELECT * FROM register.batch_file WHERE file_id = %s", (file_id,)).fetchone()
        if row is None:
            raise NotAvailable
        found = _file(row)
        job = runs.job_for(actor, env, runs.find(connection, found.run_id).job)
        if found.removed_at is not None:
            raise FileGone
        if job.is_mass:
            raise ApprovalNeeded
        detail: dict[str, str | int | bool] = {"job": job.code, "run": found.run_id, "lines": found.lines}
        record_act(connection, env, actor, Act.BATCH_FILE_OPENED, purpose=job.purpose, detail=detail)
    return Opened(found, parts_of(env, file_id))


def parts_of(env: Environment, file_id: int) -> Iterator[bytes]:
    """The bytes of a file, part by part, each in a short transaction: for whoever has decided that they may leave."""
    part = 0
    while True:
        part += 1
        with env.database.transaction() as connection:
            opened = _part(connection, env, file_id, part)
        if opened is None:
            return
        yield opened


def parts_in(connection: Connection, env: Environment, file_id: int) -> Iterator[bytes]:
    """The same in the caller's transaction."""
    part = 1
    while (opened := _part(connection, env, file_id, part)) is not None:
        yield opened
        part += 1


def _part(connection: Connection, env: Environment, file_id: int, part: int) -> bytes | None:
    row = connection.execute(
        "SELECT sealed FROM register.batch_file_part WHERE file_id = %s AND part = %s", (file_id, part)
    ).fetchone()
    return None if row is None else _opened(env.keys, file_id, part, bytes(row["sealed"]))


def _file(row: Row) -> ResultFile:
    return ResultFile(**{name: row[name] for name in ResultFile.__dataclass_fields__})
