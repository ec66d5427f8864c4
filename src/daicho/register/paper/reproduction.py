"""A past paper made again from what was kept with it (design, section 8): never an original, marked 再現 on every page.

States are never rewritten, so the view model is equal always, whatever was corrected or cancelled since; the bytes are
equal where template, engine and font are those of the issue.
"""

import hmac
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.register.paper import masters, reader, records
from daicho.register.paper.compose import compose
from daicho.register.paper.errors import CertificateMismatch, IssueSuppressed
from daicho.register.paper.issue import Counter
from daicho.register.paper.kinds.catalogue import kind_of
from daicho.register.paper.readback import read_back
from daicho.register.paper.view import Paper
from daicho.trail.act import Act
from daicho.trail.entry import Entry, digest, record
from daicho.wire.environment import Connection, Environment


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A past paper made again: what it was, its pages, and whether the very bytes came out again."""

    certificate_id: int
    kind: str
    number: str
    issued_on: date
    status: str
    household_id: int | None
    pdf: bytes
    pages: int
    same_versions: bool
    same_bytes: bool


def paper_again(connection: Connection, env: Environment, certificate_id: int) -> Paper:
    """The view model of an earlier issue, from the states it was made of; equal to the one printed then.

    Raises NotAvailable; CertificateMismatch if it were not equal.
    """
    copy = records.certificate_of(connection, certificate_id)
    application = records.application_of(connection, copy.application_id)
    asked = application.application
    items = asked.items | kind_of(asked.kind).always
    states = [state for _, state in application.fingerprint]
    read = reader.of_states(connection, env, states, items, application.history, application.ended_by)
    read = reader.with_cause(connection, read, asked.change_id)
    used = masters.of_issue(connection, copy.attestor_id, copy.seal_id)
    paper = compose(read.facts, asked.selection, used, copy.mark)
    if not hmac.compare_digest(paper.digest, copy.view_digest):
        raise CertificateMismatch(page=0, part="記載内容")
    return paper


def reproduce(env: Environment, counter: Counter, actor: Actor, certificate_id: int) -> Reproduced:
    """Make a past paper again for a look; one entry in the trail with those who stand on it.

    A paper with a number is for those only who may see numbers.

    Raises NotAllowed, NotAvailable, IssueSuppressed, the press's errors, CertificateMismatch.
    """
    require_right(actor, Right.CERTIFICATE_HISTORY, on=env.clock.today())
    with env.database.transaction() as connection:
        copy = records.certificate_of(connection, certificate_id)
        stored = records.application_of(connection, copy.application_id)
        if records.shows_number(stored.application):
            require_right(actor, Right.NUMBER_REVEAL, on=env.clock.today())
        people = records.persons_of(connection, certificate_id)
        if counter.suppressed(connection, env, actor, people):
            raise IssueSuppressed
        paper = paper_again(connection, env, certificate_id)
        entry = Entry(
            act=Act.CERTIFICATE_REPRODUCED,
            officer_id=actor.officer_id,
            terminal_id=actor.terminal_id,
            subjects=tuple(people),
            number_shown=records.shows_number(stored.application),
            digest_after=digest(env, copy.file_digest),
            detail={"certificate": certificate_id},
        )
        record(connection, env, entry)
    pressed = counter.press.print(f"again-{certificate_id}", paper)
    read_back(pressed.pdf, paper, pressed.pages)
    return Reproduced(
        certificate_id=certificate_id,
        kind=stored.application.kind,
        number=copy.number,
        issued_on=copy.mark.on,
        status=copy.status,
        household_id=stored.application.household_id,
        pdf=pressed.pdf,
        pages=len(pressed.pages),
        same_versions=pressed.versions == copy.versions,
        same_bytes=sha256(pressed.pdf).hexdigest() == copy.file_digest,
    )
