"""What all letters share: addressee in the window, sender, paragraphs, a box of lines."""

from collections.abc import Sequence
from functools import cache

from daicho.law.dates import format_wareki
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.errors import LetterImpossible
from daicho.register.paper.facts import Cause, Facts, Masters, Selection, Subject
from daicho.register.paper.kinds.history import ITEMS, NOTHING
from daicho.register.paper.kinds.values import address_of, mail_name, with_building
from daicho.register.paper.view import Attestation, IssueMark, Lines, Paper, Section

SEAL_LEFT_OUT = "（公印省略）"


def letter(
    selection: Selection,
    masters: Masters,
    issue: IssueMark,
    *,
    title: str,
    addressee: Sequence[str],
    paragraphs: Sequence[str],
    lines: Sequence[tuple[str, str]],
    more: Sequence[Section] = (),
) -> Paper:
    """A letter of the mayor without seal."""
    text = [Section("letter.prose", {"text": paragraph}) for paragraph in paragraphs]
    return Paper(
        kind=selection.kind,
        name=title,
        title=title,
        form="",
        municipality=masters.municipality,
        stamps=("合成データ",) if masters.synthetic else (),
        top=(),
        again=(),
        sections=(*text, Section("letter.lines", {"lines": tuple(lines)}), *more),
        attestation=Attestation("", format_wareki(issue.on), masters.title, masters.name, SEAL_LEFT_OUT),
        seal=None,
        issue=issue,
        tint=False,
        addressee=tuple(addressee),
    )


def cause_of(facts: Facts) -> Cause:
    """The change that the letter speaks of. Raises LetterImpossible when there is none."""
    if facts.cause is None or not facts.members:
        raise LetterImpossible
    return facts.cause


def movers(facts: Facts) -> list[Subject]:
    """Those whom the change moved, in order."""
    cause = cause_of(facts)
    found = [member for member in facts.members if member.person_id in cause.movers]
    return found or list(facts.members)


def to(postcode: str | None, address: str, name: str) -> tuple[str, ...]:
    """The lines of the window."""
    code = f"〒{postcode[:3]}-{postcode[3:]}" if postcode and len(postcode) == 7 else None
    return tuple(line for line in (code, address, f"{name}　様") if line)


def home(record: ResidentRecord, name: str | None = None) -> tuple[str, ...]:
    """A letter to a person's own address."""
    return to(record.postcode, address_of(record), name or mail_name(record))


def place_before(facts: Facts, subject: Subject) -> tuple[str | None, str] | None:
    """Postcode and address at which a person lived before the change; None where there was none in the country."""
    before = facts.before.get(subject.person_id)
    if before is not None and before.is_resident:
        return before.postcode, address_of(before)
    record = subject.record
    abroad = record.previous_municipality is None and not (record.previous_address or "").startswith(_prefectures())
    if record.previous_address is None or abroad:
        return None
    return record.previous_postcode, with_building(record.previous_address, record.previous_building) or ""


@cache
def _prefectures() -> tuple[str, ...]:
    return tuple(place.name for code, place in municipalities().items() if code[2:5] == "000")


def differences(before: ResidentRecord | None, after: ResidentRecord) -> Lines:
    """What a change did to a record, item by item: 住所　…　→　….  Numbers are never among them."""
    if before is None:
        return tuple((label, value) for label, _, read in ITEMS if (value := read(after)))
    found = [(label, read(before), read(after)) for label, _, read in ITEMS]
    return tuple((label, f"{old or NOTHING}　→　{new or NOTHING}") for label, old, new in found if old != new)
