"""Who of the register might be the person being entered (STD 4.1.1.2; S14).

One hit is not identity: two people of one city had the same name, birth date and sex and were given one number. So this
only shows, with what agrees in words; a clerk decides with a reason, and nothing is ever linked by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.law.names import address_key, kana_keys, kanji_key
from daicho.register.changes.plan import Match
from daicho.register.store.likeness import (
    Equality,
    Likeness,
    address_part,
    birth_part,
    card_part,
    likeness,
    name_part,
    number_part,
    sex_part,
    swapped,
)
from daicho.register.store.numbers import NumberKind, blind_index
from daicho.register.store.shield import HIDDEN_WORD, shielded
from daicho.wire.environment import Connection, Environment, Row

MOST = 20
"""More are not shown: they would be people of a usual name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of the person being entered. Numbers in clear, never logged."""

    name: str
    name_kana: str | None
    birth: date
    sex: str
    individual_number: str | None = None
    resident_code: str | None = None
    residence_card_number: str | None = None
    other_names: tuple[str, ...] = ()
    """Common name, former family name with the given name, name in kanji."""
    came_from: str | None = None
    goes_to: str | None = None
    """Counts for the points alone: many people live at one address."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of the register, with what agrees. `must_return`: a number agrees, so it is a return (再転入)."""

    person_id: int
    household_id: int
    addressee_number: str
    status: str
    removed_from: date | None
    name: str
    name_kana: str | None
    birth: date
    sex: str
    address: str
    building: str | None
    same_name: Equality
    same_kana: Equality
    same_birth: Equality
    same_sex: Equality
    same_individual_number: Equality
    same_resident_code: Equality
    same_card: Equality
    likeness: Likeness

    def is_resident_on(self, day: date) -> bool:
        """Whether the person is a resident then; a planned move-out counts from its day."""
        return self.status == "resident" and (self.removed_from is None or self.removed_from > day)

    @property
    def must_return(self) -> bool:
        """A number of this person agrees: entering as somebody new is refused."""
        return "same" in (self.same_individual_number, self.same_resident_code, self.same_card)

    @property
    def match(self) -> Match:
        """How strong the likeness is: a number, the three items of STD 4.1.1.2, or some of them."""
        if self.must_return:
            return "number"
        three = self.same_birth == self.same_sex == "same" and "same" in (self.same_name, self.same_kana)
        return "three_items" if three else "similar"


def possible_same(connection: Connection, env: Environment, wanted: Wanted) -> tuple[Candidate, ...]:
    """Candidates, those with an agreeing number first, then by points.

    A number or card agrees; or a name (now, before, or another one) with the birth date, month and day changed round
    included; or birth date and sex with an address; or name with an address. The caller writes the trail (act
    CANDIDATES_SHOWN with these persons as subjects).
    """
    numbers = _holders(connection, env, wanted)
    keys = _Keys.of(wanted)
    rows = connection.execute(
        _FIND,
        {
            "kanji": list(keys.kanji),
            "kana": list(keys.kana),
            "births": [day for day in (wanted.birth, swapped(wanted.birth)) if day],
            "birth": wanted.birth,
            "sex": wanted.sex,
            "holders": sorted({person for people in numbers.values() for person in people}),
            "places": list(keys.came_from),
            "texts": [wanted.came_from] if wanted.came_from else [],
        },
        prepare=False,
    ).fetchall()
    hidden = shielded(connection, env, [row["person_id"] for row in rows])
    found = [
        one
        for row in rows
        for one in [_candidate(_without_place(row) if row["person_id"] in hidden else row, wanted, keys, numbers)]
        if row["person_id"] not in hidden or one.match == "number" or _is_named(one)
    ]
    order = {"number": 0, "three_items": 1, "similar": 2}
    return tuple(sorted(found, key=lambda c: (order[c.match], -c.likeness.points, c.person_id))[:MOST])


def _without_place(row: Row) -> Row:
    """A hidden person is compared by name, birth date and numbers; where this person lives or lived plays no part."""
    nowhere = {"household_id": 0, "address": HIDDEN_WORD, "building": None, "address_key": "", "lived": None}
    return row | nowhere | {"planned_address": None, "confirmed_address": None}


def _is_named(one: "Candidate") -> bool:
    """Whether name and birth date alone bring somebody up: no address that was typed leads to a hidden person."""
    return one.same_birth == "same" and "same" in (one.same_name, one.same_kana)


