"""The door's keeper: a page that names no right is served to nobody."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from daicho.access.errors import NotAllowed
from daicho.signon.answers import answer
from daicho.signon.door import OPEN_ROUTES


class DoorMiddleware:
    """Refuses views without a door that are not on the list of open routes. API operations have their own default.

    A system with further open routes has a middleware of its own with its own `open_routes`.
    """

    open_routes: Mapping[str, str] = OPEN_ROUTES

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Django's middleware protocol."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; a file that named no output does not leave (controls R-USE-15, R-USE-19)."""
        response = self._get_response(request)
        if leaves(response) and getattr(request, "output", None) is None:
            return answer(request, NotAllowed())
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse a view that forgot its door."""
        match = request.resolver_match
        guarded = hasattr(view, "door") or (
            match is not None and is_guarded_elsewhere(match.app_names, match.url_name, self.open_routes)
        )
        return None if guarded else answer(request, NotAllowed())


def leaves(response: HttpResponseBase) -> bool:
    """Whether an answer is a paper or a file to keep, not a page."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return kind in {"application/pdf", "text/csv"} or response.headers.get("Content-Disposition", "").startswith(
        "attachment"
    )


def is_guarded_elsewhere(app_names: Sequence[str], url_name: str | None, open_routes: Mapping[str, str]) -> bool:
    """Whether a route is open on purpose, or an API route, whose operations carry `ApiDoor` or the closed default."""
    return "ninja" in app_names or url_name in open_routes
