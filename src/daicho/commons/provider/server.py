"""Authlib's authorization server on our tables: codes with PKCE and nonce only, confidential clients only."""

from base64 import urlsafe_b64encode
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core.errors import LoginRequiredError
from django.conf import settings

from daicho.commons.provider import signing, store, told
from daicho.commons.provider.clients import Client, client_of
from daicho.signon import rules, service
from daicho.signon.models import OfficerSession
from daicho.wire.environment import current

BASIC = ["client_secret_basic"]


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """The one grant there is. The "user" of Authlib is our session."""

    TOKEN_ENDPOINT_AUTH_METHODS = BASIC

    def generate_authorization_code(self) -> str:
        """256 random bits."""
        return random_text()

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep the digest of the code with what it must come back with."""
        env, asked = current(), request.payload.data
        kept = store.Code(
            store.digest(code),
            request.user.ref,
            request.client.client_id,
            request.payload.redirect_uri or request.client.get_default_redirect_uri(),
            request.scope,
            asked["nonce"],
            asked["code_challenge"],
        )
        with env.database.transaction() as connection:
            store.add_code(connection, env, kept)

    def query_authorization_code(self, code: str, client: Client) -> store.Code | None:
        """Spend the code: whatever fails after this, it never counts again."""
        env = current()
        with env.database.transaction() as connection:
            return store.spend_code(connection, env, code, client.client_id)

    def delete_authorization_code(self, authorization_code: store.Code) -> None:
        """It is spent already."""

    def authenticate_user(self, authorization_code: store.Code) -> OfficerSession | None:
        """The session, if it is still open."""
        return told.session_of(current(), authorization_code.session_ref)


class PkceAndNonce(CodeChallenge):  # type: ignore[misc]
    """Every request carries a challenge (S256) and a nonce."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without them."""
        asked = grant.request.payload.data
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise InvalidRequestError("code_challenge with S256 is required")
        if not 16 <= len(asked.get("nonce", "")) <= 256:
            raise InvalidRequestError("nonce is required")
        if "none" in asked.get("prompt", "").split():  # nobody is signed on anywhere without showing who they are
            raise LoginRequiredError(redirect_uri=redirect_uri)
        super().validate_code_challenge(grant, redirect_uri)


class WithIdToken:
    """Adds the ID token to the answer of the token endpoint."""

    def __call__(self, grant: Any) -> None:
        """Authlib's extension protocol."""
        grant.register_hook("after_create_token_response", self.add)

    def add(self, grant: Any, response: Any) -> None:
        """Sign what is said of the session to this client."""
        env, request = current(), grant.request
        claims = told.id_token(env, settings.OWN_URL, request.authorization_code, request.user)
        response[1]["id_token"] = signing.sign(env, claims)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    """Does a session go on? Asked by the system that holds its token."""

    CLIENT_AUTH_METHODS = BASIC

    def query_token(self, token_string: str, token_type_hint: str | None) -> store.Token | None:
        """The token."""
        with current().database.transaction() as connection:
            return store.token_of(connection, token_string)

    def check_permission(self, token: store.Token, client: Client, request: Any) -> bool:
        """A system asks about its own tokens only."""
        return token.client_id == client.client_id

    def introspect_token(self, token: store.Token) -> dict[str, Any]:
        """See `told.about_session`."""
        session = told.session_of(current(), token.session_ref)
        return told.about_session(session) if session is not None else {"active": False}


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """A system says that the officer has signed off: the session ends here, and so in every system."""

    CLIENT_AUTH_METHODS = BASIC

    def query_token(self, token_string: str, token_type_hint: str | None) -> store.Token | None:
        """The token."""
        with current().database.transaction() as connection:
            return store.token_of(connection, token_string)

    def check_client(self, token: store.Token, client: Client) -> bool:
        """A system revokes its own tokens only."""
        return token.client_id == client.client_id

    def authenticate_token(self, request: Any, client: Client) -> store.Token | None:
        """The token if it is this client's; None otherwise, and nothing is told (RFC 7009 2.2)."""
        self.check_params(request, client)
        token = self.query_token(request.form["token"], None)
        return token if token is not None and self.check_client(token, client) else None

    def revoke_token(self, token: store.Token, request: Any) -> None:
        """End the session."""
        env = current()
        session = told.session_of(env, token.session_ref)
        if session is not None:
            service.end(env, session, "signed-off")


class Server(AuthorizationServer):  # type: ignore[misc]
    """The server of this process."""

    def __init__(self) -> None:
        super().__init__(None, None)
        self.register_grant(CodeGrant, [PkceAndNonce(required=True), WithIdToken()])
        self.register_endpoint(Introspection)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> Client | None:
        """The system of this name."""
        return client_of(client_id)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Keep the digest of the access token."""
        env = current()
        with env.database.transaction() as connection:
            store.add_token(connection, env, token["access_token"], request.authorization_code)

    def create_bearer_token_generator(self) -> Any:
        """Access tokens are 256 random bits; they end with their session."""

        def generate(*, scope: str | None = None, **_more: Any) -> dict[str, Any]:
            lives = int(rules.SESSION_AGE.total_seconds())
            return {"token_type": "Bearer", "access_token": random_text(), "expires_in": lives, "scope": scope}

        return generate


def random_text() -> str:
    """256 random bits as text."""
    return urlsafe_b64encode(current().random.token(32)).rstrip(b"=").decode("ascii")


_server: Server | None = None


def server() -> Server:
    """The server, made on first use: it reads settings."""
    global _server  # noqa: PLW0603 - one per process, by design
    if _server is None:
        _server = Server()
    return _server
