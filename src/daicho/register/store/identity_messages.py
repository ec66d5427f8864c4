"""Telling the connector about a registered change: one `identity-changed` message a person, numbers encrypted (S2-01).

The connector holds one record a person, so it is told the last state known now; a planned removal is marked as planned.
"""

from collections.abc import Iterator, Mapping

from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, Plan
from daicho.register.store import dispatch_messages
from daicho.register.store.identity_items import Told, items_of
from daicho.register.store.numbers import unseal
from daicho.register.store.said import Said
from daicho.wire import outbox
from daicho.wire.contracts import identity_changed
from daicho.wire.contracts.identity_changed import IdentityChanged
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.secret_items import close_items


def of_plan(
    connection: Connection, env: Environment, plan: Plan, persons: Mapping[int, Row], said: Said, ids: Iterator[int]
) -> list[outbox.Message]:
    """The messages to the connector, numbered by `connector_no` of each person; `ids` gives a fresh id for each.

    Where a number is new, the dispatch data follow. Raises DispatchOfficeMissing.
    """
    last = {person_id: effects[-1] for person_id in plan.person_ids if (effects := plan.effects_of(person_id))}
    numbers = _numbers(connection, env, plan, last)
    today = env.clock.today()
    day = plan.change_date
    told = Told(plan.reason.value, plan.basis.value, day.on, day.text, plan.notified_on, said)
    messages = []
    for person_id, effect in last.items():
        message_id = next(ids)
        content = IdentityChanged(
            message_id=message_id,
            numbers=close_items(env, outbox.LINK_CONNECTOR, message_id, numbers[person_id]),
            **items_of(
                effect.record,
                told,
                planned=effect.valid_from > today,
                code_used_from=plan.change_date.on if effect.numbers.resident_code else None,
            ),
        )
        messages.append(
            outbox.Message(
                message_id=message_id,
                link=outbox.LINK_CONNECTOR,
                kind=identity_changed.KIND,
                version=identity_changed.VERSION,
                person_id=person_id,
                sequence_no=persons[person_id]["connector_no"],
                payload=content.model_dump_json(),
            )
        )
    return [*messages, *dispatch_messages.of_plan(connection, env, plan, numbers, said, ids)]


def _numbers(
    connection: Connection, env: Environment, plan: Plan, last: Mapping[int, Effect]
) -> dict[int, dict[str, str]]:
    """Items 1, 13 and 24 in clear by person: those that the change brings, the others out of the table of numbers."""
    found: dict[int, dict[str, str]] = {person_id: {} for person_id in last}
    wanted = []
    for person_id, effect in last.items():
        for kind, given, number_id in (
            ("resident_code", effect.numbers.resident_code, effect.record.resident_code_id),
            ("individual_number", effect.numbers.individual_number, effect.record.individual_number_id),
        ):
            if given is not None:
                found[person_id][kind] = given
            elif number_id is not None:
                wanted.append(number_id)
    rows: list[Row] = []
    if wanted:
        rows += connection.execute(
            "SELECT person_id, kind AS item, kind, ciphertext, key_version FROM register.number"
            " WHERE number_id = ANY (%s::bigint[])",
            (wanted,),
        ).fetchall()
    if plan.reason is Reason.RESIDENT_CODE_CHANGE:
        rows += connection.execute(
            "SELECT DISTINCT ON (person_id) person_id, 'former_resident_code' AS item, kind, ciphertext, key_version"
            " FROM register.number WHERE person_id = ANY (%s::bigint[]) AND kind = 'resident_code'"
            " AND released_at IS NOT NULL ORDER BY person_id, released_at DESC",
            (list(last),),
        ).fetchall()
    for row in rows:
        found[row["person_id"]][row["item"]] = clear_of(env, row)
    return found


def clear_of(env: Environment, row: Row) -> str:
    """A row of the table of numbers in clear, for a message alone."""
    return unseal(env.keys, row["kind"], row["person_id"], bytes(row["ciphertext"]), row["key_version"])
