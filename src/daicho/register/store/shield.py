"""Whose place must not show, and to whom it is open now (STD 3.1, 3.4; ux.md 3.5).

Hidden is who stands under a protection in force, who lives under one roof with such a person, and who is suppressed for
inquiry. A protection in force is one that nobody has ended by decision: no date plays a part. What is hidden is
decided by the database at each look, from what is committed then; an opening (S21) lets one officer look for some minutes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from daicho.access.actor import Actor
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.wire.environment import Connection, Environment

KEPT = frozenset(
    {"status", "is_foreign", "name", "name_kana", "name_kana_checked", "name_reading", "sex", "birth", "foreign_name_kana",
     "foreign_name_kanji", "common_name", "common_name_kana", "parallel_name", "parallel_name_kana",
     "former_family_name", "former_family_name_kana", "maiden_name"}
)  # fmt: skip
"""What of a hidden record may be shown: who it is, nothing of where. Everything else is left out, new fields too.

Not even the relationship: a daughter who stands as 子 lives with her parents. `status` only sorts, screens do not say it."""
HIDDEN_WORD = "表示しません"
_BLANK: dict[str, Any] = {"household_id": 0, "municipality_code": "", "address": "", "relationship": ""}

_NO_DAY = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Shield:
    """Of some persons those who are hidden from an officer now; `own` are protected themselves, `homes` where they live."""

    hidden: frozenset[int]
    own: frozenset[int]
    homes: frozenset[int]
    opened: frozenset[int]
    """Those who would be hidden and are open to this officer for now."""

    def hides(self, person_id: int) -> bool:
        """Whether this person is shown without a place."""
        return person_id in self.hidden


NOTHING = Shield(frozenset(), frozenset(), frozenset(), frozenset())


def look(
    connection: Connection,
    env: Environment,
    actor: Actor,
    person_ids: Iterable[int],
    kinds: Sequence[str] = ("look", "issue"),
) -> Shield:
    """What this officer may not see of these persons at this moment; `kinds` of openings that count."""
    found = shielded(connection, env, person_ids)
    if not found:
        return NOTHING
    opened = opened_to(connection, env, actor, kinds) & found.keys()
    hidden = frozenset(found.keys() - opened)
    return Shield(
        hidden=hidden,
        own=frozenset(person for person, own in found.items() if own),
        homes=_homes(connection, env, hidden),
        opened=frozenset(opened),
    )


def shielded(connection: Connection, env: Environment, person_ids: Iterable[int]) -> dict[int, bool]:
    """Of these persons those who are hidden from everybody without an opening; True: protected themselves.

    Two records linked as one person (`links`) are hidden together.
    """
    rows = connection.execute(
        "SELECT person_id, own FROM register.hidden_of(%s::bigint[], %s::date, %s::timestamptz)",
        (sorted(set(person_ids)), env.clock.today(), env.clock.now()),
    )
    return {row["person_id"]: row["own"] for row in rows}


def opened_to(connection: Connection, env: Environment, actor: Actor, kinds: Sequence[str]) -> frozenset[int]:
    """The persons whose records are open to this officer at this terminal now, by a second person's decision."""
    now = env.clock.now()
    rows = connection.execute(
        "SELECT DISTINCT unnest(o.person_ids) AS person_id FROM register.opening o"
        " JOIN register.opening_decision d USING (opening_id)"
        " WHERE o.requested_by = %s AND o.terminal = %s AND o.kind = ANY (%s) AND d.outcome = 'approved'"
        " AND d.decided_at <= %s AND %s < d.until_at AND o.requested_at > %s::timestamptz - interval '1 day'",
        (actor.officer_id, actor.terminal_id, list(kinds), now, now, now),
    )
    return frozenset(row["person_id"] for row in rows)


def _homes(connection: Connection, env: Environment, person_ids: frozenset[int]) -> frozenset[int]:
    rows = connection.execute(
        "SELECT DISTINCT household_id FROM register.resident_current WHERE person_id = ANY (%s::bigint[])"
        " AND status = 'resident' AND (removed_from IS NULL OR removed_from > %s::date)",
        (sorted(person_ids), env.clock.today()),
    )
    return frozenset(row["household_id"] for row in rows)


def masked(record: ResidentRecord) -> ResidentRecord:
    """The record of a hidden person: who, not where."""
    kept: dict[str, Any] = {name: getattr(record, name) for name in KEPT}
    return ResidentRecord(**kept, **_BLANK)


def masked_row(row: StateRow) -> StateRow:
    """A state of a hidden person: not even since when it holds, nor how many came before it."""
    return replace(
        row, history_no=0, made_by=0, written_by=0, valid_from=_NO_DAY, valid_to=None, record=masked(row.record)
    )


def hidden_fields() -> frozenset[str]:
    """The fields of a record that are never shown of a hidden person."""
    return frozenset(one.name for one in fields(ResidentRecord)) - KEPT
