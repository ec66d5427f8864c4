"""Taking notices of identity information: strict about what the contract cannot say."""

import json
import re

from psycopg.errors import UniqueViolation

from daicho.law.errors import DaichoError
from daicho.law.numbers import check_municipality_code
from daicho.wire.contracts.identities_notified import IdentitiesNotified
from daicho.wire.contracts.identity_update import IdentityUpdate, NoticeItems
from daicho.wire.environment import Connection, Environment
from daicho.wire.identity_digest import record_digest, values_of
from daicho.wire.message import Envelope
from daicho.wire.secret_items import open_items
from daicho.world.errors import CodeOnAnother, NumberNotInForm, UnknownMunicipality, UpdateNotNewer

_FORM = {"resident_code": "[0-9]{11}", "former_resident_code": "[0-9]{11}", "individual_number": "[0-9]{12}"}
_OWN_COLUMNS = ("name", "reading", "birth", "sex", "address", "reason", "change_date", "record_status", "planned")
_COLUMNS = (
    *("city", "subject", "update_no", "message_id", "received_at", "superseded_at", "resident_code"),
    *("individual_number", "former_resident_code", "items", "digest", *_OWN_COLUMNS),
)
_INSERT = (
    f"INSERT INTO prefecture.record ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
).encode()


def take(connection: Connection, env: Environment, envelope: Envelope, content: IdentityUpdate) -> None:
    """Keep one update. Raises NumberNotInForm, UnknownMunicipality, UpdateNotNewer, CodeOnAnother."""
    numbers = open_items(env, f"{envelope.sender}-{envelope.receiver}", envelope.message_id, content.numbers)
    if content.update_no <= _last(connection, envelope.sender, envelope.person):
        raise UpdateNotNewer
    _keep(connection, env, envelope, envelope.person, content, numbers)


def take_many(connection: Connection, env: Environment, envelope: Envelope, content: IdentitiesNotified) -> None:
    """Keep what many persons are; an update that a newer one has overtaken goes into the history alone.

    Raises NumberNotInForm, UnknownMunicipality, CodeOnAnother.
    """
    numbers = open_items(env, f"{envelope.sender}-{envelope.receiver}", envelope.message_id, content.numbers)
    for one in content.persons:
        _keep(connection, env, envelope, one.subject, one, json.loads(numbers.get(str(one.subject), "{}")))


def _last(connection: Connection, city: str, subject: int) -> int:
    row = connection.execute(
        "SELECT coalesce(max(update_no), 0) AS last FROM prefecture.record WHERE city = %s AND subject = %s",
        (city, subject),
    ).fetchone()
    return int(row["last"]) if row else 0


def _keep(
    connection: Connection,
    env: Environment,
    envelope: Envelope,
    subject: int,
    content: NoticeItems,
    numbers: dict[str, str],
) -> None:
    if "resident_code" not in numbers or not all(re.fullmatch(_FORM.get(k, "$^"), n) for k, n in numbers.items()):
        raise NumberNotInForm
    try:
        check_municipality_code(content.municipality_code)
    except DaichoError:
        raise UnknownMunicipality from None
    key, now = (envelope.sender, subject), env.clock.now()
    overtaken = content.update_no < _last(connection, *key)
    if not overtaken:
        connection.execute(
            "UPDATE prefecture.record SET superseded_at = %s"
            " WHERE city = %s AND subject = %s AND superseded_at IS NULL",
            (now, *key),
        )
    items = content.model_dump(mode="json", exclude={"numbers", "contract", "message_id", "subject"})
    try:
        connection.execute(
            _INSERT,
            (
                *key, content.update_no, envelope.message_id, now, now if overtaken else None, numbers["resident_code"],
                numbers.get("individual_number"), numbers.get("former_resident_code"),
                json.dumps(items, ensure_ascii=False), record_digest(subject, values_of(content, numbers)),
                *(getattr(content, name) for name in _OWN_COLUMNS),
            ),
        )  # fmt: skip
    except UniqueViolation:
        raise CodeOnAnother from None
