"""Registered systems of offices: who they are, what they are told in which period, and on which line of the list (R-ACQ-08).

Nothing is told beyond the basis: it is checked when somebody registers, and the items are held against the list again each
time something is told, so that a basis that ended tells nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from psycopg import errors as pg
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from daicho.commons.exchange.errors import (
    BeyondBasis,
    CertificateTaken,
    NoBasis,
    NoSuchSubscriber,
    NotRegistered,
    PeriodTaken,
    ReasonMissing,
    SubscriptionUnreadable,
)
from daicho.commons.exchange.items import ITEMS, in_order, of_groups
from daicho.commons.exchange.lists import basis_for
from daicho.wire.certificates import system_of
from daicho.wire.environment import Connection, Environment, Row

LONGEST_REASON = 200
Form = Literal["push", "pull", "file"]
FORMS: Mapping[str, str] = {"push": "通知（push）", "pull": "取得（pull）", "file": "ファイル"}
FREQUENCIES = {
    "at_once": "随時",
    "ten_minutes": "10分おき",
    "daily": "日次",
    "weekly": "週次",
    "monthly": "月次",
    "on_request": "請求の都度",
}
PROTECTIONS = {"withheld": "支援対象者の住所・世帯は渡さない", "marked": "支援対象の印を付けて渡す"}
QUALIFICATIONS = {
    "health_insurance": "国民健康保険",
    "elderly_medical": "後期高齢者医療",
    "care_insurance": "介護保険",
    "pension": "国民年金",
    "child_allowance": "児童手当",
}


class Registration(BaseModel):
    """What somebody registers: a system with its first or next period. Items may be named by groups."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subscriber: str = Field(pattern=r"^office-[a-z0-9-]{2,40}$")
    name: str = Field(min_length=1, max_length=60)
    office: str = Field(min_length=1, max_length=60)
    valid_from: date
    valid_to: date | None = None
    transfer_no: int
    items: tuple[str, ...] = Field(min_length=1)
    form: Form
    frequency: Literal["at_once", "ten_minutes", "daily", "weekly", "monthly", "on_request"] = "at_once"
    endpoint: str | None = Field(default=None, pattern=r"^https://[^\s]{1,200}$")
    protection: Literal["withheld", "marked"] = "withheld"
    qualification: (
        Literal["health_insurance", "elderly_medical", "care_insurance", "pension", "child_allowance"] | None
    ) = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a system is told today: the items are those that its basis still allows on this day."""

    subscriber: str
    name: str
    office: str
    transfer_no: int
    basis: str
    items: tuple[str, ...]
    form: Form
    frequency: str
    endpoint: str | None
    protection: Literal["withheld", "marked"]
    qualification: str | None
    valid_from: date
    valid_to: date | None

    @property
    def sees_places(self) -> bool:
        """Whether people under protection are told with their places, for a duty that must write to them."""
        return self.protection == "marked"


def read_registration(content: Mapping[str, object]) -> Registration:
    """A registration as it was written down. Raises SubscriptionUnreadable."""
    try:
        return Registration.model_validate(content, strict=False)
    except ValidationError as error:
        where = "、".join(sorted({".".join(str(part) for part in one["loc"]) or "全体" for one in error.errors()}))
        raise SubscriptionUnreadable(what=where) from None


def register(
    connection: Connection, env: Environment, wanted: Registration, *, officer: str, reason: str
) -> Subscription:
    """Register a system and what it is told from a day on.

    Raises NoBasis, BeyondBasis, ItemUnknown, PeriodTaken, SubscriptionUnreadable, ReasonMissing.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ReasonMissing(field="reason")
    if (wanted.form == "push") != (wanted.endpoint is not None):
        raise SubscriptionUnreadable(what="endpoint")
    if wanted.valid_to is not None and wanted.valid_to <= wanted.valid_from:
        raise SubscriptionUnreadable(what="valid_to")
    line = basis_for(wanted.transfer_no, wanted.valid_from)
    beyond = of_groups(wanted.items) - line.allowed()
    if beyond:
        raise BeyondBasis(items="、".join(ITEMS[name].word for name in in_order(beyond)))
    if wanted.protection == "marked" and line.protection != "marked":
        raise BeyondBasis(items="支援対象者の住所・世帯")
    now = env.clock.now()
    connection.execute(
        "INSERT INTO commons.subscriber (subscriber, name, office, registered_at, registered_by)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (wanted.subscriber, wanted.name, wanted.office, now, officer),
    )
    [subscription_id] = env.ids.take(connection, 1)
    try:
        connection.execute(
            "INSERT INTO commons.subscription (subscription_id, subscriber, valid_from, valid_to, transfer_no, basis, items,"
            " form, frequency, endpoint, protection, qualification, registered_at, registered_by, reason)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                subscription_id, wanted.subscriber, wanted.valid_from, wanted.valid_to, wanted.transfer_no, line.basis,
                list(in_order(of_groups(wanted.items))), wanted.form, wanted.frequency, wanted.endpoint,
                wanted.protection, wanted.qualification, now, officer, reason,
            ),
        )  # fmt: skip
    except pg.ExclusionViolation:
        raise PeriodTaken from None
    return find(connection, wanted.subscriber, wanted.valid_from)


