"""Signing on in tests: demo officers on the test's database, one browser (Django client) per officer."""

import json
from dataclasses import dataclass
from http.cookies import Morsel
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client

from daicho.register.signon.codes import code_at
from daicho.register.signon.demo import DemoSignon, ensure_demo_officers
from daicho.wire.environment import Environment
from tests.house_database import SettableClock


@dataclass
class Desk:
    """A test's officers and its clock."""

    env: Environment
    clock: SettableClock
    signons: dict[str, DemoSignon]

    def code(self, officer: str) -> str:
        """The present code of an officer; moves the clock to the next one, since each is accepted once."""
        self.clock.advance(seconds=30)
        return code_at(self.signons[officer].totp_secret, self.clock.now())

    def client(self) -> Client:
        """A browser that checks CSRF as a real one does."""
        return Client(enforce_csrf_checks=True, HTTP_HOST="localhost")

    def first_step(self, client: Client, officer: str, password: str | None = None, **extra: str) -> Any:
        """Send user ID and password as the page does."""
        signon = self.signons.get(officer)
        terminal = signon.terminal if signon else "SHIMIN-01"
        known = signon.password if signon else "nobody-knows-this"
        client.get("/sign-on")
        form = {"officer": officer, "password": known if password is None else password, "terminal": terminal}
        return post(client, "/sign-on", form | extra)

    def sign_on(self, officer: str, client: Client | None = None) -> Client:
        """A browser in which the officer is signed on."""
        client = client or self.client()
        assert self.first_step(client, officer).status_code == 303
        assert post(client, "/sign-on/code", {"code": self.code(officer)}).status_code == 303
        return client


def post(client: Client, path: str, form: dict[str, str], **headers: str) -> Any:
    """Send a form with the browser's CSRF token."""
    if "daicho_register_csrf" not in client.cookies:
        client.get("/sign-on")
    token = client.cookies["daicho_register_csrf"].value
    return client.post(path, form | {"csrfmiddlewaretoken": token}, headers=headers or None)


def post_json(client: Client, path: str, body: object, **headers: str) -> Any:
    """Send JSON to the API."""
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers or None)


def session_cookie(client: Client) -> "Morsel[str]":
    """The cookie of the session as last set."""
    return client.cookies["daicho_register_session"]


def make_desk(env: Environment, clock: SettableClock, folder: Path) -> Desk:
    """Officers and terminals of the demo on the test's database; their password hashes are cheap, for many sign-ons."""
    ScryptPasswordHasher.work_factor = 2**4
    return Desk(env, clock, {signon.officer: signon for signon in ensure_demo_officers(env, folder)})
