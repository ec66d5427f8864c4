"""抑止対象者一覧 as a list and as a file (STD 9.2)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Output, Right
from daicho.access.decision import holds
from daicho.law.dates import birth_word
from daicho.law.eras import format_wareki
from daicho.register.environment import current
from daicho.register.screens.trail_view import csv_answer
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.suppressed import MOST, Suppressed, suppressed
from daicho.register.store.suppression import LEVELS

HEADINGS = (
    "世帯番号", "氏名", "フリガナ", "生年月日", "対象", "異動", "発行", "照会", "開始日", "終了日", "状態", "理由",
)  # fmt: skip


@require_GET
@door(Right.SUPPRESSION_SET)
def suppressed_list(request: DoorRequest) -> HttpResponse:
    """Who is suppressed, what is overdue first."""
    env = current()
    lines = suppressed(env, request.actor)
    context = {
        "lines": [(line, _levels(line), _state(line)) for line in lines],
        "overdue": sum(line.overdue for line in lines),
        "is_cut": len(lines) == MOST,
        "may_export": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today()),
    }
    return render(request, "register/suppressed.html", context)


@require_GET
@door(Right.CASE_DECIDE, output=Output.EXPORT)
def suppressed_file(request: DoorRequest) -> HttpResponse:
    """The same as a file, for those who decide and may suppress."""
    lines = suppressed(current(), request.actor)
    return csv_answer("suppressed", HEADINGS, map(_cells, lines), more=len(lines) == MOST)


def _levels(line: Suppressed) -> tuple[str, str, str]:
    return LEVELS[line.on_change], LEVELS[line.on_issue], LEVELS[line.on_inquiry]


def _state(line: Suppressed) -> str:
    return "一時解除中" if line.lifted else "期限を過ぎています" if line.overdue else ""


def _cells(line: Suppressed) -> tuple[object, ...]:
    return (
        line.household_number,
        line.name,
        line.name_kana or "",
        birth_word(line.birth, line.is_foreign),
        "世帯" if line.of_household else "個人",
        *_levels(line),
        format_wareki(line.from_on),
        format_wareki(line.until_on) if line.until_on else "",
        _state(line),
        line.reason,
    )
