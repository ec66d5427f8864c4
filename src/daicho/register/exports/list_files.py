"""The columns of the lists that go into a file, for the page that hands one out and the batch that writes a long one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from daicho.law.dates import birth_word
from daicho.law.eras import format_wareki
from daicho.register.screens.words import reason_word
from daicho.register.store.awaited import Awaited
from daicho.register.store.headless import Headless
from daicho.register.store.suppressed import Suppressed
from daicho.register.store.suppression import LEVELS

L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Columns(Generic[L]):
    """Headings, and a line's cells beneath them."""

    headings: tuple[str, ...]
    cells: Callable[[L], tuple[object, ...]]


def _awaited(line: Awaited) -> tuple[object, ...]:
    return (
        line.days,
        format_wareki(line.removed_on),
        line.reason,
        line.household_number,
        line.name,
        line.name_kana or "",
        birth_word(line.birth, line.is_foreign),
        line.planned_address or "",
    )


def _headless(line: Headless) -> tuple[object, ...]:
    return (
        line.days,
        format_wareki(line.since),
        reason_word(line.reason),
        line.household_number,
        line.members,
        line.name,
        line.name_kana or "",
        birth_word(line.birth, line.is_foreign),
        format_wareki(line.asked_on) if line.asked_on else "",
    )


def suppression_levels(line: Suppressed) -> tuple[str, str, str]:
    """What is suppressed for changes, issues and inquiries."""
    return LEVELS[line.on_change], LEVELS[line.on_issue], LEVELS[line.on_inquiry]


def suppression_state(line: Suppressed) -> str:
    """What is out of the ordinary with a suppression."""
    return "一時解除中" if line.lifted else "期限を過ぎています" if line.overdue else ""


def _suppressed(line: Suppressed) -> tuple[object, ...]:
    return (
        line.household_number,
        line.name,
        line.name_kana or "",
        birth_word(line.birth, line.is_foreign),
        "世帯" if line.of_household else "個人",
        *suppression_levels(line),
        format_wareki(line.from_on),
        format_wareki(line.until_on) if line.until_on else "",
        suppression_state(line),
        line.reason,
    )


AWAITED = Columns(("日数", "消除の日", "事由", "世帯番号", "氏名", "フリガナ", "生年月日", "転出先(予定)"), _awaited)
HEADLESS = Columns(
    (
        "日数",
        "世帯主がいない日",
        "異動",
        "世帯番号",
        "世帯員",
        "あて先の氏名",
        "フリガナ",
        "生年月日",
        "依頼した日",
    ),
    _headless,
)
SUPPRESSED = Columns(
    (
        "世帯番号",
        "氏名",
        "フリガナ",
        "生年月日",
        "対象",
        "異動",
        "発行",
        "照会",
        "開始日",
        "終了日",
        "状態",
        "理由",
    ),
    _suppressed,
)
