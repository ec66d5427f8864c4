"""Cases about hidden persons are for the officers who handle them: for everybody else such a case is not there.

The typed fields of a case hold old and new places of people who may be sought. Who began a case before a measure was set
loses sight of it at that moment; an officer with the right `protection.handle` takes it up.
"""

from collections.abc import Iterable

from daicho.access.actor import Actor, Right
from daicho.access.decision import holds
from daicho.register.desk.errors import CaseGone
from daicho.register.desk.model import Case
from daicho.register.store.shield import shielded
from daicho.register.store.suppression import note_refusal
from daicho.wire.environment import Connection, Environment

_PERSON_FIELDS = ("person", "new_head")
_PERSON_PREFIXES = ("m", "r", "b", "o")
_HOUSEHOLD_FIELDS = ("household", "join_household")


def require_case(
    connection: Connection, env: Environment, actor: Actor, case: Case, people: Iterable[int] = ()
) -> None:
    """Raises CaseGone when the case, or one of `people`, is hidden from this officer; the refusal is in the trail."""
    if holds(actor, Right.PROTECTION_HANDLE, on=env.clock.today()):
        return
    hidden = shielded(connection, env, {*people, *persons_of(connection, case)})
    if hidden:
        note_refusal(env, actor, hidden, "case")
        raise CaseGone


def hides(connection: Connection, env: Environment, actor: Actor, people: Iterable[int]) -> bool:
    """Whether one of these persons is hidden and the officer does not handle hidden persons: then it is not there."""
    if holds(actor, Right.PROTECTION_HANDLE, on=env.clock.today()):
        return False
    return bool(shielded(connection, env, people))


def persons_of(connection: Connection, case: Case) -> set[int]:
    """Everybody a case is about, by claim, by typed choice, by the number of a typed household."""
    found = set(case.ids.values())
    for field, value in case.typed.items():
        prefix, _, rest = field.partition(".")
        if prefix in _PERSON_PREFIXES and rest.isdigit() and value.strip():
            found.add(int(rest))
        if field in _PERSON_FIELDS and value.isascii() and value.isdigit() and len(value) < 19:
            found.add(int(value))
    rows = connection.execute(
        "SELECT person_id FROM register.case_person WHERE case_id = %(case)s"
        " UNION SELECT c.person_id FROM register.household h JOIN register.resident_current c USING (household_id)"
        " WHERE h.household_number = ANY (%(numbers)s)",
        {"case": case.case_id, "numbers": [digits(case.typed.get(name, "")) for name in _HOUSEHOLD_FIELDS]},
    )
    return found | {row["person_id"] for row in rows}


def digits(text: str) -> str:
    """The figures of a typed number in ASCII."""
    narrow = text.translate({0xFF10 + figure: 0x30 + figure for figure in range(10)})
    return "".join(one for one in narrow if one.isascii() and one.isdigit())
