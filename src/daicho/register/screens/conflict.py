"""When a page and the case no longer agree: who has it, what it became, and mine beside theirs. Nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from daicho.access.actor import Right
from daicho.law.errors import DaichoError
from daicho.register.desk import case as desk
from daicho.register.desk import files, guard
from daicho.register.desk.errors import StalePage
from daicho.register.desk.model import WRITABLE, Case
from daicho.register.desk.sealed import is_number
from daicho.register.environment import current
from daicho.register.screens.field_words import field_word
from daicho.register.screens.words import clock, reason_word
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.wire.environment import Connection, Environment

HIDDEN = "●●●●(入力あり)"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which this page and the stored case differ; numbers are not shown."""

    name: str
    word: str
    mine: str
    theirs: str
    secret: bool
    raw_mine: str
    raw_theirs: str


def stored(connection: Connection, env: Environment, number: str) -> Case:
    """The case as it stands. Raises CaseGone."""
    return files.find(connection, env, number)


def differences(case: Case, typed: Mapping[str, str]) -> list[Difference]:
    """The fields that differ, in the order in which the page sent them."""
    found = []
    for name, mine in typed.items():
        theirs = case.typed.get(name, "")
        if mine == theirs:
            continue
        secret = is_number(name)
        found.append(
            Difference(
                name,
                field_word(case.reason, name) or name,
                HIDDEN if secret and mine else mine,
                HIDDEN if secret and theirs else theirs,
                secret,
                mine,
                "" if secret else theirs,
            )
        )
    return found


def stale_entry(request: DoorRequest, number: str, typed: Mapping[str, str], error: DaichoError) -> HttpResponse:
    """The page's input beside what is stored; a choice per field while the case can still be typed into."""
    env = current()
    with env.database.transaction() as connection:
        case = files.find(connection, env, number)
        guard.require_case(connection, env, request.actor, case)
        names = officer_names(connection, [case.entrant, case.holder])
    return render(
        request,
        "register/conflict.html",
        {
            "the_case": case,
            "kind": reason_word(case.reason),
            "error": error,
            "differences": differences(case, typed),
            "by": names.get(case.entrant, case.entrant),
            "at": clock(case.updated_at, env.clock.now()),
            "writable": case.status in WRITABLE and case.holder in (None, request.actor.officer_id),
        },
        status=error.status,
    )


@require_POST
@door(Right.CASE_ENTER)
def case_conflict(request: DoorRequest, number: str) -> HttpResponse:
    """Keep what was chosen field by field (`use.<field>` mine or theirs) and go on with the entry."""
    env = current()
    version = request.POST.get("version", "")
    typed = {
        name.removeprefix("mine."): request.POST.get(name) or ""
        for name in request.POST
        if name.startswith("mine.") and request.POST.get(f"use.{name.removeprefix('mine.')}") == "mine"
    }
    try:
        desk.save_draft(env, request.actor, number, int(version) if version.isdigit() else 0, typed)
    except StalePage as error:
        return stale_entry(request, number, typed, error)
    return redirect("case-entry", number)


def held_page(request: DoorRequest, case: Case, error: DaichoError, route: str = "case-take-over") -> HttpResponse:
    """A colleague has the case open: see who, and take it over (by `route`) if need be."""
    return _state(request, case, error, take_over=reverse(route, args=[case.case_number]))


def state_page(request: DoorRequest, case: Case, error: DaichoError) -> HttpResponse:
    """The case can no longer be typed into: what it became, and what can be done."""
    return _state(request, case, error, take_over="")


def _state(request: DoorRequest, case: Case, error: DaichoError, *, take_over: str) -> HttpResponse:
    env = current()
    with env.database.transaction() as connection:
        events = files.events(connection, case.case_id)
        names = officer_names(connection, [event.officer for event in events] + [case.holder])
    now = env.clock.now()
    history = [
        {
            "time": clock(event.at, now),
            "word": ACTS.get(event.act, event.act),
            "officer": names.get(event.officer, event.officer),
            "comments": [(field_word(case.reason, name), text) for name, text in event.comments],
        }
        for event in events
    ]
    return render(
        request,
        "register/case_state.html",
        {
            "the_case": case,
            "kind": reason_word(case.reason),
            "error": error,
            "holder": names.get(case.holder or "", case.holder),
            "take_over": take_over,
            "history": history,
        },
        status=error.status,
    )


ACTS = {
    "receive": "受付",
    "hold": "開いた",
    "edit": "直した",
    "check": "確認した",
    "compare": "同じ人か決めた",
    "send": "審査に出した",
    "take": "審査を始めた",
    "release": "審査を離れた",
    "approve": "承認した",
    "return": "差し戻した",
    "decide": "決裁した",
    "register": "登録した",
    "park": "中断した",
    "resume": "再開した",
    "refuse": "不受理にした",
    "withdraw": "取り下げた",
}
