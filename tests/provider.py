"""A provider of sign-on for tests of the register: a city's own, which signs what the test says. It answers on the transport.

It is not commons: the tests of commons are in `tests/signon` and `tests/commons`, and both together run in `tests/engine`.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.contrib.auth.hashers import make_password
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from tests.house_database import SettableClock

ISSUER = "http://provider.test"
SECRET = "a-secret-of-thirty-two-characters"
OWN_URL = "http://localhost"


def new_key() -> OKPKey:
    """A signing key with a name of its own."""
    return OKPKey.generate_key("Ed25519", {"kid": secrets.token_hex(4), "alg": "Ed25519"})


@dataclass
class Provider:
    """Gives codes for whom the test names; keeps the sessions that it gave tokens for."""

    clock: SettableClock
    key: OKPKey = field(default_factory=new_key)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    gone: bool = False
    asked: list[str] = field(default_factory=list)
    directory: dict[str, Any] | None = None

    def grant(self, location: str, officer: str, password: str, terminal: str) -> str:
        """The officer shows who they are; where the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["redirect_uri"] == f"{OWN_URL}/sign-on/back"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"officer": officer, "terminal": terminal, "unlock": make_password(password)}
        return f"/sign-on/back?{urlencode({'code': code, 'state': asked['state']})}"

    def id_token(self, grant: dict[str, Any], **changes: Any) -> str:
        """A signed ID token, with what the test wants to be different."""
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "register",
            "sub": grant["officer"],
            "terminal": grant["terminal"],
            "nonce": grant["nonce"],
            "iat": now,
            "exp": now + 120,
        }
        return jwt.encode(
            {"alg": "Ed25519", "kid": self.key.kid}, claims | self.claims | changes, self.key, algorithms=["Ed25519"]
        )

    def end(self, officer: str) -> None:
        """The officer's session ends at the provider."""
        for told in self.tokens.values():
            if told["sub"] == officer:
                told["active"] = False

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Documents of the provider."""
        path = self._path(url)
        if path == "/.well-known/openid-configuration":
            ends = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            more = {name: f"{ISSUER}/{name}" for name in ("introspection_endpoint", "revocation_endpoint")}
            return _json({"issuer": ISSUER, "daicho_directory_endpoint": f"{ISSUER}/directory"} | ends | more)
        if path == "/directory":
            return _json(self.directory or {})
        return _json(dict(KeySet([self.key]).as_dict(private=False)))

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """The back channel."""
        path, form = self._path(url), {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if path == "/token_endpoint":
            grant = self.codes.pop(form["code"], None)
            if grant is None:
                return 400, b'{"error": "invalid_grant"}'
            token = secrets.token_urlsafe(16)
            self.tokens[token] = {
                "active": True,
                "sub": grant["officer"],
                "daicho_directory": self.directory["version"] if self.directory else 0,
                "daicho_unlock": grant["unlock"],
            }
            return _json({"access_token": token, "id_token": self.id_token(grant)})
        if path == "/revocation_endpoint":
            self.tokens.pop(form["token"], None)
            return 200, b""
        return _json(self.tokens.get(form["token"], {"active": False}))

    def _path(self, url: str) -> str:
        if self.gone:
            raise OSError("the provider is gone")
        path = urlsplit(url).path
        self.asked.append(path)
        return path


def _json(value: dict[str, Any]) -> tuple[int, bytes]:
    return 200, json.dumps(value).encode()
