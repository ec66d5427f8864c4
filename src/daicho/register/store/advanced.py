"""Search field by field (STD 2.1.3): parts inside names, ranges of dates, relationship, building, codes, blank items.

Rights, purpose, trail and shield are those of the one box: who is hidden is found by name, birth date and card only,
never by a place, and comes without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.law.names import kana_keys, kanji_key
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.query import Query
from daicho.register.store.search import LIMIT, SHOWN, Found, run, shown
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Environment

BLANKS: Mapping[str, tuple[str, LiteralString]] = {
    "resident_code": ("住民票コード", "s.resident_code_id IS NULL"),
    "individual_number": ("個人番号", "s.individual_number_id IS NULL"),
    "name_kana": ("フリガナ", "s.name_kana IS NULL"),
    "domicile": ("本籍(日本人)", "s.domicile IS NULL AND NOT s.is_foreign"),
    "residence_card_number": ("在留カード等番号(外国人)", "s.residence_card_number IS NULL AND s.is_foreign"),
    "stay_until": ("在留期限(外国人)", "s.stay_until IS NULL AND s.is_foreign"),
    "former_family_name_kana": (
        "旧氏のフリガナ",
        "s.former_family_name IS NOT NULL AND s.former_family_name_kana IS NULL",
    ),
    "common_name_kana": ("通称のフリガナ", "s.common_name IS NOT NULL AND s.common_name_kana IS NULL"),
    "town_code": ("住所コード", "s.town_code IS NULL"),
    "removed_reason": ("消除の事由(除票)", "s.removed_reason IS NULL AND s.status <> 'resident'"),
    "birth": ("生年月日(不詳)", "s.birth_precision NOT IN ('day', 'impossible')"),
    "head": ("世帯主(未設定)", "s.head_absent"),
    "former_family_name": ("旧氏(日本人)", "s.former_family_name IS NULL AND NOT s.is_foreign"),
    "common_name": ("通称(外国人)", "s.common_name IS NULL AND s.is_foreign"),
    "building": ("方書", "s.building IS NULL"),
}
"""Items that can be asked for as blank: word and condition (STD 2.1.3)."""
_OFTEN_BLANK = frozenset({"former_family_name", "common_name", "building"})
"""Items that most people lack: asked for together with something else."""
_FEWEST_LETTERS = 2
_PEOPLE = """SELECT c.person_id, 'field' AS why, 0 AS rank, false AS past
    FROM register.resident_current c JOIN register.resident_state s USING (state_id) WHERE """


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must hold, each None or "" when it does not narrow."""

    name: str = ""
    kana: str = ""
    born_from: date | None = None
    born_to: date | None = None
    sex: str = ""
    relationship: str = ""
    town_code: str = ""
    building: str = ""
    removed_reason: str = ""
    removed_from: date | None = None
    removed_to: date | None = None
    card: str = field(default="", repr=False)
    blank: str = ""
    past: bool = False
    """Whether town and building of earlier days are looked through as well (STD 2.1.3)."""


def find(env: Environment, actor: Actor, wanted: Conditions, purpose: Purpose) -> Found:
    """People for whom all conditions hold. Raises NotAllowed, PurposeMissing, UnreadableQuery when it says too little."""
    today = env.clock.today()
    decide(actor, Right.PERSON_SEARCH, on=today, purpose=purpose)
    clauses, values, used = _clauses(wanted)
    query = Query(moment=(today, env.clock.now()), understood=tuple((name, "") for name in used))
    bring_to_today(env)
    hits = _PEOPLE + " AND ".join(clauses)
    with env.database.transaction() as connection:
        rows = run(connection, hits, query, values)
        found, hidden = shown(connection, env, actor, rows[:LIMIT])
        record_act(
            connection,
            env,
            actor,
            Act.SEARCH,
            purpose=purpose,
            subjects=[hit.person_id for hit in found],
            detail={"parts": ",".join(used), "found": len(found), "more": len(rows) > LIMIT, "hidden": hidden},
        )
    return Found(query, found, len(rows) > LIMIT)


