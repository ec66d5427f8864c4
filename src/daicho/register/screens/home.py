"""S02: what waits, and what to do next."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS, holds
from daicho.law.japan import midnight
from daicho.register.desk import queues
from daicho.register.desk.queues import Count, Line
from daicho.register.desk.stations import STATIONS
from daicho.register.environment import current
from daicho.register.protection.reading import due_counts
from daicho.register.screens.field_words import field_word
from daicho.register.screens.kept import kept_beside
from daicho.register.screens.purpose import purpose_of
from daicho.register.screens.words import LATE_AFTER, clock, day_and_time, minutes, reason_word, wait
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names

QUEUES = (
    ("arrivals", "来庁予定"),
    ("open", "受付中"),
    ("returned", "差戻し"),
    ("review", "審査待ち"),
    ("decision", "決裁待ち"),
    ("print", "印刷待ち"),
    ("deadlines", "期限"),
    ("notices", "通知"),
)
"""The eight queues in their fixed places."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue: count, what is said of its oldest, and whether something in it is overdue."""

    key: int
    name: str
    word: str
    count: int
    oldest: str
    late: bool
    selected: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list in words."""

    line: Line
    kind: str
    wait: str
    unit: str
    late: bool
    state: str
    desk: str
    field: str
    time: str
    url: str


@require_GET
@door(Right.HOME)
def home(request: DoorRequest) -> HttpResponse:
    """The queues of the officer's office; `queue` chooses which one is listed, `mine` only one's own."""
    env = current()
    actor, now, today = request.actor, env.clock.now(), env.clock.today()
    chosen = request.GET.get("queue", "review" if holds(actor, Right.CASE_REVIEW, on=today) else "open")
    mine = request.GET.get("mine") == "1"
    with env.database.transaction() as connection:
        counts = queues.counts(connection, actor.office)
        dues = [*queues.deadlines(connection, today), ("区分 K の期限", due_counts(connection, today))]
        listed = queues.waiting(connection, actor.office, chosen) if chosen in queues.WAITING else []
        unfinished = queues.own_unfinished(connection, actor.officer_id)
        sent = queues.own_sent(connection, actor.officer_id)
        day = queues.today_of(connection, actor.office, midnight(today))
        kept = kept_beside(connection, actor)
        people = [officer for line in (*listed, *unfinished, *sent) for officer in (line.holder, line.entrant)]
        names = officer_names(connection, people)
    if mine:
        listed = [line for line in listed if actor.officer_id in (line.holder, line.entrant)]
    request.frame = replace(request.frame, office=f"{request.frame.office}　{day_and_time(now)}")  # type: ignore[attr-defined]
    word = dict(QUEUES).get(chosen, "受付中")
    return render(
        request,
        "register/home.html",
        {
            "updated": clock(now, now),
            "office": actor.office,
            "queues": _queues(counts, dues, chosen, now),
            "chosen": chosen,
            "opened": bool("queue" in request.GET and listed),  # then the keys go to the rows
            "chosen_word": word,
            "mine": mine,
            "lines": [_line(line, names, now) for line in listed],
            "listed_note": _note(listed, now),
            "unfinished": [_line(line, names, now) for line in unfinished],
            "sent": [_line(line, names, now) for line in sent],
            "day": day,
            "bars": _bars(day.hours),
            "bars_text": _bars_text(day.hours),
            "deadlines": dues,
            "kept": kept,
            "purpose": purpose_of(request).value,
            "purposes": [(p.value, p.word) for p in Purpose if p in RIGHTS.purposes[Right.PERSON_SEARCH]],
            "may_enter": holds(actor, Right.CASE_ENTER, on=today),
            "may_review": holds(actor, Right.CASE_REVIEW, on=today),
            "may_search": holds(actor, Right.PERSON_SEARCH, on=today),
        },
    )


def _queues(
    counts: dict[str, Count], dues: list[tuple[str, tuple[int, int, int]]], chosen: str, now: datetime
) -> list[QueueLine]:
    soon = sum(within[0] for _, within in dues)
    found = []
    for key, (name, word) in enumerate(QUEUES, start=1):
        count = counts.get(name, Count(soon if name == "deadlines" else 0, None))
        oldest, late = _oldest(name, count, now)
        found.append(QueueLine(key, name, word, count.count, oldest, late, name == chosen))
    return found


def _oldest(name: str, count: Count, now: datetime) -> tuple[str, bool]:
    if count.count == 0:
        return "ありません", False
    if count.oldest is None:
        return "3日以内", False
    if name == "returned":
        return f"{wait(count.oldest, now)} {count.count}件", True
    return f"いちばん長い待ち {wait(count.oldest, now)}", minutes(count.oldest, now) >= LATE_AFTER * 4


def _note(lines: list[Line], now: datetime) -> str:
    if not lines:
        return "ありません"
    oldest = min(line.received_at for line in lines)
    return f"{len(lines)}件 ・ いちばん長い待ち {wait(oldest, now)}"


def _line(line: Line, names: dict[str, str], now: datetime) -> CaseLine:
    holder = names.get(line.holder or "", line.holder or "")
    since = line.sent_at if line.status == "checked" and line.sent_at else line.received_at
    passed = minutes(since, now)
    return CaseLine(
        line=line,
        kind=reason_word(line.reason),
        wait=str(passed) if passed < 600 else clock(since, now),
        unit="分" if passed < 600 else "",
        late=LATE_AFTER <= passed < 600,
        state=_state(line),
        desk=holder.split()[0] if holder else "—",
        field=field_word(line.reason, line.focus),
        time=clock(line.updated_at, now),
        url=_url(line),
    )


def _state(line: Line) -> str:
    if line.status in ("received", "provisional") and line.holder is None and line.station != "entry":
        return f"{STATIONS[line.station]}へ"
    if line.status == "checked":
        return "審査中" if line.holder else "審査待ち"
    words = {
        "received": "入力中",
        "provisional": "確認中",
        "returned": "差戻し",
        "reviewed": "決裁待ち",
        "parked": "中断",
    }
    return words.get(line.status, line.status)


def _url(line: Line) -> str:
    if line.status == "parked" and line.parked_from == "checked":
        return reverse("case-review", args=[line.case_number])
    page = {"provisional": "case-check", "checked": "case-review", "reviewed": "case-review"}.get(
        line.status, "case-entry"
    )
    return reverse(page, args=[line.case_number])


def _bars(hours: tuple[tuple[int, int, int], ...]) -> list[dict[str, float]]:
    """Bars of the day's chart: one filled for today, one outlined for a week ago; 48 px for the most."""
    most = max([1, *(n for _, today, before in hours for n in (today, before))])
    bars = []
    for place, (hour, today, before) in enumerate(hours):
        left = 6 + 33 * place
        tall, old = round(48 * today / most, 1), round(48 * before / most, 1)
        bars.append(
            {"hour": hour, "x": left, "text_x": left + 11, "h": tall, "y": 56 - tall, "old_h": old, "old_y": 56 - old}
        )
    return bars


def _bars_text(hours: tuple[tuple[int, int, int], ...]) -> str:
    said = "、".join(f"{hour}時台{today}件(先週{before}件)" for hour, today, before in hours if today or before)
    return f"時間ごとの受付数。{said}。" if said else "時間ごとの受付数。まだありません。"
