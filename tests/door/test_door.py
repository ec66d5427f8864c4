"""The one door: no route without it, no right without a role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from ninja import NinjaAPI
from ninja.operation import PathView

from daicho.access.actor import Purpose, Right
from daicho.access.errors import NotAllowed
from daicho.register import urls
from daicho.register.api import api
from daicho.register.signon.door import (
    OPEN_ROUTES,
    ApiDoor,
    ClosedDoor,
    DoorRequest,
    authenticate,
    door,
    pass_door,
    signed_on,
)
from daicho.signon.middleware import is_guarded_elsewhere
from daicho.signon.models import OfficerRole
from tests.signon.desk import Desk, post_json


@door(Right.USER_ADMIN)
def admins(request: DoorRequest) -> HttpResponse:
    """A page for administrators."""
    return HttpResponse(request.actor.officer_id)


@door(Right.NUMBER_REVEAL, purpose=Purpose.REVIEW)
def numbers(request: DoorRequest) -> HttpResponse:
    """A page with a purpose of its own."""
    return HttpResponse(request.actor.officer_id)


@door(Right.PERSON_READ)
def person(request: DoorRequest) -> HttpResponse:
    """A page where the officer chooses the purpose."""
    return HttpResponse(request.actor.officer_id)


def forgotten(request: HttpRequest) -> HttpResponse:
    """A page whose author forgot the door."""
    return HttpResponse("open to everybody")


@door(Right.USER_ADMIN)
def leaking(request: DoorRequest, how: str) -> HttpResponse:
    """A file whose author named no output."""
    kinds = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "file": "application/json"}
    answer = HttpResponse("secret", content_type=kinds[how])
    if how == "file":
        answer["Content-Disposition"] = 'attachment; filename="x.json"'
    return answer


trial = NinjaAPI(urls_namespace="trial", auth=ClosedDoor(), docs_url=None, openapi_url=None)


@trial.exception_handler(NotAllowed)
def _refused(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return HttpResponse(error.code, status=error.status)


@trial.get("/forgotten")
def api_forgotten(request: HttpRequest) -> str:
    """An operation whose author forgot the door."""
    return "open"


handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [
    *urls.urlpatterns,
    path("admins", admins, name="admins"),
    path("numbers", numbers, name="numbers"),
    path("person", person, name="person"),
    path("forgotten", forgotten, name="forgotten"),
    path("leaking/<str:how>", leaking, name="leaking"),
    path("trial/", trial.urls),
]
with_trial_pages = override_settings(ROOT_URLCONF=__name__)


def routes(patterns: list[Any], names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], URLPattern]]:
    """Every route with the names of its applications."""
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from routes(item.url_patterns, (*names, item.app_name) if item.app_name else names)
        else:
            yield names, item


ROUTES = list(routes(get_resolver("daicho.register.urls").url_patterns))


@pytest.mark.parametrize(("names", "route"), ROUTES, ids=[str(route.pattern) for _names, route in ROUTES])
def test_every_route_carries_the_door(names: tuple[str, ...], route: URLPattern) -> None:
    assert hasattr(route.callback, "door") or is_guarded_elsewhere(names, route.name, OPEN_ROUTES), (
        f"{route.pattern} names no right: use @door(Right.X), or list it in OPEN_ROUTES with a reason"
    )


def test_the_list_of_open_routes_names_only_routes_that_exist() -> None:
    assert set(OPEN_ROUTES) <= {route.name for _names, route in ROUTES}
    assert all(OPEN_ROUTES.values())


def operations() -> list[tuple[str, str | None, Any]]:
    """Every operation of the API: its path, the name of its route, itself."""
    found = []
    for prefix, router in api._routers:
        for place, view in router.path_operations.items():
            assert isinstance(view, PathView)
            found += [(f"{','.join(one.methods)} {prefix}{place}", view.url_name, one) for one in view.operations]
    return found


@pytest.mark.parametrize(("place", "name", "operation"), operations(), ids=[place for place, *_ in operations()])
def test_every_operation_of_the_api_carries_the_door(place: str, name: str | None, operation: Any) -> None:
    doors = [auth for auth in operation.auth_callbacks if isinstance(auth, ApiDoor)]
    open_on_purpose = name in OPEN_ROUTES and not operation.auth_callbacks
    assert open_on_purpose or (doors and doors == list(operation.auth_callbacks)), f"{place} names no right"


@with_trial_pages
@pytest.mark.parametrize("page", ["/admins", "/numbers", "/person", "/settings"])
def test_nobody_gets_in_without_signing_on(desk: Desk, page: str) -> None:
    assert desk.client().get(page)["Location"].startswith("/sign-on?")
    htmx = desk.client().get(page, headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (401, f"/sign-on?next=%2F{page[1:]}")
    assert desk.client().get(page, headers={"Accept": "application/json"}).json()["code"] == "S003"


@with_trial_pages
@pytest.mark.parametrize(
    ("officer", "page", "status"),
    [
        ("clerk1", "/admins", 403),
        ("admin1", "/admins", 200),
        ("clerk1", "/numbers", 200),
        ("admin1", "/numbers", 403),
        ("reviewer1", "/person", 200),
        ("admin1", "/person", 403),
    ],
)
def test_a_right_is_needed(desk: Desk, officer: str, page: str, status: int) -> None:
    answer = desk.sign_on(officer).get(page)
    assert answer.status_code == status
    assert (answer.content.decode() == officer) == (status == 200)


@with_trial_pages
def test_a_right_given_or_ended_counts_from_the_next_request(desk: Desk) -> None:
    client = desk.sign_on("admin1")
    held = OfficerRole.objects.get(officer_id="admin1")
    held.delete()
    assert client.get("/admins").status_code == 403
    OfficerRole.objects.create(
        officer_id="admin1", role="administrator", since="2020-04-01", until=None, granted_by="console"
    )
    assert client.get("/admins").status_code == 200


@with_trial_pages
def test_a_page_without_a_door_is_served_to_nobody(desk: Desk) -> None:
    assert desk.client().get("/forgotten").status_code == 403
    assert desk.sign_on("admin1").get("/forgotten").status_code == 403


@with_trial_pages
def test_an_operation_without_a_door_lets_nobody_in(desk: Desk) -> None:
    answer = desk.sign_on("admin1").get("/trial/forgotten")
    assert (answer.status_code, answer.content) == (403, b"A001")


def test_a_view_keeps_its_name() -> None:
    assert (admins.__name__, admins.__doc__) == ("admins", "A page for administrators.")
    assert vars(admins)["door"] is Right.USER_ADMIN
    assert vars(signed_on(forgotten))["door"] == "signed-on"


@with_trial_pages
def test_authenticating_twice_asks_once(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    request = client.get("/person").wsgi_request
    assert authenticate(request) is authenticate(request)
    assert pass_door(request, Right.PERSON_READ).terminal_id == "SHIMIN-03"


def test_the_api_says_who_is_signed_on_and_signs_off_here_and_at_the_provider(desk: Desk) -> None:
    client = desk.client()
    assert client.get("/api/v1/session").json()["code"] == "S003"
    desk.provider.tokens.clear()
    desk.sign_on("clerk1", client)
    answer = client.get("/api/v1/session")
    assert (answer.json()["officer"], answer.json()["roles"]) == ("clerk1", ["clerk"])
    assert post_json(client, "/api/v1/signoff", {}).status_code == 403
    token = answer.json()["csrf_token"]
    assert post_json(client, "/api/v1/signoff", {}, **{"X-CSRFToken": token}).status_code == 204
    assert client.get("/api/v1/session").status_code == 401
    assert not desk.provider.tokens


def test_the_description_of_the_api_is_open(desk: Desk) -> None:
    description = desk.client().get("/api/v1/openapi.json").json()
    assert "/api/v1/session" in description["paths"]
