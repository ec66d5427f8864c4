"""全国の住所辞書: which edition is in force, and a new one from a file (STD 1.3.3)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.law.dates import parse_date
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.masters.dictionary import COLUMNS, LARGEST, OwnTowns, edition, load, suggest
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names


@require_http_methods(["GET", "POST"])
@door(Right.MASTER_EDIT)
def town_dictionary(request: DoorRequest) -> HttpResponse:
    """The edition in force and a look into it (`q`); a POST loads a file."""
    env = current()
    today = env.clock.today()
    error: DaichoError | None = None
    own: OwnTowns | None = None
    if request.method == "POST":
        sent = request.FILES.get("file")
        data = sent.read(LARGEST + 1) if sent is not None else b""
        try:
            as_of = parse_date(request.POST.get("as_of", ""), today)
            own = load(env, request.actor, data, request.POST.get("source", ""), as_of)
        except DaichoError as refused:
            if refused.status not in (409, 422):
                raise
            error = refused
    q = request.GET.get("q", "").strip()[:60]
    with env.database.transaction() as connection:
        now = edition(connection)
        names = officer_names(connection, [now.loaded_by]) if now else {}
        found = suggest(connection, q)
    context = {
        "edition": now,
        "officer": names.get(now.loaded_by, now.loaded_by) if now else "",
        "q": q,
        "found": found,
        "own": own,
        "columns": "、".join(COLUMNS),
        "may_load": holds(request.actor, Right.MASTER_APPROVE, on=today),
        "typed": request.POST,
        "error": error,
    }
    return render(request, "register/town_dictionary.html", context, status=error.status if error else 200)
