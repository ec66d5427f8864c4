"""Searching people (S05, S06; STD 2.1): past names and addresses included, fuzzy by deletion neighbourhoods.

Everything that narrows stands in the query itself, so that no template decides what is shown. A search writes one act
and one subject row per person shown. Who is hidden (`shield`) is found by name, birth date or own number only, and comes
without a place; neither order nor range tells whether such a person still lives in the city.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from psycopg import sql

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.law.names import deletions, misheard, one_letter_apart
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.links import partners
from daicho.register.store.numbers import NumberKind, blind_index
from daicho.register.store.query import Query, read_query
from daicho.register.store.retention import disposed_since
from daicho.register.store.shield import look
from daicho.register.store.suppression import marked
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

LIMIT = 100
_FIRST = 20
"""Who stands among these is seen at once: names one letter off come so far up where many others fit as well."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found. `why`: exact, prefix, given, near (one letter off), past, number, place, birth."""

    person_id: int
    household_id: int
    addressee_number: str
    relationship: str
    status: str
    removed_from: date | None
    is_foreign: bool
    name: str
    name_kana: str | None
    sex: str
    birth: date
    birth_text: str | None
    municipality_code: str
    address: str
    building: str | None
    head_name: str | None
    common_name: str | None
    why: str
    past: bool
    same_as: tuple[int, ...] = ()
    """Others found to be this person by two officers."""
    suppressed: bool = False
    hidden: bool = False
    """Whether the place is kept from the officer: then there is no household, address, head or status either."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search shows: at most LIMIT people; `more` says that there are others and the text should say more."""

    query: Query
    hits: tuple[Hit, ...]
    more: bool
    disposed: date | None = None
    """The number belonged to a record kept to this day and then disposed of: not the same as not found."""


def search(env: Environment, actor: Actor, text: str, purpose: Purpose, *, residents_only: bool = False) -> Found:
    """People for a search text (see `query`), removed records too unless only residents are wanted.

    Raises NotAllowed, PurposeMissing, UnreadableQuery.
    """
    today = env.clock.today()
    decide(actor, Right.PERSON_SEARCH, on=today, purpose=purpose)
    query = replace(
        read_query(text, today), residents_on=today if residents_only else None, moment=(today, env.clock.now())
    )
    bring_to_today(env)
    with env.database.transaction() as connection:
        rows = _look_up(connection, env, query)
        hits, hidden = shown(connection, env, actor, rows[:LIMIT])
        disposed = disposed_since(connection, env, query.numbers) if query.numbers and not hits else None
        record_act(
            connection,
            env,
            actor,
            Act.SEARCH,
            purpose=purpose,
            subjects=[hit.person_id for hit in hits],
            detail={
                "parts": ",".join(query.reading),
                "found": len(hits),
                "more": len(rows) > LIMIT,
                "hidden": hidden,
            },
        )
    return Found(query, hits, len(rows) > LIMIT, disposed)


def shown(connection: Connection, env: Environment, actor: Actor, rows: Sequence[Row]) -> tuple[tuple[Hit, ...], int]:
    """The people of these rows as this officer may see them, those linked beside each other; and how many are hidden."""
    everybody = _together(connection, tuple(_hit(row) for row in rows))
    shield = look(connection, env, actor, [hit.person_id for hit in everybody])
    # Who is one with a hidden person stands where that person is: both are hidden, and no place leads to either.
    kept_back = {h.person_id for h in everybody if any(map(shield.hides, (h.person_id, *h.same_as)))}
    held = marked(connection, env, [hit.person_id for hit in everybody])
    everybody = tuple(replace(hit, suppressed=hit.person_id in held) for hit in everybody)
    hits = tuple(
        _hidden(hit) if hit.person_id in kept_back else hit
        for hit in everybody
        if not (hit.person_id in kept_back and hit.why in ("place", "linked"))
    )
    return hits, len(shield.hidden)


