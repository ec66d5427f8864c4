"""Issuing a certified copy: preview → release. The paper is made once, shown, and handed over byte for byte.

`reserve` takes the issue numbers, makes each copy's paper, reads it back and stores it; `release` looks at the
register again, compares everything with what was shown, and hands over. What stands between two clerks in the same
second is the database: a row lock per terminal and day, unique numbers, locks on household and persons.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Protocol

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.register.paper import lookup, masters, reader, records, service
from daicho.register.paper.application import Application
from daicho.register.paper.compose import compose
from daicho.register.paper.errors import (
    CertificateMismatch,
    ChangePending,
    CopyTooLong,
    DayChanged,
    DigestMismatch,
    GlyphMissing,
    IssueSuppressed,
    RequestIncomplete,
    StatesChanged,
    WrongAnswer,
    WrongState,
)
from daicho.register.paper.facts import HOUSEHOLD_COPY, Facts, Subject
from daicho.register.paper.gather import Hidden, gather, printed
from daicho.register.paper.kinds.catalogue import kind_of
from daicho.register.paper.press_client import Pressed
from daicho.register.paper.readback import read_back
from daicho.register.paper.reader import Read
from daicho.register.paper.records import StoredApplication, StoredCertificate
from daicho.register.paper.suppression import LeftOut, Suppressed, as_recorded, left_out
from daicho.register.paper.view import IssueMark, Paper
from daicho.register.store.suppression import levels
from daicho.trail.act import Act
from daicho.trail.entry import Entry, digest, record
from daicho.wire.environment import Connection, Environment


class Printer(Protocol):
    """What makes a paper: the press behind its socket."""

    def print(self, request_id: str, paper: Paper) -> Pressed:
        """The PDF of a paper, bound to the request id."""
        ...


@dataclass(frozen=True, slots=True)
class Counter:
    """What issuing needs beside the Environment."""

    press: Printer
    suppressed: Suppressed = field(default=as_recorded)
    left_out: LeftOut = field(default=left_out)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy as a screen needs it; `digest` is the SHA-256 of its bytes, hexadecimal."""

    certificate_id: int
    number: str
    digest: str
    pages: int
    status: str
    tight: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Reservation:
    """What `reserve` has made: copies in order, fee in yen a copy, and whether they go out by mail."""

    application_id: int
    kind: str
    household_id: int | None
    copies: tuple[Copy, ...]
    fee_yen: int
    by_mail: bool

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests that `release` wants to see again."""
        return tuple(copy.digest for copy in self.copies)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Before an issue: a change under way, a stopped service, the latest issue (day, copies), the fee of a copy, who pays nothing."""

    pending: bool
    stopped: bool
    last: tuple[date, int] | None
    fee_yen: int
    exemptions: Mapping[str, str]
    alerted: bool
    """Somebody is suppressed for issuing at the level of an alert: the paper may go out, seen by the clerk (STD 3.1)."""


def reserve(env: Environment, counter: Counter, actor: Actor, application: Application) -> Reservation:
    """Take issue numbers, make the papers, read them back, store them: state reserved.

    Raises NotAllowed, RequestIncomplete, ItemNotAllowed, ReasonMissing, NobodyChosen, NotAvailable, ServiceStopped,
    ChangePending, IssueSuppressed, GlyphMissing, CopyTooLong, MasterMissing, the press's errors, and
    CertificateMismatch or WrongAnswer, which stop the service. Nothing is reserved when anything is raised.
    """
    today = env.clock.today()
    decide(actor, Right.CERTIFICATE_ISSUE, on=today, purpose=application.purpose)
    application.check()
    with _guarded(env, actor, application.purpose), env.database.transaction() as connection:
        service.require_running(connection)
        kind = kind_of(application.kind)
        read = gather(connection, env, application, today, _hidden(connection, env, counter))
        if not read.facts.members:
            raise NotAvailable
        _require_requester(connection, application, read)
        chosen = printed(kind, read, application.person_ids)
        _require_free(connection, env, counter, actor, chosen, application)
        _void_abandoned(connection, env, actor, application)
        fee = masters.fee_on(connection, today, kind.fee, application.exempt)
        application_id = records.insert_application(connection, env, actor, application, chosen, read, fee)
        _print_copies(connection, env, counter, actor, application, application_id, read.facts, chosen)
        made = _reservation(connection, application_id)
        _trail(
            connection,
            env,
            actor,
            Act.CERTIFICATE_PREVIEWED,
            made,
            application.purpose,
            chosen,
            records.shows_number(application),
        )
    return made


