"""Putting every number under the newest version of its key, beside the work at the counter."""

from daicho.access.actor import Right
from daicho.register.batch.model import UPDATE, Job, Step, Work
from daicho.register.store import resealing
from daicho.register.store.resealing import Place


def _step(work: Work) -> Step:
    place = Place(*work.run.cursor) if work.run.cursor else Place()
    done, following = resealing.step(work.connection, work.env, place)
    total = work.run.total
    if total is None:
        total = done + resealing.left(work.connection, work.env.keys.newest(resealing.KEY))
    return Step(
        done=done,
        total=total,
        cursor=[following.in_stock, following.after] if following else None,
        summary={"件数": work.run.done + done},
    )


JOB = Job(
    code="reseal",
    word="番号の再暗号化",
    hint="鍵を新しくした後に行います。窓口の仕事を待たせません",
    kind=UPDATE,
    step=_step,
    right=Right.IMPORT_RUN,
)