def end(connection: Connection, subscriber: str, day: date) -> None:
    """Let what is in force on that day end with it: nothing is told from then on. Raises NoSuchSubscriber."""
    done = connection.execute(
        "UPDATE commons.subscription SET valid_to = %(day)s WHERE subscriber = %(subscriber)s AND valid_from < %(day)s"
        " AND (valid_to IS NULL OR valid_to > %(day)s) RETURNING subscription_id",
        {"day": day, "subscriber": subscriber},
    ).fetchone()
    if done is None:
        raise NoSuchSubscriber


def set_endpoint(connection: Connection, subscriber: str, endpoint: str, day: date) -> None:
    """Push to another address of the same system from now on; its certificate says that it is the same. Raises NoSuchSubscriber."""
    done = connection.execute(
        "UPDATE commons.subscription SET endpoint = %s WHERE subscriber = %s AND form = 'push'"
        " AND daterange(valid_from, valid_to) @> %s::date RETURNING subscription_id",
        (endpoint, subscriber, day),
    ).fetchone()
    if done is None:
        raise NoSuchSubscriber


def add_certificate(
    connection: Connection, env: Environment, subscriber: str, certificate: x509.Certificate, *, officer: str
) -> str:
    """Let a certificate count for a system, beside the present one while the key is replaced; returns its fingerprint.

    Raises CertificateTaken when it names somebody else, NoSuchSubscriber.
    """
    if system_of(certificate) != subscriber:
        raise CertificateTaken
    found = fingerprint(certificate)
    try:
        with connection.transaction():
            connection.execute(
                "INSERT INTO commons.subscriber_certificate (subscriber, fingerprint, added_at, added_by)"
                " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (subscriber, found, env.clock.now(), officer),
            )
    except pg.ForeignKeyViolation:
        raise NoSuchSubscriber from None
    return found


def end_certificate(connection: Connection, env: Environment, subscriber: str, found: str) -> None:
    """Let a certificate count no longer."""
    connection.execute(
        "UPDATE commons.subscriber_certificate SET ended_at = %s WHERE subscriber = %s AND fingerprint = %s"
        " AND ended_at IS NULL",
        (env.clock.now(), subscriber, found),
    )


def certificates_of(connection: Connection, subscriber: str) -> frozenset[str]:
    """The fingerprints that count for a system now."""
    rows = connection.execute(
        "SELECT fingerprint FROM commons.subscriber_certificate WHERE subscriber = %s AND ended_at IS NULL",
        (subscriber,),
    )
    return frozenset(row["fingerprint"] for row in rows)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate."""
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def admitted(connection: Connection, certificate: x509.Certificate, name: str, day: date) -> Subscription:
    """The registration of who calls with this certificate. Raises NotRegistered."""
    if fingerprint(certificate) not in certificates_of(connection, name):
        raise NotRegistered
    try:
        return find(connection, name, day)
    except (NoSuchSubscriber, NoBasis):
        raise NotRegistered from None


_COLUMNS = (
    "SELECT s.subscriber, b.name, b.office, s.transfer_no, s.basis, s.items, s.form, s.frequency, s.endpoint, s.protection,"
    " s.qualification, s.valid_from, s.valid_to FROM commons.subscription s JOIN commons.subscriber b USING (subscriber)"
)


def find(connection: Connection, subscriber: str, day: date) -> Subscription:
    """What a system is told on a day. Raises NoSuchSubscriber without a period in force, NoBasis when its basis ended."""
    row = connection.execute(
        f"{_COLUMNS} WHERE s.subscriber = %s AND daterange(s.valid_from, s.valid_to) @> %s::date".encode(),
        (subscriber, day),
    ).fetchone()
    if row is None:
        raise NoSuchSubscriber
    return _subscription(row, day)


def in_force(connection: Connection, day: date, form: Form | None = None) -> list[Subscription]:
    """Everybody who is told something on a day, by name; those whose basis ended are left out."""
    rows = connection.execute(
        f"{_COLUMNS} WHERE daterange(s.valid_from, s.valid_to) @> %s::date ORDER BY s.subscriber".encode(), (day,)
    ).fetchall()
    found = []
    for row in rows:
        try:
            found.append(_subscription(row, day))
        except NoBasis:
            continue
    return [one for one in found if form is None or one.form == form]


def every(connection: Connection) -> list[Row]:
    """Every registration there ever was, for the administrator's list."""
    return connection.execute(
        "SELECT s.*, b.name, b.office FROM commons.subscription s JOIN commons.subscriber b USING (subscriber)"
        " ORDER BY s.subscriber, s.valid_from DESC"
    ).fetchall()


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate that counts, or counted, for a system."""

    fingerprint: str
    added_at: datetime
    added_by: str
    ended_at: datetime | None


def certificates(connection: Connection, subscriber: str) -> list[Certificate]:
    """Every certificate of a system, newest first."""
    rows = connection.execute(
        "SELECT fingerprint, added_at, added_by, ended_at FROM commons.subscriber_certificate WHERE subscriber = %s"
        " ORDER BY added_at DESC",
        (subscriber,),
    )
    return [Certificate(**row) for row in rows]


def _subscription(row: Row, day: date) -> Subscription:
    line = basis_for(row["transfer_no"], day)
    allowed = line.allowed()
    items = tuple(name for name in row["items"] if name in allowed)
    protection = row["protection"] if line.protection == "marked" else "withheld"
    return Subscription(**{**row, "items": items, "protection": protection})