def _hidden(hit: Hit) -> Hit:
    """Who it is, so that the clerk can hand over; nothing of where."""
    return replace(
        hit,
        household_id=0,
        relationship="",
        status="",
        removed_from=None,
        municipality_code="",
        address="",
        building=None,
        head_name=None,
        past=False,
        hidden=True,
    )


def _look_up(connection: Connection, env: Environment, query: Query) -> list[Row]:
    if query.numbers:
        return _by_number(connection, env, query)
    if query.kana:
        _require_two_letters(query.kana[0], query)
        rows = _by_name(connection, query, "kana", query.kana)
        exact = sum(row["why"] == "exact" for row in rows)
        if exact >= _FIRST or len(query.kana[0]) <= 2:
            return rows
        return _with_near(rows, _near(connection, query), exact)
    if query.kanji:
        rows = _by_name(connection, query, "kanji", (query.kanji,))
        return rows or _by_place(connection, query, query.kanji)
    if query.address:
        _require_two_letters(query.address, query)
        return _by_place(connection, query, query.address)
    return run(connection, "SELECT NULL::bigint AS person_id, 'birth' AS why, 0 AS rank, false AS past", query, {})


def _require_two_letters(key: str, query: Query) -> None:
    if len(key) < 2 and query.born is None:
        raise UnreadableQuery(field="q", reason="一文字では該当が多すぎます")


