"""The take-over file: 93 items of everybody, numbers in clear, in one snapshot (docs/import-format.md)."""

from collections.abc import Iterator
from itertools import islice

from daicho.access.actor import Output, Right
from daicho.register.batch.model import LIST, Content, Job, Step, Work
from daicho.register.exports import take_over_file
from daicho.register.store import picks
from daicho.register.takeover.items import NAMES

PART = 2_000
NAME = "take-over.csv"


def _step(work: Work) -> Step:
    """One step: households must not move while they are written. What is stopped here begins again."""
    total = picks.pick_everybody(work.connection, work.env, work.run.run_id)
    lines = take_over_file.lines(work.connection, work.env)
    written = -1  # the headings are no person
    for part in _parts(lines):
        work.write(Content(NAME, part, is_plain=True))
        written += len(part)
        work.say(written, total)
    left_out = take_over_file.note(work.connection, work.env, written)
    return Step(done=written, total=total, summary={"人数": written, "書き出さなかった人数": left_out})


def _parts(lines: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while part := list(islice(lines, PART)):
        yield part


JOB = Job(
    code="take_over",
    word="移行ファイル(93項目)",
    hint="番号を平文で含みます。結果は暗号化して保存し、3日で消去します",
    kind=LIST,
    step=_step,
    right=Right.EXPORT_RUN,
    output=Output.EXPORT,
    is_mass=True,
    items=NAMES,
    outdated=picks.who_is_hidden,
    kept_days=3,
)
