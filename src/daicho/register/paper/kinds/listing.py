"""住民基本台帳の一部の写し（閲覧用）: name, birth date, sex and address of the residents of a town, nothing else.

Act art. 11 (offices) and 11-2 (opinion polls, research, residents' groups). Whoever is protected has been left out when
the facts were read; the paper does not say that anybody was.
"""

from daicho.law.codes import Sex
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.errors import NobodyChosen
from daicho.register.paper.facts import Facts, Masters, Selection, Subject
from daicho.register.paper.kinds.parts import certificate
from daicho.register.paper.kinds.values import address_of, full_name
from daicho.register.paper.view import IssueMark, Paper, Section

NAME = "住民基本台帳の一部の写し（閲覧用）"
SENTENCE = "住民基本台帳の閲覧に供するものです。"


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The list of a town. Raises NobodyChosen when nobody is on it."""
    people = sorted(facts.members, key=_place)
    if not people:
        raise NobodyChosen(field="persons")
    head = Section("listing.head", {"town": _town(people[0].record), "count": f"{len(people)}人"})
    top = [head, Section("listing.captions")]
    return certificate(
        selection,
        masters,
        issue,
        name=NAME,
        title="住民基本台帳の一部の写し",
        form="（閲覧用）",
        sentence=SENTENCE,
        top=top,
        sections=[_row(subject, number) for number, subject in enumerate(people, 1)],
        sealed=False,
    )


def _place(subject: Subject) -> tuple[str, int, int, int]:
    record = subject.record
    return record.address, record.household_id, record.household_order, subject.person_id


def _town(record: ResidentRecord) -> str:
    """The part of the address that all have: up to the last 丁目 or the first figure."""
    address = record.address
    end = next((at for at, character in enumerate(address) if character.isdigit()), len(address))
    return address[:end] or address


def _row(subject: Subject, number: int) -> Section:
    record = subject.record
    return Section(
        "listing.row",
        {
            "number": str(number),
            "name": full_name(record),
            "reading": record.name_reading,
            "birth": record.birth.western if record.is_foreign else record.birth.wareki,
            "sex": Sex(record.sex).word,
            "address": address_of(record),
        },
    )
