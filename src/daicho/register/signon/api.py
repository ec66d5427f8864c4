"""Sign-on for scripts, by the same rules as the pages."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router, Schema

from daicho.access.actor import Right
from daicho.register.environment import current
from daicho.register.signon import service, sessions
from daicho.register.signon.door import ApiDoor, authenticate
from daicho.register.signon.errors import NotJson
from daicho.register.signon.views import origin_of

router = Router(tags=["sign-on"])


class SignOn(Schema):
    """What a script gives to sign on."""

    officer: str
    password: str
    code: str
    terminal: str


class SignedOn(Schema):
    """The open session. `csrf_token` goes into the header `X-CSRFToken` of every request that changes something."""

    officer: str
    name: str
    office: str
    terminal: str
    roles: list[str]
    signed_on_at: datetime
    csrf_token: str


@router.post("/signon", response=SignedOn, auth=None, url_name="api-sign-on", operation_id="sign_on")
def sign_on(request: HttpRequest, wanted: SignOn) -> SignedOn:
    """Open a session; the cookie of the answer carries it. Only JSON: a foreign page's form cannot send that."""
    if request.content_type != "application/json":
        raise NotJson
    origin = origin_of(request, wanted.terminal)
    env = current()
    session = service.sign_on(env, origin, wanted.officer, wanted.password, wanted.code)
    sessions.start(env, request, session)
    return _describe(request)


@router.get("/session", response=SignedOn, auth=ApiDoor(Right.HOME), operation_id="session")
def session_now(request: HttpRequest) -> SignedOn:
    """Who is signed on in this session."""
    return _describe(request)


@router.post("/signoff", response={204: None}, auth=ApiDoor(Right.HOME), operation_id="sign_off")
def sign_off(request: HttpRequest) -> HttpResponse:
    """End this session."""
    session = sessions.current_session(current(), request)
    service.sign_off(current(), session)
    request.session.flush()
    return HttpResponse(status=204)


def _describe(request: HttpRequest) -> SignedOn:
    actor = authenticate(request)
    return SignedOn(
        officer=actor.officer_id,
        name=actor.name,
        office=actor.office,
        terminal=actor.terminal_id,
        roles=sorted(actor.roles),
        signed_on_at=actor.signed_on_at,
        csrf_token=get_token(request),
    )
