"""The register's API under /api/v1: JSON in and out, the same door and the same words as the pages.

Each operation names its right with `auth=ApiDoor(Right.X)`; one that names none lets nobody in.
"""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from daicho.law.errors import DaichoError
from daicho.register.desk.api import router as desk_router
from daicho.register.paper.api import router as paper_router
from daicho.register.people_api import router as people_router
from daicho.register.signon.api import router as signon_router
from daicho.register.signon.door import ClosedDoor
from daicho.signon.answers import RequestRefused, answer, as_daicho_error

api = NinjaAPI(
    title="Daicho register",
    version="1",
    description="Resident register: cases, persons, certificates. Errors carry code, sentences and request id.",
    urls_namespace="api",
    docs_url=None,
    auth=ClosedDoor(),
)


@api.exception_handler(DaichoError)
def _refused(request: HttpRequest, error: DaichoError) -> HttpResponse:
    return answer(request, error)


@api.exception_handler(ValidationError)
def _not_readable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which field does not fit, never with its value."""
    places = [".".join(str(part) for part in item["loc"][1:]) for item in error.errors]
    return answer(request, RequestRefused(field=places[0] if places else None))


@api.exception_handler(HttpError)
def _bad_request(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(request, RequestRefused())


@api.exception_handler(Exception)
def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, as_daicho_error(error), cause=error)


api.add_router("", signon_router)
api.add_router("", people_router)
api.add_router("/cases", desk_router)
api.add_router("/certificates", paper_router)
