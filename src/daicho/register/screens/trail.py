"""S26: the trail. Who looked at a person, what an officer did, what is out of the ordinary, sign-ons, seals.

A 宛名番号 never stands in an address: it is posted and kept with the session, as searches are. Only officers with the right to read
the trail come here, and each report they open stands in the trail itself.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Output, Right
from daicho.access.errors import NotAvailable
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.law.japan import midnight
from daicho.law.periods import is_city_holiday
from daicho.register.environment import current
from daicho.register.paper import disclosure
from daicho.register.screens import trail_view as view
from daicho.register.signon.door import DoorRequest, door, pass_output
from daicho.register.signon.names import officer_places
from daicho.register.store.named_alike import namesakes, person_of, protected_persons
from daicho.trail import abnormal, checkpoint, reports
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.reports import Cursor, Line, Period
from daicho.trail.seal import newest_seal

_KEY = "trail_asked"
_KEPT = 8
YEAR = timedelta(days=365)
MOST = 50_000
"""Lines that one file or paper holds at most; the file says when there are more."""


@require_GET
@door(Right.TRAIL_READ)
def start(request: DoorRequest) -> HttpResponse:
    """What can be asked, and how far the trail is sealed."""
    return render(
        request, "register/trail.html", {"tab": "person", **_asked(request), "seal": view.seal_state(current())}
    )


@require_POST
@door(Right.TRAIL_READ)
def ask_person(request: DoorRequest) -> HttpResponse:
    """Keep what is asked about a person and show it under a number."""
    env = current()
    typed = {name: request.POST.get(name, "").strip()[:30] for name in ("number", "since", "until", "only")}
    try:
        period = _period(typed["since"], typed["until"], env.clock.today())
        person_id = person_of(env, request.actor, typed["number"])
    except DaichoError as error:
        context = {"tab": "person", "typed": typed, "error": error, "seal": view.seal_state(env)}
        return render(request, "register/trail.html", {**_asked(request), **context}, status=error.status)
    count = int(request.session.get("trail_count", 0)) + 1
    kept = {
        "n": count,
        "person": person_id,
        "number": typed["number"],
        "since": period[0].isoformat(),
        "until": period[1].isoformat(),
        "only": typed["only"] if typed["only"] in view.ONLY else "",
    }
    request.session["trail_count"] = count
    request.session[_KEY] = [*request.session.get(_KEY, [])[-_KEPT + 1 :], kept]
    return redirect("trail-person", count)


@require_GET
@door(Right.TRAIL_READ)
def person(request: DoorRequest, number: int) -> HttpResponse:
    """Who looked at or changed a person, newest first."""
    env, kept = current(), _kept(request, number)
    page = reports.of_person(
        env,
        request.actor,
        kept["person"],
        _days(kept["since"], kept["until"]),
        act=view.ONLY.get(kept["only"]),
        before=Cursor.parse(request.GET.get("before", "")),
    )
    context = {"tab": "person", "asked": kept, "number": number, **_asked(request), **_shown(page)}
    context["typed"] = {
        "number": kept["number"],
        "since": typed_day(date.fromisoformat(kept["since"])),
        "until": typed_day(date.fromisoformat(kept["until"])),
        "only": kept["only"],
    }
    return render(request, "register/trail.html", context)


@require_GET
@door(Right.TRAIL_READ, output=Output.EXPORT)
def person_csv(request: DoorRequest, number: int) -> HttpResponse:
    """The same as a file."""
    lines, more = _all_of_person(request, _kept(request, number), "csv")
    return view.csv_answer("trail-person", view.HEADINGS, view.cells(current(), lines), more=more)


@require_GET
@door(Right.TRAIL_READ, output=Output.PRINT)
def person_pdf(request: DoorRequest, number: int) -> HttpResponse:
    """The same as a paper to hand to the person (本人開示)."""
    env, kept = current(), _kept(request, number)
    lines, more = _all_of_person(request, kept, "pdf")
    with env.database.transaction() as connection:
        places = officer_places(connection, [line.officer for line in lines])
        head = newest_seal(connection)
    paper = disclosure.Disclosure(
        addressee_number=kept["number"],
        since=date.fromisoformat(kept["since"]),
        until=date.fromisoformat(kept["until"]),
        made_at=env.clock.now(),
        lines=tuple(disclosure.DisclosedLine.of(line, places) for line in lines),
        more=more,
        sealed=head.size if head else 0,
        root=head.root.hex() if head else "",
    )
    answer = HttpResponse(disclosure.pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="disclosure.pdf"'
    return answer


@require_GET
@door(Right.TRAIL_READ)
def officer(request: DoorRequest) -> HttpResponse:
    """What a user ID did on a day."""
    env = current()
    today = env.clock.today()
    context: dict[str, Any] = {"tab": "officer", "officer": request.GET.get("officer", "").strip()[:32]}
    try:
        day = parse_date(request.GET.get("day") or "t", today)
    except DaichoError as error:
        return render(request, "register/trail.html", context | {"error": error, "day": ""}, status=error.status)
    context |= {"day": typed_day(day)}
    if context["officer"]:
        period = _days(day.isoformat(), day.isoformat())
        before = Cursor.parse(request.GET.get("before", ""))
        page = reports.of_officer(env, request.actor, context["officer"], period, before=before)
        here = urlencode({"officer": context["officer"], "day": context["day"]})
        context |= _shown(page, f"{here}&")
    return render(request, "register/trail.html", context)


@require_GET
@door(Right.TRAIL_READ, output=Output.EXPORT)
def officer_csv(request: DoorRequest) -> HttpResponse:
    """The same as a file."""
    env = current()
    day = parse_date(request.GET.get("day") or "t", env.clock.today())
    asked = request.GET.get("officer", "").strip()[:32]
    period = _days(day.isoformat(), day.isoformat())
    page = reports.of_officer(env, request.actor, asked, period, limit=MOST, form="csv")
    return view.csv_answer("trail-officer", view.HEADINGS, view.cells(env, page.lines), more=page.following is not None)


@require_GET
@door(Right.TRAIL_READ)
def odd(request: DoorRequest) -> HttpResponse:
    """What of a month is out of the ordinary."""
    month = view.month_of(request.GET.get("month", ""), current().clock.today())
    found = _abnormal(request, month)
    return render(
        request,
        "register/trail.html",
        {"tab": "odd", "groups": view.groups(found), **view.month_words(month, current().clock.today())},
    )


@require_GET
@door(Right.TRAIL_READ, output=Output.EXPORT)
def odd_csv(request: DoorRequest) -> HttpResponse:
    """The same as a file."""
    month = view.month_of(request.GET.get("month", ""), current().clock.today())
    found = _abnormal(request, month, "csv")
    return view.csv_answer("trail-abnormal", view.ODD_HEADINGS, view.odd_cells(found))


@require_GET
@door(Right.TRAIL_READ)
def alike(request: DoorRequest) -> HttpResponse:
    """Looks of a month at people of the officer's own family name."""
    env = current()
    month = view.month_of(request.GET.get("month", ""), env.clock.today())
    with env.database.transaction() as connection:
        families = view.families(connection)
    found = namesakes(env, request.actor, families, _month(month))
    context = {"tab": "alike", "looks": view.namesake_lines(env, found), **view.month_words(month, env.clock.today())}
    return render(request, "register/trail.html", context)


