"""Result files go when their days are over; what the run came to stays."""

from daicho.access.actor import Right
from daicho.register.batch.model import UPDATE, Job, Step, Work
from daicho.register.store import picks

FILES = 50


def _step(work: Work) -> Step:
    today, now = work.env.clock.today(), work.env.clock.now()
    rows = work.connection.execute(
        "UPDATE register.batch_file SET removed_at = %s WHERE file_id IN (SELECT file_id FROM register.batch_file"
        " WHERE kept_until < %s AND removed_at IS NULL ORDER BY file_id LIMIT %s) RETURNING file_id, run_id",
        (now, today, FILES),
    ).fetchall()
    files = [row["file_id"] for row in rows]
    work.connection.execute("DELETE FROM register.batch_file_part WHERE file_id = ANY (%s::bigint[])", (files,))
    picks.forget(work.connection, [row["run_id"] for row in rows])
    gone = work.run.done + len(files)
    return Step(done=len(files), cursor=gone if len(files) == FILES else None, summary={"消去したファイル": gone})


JOB = Job(
    code="files_away",
    word="結果ファイルの消去",
    hint="保存期間の過ぎた結果ファイルを消去します",
    kind=UPDATE,
    step=_step,
    right=Right.BATCH_RUN,
)
