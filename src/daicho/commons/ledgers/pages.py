"""Pages of the ledgers: what is due, one ledger with its form, one entry with what stands beside it, a file.

Ids and kinds may stand in addresses; what is searched for, names and contents are posted and never do.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Output, Right
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.commons.ledgers import store
from daicho.commons.ledgers.csv_file import csv_of
from daicho.commons.ledgers.due import Reminder, longest_extension
from daicho.commons.ledgers.errors import EntryUnreadable
from daicho.commons.ledgers.kinds import KINDS, Kind
from daicho.commons.ledgers.slip import slip_of
from daicho.commons.ledgers.store import PAGE, Entry
from daicho.commons.ledgers.values import NO, YES, read_day, shown
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.signon.door import DoorRequest, door
from daicho.signon.names import officer_names
from daicho.wire.environment import Connection, current

MOST = 20_000
"""Entries of one file."""
ACTS = {"note": "経過を書く", "correct": "訂正する", "extend": "期限を延ばす", "close": "完了にする"}
WORDS = {"correction": "訂正", "note": "経過", "extension": "延長", "closing": "完了"}


@require_GET
@door(Right.LEDGER_READ)
def ledgers(request: DoorRequest) -> HttpResponse:
    """What this officer is reminded of, and all ledgers by group."""
    env = current()
    today = env.clock.today()
    with env.database.transaction() as connection:
        found = store.all_reminders(connection, env, request.actor)
        names = officer_names(connection, [one.officer for one in found])
    late: dict[str, int] = {}
    for one in found:
        late[one.kind.code] = late.get(one.kind.code, 0) + one.is_late(today)
    groups: dict[str, list[tuple[Kind, int]]] = {}
    for kind in KINDS.values():
        groups.setdefault(kind.group, []).append((kind, late.get(kind.code, 0)))
    lines = [(one, _about(one, names), one.is_late(today), _address(one)) for one in found]
    context = {"lines": lines, "late": sum(late.values()), "groups": list(groups.items())}
    return render(request, "commons/ledgers.html", context)


@require_http_methods(["GET", "POST"])
@door(Right.LEDGER_READ)
def ledger(request: DoorRequest, kind: str) -> HttpResponse:
    """One ledger, narrowed by a text and by days; a POST with `act=enter` writes an entry."""
    found = store.kind_of(kind)
    typed = {name: request.POST.get(name, "").strip() for name in request.POST}
    if typed.get("act") != "enter":
        return _ledger(request, found, typed, None)
    try:
        entry_id = store.enter(current(), request.actor, found, typed.get("on_day", ""), typed)
    except EntryUnreadable as error:
        return _ledger(request, found, typed, error)
    return redirect("ledger-entry", entry_id)


@require_POST
@door(Right.LEDGER_READ, output=Output.EXPORT)
def ledger_file(request: DoorRequest, kind: str) -> HttpResponse:
    """The ledger as it is narrowed on the page, as CSV without what is private."""
    env, found = current(), store.kind_of(kind)
    typed = {name: request.POST.get(name, "").strip() for name in ("q", "first", "last")}
    try:
        entries = _listed(request, found, typed, most=MOST)
    except EntryUnreadable as error:
        return _ledger(request, found, typed, error)
    with env.database.transaction() as connection:
        names = _names(connection, entries)
    store.note_file(env, request.actor, found, len(entries))
    answer = HttpResponse(csv_of(found, entries, names), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="ledger-{found.code}.csv"'
    return answer


@require_GET
@door(Right.LEDGER_READ)
def ledger_entry(request: DoorRequest, entry_id: int) -> HttpResponse:
    """One entry as it was written, how it stands, and what stands beside it."""
    return _entry(request, entry_id, {}, None)


@require_GET
@door(Right.LEDGER_READ, output=Output.PRINT)
def ledger_slip(request: DoorRequest, entry_id: int) -> HttpResponse:
    """The reception slip of an inquiry or a request, by those who write that ledger; printing it is on record (Q-02)."""
    env, actor = current(), request.actor
    entry = store.note_slip(env, actor, entry_id)
    with env.database.transaction() as connection:
        names = _names(connection, [entry])
    in_charge = entry.standing.values.get("officer", entry.entered_by)
    pdf = slip_of(
        entry,
        names.get(in_charge, in_charge),
        " ".join(dict.fromkeys((actor.office, actor.department))),
        env.clock.now(),
    )
    return HttpResponse(pdf, content_type="application/pdf")


@require_POST
@door(Right.LEDGER_READ)
def ledger_act(request: DoorRequest, entry_id: int) -> HttpResponse:
    """Write beside an entry: a note, a correction, an extension, the closing."""
    env, actor = current(), request.actor
    typed = {name: request.POST.get(name, "").strip() for name in request.POST}
    act, reason = typed.get("act", ""), typed.get("reason", "")
    try:
        if act == "note":
            store.note(env, actor, entry_id, reason)
        elif act == "close":
            store.close(env, actor, entry_id, reason)
        elif act == "extend":
            days = typed.get("days", "")
            store.extend(env, actor, entry_id, int(days) if days.isascii() and days.isdigit() else 0, reason)
        elif act == "correct":
            changes = {name.removeprefix("f."): value for name, value in typed.items() if name.startswith("f.")}
            store.correct(env, actor, entry_id, changes, reason)
        else:
            raise NotAvailable
    except NotAvailable:
        raise
    except DaichoError as error:
        if error.status == 403:
            raise
        return _entry(request, entry_id, typed, error)
    return redirect("ledger-entry", entry_id)


def _about(one: Reminder, names: Mapping[str, str]) -> str:
    """What a reminder is about: an entry, an officer, a system; or that the next one is to be made."""
    if one.officer:
        return names.get(one.officer, one.officer)
    return one.about or "次の実施"


def _address(one: Reminder) -> str:
    if one.entry_id is not None:
        return reverse("ledger-entry", args=[one.entry_id])
    return reverse("ledger", args=[one.kind.code])


def _day(text: str, name: str, word: str) -> date | None:
    return read_day(text, current().clock.today(), word=word, name=name) if text else None


def _listed(request: DoorRequest, kind: Kind, typed: Mapping[str, str], *, most: int = PAGE) -> list[Entry]:
    before = typed.get("before", "")
    return store.listed(
        current(),
        request.actor,
        kind,
        text=typed.get("q", "")[:100],
        first=_day(typed.get("first", ""), "first", "初日"),
        last=_day(typed.get("last", ""), "last", "最後の日"),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        most=most,
    )


def _ledger(request: DoorRequest, kind: Kind, typed: dict[str, str], error: DaichoError | None) -> HttpResponse:
    env, actor = current(), request.actor
    today = env.clock.today()
    try:
        found = _listed(request, kind, {} if typed.get("act") == "enter" else typed)
    except EntryUnreadable as unreadable:
        found, error = [], unreadable
    with env.database.transaction() as connection:
        names = _names(connection, found)
        officers = officer_names(connection, store.officers_in_force(connection, today))
    columns = [field for field in kind.fields if not field.private and field.type not in ("long", "yes")][:4]
    return render(
        request,
        "commons/ledger.html",
        {
            "kind": kind,
            "columns": columns,
            "lines": [(one, _cells(one, columns, names), _state(one, today)) for one in found],
            "following": str(found[-1].standing.entry_id) if len(found) == PAGE else "",
            "typed": typed,
            "on_day": typed.get("on_day") or typed_day(today),
            "boxes": [_box(field, typed.get(field.name), officers) for field in kind.fields],
            "may_write": holds(actor, kind.write, on=today),
            "error": error,
        },
        status=error.status if error else 200,
    )


def _entry(request: DoorRequest, entry_id: int, typed: Mapping[str, str], error: DaichoError | None) -> HttpResponse:
    env, actor = current(), request.actor
    today = env.clock.today()
    entry = store.opened(env, actor, entry_id)
    kind, standing = entry.kind, entry.standing
    with env.database.transaction() as connection:
        names = _names(connection, [entry])
        officers = officer_names(connection, store.officers_in_force(connection, today))
    may_write = holds(actor, kind.write, on=today)
    fields = [field for field in kind.fields if may_write or not field.private]
    longest = longest_extension(kind, standing)
    acts = {
        name: word
        for name, word in ACTS.items()
        if name in ("note", "correct") or (kind.closes and not standing.is_closed and (name == "close" or longest > 0))
    }
    return render(
        request,
        "commons/ledger_entry.html",
        {
            "entry": entry,
            "kind": kind,
            "state": _state(entry, today),
            "lines": [
                (
                    field.word,
                    shown(field, standing.values.get(field.name, ""), names) or "—",
                    shown(field, entry.first.get(field.name, ""), names)
                    if entry.first.get(field.name, "") != standing.values.get(field.name, "")
                    else "",
                )
                for field in fields
            ],
            "hidden": [field.word for field in kind.fields if field not in fields],
            "entered_by": names.get(entry.entered_by, entry.entered_by),
            "additions": [
                (WORDS[one.what], names.get(one.added_by, one.added_by), one, _changes(kind, one.values, names))
                for one in entry.additions
            ],
            "acts": acts,
            "act": typed.get("act", "note"),
            "typed": typed,
            "longest": longest,
            "boxes": [_box(field, typed.get(f"f.{field.name}"), officers, standing.values) for field in fields],
            "may_write": may_write,
            "may_print": may_write and kind.slip,
            "error": error,
        },
        status=error.status if error else 200,
    )


def _changes(kind: Kind, values: Mapping[str, str], names: Mapping[str, str]) -> str:
    return "、".join(
        f"{field.word} {shown(field, values[field.name], names) or '空欄'}"
        for field in kind.fields
        if field.name in values
    )


def _cells(entry: Entry, columns: list[Any], names: Mapping[str, str]) -> list[str]:
    return [shown(field, entry.standing.values.get(field.name, ""), names) for field in columns]


def _state(entry: Entry, today: date) -> tuple[str, str, str]:
    """Word, colour and icon of where an entry stands."""
    if entry.standing.is_closed:
        return "完了", "ok", "circle-check"
    if entry.due_on is None:
        return "", "", ""
    if entry.due_on < today:
        return "期限超過", "stop", "triangle-alert"
    return "対応中", "info", "hourglass"


def _box(
    field: Any, typed: str | None, officers: Mapping[str, str], present: Mapping[str, str] | None = None
) -> dict[str, object]:
    """A field of a form: its choices, and what stands in it."""
    choices = {
        "choice": [(one, one) for one in field.choices],
        "yes": [(YES, YES), (NO, NO)],
        "officer": [(code, f"{name}({code})") for code, name in officers.items()],
    }.get(field.type, [])
    value = typed if typed is not None else (present or {}).get(field.name, "")
    if field.type == "day" and value and typed is None:
        value = typed_day(date.fromisoformat(value))
    return {"field": field, "choices": choices, "value": value}


def _names(connection: Connection, entries: list[Entry]) -> dict[str, str]:
    people: list[str | None] = []
    for entry in entries:
        fields = [field.name for field in entry.kind.fields if field.type == "officer"]
        for values in (entry.first, entry.standing.values, *(one.values for one in entry.additions)):
            people += [values.get(name) for name in fields]
        people += [entry.entered_by, *(one.added_by for one in entry.additions)]
    return officer_names(connection, people)
