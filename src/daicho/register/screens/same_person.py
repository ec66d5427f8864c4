"""Two persons of the register found to be one: asked for by one officer, made and taken back by another (S14)."""

from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Purpose, Right
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable, SameOfficer
from daicho.law.errors import DaichoError
from daicho.law.names import kana_keys, kanji_key
from daicho.register.changes.record import ResidentRecord
from daicho.register.environment import current
from daicho.register.screens import pair_view
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.likeness import Likeness, birth_part, likeness, name_part, number_part, sex_part
from daicho.register.store.links import (
    DECISION_REASONS,
    LINK_REASONS,
    UNDO_REASONS,
    LinkAct,
    Linked,
    LinkMoved,
    LinkNotPossible,
    act_on_link,
    ask_link,
    links,
)
from daicho.register.store.pairs import Pair, compare_two

_ACTS = ("link", "refuse", "ask_undo", "undo", "keep")


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def link_new(request: DoorRequest) -> HttpResponse:
    """Two persons beside each other (`a`, `b`: their ids), and the asking for a link."""
    values = request.POST if request.method == "POST" else request.GET
    a, b = _id(values.get("a", "")), _id(values.get("b", ""))
    if request.method != "POST":
        return _new(request, a, b, None)
    leading = _id(request.POST.get("leading", ""))
    try:
        if leading not in (a, b):
            raise LinkNotPossible(field="leading", why="主となる人が選ばれていません")
        other = b if leading == a else a
        ask_link(current(), request.actor, leading, other, request.POST.get("reason", ""), request.POST.get("note", ""))
    except LinkNotPossible as error:
        return _new(request, a, b, error)
    return redirect("same-person")


def _new(request: DoorRequest, a: int, b: int, error: DaichoError | None) -> HttpResponse:
    pair = compare_two(current(), request.actor, (a, b), Purpose.CORRECTION)
    return render(
        request,
        "register/same_person_new.html",
        {
            "a": a,
            "b": b,
            "heads": pair_view.heads(pair),
            "pair_rows": pair_view.rows(pair),
            "likeness": alike(pair),
            "reasons": list(LINK_REASONS.items()),
            "error": error,
        },
        status=error.status if error else 200,
    )


def alike(pair: Pair) -> Likeness:
    """What agrees between two persons of the register, in words."""
    first, second = (side.record for side in pair.sides)
    return likeness(
        number_part("個人番号", pair.individual_number),
        number_part("住民票コード", pair.resident_code),
        name_part("氏名", [kanji_key(first.name)], [kanji_key(second.name)], _others(second), 20),
        name_part("フリガナ", _kana(first), _kana(second), (), 10),
        birth_part(first.birth.on, second.birth.on),
        sex_part(first.sex == second.sex),
    )


def _kana(record: ResidentRecord) -> tuple[str, ...]:
    return tuple(kana_keys(record.name_kana)) if record.name_kana else ()


def _others(record: ResidentRecord) -> list[str]:
    return [kanji_key(name) for name in (record.common_name, record.foreign_name_kanji, record.maiden_name) if name]


@require_GET
@door(Right.PERSON_SEARCH)
def same_person(request: DoorRequest) -> HttpResponse:
    """All links with their history; what waits for a second officer first."""
    return _list(request, None)


@require_POST
@door(Right.CASE_ENTER)
def link_act(request: DoorRequest, link_id: int) -> HttpResponse:
    """One act on a link: agree, refuse, ask to take back, take back, keep."""
    act = request.POST.get("act", "")
    if act not in _ACTS:
        raise NotAvailable
    try:
        act_on_link(
            current(),
            request.actor,
            link_id,
            cast(LinkAct, act),
            request.POST.get("reason", ""),
            request.POST.get("note", ""),
            seen=_id(request.POST.get("seen", "")),
        )
    except (LinkMoved, LinkNotPossible, SameOfficer) as error:
        return _list(request, error)
    return redirect("same-person")


def _list(request: DoorRequest, error: DaichoError | None) -> HttpResponse:
    env = current()
    found = links(env, request.actor)
    with env.database.transaction() as connection:
        names = officer_names(connection, [step.officer for link in found for step in link.steps])
    review = holds(request.actor, Right.CASE_REVIEW, on=env.clock.today())
    enter = holds(request.actor, Right.CASE_ENTER, on=env.clock.today())
    return render(
        request,
        "register/same_person.html",
        {
            "lines": [_line(link, names, request.actor.officer_id, review, enter) for link in found],
            "waiting": sum(link.status in ("asked", "undo_asked") for link in found),
            "error": error,
        },
        status=error.status if error else 200,
    )


def _line(link: Linked, names: dict[str, str], officer: str, review: bool, enter: bool) -> dict[str, object]:
    waits = link.status in ("asked", "undo_asked")
    acts: list[tuple[str, str]] = []
    if waits and review and link.asker != officer:
        acts = (
            [("link", "承認"), ("refuse", "却下")]
            if link.status == "asked"
            else [("undo", "取り消す"), ("keep", "残す")]
        )
    elif link.status == "linked" and enter:
        acts = [("ask_undo", "取消しを申請")]
    reasons = UNDO_REASONS if link.status == "linked" else DECISION_REASONS
    return {
        "link": link,
        "steps": [(step, names.get(step.officer, step.officer)) for step in link.steps],
        "acts": acts,
        "reasons": list(reasons.items()),
        "why_not": _why_not(link, officer) if waits and not acts else "",
    }


def _why_not(link: Linked, officer: str) -> str:
    return "自分が申請した件" if link.asker == officer else "審査担当が承認します"


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
