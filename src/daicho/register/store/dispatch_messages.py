"""Telling the connector to whom the notice of a new individual number is sent (S2-07; 番号法7条, カード等命令35条)."""

from collections.abc import Iterator, Mapping

from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, Plan
from daicho.register.store.dispatch_items import Sending, items_of
from daicho.register.store.said import Said
from daicho.wire import outbox
from daicho.wire.contracts import dispatch_data
from daicho.wire.contracts.dispatch_data import DispatchData
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.secret_items import close_items

TOLD = frozenset({Reason.INDIVIDUAL_NUMBER_ENTRY, Reason.INDIVIDUAL_NUMBER_CHANGE, Reason.INDIVIDUAL_NUMBER_AMENDMENT})
"""Changes that bring somebody a number that nobody has told them yet."""


class DispatchOfficeMissing(DaichoError):
    """The city has not registered where notices and cards come from."""

    code = "K260"
    status = 409
    happened = "送付先情報に要る、交付場所とカード送付場所の登録がありません。"
    todo = "システム管理者に、交付場所の登録を頼んでください。入力した内容は残っています。"


def of_plan(
    connection: Connection,
    env: Environment,
    plan: Plan,
    numbers: Mapping[int, Mapping[str, str]],
    said: Said,
    ids: Iterator[int],
) -> list[outbox.Message]:
    """One message for each person who has both numbers now, after the one that tells the change itself.

    `numbers` are those in clear by person. Raises DispatchOfficeMissing.
    """
    told = {
        person_id: plan.effects_of(person_id)[-1]
        for person_id in plan.person_ids
        if plan.reason in TOLD and {"resident_code", "individual_number"} <= numbers[person_id].keys()
    }
    if not told:
        return []
    office = _office(connection, env)
    counted = _next_numbers(connection, list(told))
    return [
        _message(connection, env, effect, office, numbers[person_id], said, next(ids), counted[person_id], len(told))
        for person_id, effect in sorted(told.items())
    ]


def _message(
    connection: Connection,
    env: Environment,
    effect: Effect,
    office: Row,
    numbers: Mapping[str, str],
    said: Said,
    message_id: int,
    sequence_no: int,
    people: int,
) -> outbox.Message:
    record = effect.record
    sending = Sending(
        dispatch_no=f"{record.municipality_code}{message_id:014d}",
        addressee=_head_of(connection, record.household_id) or record.name,
        people=people,
        processed_on=env.clock.today(),
        operator=said.operator,
        terminal=said.terminal,
        resident_code=numbers["resident_code"],
        individual_number=numbers["individual_number"],
    )
    items = items_of(record, office, sending).model_dump_json()
    content = DispatchData(
        message_id=message_id, items=close_items(env, outbox.LINK_CONNECTOR, message_id, {"items": items})
    )
    return outbox.Message(
        message_id=message_id,
        link=outbox.LINK_CONNECTOR,
        kind=dispatch_data.KIND,
        version=dispatch_data.VERSION,
        person_id=effect.person_id,
        sequence_no=sequence_no,
        payload=content.model_dump_json(),
    )


def _office(connection: Connection, env: Environment) -> Row:
    row = connection.execute(
        "SELECT * FROM register.dispatch_office WHERE valid @> %s::date", (env.clock.today(),)
    ).fetchone()
    if row is None:
        raise DispatchOfficeMissing
    return row


def _next_numbers(connection: Connection, people: list[int]) -> dict[int, int]:
    rows = connection.execute(
        "UPDATE register.person SET connector_no = connector_no + 1 WHERE person_id = ANY (%s::bigint[])"
        " RETURNING person_id, connector_no",
        (people,),
    )
    return {row["person_id"]: row["connector_no"] for row in rows}


def _head_of(connection: Connection, household_id: int) -> str | None:
    """To whom letters for the household go: its head, nobody for a household without one."""
    row = connection.execute(
        "SELECT name FROM register.resident_current WHERE household_id = %s AND relationship = '02'"
        " AND status = 'resident' ORDER BY removed_from DESC NULLS FIRST LIMIT 1",
        (household_id,),
    ).fetchone()
    return str(row["name"]) if row else None
