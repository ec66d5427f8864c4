"""Qualifications that offices keep, taken over from the in-city link (住基法7条10号から11号の2; R-ACQ-03, R-ACQ-19).

They arrive by one contract, from commons, for one person, with these items and no others. Each becomes a change ex officio
through the one door of all changes, so that it has its history, its trail and its message like any other.
"""

from typing import Any

from daicho.access.actor import Actor
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.amend_errors import NothingAmended
from daicho.register.changes.amendable import ITEMS
from daicho.register.changes.amendment import plan, scope
from daicho.register.changes.notification_amend import Amendment, NewValue
from daicho.register.store.commit import Request, register
from daicho.register.store.errors import QualificationOfNobody, QualificationWaits
from daicho.register.store.read import live_rows, read_before
from daicho.wire.contracts.qualification_changed import Qualification, QualificationChanged
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.message import Envelope

GROUND = "7"
DECIDER = "link"
"""Who decides in the trail: the agreed contract, not an officer."""
_FIELDS: dict[str, dict[str, str]] = {
    "health_insurance": {
        "state": "health_insurance", "retired": "health_insurance_retired", "since": "health_insurance_from",
        "until": "health_insurance_to",
    },
    "elderly_medical": {
        "state": "elderly_medical", "since": "elderly_medical_from", "until": "elderly_medical_to",
    },
    "care_insurance": {"state": "care_insurance", "since": "care_insurance_from", "until": "care_insurance_to"},
    "pension": {
        "number": "pension_number", "pension_kind": "pension_kind", "insurance": "pension_insurance",
        "benefit": "pension_benefit", "since": "pension_from", "until": "pension_to", "kind_on": "pension_kind_on",
    },
    "child_allowance": {"state": "child_allowance", "since": "child_allowance_from", "until": "child_allowance_to"},
}  # fmt: skip
"""By the kind of qualification: the contract's field → the record's."""


def take(connection: Connection, env: Environment, envelope: Envelope, content: QualificationChanged) -> None:
    """Register one person's qualification from its day on; what stands there already is no change.

    Raises QualificationOfNobody, QualificationWaits, ChangeSuppressed and what the plan of an amendment refuses.
    """
    person = _person(connection, content.addressee_number)
    household_id = _household(connection, person["person_id"], content)
    wanted = Amendment(
        reason=Reason.EX_OFFICIO_AMENDMENT,
        household_id=household_id,
        person_ids=(person["person_id"],),
        change_date=content.effective_on,
        notified_on=env.clock.today(),
        basis=Basis.NOTICE,
        ground=GROUND,
        values=tuple(_values(content.qualification)),
    )
    needed = scope(wanted)
    before = read_before(connection, needed.household_ids, needed.person_ids, wanted.on)
    request = Request(
        plan_of=lambda seen: plan(seen, wanted, env.clock.today()),
        on=wanted.on,
        household_ids=needed.household_ids,
        person_ids=needed.person_ids,
        fingerprint=before.fingerprint(),
        entrant=content.office,
        reviewer=DECIDER,
        decider=DECIDER,
    )
    try:
        with connection.transaction():
            register(connection, env, _actor(env, content.office), request)
    except NothingAmended:
        return


def _person(connection: Connection, number: str) -> Row:
    row = connection.execute(
        "SELECT p.person_id, EXISTS (SELECT FROM register.case_person c WHERE c.person_id = p.person_id AND c.open)"
        " AS in_a_case FROM register.person p WHERE p.addressee_number = %s",
        (number,),
    ).fetchone()
    if row is None:
        raise QualificationOfNobody
    if row["in_a_case"]:
        raise QualificationWaits
    return row


def _household(connection: Connection, person_id: int, content: QualificationChanged) -> int:
    """The household in which the person stands on the day. Raises QualificationOfNobody without a resident record then."""
    for state in live_rows(connection, [person_id]).get(person_id, ()):
        ends_later = state.valid_to is None or state.valid_to > content.effective_on
        if state.valid_from <= content.effective_on and ends_later and state.record.is_resident:
            return state.record.household_id
    raise QualificationOfNobody


def _values(told: Qualification) -> list[NewValue]:
    found = []
    for field, item in _FIELDS[told.kind].items():
        value: Any = getattr(told, field)
        kind = "day" if ITEMS[item].kind in ("day", "any_day") else "text"
        found.append(NewValue(item=item, **{kind: value}))
    return found


def _actor(env: Environment, office: str) -> Actor:
    """Who acts in the trail: the office's system, with the right that the contract gives it."""
    return Actor(
        officer_id=office,
        name="庁内連携",
        roles=frozenset({"reviewer"}),
        department="共通基盤",
        office="庁内連携",
        terminal_id="commons",
        terminal_name="庁内連携",
        session_ref="wire",
        signed_on_at=env.clock.now(),
    )
