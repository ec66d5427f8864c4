"""The long lists of the counter as files: notices of arrival awaited, households without head, who is suppressed (STD 9.2)."""

from collections.abc import Iterable
from typing import Any

from daicho.access.actor import Output, Purpose, Right
from daicho.register.batch.model import LIST, Content, Job, Parameter, Step, Work
from daicho.register.exports.list_files import AWAITED, HEADLESS, SUPPRESSED, Columns
from daicho.register.store.awaited import awaited
from daicho.register.store.headless import headless
from daicho.register.store.suppressed import suppressed

ALL = 1_000_000
SCOPE = Parameter("scope", "範囲", choices={"1": "この1年", "2": "すべて"}, default="2")
HOUSEHOLDS = Parameter(
    "scope", "範囲", choices={"1": "依頼の対象だけ", "2": "届出で世帯主を定めない世帯も"}, default="1"
)


def _step(name: str, columns: Columns[Any], lines: Iterable[Any]) -> Step:
    cells = [columns.cells(line) for line in lines]
    contents = (Content(f"{name}.csv", (columns.headings, *cells)),)
    return Step(done=len(cells), total=len(cells), contents=contents, summary={"人数": len(cells)})


def _awaited(work: Work) -> Step:
    everything = work.run.parameters["scope"] == "2"
    return _step("arrival-notices-awaited", AWAITED, awaited(work.env, work.officer, everything=everything, most=ALL))


def _headless(work: Work) -> Step:
    everything = work.run.parameters["scope"] == "2"
    return _step("households-without-head", HEADLESS, headless(work.env, work.officer, everything=everything, most=ALL))


def _suppressed(work: Work) -> Step:
    return _step("suppressed", SUPPRESSED, suppressed(work.env, work.officer, most=ALL))


JOBS = (
    Job(
        code="awaited",
        word="転入通知未着者一覧",
        hint="画面の一覧と同じ列。人数の上限はありません",
        kind=LIST,
        step=_awaited,
        right=Right.CASE_DECIDE,
        purpose=Purpose.EX_OFFICIO,
        output=Output.EXPORT,
        parameters=(SCOPE,),
    ),
    Job(
        code="headless",
        word="世帯主変更依頼の対象者一覧",
        hint="世帯主のいない世帯とあて先",
        kind=LIST,
        step=_headless,
        right=Right.CASE_DECIDE,
        purpose=Purpose.EX_OFFICIO,
        output=Output.EXPORT,
        parameters=(HOUSEHOLDS,),
    ),
    Job(
        code="suppressed",
        word="抑止対象者一覧",
        hint="抑止の続いている人と期限を過ぎた人",
        kind=LIST,
        step=_suppressed,
        right=Right.SUPPRESSION_SET,
        output=Output.EXPORT,
    ),
)
