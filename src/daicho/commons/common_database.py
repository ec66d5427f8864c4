"""Keeping the common database: each `resident-changed` message replaces what is told of a person from a day on (S6-01)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from daicho.commons.exchange import feed
from daicho.wire.contracts.resident_changed import FormerPicture, FormerResidentChanged, Picture, ResidentChanged
from daicho.wire.contracts.residents_stated import ResidentsStated, Stated
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope

ITEMS = tuple(name for name in Picture.model_fields if name != "valid_from")
_COLUMNS = ("addressee_number", "valid_from", "valid_to", *ITEMS, "change_id", "told_at")
_INSERT = (
    f"INSERT INTO commons.resident ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608 - ours
).encode()


def take(
    connection: Connection, env: Environment, envelope: Envelope, content: ResidentChanged | FormerResidentChanged
) -> None:
    """Write one person's pictures: they hold from their first day on and end whatever was told for later days."""
    first = content.pictures[0].valid_from
    key = (content.addressee_number, first)
    connection.execute("DELETE FROM commons.resident WHERE addressee_number = %s AND valid_from >= %s", key)
    connection.execute(
        "UPDATE commons.resident SET valid_to = %s WHERE addressee_number = %s AND (valid_to IS NULL OR valid_to > %s)",
        (first, *key),
    )
    _write(connection, env, content.addressee_number, content.pictures, None, content.change_id)
    _told(connection, env, content.addressee_number, content.sequence_no, hidden=content.protected)
    feed.put(connection, env, "changed", content.addressee_number, content)


def take_stated(connection: Connection, env: Environment, envelope: Envelope, content: ResidentsStated) -> None:
    """Write persons as they stand, and how many stood otherwise here: the comparison with the register (R-PRV-06).

    Of whom the register has told a change since, only what lies before it is new.
    """
    known = _known(connection, [person.addressee_number for person in content.persons])
    fresh = differed = 0
    for person in content.persons:
        row = connection.execute(
            "SELECT sequence_no FROM commons.person WHERE addressee_number = %s FOR UPDATE", (person.addressee_number,)
        ).fetchone()
        if row is not None and row["sequence_no"] > person.sequence_no:
            _fill_before(connection, env, person)
            continue
        stood = known.get(person.addressee_number)
        if stood == _expected(person.pictures):
            _told(connection, env, person.addressee_number, person.sequence_no, hidden=person.protected)
            continue
        fresh, differed = fresh + (row is None), differed + (row is not None)
        connection.execute("DELETE FROM commons.resident WHERE addressee_number = %s", (person.addressee_number,))
        _write(connection, env, person.addressee_number, person.pictures, None, 0)
        _told(connection, env, person.addressee_number, person.sequence_no, hidden=person.protected)
    connection.execute(
        "INSERT INTO commons.statement (message_id, stated_at, taken_at, persons, fresh, differed)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (envelope.message_id, content.stated_at, env.clock.now(), len(content.persons), fresh, differed),
    )


def _known(connection: Connection, numbers: Sequence[str]) -> dict[str, list[tuple[object, ...]]]:
    """What stands here of persons, by rising day."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for row in connection.execute(
        "SELECT * FROM commons.resident WHERE addressee_number = ANY (%s) ORDER BY addressee_number, valid_from",
        (list(numbers),),
    ):
        values = (row["valid_from"], row["valid_to"], *(row[name] for name in ITEMS))
        found.setdefault(row["addressee_number"], []).append(values)
    return found


def _expected(pictures: Sequence[FormerPicture]) -> list[tuple[object, ...]]:
    return [
        (picture.valid_from, end, *(getattr(picture, name, None) for name in ITEMS))
        for picture, end in zip(pictures, _ends(pictures, None), strict=True)
    ]


def _ends(pictures: Sequence[FormerPicture], until: date | None) -> list[date | None]:
    """Where each picture ends: at the next one's first day, the last at `until`."""
    return [*(later.valid_from for _, later in pairwise(pictures)), until]


def _fill_before(connection: Connection, env: Environment, person: Stated) -> None:
    row = connection.execute(
        "SELECT min(valid_from) AS first FROM commons.resident WHERE addressee_number = %s", (person.addressee_number,)
    ).fetchone()
    first = row["first"] if row else None
    earlier = [picture for picture in person.pictures if first is not None and picture.valid_from < first]
    if earlier:
        _write(connection, env, person.addressee_number, earlier, first, 0)


def _write(
    connection: Connection,
    env: Environment,
    number: str,
    pictures: Sequence[FormerPicture],
    until: date | None,
    change_id: int,
) -> None:
    now = env.clock.now()
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT,
            [
                (number, picture.valid_from, end, *(getattr(picture, name, None) for name in ITEMS), change_id, now)
                for picture, end in zip(pictures, _ends(pictures, until), strict=True)
            ],
        )


def _told(connection: Connection, env: Environment, number: str, sequence_no: int, *, hidden: bool) -> None:
    """How far the register has come with a person, and whether it hides them for a reason that nothing here explains.

    What is explained (a suppression, whoever lives under the same roof) ends here when it ends there.
    """
    connection.execute(
        "INSERT INTO commons.person (addressee_number, sequence_no, hidden, told_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (addressee_number) DO UPDATE SET sequence_no = excluded.sequence_no, hidden = excluded.hidden,"
        " told_at = excluded.told_at",
        (number, sequence_no, False, env.clock.now()),
    )
    if hidden:
        connection.execute(
            "UPDATE commons.person SET hidden = true WHERE addressee_number = %s"
            " AND NOT EXISTS (SELECT FROM commons.hidden_of(ARRAY[%s], %s::date))",
            (number, number, env.clock.today()),
        )
