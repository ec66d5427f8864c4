"""The one door: every page and every API call passes here, and says which right it needs.

`authenticate(request) -> Actor` is the whole interface, in a system with officers of its own and in one whose officers sign on elsewhere.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase
from ninja.utils import check_csrf

from daicho.access.actor import Actor, Output, Purpose, Right
from daicho.access.decision import decide, require_output, require_right
from daicho.access.errors import NotAllowed
from daicho.signon import resume, service
from daicho.signon.errors import FormExpired, PasswordExpired, SecondFactorMissing, SessionLocked
from daicho.signon.frames import show_frame
from daicho.signon.models import OfficerSession
from daicho.signon.refusals import note_refusal
from daicho.signon.sessions import actor_of, current_session, lacks_second_factor, password_is_old, proven_lately, touch
from daicho.signon.system import system
from daicho.wire.environment import current

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
SIGNED_ON = "signed-on"

OPEN_ROUTES = {
    "health": "asked by the supervisor; no data",
    "ui-asset": "style sheets and modules; no data",
    "ui-echo-date": "reads a date as typed; no data of the register",
    "ui-register-font": "font; no data",
    "ui-register-block": "font; no data",
    "ui-register-licence": "licence text",
    "sign-on": "this is how one gets in",
    "unlock": "answers the password of a locked session; authenticates by itself",
    "sign-off": "ends whatever session there is",
}
"""Routes without a right that every system has, by URL name, each with its reason. A test fails for any other route without a door."""


class DoorRequest(HttpRequest):
    """A request that passed the door."""

    actor: Actor
    officer_session: OfficerSession
    output: Output | None


def authenticate(request: HttpRequest, *, late_save: bool = False) -> Actor:
    """Who acts in this request.

    Raises SignonRequired, SessionEnded or SessionLocked. Counts as activity unless the page asked by itself
    (header `X-Daicho-Background`, set by pages that refresh themselves). `late_save`: see `door`.
    """
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    env = current()
    session = current_session(env, request, late_save=late_save)
    if system().entered(env, session):
        session = current_session(env, request, late_save=late_save)
    actor = actor_of(env, session)
    if not request.headers.get("X-Daicho-Background"):
        touch(env, session)
    if request.method == "POST" and session.kept_post:
        resume.forget(session)
    passed = cast(DoorRequest, request)
    passed.actor, passed.officer_session = actor, session
    show_frame(request, session)
    return actor


def pass_door(
    request: HttpRequest,
    right: Right,
    purpose: Purpose | None = None,
    *,
    late_save: bool = False,
    output: Output | None = None,
    step_up: bool = False,
) -> Actor:
    """Authenticate, then decide about one right; raises what either raises, or PasswordExpired. A refusal is on record.

    `output`: what the page lets leave the terminal; TerminalCannot where its class does not allow that.
    """
    actor = authenticate(request, late_save=late_save)
    env = current()
    session = cast(DoorRequest, request).officer_session
    if session.provider_token is None and password_is_old(env, session.officer):  # else the provider has seen to it
        raise PasswordExpired
    if session.method == "paper" and lacks_second_factor(session.officer):
        raise SecondFactorMissing
    try:
        if purpose is None:
            require_right(actor, right, on=env.clock.today())
        else:
            decide(actor, right, on=env.clock.today(), purpose=purpose)
        if output is not None:
            pass_output(request, actor, output)
    except NotAllowed as error:
        note_refusal(env, request, actor, error, right)
        raise
    if step_up and not proven_lately(env, request):
        service.lock(env, session)
        raise SessionLocked  # what was sent is kept, and sent again after the password
    return actor


def pass_output(request: HttpRequest, actor: Actor, output: Output) -> None:
    """Let a file or paper leave the terminal, or raise TerminalCannot. Files of a view that did not ask are not sent."""
    require_output(actor, output, on=current().clock.today())
    cast(DoorRequest, request).output = output


View = Callable[Concatenate[DoorRequest, P], R]
Guarded = Callable[Concatenate[HttpRequest, P], R]
"""What Django calls: the request is given by position."""


def door(
    right: Right,
    *,
    purpose: Purpose | None = None,
    late_save: bool = False,
    output: Output | None = None,
    step_up: bool = False,
) -> Callable[[View[P, R]], Guarded[P, R]]:
    """Decorate a view: nobody gets in without the right.

    `purpose`: the fixed purpose of the page, if it has one. A page where the officer chooses the purpose gives
    none; the store's `open_person` and `search` decide again with the purpose chosen.
    `late_save`: for the autosave of a draft, which answers with nothing of the register: it may still arrive in the
    seconds after the lock, so that what was typed just before is not lost.
    `output`: what the page hands out (PDF to print, CSV); the class of the terminal must allow it.
    `step_up`: a sensitive act; where the password was not shown lately the screen locks, and what was sent goes on after it.
    """

    def decorate(view: View[P, R]) -> Guarded[P, R]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
            pass_door(request, right, purpose, late_save=late_save, output=output, step_up=step_up)
            return view(cast(DoorRequest, request), *args, **kwargs)

        return _marked(guarded, view, right)

    return decorate


def signed_on(view: View[P, R]) -> Guarded[P, R]:
    """Decorate a page of the officer's own (settings): a session is needed, no right; open with an old password."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        authenticate(request)
        return view(cast(DoorRequest, request), *args, **kwargs)

    return _marked(guarded, view, SIGNED_ON)


def _marked(guarded: Guarded[P, R], view: View[P, R], mark: Right | str) -> Guarded[P, R]:
    """The guarded view under the view's own name, marked so that the keeper and the route test see its door."""
    update_wrapper(guarded, view)
    vars(guarded)["door"] = mark
    return guarded


class ApiDoor:
    """The door of an API operation: `@router.get(..., auth=ApiDoor(Right.X))`. Cookie session, CSRF token as header."""

    def __init__(self, right: Right, *, purpose: Purpose | None = None, output: Output | None = None) -> None:
        self.right = right
        self.purpose = purpose
        self.output = output

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor, as `request.auth`; raises for everyone else."""
        actor = pass_door(request, self.right, self.purpose, output=self.output)
        if check_csrf(request) is not None:
            raise FormExpired
        return actor


class ClosedDoor:
    """The default of the API: an operation that names no right lets nobody in."""

    def __call__(self, request: HttpRequest) -> Actor:
        """Refuse."""
        raise NotAllowed
