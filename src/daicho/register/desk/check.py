"""The check page's side of a case: plan it, decide about candidates, acknowledge, send to review (design, section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.register.changes.codec import to_json
from daicho.register.desk import alerts, files
from daicho.register.desk.case import FREE, held_by, note, require, require_holder, typed_by
from daicho.register.desk.errors import NotAcknowledged, RegisterChanged, StopsRemain, UnknownCode
from daicho.register.desk.forms.catalogue import form_of
from daicho.register.desk.forms.move_in import KINDS
from daicho.register.desk.model import ACK_REASONS, DIFFERENT_REASONS, HOLD_REASONS, SAME_REASONS, WRITABLE, Case
from daicho.register.desk.planning import Prepared, alert_key, prepare
from daicho.register.desk.returning import known_items
from daicho.register.desk.sealed import seal_text
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


@dataclass(frozen=True, slots=True)
class Checked:
    """A case with its plan as of now."""

    case: Case
    prepared: Prepared

    @property
    def is_stale(self) -> bool:
        """Whether the register has changed since the plan that was checked."""
        return self.case.fingerprint != self.prepared.before.fingerprint()

    @property
    def acknowledged(self) -> bool:
        """Whether every warning was acknowledged as it stands now."""
        wanted = {alert_key(alert) for alert in self.prepared.warnings}
        return wanted <= set(self.case.acknowledged.get("alerts", []))


def check(env: Environment, actor: Actor, number: str, version: int, page: str | None = None) -> Checked:
    """Make the case provisional (仮登録): read what was typed, plan it, claim its persons.

    Drafts are saved before (`save_draft`), so nothing typed is lost when this raises EntryIncomplete, PersonClaimed,
    CaseGone, StalePage, WrongStatus or HeldByOther.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version, page)
        require(case, *WRITABLE)
        require_holder(env, actor, case)
        case = replace(case, ids=_draw(connection, env, case))
        prepared = prepare(connection, env, case)
        files.claim(connection, case, _registered(connection, prepared.plan.person_ids))
        checked = files.update(
            connection,
            env,
            actor,
            case,
            "check",
            status="provisional",
            ids=dict(case.ids),
            page=page,
            fingerprint=[list(pair) for pair in prepared.before.fingerprint()],
            notification=to_json(
                prepared.entry.notification, lambda clear: seal_text(env, case.case_id, "notification", clear)
            ),
            **typed_by(actor, case),
            **held_by(env, actor),
        )
        alerts.met(connection, env, actor, checked, prepared.plan.alerts)
        _note_check(connection, env, actor, checked, prepared)
        return Checked(checked, prepared)


def _draw(connection: Connection, env: Environment, case: Case) -> dict[str, int]:
    """The ids of the case with those drawn that are still missing; ids already drawn never change."""
    wanted = [name for name in form_of(case.reason).wanted_ids(case.typed) if name not in case.ids]
    return (
        {**case.ids, **dict(zip(wanted, env.ids.take(connection, len(wanted)), strict=True))}
        if wanted
        else dict(case.ids)
    )


def _registered(connection: Connection, person_ids: tuple[int, ...]) -> list[int]:
    rows = connection.execute(
        "SELECT person_id FROM register.person WHERE person_id = ANY (%s::bigint[])", (list(person_ids),)
    ).fetchall()
    return [row["person_id"] for row in rows]


def _note_check(connection: Connection, env: Environment, actor: Actor, case: Case, prepared: Prepared) -> None:
    seen = {person for person, _ in prepared.before.fingerprint()}
    note(connection, env, actor, Act.CASE_CHECKED, case, seen)
    shown = {one.person_id for people in prepared.candidates.values() for one in people}
    if shown:
        record_act(
            connection,
            env,
            actor,
            Act.CANDIDATES_SHOWN,
            purpose=Purpose.CHANGE_NOTIFICATION,
            subjects=shown,
            case_id=case.case_id,
        )


def look_again(env: Environment, actor: Actor, number: str) -> Checked:
    """The case with its plan as of now, for the check page and the review; the look is in the trail.

    Raises CaseGone, EntryIncomplete.
    """
    with env.database.transaction() as connection:
        case = files.find(connection, env, number)
        prepared = prepare(connection, env, case)
        note(connection, env, actor, Act.CASE_OPENED, case, (person for person, _ in prepared.before.fingerprint()))
        return Checked(case, prepared)


