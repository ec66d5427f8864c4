"""Keeping the identity file (本人確認情報ファイル) and notifying the prefecture server of each update (S2-01).

The register is the only source (control I-ACQ-01): a row follows from its message and from the row before, nobody types it.
In one transaction the row before is superseded, the new one written, and the notice put into the outbox.
"""

import re
from typing import Any

from daicho.connector import numbers
from daicho.connector.errors import ItemNotAgreed
from daicho.connector.subjects import subject_of
from daicho.law.network_text import count_uncoded, hiragana, unvoiced
from daicho.wire import outbox
from daicho.wire.contracts import identity_update
from daicho.wire.contracts.identity_changed import NUMBERS, IdentityChanged, IdentityItems
from daicho.wire.contracts.identity_update import IdentityUpdate, NoticeItems
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.identity_digest import record_digest, values_of
from daicho.wire.message import Envelope
from daicho.wire.secret_items import close_items, open_items

LINK_IN, LINK_OUT = "register-connector", "connector-prefecture"
_AS_TOLD = (
    "name", "birth", "birth_text", "sex", "municipality_code", "town_code", "postcode", "address", "resident_since",
    "resident_since_text", "settled_on", "settled_on_text", "notified_on", "previous_municipality", "previous_address",
    "relationship", "reason", "change_date", "change_date_text", "operator", "terminal", "planned", "recorded_at",
)  # fmt: skip
"""Items that are taken as the register tells them."""
_NOTICE = tuple(name for name in NoticeItems.model_fields if name != "update_barred")
_FORM = {"resident_code": "[0-9]{11}", "former_resident_code": "[0-9]{11}", "individual_number": "[0-9]{12}"}


def take(connection: Connection, env: Environment, envelope: Envelope, content: IdentityChanged) -> None:
    """Write one update of one person and what the prefecture is to hear. Raises NumberOnAnother, ItemNotAgreed."""
    found = checked(open_items(env, LINK_IN, envelope.message_id, content.numbers))
    subject = subject_of(connection, env, envelope.person)
    row = write(connection, env, subject, content, found, envelope.message_id)
    if "resident_code" in found:  # the network names people by their code: else the update that brings it tells all
        notify(connection, env, subject, row, found)


def write(
    connection: Connection,
    env: Environment,
    subject: Row,
    content: IdentityItems,
    found: dict[str, str],
    message_id: int,
) -> Row:
    """Supersede the row of a locked subject by a new one, which is returned. Raises NumberOnAnother."""
    subject_id, update_no = subject["subject_id"], subject["last_update_no"] + 1
    before = current(connection, subject_id)
    now = max(env.clock.now(), before["taken_at"]) if before else env.clock.now()
    row = items_of(content, before) | {
        "subject_id": subject_id,
        "update_no": update_no,
        "taken_at": now,
        "message_id": message_id,
        "day_update_no": _updates_of(connection, subject_id, content) + 1,
        **_number_ids(connection, env, subject_id, found, now),
    }
    row["digest"] = record_digest(subject_id, values_of(_notice_of(row), found)) if "resident_code" in found else None
    insert(connection, row)
    return row


def insert(connection: Connection, row: Row) -> None:
    """Write a row in the place of the one that stands for its subject, which must be locked."""
    connection.execute(
        "UPDATE connector.identity SET superseded_at = %s WHERE subject_id = %s AND superseded_at IS NULL",
        (row["taken_at"], row["subject_id"]),
    )
    columns = ", ".join(row)
    connection.execute(
        f"INSERT INTO connector.identity ({columns}) VALUES ({', '.join(['%s'] * len(row))})".encode(),  # noqa: S608
        list(row.values()),
    )
    connection.execute(
        "UPDATE connector.subject SET last_update_no = %s WHERE subject_id = %s", (row["update_no"], row["subject_id"])
    )


def current(connection: Connection, subject_id: int) -> Row | None:
    """The row that stands for a person now."""
    return connection.execute(
        "SELECT * FROM connector.identity WHERE subject_id = %s AND superseded_at IS NULL", (subject_id,)
    ).fetchone()


