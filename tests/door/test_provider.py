"""The register as a client of its provider: what it believes, what it asks, and what happens while the provider is gone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey

from daicho.signon.models import DirectoryState, Officer, OfficerRole, OfficerSession, Terminal
from daicho.signon.oidc import provider as remembered
from tests.provider import ISSUER, new_key
from tests.signon.desk import Desk, post, session_cookie


@pytest.fixture(autouse=True)
def whole(desk: Desk) -> Iterator[None]:
    """The provider answers again, and says what it said at first."""
    yield
    desk.provider.gone, desk.provider.directory = False, None
    desk.provider.claims.clear()
    desk.provider.tokens.clear()
    remembered.forget()


def text(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def begun(desk: Desk, client: Client, target: str = "/settings") -> dict[str, str]:
    """The browser goes to the provider: what it is sent with."""
    sent = client.get("/sign-on", {"next": target})
    assert sent.status_code == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(sent["Location"]).query).items()}


def granted(desk: Desk, client: Client, officer: str = "clerk1") -> str:
    """Where the provider sends the browser back to."""
    sent = client.get("/sign-on", {"next": "/settings"})
    signon = desk.signons[officer]
    return desk.provider.grant(sent["Location"], officer, signon.password, signon.terminal)


def is_out(client: Client) -> bool:
    """Whether nobody is signed on in this browser."""
    return client.get("/settings").status_code == 303


def test_the_register_asks_for_a_fresh_proof_with_pkce_and_nonce(desk: Desk) -> None:
    first, second = (begun(desk, desk.client()) for _ in range(2))
    assert (first["prompt"], first["response_type"], first["scope"]) == ("login", "code", "openid profile")
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]


def test_signing_on_opens_a_session_under_a_new_key(desk: Desk) -> None:
    client = desk.client()
    client.cookies["daicho_register_session"] = "planted-by-somebody-else-00000000"
    landed = client.get(granted(desk, client))
    assert 'content="0;url=/settings"' in text(landed)
    assert session_cookie(client).value != "planted-by-somebody-else-00000000"
    assert (session_cookie(client)["samesite"], session_cookie(client)["httponly"]) == ("Strict", True)
    assert client.cookies["daicho_register_flow"]["samesite"] == "Lax"
    assert "小林 由美" in text(client.get("/settings"))


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_no_way_to_another_host(desk: Desk, wanted: str) -> None:
    client = desk.client()
    sent = client.get("/sign-on", {"next": wanted})
    signon = desk.signons["clerk1"]
    landed = client.get(desk.provider.grant(sent["Location"], "clerk1", signon.password, signon.terminal))
    assert 'content="0;url=/"' in text(landed)


def test_an_answer_that_this_browser_did_not_ask_for_opens_nothing(desk: Desk) -> None:
    """Login CSRF: the attacker's own code, sent to the victim's browser."""
    back = granted(desk, desk.client())
    victim = desk.client()
    assert victim.get(back).status_code == 401
    begun(desk, victim)
    assert victim.get(back).status_code == 401
    assert is_out(victim)


def test_coming_back_twice_opens_nothing_new(desk: Desk) -> None:
    client = desk.client()
    back = granted(desk, client)
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 401


@pytest.mark.parametrize("query", ["", "code=x", "state=x", "code=&state=", "error=access_denied&state=x"])
def test_a_broken_answer_is_refused_in_words(desk: Desk, query: str) -> None:
    answer = desk.client().get(f"/sign-on/back?{query}")
    assert answer.status_code == 401
    assert "もう一度、最初からサインインしてください" in text(answer)


def test_an_answer_after_a_quarter_of_an_hour_is_too_late(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.client()
    back = granted(desk, client)
    import time

    real = time.time
    monkeypatch.setattr("django.core.signing.time.time", lambda: real() + 901)
    assert client.get(back).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "addressee"},
        {"aud": ["register", "addressee"]},
        {"aud": "register", "azp": "addressee"},
        {"iss": "http://evil.test"},
        {"nonce": "of-another-sign-on"},
        {"nonce": None},
        {"sub": None},
        {"terminal": None},
        {"terminal": "NOWHERE"},
        {"sub": "nobody"},
        {"exp": None},
    ],
    ids=str,
)
def test_a_token_that_does_not_say_the_right_thing_opens_nothing(desk: Desk, claims: dict[str, Any]) -> None:
    client = desk.client()
    back = granted(desk, client)
    desk.provider.claims |= claims
    assert client.get(back).status_code in {401, 403}
    assert is_out(client)


@pytest.mark.parametrize(("seconds", "status"), [(-299, 200), (299, 200), (-301, 401), (421, 401)])
def test_clocks_may_be_five_minutes_apart(desk: Desk, seconds: int, status: int) -> None:
    """The provider's clock is so many seconds behind (or, negative, ahead); a token lives two minutes more."""
    client = desk.client()
    back = granted(desk, client)
    now = int(desk.clock.now().timestamp()) - seconds
    desk.provider.claims |= {"iat": now, "exp": now + 120, "nbf": now}
    assert client.get(back).status_code == status