def release(
    env: Environment, counter: Counter, actor: Actor, application_id: int, digests: Sequence[str]
) -> Reservation:
    """Hand over exactly the bytes of the preview; marks every copy issued.

    Raises NotAllowed, NotAvailable, ServiceStopped, WrongState (handed over or voided before), DayChanged,
    StatesChanged, ChangePending, IssueSuppressed, DigestMismatch; CertificateMismatch stops the service.
    """
    today = env.clock.today()
    with env.database.transaction() as connection:
        stored = records.application_of(connection, application_id)
    purpose = _purpose(stored)
    decide(actor, Right.CERTIFICATE_ISSUE, on=today, purpose=purpose)
    with _guarded(env, actor, purpose), env.database.transaction() as connection:
        service.require_running(connection)
        copies = _own(connection, actor, stored)
        _require_status(copies, "reserved")
        if any(copy.mark.on != today for copy in copies):
            raise DayChanged
        if [copy.file_digest for copy in copies] != list(digests):
            raise DigestMismatch
        application = stored.application
        kind = kind_of(application.kind)
        reader.lock(connection, application.household_id, stored.people)
        read = gather(connection, env, application, today, _hidden(connection, env, counter))
        if read.fingerprint != stored.fingerprint or (read.history, read.ended_by) != (stored.history, stored.ended_by):
            raise StatesChanged
        chosen = printed(kind, read, application.person_ids)
        _require_free(connection, env, counter, actor, chosen, application)
        for copy in copies:
            _compare(connection, stored, copy, read.facts, records.file_of(connection, copy.certificate_id))
        records.settle(connection, env, actor, [copy.certificate_id for copy in copies], "issued")
        made = _reservation(connection, application_id)
        shown = records.shows_number(application)
        _trail(connection, env, actor, Act.CERTIFICATE_ISSUED, made, purpose, chosen, shown)
    return made


def void(env: Environment, actor: Actor, application_id: int) -> None:
    """Give up a preview: its numbers are spent. Raises NotAllowed, NotAvailable, WrongState."""
    with env.database.transaction() as connection:
        stored = records.application_of(connection, application_id)
        purpose = _purpose(stored)
        decide(actor, Right.CERTIFICATE_ISSUE, on=env.clock.today(), purpose=purpose)
        copies = _own(connection, actor, stored)
        _require_status(copies, "reserved")
        records.settle(connection, env, actor, [copy.certificate_id for copy in copies], "voided")
        made = _reservation(connection, application_id)
        _trail(connection, env, actor, Act.CERTIFICATE_VOIDED, made, purpose, (), False)


def misprint(env: Environment, actor: Actor, certificate_id: int, reason: str) -> None:
    """Record that a handed-over copy was spoilt and destroyed. Raises NotAllowed, NotAvailable, WrongState."""
    decide(actor, Right.CERTIFICATE_ISSUE, on=env.clock.today(), purpose=Purpose.CERTIFICATE_ISSUE)
    if not reason.strip():
        raise RequestIncomplete(field="reason", what="書損の理由")
    with env.database.transaction() as connection:
        copy = records.certificate_of(connection, certificate_id, lock=True)
        _require_status([copy], "issued")
        records.settle(connection, env, actor, [certificate_id], "misprinted", reason.strip())
        _note(connection, env, actor, Act.CERTIFICATE_MISPRINT, copy)


def reservation(env: Environment, actor: Actor, application_id: int) -> Reservation:
    """What an officer has reserved or issued, for the screen that made it. Raises NotAllowed, NotAvailable."""
    with env.database.transaction() as connection:
        stored = records.application_of(connection, application_id)
        decide(actor, Right.CERTIFICATE_ISSUE, on=env.clock.today(), purpose=_purpose(stored))
        _own(connection, actor, stored)
        return _reservation(connection, application_id)


def asked(env: Environment, actor: Actor, application_id: int) -> Application:
    """The application as it was made, for the officer who made it. Raises NotAllowed, NotAvailable."""
    with env.database.transaction() as connection:
        stored = records.application_of(connection, application_id)
        decide(actor, Right.CERTIFICATE_ISSUE, on=env.clock.today(), purpose=_purpose(stored))
        _own(connection, actor, stored)
        return stored.application


