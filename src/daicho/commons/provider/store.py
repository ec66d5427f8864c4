"""Codes and tokens in the database, by their digests."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.wire.environment import Connection, Environment

CODE_LIVES = timedelta(minutes=1)
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it was given: Authlib asks these of it."""

    digest: bytes
    session_ref: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        """Where it was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was asked for."""
        return self.scope


@dataclass(frozen=True, slots=True)
class Token:
    """An access token: the session it stands for."""

    digest: bytes
    session_ref: str
    client_id: str
    revoked_at: datetime | None

    def is_expired(self) -> bool:
        """It ends with its session, which is looked at apart."""
        return False

    def is_revoked(self) -> bool:
        """Whether it was taken back."""
        return self.revoked_at is not None


def digest(value: str) -> bytes:
    """What is kept of a code or token: 256 random bits need no salt."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def add_code(connection: Connection, env: Environment, code: Code) -> None:
    """Keep a code that was just given; what is long over goes on the way."""
    connection.execute("DELETE FROM commons.oidc_code WHERE made_at < %s", (env.clock.now() - KEPT,))
    connection.execute(
        "INSERT INTO commons.oidc_code (digest, session_ref, client_id, redirect_uri, scope, nonce, challenge, made_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            code.digest,
            code.session_ref,
            code.client_id,
            code.redirect_uri,
            code.scope,
            code.nonce,
            code.code_challenge,
            env.clock.now(),
        ),
    )


def spend_code(connection: Connection, env: Environment, value: str, client_id: str) -> Code | None:
    """Spend a code of this client, once and within a minute; None otherwise.

    A code that comes a second time was stolen, or its owner was robbed: what was given for it is taken back (RFC 6749 4.1.2).
    """
    now = env.clock.now()
    row = connection.execute(
        "UPDATE commons.oidc_code SET spent_at = %s WHERE digest = %s AND client_id = %s AND spent_at IS NULL"
        " RETURNING session_ref, redirect_uri, scope, nonce, challenge, made_at",
        (now, digest(value), client_id),
    ).fetchone()
    if row is None:
        connection.execute(
            "UPDATE commons.oidc_token SET revoked_at = %s WHERE code_digest = %s AND revoked_at IS NULL",
            (now, digest(value)),
        )
        return None
    if abs(now - row["made_at"]) > CODE_LIVES:
        return None
    return Code(
        digest(value), row["session_ref"], client_id, row["redirect_uri"], row["scope"], row["nonce"], row["challenge"]
    )


def add_token(connection: Connection, env: Environment, value: str, code: Code) -> None:
    """Keep the token given for a code."""
    connection.execute(
        "INSERT INTO commons.oidc_token (digest, session_ref, client_id, code_digest, made_at) VALUES (%s, %s, %s, %s, %s)",
        (digest(value), code.session_ref, code.client_id, code.digest, env.clock.now()),
    )


def token_of(connection: Connection, value: str) -> Token | None:
    """The token with this value."""
    row = connection.execute(
        "SELECT digest, session_ref, client_id, revoked_at FROM commons.oidc_token WHERE digest = %s", (digest(value),)
    ).fetchone()
    return Token(**row) if row is not None else None
