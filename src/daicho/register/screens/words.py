"""How times and waits are said on the screens of the desk."""

from datetime import datetime

from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.law.reasons import Reason

WEEKDAYS = "月火水木金土日"
LATE_AFTER = 15
"""Minutes after which somebody has waited too long."""

REASON_WORDS = {
    Reason.MOVE_IN: "転入",
    Reason.MOVE_IN_ABROAD: "国外転入など",
    Reason.MOVE_WITHIN: "転居",
    Reason.MOVE_OUT: "転出",
    Reason.MOVE_OUT_ABROAD: "国外転出",
    Reason.BIRTH: "出生",
    Reason.DEATH: "死亡",
    Reason.HEAD_CHANGE: "世帯主変更",
    Reason.ENTRY_NATURALISATION: "帰化・国籍取得",
    Reason.ENTRY_NATIONALITY_LOSS: "国籍喪失",
}


def reason_word(reason: Reason) -> str:
    """What the counter calls a change: 転入 where the standard says 国内転入."""
    return REASON_WORDS.get(reason, reason.word)


def minutes(since: datetime, now: datetime) -> int:
    """Whole minutes that have passed."""
    return max(0, int((now - since).total_seconds() // 60))


def wait(since: datetime, now: datetime) -> str:
    """18分, 3時間, or since which day."""
    passed = minutes(since, now)
    if passed < 60:
        return f"{passed}分"
    if passed < 12 * 60:
        return f"{passed // 60}時間{passed % 60}分"
    local = since.astimezone(JAPAN)
    return f"{local.month}月{local.day}日から"


def clock(at: datetime, now: datetime) -> str:
    """10:42 today, 11月20日 before."""
    local = at.astimezone(JAPAN)
    return f"{local:%H:%M}" if local.date() == now.astimezone(JAPAN).date() else f"{local.month}月{local.day}日"


def seconds(at: datetime) -> str:
    """10:42:15."""
    return f"{at.astimezone(JAPAN):%H:%M:%S}"


def day_and_time(now: datetime) -> str:
    """令和8年11月24日(火) 10:42."""
    local = now.astimezone(JAPAN)
    return f"{format_wareki(local.date())}({WEEKDAYS[local.weekday()]}) {local:%H:%M}"
