"""異動の取消し（増・減・修正） (STD 4.6): what would stand had a change never been (docs/decisions/0013).

It deletes nothing. A change is taken back for all of its people or for some of those who moved; whoever it only
touched (a relationship that followed) goes with the head. Whoever would have no record any more keeps a removed one.
What later changes set stays on its own days. Where that is impossible the cancellation is refused and names the change
that has to be taken back first. A cancellation is taken back in the same way.
"""

from collections.abc import Iterable
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Kind, Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.cancellation_household import Settled, settle
from daicho.register.changes.errors import (
    AlreadyCancelled,
    ChangeGone,
    LaterChangeRelies,
    NobodyMoves,
    NothingToRestore,
    PlanOutdated,
)
from daicho.register.changes.known import Past, PastChange, shown
from daicho.register.changes.notification import Cancellation
from daicho.register.changes.plan import Alert, Before, Effect, PersonBefore, Plan, Scope
from daicho.register.changes.retroactive import Line, effects_from, effects_to, line_of, merged, record_on, split_at
from daicho.register.changes.rules import check_notified
from daicho.register.changes.undoing import days_written, fields_set, line_without

_REASONS = {
    Kind.ENTER: Reason.CANCELLATION_REMOVAL,
    Kind.REMOVE: Reason.CANCELLATION_ENTRY,
    Kind.AMEND: Reason.CANCELLATION_AMENDMENT,
}
_PAIRED = frozenset(
    {Reason.ENTRY_NATURALISATION, Reason.ENTRY_NATIONALITY_LOSS, Reason.RENEWAL_ENTRY, Reason.RESTORATION_ENTRY}
)
"""Of these one record ends and the next begins: nobody comes or goes."""
_WHERE = frozenset({"household_id", "status", "settled_on"})


def cancelling_reason(reason: Reason) -> Reason:
    """増 takes back a removal, 減 an entry, 修正 an amendment (STD 4.6.0.1)."""
    return Reason.CANCELLATION_AMENDMENT if reason in _PAIRED else _REASONS[reason.kind]


def scope(notification: Cancellation) -> Scope:
    """Every household in which the people have stood since, the new one, and everybody whom the change touched."""
    new = () if notification.new_household_id is None else (notification.new_household_id,)
    return Scope(
        tuple(sorted({*notification.household_ids, *new})),
        tuple(sorted(set(notification.involved_ids))),
    )


def plan(before: Before, notification: Cancellation, today: date) -> Plan:
    """Take a change back for the chosen people.

    Raises C018, C019, C022, C029, C031, C041-C048, L401, L402.
    """
    check_notified(notification.notified_on, notification.basis, today)
    past = before.past
    if past is None or notification.change_id not in past.changes:
        raise ChangeGone
    change = past.changes[notification.change_id]
    if set(change.people) != set(notification.involved_ids):
        raise ChangeGone
    people = _taken_back(past, change, notification.person_ids)
    if before.on != notification.first_day or before.on > min(_first_day(past, change, one) for one in change.people):
        raise PlanOutdated
    reason = cancelling_reason(change.reason)
    lines = {one: _line(before, past, change, one, reason, notification) for one in people}
    settled = settle(before, past, change, lines, notification)
    return Plan(
        reason,
        notification.basis,
        change.change_date,
        notification.notified_on,
        tuple(_effects(before, past, change, people, settled)),
        (*_alerts(before, past, change, people), *settled.alerts),
        cancels=change.change_id,
    )


def _taken_back(past: Past, change: PastChange, chosen: Iterable[int]) -> tuple[int, ...]:
    """Everybody for whom the change is taken back: the chosen movers, and whoever followed them."""
    wanted = set(chosen)
    movers = {one for one, part in change.people.items() if part.role == "mover"}
    if not wanted:
        raise NobodyMoves("person_ids")
    if not wanted <= movers:
        raise ChangeGone
    if not all(past.is_in_force(change.change_id, one) for one in wanted):
        raise AlreadyCancelled
    followers = set(change.people) - movers
    if wanted != movers and not any(_was_head(past, change, one) for one in wanted):
        followers = set()
    found = {one for one in wanted | followers if past.is_in_force(change.change_id, one)}
    for later in past.changes.values():
        if later.corrects == change.change_id and any(past.is_in_force(later.change_id, one) for one in later.people):
            raise LaterChangeRelies(later=shown(later))
    return tuple(sorted(found))