def _together(connection: Connection, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Each hit with those linked to it, who stand beside it even when the text did not find them."""
    linked = partners(connection, [hit.person_id for hit in hits])
    if not linked:
        return hits
    known = {hit.person_id: hit for hit in hits}
    missing = sorted({person for hit in hits for person in linked.get(hit.person_id, ())} - set(known))
    also = "SELECT unnest(%(partners)s::bigint[]) AS person_id, 'linked' AS why, 4 AS rank, false AS past"
    known |= {row["person_id"]: _hit(row) for row in run(connection, also, Query(), {"partners": missing})}
    shown: dict[int, Hit] = {}
    for hit in hits:
        for person in (hit.person_id, *sorted(linked.get(hit.person_id, ()))):
            shown.setdefault(person, replace(known[person], same_as=tuple(sorted(linked.get(person, ())))))
    return tuple(shown.values())


_PREFIX = """
        UNION ALL
        SELECT person_id, 'prefix', 1, past FROM register.search_name
            WHERE script = %(script)s AND key ~>~ %(key#)s AND key ~<~ %(end#)s
"""


def _by_name(connection: Connection, query: Query, script: str, keys: Sequence[str]) -> list[Row]:
    """Whole names, names that begin so, and given names alone; past names too."""
    hits = """
        SELECT person_id, 'exact' AS why, 0 AS rank, past FROM register.search_name
            WHERE script = %(script)s AND key = ANY (%(keys)s)
        UNION ALL
        SELECT person_id, 'given', 2, past FROM register.search_name
            WHERE %(script)s = 'kana' AND script = 'given' AND key = ANY (%(keys)s)
    """
    values: dict[str, Any] = {"script": script, "keys": list(keys)}
    for number, key in enumerate(keys):
        hits += _PREFIX.replace("#", str(number))
        values |= {f"key{number}": key, f"end{number}": _after(key)}
    return run(connection, hits, query, values)


def _near(connection: Connection, query: Query) -> list[Row]:
    """Names one letter away: changed, dropped, added or two swapped (such errors share a deletion).

    One person of each name comes before a second one of any: a common name would else hide all others. Names that
    many have come first, being meant more often.
    """
    asked = {one for key in query.kana for one in misheard(key)}
    found = connection.execute(
        "SELECT DISTINCT key FROM register.kana_deletion WHERE deletion = ANY (%s)",
        (sorted({one for key in asked for one in deletions(key)}),),
    )
    keys = [row["key"] for row in found]
    apart = [key for key in keys if not any(one_letter_apart(key, one) for one in asked)]
    hits = """
        SELECT person_id, 'near' AS why, CASE WHEN key = ANY (%(apart)s) THEN 4 ELSE 3 END AS rank, past
        FROM register.search_name WHERE script = 'kana' AND key = ANY (%(keys)s)
    """
    return run(connection, hits, query, {"keys": keys, "apart": apart}, order=_NAMES_FIRST)


def _with_near(rows: list[Row], near: list[Row], exact: int) -> list[Row]:
    """What fits and what is near: the names that are near stand among the first, behind all that fit exactly."""
    known = {row["person_id"] for row in rows}
    near = [row for row in near if row["person_id"] not in known]
    names = len({row["name_kana"] for row in near})
    before = max(exact, _FIRST - names)
    return [*rows[:before], *near[:names], *rows[before:], *near[names:]]


SHOWN = " NOT IN (SELECT register.all_shielded(%(day)s::date, %(at)s::timestamptz))"
"""Behind a person's id: a place or a household number leads to nobody whose place is kept back (ux.md 3.5)."""


def _by_place(connection: Connection, query: Query, key: str) -> list[Row]:
    """Addresses that begin so, now or before; never those of hidden persons."""
    hits = f"""
        SELECT person_id, 'place' AS why, 0 AS rank, false AS past FROM register.resident_current
            WHERE address_key ~>=~ %(place)s AND address_key ~<~ %(place_end)s AND person_id{SHOWN}
        UNION ALL
        SELECT person_id, 'place', 1, true FROM register.search_address
            WHERE key ~>=~ %(place)s AND key ~<~ %(place_end)s AND person_id{SHOWN}
    """  # noqa: S608 - a part of ours
    return run(connection, hits, query, {"place": key, "place_end": _after(key)})


def _by_number(connection: Connection, env: Environment, query: Query) -> list[Row]:
    """Individual number and resident code by their keyed index, addressee and household number as they stand."""
    numbers = list(query.numbers)
    kinds: tuple[NumberKind, ...] = ("individual_number", "resident_code")
    indexes = [blind_index(env.keys, kind, number) for kind in kinds for number in numbers]
    hits = f"""
        SELECT person_id, 'number' AS why, 0 AS rank, false AS past FROM register.number
            WHERE blind_index = ANY (%(indexes)s) AND kind IN ('individual_number', 'resident_code')
              AND released_at IS NULL
        UNION ALL
        SELECT person_id, 'number', 0, false FROM register.person WHERE addressee_number = ANY (%(numbers)s)
        UNION ALL
        SELECT c.person_id, 'number', 1, false FROM register.household h
            JOIN register.resident_current c USING (household_id) WHERE h.household_number = ANY (%(numbers)s)
            AND c.person_id{SHOWN}
    """  # noqa: S608 - a part of ours
    return run(connection, hits, query, {"indexes": indexes, "numbers": numbers})


_SELECT = """
    WITH hits AS ({hits}), best AS (
        SELECT DISTINCT ON (person_id) person_id, why, rank, past FROM hits ORDER BY person_id, rank, past
    )
    SELECT c.*, coalesce(b.why, 'birth') AS why, coalesce(b.past, false) AS past, (
        SELECT h.name FROM register.resident_current h
        WHERE h.household_id = c.household_id AND h.relationship = '02' AND h.status = 'resident'
            AND NOT EXISTS (SELECT FROM register.protected_person x WHERE x.person_id = h.person_id) LIMIT 1
    ) AS head_name, (
        SELECT s.common_name FROM register.resident_state s WHERE s.state_id = c.state_id AND c.is_foreign
    ) AS common_name
    FROM register.resident_current c {join} best b {on} {where}
    ORDER BY {order}
    LIMIT {limit}
"""
# Whoever is gone comes last; of a protected person the place in the list does not tell.
_GONE = """(c.status <> 'resident' AND NOT EXISTS (
        SELECT FROM register.protected_person x WHERE x.person_id = c.person_id))"""
_USUAL = f"{_GONE}, coalesce(b.rank, 0), c.name_kana, c.birth, c.person_id"
_NAMES_FIRST = (
    f"row_number() OVER (PARTITION BY c.name_kana ORDER BY {_GONE}, c.birth, c.person_id) > 1,"
    f" coalesce(b.rank, 0), count(*) OVER (PARTITION BY c.name_kana) DESC, {_USUAL}"
)


_NARROW_PLACE = """(c.address_key LIKE %(narrow_place)s OR EXISTS (SELECT 1 FROM register.search_address a
    WHERE a.person_id = c.person_id AND a.key LIKE %(narrow_place)s)) AND c.person_id#shown""".replace("#shown", SHOWN)
_NARROW_KANJI = """(EXISTS (SELECT 1 FROM register.search_name k WHERE k.person_id = c.person_id
        AND k.script = 'kanji' AND k.key LIKE %(narrow_kanji)s)
    OR (c.address_key LIKE %(narrow_kanji)s OR EXISTS (SELECT 1 FROM register.search_address a
        WHERE a.person_id = c.person_id AND a.key LIKE %(narrow_kanji)s)) AND c.person_id#shown)""".replace(
    "#shown", SHOWN
)


def run(connection: Connection, hits: str, query: Query, values: dict[str, Any], *, order: str = _USUAL) -> list[Row]:
    """Join hits to the people known now and narrow by the other parts of the query.

    Not prepared: a generic plan for prefixes is ten times slower.
    """
    narrow: list[str] = []
    narrowed = dict(values)
    narrowed["day"], narrowed["at"] = query.moment or (None, None)
    if query.residents_on is not None:
        narrow.append(
            "(c.status = 'resident' AND (c.removed_from IS NULL OR c.removed_from > %(residents_on)s)"
            " OR EXISTS (SELECT FROM register.protected_person x WHERE x.person_id = c.person_id))"
        )
        narrowed["residents_on"] = query.residents_on
    if query.sex is not None:
        narrow.append("c.sex = %(sex)s")
        narrowed["sex"] = query.sex
    if query.born is not None:
        narrow.append("c.birth BETWEEN %(born_from)s AND %(born_to)s")
        narrowed["born_from"], narrowed["born_to"] = query.born
    if query.address is not None and "place" not in values:
        narrow.append(_NARROW_PLACE)
        narrowed["narrow_place"] = _escape(query.address) + "%"
    if query.kanji is not None and values.get("script") != "kanji" and "place" not in values:
        narrow.append(_NARROW_KANJI)
        narrowed["narrow_kanji"] = _escape(query.kanji) + "%"
    by_birth = "'birth' AS why" in hits
    text = _SELECT.format(
        hits=hits,
        join="LEFT JOIN" if by_birth else "JOIN",
        on="ON false" if by_birth else "USING (person_id)",
        where="WHERE " + " AND ".join(narrow) if narrow else "",
        order=order,
        limit=LIMIT + 1,
    )
    return connection.execute(sql.SQL(text), narrowed, prepare=False).fetchall()


def _after(prefix: str) -> str:
    """The first text behind all that begin with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _hit(row: Row) -> Hit:
    return Hit(
        person_id=row["person_id"],
        household_id=row["household_id"],
        addressee_number=row["addressee_number"],
        relationship=row["relationship"],
        status=row["status"],
        removed_from=row["removed_from"],
        is_foreign=row["is_foreign"],
        name=row["name"],
        name_kana=row["name_kana"],
        sex=row["sex"],
        birth=row["birth"],
        birth_text=row["birth_text"],
        municipality_code=row["municipality_code"],
        address=row["address"],
        building=row["building"],
        head_name=row["head_name"],
        common_name=row["common_name"],
        why=row["why"],
        past=row["past"],
    )
