"""Every error says what happened, what was kept and what to do; the logs say nothing about people."""

import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from daicho.access.actor import Right
from daicho.access.errors import NotAvailable
from daicho.register import urls
from daicho.register.signon.door import DoorRequest, door
from daicho.signon.answers import as_daicho_error
from tests.signon.desk import Desk, post

CANARY = "花園カナリア"
KINDS: dict[str, type[Exception]] = {
    "value": ValueError,
    "missing": NotAvailable,
    "denied": PermissionDenied,
    "odd": SuspiciousOperation,
    "gone": OperationalError,
    "gone-too": psycopg.OperationalError,
}


@door(Right.HOME)
def fail(request: DoorRequest, kind: str) -> HttpResponse:
    """Raise, with personal data in the message."""
    raise KINDS[kind](CANARY)


class Breaking:
    """A middleware that fails outside any view."""

    def __init__(self, get_response: Any) -> None:
        """Django's middleware protocol."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Fail where the address says so."""
        if "break" in request.GET:
            raise KINDS[request.GET["break"]](CANARY)
        answer: HttpResponse = self._get_response(request)
        return answer


handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [*urls.urlpatterns, path("fail/<slug:kind>", fail, name="fail")]
with_failures = override_settings(ROOT_URLCONF=__name__)


def signed_on(desk: Desk) -> Client:
    """A browser that shows the 500 page as a real one would."""
    client = desk.client()
    client.raise_request_exception = False
    return desk.sign_on("clerk1", client)


@with_failures
@pytest.mark.parametrize(
    ("kind", "status", "code", "words"),
    [
        ("value", 500, "H500", "問題が起きました"),
        ("missing", 404, "A002", "該当する記録を表示できません"),
        ("denied", 403, "A001", "この操作は行えません"),
        ("odd", 400, "H400", "読み取れませんでした"),
        ("gone", 503, "H503", "データベースにつながらない"),
        ("gone-too", 503, "H503", "データベースにつながらない"),
    ],
)
def test_what_a_view_raises_becomes_a_page_a_part_or_json(
    desk: Desk, caplog: pytest.LogCaptureFixture, kind: str, status: int, code: str, words: str
) -> None:
    client = signed_on(desk)
    with caplog.at_level(logging.DEBUG):
        page = client.get(f"/fail/{kind}")
        part = client.get(f"/fail/{kind}", headers={"HX-Request": "true"})
        data = client.get(f"/fail/{kind}", headers={"Accept": "application/json"})
    assert {page.status_code, part.status_code, data.status_code} == {status}
    assert words in page.content.decode()
    assert "<html" in page.content.decode()
    assert f'data-error="{code}"' in part.content.decode()
    assert "<html" not in part.content.decode()
    assert data.json()["code"] == code
    assert data.json()["request_id"] == data["X-Request-Id"]
    assert page["X-Request-Id"] in page.content.decode()
    everything = caplog.text + "".join(answer.content.decode() for answer in (page, part, data))
    assert CANARY not in everything
    assert "Traceback" not in everything
    assert code in caplog.text


@with_failures
@pytest.mark.parametrize(("kind", "status"), [("value", 500), ("gone", 503), ("odd", 400)])
def test_what_fails_outside_a_view_becomes_a_page_too(
    desk: Desk, caplog: pytest.LogCaptureFixture, settings_with_breaking: None, kind: str, status: int
) -> None:
    client = desk.client()
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        page = client.get(f"/sign-on?break={kind}")
    assert page.status_code == status
    assert "連絡番号" in page.content.decode()
    assert CANARY not in caplog.text + page.content.decode()


@pytest.fixture
def settings_with_breaking() -> Any:
    """The register's middleware with one that fails inside it."""
    from django.conf import settings

    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.Breaking"]):
        yield


def test_an_unknown_address(desk: Desk) -> None:
    page = desk.client().get("/nowhere/12345")
    assert page.status_code == 404
    assert "この画面はありません" in page.content.decode()
    assert desk.client().get("/api/v1/nowhere").json()["code"] == "H404"


def test_the_error_page_keeps_the_frame_of_who_is_signed_on(desk: Desk) -> None:
    client = signed_on(desk)
    assert "小林 由美" in client.get("/nowhere").content.decode()
    post(client, "/lock", {})
    assert "小林 由美" not in client.get("/nowhere").content.decode()


def test_a_request_that_is_too_large(desk: Desk) -> None:
    client = signed_on(desk)
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        page = client.post("/settings/display", {"size": "x" * 200})
    assert page.status_code in {403, 413}


def test_wrong_method(desk: Desk) -> None:
    assert signed_on(desk).get("/lock").status_code == 405


def test_pages_are_not_kept_by_the_browser(desk: Desk) -> None:
    client = signed_on(desk)
    for address in ("/settings", "/sign-on", "/nowhere"):
        assert client.get(address)["Cache-Control"] == "no-store", address


def test_the_register_writes_no_names_or_secrets_to_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client = signed_on(desk)
        post(client, "/lock", {})
        post(client, "/unlock", {"password": "wrong-password-typed"})
        client.get(f"/nowhere?name={CANARY}")
    signon = desk.signons["clerk1"]
    for word in (signon.name, signon.password, signon.totp_secret, "wrong-password", "wrong-box", CANARY, "/nowhere"):
        assert word not in caplog.text, word


def test_each_request_has_an_id_of_its_own(desk: Desk) -> None:
    client = desk.client()
    ids = {client.get("/sign-on")["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(one) == 12 and one.isalnum() for one in ids)


@pytest.fixture
def database_gone(desk: Desk) -> Iterator[None]:
    """Nobody answers at the database's address."""
    whole = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    yield
    connection.close()
    connection.settings_dict |= whole


def test_without_a_database_every_page_says_what_is_kept(desk: Desk, request: pytest.FixtureRequest) -> None:
    client = signed_on(desk)
    request.getfixturevalue("database_gone")
    for page in (client.get("/settings"), client.get("/sign-on")):
        assert page.status_code == 503
        assert "データベースにつながらない" in page.content.decode()
        assert "保存済みの下書きは残っています" in page.content.decode()
    data = client.get("/api/v1/session")
    assert (data.status_code, data.json()["code"]) == (503, "H503")


def test_a_connection_that_breaks_is_an_outage_and_then_all_goes_on(desk: Desk) -> None:
    client = signed_on(desk)
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert client.get("/settings").status_code == 503
    close_old_connections()  # what Django does at the start of each request; its test client leaves it out
    assert client.get("/settings").status_code == 200


def test_no_exception_is_without_words() -> None:
    assert as_daicho_error(None).code == "H500"
    assert as_daicho_error(RuntimeError("x")).code == "H500"