@require_GET
@door(Right.TRAIL_READ)
def sign_ons(request: DoorRequest) -> HttpResponse:
    """Sign-ons of a month by user ID."""
    env = current()
    month = view.month_of(request.GET.get("month", ""), env.clock.today())
    if request.GET.get("form") == "csv":
        pass_output(request, request.actor, Output.EXPORT)
        found = reports.sign_ons(env, request.actor, _month(month), form="csv")
        return view.csv_answer("trail-signons", view.SIGN_ON_HEADINGS, view.sign_on_cells(found))
    found = reports.sign_ons(env, request.actor, _month(month))
    context = {"tab": "signons", "signons": view.sign_on_lines(env, found)}
    return render(request, "register/trail.html", context | view.month_words(month, env.clock.today()))


@require_GET
@door(Right.TRAIL_READ, output=Output.EXPORT)
def checkpoint_file(request: DoorRequest) -> HttpResponse:
    """The checkpoint of the last seal, to be kept on another machine."""
    env = current()
    with env.database.transaction() as connection:
        made = checkpoint.newest(connection, env.keys)
        record_act(connection, env, request.actor, Act.TRAIL_CHECKPOINT, detail={"size": made.size})
    answer = HttpResponse(made.text(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="trail-checkpoint-{made.size}.json"'
    return answer


def _abnormal(request: DoorRequest, month: date, form: str = "screen") -> abnormal.Abnormal:
    watched = protected_persons(current(), request.actor)
    return abnormal.abnormal(current(), request.actor, _month(month), is_city_holiday, watched=watched, form=form)


def _all_of_person(request: DoorRequest, kept: dict[str, Any], form: str) -> tuple[tuple[Line, ...], bool]:
    page = reports.of_person(
        current(),
        request.actor,
        kept["person"],
        _days(kept["since"], kept["until"]),
        act=view.ONLY.get(kept["only"]),
        limit=MOST if form == "csv" else disclosure.MOST,
        form=form,
    )
    return page.lines, page.following is not None


def _kept(request: DoorRequest, number: int) -> dict[str, Any]:
    found = [one for one in request.session.get(_KEY, []) if one["n"] == number]
    if not found:
        raise NotAvailable
    kept: dict[str, Any] = found[0]
    return kept


def _asked(request: DoorRequest) -> dict[str, object]:
    today = current().clock.today()
    blank = {"number": "", "since": typed_day(today - YEAR), "until": typed_day(today), "only": ""}
    return {"earlier": [*reversed(request.session.get(_KEY, []))], "typed": blank, "only_words": view.ONLY_WORDS}


def _shown(page: reports.Page, here: str = "") -> dict[str, object]:
    following = f"?{here}before={page.following}" if page.following else ""
    return {"lines": view.lines(current(), page.lines), "following": following}


def _period(since: str, until: str, today: date) -> tuple[date, date]:
    """The days asked for, in order; a year back until today when left out. Raises the errors of `parse_date`."""
    first = parse_date(since, today) if since else today - YEAR
    last = parse_date(until, today) if until else today
    return min(first, last), max(first, last)


def _days(since: str, until: str) -> Period:
    return Period(midnight(date.fromisoformat(since)), midnight(date.fromisoformat(until) + timedelta(days=1)))


def _month(first: date) -> Period:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(midnight(first), midnight(following))
