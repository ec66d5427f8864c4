"""The provider of sign-on: codes, tokens and keys, as a system gets them and as an attacker does (RFC 6749, 7636, OpenID Connect)."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings

from daicho.commons.provider import signing
from daicho.signon.models import Officer, OfficerSession
from daicho.signon.oidc import flow, partner, provider, tokens
from daicho.signon.oidc.errors import WordRefused
from daicho.wire.environment import Environment
from tests.signon.conftest import OWN_URL
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post

BACK = "http://register.test/sign-on/back"
SECRET = "s" * 40
REGISTER = provider.Client(OWN_URL, "register", SECRET, BACK)


class Direct:
    """The back channel to the pages of this process."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask for a document."""
        answer = self.client.get(urlsplit(url).path, headers=headers)
        return answer.status_code, answer.content

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send a form."""
        answer = self.client.post(
            urlsplit(url).path,
            body,
            content_type="application/x-www-form-urlencoded",
            headers={k: v for k, v in headers.items() if k != "Content-Type"},
        )
        return answer.status_code, answer.content


@dataclass
class System:
    """A system as a client of the provider."""

    env: Environment
    desk: Desk

    def asked(self, begun: flow.Flow, **changes: str) -> dict[str, str]:
        """What it asks for."""
        usual = {
            "response_type": "code",
            "client_id": "register",
            "redirect_uri": BACK,
            "scope": "openid profile",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (usual | changes).items() if value}

    def code(self, begun: flow.Flow, officer: str = "clerk1", **changes: str) -> str:
        """Sign on in a fresh browser; the code that comes back."""
        client = self.desk.client()
        sent = client.get("/oidc/authorize", self.asked(begun, **changes))
        assert sent["Location"].startswith("/sign-on?next=%2Foidc%2Fauthorize")
        target = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
        self.desk.sign_on(officer, client, target=target)
        return code_in(client.get(target))

    def exchange(self, given: str, begun: flow.Flow, client: provider.Client = REGISTER, /, **changes: str) -> Any:
        """What the token endpoint says."""
        fields = {
            "grant_type": "authorization_code",
            "code": given,
            "redirect_uri": BACK,
            "code_verifier": begun.verifier,
        }
        return provider.ask(self.env, client, "token_endpoint", fields | changes)

    def begin(self) -> flow.Flow:
        """A fresh way there."""
        return flow.begin(self.env, "/")

    def introspect(self, token: str, client: provider.Client = REGISTER) -> Any:
        """Does the session go on?"""
        return provider.ask(self.env, client, "introspection_endpoint", {"token": token})


def code_in(answer: Any) -> str:
    """The code in a redirect back to the register."""
    assert answer.status_code == 302, answer.content.decode()
    place = urlsplit(answer["Location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == BACK
    return str(parse_qs(place.query)["code"][0])


@pytest.fixture
def system(desk: Desk, tmp_path: Path) -> Iterator[System]:
    """The register and another system are known to the provider."""
    for name, secret in (("register", SECRET), ("addressee", "t" * 40)):
        (tmp_path / name).write_text(secret, encoding="ascii")
    clients = {"register": "http://register.test", "addressee": "http://addressee.test"}
    provider.forget()
    with override_settings(OIDC_CLIENTS=clients, OIDC_SECRETS=tmp_path):
        yield System(replace(desk.env, transport=Direct()), desk)
    provider.forget()


def test_a_system_learns_who_signed_on_at_which_terminal(system: System) -> None:
    begun = system.begin()
    given = system.exchange(system.code(begun), begun)
    word = tokens.read(system.env, REGISTER, given["id_token"], begun.nonce)
    assert (word.officer_id, word.terminal_id) == ("clerk1", "SHIMIN-03")
    assert (word.claims["roles"], word.claims["office"]) == (["clerk"], "市民課")
    told = system.introspect(given["access_token"])
    assert (told["active"], told["sub"], told["sid"]) == (True, "clerk1", word.claims["sid"])
    assert "daicho_unlock" not in word.claims


def test_an_open_session_gives_no_code_without_the_password(system: System) -> None:
    """Else the lock of one system would be walked round by way of the other."""
    begun = system.begin()
    client = system.desk.sign_on("clerk1")
    code_in(client.get("/oidc/authorize", system.asked(begun)))
    assert client.get("/settings").status_code == 423
    page = client.get("/oidc/authorize", system.asked(begun))
    assert (page.status_code, "画面をロックしました" in page.content.decode()) == (423, True)
    target = page.wsgi_request.get_full_path()
    back = post(client, "/unlock", {"password": system.desk.signons["clerk1"].password, "next": target})
    assert back["Location"] == target
    assert code_in(client.get(target))
    assert client.get("/oidc/authorize", system.asked(begun)).status_code == 423


def test_signing_on_long_ago_is_no_proof(system: System) -> None:
    client = system.desk.sign_on("clerk1")
    system.desk.clock.advance(minutes=2, seconds=1)
    assert client.get("/oidc/authorize", system.asked(system.begin())).status_code == 423


def test_a_code_counts_once_and_a_second_use_takes_back_what_was_given(system: System) -> None:
    begun = system.begin()
    code = system.code(begun)
    given = system.exchange(code, begun)
    with pytest.raises(WordRefused):
        system.exchange(code, begun)
    assert system.introspect(given["access_token"]) == {"active": False}


def test_a_code_is_for_one_minute(system: System) -> None:
    begun = system.begin()
    code = system.code(begun)
    system.desk.clock.advance(seconds=61)
    with pytest.raises(WordRefused):
        system.exchange(code, begun)


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": "http://register.test/other"}, {"code_verifier": "x" * 43}, {"code_verifier": ""}, {"code": "x"}],
)
def test_a_code_is_given_out_only_as_it_was_asked_for(system: System, changes: dict[str, str]) -> None:
    begun = system.begin()
    code = system.code(begun)
    with pytest.raises(WordRefused):
        system.exchange(code, begun, **changes)


@pytest.mark.parametrize(
    "client",
    [
        replace(REGISTER, secret="wrong"),
        replace(REGISTER, secret=""),
        replace(REGISTER, client_id="nobody"),
        replace(REGISTER, client_id="addressee", secret="t" * 40),
    ],
    ids=["wrong secret", "no secret", "unknown", "another system"],
)
def test_another_system_gets_nothing_for_a_stolen_code(system: System, client: provider.Client) -> None:
    begun = system.begin()
    code = system.code(begun)
    with pytest.raises(WordRefused):
        system.exchange(code, begun, client)


def test_a_system_asks_about_its_own_tokens_only_and_ends_only_its_own(system: System) -> None:
    begun = system.begin()
    given = system.exchange(system.code(begun), begun)
    other = replace(REGISTER, client_id="addressee", secret="t" * 40)
    assert system.introspect(given["access_token"], other) == {"active": False}
    provider.ask(system.env, other, "revocation_endpoint", {"token": given["access_token"]})
    assert system.introspect(given["access_token"])["active"] is True
    provider.ask(system.env, REGISTER, "revocation_endpoint", {"token": given["access_token"]})
    assert system.introspect(given["access_token"]) == {"active": False}
    assert OfficerSession.objects.get(officer="clerk1").ended_at is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://evil.test/sign-on/back"},
        {"redirect_uri": "http://register.test/sign-on/back@evil.test"},
        {"redirect_uri": "http://register.test.evil.test/sign-on/back"},
        {"client_id": "nobody"},
        {"client_id": ""},
    ],
)
def test_nobody_is_sent_to_another_address(system: System, changes: dict[str, str]) -> None:
    client = system.desk.sign_on("clerk1")
    answer = client.get("/oidc/authorize", system.asked(system.begin(), **changes))
    assert (answer.status_code, "Location" in answer) == (400, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"nonce": ""},
        {"nonce": "short"},
        {"response_type": "token"},
        {"response_type": "code id_token"},
        {"scope": "profile"},
        {"prompt": "none"},
    ],
    ids=str,
)
def test_weaker_ways_are_refused_back_at_the_system(system: System, changes: dict[str, str]) -> None:
    client = system.desk.client()
    answer = client.get("/oidc/authorize", system.asked(system.begin(), **changes))
    assert answer.status_code == 302
    place = urlsplit(answer["Location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == BACK
    assert "error" in parse_qs(place.query)
    assert "code" not in parse_qs(place.query)


def test_with_an_old_password_the_code_comes_after_the_new_one(system: System) -> None:
    begun = system.begin()
    Officer.objects.filter(pk="clerk5").update(password_changed_on="2025-12-01")
    client = system.desk.client()
    target = f"/oidc/authorize?{client.get('/oidc/authorize', system.asked(begun)).wsgi_request.GET.urlencode()}"
    system.desk.sign_on("clerk5", client, target=target)
    assert client.get(target)["Location"] == "/settings"
    kept = Officer.objects.get(pk="clerk5")
    new = "kusa-no-hana-1872"
    form = {
        "old_password": system.desk.signons["clerk5"].password,
        "new_password": new,
        "new_password_again": new,
    }
    assert post(client, "/settings/password", form)["Location"] == target
    assert code_in(client.get(target))
    kept.save()


def test_a_new_key_signs_at_once_and_the_one_before_still_counts(system: System) -> None:
    begun, other = system.begin(), system.begin()
    before = system.exchange(system.code(begun), begun)["id_token"]
    assert tokens.read(system.env, REGISTER, before, begun.nonce)
    keys = Rotated(system.env.keys, newest=2)
    late = replace(system.env, keys=keys)
    first = [key["kid"] for key in signing.published(late)["keys"]]
    assert first == ["oidc.2", "oidc.1"]
    claims = json.loads(_payload(before)) | {"nonce": other.nonce}
    rotated = signing.sign(late, claims)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("daicho.commons.provider.views.current", lambda: late)
        assert tokens.read(system.env, REGISTER, rotated, other.nonce).officer_id == "clerk1"
        assert tokens.read(system.env, REGISTER, before, begun.nonce)
        gone = signing.sign(replace(system.env, keys=Rotated(system.env.keys, newest=9)), claims)
        with pytest.raises(WordRefused):
            tokens.read(system.env, REGISTER, gone, other.nonce)


@dataclass
class Rotated:
    """The key store with more versions of every key."""

    keys: Any
    newest_: int = 1

    def __init__(self, keys: Any, newest: int) -> None:
        self.keys, self.newest_ = keys, newest

    def newest(self, name: str) -> int:
        """The newest."""
        return self.newest_

    def key(self, name: str, version: int) -> bytes:
        """One that differs by version."""
        return self.keys.key(name, 1) if version == 1 else bytes([version]) * 32


def _payload(token: str) -> bytes:
    from base64 import urlsafe_b64decode

    part = token.split(".")[1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_directory_is_for_systems_and_holds_no_secret(system: System) -> None:
    url = f"{OWN_URL}/oidc/directory"
    told = provider.fetch(system.env, REGISTER, url)
    assert {one["officer_id"] for one in told["officers"]} == set(system.desk.signons)
    text = json.dumps(told)
    assert "scrypt" not in text
    assert "password" not in text
    for headers in ({}, {"Authorization": "Basic " + b64encode(b"register:wrong").decode()}):
        assert system.env.transport.get(url, headers)[0] == 401


def test_a_change_counts_up_the_state_of_the_directory(system: System) -> None:
    begun = system.begin()
    given = system.exchange(system.code(begun), begun)
    before = system.introspect(given["access_token"])["daicho_directory"]
    assert system.introspect(given["access_token"])["daicho_directory"] == before
    Officer.objects.filter(pk="clerk2").update(name="関根 健二")
    assert system.introspect(given["access_token"])["daicho_directory"] == before + 1
    Officer.objects.filter(pk="clerk2").update(name="関根 健一")


def test_a_suspended_officer_and_a_second_sign_on_end_the_session_for_the_system(system: System) -> None:
    begun, again = system.begin(), system.begin()
    first = system.exchange(system.code(begun), begun)["access_token"]
    second = system.exchange(system.code(again), again)["access_token"]
    assert system.introspect(first) == {"active": False}
    Officer.objects.filter(pk="clerk1").update(active=False)
    assert system.introspect(second) == {"active": False}


def test_a_locked_screen_here_ends_nothing_there(system: System) -> None:
    begun = system.begin()
    token = system.exchange(system.code(begun), begun)["access_token"]
    system.desk.clock.advance(hours=3)
    assert system.introspect(token)["active"] is True
    system.desk.clock.advance(hours=9)
    assert system.introspect(token) == {"active": False}


def test_a_cookie_of_another_system_is_not_looked_at(system: System) -> None:
    client = system.desk.sign_on("clerk1")
    thief = system.desk.client()
    thief.cookies["daicho_register_session"] = client.cookies["daicho_commons_session"].value
    assert thief.get("/settings").status_code == 303


def test_a_session_of_its_own_is_never_asked_about(system: System) -> None:
    system.desk.sign_on("clerk1")
    session = OfficerSession.objects.get(officer="clerk1", ended_at=None)
    assert partner.entered(system.env, session) is False
