"""Passkeys with user verification, in Chromium with a virtual authenticator; replay, theft and recovery beside them."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, CDPSession, Page, expect

from daicho.signon.administration import reset_officer
from daicho.signon.models import Officer, OfficerSession, Passkey
from daicho.wire.environment import Connection
from tests.live import axe_violations, checked_page, served
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post

pytestmark = pytest.mark.browser
SETTINGS = re.compile(r"^[^?]*/settings$")


@pytest.fixture(scope="module")
def site(module_desk: Desk) -> Iterator[str]:
    """Commons on a real port, which it knows as its own: passkeys are bound to it."""
    with served() as address, override_settings(OWN_URL=address):
        yield address


@pytest.fixture(autouse=True)
def as_before(desk: Desk, module_owner_connection: Connection) -> Iterator[None]:
    """No passkey is left behind; second factors and passwords are those of the demo."""
    kept = list(Officer.objects.filter(pk__in=["clerk1", "clerk2"]))
    yield
    module_owner_connection.execute("DELETE FROM signon.passkey")
    for officer in kept:
        officer.save()


@pytest.fixture
def page(browser: Browser, site: str, desk: Desk) -> Iterator[Page]:
    """A browser of its own."""
    with checked_page(browser, site, expected=("401", "422", "403", "404")) as opened:
        yield opened


def authenticator(page: Page, *, verified: bool = True) -> tuple[CDPSession, str]:
    """A virtual authenticator in this browser; `verified`: the finger is the right one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


def first_step(page: Page, desk: Desk, officer: str, password: str = "") -> None:
    """User ID, password and terminal; on to the second factor."""
    signon = desk.signons[officer]
    page.goto("/sign-on?next=/settings")
    page.fill("#officer", officer)
    page.fill("#password", password or signon.password)
    page.select_option("#terminal", signon.terminal)
    page.locator("button[data-go]").click()


def register(page: Page, desk: Desk, officer: str = "clerk1", password: str = "") -> None:
    """Register the authenticator of this browser on the settings page."""
    page.fill("#f-name", "窓口の指紋")
    page.fill("#f-password", password or desk.signons[officer].password)
    page.get_by_role("button", name="認証器を登録").click()


def registered(page: Page, desk: Desk) -> tuple[CDPSession, str]:
    """Clerk1 signed on by code, registered an authenticator and signed off."""
    made = authenticator(page)
    first_step(page, desk, "clerk1")
    page.fill("#code", desk.code("clerk1"))
    page.keyboard.press("Enter")
    page.wait_for_url(SETTINGS)
    register(page, desk)
    page.wait_for_url("**/settings?changed")
    expect(page.get_by_role("rowheader", name="窓口の指紋")).to_be_visible()
    page.get_by_role("button", name="サインオフ").click()
    page.wait_for_url("**/sign-on?ended=off")
    return made


def test_an_authenticator_is_registered_and_signs_on_by_the_officers_finger(page: Page, desk: Desk) -> None:
    registered(page, desk)
    assert Passkey.objects.get().sign_count >= 1
    first_step(page, desk, "clerk1")
    page.wait_for_url(SETTINGS)
    session = OfficerSession.objects.get(officer="clerk1", ended_at=None)
    assert session.method == "passkey"
    assert Passkey.objects.get().used_at is not None
    assert [one for one in axe_violations(page) if one] == []


def test_without_the_officers_finger_nothing_is_sent(page: Page, desk: Desk) -> None:
    cdp, name = registered(page, desk)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    first_step(page, desk, "clerk1")
    expect(page.get_by_role("alert")).to_contain_text("確認できませんでした")
    assert "/sign-on/code" in page.url
    assert axe_violations(page) == []
    assert not OfficerSession.objects.filter(officer="clerk1", ended_at=None).exists()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": True})
    page.get_by_role("button", name="認証器で確認").click()
    page.wait_for_url(SETTINGS)


def test_an_answer_counts_once_and_for_its_officer_only(page: Page, desk: Desk) -> None:
    registered(page, desk)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/sign-on/code") else None)
    first_step(page, desk, "clerk1")
    page.wait_for_url(SETTINGS)
    [answer] = [parse_qs(body)["answer"][0] for body in sent if "answer=" in body]
    for officer in ("clerk1", "clerk2"):
        client = desk.client()
        assert desk.first_step(client, officer).status_code == 303
        client.get("/sign-on/code")
        assert post(client, "/sign-on/code", {"answer": answer}).status_code == 401
    client = desk.client()
    desk.first_step(client, "clerk1")
    for broken in ("{}", "[]", "x", '{"rawId": 5}', '{"rawId": "AAAA"}'):
        assert post(client, "/sign-on/code", {"answer": broken}).status_code in {401, 429}


def test_a_lost_authenticator_does_not_count_any_more(page: Page, desk: Desk) -> None:
    registered(page, desk)
    first_step(page, desk, "clerk1")
    page.wait_for_url(SETTINGS)
    page.get_by_role("button", name="窓口の指紋を外す").click()
    page.wait_for_url("**/settings?changed")
    assert Passkey.objects.get().ended_at is not None
    page.get_by_role("button", name="サインオフ").click()
    first_step(page, desk, "clerk1")
    expect(page.locator("#code")).to_be_focused()
    expect(page.get_by_role("button", name="認証器で確認")).to_have_count(0)


def test_registering_needs_the_password_again(page: Page, desk: Desk) -> None:
    authenticator(page)
    first_step(page, desk, "clerk1")
    page.fill("#code", desk.code("clerk1"))
    page.keyboard.press("Enter")
    page.wait_for_url(SETTINGS)
    register(page, desk, password="not-the-password")
    expect(page.locator("#f-password-error")).to_contain_text("今のパスワードが違います")
    assert not Passkey.objects.exists()


def test_whoever_may_not_use_codes_registers_with_the_code_on_paper_and_then_by_finger_only(
    page: Page, desk: Desk
) -> None:
    handover = reset_officer(desk.env, "clerk2")
    assert (handover.totp_secret, len(handover.enrolment)) == ("", 19)
    authenticator(page)
    first_step(page, desk, "clerk2", handover.password)
    page.fill("#code", handover.enrolment.upper())
    page.keyboard.press("Enter")
    page.wait_for_url(SETTINGS)
    expect(page.locator("main")).to_contain_text("認証器が登録されていません")
    new = "kusa-no-hana-1872"
    for name, value in (("old_password", handover.password), ("new_password", new), ("new_password_again", new)):
        page.fill(f"#f-{name}", value)
    page.get_by_role("button", name="パスワードを変更").click()
    page.wait_for_url("**/settings?changed")
    assert page.request.get("/officers/unused", headers={"Accept": "application/json"}).json()["code"] == "S021"
    register(page, desk, password=new)
    expect(page.get_by_role("rowheader", name="窓口の指紋")).to_be_visible()
    page.get_by_role("button", name="サインオフ").click()
    page.wait_for_url("**/sign-on?ended=off")
    first_step(page, desk, "clerk2", new)
    page.wait_for_url(SETTINGS)
    client = desk.client()
    assert desk.first_step(client, "clerk2", new).status_code == 303
    assert post(client, "/sign-on/code", {"code": handover.enrolment}).status_code == 401


def test_the_code_on_paper_runs_out(desk: Desk) -> None:
    handover = reset_officer(desk.env, "clerk2")
    desk.clock.advance(days=8)
    client: Any = desk.client()
    assert desk.first_step(client, "clerk2", handover.password).status_code == 303
    assert post(client, "/sign-on/code", {"code": handover.enrolment}).status_code == 401
