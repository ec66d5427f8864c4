"""Derived tables (design, section 4): what search and work lists read. All of it follows from the live states.

`refresh` renews the rows of a few persons inside the transaction of their change; `rebuild` makes everything anew in
sets. Both use the keys of `daicho.law.names`, and tests hold their results equal.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Literal, LiteralString

from psycopg import sql

from daicho.law.names import address_key, deletions, kana_keys, kanji_key
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.register.store.bulk_encode import copy_text
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection

Script = Literal["kana", "kanji", "given"]
_Pair = tuple[str, str]
_SPACE = re.compile("[ \u3000]")


def _kanji_keys(text: str) -> tuple[str, ...]:
    return (kanji_key(text),)


def _address_keys(text: str) -> tuple[str, ...]:
    return (address_key(text),)


_KEYS: dict[str, Callable[[str], tuple[str, ...]]] = {"kana": kana_keys, "given": kana_keys, "kanji": _kanji_keys}

# The state on the day (else the next one that will begin), and since when the person is or will be removed.
_CURRENT = """
    with live as (
        select s.state_id, s.person_id, s.household_id, s.household_order, s.relationship, s.status, s.is_foreign,
               s.name, s.name_kana, s.sex, s.birth, s.birth_text, s.municipality_code, s.town_code, s.address,
               s.building, lower(s.valid) as starts
        from register.resident_state s where upper_inf(s.known) {chosen}
    ), spans as (
        select l.person_id,
               min(l.starts) filter (where l.status <> 'resident' and l.starts > coalesce(e.entered, '-infinity'))
                   as removed_from
        from live l
        left join (select person_id, max(starts) as entered from live
                   where status = 'resident' and starts <= %(today)s group by person_id) e using (person_id)
        group by l.person_id
    ), picked as (
        select distinct on (person_id) * from live
        order by person_id, (starts <= %(today)s) desc, abs(starts - %(today)s)
    )
    select p.person_id, p.state_id, r.addressee_number, p.household_id, p.household_order, p.relationship, p.status,
           s.removed_from, p.is_foreign, p.name, p.name_kana, p.sex, p.birth, p.birth_text, p.municipality_code,
           p.town_code, p.address, p.building
    from picked p join spans s using (person_id) join register.person r using (person_id)
"""
_CURRENT_COLUMNS = (
    "person_id, state_id, addressee_number, household_id, household_order, relationship, status, removed_from,"
    " is_foreign, name, name_kana, sex, birth, birth_text, municipality_code, town_code, address, building"
)

# What follows the first space: the given name. Plain functions: regular expressions would take most of the time.
_GIVEN = "nullif(substr({0}, strpos(translate({0}, ' ', '　') || '　', '　') + 1), '')"


def _former(family: str, whole: str) -> str:
    """A former family name beside the given name of today."""
    return f"case when s.{family} is not null then s.{family} || ' ' || {_GIVEN.format('s.' + whole)} end"


# Every name of every live state: of itself, of the family register, of foreigners, and the former family name.
_NAMES = f"""
    select s.person_id, w.script, w.text, coalesce(upper(s.valid) <= %(today)s, false) as past
    from register.resident_state s cross join lateral (values
        ('kana', s.name_kana), ('kana', s.name_reading), ('kana', s.foreign_name_kana),
        ('kana', s.common_name_kana), ('kana', s.parallel_name_kana),
        ('kana', {_former("former_family_name_kana", "name_kana")}),
        ('kanji', s.name), ('kanji', s.foreign_name_kanji), ('kanji', s.common_name), ('kanji', s.parallel_name),
        ('kanji', {_former("former_family_name", "name")}),
        ('kanji', {_former("maiden_name", "name")})
    ) as v (script, text) cross join lateral (values
        (v.script, v.text), ('given', case when v.script = 'kana' then {_GIVEN.format("v.text")} end)
    ) as w (script, text)
    where upper_inf(s.known) and v.text is not null and w.text is not null
