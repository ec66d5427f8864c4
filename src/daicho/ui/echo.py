"""What the server understood from a typed value, shown under the field at once.

The value travels in the body, never in the address: a birth date is personal data.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from daicho.law.dates import age_on, parse_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError

WEEKDAYS = "月火水木金土日"
Kind = Literal["birth", "event"]


@dataclass(frozen=True, slots=True)
class DateEcho:
    """The reading of a typed date: the day, and the main and quiet part of the echo line."""

    on: date
    text: str
    aside: str


def distance(on: date, today: date) -> str:
    """今日, 昨日, 2日前, 3日後; beyond two weeks nothing, since nobody counts that far."""
    days = (on - today).days
    words = {0: "今日", -1: "昨日", 1: "明日"}
    if days in words:
        return words[days]
    if abs(days) > 60:
        return ""
    return f"{-days}日前" if days < 0 else f"{days}日後"


def read_date(value: str, kind: Kind, today: date) -> DateEcho:
    """The echo of one typed date; raises the errors of `daicho.law.dates` (L201 to L205)."""
    if kind == "birth":
        on = parse_date(value, today)
        return DateEcho(on, format_wareki(on), f"{age_on(on, today)}歳")
    window = (today - timedelta(days=366 * 5), today + timedelta(days=366))
    on = parse_date(value, today, expected=window, future=True)
    return DateEcho(on, f"{format_wareki(on)}({WEEKDAYS[on.weekday()]})", distance(on, today))


@require_POST
def date_echo(request: HttpRequest) -> JsonResponse:
    """Read `value` as a date in any written form; `kind` is birth or event.

    Answers `{"ok", "text", "aside", "iso"}`; on failure `text` says what is wrong, in the words of the law room.
    """
    kind: Kind = "birth" if request.POST.get("kind") == "birth" else "event"
    try:
        read = read_date(request.POST.get("value", ""), kind, timezone.localdate())
    except DaichoError as error:
        return JsonResponse({"ok": False, "text": error.sentences[0], "aside": "", "iso": ""})
    return JsonResponse({"ok": True, "text": read.text, "aside": read.aside, "iso": read.on.isoformat()})
