"""The dispatch file (S2-07): taken from the register, passed on unedited to the card management system, deleted one business
day later (controls D-ACQ-03, D-PRV-04, D-STO-01)."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from daicho.connector.errors import ItemNotAgreed
from daicho.connector.subjects import subject_of
from daicho.law.japan import JAPAN
from daicho.wire import outbox
from daicho.wire.contracts import dispatch_data
from daicho.wire.contracts.dispatch_data import DispatchData, DispatchItems
from daicho.wire.disposal import dispose_received, dispose_sent, is_due
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.message import Envelope
from daicho.wire.secret_items import close_items, open_items

LINK_IN, LINK_OUT = "register-connector", "connector-cards"
KEY = "connector-dispatch"
_NONCE = 12


def take(connection: Connection, env: Environment, envelope: Envelope, content: DispatchData) -> None:
    """Keep what the register supplied, and put the same text into the outbox. Raises ItemNotAgreed, SecretUnreadable."""
    text = open_items(env, LINK_IN, envelope.message_id, content.items).get("items", "")
    try:
        DispatchItems.model_validate_json(text)
    except ValidationError:
        raise ItemNotAgreed from None
    subject = subject_of(connection, env, envelope.person)
    dispatch_id, message_id = env.ids.take(connection, 2)
    version = env.keys.newest(KEY)
    nonce = env.random.token(_NONCE)
    sealed = AESGCM(env.keys.key(KEY, version)).encrypt(nonce, text.encode(), _bound_to(dispatch_id))
    connection.execute(
        "INSERT INTO connector.dispatch (dispatch_id, subject_id, received_message, sent_message, received_at, key_version,"
        " ciphertext) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (dispatch_id, subject["subject_id"], envelope.message_id, message_id, env.clock.now(), version, nonce + sealed),
    )
    _pass_on(connection, env, subject, message_id, text)


def items_of(env: Environment, row: Row) -> DispatchItems:
    """The 67 items of a row of the file, in clear."""
    sealed = bytes(row["ciphertext"])
    box = AESGCM(env.keys.key(KEY, row["key_version"]))
    return DispatchItems.model_validate_json(
        box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(row["dispatch_id"]))
    )


def delete_passed(env: Environment) -> int:
    """Delete what was passed on at least one business day ago, here and in the wire's tables; how many files."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT d.dispatch_id, d.received_message, d.sent_message, d.received_at, s.settled_at"
            " FROM connector.dispatch d JOIN wire.settled s ON s.link = %s AND s.message_id = d.sent_message"
            " ORDER BY d.dispatch_id FOR UPDATE OF d SKIP LOCKED",
            (LINK_OUT,),
        ).fetchall()
        today = env.clock.today()
        due = [row for row in rows if is_due(row["settled_at"].astimezone(JAPAN).date(), today)]
        for row in due:
            connection.execute(
                "INSERT INTO connector.dispatch_passed (dispatch_id, received_at, passed_at, deleted_at)"
                " VALUES (%s, %s, %s, %s)",
                (row["dispatch_id"], row["received_at"], row["settled_at"], env.clock.now()),
            )
            connection.execute("DELETE FROM connector.dispatch WHERE dispatch_id = %s", (row["dispatch_id"],))
        if due:
            dispose_received(connection, env, "register", [row["received_message"] for row in due])
            dispose_sent(connection, env, LINK_OUT, [row["sent_message"] for row in due])
    return len(due)


def _pass_on(connection: Connection, env: Environment, subject: Row, message_id: int, text: str) -> None:
    connection.execute(
        "UPDATE connector.subject SET cards_no = cards_no + 1 WHERE subject_id = %s", (subject["subject_id"],)
    )
    content = DispatchData(message_id=message_id, items=close_items(env, LINK_OUT, message_id, {"items": text}))
    outbox.put(
        connection,
        env.clock.now(),
        [
            outbox.Message(
                message_id=message_id,
                link=LINK_OUT,
                kind=dispatch_data.KIND,
                version=dispatch_data.VERSION,
                person_id=subject["subject_id"],
                sequence_no=subject["cards_no"] + 1,
                payload=content.model_dump_json(),
            )
        ],
    )


def _bound_to(dispatch_id: int) -> bytes:
    return f"dispatch:{dispatch_id}".encode("ascii")
