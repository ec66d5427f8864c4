"""Every error becomes an answer that says what happened, what was kept and what to do (S28; design, section 10).

Pages get the error page, parts asked for by htmx get a note, scripts and the API get JSON. Logs get the code, the
request id, the route and, for what nobody foresaw, the places in the code: never a message, a value or an address.
"""

import logging
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

import psycopg
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from daicho.access.actor import Actor
from daicho.access.errors import NotAllowed, SameOfficer
from daicho.law.errors import DaichoError
from daicho.signon import resume
from daicho.signon.errors import FormExpired, SessionEnded, SessionLocked, SessionReplaced, SignonRequired
from daicho.signon.frames import show_frame
from daicho.signon.refusals import note_refusal
from daicho.signon.session_views import locked_page, wants_json
from daicho.signon.sessions import any_session
from daicho.signon.targets import page_of
from daicho.trail.request import request_id
from daicho.wire.environment import current

log = logging.getLogger("daicho.pages")


class PageNotFound(DaichoError):
    """No page has this address."""

    code: ClassVar[str] = "H404"
    status: ClassVar[int] = 404
    happened: ClassVar[str] = "この画面はありません。"
    todo: ClassVar[str] = "アドレスを確かめるか、ホームから選んでください。"


class RequestRefused(DaichoError):
    """The request is not in a form that can be read."""

    code: ClassVar[str] = "H400"
    status: ClassVar[int] = 400
    happened: ClassVar[str] = "送られた内容を読み取れませんでした。"
    todo: ClassVar[str] = "画面を開き直して、もう一度行ってください。"


class RequestTooLarge(DaichoError):
    """The request is larger than any form or file of ours."""

    code: ClassVar[str] = "H413"
    status: ClassVar[int] = 413
    happened: ClassVar[str] = "送られた内容が大きすぎます。"
    todo: ClassVar[str] = "内容を分けて、もう一度行ってください。"


class Unforeseen(DaichoError):
    """Something nobody foresaw; the log knows where, the officer gets a number to tell."""

    code: ClassVar[str] = "H500"
    status: ClassVar[int] = 500
    happened: ClassVar[str] = "処理の途中で問題が起きました。"
    kept: ClassVar[str] = "登録の途中だった内容は、まったく登録されていません。保存済みの下書きは残っています。"
    todo: ClassVar[str] = "もう一度行っても同じときは、連絡番号を管理者に知らせてください。"


class DatabaseGone(DaichoError):
    """The database cannot be reached."""

    code: ClassVar[str] = "H503"
    status: ClassVar[int] = 503
    happened: ClassVar[str] = "データベースにつながらないため、今は処理できません。"
    kept: ClassVar[str] = "登録は変わっていません。保存済みの下書きは残っています。"
    todo: ClassVar[str] = "しばらく待って、もう一度行ってください。続くときは連絡番号を管理者に知らせてください。"


class ErrorMiddleware:
    """Turns what a view raises into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Django's middleware protocol."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        """Answer for an exception of the view."""
        return answer(request, as_daicho_error(exception), cause=exception)


def as_daicho_error(exception: BaseException | None) -> DaichoError:
    """The error with our words for any exception."""
    if isinstance(exception, DaichoError):
        return exception
    if isinstance(exception, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError):
        return DatabaseGone()
    for kind, ours in _OURS:
        if isinstance(exception, kind):
            return ours()
    return Unforeseen()


_OURS: tuple[tuple[type[Exception], type[DaichoError]], ...] = (
    (Http404, PageNotFound),
    (PermissionDenied, NotAllowed),
    (RequestDataTooBig, RequestTooLarge),
    (SuspiciousOperation, RequestRefused),
)


def answer(request: HttpRequest, error: DaichoError, cause: BaseException | None = None) -> HttpResponse:
    """The answer for an error, in the form the asker can use; logged by code only."""
    _log(request, error, cause)
    actor = getattr(request, "actor", None)
    if isinstance(error, NotAllowed | SameOfficer) and isinstance(actor, Actor):
        note_refusal(current(), request, actor, error, None)  # decided behind the door: a purpose, the own case
    if is_api(request):
        return JsonResponse(as_json(error), status=error.status)
    if isinstance(error, SessionLocked):
        return _locked(request)
    if isinstance(error, SignonRequired | SessionEnded):
        return _to_sign_on(request, error)
    if request.headers.get("HX-Request"):
        return render(request, "screens/error_part.html", _words(error), status=error.status)
    _frame_of_who_is_signed_on(request, error)
    return render(request, "screens/error.html", _words(error), status=error.status)


def _frame_of_who_is_signed_on(request: HttpRequest, error: DaichoError) -> None:
    """Where no view was reached there is no frame yet; without a database there will be none."""
    if hasattr(request, "frame") or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    session = any_session(request) if hasattr(request, "session") else None
    if session is not None and session.ended_at is None and session.locked_at is None:
        show_frame(request, session)


def is_api(request: HttpRequest) -> bool:
    """Whether a script asks: the API, or a page's own fetch."""
    return request.path.startswith("/api/") or wants_json(request)


def as_json(error: DaichoError) -> dict[str, Any]:
    """The error as the API gives it: code, the three sentences, the field concerned, the request id."""
    happened, kept, todo = error.sentences
    return {
        "code": error.code,
        "happened": happened,
        "kept": kept,
        "todo": todo,
        "field": error.field,
        "request_id": request_id.get(),
        **({"fields": fields} if (fields := getattr(error, "fields", None)) else {}),
    }


def _words(error: DaichoError) -> dict[str, Any]:
    happened, kept, todo = error.sentences
    return {
        "error": error,
        "happened": happened,
        "kept": kept,
        "todo": todo,
        "number": request_id.get(),
        "is_outage": error.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    }


def _locked(request: HttpRequest) -> HttpResponse:
    session = any_session(request)
    if session is None:
        return _to_sign_on(request, SignonRequired())
    resume.keep(current(), session, request)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=SessionLocked.status, headers={"HX-Refresh": "true"})
    return locked_page(request, session, page_of(request), None)


def _to_sign_on(request: HttpRequest, error: DaichoError) -> HttpResponse:
    why = {"ended": "replaced" if isinstance(error, SessionReplaced) else "ended"}
    asked = {"next": page_of(request)} | (why if isinstance(error, SessionEnded) else {})
    target = f"{reverse('sign-on')}?{urlencode(asked)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=error.status, headers={"HX-Redirect": target})
    response = HttpResponseRedirect(target)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _log(request: HttpRequest, error: DaichoError, cause: BaseException | None) -> None:
    match = request.resolver_match
    route = match.view_name if match is not None else "-"
    level = logging.ERROR if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO
    log.log(level, "refused code=%s status=%d route=%s request=%s", error.code, error.status, route, request_id.get())
    if isinstance(error, Unforeseen) and cause is not None:
        log.error("unforeseen %s request=%s at %s", type(cause).__name__, request_id.get(), _places(cause))


def _places(cause: BaseException) -> str:
    """Where it went wrong: files and lines, innermost last; no messages, no values."""
    frames = traceback.extract_tb(cause.__traceback__)
    return " > ".join(f"{frame.filename.rpartition('/src/')[2]}:{frame.lineno}" for frame in frames[-8:])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: no such address."""
    return answer(request, PageNotFound())


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, NotAllowed())


def not_readable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return answer(request, as_daicho_error(exception))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what went wrong outside a view (in a middleware, when saving the session)."""
    cause = sys.exception()
    return answer(request, as_daicho_error(cause), cause=cause)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    return answer(request, FormExpired())