_FIND = """
    WITH named AS (
        SELECT person_id FROM register.search_name
        WHERE (script = 'kanji' AND key = ANY (%(kanji)s)) OR (script = 'kana' AND key = ANY (%(kana)s))
    ), housed AS (
        SELECT c.person_id FROM unnest(%(places)s::text[]) AS p (key) JOIN register.resident_current c
            ON c.address_key ~>=~ p.key AND c.address_key ~<~ (p.key || chr(1114111))
            WHERE c.birth = %(birth)s OR c.person_id IN (SELECT person_id FROM named)
        UNION
        SELECT a.person_id FROM unnest(%(places)s::text[]) AS p (key) JOIN register.search_address a
            ON a.key ~>=~ p.key AND a.key ~<~ (p.key || chr(1114111))
    ), chosen AS (
        SELECT unnest(%(holders)s::bigint[]) AS person_id
        UNION
        SELECT c.person_id FROM register.resident_current c WHERE c.birth = ANY (%(births)s)
            AND c.person_id IN (SELECT person_id FROM named)
        UNION
        SELECT c.person_id FROM register.resident_current c JOIN housed USING (person_id)
            WHERE (c.birth = %(birth)s AND c.sex = %(sex)s) OR c.person_id IN (SELECT person_id FROM named)
        UNION
        SELECT c.person_id FROM register.resident_current c JOIN register.resident_state s USING (state_id)
            WHERE c.status <> 'resident' AND c.person_id IN (SELECT person_id FROM named)
              AND (s.planned_address = ANY (%(texts)s) OR s.confirmed_address = ANY (%(texts)s))
    )
    SELECT c.*, s.planned_address, s.confirmed_address, s.residence_card_number,
        (SELECT jsonb_agg(jsonb_build_array(n.script, n.key, n.past)) FROM register.search_name n
            WHERE n.person_id = c.person_id AND n.script <> 'given') AS names,
        (SELECT array_agg(a.key) FROM register.search_address a WHERE a.person_id = c.person_id) AS lived,
        (SELECT array_agg(kind) FROM register.number n WHERE n.person_id = c.person_id AND n.released_at IS NULL) AS has
    FROM chosen JOIN register.resident_current c USING (person_id) JOIN register.resident_state s USING (state_id)
    LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class _Keys:
    """What was typed, as search keys."""

    kanji: tuple[str, ...]
    kana: tuple[str, ...]
    came_from: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, wanted: Wanted) -> "_Keys":
        names = (wanted.name, *wanted.other_names)
        return cls(
            kanji=tuple(sorted({key for key in map(kanji_key, names) if key})),
            kana=tuple(kana_keys(wanted.name_kana)) if wanted.name_kana else (),
            came_from=_place_keys(wanted.came_from),
            places=(*_place_keys(wanted.came_from), *_place_keys(wanted.goes_to)),
        )


def _place_keys(address: str | None) -> tuple[str, ...]:
    """The key of an address; 不明 and the like are none."""
    key = address_key(address or "")
    return (key,) if len(key) > 3 else ()


Holders = Mapping[str, set[int]]


def _holders(connection: Connection, env: Environment, wanted: Wanted) -> Holders:
    """Per number typed, who of the register has it."""
    found: dict[str, set[int]] = {}
    pairs: tuple[tuple[NumberKind, str | None], ...] = (
        ("individual_number", wanted.individual_number),
        ("resident_code", wanted.resident_code),
    )
    for kind, number in pairs:
        if number:
            rows = connection.execute(
                "SELECT person_id FROM register.number WHERE kind = %s AND blind_index = %s AND released_at IS NULL",
                (kind, blind_index(env.keys, kind, number)),
            )
            found[kind] = {row["person_id"] for row in rows}
    if wanted.residence_card_number:
        rows = connection.execute(
            "SELECT DISTINCT person_id FROM register.resident_state"
            " WHERE residence_card_number = %s AND upper_inf(known)",
            (wanted.residence_card_number,),
        )
        found["residence_card_number"] = {row["person_id"] for row in rows}
    return found


def _candidate(row: Row, wanted: Wanted, keys: _Keys, numbers: Holders) -> Candidate:
    names: list[tuple[str, str, bool]] = [tuple(one) for one in row["names"] or ()]
    name = name_part("氏名", keys.kanji, (kanji_key(row["name"]),), _of(names, "kanji"), 20)
    own_kana = tuple(kana_keys(row["name_kana"])) if row["name_kana"] else ()
    kana = name_part("フリガナ", keys.kana, own_kana, _of(names, "kana"), 10)
    birth, sex = birth_part(wanted.birth, row["birth"]), sex_part(row["sex"] == wanted.sex)
    held = {*(row["has"] or ()), *(["residence_card_number"] if row["residence_card_number"] else [])}
    individual = number_part("個人番号", _said(row, "individual_number", numbers, held))
    code = number_part("住民票コード", _said(row, "resident_code", numbers, held))
    card = card_part(_said(row, "residence_card_number", numbers, held))
    went_to = [address_key(text) for text in (row["planned_address"], row["confirmed_address"]) if text]
    place = address_part(keys.places, [row["address_key"], *(row["lived"] or ())], went_to)
    values: dict[str, Any] = {field: row[field] for field in _COPIED}
    return Candidate(
        **values,
        same_name=name.equality,
        same_kana=kana.equality,
        same_birth=birth.equality,
        same_sex=sex.equality,
        same_individual_number=individual.equality,
        same_resident_code=code.equality,
        same_card=card.equality,
        likeness=likeness(individual, code, card, name, kana, birth, sex, place),
    )


_COPIED = (
    "person_id",
    "household_id",
    "addressee_number",
    "status",
    "removed_from",
    "name",
    "name_kana",
    "birth",
    "sex",
    "address",
    "building",
)


def _of(names: list[tuple[str, str, bool]], script: str) -> list[str]:
    return [key for of, key, _ in names if of == script]


def _said(row: Row, kind: str, numbers: Holders, held: set[str]) -> Equality:
    """Whether the typed number of a kind is this person's; unknown when either has none."""
    if kind in numbers and row["person_id"] in numbers[kind]:
        return "same"
    return "different" if kind in numbers and kind in held else "unknown"
