"""住所一括変更 (STD 9.7): hand in a CSV, look at every line, and let another officer register them bit by bit."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.law.dates import parse_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.register.changes.grounds import MINOR
from daicho.register.desk import address_batch
from daicho.register.desk.address_file import COLUMNS, LARGEST, WORDS, FileUnfit
from daicho.register.environment import current
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names

STATES = {"error": "誤り", "excluded": "除外", "ready": "仮処理済", "done": "登録済"}


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def address_changes(request: DoorRequest) -> HttpResponse:
    """The files so far, and the form for a new one."""
    env = current()
    if request.method != "POST":
        return _start(request, {})
    kind, ground = request.POST.get("kind", ""), request.POST.get("ground", "")
    sent = request.FILES.get("file")
    data = sent.read(LARGEST + 1) if sent is not None else b""
    try:
        if kind not in COLUMNS or not address_batch.is_ground(ground):
            raise FileUnfit(columns="世帯番号か宛名番号から")
        on = parse_date(request.POST.get("change_date", ""), env.clock.today())
        token = f"{request.actor.officer_id}:{request.POST.get('token', '')[:64]}"
        batch_id = address_batch.receive(
            env, request.actor, token=token, kind=kind, ground=ground, change_date=on, data=data
        )
    except DaichoError as error:
        return _start(request, request.POST.dict(), error.message, error.status)
    return redirect("address-batch", batch_id)


def _start(request: DoorRequest, typed: dict[str, str], error: str = "", status: int = 200) -> HttpResponse:
    env = current()
    found = address_batch.batches(env, request.actor)
    with env.database.transaction() as connection:
        names = officer_names(connection, [batch.entrant for batch in found])
    return render(
        request,
        "register/address_changes.html",
        {
            "batches": [
                (b, WORDS[b.kind], names.get(b.entrant, b.entrant), format_wareki(b.change_date)) for b in found
            ],
            "kinds": [(kind, WORDS[kind], "、".join(columns)) for kind, columns in COLUMNS.items()],
            "grounds": [(key, ground.word) for key, ground in MINOR.items() if not ground.names],
            "typed": typed,
            "error": error,
            "token": env.random.token(16).hex(),
        },
        status=status,
    )


@require_GET
@door(Right.CASE_ENTER)
def batch(request: DoorRequest, batch_id: int) -> HttpResponse:
    """Every line of a file with how it stands; `state` shows only some."""
    env = current()
    found = address_batch.batch_of(env, request.actor, batch_id)
    state = request.GET.get("state") if request.GET.get("state") in STATES else None
    with env.database.transaction() as connection:
        names = officer_names(connection, [found.entrant])
    return render(
        request,
        "register/address_batch.html",
        {
            "batch": found,
            "kind": WORDS[found.kind],
            "ground": MINOR[found.ground].word,
            "entrant": names.get(found.entrant, found.entrant),
            "counts": [(name, word, found.counts.get(name, 0)) for name, word in STATES.items()],
            "lines": [
                (line, STATES[line.state]) for line in address_batch.lines_of(env, request.actor, batch_id, state)
            ],
            "state": state,
            "may_batch": holds(request.actor, Right.BATCH_RUN, on=env.clock.today()),
            "may_register": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today())
            and request.actor.officer_id != found.entrant,
            "at_once": address_batch.AT_ONCE,
        },
    )


@require_POST
@door(Right.CASE_DECIDE)
def batch_register(request: DoorRequest, batch_id: int) -> HttpResponse:
    """Register the next lines; the page says how many are left. Stopped at any point it goes on from there."""
    most = 1 if request.POST.get("act") == "one" else address_batch.AT_ONCE
    address_batch.go_on(current(), request.actor, batch_id, most)
    return redirect("address-batch", batch_id)
