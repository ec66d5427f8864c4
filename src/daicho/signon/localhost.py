"""In the demo the pages live on http://localhost: passkeys need that name, and cookies must not be split over two."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect


class LocalhostMiddleware:
    """Send a browser that came to 127.0.0.1 to localhost; the health check is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Django's middleware protocol."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Redirect or pass on."""
        host, _, port = request.META.get("HTTP_HOST", "").partition(":")
        if host == "127.0.0.1" and not settings.PRODUCTION and request.path != "/health":
            target = f"http://localhost:{port}" if port else "http://localhost"
            return HttpResponseRedirect(target + request.get_full_path(), preserve_request=True)
        return self._get_response(request)
