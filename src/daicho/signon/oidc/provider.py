"""The provider as its client sees it: what it says of itself, its keys, its back channel (OpenID Connect Discovery 1.0, RFC 6749)."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from daicho.signon.oidc.errors import ProviderGone, WordRefused
from daicho.wire.environment import Environment

DISCOVERY = "/.well-known/openid-configuration"
FORM = "application/x-www-form-urlencoded"
KEYS_KEPT = timedelta(minutes=10)
SILENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Client:
    """Who this system is for its provider: settings, so that a city's own provider can take the place of commons."""

    issuer: str
    client_id: str
    secret: str
    back_url: str

    @classmethod
    def of_settings(cls) -> "Client":
        """The client that the settings name."""
        return cls(
            settings.OIDC_ISSUER,
            settings.OIDC_CLIENT_ID,
            settings.OIDC_CLIENT_SECRET,
            f"{settings.OWN_URL}/sign-on/back",
        )


@dataclass(slots=True)
class _Kept:
    """What was read of a provider last."""

    metadata: dict[str, Any]
    keys: KeySet | None = None
    keys_at: datetime | None = None


_kept: dict[str, _Kept] = {}
_silent: dict[str, datetime] = {}


def metadata(env: Environment, issuer: str, *, fresh: bool = False) -> dict[str, Any]:
    """The provider's description of itself. ProviderGone when it does not answer, WordRefused when it names another issuer."""
    known = _kept.get(issuer)
    if known is not None and not fresh:
        return known.metadata
    found = _document(env, issuer + DISCOVERY)
    if found.get("issuer") != issuer:
        raise WordRefused
    if known is None:
        _kept[issuer] = _Kept(found)
    else:
        known.metadata = found
    return found


def keys(env: Environment, issuer: str, *, fresh: bool = False) -> KeySet:
    """The public keys that the provider signs with now; read anew after ten minutes, or at once with `fresh` (a new key)."""
    described = metadata(env, issuer)
    kept = _kept[issuer]
    is_old = kept.keys_at is None or abs(env.clock.now() - kept.keys_at) >= KEYS_KEPT
    if kept.keys is None or fresh or is_old:
        try:
            kept.keys = KeySet.import_key_set(_document(env, str(described["jwks_uri"])))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise WordRefused from error
        kept.keys_at = env.clock.now()
    return kept.keys


def forget() -> None:
    """Read everything anew at the next call (tests)."""
    _kept.clear()
    _silent.clear()


def is_silent(env: Environment, issuer: str) -> bool:
    """Whether the provider did not answer this process just now.

    One that hangs would hold a page for seconds; it may do so for one officer's page, not for everybody's.
    """
    since = _silent.get(issuer)
    return since is not None and timedelta(0) <= env.clock.now() - since < SILENCE


def note_silence(env: Environment, issuer: str) -> None:
    """It did not answer: for a moment nobody's session is asked about."""
    _silent[issuer] = env.clock.now()


def ask(env: Environment, client: Client, endpoint: str, fields: dict[str, str]) -> dict[str, Any] | None:
    """Post a form to an endpoint of the provider as this client; None when the provider has no such endpoint.

    Raises ProviderGone when it does not answer, WordRefused when it refuses.
    """
    url = metadata(env, client.issuer).get(endpoint)
    if not isinstance(url, str):
        return None
    try:
        status, body = env.transport.post(url, urlencode(fields).encode(), headers(client) | {"Content-Type": FORM})
    except OSError as error:
        raise ProviderGone from error
    return _read(status, body)


def fetch(env: Environment, client: Client, url: str) -> dict[str, Any]:
    """A document of the provider that only a client may read. Raises ProviderGone or WordRefused."""
    return _document(env, url, headers(client))


def headers(client: Client) -> dict[str, str]:
    """client_secret_basic (RFC 6749 2.3.1)."""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode('ascii')}", "Accept": "application/json"}


def _document(env: Environment, url: str, more: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        status, body = env.transport.get(url, more or {"Accept": "application/json"})
    except OSError as error:
        raise ProviderGone from error
    return _read(status, body)


def _read(status: int, body: bytes) -> dict[str, Any]:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProviderGone
    if status != HTTPStatus.OK:
        raise WordRefused
    try:
        found = json.loads(body) if body else {}
    except ValueError as error:
        raise WordRefused from error
    if not isinstance(found, dict):
        raise WordRefused
    return found
