"""The counter's side of a case: receive, type, park, resume, hand over, withdraw, refuse (design, section 5).

Every act runs in one transaction with its line of history and its trail entry. Pages send the version they show: a
stale page is refused and nothing typed is lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.law.japan import JAPAN
from daicho.law.reasons import Basis, Reason
from daicho.register.desk import files, guard
from daicho.register.desk.certificate_data import MoveOutCertificateData, fields_of
from daicho.register.desk.errors import CommentMissing, HeldByOther, WrongStatus
from daicho.register.desk.forms.basis import basis_of, is_notice
from daicho.register.desk.forms.catalogue import form_of
from daicho.register.desk.forms.moves import start_notice
from daicho.register.desk.lookup import household_view, left_household
from daicho.register.desk.model import WRITABLE, Case
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


def note(
    connection: Connection, env: Environment, actor: Actor, act: Act, case: Case, people: Iterable[int] = ()
) -> None:
    """Write what was done with a case into the trail. Raises CaseGone where a hidden person is concerned (`guard`)."""
    people = tuple(people)
    guard.require_case(connection, env, actor, case, () if act is Act.CASE_CHANGED else people)
    purpose = Purpose.REVIEW if case.status in ("checked", "reviewed", "decided") else Purpose.CHANGE_NOTIFICATION
    record_act(
        connection,
        env,
        actor,
        act,
        purpose=purpose,
        subjects=people,
        case_id=case.case_id,
        detail={"status": case.status, "version": case.version},
    )


def require(case: Case, *statuses: str) -> None:
    """Raises WrongStatus unless the case is in one of the states."""
    if case.status not in statuses:
        raise WrongStatus(status=case.word)


def require_holder(env: Environment, actor: Actor, case: Case) -> None:
    """Raises HeldByOther unless nobody else works on the case."""
    if case.holder not in (None, actor.officer_id):
        since = (case.held_since or case.updated_at).astimezone(JAPAN)
        raise HeldByOther(officer=case.holder, since=f"{since:%H:%M}")


def receive(
    env: Environment,
    actor: Actor,
    *,
    token: str,
    reason: Reason,
    reception: Mapping[str, str],
    typed: Mapping[str, str] | None = None,
    counter_ticket: str | None = None,
    household_id: int | None = None,
    person_id: int | None = None,
    basis: Basis | None = None,
    certificate: MoveOutCertificateData | None = None,
) -> Case:
    """Open a case (受付). `token` names one sending of the form: a repeat gives the case already made.

    `reception` says who came, by what authority, and which documents were seen (codes and words, no copies);
    `household_id` and `person_id` say from whose screen the case was opened; `basis` is the form's unless given.
    `certificate` is the 転出証明書情報 of a move in with a card: it fills what was not typed.
    Raises NotAllowed, NoForm, NoSuchField.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    form = form_of(reason)
    typed = {**_certified(reason, certificate), **(typed or {})}
    with env.database.transaction() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (token,))
        found = files.find_by_token(connection, env, token)
        if found is not None:
            return found
        household = household_view(connection, household_id, env.clock.today()) if household_id else None
        people = [member.person_id for member in household.members] if household else []
        begun = {**form.start(env.clock.today(), household, person_id), **typed}
        if is_notice(reason, begun):
            left = left_household(connection, household_id, env.clock.today()) if household_id else None
            people = [one.member.person_id for one in left.leavers] if left else []
            begun = {**start_notice(left, person_id), **typed}
        case = files.insert(
            connection,
            env,
            actor,
            token=token,
            reason=reason,
            basis=basis_of(reason, begun, basis or form.basis)[0],
            counter_ticket=counter_ticket or None,
            reception=reception,
            typed=begun,
        )
        note(connection, env, actor, Act.CASE_RECEIVED, case, people)
        return case


def open_case(env: Environment, actor: Actor, number: str) -> Case:
    """Look at a case; the look is in the trail. Raises CaseGone."""
    with env.database.transaction() as connection:
        case = files.find(connection, env, number)
        note(connection, env, actor, Act.CASE_OPENED, case)
        return case


