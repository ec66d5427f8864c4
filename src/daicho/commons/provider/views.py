"""The provider's endpoints."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from daicho.commons.provider import signing, told
from daicho.commons.provider.server import BASIC, server
from daicho.signon import service, sessions
from daicho.signon.answers import RequestRefused
from daicho.signon.models import OfficerSession
from daicho.signon.own_settings import AFTER
from daicho.signon.session_views import ENDED_WORDS, locked_page, see_other
from daicho.wire.environment import current


@require_GET
def discovery(request: HttpRequest) -> JsonResponse:
    """What this provider is and can do (OpenID Connect Discovery 1.0)."""
    own = settings.OWN_URL
    described: dict[str, Any] = {
        "issuer": own,
        "authorization_endpoint": own + reverse("oidc-authorize"),
        "token_endpoint": own + reverse("oidc-token"),
        "introspection_endpoint": own + reverse("oidc-introspect"),
        "revocation_endpoint": own + reverse("oidc-revoke"),
        "jwks_uri": own + reverse("oidc-keys"),
        "daicho_directory_endpoint": own + reverse("oidc-directory"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [signing.ALGORITHM],
        "token_endpoint_auth_methods_supported": BASIC,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile"],
        "ui_locales_supported": ["ja"],
    }
    return JsonResponse(described)


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys."""
    return JsonResponse(signing.published(current()))


@require_GET
def authorize(request: HttpRequest) -> HttpResponseBase:
    """Give a system a code for whoever has just shown who they are; everybody else signs on or unlocks first.

    A session that is merely open gives no code: the lock of one system would be walked round by way of this one. After
    the code this platform's own screen is locked: whoever comes back to it shows the password.
    """
    env = current()
    try:
        grant = server().get_consent_grant(request, end_user=None)
    except OAuth2Error as error:
        if getattr(error, "redirect_uri", None) is None:  # an unknown system, or another address: nobody is sent there
            raise RequestRefused from error
        return _answer(server().handle_error_response(None, error))
    here = request.get_full_path()
    session = _open_session(request)
    if session is None:
        why = {"ended": request.GET["ended"]} if request.GET.get("ended") in ENDED_WORDS else {}
        return see_other(f"{reverse('sign-on')}?{urlencode({'next': here} | why)}")
    service.lock_if_idle(env, session)
    if session.locked_at is not None or not sessions.has_proof(env, request):
        service.lock(env, session)
        return locked_page(request, session, here, None)
    if sessions.password_is_old(env, session.officer) or sessions.lacks_second_factor(session.officer):
        request.session[AFTER] = here
        return see_other(reverse("settings"))
    sessions.spend_proof(request)
    response = _answer(server().create_authorization_response(request, grant_user=session, grant=grant))
    service.lock(env, session)
    return response


def _open_session(request: HttpRequest) -> OfficerSession | None:
    session = sessions.any_session(request)
    if session is not None and session.ended_at is None:
        service.end_if_over(current(), session)
    return session if session is not None and session.ended_at is None else None


@sensitive_post_parameters()
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code."""
    return _answer(server().create_token_response(request))


@sensitive_post_parameters()
@csrf_exempt
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """Does a session go on?"""
    return _answer(server().create_endpoint_response("introspection", request))


@sensitive_post_parameters()
@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """The officer has signed off."""
    return _answer(server().create_endpoint_response("revocation", request))


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """Officers, roles and terminals, for a system's copy."""
    asked = server().create_oauth2_request(request)
    try:
        server().authenticate_client(asked, BASIC, "directory")
    except OAuth2Error as error:
        return _answer(server().handle_error_response(asked, error))
    return JsonResponse(told.directory())


def _answer(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
