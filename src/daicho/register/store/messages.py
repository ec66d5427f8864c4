"""Telling others about a registered change or a suppression: rows in the outbox, in the same transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from daicho.register.changes.plan import Plan
from daicho.register.store import identity_messages
from daicho.register.store.pictures import picture_of
from daicho.register.store.said import Said
from daicho.register.store.shield import shielded
from daicho.wire import outbox
from daicho.wire.contracts import resident_changed, suppression_changed
from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.contracts.suppression_changed import Level, SuppressionChanged
from daicho.wire.environment import Connection, Environment, Row


@dataclass(frozen=True, slots=True)
class Counted:
    """Persons with their numbers after a change (addressee, history and sequence number), and household numbers."""

    persons: Mapping[int, Row]
    households: Mapping[int, str]


def put_changes(
    connection: Connection,
    env: Environment,
    plan: Plan,
    counted: Counted,
    said: Said,
    ids: Iterator[int],
) -> None:
    """For each person touched one message to commons and one to the connector. The persons must be locked.

    `ids` gives a fresh id for each message.
    """
    hidden = shielded(connection, env, plan.person_ids)
    messages = []
    for person_id in plan.person_ids:
        message_id = next(ids)
        person = counted.persons[person_id]
        effects = plan.effects_of(person_id)
        content = ResidentChanged(
            message_id=message_id,
            change_id=said.change_id,
            addressee_number=person["number"],
            sequence_no=person["last_sequence_no"],
            reason=plan.reason.value,
            basis=plan.basis.value,
            kind=effects[0].kind,
            change_date=plan.change_date.on,
            change_date_text=plan.change_date.text,
            recorded_at=said.recorded_at,
            protected=person_id in hidden,
            pictures=tuple(
                picture_of(
                    effect.record,
                    effect.valid_from,
                    person["last_history_no"] - len(effects) + 1 + position,
                    counted.households[effect.record.household_id],
                )
                for position, effect in enumerate(effects)
            ),
        )
        messages.append(
            outbox.Message(
                message_id=message_id,
                link=outbox.LINK_COMMONS,
                kind=resident_changed.KIND,
                version=resident_changed.VERSION,
                person_id=person_id,
                sequence_no=person["last_sequence_no"],
                payload=content.model_dump_json(),
            )
        )
    messages += identity_messages.of_plan(connection, env, plan, counted.persons, said, ids)
    outbox.put(connection, said.recorded_at, messages)


_LEVELS: tuple[Level, ...] = ("none", "alert", "error")
_SUPPRESSION_LINKS = {
    outbox.LINK_COMMONS: "last_sequence_no",
    outbox.LINK_CONNECTOR: "connector_no",
    outbox.LINK_KIOSK: "kiosk_no",
}
"""Who is told of suppressions: the addressee system by way of commons, connector, kiosk (STD 3.1, 3.2); and what counts there."""


def put_suppressions(connection: Connection, env: Environment, person_ids: tuple[int, ...], at: datetime) -> None:
    """One message per person and link with the state as it is now; the persons must be locked."""
    people = _next_numbers(connection, person_ids)
    protected = shielded(connection, env, person_ids)
    levels = {person_id: {"on_change": 0, "on_issue": 0, "on_inquiry": 0} for person_id in person_ids}
    for row in connection.execute(
        "SELECT * FROM register.suppressions_of(%s::bigint[], %s::date, %s::timestamptz)",
        (list(person_ids), env.clock.today(), at),
    ):
        known = levels[row["person_id"]]
        for process in known:
            known[process] = max(known[process], _LEVELS.index(row[process]))
    ids = iter(env.ids.take(connection, len(people) * len(_SUPPRESSION_LINKS)))
    messages = []
    for person_id, person in sorted(people.items()):
        if protected.get(person_id):
            levels[person_id] |= {"on_issue": 2, "on_inquiry": 2}
        for link, counter in _SUPPRESSION_LINKS.items():
            message_id = next(ids)
            content = SuppressionChanged(
                message_id=message_id,
                addressee_number=person["addressee_number"],
                sequence_no=person["last_sequence_no"],
                recorded_at=at,
                protected=protected.get(person_id, False),
                on_change=_LEVELS[levels[person_id]["on_change"]],
                on_issue=_LEVELS[levels[person_id]["on_issue"]],
                on_inquiry=_LEVELS[levels[person_id]["on_inquiry"]],
            )
            messages.append(
                outbox.Message(
                    message_id=message_id,
                    link=link,
                    kind=suppression_changed.KIND,
                    version=suppression_changed.VERSION,
                    person_id=person_id,
                    sequence_no=person[counter],
                    payload=content.model_dump_json(),
                )
            )
    outbox.put(connection, at, messages)


def _next_numbers(connection: Connection, person_ids: tuple[int, ...]) -> dict[int, Row]:
    rows = connection.execute(
        "UPDATE register.person SET last_sequence_no = last_sequence_no + 1, connector_no = connector_no + 1,"
        " kiosk_no = kiosk_no + 1 WHERE person_id = ANY (%s::bigint[])"
        " RETURNING person_id, addressee_number, last_sequence_no, connector_no, kiosk_no",
        (list(person_ids),),
    )
    return {row["person_id"]: row for row in rows}
