"""S28: what waits between the systems, and what an administrator does about a message that was refused.

Nothing here is about a person: links, kinds, numbers of messages, codes. Acts are those of `./daicho wire`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Actor, Right
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.backlog import (
    LONGEST_REASON,
    DeadLetter,
    Handling,
    backlog,
    complete_by_hand,
    count_dead,
    dead_letters,
    send_again,
)
from daicho.wire.environment import Connection
from daicho.wire.errors import NoSuchMessage, ReasonNeeded, WireError

MOST = 100
LATE_SECONDS = 300
"""A message that waits longer than this is an alarm (the longest pause between two attempts)."""
ACTS = {
    "again": "そのまま再送する",
    "corrected": "原因を直したので再送する",
    "by_hand": "別の方法で届けたので完了とする",
}
_DONE = {"again": "再送", "corrected": "直して再送", "by_hand": "手動で完了"}
_SYSTEMS = {
    "register": "住民記録",
    "commons": "共通基盤",
    "connector": "住基ネット連携",
    "addressee": "宛名",
    "intermediary": "中間サーバー連携",
    "kiosk": "コンビニ交付",
}
_KINDS = {
    "resident-changed": "異動",
    "suppression-changed": "抑止",
    "identity-changed": "本人確認情報",
    "dispatch-data": "送付先情報",
    "identities-stated": "本人確認情報（全員）",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One refused message in words."""

    letter: DeadLetter
    link: str
    kind: str
    why: str
    done: tuple[str, ...]
    is_chosen: bool


@require_http_methods(["GET", "POST"])
@door(Right.WIRE_MANAGE)
def wire_backlog(request: DoorRequest) -> HttpResponse:
    """The backlog; `link` and `message` choose a refused message. A POST handles it (`act`, `reason`)."""
    if request.method != "POST":
        return _page(request, request.GET, None)
    try:
        _handle(request.actor, request.POST)
    except (NoSuchMessage, ReasonNeeded) as error:
        return _page(request, request.POST, error)
    return redirect("wire-backlog")


def _handle(actor: Actor, form: QueryDict) -> None:
    env = current()
    act, reason = form.get("act", ""), " ".join(form.get("reason", "").replace("\0", " ").split())
    with env.database.transaction() as connection:
        letter = _chosen(dead_letters(connection, MOST), form)
        if letter is None or act not in ACTS:
            raise NoSuchMessage
        key = (letter.link, letter.message_id)
        officer = actor.officer_id
        if act == "by_hand":
            complete_by_hand(connection, env, *key, officer=officer, reason=reason)
        else:
            send_again(connection, env, *key, officer=officer, reason=reason, corrected=act == "corrected")
        record_act(
            connection,
            env,
            actor,
            Act.WIRE_COMPLETED if act == "by_hand" else Act.WIRE_SENT_AGAIN,
            detail={"link": letter.link, "message": letter.message_id},
        )


def _page(request: DoorRequest, asked: QueryDict, error: DaichoError | None) -> HttpResponse:
    env = current()
    with env.database.transaction() as connection:
        waiting, letters, dead = backlog(connection), dead_letters(connection, MOST), count_dead(connection)
        names = _names(connection, letters)
    now = env.clock.now()
    chosen = _chosen(letters, asked)
    context: dict[str, Any] = {
        "lines": [
            (_link(one.link), _word(one.kind), one, _age(now, one.oldest), _seconds(now, one.oldest) > LATE_SECONDS)
            for one in waiting
        ],
        "letters": [_letter(one, names, chosen) for one in letters],
        "dead": dead,
        "most": MOST,
        "chosen": _letter(chosen, names, chosen) if chosen else None,
        "acts": ACTS,
        "act": asked.get("act", ""),
        "reason": asked.get("reason", ""),
        "longest": LONGEST_REASON,
        "error": error,
    }
    return render(request, "register/wire_backlog.html", context, status=error.status if error else 200)


def _names(connection: Connection, letters: list[DeadLetter]) -> dict[str, str]:
    return officer_names(connection, [done.officer for one in letters for done in one.handlings])


def _chosen(letters: list[DeadLetter], asked: QueryDict) -> DeadLetter | None:
    """The refused message that the request names, None when it is not among those that wait."""
    key = (asked.get("link", ""), asked.get("message", ""))
    return next((one for one in letters if (one.link, str(one.message_id)) == key), None)


def _letter(one: DeadLetter, names: dict[str, str], chosen: DeadLetter | None) -> Letter:
    return Letter(
        letter=one,
        link=_link(one.link),
        kind=_word(one.kind),
        why=_WHY.get(one.code, "受けた側の決まりによる拒否です。"),
        done=tuple(_done(each, names) for each in one.handlings),
        is_chosen=one is chosen,
    )


_WHY = {error.code: error.happened for error in WireError.__subclasses__()}
"""What a code of the wire means; others are the receiver's own."""


def _done(one: Handling, names: dict[str, str]) -> str:
    return " ".join(part for part in (_DONE[one.act], names.get(one.officer, one.officer), one.reason) if part)


def _link(name: str) -> str:
    sender, _, receiver = name.partition("-")
    return f"{_SYSTEMS.get(sender, sender)} → {_SYSTEMS.get(receiver, receiver)}"


def _word(kind: str) -> str:
    return _KINDS.get(kind, kind)


def _seconds(now: datetime, since: datetime) -> int:
    return max(0, int((now - since).total_seconds()))


def _age(now: datetime, since: datetime) -> str:
    """How long ago in the largest unit that fits: 45秒, 12分, 3時間, 2日."""
    seconds = _seconds(now, since)
    for size, unit in ((86_400, "日"), (3_600, "時間"), (60, "分")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}秒"