def outlook(env: Environment, actor: Actor, person_ids: Sequence[int], kind: str = HOUSEHOLD_COPY) -> Outlook:
    """What stands in the way of issuing for these persons, or is good to know. Raises NotAllowed."""
    today = env.clock.today()
    decide(actor, Right.CERTIFICATE_ISSUE, on=today, purpose=Purpose.CERTIFICATE_ISSUE)
    with env.database.transaction() as connection:
        return Outlook(
            pending=reader.has_pending_change(connection, person_ids),
            stopped=service.is_stopped(connection),
            last=lookup.last_issue(connection, person_ids),
            fee_yen=masters.fee_on(connection, today, kind_of(kind).fee)[1],
            exemptions=masters.exemptions_on(connection, today),
            alerted="alert" in levels(connection, env, person_ids, "issue").values(),
        )


def preview_file(env: Environment, actor: Actor, certificate_id: int) -> bytes:
    """The bytes behind the preview's pictures, while the copy is reserved by this officer; NotAvailable otherwise.

    The look itself stands in the trail with the reservation.
    """
    with env.database.transaction() as connection:
        copy = records.certificate_of(connection, certificate_id)
        _own(connection, actor, records.application_of(connection, copy.application_id))
        if copy.status != "reserved":
            raise NotAvailable
        return _intact(connection, copy)


def open_file(env: Environment, actor: Actor, certificate_id: int) -> bytes:
    """The paper that was handed over, for printing: the officer who issued it, on the day of issue. Leaves a trace.

    Raises NotAllowed, NotAvailable.
    """
    decide(actor, Right.CERTIFICATE_ISSUE, on=env.clock.today(), purpose=Purpose.CERTIFICATE_ISSUE)
    with env.database.transaction() as connection:
        copy = records.certificate_of(connection, certificate_id)
        _own(connection, actor, records.application_of(connection, copy.application_id))
        if copy.status != "issued" or copy.mark.on != env.clock.today():
            raise NotAvailable
        pdf = _intact(connection, copy)
        _note(connection, env, actor, Act.CERTIFICATE_OPENED, copy)
    return pdf


# --- parts -----------------------------------------------------------------------------------------------------------


@contextmanager
def _guarded(env: Environment, actor: Actor, purpose: Purpose) -> Iterator[None]:
    """Around the transaction: a paper that is not what it must be stops the service; a refusal leaves its trace."""
    try:
        yield
    except (CertificateMismatch, WrongAnswer) as error:
        place = f"page {error.data.get('page', '-')} {error.data.get('part', '-')}"
        service.stop(env, actor, error.code, place)
        raise
    except (ChangePending, IssueSuppressed, GlyphMissing, CopyTooLong) as error:
        _note_refusal(env, actor, purpose, error)
        raise


def _note_refusal(env: Environment, actor: Actor, purpose: Purpose, error: DaichoError) -> None:
    with env.database.transaction() as connection:
        entry = Entry(
            act=Act.CERTIFICATE_REFUSED,
            officer_id=actor.officer_id,
            terminal_id=actor.terminal_id,
            purpose=purpose,
            refused=True,
            detail={"code": error.code},
        )
        record(connection, env, entry)


def _hidden(connection: Connection, env: Environment, counter: Counter) -> Hidden:
    """Who of many is left out of a list for inspection."""
    return lambda people: counter.left_out(connection, env, people)


def _require_requester(connection: Connection, application: Application, read: Read) -> None:
    """A member who asks is one of those read, or lives in the household."""
    asking = application.requester_person
    if asking is None or asking in {member.person_id for member in read.facts.members}:
        return
    if not reader.lives_in(connection, asking, application.household_id):
        raise RequestIncomplete(field="requester", what="請求した人")


def _require_free(
    connection: Connection,
    env: Environment,
    counter: Counter,
    actor: Actor,
    chosen: Sequence[Subject],
    application: Application,
) -> None:
    """Nobody is suppressed, and no change is under way unless the record before it was asked for (STD 4.0.8)."""
    people = [subject.person_id for subject in chosen]
    if counter.suppressed(connection, env, actor, people):
        raise IssueSuppressed
    if not application.before_pending and reader.has_pending_change(connection, people):
        raise ChangePending


def _void_abandoned(connection: Connection, env: Environment, actor: Actor, application: Application) -> None:
    """Give up what this officer previewed for the household before, and what was left here on earlier days."""
    for copy in records.abandoned(connection, actor, application, env.clock.today()):
        records.settle(connection, env, actor, [copy.certificate_id], "voided")
        _note(connection, env, actor, Act.CERTIFICATE_VOIDED, copy)


