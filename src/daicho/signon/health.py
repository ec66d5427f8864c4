"""Whether these pages can serve: asked by the supervisor and by a city's own monitoring."""

from django.http import HttpRequest, JsonResponse

from daicho.law.errors import DaichoError
from daicho.wire.environment import current


def health(_request: HttpRequest) -> JsonResponse:
    """`{"state": "ok"}`, or 503 and `{"state": "degraded", "code": ...}` when the database is gone."""
    try:
        with current().database.transaction() as connection:
            connection.execute("SELECT 1")
    except DaichoError as error:
        return JsonResponse({"state": "degraded", "code": error.code}, status=503)
    return JsonResponse({"state": "ok"})
