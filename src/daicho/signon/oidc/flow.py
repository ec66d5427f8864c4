"""Between going to the provider and coming back: state, nonce and code verifier in a signed cookie of this browser (RFC 7636).

The cookie is SameSite=Lax, because a city's own provider may live on another site; it opens nothing by itself.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from daicho.wire.environment import Environment

SALT = "daicho.signon.flow"
WITHIN = timedelta(minutes=15)
TABS = 4
"""So many tabs may be signing on at once in one browser."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to the provider and back."""

    state: str
    nonce: str
    verifier: str
    target: str

    @property
    def challenge(self) -> str:
        """S256 of the verifier."""
        return _text(hashlib.sha256(self.verifier.encode("ascii")).digest())


def begin(env: Environment, target: str) -> Flow:
    """A fresh one."""
    state, nonce, verifier = (_text(env.random.token(32)) for _ in range(3))
    return Flow(state, nonce, verifier, target)


def keep(request: HttpRequest, response: HttpResponseBase, flow: Flow) -> None:
    """Give it to the browser, beside those of its other tabs."""
    _set(request, response, [*_kept(request), flow][-TABS:])


def finish(request: HttpRequest, state: str) -> Flow | None:
    """The one that was begun in this browser with this state."""
    found = [one for one in _kept(request) if state and one.state == state]
    return found[0] if found else None


def drop(request: HttpRequest, response: HttpResponseBase, state: str) -> None:
    """It has been used: it never counts again in this browser (the provider's code counts once anyhow)."""
    _set(request, response, [one for one in _kept(request) if one.state != state])


def _kept(request: HttpRequest) -> list[Flow]:
    text = request.get_signed_cookie(
        settings.OIDC_FLOW_COOKIE, default="", salt=SALT, max_age=int(WITHIN.total_seconds())
    )
    try:
        return [Flow(**one) for one in json.loads(text or "[]")]
    except (ValueError, TypeError):
        return []


def _set(request: HttpRequest, response: HttpResponseBase, flows: list[Flow]) -> None:
    response.set_signed_cookie(
        settings.OIDC_FLOW_COOKIE,
        json.dumps([asdict(one) for one in flows]),
        salt=SALT,
        max_age=int(WITHIN.total_seconds()),
        path="/sign-on",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
