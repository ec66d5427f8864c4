"""What a batch has made leaves under four eyes (R-USE-15; STD 9.5, 9.6): the files of one run, packed into one.

The run fixes whom its list shows and writes its files, which nobody can take; the approver sees job, parameters, count and
the digest of exactly these files. Whoever has become hidden since stops the act: then the list is drawn anew.
"""

import json
import zipfile
from collections.abc import Sequence
from hashlib import sha256

from daicho.access.actor import Actor
from daicho.access.approvals.content import Condition, Request
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Live
from daicho.access.approvals.subject import Sink, Subject
from daicho.access.errors import NotAvailable
from daicho.law.japan import JAPAN
from daicho.register.batch import files, runs
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.errors import FileGone, ListOutdated
from daicho.register.batch.model import Job, Run
from daicho.wire.environment import Connection, Environment


class PackSink:
    """A sink as a pack wants it: writes that are never taken back."""

    def __init__(self, sink: Sink) -> None:
        """`sink`: where the bytes go."""
        self._sink = sink

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""
        self._sink.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """The engine closes what it opened."""


class BatchFiles(Subject):
    """The result files of one finished run of a job whose results are mass output."""

    key = "batch-files"
    word = "バッチの結果の書出し"
    kinds = (Kind.BULK_OUTPUT, Kind.MEDIA_OUTPUT)
    file_name = "result.zip"
    content_type = "application/zip"

    def live(self, connection: Connection, env: Environment, actor: Actor, condition: Condition) -> Live:
        """The run with the digest of its files. Raises NotAvailable, FileGone, ListOutdated, NotAllowed, TerminalCannot."""
        run, job = _finished(connection, condition)
        runs.job_for(actor, env, job.code)
        found = files.of_run(connection, run.run_id)
        if not found or any(one.removed_at is not None for one in found):
            raise FileGone
        if job.outdated(connection, env, run.run_id):
            raise ListOutdated
        digest = sha256(json.dumps([[one.name, one.file_id, one.bytes] for one in found]).encode())
        for one in found:
            for part in files.parts_in(connection, env, one.file_id):
                digest.update(part)
        said: Condition = {"run": run.run_id, "job": job.code, "parameters": _said(run), "sha256": digest.hexdigest()}
        return Live(said, run.done)

    def items(self, condition: Condition) -> tuple[str, ...]:
        """The columns of the job's list."""
        job = JOBS.get(str(condition.get("job", "")))
        return job.items if job else ()

    def describe(self, condition: Condition) -> Sequence[tuple[str, str]]:
        """Job, parameters, number of the run."""
        job = JOBS.get(str(condition.get("job", "")))
        if job is None:
            return ()
        kept = json.loads(str(condition["parameters"]))
        words = [(one.word, one.shown(kept.get(one.name, ""))) for one in job.parameters]
        return (
            ("処理", job.word),
            *words,
            ("処理番号", str(condition["run"])),
            ("ファイルの要約値", str(condition["sha256"])),
        )

    def run(self, connection: Connection, env: Environment, actor: Actor, request: Request, sink: Sink) -> int:
        """Pack the files."""
        run, _ = _finished(connection, request.wanted.condition)
        now = env.clock.now().astimezone(JAPAN)
        at = (now.year, now.month, now.day, now.hour, now.minute, now.second)
        with zipfile.ZipFile(PackSink(sink), "w", zipfile.ZIP_DEFLATED) as pack:
            for one in files.of_run(connection, run.run_id):
                with pack.open(zipfile.ZipInfo(one.name, at), "w", force_zip64=True) as member:
                    for part in files.parts_in(connection, env, one.file_id):
                        member.write(part)
        return run.done


def _finished(connection: Connection, condition: Condition) -> tuple[Run, Job]:
    """The run of a condition, finished, of a job whose results are mass output. Raises NotAvailable."""
    wanted = condition.get("run")
    if not isinstance(wanted, int):
        raise NotAvailable
    run = runs.find(connection, wanted)
    job = JOBS.get(run.job)
    if job is None or not job.is_mass or run.status != "done":
        raise NotAvailable
    return run, job


def _said(run: Run) -> str:
    return json.dumps(dict(run.parameters), ensure_ascii=False, sort_keys=True)
