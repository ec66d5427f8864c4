"""Who is signed on, for scripts; they sign on by the pages of commons as browsers do (`daicho.engine.visitor`)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router, Schema

from daicho.access.actor import Right
from daicho.register.signon.door import ApiDoor, authenticate
from daicho.signon import service, sessions
from daicho.signon.system import system
from daicho.wire.environment import current

router = Router(tags=["sign-on"])


class SignedOn(Schema):
    """The open session. `csrf_token` goes into the header `X-CSRFToken` of every request that changes something."""

    officer: str
    name: str
    office: str
    terminal: str
    roles: list[str]
    signed_on_at: datetime
    csrf_token: str


@router.get("/session", response=SignedOn, auth=ApiDoor(Right.HOME), operation_id="session")
def session_now(request: HttpRequest) -> SignedOn:
    """Who is signed on in this session."""
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


@router.post("/signoff", response={204: None}, auth=ApiDoor(Right.HOME), operation_id="sign_off")
def sign_off(request: HttpRequest) -> HttpResponse:
    """End this session, here and at the provider."""
    env = current()
    session = sessions.current_session(env, request)
    service.sign_off(env, session)
    system().left(env, session)
    request.session.flush()
    return HttpResponse(status=204)
