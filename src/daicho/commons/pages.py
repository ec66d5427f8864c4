"""What is the common platform's own at its pages: open routes, top bar, home."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from daicho.access.actor import Actor, Right
from daicho.access.decision import holds
from daicho.commons.ledgers.waiting import DueCount
from daicho.signon import middleware
from daicho.signon.door import OPEN_ROUTES, DoorRequest, signed_on
from daicho.signon.session_views import see_other
from daicho.ui.frame import Command, Frame
from daicho.wire.environment import current

OPEN = OPEN_ROUTES | {
    "sign-on-code": "second step of sign-on",
    "terminal-key": "registers the key of a terminal; asks for the administrator's code",
    "oidc-discovery": "public description of the provider",
    "oidc-keys": "public keys",
    "oidc-authorize": "sends whoever is not signed on to sign on",
    "oidc-token": "systems show their secret",
    "oidc-introspect": "systems show their secret",
    "oidc-revoke": "systems show their secret",
    "oidc-directory": "systems show their secret",
}
"""Routes without a right, by URL name, each with its reason. A test fails for any other route without a door."""


class DoorMiddleware(middleware.DoorMiddleware):
    """The keeper of this system's door."""

    open_routes = OPEN


COMMANDS = (
    (Right.LEDGER_READ, "管理簿", "ledgers", "研修・点検・委託・媒体・事故・請求・問合せと期限", "かんりぼ きげん"),
    (Right.USER_ADMIN, "職員の管理", "officers", "発行・停止・廃止・役割・使われていないID", "しょくいんのかんり"),
    (Right.USER_ADMIN, "端末の管理", "terminals", "登録・変更・期間・鍵・使用終了", "たんまつのかんり"),
    (Right.USER_ADMIN, "職員の権限の確認", "officer-rights", "何が見えるか・なぜ", "しょくいんのけんげん"),
    (
        Right.EXCHANGE_MANAGE,
        "庁内連携の状況",
        "exchange",
        "業務システムへの連携・未達・拒否・再送",
        "ちょうないれんけい",
    ),
    (
        Right.EXCHANGE_MANAGE,
        "業務システムの登録",
        "exchange-systems",
        "庁内連携の相手・根拠・項目・証明書",
        "ぎょうむしすてむ",
    ),
)
"""Screens: right, label, page, hint, reading."""


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: no search for people here, no glyphs of residents, the platform's own commands."""
    base = replace(getattr(request, "frame", None) or Frame(), search_url="", has_glyphs=False, name="共通基盤")
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        return {"frame": base}
    today = current().clock.today()
    found = [
        Command(label, reverse(name), hint, reading, group="管理")
        for right, label, name, hint, reading in COMMANDS
        if holds(actor, right, on=today)
    ]
    return {"frame": replace(base, queues=DueCount(actor), commands=(*base.commands, *found))}


@require_GET
@signed_on
def home(request: DoorRequest) -> HttpResponse:
    """The administrator's work is the officers; whoever keeps ledgers begins with what is due, the others with their settings."""
    today = current().clock.today()
    pages = ((Right.USER_ADMIN, "officers"), (Right.LEDGER_READ, "ledgers"))
    return see_other(
        reverse(next((name for right, name in pages if holds(request.actor, right, on=today)), "settings"))
    )
