"""S27: the lists that the city keeps, as they hold on any day; drafts, and the approval by another officer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.access.errors import SameOfficer
from daicho.law.dates import parse_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.masters.errors import MasterInUse, MasterMoved, MasterOverlap, MasterUnreadable, NoSuchMaster
from daicho.register.masters.lists import LISTS, MasterList, list_of
from daicho.register.masters.live import bring_up_to_date
from daicho.register.masters.store import (
    KIND_WORDS,
    Draft,
    Entry,
    Kind,
    Proposal,
    approve,
    drafts,
    drop,
    entries,
    propose,
)
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names

SHOWN = 200
_REFUSALS = (MasterUnreadable, MasterOverlap, MasterInUse, MasterMoved, NoSuchMaster, SameOfficer)
_STATES = {"live": "有効", "scheduled": "予定", "ended": "終了"}


@dataclass(frozen=True, slots=True)
class Box:
    """One field of the form."""

    name: str
    label: str
    value: str
    hint: str
    error: str
    long: bool = False


@require_http_methods(["GET", "POST"])
@door(Right.MASTER_EDIT)
def masters(request: DoorRequest, key: str = "town") -> HttpResponse:
    """One list on a day (`on`), narrowed by `q`; a POST keeps a draft."""
    which = list_of(key)
    if request.method != "POST":
        return _page(request, which, {name: request.GET.get(name) or "" for name in request.GET}, None)
    typed = {name: (request.POST.get(name) or "").strip() for name in request.POST}
    try:
        propose(current(), request.actor, _proposal(which, typed))
    except _REFUSALS as error:
        return _page(request, which, typed, error)
    return redirect("masters-list", key)


@require_POST
@door(Right.MASTER_EDIT)
def master_act(request: DoorRequest, change_id: int) -> HttpResponse:
    """Approve the draft of another officer, refuse it, or take one's own back."""
    env = current()
    try:
        if request.POST.get("act") == "approve":
            key = approve(env, request.actor, change_id)
            bring_up_to_date(env, now=True)
        else:
            key = drop(env, request.actor, change_id, request.POST.get("note", ""))
    except _REFUSALS as error:
        key = request.POST.get("list", "town")
        return _page(request, list_of(key), {}, error)
    return redirect("masters-list", key)


def _proposal(which: MasterList, typed: Mapping[str, str]) -> Proposal:
    kind = typed.get("kind", "add")
    if kind not in KIND_WORDS:
        raise MasterUnreadable("kind", item="申請の種類", hint="")
    first = _day(typed, "valid_from", "初日")
    if first is None:
        raise MasterUnreadable("valid_from", item="初日", hint="")
    return Proposal(
        list=which.key,
        code=typed.get("code", ""),
        kind=cast(Kind, kind),
        name=typed.get("name", ""),
        data={item.key: typed.get(item.key, "") for item in which.items},
        valid_from=first,
        valid_to=_day(typed, "valid_to", "最後の日"),
        source=typed.get("source", ""),
        reason=typed.get("reason", ""),
    )


def _day(typed: Mapping[str, str], name: str, label: str) -> date | None:
    """A day in any form, in the future too; None when blank."""
    text = typed.get(name, "")
    if not text:
        return None
    try:
        return parse_date(text, current().clock.today() + timedelta(days=366 * 30))
    except DaichoError:
        raise MasterUnreadable(name, item=label, hint="R8.4.1 の形で入力してください。") from None


def _page(request: DoorRequest, which: MasterList, typed: dict[str, str], error: DaichoError | None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    try:
        on = _day(typed, "on", "日付") or today
    except MasterUnreadable as unreadable:
        on, error = today, unreadable
    query = typed.get("q", "")
    with env.database.transaction() as connection:
        found = [entry for entry in entries(connection, which, on) if _fits(entry, query)]
        waiting = drafts(connection)
        names = officer_names(connection, [draft.entrant for draft in waiting])
    chosen = next((e for e in found if e.code == typed.get("code") and e.state == "live"), None)
    return render(
        request,
        "register/masters.html",
        {
            "which": which,
            "groups": _groups(which, waiting),
            "on": format_wareki(on),
            "on_typed": typed.get("on", ""),
            "is_preview": on != today,
            "q": query,
            "lines": [_line(which, entry) for entry in found[:SHOWN]],
            "count": len(found),
            "shown": SHOWN,
            "drafts": [_draft(d, names, request.actor.officer_id) for d in waiting if d.list == which.key],
            "may_approve": holds(request.actor, Right.MASTER_APPROVE, on=today),
            "kinds": list(KIND_WORDS.items()),
            "kind": typed.get("kind", "add"),
            "boxes": _boxes(which, typed, chosen, error),
            "error": error,
        },
        status=error.status if error else 200,
    )


def _fits(entry: Entry, query: str) -> bool:
    return not query or entry.code.startswith(query) or query in entry.name or query in entry.data.get("kana", "")


def _groups(which: MasterList, waiting: list[Draft]) -> list[tuple[str, list[tuple[MasterList, int, bool]]]]:
    found: dict[str, list[tuple[MasterList, int, bool]]] = {}
    for one in LISTS.values():
        count = sum(draft.list == one.key for draft in waiting)
        found.setdefault(one.group, []).append((one, count, one is which))
    return list(found.items())


def _line(which: MasterList, entry: Entry) -> dict[str, object]:
    values = " ・ ".join(
        f"{item.label} {entry.data[item.key]}" for item in which.items if entry.data.get(item.key) and item.key != "svg"
    )
    first = "" if entry.of_release or entry.first_day.year == 1 else format_wareki(entry.first_day)
    last = format_wareki(entry.last_day) if entry.last_day else ""
    return {
        "entry": entry,
        "values": values,
        "period": f"{first}から{last}" + ("まで" if last else "") if first or last else "はじめから",
        "state": _STATES[entry.state],
    }


def _draft(draft: Draft, names: Mapping[str, str], officer: str) -> dict[str, object]:
    until = f" {format_wareki(draft.valid_to)}まで" if draft.valid_to else ""
    return {
        "draft": draft,
        "period": f"{format_wareki(draft.valid_from)}から{until}",
        "entrant": names.get(draft.entrant, draft.entrant),
        "own": draft.entrant == officer,
    }


def _boxes(which: MasterList, typed: Mapping[str, str], chosen: Entry | None, error: DaichoError | None) -> list[Box]:
    """The fields of the form; a chosen entry fills them for a change."""
    field = error.field if error else None
    sentence = error.sentences[0] if error else ""
    known = {**(chosen.data if chosen else {}), "name": chosen.name if chosen else "", "source": ""}
    boxes = [Box("code", which.code_word, typed.get("code", ""), which.code_hint, "")]
    boxes.append(Box("name", which.name_word, typed.get("name", known["name"]), "", ""))
    for item in which.items:
        value = typed.get(item.key, known.get(item.key, ""))
        boxes.append(Box(item.key, item.label, value, item.hint, "", item.key in ("svg", "towns")))
    boxes += [
        Box("valid_from", "初日", typed.get("valid_from", ""), "終了のときは、なくなる最初の日", ""),
        Box("valid_to", "最後の日", typed.get("valid_to", ""), "終わりがなければ空欄", ""),
        Box("source", "出典", typed.get("source", ""), "告示・条例など", ""),
        Box("reason", "理由", typed.get("reason", ""), "", ""),
    ]
    return [replace(box, error=sentence) if box.name == field else box for box in boxes]
