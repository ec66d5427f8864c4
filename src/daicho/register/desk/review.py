"""The other officer's side of a case: take, key again, approve, return, decide and register (design, section 5).

Whoever typed into a case can neither review nor decide it: here, and again by constraints of the database. The reviewer
keys birth dates and the change date again without seeing them; a mismatch is keyed a third time from the document,
which settles it, and a case whose entry does not agree with the document goes back to the entrant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide, require_other_officer
from daicho.law.dates import LegalDate, parse_legal_date
from daicho.law.errors import DaichoError
from daicho.register.desk import files
from daicho.register.desk.case import FREE, held_by, note, require, require_holder
from daicho.register.desk.errors import CommentMissing, NoSuchField, RekeyMissing
from daicho.register.desk.model import Case
from daicho.register.desk.planning import plan_again, read_entry, require_candidates_decided
from daicho.register.store.commit import Request, register
from daicho.trail.act import Act
from daicho.wire.environment import Connection, Environment

NEXT_DAYS = 1
"""A change date may be keyed up to this many years ahead (a planned move-out)."""


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """One field keyed again: `outcome` match, mismatch (a third keying is due), settled or unsettled."""

    field: str
    keyed: str
    attempt: int
    outcome: str
    officer: str
    at: datetime


def require_other(actor: Actor, case: Case) -> None:
    """Raises SameOfficer for everybody who typed into the case."""
    for officer in case.entered_by:
        require_other_officer(officer, actor.officer_id)


def take(env: Environment, actor: Actor, number: str, *, take_over: bool = False) -> Case:
    """Take a waiting case for review; `take_over` takes it from another reviewer, who has left it open.

    What was keyed again so far stays. Raises CaseGone, WrongStatus, SameOfficer, HeldByOther.
    """
    decide(actor, Right.CASE_REVIEW, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        require_other(actor, case)
        if case.status == "parked" and case.parked_from == "checked":
            return _took(connection, env, actor, case, status="checked", parked_from=None, park_reason=None)
        require(case, "checked", "reviewed")
        if not take_over:
            require_holder(env, actor, case)
        if case.holder == actor.officer_id:
            return case
        return _took(connection, env, actor, case)


def _took(connection: Connection, env: Environment, actor: Actor, case: Case, **changes: Any) -> Case:
    taken = files.update(
        connection,
        env,
        actor,
        case,
        "take",
        **held_by(env, actor),
        **changes,
    )
    note(connection, env, actor, Act.CASE_TAKEN, taken)
    return taken


def give_back(env: Environment, actor: Actor, number: str, version: int) -> Case:
    """Leave a case to the queue again without deciding. Raises CaseGone, StalePage, WrongStatus, HeldByOther."""
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version)
        require(case, "checked", "reviewed")
        require_holder(env, actor, case)
        return files.update(connection, env, actor, case, "release", **FREE)


def rekeyed(connection: Connection, case: Case) -> dict[str, Rekeyed]:
    """The last keying of each field in this round of review."""
    rows = connection.execute(
        "SELECT DISTINCT ON (field) field, keyed, attempt, outcome, officer, at FROM register.case_rekey"
        " WHERE case_id = %s AND round = %s ORDER BY field, attempt DESC",
        (case.case_id, case.round),
    ).fetchall()
    return {row["field"]: Rekeyed(**row) for row in rows}


def rekey(
    env: Environment, actor: Actor, number: str, keyed: Mapping[str, str], third: Mapping[str, str] | None = None
) -> dict[str, Rekeyed]:
    """Compare what the reviewer keyed from the document with the entry; blank fields are left for later.

    `keyed` is the second keying of a field, after the entry's own: it counts once, whatever is sent again. `third`
    settles a mismatch: when it does not agree with the entry the case returns to the entrant at once. Raises CaseGone, WrongStatus, SameOfficer, HeldByOther, NoSuchField, and L201-L205 with the field.
    """
    decide(actor, Right.CASE_REVIEW, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        require_other(actor, case)
        require(case, "checked")
        require_holder(env, actor, case)
        wanted = read_entry(connection, env, case).rekeys
        known = rekeyed(connection, case)
        readings = [
            (field, attempt, _read(env, field, text, wanted))
            for attempt, fields in ((1, keyed), (2, third or {}))
            for field, text in fields.items()
            if text.strip() and _is_due(known.get(field), attempt)
        ]
        for field, attempt, reading in readings:
            outcome = _outcome(attempt, reading == wanted[field])
            _write(connection, env, actor, case, field, attempt, reading.wareki, outcome)
        if readings:
            note(connection, env, actor, Act.CASE_REKEYED, case)
        after = rekeyed(connection, case)
        wrong = [field for field, result in after.items() if result.outcome == "unsettled"]
        if wrong:
            comments = [(field, "審査で打ち直した値が入力と違います。書類と見比べてください。") for field in wrong]
            _return(connection, env, actor, case, comments)
        return after


def _is_due(known: Rekeyed | None, attempt: int) -> bool:
    return known is None if attempt == 1 else known is not None and known.outcome == "mismatch"


def _outcome(attempt: int, agrees: bool) -> str:
    if attempt == 1:
        return "match" if agrees else "mismatch"
    return "settled" if agrees else "unsettled"


def _read(env: Environment, field: str, text: str, wanted: Mapping[str, LegalDate]) -> LegalDate:
    if field not in wanted:
        raise NoSuchField(field=field)
    try:
        return parse_legal_date(text, env.clock.today(), future=field == "change_date")
    except DaichoError as error:
        error.field = field
        raise


def _write(
    connection: Connection,
    env: Environment,
    actor: Actor,
    case: Case,
    field: str,
    attempt: int,
    keyed: str,
    outcome: str,
) -> None:
    connection.execute(
        "INSERT INTO register.case_rekey (case_id, round, field, attempt, keyed, outcome, officer, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (case.case_id, case.round, field, attempt, keyed, outcome, actor.officer_id, env.clock.now()),
    )


def _require_rekeyed(connection: Connection, env: Environment, case: Case) -> None:
    results = rekeyed(connection, case)
    wanted = read_entry(connection, env, case).rekeys
    missing = sum(field not in results for field in wanted)
    different = sum(result.outcome in ("mismatch", "unsettled") for result in results.values())
    if missing or different:
        raise RekeyMissing(missing=missing, different=different)


def return_case(env: Environment, actor: Actor, number: str, version: int, comments: Iterable[tuple[str, str]]) -> Case:
    """Send a case back to its entrant with comments on fields ("" for the whole case).

    Raises CaseGone, StalePage, WrongStatus, SameOfficer, HeldByOther, CommentMissing.
    """
    decide(actor, Right.CASE_REVIEW, on=env.clock.today())
    kept = [(field, text.strip()) for field, text in comments if text.strip()]
    if not kept:
        raise CommentMissing(field="comment")
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number, version)
        require_other(actor, case)
        require(case, "checked", "reviewed")
        require_holder(env, actor, case)
        return _return(connection, env, actor, case, kept)


def _return(
    connection: Connection, env: Environment, actor: Actor, case: Case, comments: list[tuple[str, str]]
) -> Case:
    focus = next((field for field, _ in comments if field), case.focus)
    returned = files.update(
        connection, env, actor, case, "return", comments, status="returned", reviewer=None, focus=focus, **FREE
    )
    note(connection, env, actor, Act.CASE_RETURNED, returned)
    return returned


def approve(env: Environment, actor: Actor, number: str, version: int, *, go_on: bool = True) -> Case:
    """Approve a case whose fields have been keyed again (審査).

    With `go_on` an officer who may decide also decides and registers it, in the same transaction; otherwise it waits
    for somebody who decides. A repeat by the same officer, after a lost answer, gives the case as it stands.
    Raises CaseGone, StalePage, WrongStatus, SameOfficer, HeldByOther, RekeyMissing and what `register` raises.
    """
    decide(actor, Right.CASE_REVIEW, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        if _done_before(actor, case, go_on):
            return case
        case = files.lock(connection, env, number, version)
        require_other(actor, case)
        require(case, "checked")
        require_holder(env, actor, case)
        _require_rekeyed(connection, env, case)
        case = files.update(
            connection, env, actor, case, "approve", status="reviewed", reviewer=actor.officer_id, **FREE
        )
        note(connection, env, actor, Act.CASE_REVIEWED, case)
        return _register(connection, env, actor, case) if go_on else case


def _done_before(actor: Actor, case: Case, go_on: bool) -> bool:
    if case.status == "registered":
        return actor.officer_id in (case.reviewer, case.decider)
    return not go_on and case.status == "reviewed" and case.reviewer == actor.officer_id


def decide_case(env: Environment, actor: Actor, number: str, version: int) -> Case:
    """Decide a reviewed case (決裁) and register it, in one transaction. A repeat gives the registered case.

    Raises CaseGone, StalePage, WrongStatus, SameOfficer, HeldByOther and what `register` raises; then nothing is
    registered and the case is as before.
    """
    decide(actor, Right.CASE_DECIDE, on=env.clock.today())
    with env.database.transaction() as connection:
        case = files.lock(connection, env, number)
        if case.status == "registered" and case.decider == actor.officer_id:
            return case
        case = files.lock(connection, env, number, version)
        require_other(actor, case)
        require(case, "reviewed")
        require_holder(env, actor, case)
        return _register(connection, env, actor, case)


def _register(connection: Connection, env: Environment, actor: Actor, case: Case) -> Case:
    """Decide and register a reviewed case: its status and its change are one transaction."""
    case = files.update(connection, env, actor, case, "decide", status="decided", decider=actor.officer_id, **FREE)
    entry = read_entry(connection, env, case)
    require_candidates_decided(connection, env, entry)
    registered = register(
        connection,
        env,
        actor,
        Request(
            plan_of=plan_again(env, entry),
            on=entry.on,
            household_ids=entry.household_ids,
            person_ids=entry.person_ids,
            fingerprint=case.fingerprint or (),
            entrant=case.entrant,
            reviewer=case.reviewer or actor.officer_id,
            decider=actor.officer_id,
            case_id=case.case_id,
            with_past=entry.change.needs_past,
        ),
    )
    return files.update(
        connection,
        env,
        actor,
        case,
        "register",
        status="registered",
        change_id=registered.change_id,
        ended_at=registered.recorded_at,
    )