def checked(found: dict[str, str]) -> dict[str, str]:
    """The numbers of a message. Raises ItemNotAgreed for others than items 1, 13 and 24, or out of form."""
    if not found.keys() <= NUMBERS or not all(re.fullmatch(_FORM[item], number) for item, number in found.items()):
        raise ItemNotAgreed
    return found


def items_of(content: IdentityItems, before: Row | None) -> dict[str, Any]:
    """The items that follow from the message and from the row before."""
    reading = hiragana(content.name_kana) if content.name_kana else None
    former = content.former_family_name
    uncoded = {
        "name_uncoded": count_uncoded(content.name),
        "address_uncoded": count_uncoded(content.address),
        "previous_address_uncoded": count_uncoded(content.previous_address),
        "former_name_uncoded": count_uncoded(former),
    }
    counted = before["former_name_uncoded_no"] if before else 0
    changed = uncoded["former_name_uncoded"] > 0 and (before is None or before["former_name"] != former)
    return {
        **{name: getattr(content, name) for name in _AS_TOLD},
        **uncoded,
        "reading": reading,
        "reading_unvoiced": unvoiced(reading) if reading else None,
        "reason_detail": content.basis,
        "code_used_from": content.code_used_from or (before["code_used_from"] if before else None),
        "request_no": str(content.change_id),
        "has_uncoded": any(uncoded.values()),
        "record_status": content.status,
        "former_name": former,
        "former_name_reading": hiragana(content.former_family_name_kana) if content.former_family_name_kana else None,
        "former_name_uncoded_no": counted + int(changed),
    }


def _updates_of(connection: Connection, subject_id: int, content: IdentityItems) -> int:
    """How many updates of this person there are for that change date."""
    row = connection.execute(
        "SELECT count(*) AS n FROM connector.identity WHERE subject_id = %s AND change_date = %s",
        (subject_id, content.change_date),
    ).fetchone()
    return int(row["n"]) if row else 0


def _number_ids(
    connection: Connection, env: Environment, subject_id: int, found: dict[str, str], now: Any
) -> dict[str, int | None]:
    kinds: tuple[numbers.Kind, ...] = ("resident_code", "individual_number")
    held = numbers.hold(connection, env, subject_id, {kind: found[kind] for kind in kinds if kind in found}, now)
    former = found.get("former_resident_code")
    return {
        "resident_code_id": held.get("resident_code"),
        "individual_number_id": held.get("individual_number"),
        "former_code_id": numbers.former(connection, env, subject_id, former) if former else None,
    }


def notice_items(connection: Connection, row: Row) -> dict[str, Any]:
    """The fields of `NoticeItems` for a row just written."""
    barred = connection.execute(
        "SELECT on_change = 'error' AS barred FROM connector.suppression WHERE subject_id = %s", (row["subject_id"],)
    ).fetchone()
    return _notice_of(row, barred=bool(barred and barred["barred"])).model_dump()


def _notice_of(row: Row, *, barred: bool = False) -> NoticeItems:
    return NoticeItems(update_barred=barred, **{name: row.get(name, False) for name in _NOTICE})


def notify(connection: Connection, env: Environment, subject: Row, row: Row, found: dict[str, str]) -> None:
    """Tell the prefecture one update of a locked subject, in the order of the person."""
    connection.execute(
        "UPDATE connector.subject SET prefecture_no = prefecture_no + 1 WHERE subject_id = %s", (subject["subject_id"],)
    )
    [message_id] = env.ids.take(connection, 1)
    notice = IdentityUpdate(
        message_id=message_id, numbers=close_items(env, LINK_OUT, message_id, found), **notice_items(connection, row)
    )
    outbox.put(
        connection,
        env.clock.now(),
        [
            outbox.Message(
                message_id=message_id,
                link=LINK_OUT,
                kind=identity_update.KIND,
                version=identity_update.VERSION,
                person_id=subject["subject_id"],
                sequence_no=subject["prefecture_no"] + 1,
                payload=notice.model_dump_json(),
            )
        ],
    )
