"""The ID token: who signed on, said by the provider to this client alone (OpenID Connect Core 1.0, 3.1.3.7)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from daicho.signon.oidc.errors import WordRefused
from daicho.signon.oidc.provider import Client, keys
from daicho.wire.environment import Environment

ALGORITHMS = ("Ed25519", "ES256", "PS256", "RS256")
"""What a provider may sign with. Neither `none` nor anything with a shared key is among them."""
SKEW = timedelta(minutes=5)
"""Clocks of two systems may be so far apart."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the provider says: the officer, the terminal, and the provider's name for the session."""

    officer_id: str
    terminal_id: str
    claims: dict[str, Any]


def read(env: Environment, client: Client, token: str, nonce: str) -> Word:
    """Check an ID token and read it. WordRefused unless signature, issuer, audience, times and nonce all hold."""
    claims = _verified(env, client, token)
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": client.issuer},
        "aud": {"essential": True, "value": client.client_id},
        "nonce": {"essential": True, "value": nonce},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "sub": {"essential": True},
    }
    now, leeway = int(env.clock.now().timestamp()), int(SKEW.total_seconds())
    try:
        jwt.JWTClaimsRegistry(now=now, leeway=leeway, **options).validate(claims)
    except JoseError as error:
        raise WordRefused from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client.client_id) != client.client_id:
        raise WordRefused
    officer_id, terminal_id = claims["sub"], claims.get("terminal")
    if not (isinstance(officer_id, str) and isinstance(terminal_id, str) and nonce):
        raise WordRefused
    return Word(officer_id, terminal_id, claims)


def _verified(env: Environment, client: Client, token: str) -> dict[str, Any]:
    """The claims under a valid signature; an unknown key is looked for once more, since the provider may have a new one."""
    try:
        return _decode(token, keys(env, client.issuer))
    except (InvalidKeyIdError, ValueError):
        pass
    except JoseError as error:
        raise WordRefused from error
    try:
        return _decode(token, keys(env, client.issuer, fresh=True))
    except (JoseError, ValueError) as error:
        raise WordRefused from error


def _decode(token: str, known: KeySet) -> dict[str, Any]:
    return dict(jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims)
