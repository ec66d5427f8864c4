"""Registered systems of offices: what each is told, in which period, on which line of the list, by which certificates."""

from datetime import date
from typing import Any

from cryptography import x509
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Actor, Right
from daicho.commons.exchange import lists, subscribers
from daicho.commons.exchange.errors import NoSuchSubscriber, ReasonMissing, SubscriptionUnreadable
from daicho.commons.exchange.items import GROUPS, ITEMS, of_groups
from daicho.commons.exchange.subscribers import FORMS, FREQUENCIES, PROTECTIONS, QUALIFICATIONS
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.signon.door import DoorRequest, door
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row, current

_TYPED = ("subscriber", "name", "office", "since", "until", "transfer_no", "form", "frequency", "endpoint", "protection",
          "qualification", "reason")  # fmt: skip
_LONGEST_CERTIFICATE = 8_000


@require_GET
@door(Right.EXCHANGE_MANAGE)
def systems(request: DoorRequest) -> HttpResponse:
    """The registrations (`q` narrows them) and the system chosen (`system`)."""
    return _page(request, {name: request.GET.get(name, "").strip()[:64] for name in ("q", "system")})


@require_POST
@door(Right.EXCHANGE_MANAGE)
def register(request: DoorRequest) -> HttpResponse:
    """Register a system, or its next period."""
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip()[:300] for name in _TYPED}
    typed["items"] = [item for item in request.POST.getlist("item") if item in GROUPS or item in ITEMS]
    typed["certificate"] = request.POST.get("certificate", "").strip()[:_LONGEST_CERTIFICATE]
    env = current()
    try:
        wanted = subscribers.read_registration(_content(env, typed))
        with env.database.transaction() as connection:
            subscribers.register(connection, env, wanted, officer=request.actor.officer_id, reason=typed["reason"])
            if typed["certificate"]:
                _add_certificate(connection, env, request.actor, wanted.subscriber, typed["certificate"])
            detail = {"system": wanted.subscriber, "transfer": str(wanted.transfer_no), "form": str(wanted.form)}
            record_act(connection, env, request.actor, Act.EXCHANGE_REGISTERED, detail=detail)
    except DaichoError as error:
        return _page(request, {"typed": typed}, error)
    return _to(wanted.subscriber)


@require_POST
@door(Right.EXCHANGE_MANAGE)
def act(request: DoorRequest) -> HttpResponse:
    """One act (`act`) on a system: end its period, let a certificate count, let one count no longer."""
    system = request.POST.get("system", "").strip()[:64]
    try:
        _act(current(), request.actor, system, request)
    except DaichoError as error:
        return _page(request, {"system": system}, error)
    return _to(system)


def _act(env: Environment, actor: Actor, system: str, request: DoorRequest) -> None:
    what, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    if not reason or len(reason) > subscribers.LONGEST_REASON:
        raise ReasonMissing(field="reason")
    with env.database.transaction() as connection:
        match what:
            case "end":
                subscribers.end(connection, system, _day(env, request.POST.get("until", "")))
            case "certificate":
                _add_certificate(connection, env, actor, system, request.POST.get("certificate", ""))
            case "end-certificate":
                subscribers.end_certificate(connection, env, system, request.POST.get("fingerprint", "")[:64])
            case _:
                raise NoSuchSubscriber
        record_act(connection, env, actor, Act.EXCHANGE_CHANGED, detail={"system": system, "what": what})


def _add_certificate(connection: Connection, env: Environment, actor: Actor, system: str, text: str) -> None:
    try:
        certificate = x509.load_pem_x509_certificate(text[:_LONGEST_CERTIFICATE].encode("ascii", "ignore"))
    except ValueError:
        raise SubscriptionUnreadable(what="証明書") from None
    subscribers.add_certificate(connection, env, system, certificate, officer=actor.officer_id)


def _content(env: Environment, typed: dict[str, Any]) -> dict[str, object]:
    number = typed["transfer_no"]
    return {
        "subscriber": typed["subscriber"],
        "name": typed["name"],
        "office": typed["office"],
        "valid_from": _day(env, typed["since"]),
        "valid_to": _day(env, typed["until"]) if typed["until"] else None,
        "transfer_no": int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0,
        "items": typed["items"],
        "form": typed["form"],
        "frequency": typed["frequency"] or "at_once",
        "endpoint": typed["endpoint"] or None,
        "protection": typed["protection"] or "withheld",
        "qualification": typed["qualification"] or None,
    }


def _day(env: Environment, text: str) -> date:
    """A day in any form, also one to come. Raises the errors of `parse_date`."""
    return parse_date(text, env.clock.today(), future=True)


def _to(system: str) -> HttpResponse:
    return redirect(f"{reverse('exchange-systems')}?{urlencode({'system': system})}")


def _page(request: DoorRequest, asked: dict[str, Any], error: DaichoError | None = None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    with env.database.transaction() as connection:
        every = subscribers.every(connection)
        system = asked.get("system", "")
        certificates = subscribers.certificates(connection, system) if system else []
    q = asked.get("q", "")
    chosen = [row for row in every if row["subscriber"] == system]
    published = [line for line in lists.on("transfers", today) if line.published]
    context: dict[str, Any] = {
        "tab": "systems",
        "q": q,
        "system": system,
        "lines": [(row, *_state(row, today), FORMS[row["form"]]) for row in every if _matches(row, q)],
        "chosen": [(row, *_state(row, today), _items(row)) for row in chosen],
        "certificates": certificates,
        "typed": asked.get("typed") or {"items": [], "since": typed_day(today)},
        "published": published,
        "groups": [(name, "・".join(ITEMS[item].word for item in items)) for name, items in GROUPS.items()],
        "forms": FORMS,
        "frequencies": FREQUENCIES,
        "protections": PROTECTIONS,
        "qualifications": QUALIFICATIONS,
        "error": error,
    }
    return render(request, "exchange/systems.html", context, status=error.status if error else 200)


def _matches(row: Row, q: str) -> bool:
    return q.casefold() in f"{row['subscriber']} {row['name']} {row['office']} {row['basis']}".casefold()


def _state(row: Row, today: date) -> tuple[str, str]:
    if row["valid_from"] > today:
        return "planned", "これから"
    return ("ended", "終了") if row["valid_to"] is not None and row["valid_to"] <= today else ("live", "有効")


def _items(row: Row) -> list[tuple[str, str]]:
    """The items by the document's groups, with how much of each: whole groups by name, parts spelled out."""
    held = set(row["items"])
    found = []
    for name, items in GROUPS.items():
        part = [item for item in items if item in held]
        if part:
            whole = len(part) == len(of_groups([name]))
            found.append((name, "すべて" if whole else "・".join(ITEMS[item].word for item in part)))
    return found
