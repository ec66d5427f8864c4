"""Taking notices of identity information: strict about what the contract cannot say."""

import json
import re

from psycopg.errors import UniqueViolation

from daicho.law.errors import DaichoError
from daicho.law.numbers import check_municipality_code
from daicho.wire.contracts.identity_update import IdentityUpdate
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope
from daicho.wire.secret_items import open_items
from daicho.world.errors import CodeOnAnother, NumberNotInForm, UnknownMunicipality, UpdateNotNewer

_FORM = {"resident_code": "[0-9]{11}", "former_resident_code": "[0-9]{11}", "individual_number": "[0-9]{12}"}
_OWN_COLUMNS = ("name", "reading", "birth", "sex", "address", "reason", "change_date", "record_status", "planned")
_COLUMNS = (
    *("city", "subject", "update_no", "message_id", "received_at", "resident_code", "individual_number"),
    *("former_resident_code", "items", *_OWN_COLUMNS),
)
_INSERT = (
    f"INSERT INTO prefecture.record ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
).encode()


def take(connection: Connection, env: Environment, envelope: Envelope, content: IdentityUpdate) -> None:
    """Keep one update. Raises NumberNotInForm, UnknownMunicipality, UpdateNotNewer, CodeOnAnother."""
    numbers = open_items(env, f"{envelope.sender}-{envelope.receiver}", envelope.message_id, content.numbers)
    if "resident_code" not in numbers or not all(re.fullmatch(_FORM.get(k, "$^"), n) for k, n in numbers.items()):
        raise NumberNotInForm
    try:
        check_municipality_code(content.municipality_code)
    except DaichoError:
        raise UnknownMunicipality from None
    key = (envelope.sender, envelope.person)
    last = connection.execute(
        "SELECT max(update_no) AS update_no FROM prefecture.record WHERE city = %s AND subject = %s", key
    ).fetchone()
    if last and last["update_no"] is not None and content.update_no <= last["update_no"]:
        raise UpdateNotNewer
    now = env.clock.now()
    connection.execute(
        "UPDATE prefecture.record SET superseded_at = %s WHERE city = %s AND subject = %s AND superseded_at IS NULL",
        (now, *key),
    )
    items = content.model_dump(mode="json", exclude={"numbers", "contract", "message_id"})
    try:
        connection.execute(
            _INSERT,
            (
                *key, content.update_no, envelope.message_id, now, numbers["resident_code"],
                numbers.get("individual_number"), numbers.get("former_resident_code"),
                json.dumps(items, ensure_ascii=False), *(getattr(content, name) for name in _OWN_COLUMNS),
            ),
        )  # fmt: skip
    except UniqueViolation:
        raise CodeOnAnother from None