def _clauses(wanted: Conditions) -> tuple[list[str], dict[str, Any], list[str]]:
    """Conditions in SQL with their values, and the fields used. Too broad is refused: it would show a whole town."""
    values: dict[str, Any] = {}
    clauses: list[str] = []
    used: list[str] = []

    def add(part: str, clause: str, /, **given: Any) -> None:
        used.append(part)
        clauses.append(clause)
        values.update({f"a_{key}": value for key, value in given.items()})

    _names(wanted, add)
    _days(wanted, add)
    if wanted.sex:
        add("sex", "c.sex = %(a_sex)s", sex=wanted.sex)
    if wanted.relationship:
        related = f"c.relationship = %(a_relationship)s AND c.person_id{SHOWN}"
        add("relationship", related, relationship=wanted.relationship)
    _place(wanted, add)
    if wanted.removed_reason:
        add("removed_reason", f"s.removed_reason = %(a_reason)s AND c.person_id{SHOWN}", reason=wanted.removed_reason)
    if wanted.card:
        add("card", "s.residence_card_number = %(a_card)s", card=wanted.card)
    if wanted.blank in BLANKS:
        add("blank", f"{BLANKS[wanted.blank][1]} AND c.person_id{SHOWN}")
    broad = {"sex", "relationship", "town", "removed_reason"} | ({"building"} if wanted.past else set())
    if not used or (len(used) == 1 and (used[0] in broad or wanted.blank in _OFTEN_BLANK)):
        raise UnreadableQuery(field="name", reason="条件が少なく、該当が多すぎます")
    return clauses, values, used


def _place(wanted: Conditions, add: Any) -> None:
    """Town and part of the building line, of today or of any day known now."""
    conditions: list[tuple[str, str, dict[str, str]]] = []
    if wanted.town_code:
        conditions.append(("town", "{}.town_code = %(a_town)s", {"town": wanted.town_code}))
    if wanted.building:
        key = f"%{_like(wanted.building)}%"
        conditions.append(("building", "replace({}.building, '　', '') LIKE %(a_building)s", {"building": key}))
    for part, condition, given in conditions:
        held = condition.format("s")
        if wanted.past:
            held = (
                "EXISTS (SELECT FROM register.resident_state p WHERE p.person_id = c.person_id AND upper_inf(p.known)"
                f" AND {condition.format('p')})"
            )
        add(part, f"{held} AND c.person_id{SHOWN}", **given)


def _names(wanted: Conditions, add: Any) -> None:
    """Parts inside a name by its search keys, former and other names too."""
    for name, script, keys in (
        ("name", "kanji", [kanji_key(wanted.name)]),
        ("kana", "kana", list(kana_keys(wanted.kana)) if wanted.kana else []),
    ):
        found = [key for key in keys if key]
        if not found:
            continue
        if len(found[0]) < _FEWEST_LETTERS and wanted.born_from is None:
            raise UnreadableQuery(field=name, reason="一文字では該当が多すぎます")
        add(
            name,
            "EXISTS (SELECT FROM register.search_name n WHERE n.person_id = c.person_id"
            f" AND n.script = '{script}' AND n.key LIKE ANY (%(a_{name})s))",
            **{name: [f"%{_like(key)}%" for key in found]},
        )


def _days(wanted: Conditions, add: Any) -> None:
    """Days by range; one end alone stands open."""
    if wanted.born_from or wanted.born_to:
        first, last = wanted.born_from or date.min, wanted.born_to or date.max
        if first > last:
            raise UnreadableQuery(field="born_from", reason="生年月日の範囲が逆です")
        add("birth", "c.birth BETWEEN %(a_born_from)s AND %(a_born_to)s", born_from=first, born_to=last)
    if wanted.removed_from or wanted.removed_to:
        first, last = wanted.removed_from or date.min, wanted.removed_to or date.max
        add(
            "removed",
            f"s.removed_on BETWEEN %(a_removed_from)s AND %(a_removed_to)s AND c.person_id{SHOWN}",
            removed_from=first,
            removed_to=last,
        )


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
