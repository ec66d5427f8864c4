"""Signing on in tests: demo officers on the test's database, one browser (Django client) per officer.

`Desk` is the register's: officers are in its copy, and a provider of the test says who signs on. `CommonsDesk` is that of a system with
officers of its own: user ID, password and code on its own pages.
"""

import json
from dataclasses import dataclass
from http.cookies import Morsel
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client

from daicho.signon.codes import code_at
from daicho.signon.demo import DemoSignon, ensure_demo_officers
from daicho.signon.models import DirectoryState
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.provider import Provider


@dataclass
class Desk:
    """A test's officers and its clock."""

    env: Environment
    clock: SettableClock
    signons: dict[str, DemoSignon]

    @property
    def provider(self) -> Provider:
        """Where the officers sign on."""
        assert isinstance(self.env.transport, Provider)
        return self.env.transport

    def client(self) -> Client:
        """A browser that checks CSRF as a real one does."""
        return Client(enforce_csrf_checks=True, HTTP_HOST="localhost")

    def sign_on(self, officer: str, client: Client | None = None, *, terminal: str = "", target: str = "/") -> Client:
        """A browser in which the officer is signed on; half a minute goes by, as it does while somebody types a code."""
        client = client or self.client()
        signon = self.signons[officer]
        self.clock.advance(seconds=30)
        sent = client.get("/sign-on", {"next": target})
        back = self.provider.grant(sent["Location"], officer, signon.password, terminal or signon.terminal)
        landed = client.get(back)
        assert landed.status_code == 200, landed.content.decode()
        assert f'content="0;url={target}"' in landed.content.decode()
        return client


class CommonsDesk(Desk):
    """Officers of the system itself, who sign on at its own pages."""

    def code(self, officer: str) -> str:
        """The present code of an officer; moves the clock to the next one, since each is accepted once."""
        self.clock.advance(seconds=30)
        return code_at(self.signons[officer].totp_secret, self.clock.now())

    def first_step(self, client: Client, officer: str, password: str | None = None, **extra: str) -> Any:
        """Send user ID and password as the page does."""
        signon = self.signons.get(officer)
        terminal = signon.terminal if signon else "SHIMIN-01"
        known = signon.password if signon else "nobody-knows-this"
        client.get("/sign-on")
        form = {"officer": officer, "password": known if password is None else password, "terminal": terminal}
        return post(client, "/sign-on", form | extra)

    def sign_on(self, officer: str, client: Client | None = None, *, terminal: str = "", target: str = "/") -> Client:
        """A browser in which the officer is signed on."""
        client = client or self.client()
        chosen = {"terminal": terminal} if terminal else {}
        assert self.first_step(client, officer, next=target, **chosen).status_code == 303
        assert post(client, "/sign-on/code", {"code": self.code(officer), "next": target}).status_code == 303
        return client


def post(client: Client, path: str, form: dict[str, str], **headers: str) -> Any:
    """Send a form with the browser's CSRF token."""
    if settings.CSRF_COOKIE_NAME not in client.cookies:
        client.get("/sign-on" if settings.SYSTEM == "commons" else "/nowhere")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value if settings.CSRF_COOKIE_NAME in client.cookies else ""
    return client.post(path, form | {"csrfmiddlewaretoken": token}, headers=headers or None)


def post_json(client: Client, path: str, body: object, **headers: str) -> Any:
    """Send JSON to the API."""
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers or None)


def session_cookie(client: Client) -> "Morsel[str]":
    """The cookie of the session as last set."""
    return client.cookies[settings.SESSION_COOKIE_NAME]


def make_desk(env: Environment, clock: SettableClock, folder: Path) -> Desk:
    """The demo's officers and terminals in the register's copy; the provider of the test signs them on."""
    ScryptPasswordHasher.work_factor = 2**4
    made = Desk(env, clock, {signon.officer: signon for signon in ensure_demo_officers(env, folder)})
    DirectoryState.objects.update(taken=0)
    return made


def make_commons_desk(env: Environment, clock: SettableClock, folder: Path) -> CommonsDesk:
    """Officers and terminals of the demo; their password hashes are cheap, for many sign-ons."""
    ScryptPasswordHasher.work_factor = 2**4
    return CommonsDesk(env, clock, {signon.officer: signon for signon in ensure_demo_officers(env, folder)})


def as_first(owner: Connection) -> None:
    """Nobody signed on, nothing failed; officers and terminals as the demo makes them."""
    for table in ("officer_session", "used_code", "signon_attempt", "django_session"):
        owner.execute(f"DELETE FROM signon.{table}")
    owner.execute("UPDATE signon.terminal SET address = '', active = true")
    owner.execute(
        "UPDATE signon.officer SET active = true, valid_from = '2020-04-01', valid_to = NULL,"
        " password_changed_on = '2026-04-01', large_text = false"
    )