def hold(env: Environment, actor: Actor, number: str, *, take_over: bool = False) -> Case:
    """Open a case for typing: the officer becomes its holder. `take_over` takes it from a colleague, drafts kept.

    A parked case goes on where it was. Raises CaseGone, WrongStatus, HeldByOther.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        if case.status == "parked" and case.parked_from in WRITABLE:
            return _resume(connection, env, actor, case)
        require(case, *WRITABLE)
        if not take_over:
            require_holder(env, actor, case)
        note(connection, env, actor, Act.CASE_OPENED, case)
        if case.holder == actor.officer_id:
            return case
        return files.update(connection, env, actor, case, "hold", **held_by(env, actor))


def save_draft(
    env: Environment,
    actor: Actor,
    number: str,
    version: int,
    typed: Mapping[str, str],
    *,
    focus: str | None = None,
    page: str | None = None,
    background: bool = False,
    certificate: MoveOutCertificateData | None = None,
) -> Case:
    """Keep what was typed, field by field, as typed; fields not sent stay as they were.

    `page` names the opened page, so that its own autosave does not make it stale; a `background` save that arrives
    after its page has gone on changes nothing any more. `certificate` fills the fields that `typed` does not give.

    Whoever types counts as entrant for good. A case that was checked or returned is in entry again once something
    changes. Raises CaseGone, StalePage, WrongStatus, HeldByOther, NoSuchField.
    """
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version, page)
        if background and case.version != version and case.status != "received":
            return case
        require(case, *WRITABLE)
        require_holder(env, actor, case)
        typed = {**_certified(case.reason, certificate), **typed}
        form_of(case.reason).know(typed)
        merged = {**case.typed, **typed}
        guard.require_case(connection, env, actor, replace(case, typed=merged))
        if merged == case.typed:
            return case if focus in (None, case.focus) else _focus(connection, env, actor, case, focus)
        today = env.clock.today().isoformat()
        changed_now = {field: today for field, value in typed.items() if value != case.typed.get(field)}
        changes = {
            "typed": merged,
            "typed_on": {**case.typed_on, **changed_now},
            "page": page,
            "focus": focus or case.focus,
            "basis": basis_of(case.reason, merged, case.basis)[0].value,
            **typed_by(actor, case),
            **held_by(env, actor),
        }
        if case.status == "received":
            return files.update(connection, env, actor, case, "", **changes)
        changed = files.update(connection, env, actor, case, "edit", status="received", **changes)
        note(connection, env, actor, Act.CASE_CHANGED, changed)
        return changed


def _certified(reason: Reason, certificate: MoveOutCertificateData | None) -> dict[str, str]:
    return fields_of(reason, certificate) if certificate is not None else {}


def _focus(connection: Connection, env: Environment, actor: Actor, case: Case, focus: str | None) -> Case:
    return files.update(connection, env, actor, case, "", focus=focus)


def typed_by(actor: Actor, case: Case) -> dict[str, Any]:
    """Column values of a case that this officer has worked on: never again its reviewer."""
    officers = list(case.entered_by)
    if actor.officer_id not in officers:
        officers.append(actor.officer_id)
    return {"entrant": actor.officer_id, "entered_by": officers}


def held_by(env: Environment, actor: Actor) -> dict[str, Any]:
    """Column values of a case that this officer works on now."""
    return {"holder": actor.officer_id, "holder_terminal": actor.terminal_id, "held_since": env.clock.now()}


FREE: dict[str, Any] = {"holder": None, "holder_terminal": None, "held_since": None}
"""Column values of a case that nobody works on."""


def park(env: Environment, actor: Actor, number: str, version: int, reason: str, focus: str | None = None) -> Case:
    """Put a case aside (中断, 保留) at the field where work stopped; any desk may take it up again.

    Raises CaseGone, StalePage, WrongStatus, HeldByOther.
    """
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version)
        require(case, *WRITABLE, "checked")
        require_holder(env, actor, case)
        decide(actor, _right_for(case), on=env.clock.today())
        parked = files.update(
            connection,
            env,
            actor,
            case,
            "park",
            [("", reason)] if reason else [],
            status="parked",
            parked_from=case.status,
            park_reason=reason or None,
            focus=focus or case.focus,
            **FREE,
        )
        note(connection, env, actor, Act.CASE_PARKED, parked)
        return parked


def resume(env: Environment, actor: Actor, number: str) -> Case:
    """Take up a parked case, at any desk, in the state and at the field where it was left.

    Raises CaseGone, WrongStatus, NotAllowed.
    """
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        require(case, "parked")
        return _resume(connection, env, actor, case)


def _resume(connection: Connection, env: Environment, actor: Actor, case: Case) -> Case:
    decide(actor, _right_for(case), on=env.clock.today())
    resumed = files.update(
        connection,
        env,
        actor,
        case,
        "resume",
        status=case.parked_from,
        parked_from=None,
        park_reason=None,
        **held_by(env, actor),
    )
    note(connection, env, actor, Act.CASE_RESUMED, resumed)
    return resumed


def _right_for(case: Case) -> Right:
    status = case.parked_from if case.status == "parked" else case.status
    return Right.CASE_REVIEW if status == "checked" else Right.CASE_ENTER


def withdraw(env: Environment, actor: Actor, number: str, version: int, reason: str) -> Case:
    """End a case because the notifier takes it back. Raises CaseGone, StalePage, WrongStatus, CommentMissing."""
    decide(actor, Right.CASE_ENTER, on=env.clock.today())
    return _end(env, actor, number, version, reason, "withdraw", "withdrawn", (*WRITABLE, "parked"))


def refuse(env: Environment, actor: Actor, number: str, version: int, reason: str) -> Case:
    """Refuse the notification (不受理) with its reason. Raises as `withdraw` does."""
    open_states = (*WRITABLE, "parked", "checked", "reviewed")
    return _end(env, actor, number, version, reason, "refuse", "refused", open_states)


def _end(
    env: Environment,
    actor: Actor,
    number: str,
    version: int,
    reason: str,
    act: str,
    status: str,
    allowed: Iterable[str],
) -> Case:
    if not reason.strip():
        raise CommentMissing(field="comment")
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version)
        require(case, *allowed)
        require_holder(env, actor, case)
        decide(actor, _right_for(case), on=env.clock.today())
        ended = files.update(
            connection,
            env,
            actor,
            case,
            act,
            [("", reason.strip())],
            status=status,
            parked_from=None,
            park_reason=None,
            ended_at=env.clock.now(),
            **FREE,
        )
        note(connection, env, actor, Act.CASE_WITHDRAWN if status == "withdrawn" else Act.CASE_REFUSED, ended)
        return ended