"""  # noqa: S608 - constants only

# Every address of every live state, the one before the last move inside the city included.
_ADDRESSES = """
    select distinct s.person_id, v.text
    from register.resident_state s cross join lateral (values
        (concat(s.address, s.building)), (case when s.former_address is not null
                                          then concat(s.former_address, s.former_building) end)
    ) as v (text)
    where upper_inf(s.known) and v.text is not null
"""

_INSERT_CURRENT = f"""
    insert into register.resident_current ({_CURRENT_COLUMNS}, address_key)
    select {_CURRENT_COLUMNS}, coalesce(k.key, '') from ({_CURRENT.replace("{chosen}", "")}) c
    left join address_text k on k.text = concat(c.address, c.building)
""".encode()  # noqa: S608 - constants only


# For some persons at once: rows that are no longer right go, those that are stay as they are.
_PUT = f"""
    with current_gone as (
        delete from register.resident_current c where c.person_id = any (%(ids)s) and not exists (
            select from register.resident_state s where s.person_id = c.person_id and upper_inf(s.known))
    ), current_put as (
        insert into register.resident_current ({_CURRENT_COLUMNS}, address_key)
        select {_CURRENT_COLUMNS}, coalesce(k.key, '')
        from ({_CURRENT.replace("{chosen}", "and s.person_id = any (%(ids)s)")}) c
        left join json_each_text(%(places)s::json) as k (text, key) on k.text = concat(c.address, c.building)
        on conflict (person_id) do update set ({_CURRENT_COLUMNS}, address_key)
            = row ({", ".join(f"excluded.{name}" for name in _CURRENT_COLUMNS.split(", "))}, excluded.address_key)
        returning person_id, address_key
    ), address as (
        select * from json_to_recordset(%(addresses)s::json) as w (person_id bigint, key text)
        except select person_id, address_key from current_put
    ), address_gone as (
        delete from register.search_address a
        where a.person_id = any (%(ids)s) and (a.person_id, a.key) not in (select * from address)
    )
    insert into register.search_address (person_id, key) select * from address on conflict do nothing
""".encode()  # noqa: S608 - constants only

_PUT_NAMES: LiteralString = """
    with name as (
        select * from json_to_recordset(%(names)s::json) as w (script text, key text, person_id bigint, past boolean)
    ), name_gone as (
        delete from register.search_name n where n.person_id = any (%(ids)s)
            and (n.script, n.key, n.person_id) not in (select script, key, person_id from name)
    ), name_put as (
        insert into register.search_name (script, key, person_id, past)
        select w.* from name w where (w.script, w.key, w.person_id, w.past) not in (
            select n.script, n.key, n.person_id, n.past from register.search_name n where n.person_id = any (%(ids)s))
        on conflict (script, key, person_id) do update set past = excluded.past
        returning script, key
    )
    select distinct p.key from name_put p where p.script <> 'kanji' and not exists (
        select from register.kana_deletion d where d.deletion = p.key and d.key = p.key)
