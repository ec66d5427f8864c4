"""What is read for which kind of paper, at a preview and again before handing over."""

from collections.abc import Callable, Sequence
from datetime import date

from daicho.access.errors import NotAvailable
from daicho.register.paper import reader, records
from daicho.register.paper.application import Application
from daicho.register.paper.authority import Item
from daicho.register.paper.errors import NobodyChosen, NoSuchIssue
from daicho.register.paper.facts import Facts, Subject
from daicho.register.paper.kinds.catalogue import About, Kind, kind_of
from daicho.register.paper.kinds.values import choose
from daicho.register.paper.reader import Read
from daicho.wire.environment import Connection, Environment

Hidden = Callable[[Sequence[int]], frozenset[int]]
"""Those of many persons who must not appear on a list."""


def gather(connection: Connection, env: Environment, application: Application, on: date, hidden: Hidden) -> Read:
    """The records that a paper speaks of, as known now. Nobody where the household or the persons are not there."""
    kind = kind_of(application.kind)
    items = application.items | kind.always
    if application.reissue_of is not None:
        return _first_issue(connection, env, application, items)
    if kind.about is About.CHANGE:
        read = reader.of_change(connection, env, application.change_id or 0, items)
    elif kind.about is About.LEAVERS:
        read = reader.leavers(connection, env, application.household_id or 0, application.change_id, items)
    elif kind.about is About.TOWN:
        return reader.town(connection, env, application.town_code or "", on, hidden)
    elif kind.about is About.REMOVED:
        read = reader.removed(connection, env, application.person_ids, on, items, application.record_no)
    else:
        read = reader.residents_of(connection, env, application.household_id or 0, on, items)
    read = reader.with_cause(connection, read, application.change_id)
    if kind.about is About.CHANGE and application.household_id not in _households(read):
        return Read(Facts(()))
    people = application.person_ids if kind.has_history or kind.about is About.REMOVED else ()
    return reader.with_history(connection, read, people) if people else read


def _households(read: Read) -> set[int]:
    """Every household that the change touched: a letter is made from one of them."""
    before = {record.household_id for record in read.facts.before.values()}
    return before | {member.record.household_id for member in read.facts.members}


def printed(kind: Kind, read: Read, person_ids: Sequence[int]) -> list[Subject]:
    """Those of the records read who stand on the paper. Raises NobodyChosen."""
    if kind.about is About.HOUSEHOLD:
        return choose(read.facts.members, person_ids)
    if kind.about in (About.CHANGE, About.TOWN):
        return list(read.facts.members)
    if kind.about is About.LEAVERS:
        return choose([m for m in read.facts.members if not m.record.is_resident], person_ids, resident=False)
    chosen = [member for member in read.facts.members if member.person_id in person_ids]
    if len(chosen) != len(set(person_ids)):
        raise NobodyChosen(field="persons")
    return choose(chosen, person_ids, resident=kind.about is not About.REMOVED)


def _first_issue(connection: Connection, env: Environment, application: Application, items: frozenset[Item]) -> Read:
    """The records as they stood when the paper was first issued (STD 4.1.3.0.3). Raises NoSuchIssue."""
    try:
        first = records.certificate_of(connection, application.reissue_of or 0)
    except NotAvailable:
        raise NoSuchIssue from None
    stored = records.application_of(connection, first.application_id)
    same = (stored.application.kind, stored.application.household_id) == (application.kind, application.household_id)
    if (
        not same
        or first.status not in ("issued", "misprinted")
        or not set(application.person_ids) <= set(stored.people)
    ):
        raise NoSuchIssue
    return reader.of_states(
        connection, env, [state for _, state in stored.fingerprint], items, stored.history, stored.ended_by
    )
