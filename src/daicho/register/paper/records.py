"""Rows of the certificate tables: written once, then only their status moves on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from psycopg.types.json import Jsonb

from daicho.access.actor import Actor
from daicho.access.errors import NotAvailable
from daicho.register.paper.application import Application
from daicho.register.paper.authority import NUMBERS, Authority, Item, must_be_mailed
from daicho.register.paper.facts import Subject
from daicho.register.paper.kinds.catalogue import kind_of
from daicho.register.paper.masters import MastersInForce
from daicho.register.paper.press_client import Pressed
from daicho.register.paper.reader import Fingerprint, Read
from daicho.register.paper.versions import Versions
from daicho.register.paper.view import IssueMark, Paper
from daicho.wire.environment import Connection, Environment, Row

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: nothing to misread


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """An application as it was written."""

    application_id: int
    application: Application
    fee_yen: int
    by_mail: bool
    fingerprint: Fingerprint
    history: tuple[int, ...]
    ended_by: int | None
    officer: str
    terminal: str

    @property
    def people(self) -> list[int]:
        """Everybody the paper speaks of."""
        return [person for person, _ in self.fingerprint]


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """One copy as it was written; `file_digest` is hexadecimal."""

    certificate_id: int
    application_id: int
    copy_no: int
    status: str
    mark: IssueMark
    attestor_id: int
    seal_id: int | None
    view_digest: bytes
    file_digest: str
    pages: tuple[tuple[int, ...], ...]
    tight: tuple[tuple[int, str], ...]
    versions: Versions

    @property
    def number(self) -> str:
        """発行番号 without the page."""
        return "　".join(self.mark.number)


def verification_code(env: Environment) -> str:
    """16 characters of 80 random bits."""
    value = int.from_bytes(env.random.token(10), "big")
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(75, -1, -5))


def next_serial(connection: Connection, on: date, terminal: str) -> int:
    """The next serial of a terminal and a day; concurrent takers wait for each other and get different ones."""
    row = connection.execute(
        "INSERT INTO register.certificate_serial AS s (issued_on, terminal, last_serial) VALUES (%s, %s, 1)"
        " ON CONFLICT (issued_on, terminal) DO UPDATE SET last_serial = s.last_serial + 1 RETURNING last_serial",
        (on, terminal),
    ).fetchone()
    if row is None:
        raise AssertionError("an upsert returns its row")
    return int(row["last_serial"])


def insert_application(
    connection: Connection,
    env: Environment,
    actor: Actor,
    application: Application,
    chosen: Sequence[Subject],
    read: Read,
    fee: tuple[int | None, int],
) -> int:
    """Write an application; `read` is everybody as seen, `fee` id and yen a copy. Returns its id."""
    [application_id] = env.ids.take(connection, 1)
    values: dict[str, Any] = {
        "application_id": application_id,
        "kind": application.kind,
        "household_id": application.household_id,
        "person_ids": [subject.person_id for subject in chosen],
        "authority": application.authority.value,
        "requester": application.requester.strip(),
        "requester_person": application.requester_person,
        "identity_document": application.identity_document,
        "use_code": application.use_code,
        "use_text": application.use_text.strip(),
        "reason": application.reason.strip(),
        "items": sorted(item.value for item in application.items),
        "copies": application.copies,
        "fee_id": fee[0],
        "fee_yen": fee[1],
        "by_mail": _by_mail(application),
        "fingerprint": Jsonb(read.fingerprint),
        "history": list(read.history),
        "exemption": application.exempt,
        "change_id": application.change_id,
        "reissue_of": application.reissue_of,
        "town_code": application.town_code,
        "record_no": application.record_no,
        "before_pending": application.before_pending,
        "ended_by": read.ended_by,
        "officer": actor.officer_id,
        "terminal": actor.terminal_id,
        "office": actor.office,
        "requested_at": env.clock.now(),
    }
    places = ", ".join(["%s"] * len(values))
    query = f"INSERT INTO register.certificate_application ({', '.join(values)}) VALUES ({places})"  # noqa: S608 - own names
    connection.execute(query.encode(), list(values.values()))
    return application_id


def insert_certificate(
    connection: Connection,
    env: Environment,
    certificate_id: int,
    application_id: int,
    place: tuple[int, str, int],
    paper: Paper,
    pressed: Pressed,
    masters: MastersInForce,
    chosen: Sequence[Subject],
) -> None:
    """Write one reserved copy, its persons and its file. `place` is copy number, terminal, serial."""
    copy_no, terminal, serial = place
    connection.execute(
        "INSERT INTO register.certificate (certificate_id, application_id, copy_no, issued_on, terminal, serial,"
        " number_parts, code, status, attestor_id, seal_id, synthetic, view_digest, file_digest, pages, tight, template,"
        " engine, font, reserved_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'reserved', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            certificate_id,
            application_id,
            copy_no,
            paper.issue.on,
            terminal,
            serial,
            list(paper.issue.number),
            paper.issue.code,
            masters.attestor_id,
            masters.seal_id if paper.seal else None,
            masters.masters.synthetic,
            paper.digest,
            sha256(pressed.pdf).digest(),
            Jsonb(pressed.pages),
            Jsonb(pressed.tight),
            pressed.versions.template,
            pressed.versions.engine,
            pressed.versions.font,
            env.clock.now(),
        ),
    )
    connection.execute(
        "INSERT INTO register.certificate_person (certificate_id, position, person_id, state_id)"
        " SELECT %s::bigint, p, x, s FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS u (x, s, p)",
        (certificate_id, [subject.person_id for subject in chosen], [subject.state_id for subject in chosen]),
    )
    connection.execute(
        "INSERT INTO register.certificate_file (certificate_id, pdf) VALUES (%s, %s)", (certificate_id, pressed.pdf)
    )


def application_of(connection: Connection, application_id: int) -> StoredApplication:
    """An application; NotAvailable when there is none."""
    row = connection.execute(
        "SELECT * FROM register.certificate_application WHERE application_id = %s::bigint", (application_id,)
    ).fetchone()
    if row is None:
        raise NotAvailable
    return StoredApplication(
        application_id=row["application_id"],
        application=_application(row),
        fee_yen=row["fee_yen"],
        by_mail=row["by_mail"],
        fingerprint=row["fingerprint"],
        history=tuple(row["history"]),
        ended_by=row["ended_by"],
        officer=row["officer"],
        terminal=row["terminal"],
    )


def _application(row: Row) -> Application:
    """An application as it was asked for; the persons are those chosen."""
    return Application(
        kind=row["kind"],
        household_id=row["household_id"],
        person_ids=tuple(row["person_ids"]),
        authority=Authority(row["authority"]),
        requester=row["requester"],
        requester_person=row["requester_person"],
        identity_document=row["identity_document"],
        use_code=row["use_code"],
        use_text=row["use_text"],
        reason=row["reason"],
        items=frozenset(Item(item) for item in row["items"]),
        copies=row["copies"],
        exemption=row["exemption"],
        change_id=row["change_id"],
        reissue_of=row["reissue_of"],
        town_code=row["town_code"],
        record_no=row["record_no"],
        before_pending=row["before_pending"],
    )


def _by_mail(application: Application) -> bool:
    """Whether the paper goes to the address of the person concerned: numbers for a proxy, and notices."""
    at_counter = application.authority in (Authority.SELF, Authority.LEGAL_REPRESENTATIVE)
    posted = kind_of(application.kind).posted and not at_counter
    return posted or must_be_mailed(application.authority, application.items)


def shows_number(application: Application) -> bool:
    """Whether one of the two numbers stands on the paper."""
    return bool((application.items | kind_of(application.kind).always) & NUMBERS)


def certificates_of(connection: Connection, application_id: int, *, lock: bool = False) -> list[StoredCertificate]:
    """The copies of an application in order; `lock` holds them until the transaction ends."""
    query = "SELECT * FROM register.certificate WHERE application_id = %s::bigint ORDER BY copy_no"
    rows = connection.execute((query + (" FOR UPDATE" if lock else "")).encode(), (application_id,))
    return [_certificate(row) for row in rows]


def abandoned(connection: Connection, actor: Actor, application: Application, today: date) -> list[StoredCertificate]:
    """Reserved copies that nobody will release: of this officer for this household, or of this terminal's past days.

    The papers of one change stand beside each other, each once (STD 4.3.3).
    """
    rows = connection.execute(
        "SELECT c.* FROM register.certificate c JOIN register.certificate_application a USING (application_id)"
        " WHERE c.status = 'reserved' AND c.terminal = %s AND (c.issued_on < %s::date"
        " OR (a.officer = %s AND a.household_id = %s::bigint AND (a.change_id IS NULL OR a.change_id IS DISTINCT FROM"
        " %s::bigint OR (a.kind = %s AND (a.person_ids = %s::bigint[] OR %s::bigint[] = '{}')))))"
        " ORDER BY c.certificate_id FOR UPDATE OF c",
        (
            actor.terminal_id,
            today,
            actor.officer_id,
            application.household_id,
            application.change_id,
            application.kind,
            list(application.person_ids),
            list(application.person_ids),
        ),
    )
    return [_certificate(row) for row in rows]


def certificate_of(connection: Connection, certificate_id: int, *, lock: bool = False) -> StoredCertificate:
    """One copy; NotAvailable when there is none."""
    query = "SELECT * FROM register.certificate WHERE certificate_id = %s::bigint"
    row = connection.execute((query + (" FOR UPDATE" if lock else "")).encode(), (certificate_id,)).fetchone()
    if row is None:
        raise NotAvailable
    return _certificate(row)


def file_of(connection: Connection, certificate_id: int) -> bytes:
    """The bytes of a copy; NotAvailable when there are none."""
    row = connection.execute(
        "SELECT pdf FROM register.certificate_file WHERE certificate_id = %s::bigint", (certificate_id,)
    ).fetchone()
    if row is None:
        raise NotAvailable
    return bytes(row["pdf"])


def settle(
    connection: Connection,
    env: Environment,
    actor: Actor,
    certificate_ids: Sequence[int],
    status: str,
    reason: str | None = None,
) -> None:
    """Move copies on to issued, voided or misprinted (with its reason)."""
    connection.execute(
        "UPDATE register.certificate SET status = %s, settled_at = %s, settled_by = %s, misprint_reason = %s"
        " WHERE certificate_id = ANY (%s::bigint[])",
        (status, env.clock.now(), actor.officer_id, reason, list(certificate_ids)),
    )


def persons_of(connection: Connection, certificate_id: int) -> list[int]:
    """The persons printed on a copy, in order."""
    rows = connection.execute(
        "SELECT person_id FROM register.certificate_person WHERE certificate_id = %s::bigint ORDER BY position",
        (certificate_id,),
    )
    return [row["person_id"] for row in rows]


def _certificate(row: Row) -> StoredCertificate:
    pages: list[Any] = row["pages"]
    return StoredCertificate(
        certificate_id=row["certificate_id"],
        application_id=row["application_id"],
        copy_no=row["copy_no"],
        status=row["status"],
        mark=IssueMark(row["issued_on"], tuple(row["number_parts"]), row["code"]),
        attestor_id=row["attestor_id"],
        seal_id=row["seal_id"],
        view_digest=bytes(row["view_digest"]),
        file_digest=bytes(row["file_digest"]).hex(),
        pages=tuple(tuple(page) for page in pages),
        tight=tuple((position, item) for position, item in row["tight"]),
        versions=Versions(row["template"], row["engine"], row["font"]),
    )