"""


Live = Mapping[int, Sequence[StateRow]]
"""Per person the rows with an open known range."""


def refresh(connection: Connection, person_ids: Sequence[int], today: date) -> None:
    """Renew the derived rows of these persons from their live states as they are stored, as known now on `today`."""
    if person_ids:
        live: dict[int, Sequence[StateRow]] = dict.fromkeys(person_ids, ())
        renew(connection, live | live_rows(connection, person_ids), today)


def renew(connection: Connection, live: Live, today: date, *, before: Live | None = None) -> None:
    """Renew the derived rows of these persons, whose live states are now `live` and were `before` a change.

    To be called in the transaction that wrote the states, after the writing. A person without live states loses the
    rows; a row that stays right is not written again, and names that are the same as `before` are not looked at.
    Deletion keys of names that nobody has any more stay until `rebuild`: they match nobody.
    """
    places = {text: address_key(text) for rows in live.values() for text in _addresses(rows)}
    addresses = [
        {"person_id": person_id, "key": key}
        for person_id, rows in live.items()
        for key in sorted({places[text] for text in _addresses(rows)})
        if key
    ]
    values = {"ids": sorted(live), "today": today, "places": json.dumps(places), "addresses": json.dumps(addresses)}
    connection.execute(_PUT, values)
    names = {person_id: _names(rows, today) for person_id, rows in live.items()}
    if before is not None and names == {person_id: _names(before.get(person_id, ()), today) for person_id in live}:
        return
    found = [
        {"script": script, "key": key, "person_id": person_id, "past": past}
        for person_id, texts in names.items()
        for (script, key), past in sorted(_name_keys(texts).items())
    ]
    fresh = connection.execute(_PUT_NAMES, {"ids": sorted(live), "names": json.dumps(found)}).fetchall()
    if fresh:
        _insert_deletions(connection, [row["key"] for row in fresh])


def _names(rows: Sequence[StateRow], today: date) -> dict[tuple[Script, str], bool]:
    """Every name of one person and whether it is of the past only: what _NAMES finds for everybody."""
    found: dict[tuple[Script, str], bool] = {}
    for row in rows:
        past = row.valid_to is not None and row.valid_to <= today
        for name in _names_of(row.record):
            found[name] = found.get(name, True) and past
    return found


def _names_of(record: ResidentRecord) -> Iterator[tuple[Script, str]]:
    kana = (
        record.name_kana,
        record.name_reading,
        record.foreign_name_kana,
        record.common_name_kana,
        record.parallel_name_kana,
        _beside_given(record.former_family_name_kana, record.name_kana),
    )
    kanji = (
        record.name,
        record.foreign_name_kanji,
        record.common_name,
        record.parallel_name,
        _beside_given(record.former_family_name, record.name),
        _beside_given(record.maiden_name, record.name),
    )
    yield from (("kana", text) for text in kana if text is not None)
    yield from (("given", given) for given in map(_given, kana) if given is not None)
    yield from (("kanji", text) for text in kanji if text is not None)


def _given(text: str | None) -> str | None:
    """What follows the first space."""
    parts = _SPACE.split(text or "", 1)
    return parts[1] or None if len(parts) == 2 else None


def _beside_given(family: str | None, whole: str | None) -> str | None:
    given = _given(whole)
    return None if family is None or given is None else f"{family} {given}"


def _name_keys(texts: Mapping[tuple[Script, str], bool]) -> dict[tuple[Script, str], bool]:
    found: dict[tuple[Script, str], bool] = {}
    for (script, text), past in texts.items():
        for key in filter(None, _KEYS[script](text)):
            found[script, key] = found.get((script, key), True) and past
    return found


def _addresses(rows: Sequence[StateRow]) -> set[str]:
    """Every address of one person: what _ADDRESSES finds for everybody."""
    found = {f"{row.record.address}{row.record.building or ''}" for row in rows}
    return found | {
        f"{row.record.former_address}{row.record.former_building or ''}"
        for row in rows
        if row.record.former_address is not None
    }


def _insert_deletions(connection: Connection, keys: Sequence[str]) -> None:
    """Deletion rows of kana keys, in one order for everybody who writes some."""
    pairs = sorted((deletion, key) for key in keys for deletion in deletions(key))
    connection.execute(
        "insert into register.kana_deletion (deletion, key) select * from unnest(%s::text[], %s::text[])"
        " on conflict do nothing",
        ([deletion for deletion, _ in pairs], [key for _, key in pairs]),
    )


def rebuild(connection: Connection, today: date) -> int:
    """Make all derived tables anew from the live states, as known now on `today`; returns the number of persons.

    Readers and writers wait until the transaction ends. Keys are computed once for each distinct text, in a thread beside
    the database at work; indexes and keys of the tables are taken away and made again at the end.
    """
    connection.execute("set local work_mem = '128MB'")
    connection.execute("set local maintenance_work_mem = '256MB'")
    connection.execute("select register.begin_rebuild()")
    values = {"today": today}
    with ThreadPoolExecutor(1) as beside:
        connection.execute("create temp table address_of on commit drop as " + _ADDRESSES, values)
        addresses = beside.submit(_keyed, _texts(connection, "address_of", "true"), _address_keys)
        connection.execute("create temp table name_of on commit drop as " + _NAMES, values)
        kanji = beside.submit(_keyed, _texts(connection, "name_of", "script = 'kanji'"), _kanji_keys)
        kana = beside.submit(_keyed, _texts(connection, "name_of", "script <> 'kanji'"), kana_keys)
        spoilt = beside.submit(lambda: _deletion_lines(kana.result()))
        persons = _rebuild_addresses(connection, values, addresses.result())
        _rebuild_names(connection, "kanji_text", "n.script = 'kanji'", kanji.result())
        _rebuild_names(connection, "kana_text", "n.script <> 'kanji'", kana.result())
        _copy(connection, "register.kana_deletion", ("deletion", "key"), spoilt.result())
    connection.execute("select register.end_rebuild()")
    connection.execute("update register.derived_day set on_day = %s", (today,))
    connection.execute("select register.analyze_derived()")
    return persons


def _rebuild_addresses(connection: Connection, values: Mapping[str, object], keys: Sequence[_Pair]) -> int:
    _key_table(connection, "address_text", keys)
    persons = connection.execute(_INSERT_CURRENT, values).rowcount
    connection.execute(
        "insert into register.search_address (person_id, key)"
        " select a.person_id, k.key from address_of a join address_text k using (text)"
        " except select person_id, address_key from register.resident_current"
    )
    return persons


def _rebuild_names(connection: Connection, table: str, scripts: LiteralString, keys: Sequence[_Pair]) -> None:
    _key_table(connection, table, keys)
    connection.execute(
        sql.SQL(
            "insert into register.search_name (script, key, person_id, past)"
            " select n.script, k.key, n.person_id, bool_and(n.past) from name_of n join {} k using (text)"
            " where {} group by 1, 2, 3"
        ).format(sql.Identifier(table), sql.SQL(scripts))
    )


def _texts(connection: Connection, table: str, chosen: LiteralString) -> list[str]:
    """The distinct texts of a temporary table."""
    found = connection.execute(
        sql.SQL("select array(select distinct text from {} where {}) as texts").format(
            sql.Identifier(table), sql.SQL(chosen)
        )
    ).fetchone()
    return list(found["texts"]) if found is not None else []


def _keyed(texts: Sequence[str], keys: Callable[[str], tuple[str, ...]]) -> list[_Pair]:
    """Each text with each of its keys; a text without letters has none."""
    return [(text, key) for text in texts for key in keys(text) if key]


def _deletion_lines(keyed: Sequence[_Pair]) -> list[str]:
    """The deletions of each key beside it as lines of COPY: there are eight times as many as names, too many to hold as pairs."""
    return ["".join([f"{one}\t{key}\n" for one in deletions(key)]) for key in {key for _, key in keyed}]


def _key_table(connection: Connection, name: str, pairs: Sequence[_Pair]) -> None:
    """A temporary table of texts and their keys."""
    connection.execute(
        sql.SQL('create temp table {} (text text, key text collate "C" not null) on commit drop').format(
            sql.Identifier(name)
        )
    )
    _copy(connection, name, ("text", "key"), [f"{copy_text(text)}\t{copy_text(key)}\n" for text, key in pairs])
    connection.execute(sql.SQL("analyze {}").format(sql.Identifier(name)))


def _copy(connection: Connection, table: str, columns: tuple[str, str], lines: Iterable[str]) -> None:
    target = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor().copy(target) as copy:
        copy.write("".join(lines))
