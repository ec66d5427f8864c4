"""The systems that officers sign on to: from the settings, each with its secret in a file."""

import hmac
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin
from django.conf import settings

BACK = "/sign-on/back"


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc]
    """One system; `url` is where its pages are."""

    client_id: str
    url: str

    def get_client_id(self) -> str:
        """Its name."""
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        """The one place that codes are sent to."""
        return self.url + BACK

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Of what is asked for, what there is; None when it is not about signing on."""
        asked = [one for one in (scope or "").split() if one in {"openid", "profile"}]
        return " ".join(asked) if "openid" in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """The very address, nothing like it."""
        return redirect_uri == self.get_default_redirect_uri()

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether the secret is right, compared in constant time."""
        path = settings.OIDC_SECRETS / self.client_id
        known = path.read_text(encoding="ascii").strip()
        return len(known) >= 32 and hmac.compare_digest(known.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """The secret in the header, at every endpoint."""
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Codes only; no refresh tokens."""
        return grant_type == "authorization_code"


def client_of(client_id: str) -> Client | None:
    """The system of this name; None when there is none."""
    url = settings.OIDC_CLIENTS.get(client_id)
    return Client(client_id, url) if url else None
