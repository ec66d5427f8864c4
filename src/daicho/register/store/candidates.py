"""Who of the register might be the person being entered (STD 4.1.1.2).

One hit is not identity: two people of one city had the same name, birth date and sex and were given one number. So this
only shows; a clerk decides with a reason, and nothing is ever linked by itself.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from daicho.law.names import kana_keys, kanji_key
from daicho.register.store.numbers import NumberKind, blind_index
from daicho.wire.environment import Connection, Environment

Equality = Literal["same", "different", "unknown"]
"""一致, 不一致, 不明."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of the person being entered. Numbers in clear, never logged."""

    name: str
    name_kana: str | None
    birth: date
    sex: str
    individual_number: str | None = None
    resident_code: str | None = None


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

    def is_resident_on(self, day: date) -> bool:
        """Whether the person is a resident then; a planned move-out counts from its day."""
        return self.status == "resident" and (self.removed_from is None or self.removed_from > day)

    @property
    def must_return(self) -> bool:
        """A number of this person agrees: entering as somebody new is refused."""
        return "same" in (self.same_individual_number, self.same_resident_code)


def possible_same(connection: Connection, env: Environment, wanted: Wanted) -> tuple[Candidate, ...]:
    """Candidates, those with an agreeing number first: same number, or same birth date and sex with a name that agrees.

    The caller writes the trail (act CANDIDATES_SHOWN with these persons as subjects).
    """
    numbers = _holders(connection, env, wanted)
    kanji = kanji_key(wanted.name)
    kana = list(kana_keys(wanted.name_kana)) if wanted.name_kana else []
    rows = connection.execute(
        "SELECT c.*, EXISTS (SELECT 1 FROM register.search_name n WHERE n.person_id = c.person_id"
        "  AND n.script = 'kanji' AND n.key = %(kanji)s) AS same_name,"
        " EXISTS (SELECT 1 FROM register.search_name n WHERE n.person_id = c.person_id"
        "  AND n.script = 'kana' AND n.key = ANY (%(kana)s)) AS same_kana,"
        " (SELECT array_agg(kind) FROM register.number n WHERE n.person_id = c.person_id AND n.released_at IS NULL)"
        "  AS has"
        " FROM register.resident_current c"
        " WHERE c.person_id = ANY (%(holders)s::bigint[]) OR (c.birth = %(birth)s AND c.sex = %(sex)s)",
        {
            "kanji": kanji,
            "kana": kana,
            "holders": sorted({p for people in numbers.values() for p in people}),
            "birth": wanted.birth,
            "sex": wanted.sex,
        },
    ).fetchall()
    found = [_candidate(row, wanted, numbers) for row in rows]
    chosen = [c for c in found if c.must_return or "same" in (c.same_name, c.same_kana)]
    return tuple(sorted(chosen, key=lambda c: (not c.must_return, c.same_name != "same", c.person_id)))


def _holders(connection: Connection, env: Environment, wanted: Wanted) -> dict[NumberKind, set[int]]:
    found: dict[NumberKind, set[int]] = {}
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
    return found


def _candidate(row: dict[str, object], wanted: Wanted, numbers: dict[NumberKind, set[int]]) -> Candidate:
    values = {name: row[name] for name in _COPIED}
    return Candidate(
        **values,  # type: ignore[arg-type]
        same_name=_said(bool(row["same_name"])),
        same_kana=_said(bool(row["same_kana"])) if wanted.name_kana else "unknown",
        same_birth=_said(row["birth"] == wanted.birth),
        same_sex=_said(row["sex"] == wanted.sex),
        same_individual_number=_number_said(row, "individual_number", numbers),
        same_resident_code=_number_said(row, "resident_code", numbers),
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


def _said(equal: bool) -> Equality:
    return "same" if equal else "different"


def _number_said(row: dict[str, object], kind: NumberKind, numbers: dict[NumberKind, set[int]]) -> Equality:
    held = row["has"]
    if kind not in numbers or not isinstance(held, list) or kind not in held:
        return "unknown"
    return _said(row["person_id"] in numbers[kind])