def test_forged_tokens_open_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = desk.provider.key
    public = own.as_dict(private=False)
    shared = OctKey.import_key(str(public["x"]))
    stranger = new_key()
    forged = {
        "another key under its own name": lambda claims: jwt.encode(
            {"alg": "Ed25519", "kid": stranger.kid}, claims, stranger, algorithms=["Ed25519"]
        ),
        "another key under the known name": lambda claims: jwt.encode(
            {"alg": "Ed25519", "kid": own.kid}, claims, stranger, algorithms=["Ed25519"]
        ),
        "the public key as a shared one": lambda claims: jwt.encode(
            {"alg": "HS256", "kid": own.kid}, claims, shared, algorithms=["HS256"]
        ),
        "unsigned": lambda claims: "eyJhbGciOiJub25lIn0." + jwt.encode(
            {"alg": "Ed25519", "kid": own.kid}, claims, stranger, algorithms=["Ed25519"]
        ).split(".")[1] + ".",
        "no token": lambda claims: "x",
    }  # fmt: skip
    for name, make in forged.items():
        client = desk.client()
        back = granted(desk, client)
        real = desk.provider.id_token

        def fake(grant: dict[str, Any], make: Any = make, real: Any = real) -> str:
            from joserfc import jws

            payload = jws.extract_compact(real(grant).encode()).payload
            import json

            return str(make(json.loads(payload)))

        with monkeypatch.context() as patch:
            patch.setattr(desk.provider, "id_token", fake)
            assert client.get(back).status_code == 401, name
        assert is_out(client), name


def test_a_new_key_of_the_provider_counts_at_once(desk: Desk) -> None:
    desk.sign_on("clerk1")
    desk.provider.key = new_key()
    assert not is_out(desk.sign_on("clerk2"))


