"""Papers that a change makes by itself, in the flow of its registration (STD 4.1.3.0.3, 4.3.3).

Made, not handed over: the number is reserved and the pages are shown; whoever registered looks and hands over. What cannot
be made now (a stopped press, a suppressed person, no right to issue here) stays offered on the same page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daicho.access.actor import Actor
from daicho.law.errors import DaichoError
from daicho.register.paper import issue, offers, reader
from daicho.register.paper.application import Application
from daicho.register.paper.authority import Authority
from daicho.register.paper.facts import Facts, Subject
from daicho.register.paper.issue import Counter
from daicho.register.paper.kinds.catalogue import KINDS, Kind
from daicho.wire.environment import Connection, Environment

CERTIFICATES = ("move_out", "move_out_equivalent")
NOTICES = (*offers.CODE_NOTICES.values(), offers.CODE_CORRECTION)
_OFFICE_CARD, _TO_OFFICES, _TO_CITY = "6", "11", "12"
_SHOWN = {"01": "1", "02": "2", "03": "3", "04": "4", "05": "7", "06": "7", "11": "5", "12": "5"}
"""What was shown at reception, in the codes of an application."""
_PROXY, _NOBODY = "3", "5"


@dataclass(frozen=True, slots=True)
class Made:
    """One paper that stands ready or was handed over: its application."""

    application_id: int
    kind: Kind
    issued: bool


def make(
    env: Environment, counter: Counter, actor: Actor, change_id: int, reception: Mapping[str, str]
) -> tuple[Made, ...]:
    """Make what the change owes and was not made yet; what is refused is left for the page to offer."""
    with env.database.transaction() as connection:
        wanted = _owed(connection, env, change_id, reception)
        there = _kinds_made(connection, change_id)
    for application in wanted:
        if (application.kind, application.person_ids) not in there:
            try:
                issue.reserve(env, counter, actor, application)
            except DaichoError:  # nothing was reserved; the offer on the page says it again when it is asked for
                continue
    return made(env, actor, change_id)


def made(env: Environment, actor: Actor, change_id: int) -> tuple[Made, ...]:
    """The papers of a change that this officer made at this terminal and has not given up."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT a.application_id, a.kind, bool_and(c.status = 'issued') AS issued"
            " FROM register.certificate_application a JOIN register.certificate c USING (application_id)"
            " WHERE a.change_id = %s::bigint AND a.officer = %s AND a.terminal = %s AND c.status IN ('reserved', 'issued')"
            " GROUP BY a.application_id, a.kind ORDER BY a.application_id",
            (change_id, actor.officer_id, actor.terminal_id),
        ).fetchall()
    return tuple(Made(row["application_id"], KINDS[row["kind"]], row["issued"]) for row in rows)


def _kinds_made(connection: Connection, change_id: int) -> set[tuple[str, tuple[int, ...]]]:
    rows = connection.execute(
        "SELECT DISTINCT a.kind, a.person_ids FROM register.certificate_application a"
        " JOIN register.certificate c USING (application_id)"
        " WHERE a.change_id = %s::bigint AND c.status IN ('reserved', 'issued')",
        (change_id,),
    )
    return {(row["kind"], tuple(row["person_ids"])) for row in rows}


def _owed(
    connection: Connection, env: Environment, change_id: int, reception: Mapping[str, str]
) -> Sequence[Application]:
    kinds = [kind.code for kind in offers.after_change(connection, env, change_id)]
    facts = reader.with_cause(connection, reader.of_change(connection, env, change_id, frozenset()), change_id).facts
    found: list[Application] = []
    for code in kinds:
        if code in CERTIFICATES and reception.get("notifier", _NOBODY) != _NOBODY:
            found += _certificates(code, change_id, facts, reception)
        elif code in NOTICES:
            found += [_notice(code, change_id, subject) for subject in facts.members if _has_new_code(subject, facts)]
    return found


def _certificates(code: str, change_id: int, facts: Facts, reception: Mapping[str, str]) -> list[Application]:
    """One certificate for those who leave together; the one at the counter asks, or the first of them."""
    leavers = [one for one in facts.members if not one.record.is_resident and one.record.planned_on]
    name = reception.get("name", "")
    asking = next((one for one in leavers if one.record.name == name), leavers[0])
    proxy = reception["notifier"] == _PROXY
    return [
        Application(
            kind=code,
            household_id=asking.record.household_id,
            person_ids=tuple(sorted(one.person_id for one in leavers)),
            authority=Authority.PROXY if proxy else Authority.SELF,
            requester=name if proxy else "",
            requester_person=None if proxy else asking.person_id,
            identity_document=_SHOWN.get(reception.get("document", ""), "7"),
            use_code=_TO_CITY,
            reason="転出届の代理" if proxy else "",
            change_id=change_id,
        )
    ]


def _has_new_code(subject: Subject, facts: Facts) -> bool:
    before = facts.before.get(subject.person_id)
    code = subject.record.resident_code_id
    return subject.record.is_resident and code is not None and (before is None or before.resident_code_id != code)


def _notice(code: str, change_id: int, subject: Subject) -> Application:
    return Application(
        kind=code,
        household_id=subject.record.household_id,
        person_ids=(subject.person_id,),
        authority=Authority.OFFICE,
        requester="職権",
        identity_document=_OFFICE_CARD,
        use_code=_TO_OFFICES,
        reason="住民票コードの通知",
        change_id=change_id,
    )
