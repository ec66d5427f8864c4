"""How far each system has come, what was refused, and what an administrator does about it.

Nothing here is about a person: systems, positions, codes. Refused are events at offices and messages at the register.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Actor, Right
from daicho.commons.exchange import backlog
from daicho.commons.exchange.errors import EventNotWaiting, ReasonMissing
from daicho.commons.exchange.subscribers import FORMS, LONGEST_REASON
from daicho.law.errors import DaichoError
from daicho.signon.door import DoorRequest, door
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire import backlog as wire
from daicho.wire.environment import Connection, Environment, current
from daicho.wire.errors import NoSuchMessage, ReasonNeeded
from daicho.wire.outbox import LINK_REGISTER

MOST = 100
LATE_SECONDS = 600
"""What is pushed and waits longer is an alarm; systems that pull or take files come at their own times."""
ACTS = {"again": "もう一度送る", "by_hand": "別の方法で届けたので完了とする"}
REGISTER = "register"
"""In the place of a system: what waits for the register."""

_KINDS = {"changed": "異動", "suppression": "抑止・支援措置", "qualification-changed": "資格情報"}


@dataclass(frozen=True, slots=True)
class Refused:
    """One event or message that was refused for good."""

    system: str
    number: int
    kind: str
    created_at: datetime
    attempts: int
    code: str
    behind: int
    is_chosen: bool = False


@require_http_methods(["GET", "POST"])
@door(Right.EXCHANGE_MANAGE)
def standing(request: DoorRequest) -> HttpResponse:
    """The page; `system` and `number` choose something refused. A POST handles it (`act`, `reason`)."""
    if request.method != "POST":
        return _page(request, request.GET, None)
    try:
        _handle(request.actor, request.POST)
    except (EventNotWaiting, NoSuchMessage, ReasonMissing, ReasonNeeded) as error:
        return _page(request, request.POST, error)
    return redirect("exchange")


def _handle(actor: Actor, form: QueryDict) -> None:
    env = current()
    act, reason = form.get("act", ""), " ".join(form.get("reason", "").replace("\0", " ").split())
    with env.database.transaction() as connection:
        chosen = _chosen(_refused(connection), form)
        if chosen is None or act not in ACTS:
            raise EventNotWaiting
        _do(connection, env, chosen, act, actor.officer_id, reason)
        record_act(
            connection,
            env,
            actor,
            Act.EXCHANGE_COMPLETED if act == "by_hand" else Act.EXCHANGE_SENT_AGAIN,
            detail={"system": chosen.system, "number": chosen.number},
        )


def _do(connection: Connection, env: Environment, chosen: Refused, act: str, officer: str, reason: str) -> None:
    if chosen.system != REGISTER:
        work = backlog.complete_by_hand if act == "by_hand" else backlog.send_again
        work(connection, env, chosen.system, chosen.number, officer=officer, reason=reason)
    elif act == "by_hand":
        wire.complete_by_hand(connection, env, LINK_REGISTER, chosen.number, officer=officer, reason=reason)
    else:
        wire.send_again(connection, env, LINK_REGISTER, chosen.number, officer=officer, reason=reason, corrected=True)


def _refused(connection: Connection) -> list[Refused]:
    events = [
        Refused(one.subscriber, one.position, _KINDS[one.kind], one.created_at, one.attempts, one.code, one.behind)
        for one in backlog.dead_events(connection, MOST)
    ]
    messages = [
        Refused(
            REGISTER, one.message_id, _KINDS.get(one.kind, one.kind), one.created_at, one.attempts, one.code, one.behind
        )
        for one in wire.dead_letters(connection, MOST)
    ]
    return sorted((*events, *messages), key=lambda one: (one.created_at, one.number))[:MOST]


def _chosen(refused: list[Refused], asked: QueryDict) -> Refused | None:
    key = (asked.get("system", ""), asked.get("number", ""))
    return next((one for one in refused if (one.system, str(one.number)) == key), None)


def _page(request: DoorRequest, asked: QueryDict, error: DaichoError | None) -> HttpResponse:
    env = current()
    with env.database.transaction() as connection:
        found = backlog.standings(connection, env)
        waiting = wire.backlog(connection)
        refused = _refused(connection)
        compared = backlog.comparison(connection)
    now = env.clock.now()
    chosen = _chosen(refused, asked)
    names = {one.subscriber: one.name for one in found} | {REGISTER: "住民記録"}
    context: dict[str, Any] = {
        "tab": "standing",
        "lines": [
            (one, FORMS[one.form], _age(now, one.oldest), _late(now, one.oldest) and one.form == "push")
            for one in found
        ],
        "waiting": [
            (_KINDS.get(one.kind, one.kind), one, _age(now, one.oldest), _late(now, one.oldest)) for one in waiting
        ],
        "refused": [(one, names.get(one.system, one.system), one is chosen) for one in refused],
        "compared": compared,
        "most": MOST,
        "chosen": chosen,
        "chosen_name": names.get(chosen.system, chosen.system) if chosen else "",
        "acts": ACTS,
        "act": asked.get("act", ""),
        "reason": asked.get("reason", ""),
        "longest": LONGEST_REASON,
        "error": error,
    }
    return render(request, "exchange/standing.html", context, status=error.status if error else 200)


def _late(now: datetime, since: datetime | None) -> bool:
    return since is not None and (now - since).total_seconds() > LATE_SECONDS


def _age(now: datetime, since: datetime | None) -> str:
    """How long ago in the largest unit that fits: 45秒, 12分, 3時間, 2日; nothing where nothing waits."""
    if since is None:
        return ""
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in ((86_400, "日"), (3_600, "時間"), (60, "分")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}秒"
