"""Making the derived tables (search, work lists, statistics base) anew from history."""

from daicho.access.actor import Right
from daicho.register.batch.model import UPDATE, Job, Step, Work
from daicho.register.store import derived


def _step(work: Work) -> Step:
    persons = derived.rebuild(work.connection, work.env.clock.today())
    return Step(done=persons, total=persons, summary={"人数": persons})


JOB = Job(
    code="rebuild",
    word="派生表の再作成",
    hint="実行中は検索が待たされます。夜間に予約してください",
    kind=UPDATE,
    step=_step,
    right=Right.IMPORT_RUN,
)
