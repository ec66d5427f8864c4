"""Signing on by way of the provider: there, and back with a code."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from pydantic import ValidationError

from daicho.signon import service, sessions
from daicho.signon.models import OfficerSession
from daicho.signon.oidc import directory, flow, partner, tokens
from daicho.signon.oidc.errors import WordRefused
from daicho.signon.oidc.provider import Client, ask, metadata
from daicho.signon.session_views import ENDED_WORDS, has_open_session, see_other
from daicho.signon.targets import safe_next
from daicho.wire.environment import Environment, current

SCOPE = "openid profile"


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider, which asks who this is; with `ended` it says why that is necessary."""
    target = safe_next(request.GET.get("next"))
    if has_open_session(request):
        return see_other(target)
    env, client = current(), Client.of_settings()
    described = metadata(env, client.issuer, fresh=True)  # a provider that is gone is said on our own page
    begun = flow.begin(env, target)
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.back_url,
        "scope": SCOPE,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
        "prompt": "login",
    }
    if request.GET.get("ended") in ENDED_WORDS:
        asked["ended"] = request.GET["ended"]
    response = see_other(f"{described['authorization_endpoint']}?{urlencode(asked)}")
    flow.keep(request, response, begun)
    return response


@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back with a code: exchange it, check what the provider says, open the session under a new key.

    The page that follows leads on by itself: cookies that are SameSite=Strict are not sent on a redirect that another site began.
    """
    env, client = current(), Client.of_settings()
    begun = flow.finish(request, request.GET.get("state", ""))
    code = request.GET.get("code", "")
    if begun is None or not code or request.GET.get("iss", client.issuer) != client.issuer:
        raise WordRefused
    session = _open(env, client, begun, code)
    sessions.start(env, request, session)
    response = render(request, "signon/landing.html", {"target": begun.target})
    flow.drop(request, response, begun.state)
    return response


def _open(env: Environment, client: Client, begun: flow.Flow, code: str) -> OfficerSession:
    given = ask(
        env,
        client,
        "token_endpoint",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.back_url,
            "code_verifier": begun.verifier,
        },
    )
    if given is None or not all(isinstance(given.get(name), str) for name in ("id_token", "access_token")):
        raise WordRefused
    word = tokens.read(env, client, given["id_token"], begun.nonce)
    told: dict[str, Any] = ask(env, client, "introspection_endpoint", {"token": given["access_token"]}) or {}
    if told.get("active", True) is not True:
        raise WordRefused
    if "daicho_directory" in told:
        partner.renew(env, told)
    else:
        _take_claims(env, word)
    granted = service.Granted(
        word.officer_id,
        word.terminal_id,
        given["access_token"],
        str(told.get("daicho_unlock", "")),
        int(told.get("daicho_failures", 0)),
    )
    return service.open_on_word(env, granted)


def _take_claims(env: Environment, word: tokens.Word) -> None:
    try:
        directory.take_claims(env, directory.Claims.model_validate(word.claims))
    except ValidationError as error:
        raise WordRefused from error