def decide_candidate(
    env: Environment,
    actor: Actor,
    number: str,
    version: int,
    *,
    row: str,
    candidate_id: int,
    same: bool | None,
    reason: str,
) -> Case:
    """Record whether a person of the register is the one of a row (同じ人・別の人・保留), with a reason code.

    The same person becomes a returning resident with the addressee number kept; nothing is ever linked by itself.
    The case is in entry again until it is checked with the decision; one that cannot be decided yet (None) is put
    aside. Raises UnknownCode, StalePage, WrongStatus.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    answer, reasons = _ANSWERS[same]
    if reason not in reasons:
        raise UnknownCode(field="reason", what="理由")
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version)
        require(case, *WRITABLE)
        require_holder(env, actor, case)
        decisions = {key: dict(value) for key, value in case.decisions.items()}
        if same:
            decisions = {k: v for k, v in decisions.items() if not k.startswith(f"{row}:") or v["answer"] != "same"}
        decisions[f"{row}:{candidate_id}"] = {
            "answer": answer,
            "reason": reason,
            "officer": actor.officer_id,
            "at": env.clock.now().isoformat(),
        }
        aside = {"status": "parked", "parked_from": "received", "park_reason": f"同じ人か: {reasons[reason]}", **FREE}
        changes = aside if same is None else {"status": "received"}
        if same:
            changes = {**changes, **_filled(connection, env, actor, case, row, candidate_id)}
        decided = files.update(connection, env, actor, case, "compare", [(row, reason)], decisions=decisions, **changes)
        note(connection, env, actor, Act.CASE_CHANGED, decided, [candidate_id])
        return decided


def _filled(
    connection: Connection, env: Environment, actor: Actor, case: Case, row: str, person_id: int
) -> dict[str, Any]:
    """The fields of the row that the removed record of the same person fills (STD 4.1.1.2)."""
    items = known_items(connection, env, actor, row, person_id, case.typed)
    if not items or case.reason not in KINDS:
        return {}
    today = env.clock.today().isoformat()
    return {"typed": {**case.typed, **items}, "typed_on": {**case.typed_on, **dict.fromkeys(items, today)}}


_ANSWERS: Mapping[bool | None, tuple[str, Mapping[str, str]]] = {
    True: ("same", SAME_REASONS),
    False: ("different", DIFFERENT_REASONS),
    None: ("hold", HOLD_REASONS),
}


def send(
    env: Environment,
    actor: Actor,
    number: str,
    version: int,
    reason: str = "",
    page: str | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Case:
    """Send a checked case to review: no stops, each warning acknowledged with a reason, the register unchanged.

    `reason` holds for all warnings but those that have one of their own in `reasons`, by code (W005) or by the field
    of the page (`alerts.field_of`). What became of each alert is kept. A repeat by the same officer gives the case as sent. Raises StopsRemain, NotAcknowledged, UnknownCode,
    RegisterChanged, EntryIncomplete, StalePage, WrongStatus, HeldByOther.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        if case.status == "checked" and case.entrant == actor.officer_id and case.version == version + 1:
            return case
        case = files.lock(connection, env, number, version, page)
        require(case, "provisional")
        require_holder(env, actor, case)
        prepared = prepare(connection, env, case)
        if prepared.stops:
            raise StopsRemain(count=len(prepared.stops))
        if case.fingerprint != prepared.before.fingerprint():
            raise RegisterChanged
        acknowledged = _acknowledge(env, actor, Checked(case, prepared), reason, reasons or {})
        sent = files.update(
            connection,
            env,
            actor,
            case,
            "send",
            status="checked",
            acknowledged=acknowledged,
            round=case.round + 1,
            sent_at=env.clock.now(),
            **{**typed_by(actor, case), **FREE},
        )
        alerts.met(connection, env, actor, sent, prepared.plan.alerts)
        keys = zip(acknowledged.get("alerts", ()), acknowledged.get("reasons", ()), strict=True)
        alerts.passed(connection, env, actor, sent, dict(keys))
        note(connection, env, actor, Act.CASE_SENT, sent)
        return sent


def _acknowledge(
    env: Environment, actor: Actor, checked: Checked, reason: str, own: Mapping[str, str]
) -> Mapping[str, Any]:
    """A reason for each warning, the common one where it has none of its own (ux.md 3.4).

    Earlier ones stand while the warnings are the same and nothing is keyed.
    """
    warnings = checked.prepared.warnings
    if not warnings:
        return {}
    chosen = {
        alert_key(alert): own.get(alerts.field_of(env, alert)) or own.get(alert.code) or reason for alert in warnings
    }
    if not any(chosen.values()) and checked.acknowledged:
        return checked.case.acknowledged
    for alert in warnings:
        field = alerts.field_of(env, alert) if own else "ack"
        if not chosen[alert_key(alert)]:
            raise NotAcknowledged(field=field)
        if chosen[alert_key(alert)] not in ACK_REASONS:
            raise UnknownCode(field=field, what="確かめた理由")
    return {
        "alerts": list(chosen),
        "codes": [alert.code for alert in warnings],
        "reasons": list(chosen.values()),
        "reason": reason or next(iter(chosen.values())),
        "officer": actor.officer_id,
        "at": env.clock.now().isoformat(),
    }