def test_the_provider_is_asked_every_ten_seconds_and_ends_the_session(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    desk.provider.end("clerk1")
    desk.clock.advance(seconds=9)
    assert not is_out(client)
    desk.clock.advance(seconds=1)
    assert client.get("/settings")["Location"].endswith("ended=ended")
    session = OfficerSession.objects.get(officer="clerk1")
    assert (session.ended_why, session.unlock_hash) == ("ended-there", "")


def test_signing_off_ends_the_session_at_the_provider_and_five_wrong_unlocks_do_too(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    post(client, "/sign-off", {})
    assert not desk.provider.tokens
    client = desk.sign_on("clerk1")
    post(client, "/lock", {})
    assert desk.provider.tokens
    for _ in range(5):
        post(client, "/unlock", {"password": "wrong"})
    assert not desk.provider.tokens


def test_while_the_provider_is_gone_who_is_signed_on_goes_on_for_four_hours(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    desk.provider.gone = True
    for hour in range(4):
        desk.clock.advance(minutes=59, seconds=59)
        assert client.get("/settings").status_code == 423, hour
        back = post(client, "/unlock", {"password": desk.signons["clerk1"].password, "next": "/settings"})
        assert back["Location"] == "/settings"
        assert client.get("/settings").status_code == 200
    desk.clock.advance(seconds=30)
    assert client.get("/settings")["Location"].endswith("ended=ended")


def test_a_provider_that_does_not_answer_holds_one_page_and_not_everybodys(desk: Desk) -> None:
    first, second = desk.sign_on("clerk1"), desk.sign_on("reviewer1")
    desk.clock.advance(seconds=11)
    desk.provider.gone = True
    assert first.get("/settings").status_code == 200
    desk.provider.gone = False
    desk.provider.asked.clear()
    assert second.get("/settings").status_code == 200
    assert desk.provider.asked == []
    desk.clock.advance(seconds=11)
    assert second.get("/settings").status_code == 200
    assert desk.provider.asked == ["/introspection_endpoint"]


def test_while_the_provider_is_gone_nobody_signs_on_and_the_page_says_so(desk: Desk) -> None:
    desk.provider.gone = True
    page = desk.client().get("/sign-on")
    assert page.status_code == 503
    assert "共通基盤につながらないため、新しくサインインできません" in text(page)
    assert "サインイン済みの画面は、そのまま使えます(最長4時間)" in text(page)


def test_a_provider_that_names_another_issuer_is_not_believed(desk: Desk) -> None:
    from django.test import override_settings

    remembered.forget()
    with override_settings(OIDC_ISSUER="http://other.test"):
        assert desk.client().get("/sign-on").status_code == 401


def everybody(desk: Desk, version: int, **changes: Any) -> dict[str, Any]:
    """The directory as the copy stands, with changes to clerk1."""
    officers = [
        {
            "officer_id": one.officer_id,
            "name": one.name,
            "department": one.department,
            "office": one.office,
            "active": one.active,
            "valid_from": str(one.valid_from),
            "valid_to": None,
            "withdrawn_on": None,
            "roles": [
                {"role": held.role, "since": str(held.since), "until": None, "granted_by": held.granted_by}
                for held in one.roles.all()
            ],
        }
        | (changes if one.officer_id == "clerk1" else {})
        for one in Officer.objects.prefetch_related("roles")
    ]
    terminals = list(Terminal.objects.values("terminal_id", "name", "office", "terminal_class", "active"))
    return {"version": version, "officers": officers, "terminals": terminals}


def test_a_role_given_at_the_provider_counts_within_ten_seconds(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert client.get("/decisions").status_code in {403, 404}
    before = list(OfficerRole.objects.values_list("officer_id", "role"))
    role = {"role": "reviewer", "since": "2026-04-01", "until": None, "granted_by": "admin1"}
    desk.provider.directory = everybody(desk, 5, roles=[role])
    for told in desk.provider.tokens.values():
        told["daicho_directory"] = 5
    desk.clock.advance(seconds=10)
    answer = client.get("/api/v1/session")
    assert answer.json()["roles"] == ["reviewer"]
    assert DirectoryState.objects.get().taken == 5
    assert Officer.objects.get(pk="clerk1").large_text is False
    held = {"role": "clerk", "since": "2020-04-01", "until": None, "granted_by": "console"}
    from daicho.signon.oidc import directory

    directory.take(desk.env, directory.Directory.model_validate(everybody(desk, 6, roles=[held])))
    assert sorted(OfficerRole.objects.values_list("officer_id", "role")) == sorted(before)
    DirectoryState.objects.update(taken=0)


def test_an_officer_no_longer_told_of_is_out(desk: Desk) -> None:
    from daicho.signon.oidc import directory

    client = desk.sign_on("clerk7")
    told = everybody(desk, 7)
    without = told | {"officers": [one for one in told["officers"] if one["officer_id"] != "clerk7"]}
    directory.take(desk.env, directory.Directory.model_validate(without))
    assert client.get("/settings")["Location"].endswith("ended=ended")
    directory.take(desk.env, directory.Directory.model_validate(told | {"version": 6}))
    assert not Officer.objects.get(pk="clerk7").active
    directory.take(desk.env, directory.Directory.model_validate(told | {"version": 8}))
    assert Officer.objects.get(pk="clerk7").active
    DirectoryState.objects.update(taken=0)


def test_a_citys_own_provider_says_in_the_token_what_commons_would_tell(desk: Desk) -> None:
    """Without directory and introspection; the password cannot be checked here, so a locked screen means signing on again."""
    client = desk.client()
    back = granted(desk, client)
    real = desk.provider.post

    def without(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        status, answer = real(url, body, headers)
        return (status, b'{"active": true}') if url.endswith("introspection_endpoint") else (status, answer)

    desk.provider.claims |= {
        "name": "新任 一郎",
        "department": "市民課",
        "office": "市民課",
        "roles": ["clerk"],
        "terminal": "CITY-1",
        "terminal_name": "市民課 20番窓口",
        "terminal_class": "counter",
        "sub": "city-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(desk.provider), "post", lambda self, *args: without(*args))
        assert client.get(back).status_code == 200
        assert client.get("/api/v1/session").json()["roles"] == ["clerk"]
        post(client, "/lock", {})
        assert post(client, "/unlock", {"password": "any"})["Location"].endswith("ended=ended")
    Officer.objects.filter(pk="city-1").update(active=False)


def test_the_cookie_of_one_system_opens_no_other(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    for name in ("daicho_commons_session", "sessionid", "daicho_register_flow"):
        thief = desk.client()
        thief.cookies[name] = session_cookie(client).value
        assert is_out(thief)


def test_the_issuer_in_the_answer_must_be_the_one_asked(desk: Desk) -> None:
    client = desk.client()
    back = granted(desk, client)
    assert client.get(f"{back}&{urlencode({'iss': 'http://evil.test'})}").status_code == 401
    assert client.get(f"{back}&{urlencode({'iss': ISSUER})}").status_code == 200