def _was_head(past: Past, change: PastChange, person_id: int) -> bool:
    rows = past.rows_before(change.change_id, person_id)
    return any(row.record.is_resident and row.record.relationship == "02" for row in rows[-1:])


def _first_day(past: Past, change: PastChange, person_id: int) -> date:
    return days_written(past, person_id, change.change_id)[0]


def _line(
    before: Before, past: Past, change: PastChange, person_id: int, reason: Reason, notification: Cancellation
) -> Line:
    """What stands of one person without the change, from its first day on; before that day nothing differs."""
    first = _first_day(past, change, person_id)
    without = line_without(past, person_id, change.change_id)
    under = record_on(without, first)
    _check_later(past, change, person_id, came=under is None or not under.is_resident)
    if under is not None:
        return without
    if change.people[person_id].kind != "enter":
        raise NothingToRestore
    now = split_at(line_of(before.person(person_id)), first)
    removed = {
        "status": "removed",
        "removed_on": LegalDate(change.change_date.on, change.change_date.precision, change.change_date.text),
        "removed_notified_on": notification.notified_on,
        "removed_reason": reason.word,
        "removed_basis": notification.basis.word,
        # What the entry brought is free for its true holder (docs/decisions/0002).
        "individual_number_id": None,
        "resident_code_id": None,
    }
    return merged([(begins, record.with_(**removed)) for begins, record in now if begins >= first])


def _check_later(past: Past, change: PastChange, person_id: int, *, came: bool) -> None:
    """Raises LaterChangeRelies: where somebody was moved, removed or entered since, that has to be taken back first.

    After an entry any later move or removal rests on it, unless the person was a resident before (`came` says who was
    not); after a removal a later entry does (the person returned). Of two records that followed the later one goes first.
    """
    kind, own = change.people[person_id].kind, fields_set(past, person_id, change.change_id)
    for later in reversed(_later(past, change, person_id)):
        moved = came and kind == "enter" and bool(_WHERE & fields_set(past, person_id, later.change_id))
        next_record = "record_no" in own & fields_set(past, person_id, later.change_id)
        came_back = kind == "remove" and later.people[person_id].kind == "enter"
        if moved or came_back or next_record:
            raise LaterChangeRelies(later=shown(later))


def _effects(
    before: Before, past: Past, change: PastChange, people: tuple[int, ...], settled: Settled
) -> Iterable[Effect]:
    """Of those for whom the change is taken back always, so that the list of changes names them; of others as needed."""
    for person_id, line in sorted(settled.lines.items()):
        person: PersonBefore = before.person(person_id)
        if person_id in people:
            role = change.people[person_id].role
            yield from effects_from(person, line, _first_day(past, change, person_id), role)
        else:
            yield from effects_to(person, line)


def _alerts(before: Before, past: Past, change: PastChange, people: tuple[int, ...]) -> Iterable[Alert]:
    """What stays of later changes, and who is left out."""
    left = {one for one, part in change.people.items() if part.role == "mover"} - set(people)
    if left:
        yield alert("W021", count=len(left))
    for person_id in people:
        for later in _later(past, change, person_id):
            yield alert("W020", person_id, later=shown(later))
        now = before.person(person_id).states[-1].record
        is_new = record_on(line_without(past, person_id, change.change_id), date.max) is None
        if is_new and (now.individual_number_id or now.resident_code_id):
            yield alert("W022", person_id)


def _later(past: Past, change: PastChange, person_id: int) -> list[PastChange]:
    """Changes of a person registered since that count, cancellations and removing halves of pairs apart."""
    found = (
        one
        for one in past.changes.values()
        if one.recorded_at > change.recorded_at
        and one.cancels is None
        and person_id in one.people
        and days_written(past, person_id, one.change_id)
    )
    in_order = sorted(found, key=lambda one: one.recorded_at)
    return [one for one in in_order if past.is_in_force(one.change_id, person_id)]
