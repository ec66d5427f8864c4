"""One id for everything that is done within a request: trail, logs, the number an officer reads out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from daicho.trail.request import request_id
from daicho.wire.environment import current


class RequestIdMiddleware:
    """Outermost: gives the request an id of 12 hexadecimal digits and says it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Django's middleware protocol."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the id for the time of the request."""
        token = request_id.set(current().random.token(6).hex())
        try:
            response = self._get_response(request)
            response["X-Request-Id"] = request_id.get()
        finally:
            request_id.reset(token)
        return response
