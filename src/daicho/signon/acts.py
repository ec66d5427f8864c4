"""Trail entries of sign-on, in the transaction of the act itself. Nothing but officer, terminal and codes."""

from typing import cast

from django.db import connection
from psycopg.rows import dict_row

from daicho.signon.models import OfficerSession
from daicho.trail.act import Act
from daicho.trail.entry import Entry, record
from daicho.wire.environment import Connection, Environment


def note(
    env: Environment,
    act: Act,
    officer_id: str,
    terminal_id: str,
    *,
    refused: bool = False,
    why: str = "",
    about: str = "",
) -> None:
    """Write one entry on Django's own connection, inside the transaction that is open there.

    `about` is the user ID acted on, where another officer acts.

    Sign-on uses Django's ORM; the trail wants rows as dictionaries, so the connection gives them for this one call.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a trail entry needs the transaction of its act")
    raw = connection.connection
    usual = raw.row_factory
    raw.row_factory = dict_row
    try:
        entry = Entry(
            act=act,
            officer_id=officer_id,
            terminal_id=terminal_id,
            refused=refused,
            detail={name: word for name, word in (("why", why), ("officer", about)) if word},
        )
        record(cast(Connection, raw), env, entry)
    finally:
        raw.row_factory = usual


def note_session(env: Environment, act: Act, session: OfficerSession, *, refused: bool = False, why: str = "") -> None:
    """Write one entry about an open session."""
    note(env, act, session.officer_id, session.terminal_id, refused=refused, why=why)
