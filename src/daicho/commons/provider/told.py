"""What the provider tells a system: in the ID token, about a session, and of all officers and terminals."""

from datetime import timedelta
from typing import Any

from daicho.commons.provider.store import Code
from daicho.signon import rules, service
from daicho.signon.models import DirectoryState, Officer, OfficerSession, Terminal
from daicho.signon.sessions import roles_on
from daicho.wire.environment import Environment

ID_TOKEN_LIVES = timedelta(minutes=2)
AMR = {"otp": ["pwd", "otp"], "passkey": ["pwd", "hwk", "user"]}
"""How the officer showed who they are, in the words of RFC 8176."""


def session_of(env: Environment, ref: str) -> OfficerSession | None:
    """The open session of this ref, ended on the way if it is over; a locked screen does not end it."""
    found = (
        OfficerSession.objects.select_related("officer", "terminal").prefetch_related("officer__roles").filter(pk=ref)
    ).first()
    if found is None or found.ended_at is not None:
        return None
    service.end_if_over(env, found)
    return found if found.ended_at is None else None


def id_token(env: Environment, issuer: str, code: Code, session: OfficerSession) -> dict[str, Any]:
    """The claims of an ID token. No resident's data, no password."""
    now = env.clock.now()
    officer, terminal = session.officer, session.terminal
    place = officer.place_on(env.clock.today())
    return {
        "iss": issuer,
        "sub": officer.officer_id,
        "aud": code.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ID_TOKEN_LIVES).timestamp()),
        "auth_time": int(session.signed_on_at.timestamp()),
        "nonce": code.nonce,
        "sid": session.ref,
        "amr": AMR.get(session.method, ["pwd"]),
        "name": officer.name,
        "department": place.department,
        "office": place.office,
        "roles": sorted(roles_on(officer, env.clock.today())),
        "terminal": terminal.terminal_id,
        "terminal_name": terminal.name,
        "terminal_class": terminal.terminal_class,
    }


def about_session(session: OfficerSession) -> dict[str, Any]:
    """The answer to a system that asks whether the session goes on (RFC 7662), with the state of the directory.

    `daicho_unlock` is the hash that the system checks the password with at its lock, also while this platform is down; it goes over
    the back channel only, to a system where this officer is signed on, and is forgotten there with the session.
    """
    return {
        "active": True,
        "sub": session.officer_id,
        "sid": session.ref,
        "terminal": session.terminal_id,
        "exp": int((session.signed_on_at + rules.SESSION_AGE).timestamp()),
        "daicho_directory": DirectoryState.objects.get().version,
        "daicho_unlock": session.officer.password,
        "daicho_failures": session.failures_before,
    }


def directory() -> dict[str, Any]:
    """Every officer with all roles, every terminal, and the number of this state."""
    version = DirectoryState.objects.get().version  # first: a change in between makes the copy too new, never too old
    officers = Officer.objects.prefetch_related("roles").order_by("officer_id")
    return {
        "version": version,
        "officers": [
            {
                "officer_id": one.officer_id,
                "name": one.name,
                "department": one.department,
                "office": one.office,
                "active": one.active,
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
                "withdrawn_on": one.withdrawn_on,
                "postings": one.postings,
                "roles": [
                    {"role": held.role, "since": held.since, "until": held.until, "granted_by": held.granted_by}
                    for held in one.roles.all()
                ],
            }
            for one in officers
        ],
        "terminals": list(
            Terminal.objects.order_by("terminal_id").values(
                "terminal_id", "name", "office", "terminal_class", "active", "valid_from", "valid_to"
            )
        ),
    }
