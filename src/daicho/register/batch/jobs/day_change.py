"""The change of the day: what was registered ahead takes effect in the derived tables before the counter opens."""

from daicho.access.actor import Right
from daicho.register.batch.model import UPDATE, Job, Step, Work
from daicho.register.store.derived_day import bring_to_today


def _step(work: Work) -> Step:
    persons = bring_to_today(work.env)
    return Step(done=persons, total=persons, summary={"人数": persons})


JOB = Job(
    code="day_change",
    word="日付の切替え",
    hint="予定の転出などを、その日の台帳に反映します",
    kind=UPDATE,
    step=_step,
    right=Right.BATCH_RUN,
)
