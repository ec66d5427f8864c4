"""Every kind of paper: made, read back, and anything else than it must show is caught."""

import dataclasses
import io
import json

import pypdfium2 as pdfium
import pytest

from daicho.register.paper.errors import CertificateMismatch
from daicho.register.paper.forms.table import DESIGNS
from daicho.register.paper.kinds.catalogue import KINDS
from daicho.register.paper.readback import read_back
from daicho.register.paper.typesetter import Printed, Typesetter
from daicho.register.paper.view import Paper, Section, from_data
from tests.paper.samples import NUMBERED, SAMPLES, paper_of

ALL = sorted(KINDS)


def with_pages(*sources: tuple[Printed, int]) -> bytes:
    """A file with pages (counted from 0) of other files."""
    target = pdfium.PdfDocument.new()
    for printed, number in sources:
        target.import_pages(pdfium.PdfDocument(printed.pdf), [number])
    out = io.BytesIO()
    target.save(out)
    target.close()
    return out.getvalue()


def caught(printed: Printed, paper: Paper) -> None:
    """The gate must refuse this file for this paper."""
    with pytest.raises(CertificateMismatch):
        read_back(printed.pdf, paper, printed.pages)


def test_every_kind_has_a_sample_a_design_and_a_key_of_its_own() -> None:
    assert set(SAMPLES) == set(KINDS) == set(DESIGNS)
    assert len({kind.key for kind in KINDS.values()}) == len(KINDS)
    assert all(kind.preset <= set(kind.items) for kind in KINDS.values())


@pytest.mark.parametrize("kind", ALL)
def test_a_right_paper_passes_and_survives_its_journey(typesetter: Typesetter, kind: str) -> None:
    paper = paper_of(kind)
    assert from_data(json.loads(paper.to_json())) == paper
    printed = typesetter.set(paper)
    read_back(printed.pdf, paper, printed.pages)
    assert typesetter.set(paper).pdf == printed.pdf


@pytest.mark.parametrize("kind", ALL)
def test_a_swapped_person_is_caught(typesetter: Typesetter, kind: str) -> None:
    caught(typesetter.set(paper_of(kind, name="髙橋　健一")), paper_of(kind))


@pytest.mark.parametrize("kind", ALL)
def test_a_lost_selector_is_caught(typesetter: Typesetter, kind: str) -> None:
    caught(typesetter.set(paper_of(kind, name="渡邉　健一")), paper_of(kind))
    caught(typesetter.set(paper_of(kind, name="渡邉\U000e0116　健一")), paper_of(kind))


@pytest.mark.parametrize("kind", ALL)
def test_a_wrong_kind_is_caught(typesetter: Typesetter, kind: str) -> None:
    other = ALL[(ALL.index(kind) + 1) % len(ALL)]
    caught(typesetter.set(paper_of(other)), paper_of(kind))


@pytest.mark.parametrize("kind", [kind for kind in ALL if NUMBERED & {*KINDS[kind].items, *KINDS[kind].always}])
def test_a_wrong_number_is_caught(typesetter: Typesetter, kind: str) -> None:
    wrong = paper_of(kind, number="100000000999", code="10000000999")
    assert wrong != paper_of(kind)
    caught(typesetter.set(wrong), paper_of(kind))


@pytest.mark.parametrize("kind", ALL)
def test_a_swapped_page_is_caught(typesetter: Typesetter, kind: str) -> None:
    long = filled(paper_of(kind))
    right = typesetter.set(long)
    assert len(right.pages) > 1
    read_back(right.pdf, long, right.pages)
    turned = dataclasses.replace(right, pdf=with_pages(*((right, page) for page in reversed(range(len(right.pages))))))
    caught(turned, long)
    stranger = typesetter.set(filled(paper_of(kind, name="髙橋　健一")))
    mixed = [(stranger if page == 0 else right, page) for page in range(len(right.pages))]
    caught(dataclasses.replace(right, pdf=with_pages(*mixed)), long)


def filled(paper: Paper) -> Paper:
    """The same paper with so many sections that it takes several sheets."""
    last = paper.sections[-1]
    count = {"history.remarks": 30, "letter.lines": 20, "listing.row": 40}.get(last.form, 4)
    more = [dataclasses.replace(last, number=last.number and last.number + extra) for extra in range(1, count + 1)]
    return dataclasses.replace(paper, sections=(*paper.sections, *more))


def test_a_section_of_no_form_is_no_paper(typesetter: Typesetter) -> None:
    paper = dataclasses.replace(paper_of("household_copy"), sections=(Section("nothing", {}),))
    with pytest.raises(KeyError):
        typesetter.set(paper)
