"""The lock: by key and by idle time, decided by the server; nothing typed is lost."""

from typing import Any

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import path

from daicho.access.actor import Right
from daicho.commons import urls
from daicho.register.signon.door import DoorRequest, door
from daicho.signon.models import OfficerSession
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post


@door(Right.HOME)
def echo(request: DoorRequest) -> HttpResponse:
    """A page with a form: says what it was sent."""
    return JsonResponse({"method": request.method, "fields": list(request.POST.lists())})


@door(Right.CASE_ENTER, late_save=True)
def autosave(request: DoorRequest) -> HttpResponse:
    """A draft that saves itself."""
    return JsonResponse({"saved": request.POST.get("name")})


handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
urlpatterns = [*urls.urlpatterns, path("echo", echo, name="echo"), path("autosave", autosave, name="autosave")]
with_echo = override_settings(ROOT_URLCONF=__name__)


def text(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def test_the_key_locks_at_once(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert post(client, "/lock", {"next": "/settings"})["Location"] == "/settings"
    page = client.get("/settings")
    assert page.status_code == 423
    assert "画面をロックしました" in text(page)
    assert "今のパスワード" not in text(page)


def test_a_script_hears_of_the_lock_in_json(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert post(client, "/lock", {}, **{"X-Requested-With": "fetch"}).json() == {"locked": True}


def test_five_minutes_without_activity_lock(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    desk.clock.advance(minutes=4, seconds=59)
    assert client.get("/settings").status_code == 200
    desk.clock.advance(minutes=4, seconds=59)
    assert client.get("/settings").status_code == 200
    desk.clock.advance(minutes=5)
    assert client.get("/settings").status_code == 423
    session = OfficerSession.objects.get(officer="clerk1")
    assert session.locked_at == desk.clock.now()


def test_the_lock_is_dated_when_the_idle_time_was_over(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    seen = desk.clock.now()
    desk.clock.advance(hours=2)
    client.get("/settings")
    session = OfficerSession.objects.get(officer="clerk1")
    assert session.locked_at is not None
    assert (session.locked_at - seen).total_seconds() == 300


def test_pages_that_refresh_themselves_do_not_keep_a_session_open(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    for _ in range(4):
        desk.clock.advance(minutes=1)
        assert client.get("/settings", headers={"X-Daicho-Background": "1"}).status_code == 200
    desk.clock.advance(minutes=1)
    assert client.get("/settings", headers={"X-Daicho-Background": "1"}).status_code == 423


def test_somebody_who_types_keeps_it_open(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    for _ in range(3):
        desk.clock.advance(minutes=4)
        assert post(client, "/alive", {}, **{"X-Requested-With": "fetch"}).status_code == 204
    assert client.get("/settings").status_code == 200


@pytest.mark.parametrize(
    ("path", "headers", "kind"),
    [
        ("/settings", {}, "text/html"),
        ("/settings", {"HX-Request": "true"}, "text/html"),
        ("/settings", {"X-Requested-With": "fetch"}, "application/json"),
    ],
)
def test_every_answer_of_a_locked_session_is_423(desk: Desk, path: str, headers: dict[str, str], kind: str) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    answer = client.get(path, headers=headers)
    assert answer.status_code == 423
    assert answer["Content-Type"].startswith(kind)
    if kind == "application/json":
        assert answer.json()["code"] == "S006"
    if "HX-Request" in headers:
        assert answer["HX-Refresh"] == "true"
        assert answer.content == b""


def test_unlocking_leads_back_to_the_same_page(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    key = client.cookies["daicho_commons_session"].value
    post(client, "/lock", {})
    page = text(client.get("/settings?changed"))
    assert 'name="next" value="/settings?changed"' in page
    back = post(client, "/unlock", {"password": desk.signons["clerk1"].password, "next": "/settings?changed"})
    assert (back.status_code, back["Location"]) == (303, "/settings?changed")
    assert client.get("/settings?changed").status_code == 200
    assert client.cookies["daicho_commons_session"].value == key


def test_unlocking_leads_to_no_other_host(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    back = post(client, "/unlock", {"password": desk.signons["clerk1"].password, "next": "//evil.example/"})
    assert back["Location"] == "/"


def test_a_wrong_password_keeps_the_lock_and_says_how_many_tries_are_left(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    page = post(client, "/unlock", {"password": "wrong", "next": "/settings"})
    assert page.status_code == 422
    assert "あと4回" in text(page)
    assert 'name="next" value="/settings"' in text(page)
    assert client.get("/settings").status_code == 423


def test_five_wrong_passwords_end_the_session_and_lock_the_officer_out(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    for _ in range(4):
        assert post(client, "/unlock", {"password": "wrong"}).status_code == 422
    assert post(client, "/unlock", {"password": "wrong"})["Location"] == "/sign-on?next=%2F&ended=ended"
    assert client.get("/settings").status_code == 303
    assert desk.first_step(desk.client(), "clerk1").status_code == 429


def test_failures_at_the_sign_on_page_lock_the_unlocking_too(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    for _ in range(5):
        desk.first_step(desk.client(), "clerk1", "wrong")
    assert post(client, "/unlock", {"password": desk.signons["clerk1"].password})["Location"].endswith("ended=ended")


def test_another_officer_can_take_over_a_locked_terminal(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    assert post(client, "/sign-off", {})["Location"] == "/sign-on?ended=off"
    desk.sign_on("clerk2", client)
    assert "関根 健一" in text(client.get("/settings"))


def test_unlocking_without_a_session_leads_to_sign_on(desk: Desk) -> None:
    client = desk.client()
    assert post(client, "/unlock", {"password": "x"})["Location"] == "/sign-on?next=%2F"


def test_a_session_past_its_age_is_not_unlocked(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    desk.clock.advance(hours=12)
    assert post(client, "/unlock", {"password": desk.signons["clerk1"].password})["Location"].endswith("ended=ended")


@with_echo
def test_a_form_sent_into_the_lock_is_given_back(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    desk.clock.advance(minutes=6)
    sent = {"name": "髙\U000e0100橋 <花子>", "note": ""}
    assert post(client, "/echo?case=7", sent).status_code == 423
    assert client.get("/settings").status_code == 423
    back = post(client, "/unlock", {"password": desk.signons["clerk1"].password, "next": "/"})
    assert back["Location"] == "/resume"
    page = text(client.get("/resume"))
    assert 'action="/echo?case=7"' in page
    assert "髙\U000e0100橋 &lt;花子&gt;" in page
    assert text(client.get("/resume")) != ""
    again = post(client, "/echo?case=7", sent).json()
    assert dict(again["fields"])["name"] == [sent["name"]]
    assert client.get("/resume")["Location"] == "/"


@with_echo
def test_a_kept_form_can_be_dropped(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    post(client, "/echo", {"name": "値"})
    post(client, "/unlock", {"password": desk.signons["clerk1"].password})
    assert post(client, "/resume", {})["Location"] == "/"
    assert client.get("/resume")["Location"] == "/"


@with_echo
def test_a_kept_form_is_unreadable_at_rest_and_goes_with_the_session(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    post(client, "/echo", {"name": "canary-of-the-form"})
    kept = OfficerSession.objects.get(officer="clerk1").kept_post
    assert kept is not None
    assert b"canary" not in bytes(kept)
    post(client, "/sign-off", {})
    assert OfficerSession.objects.get(officer="clerk1").kept_post is None


@with_echo
@pytest.mark.parametrize("seconds", [0, 15])
def test_a_draft_on_its_way_still_arrives_after_the_lock(desk: Desk, seconds: int) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    desk.clock.advance(seconds=seconds)
    assert post(client, "/autosave", {"name": "値"}).json() == {"saved": "値"}
    assert client.get("/settings").status_code == 423


@with_echo
def test_a_draft_long_after_the_lock_does_not(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    desk.clock.advance(seconds=16)
    assert post(client, "/autosave", {"name": "値"}).status_code == 423
