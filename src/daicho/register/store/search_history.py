"""The searches of a user ID, run again at any desk and in any session (STD 2.1.1).

A search text holds names and birth dates: it lies sealed in the database, bound to its officer, and only the last few stay.
"""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.actor import Actor
from daicho.wire.environment import Environment

KEPT = 20
_NONCE = 12


def remember(env: Environment, actor: Actor, text: str, scope: str) -> None:
    """Keep one search of an officer as the newest; an equal one before it goes, and what is older than the last few."""
    with env.database.transaction() as connection:
        for place, known, known_scope in _all(env, actor):
            if (known, known_scope) == (text, scope):
                connection.execute(
                    "DELETE FROM register.search_history WHERE officer = %s AND place = %s", (actor.officer_id, place)
                )
        [place] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.search_history (officer, place, sealed, scope, searched_at) VALUES (%s, %s, %s, %s, %s)",
            (actor.officer_id, place, _seal(env, actor.officer_id, text), scope, env.clock.now()),
        )
        connection.execute(
            "DELETE FROM register.search_history WHERE officer = %(officer)s AND place NOT IN ("
            " SELECT place FROM register.search_history WHERE officer = %(officer)s"
            " ORDER BY searched_at DESC, place DESC LIMIT %(kept)s)",
            {"officer": actor.officer_id, "kept": KEPT},
        )


def searches_of(env: Environment, actor: Actor) -> list[tuple[str, str]]:
    """(text, scope) of an officer's own searches, oldest first; nobody else's can be opened."""
    return [(text, scope) for _, text, scope in _all(env, actor)]


def _all(env: Environment, actor: Actor) -> list[tuple[int, str, str]]:
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT place, sealed, scope FROM register.search_history WHERE officer = %s ORDER BY searched_at, place",
            (actor.officer_id,),
        ).fetchall()
    return [(row["place"], _open(env, actor.officer_id, row["sealed"]), row["scope"]) for row in rows]


def _seal(env: Environment, officer: str, text: str) -> str:
    version, nonce = env.keys.newest("number"), env.random.token(_NONCE)
    box = AESGCM(env.keys.key("number", version)).encrypt(nonce, text.encode(), f"search:{officer}".encode())
    return f"{version}:{base64.b64encode(nonce + box).decode('ascii')}"


def _open(env: Environment, officer: str, sealed: str) -> str:
    version, _, text = sealed.partition(":")
    box = base64.b64decode(text)
    key = env.keys.key("number", int(version))
    return AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], f"search:{officer}".encode()).decode()
