"""Keeping the common database: each `resident-changed` message replaces what is told of a person from a day on (S6-01)."""

from datetime import date
from itertools import pairwise

from daicho.wire.contracts.resident_changed import Picture, ResidentChanged
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope

_ITEMS = tuple(name for name in Picture.model_fields if name != "valid_from")
_COLUMNS = ("addressee_number", "valid_from", "valid_to", *_ITEMS, "change_id", "told_at")
_INSERT = (
    f"INSERT INTO commons.resident ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608 - ours
).encode()


def take(connection: Connection, env: Environment, envelope: Envelope, content: ResidentChanged) -> None:
    """Write one person's pictures: they hold from their first day on and end whatever was told for later days."""
    first = content.pictures[0].valid_from
    key = (content.addressee_number, first)
    connection.execute("DELETE FROM commons.resident WHERE addressee_number = %s AND valid_from >= %s", key)
    connection.execute(
        "UPDATE commons.resident SET valid_to = %s WHERE addressee_number = %s AND (valid_to IS NULL OR valid_to > %s)",
        (first, *key),
    )
    ends: list[date | None] = [later.valid_from for _, later in pairwise(content.pictures)]
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT,
            [
                (
                    content.addressee_number,
                    picture.valid_from,
                    end,
                    *(getattr(picture, name) for name in _ITEMS),
                    content.change_id,
                    env.clock.now(),
                )
                for picture, end in zip(content.pictures, [*ends, None], strict=True)
            ],
        )