def _print_copies(
    connection: Connection,
    env: Environment,
    counter: Counter,
    actor: Actor,
    application: Application,
    application_id: int,
    facts: Facts,
    chosen: Sequence[Subject],
) -> None:
    today = env.clock.today()
    used = masters.in_force(connection, today)
    printer = masters.printer_at(connection, actor.terminal_id)
    for copy_no, certificate_id in enumerate(env.ids.take(connection, application.copies), 1):
        serial = records.next_serial(connection, today, actor.terminal_id)
        parts = _number_parts(today, used.masters.municipality, actor.terminal_id, printer, serial)
        mark = IssueMark(today, parts, records.verification_code(env))
        paper = compose(facts, application.selection, used.masters, mark)
        pressed = counter.press.print(str(certificate_id), paper)
        read_back(pressed.pdf, paper, pressed.pages)
        place = (copy_no, actor.terminal_id, serial)
        records.insert_certificate(connection, env, certificate_id, application_id, place, paper, pressed, used, chosen)


def _number_parts(on: date, municipality: str, terminal: str, printer: str | None, serial: int) -> tuple[str, ...]:
    """発行年月日・市区町村名・発行端末・発行プリンタ・順に付された番号 (STD 5.5)."""
    parts = (on.strftime("%Y%m%d"), municipality, terminal, printer, f"{serial:03d}")
    return tuple(part for part in parts if part)


def _own(connection: Connection, actor: Actor, stored: StoredApplication) -> list[StoredCertificate]:
    """The locked copies of an application of this officer at this terminal; NotAvailable for anybody else's."""
    if (stored.officer, stored.terminal) != (actor.officer_id, actor.terminal_id):
        raise NotAvailable
    return records.certificates_of(connection, stored.application_id, lock=True)


def _require_status(copies: Sequence[StoredCertificate], status: str) -> None:
    if any(copy.status != status for copy in copies):
        raise WrongState


def _intact(connection: Connection, copy: StoredCertificate) -> bytes:
    """The stored bytes, compared with their digest."""
    pdf = records.file_of(connection, copy.certificate_id)
    if not hmac.compare_digest(sha256(pdf).hexdigest(), copy.file_digest):
        raise CertificateMismatch(page=0, part="ファイル")
    return pdf


def _compare(
    connection: Connection, stored: StoredApplication, copy: StoredCertificate, facts: Facts, pdf: bytes
) -> None:
    """Before handing over: bytes, view model and text are still what they were; CertificateMismatch otherwise."""
    if not hmac.compare_digest(sha256(pdf).hexdigest(), copy.file_digest):
        raise CertificateMismatch(page=0, part="ファイル")
    used = masters.of_issue(connection, copy.attestor_id, copy.seal_id)
    again = compose(facts, stored.application.selection, used, copy.mark)
    if not hmac.compare_digest(again.digest, copy.view_digest):
        raise CertificateMismatch(page=0, part="記載内容")
    read_back(pdf, again, copy.pages)


def _purpose(stored: StoredApplication) -> Purpose:
    return stored.application.purpose


def _reservation(connection: Connection, application_id: int) -> Reservation:
    stored = records.application_of(connection, application_id)
    copies = tuple(
        Copy(c.certificate_id, c.number, c.file_digest, len(c.pages), c.status, c.tight)
        for c in records.certificates_of(connection, application_id)
    )
    application = stored.application
    return Reservation(
        application_id, application.kind, application.household_id, copies, stored.fee_yen, stored.by_mail
    )


def _trail(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    made: Reservation,
    purpose: Purpose,
    chosen: Sequence[Subject],
    number_shown: bool,
) -> None:
    """One entry per copy: keyed digests of the bytes shown (before) and of the bytes handed over (after)."""
    for copy in made.copies:
        keyed = digest(env, copy.digest)
        entry = Entry(
            act=act,
            officer_id=actor.officer_id,
            terminal_id=actor.terminal_id,
            purpose=purpose,
            subjects=tuple(subject.person_id for subject in chosen),
            number_shown=number_shown,
            digest_before=keyed,
            digest_after=keyed if act is Act.CERTIFICATE_ISSUED else None,
            detail={"application": made.application_id, "certificate": copy.certificate_id},
        )
        record(connection, env, entry)


def _note(connection: Connection, env: Environment, actor: Actor, act: Act, copy: StoredCertificate) -> None:
    entry = Entry(
        act=act,
        officer_id=actor.officer_id,
        terminal_id=actor.terminal_id,
        purpose=Purpose.CERTIFICATE_ISSUE,
        subjects=tuple(records.persons_of(connection, copy.certificate_id)),
        digest_after=digest(env, copy.file_digest),
        detail={"application": copy.application_id, "certificate": copy.certificate_id},
    )
    record(connection, env, entry)
