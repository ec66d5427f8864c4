"""メモ of one person: written, edited and deleted on one page, with everything that stood there before (STD 1.1.15)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.law.japan import JAPAN
from daicho.register.environment import current
from daicho.register.screens.purpose import purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store import memos
from daicho.register.store.access import open_person
from daicho.register.store.memos import MemoChanged, MemoUnfit


@require_GET
@door(Right.PERSON_READ)
def person_memos(request: DoorRequest, person_id: int) -> HttpResponse:
    """The memos with their history."""
    return _page(request, person_id)


@require_POST
@door(Right.CASE_ENTER)
def memo_new(request: DoorRequest, person_id: int) -> HttpResponse:
    """Write one; a text that does not fit stays on the page."""
    text = request.POST.get("text", "")
    try:
        memos.write_memo(current(), request.actor, person_id, text)
    except MemoUnfit as error:
        return _page(request, person_id, error.message, text, error.status)
    return redirect("person-memos", person_id)


@require_POST
@door(Right.CASE_ENTER)
def memo_change(request: DoorRequest, person_id: int, memo_id: int) -> HttpResponse:
    """Edit one, or delete it (`act` delete), if it still stands as it was shown."""
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    text = None if request.POST.get("act") == "delete" else request.POST.get("text", "")
    try:
        memos.change_memo(current(), request.actor, memo_id, version, text)
    except (MemoUnfit, MemoChanged) as error:
        return _page(request, person_id, error.message, text or "", error.status)
    return redirect("person-memos", person_id)


def _page(request: DoorRequest, person_id: int, error: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    env, purpose = current(), purpose_of(request)
    found = memos.memos_of(env, request.actor, person_id, purpose)
    member = open_person(env, request.actor, person_id, purpose)
    with env.database.transaction() as connection:
        names = officer_names(connection, memos.names_of(found))
    shown = [
        (memo, [(one, names.get(one.officer, one.officer), one.at.astimezone(JAPAN)) for one in memo.versions])
        for memo in found
    ]
    return render(
        request,
        "register/memos.html",
        {
            "person_id": person_id,
            "record": member.state.record,
            "memos": [one for one in shown if not one[0].is_deleted],
            "deleted": [one for one in shown if one[0].is_deleted],
            "may_write": holds(request.actor, Right.CASE_ENTER, on=env.clock.today()),
            "error": error,
            "typed": typed,
        },
        status=status,
    )
