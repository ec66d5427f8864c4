"""Every form by name, and the design of every kind: what the paper process knows."""

from daicho.register.paper.forms import entries, household, letter, listing, moveout, single
from daicho.register.paper.forms.base import Design, Form, Row, only
from daicho.register.paper.view import Section

FORMS: dict[str, Form] = {
    "household.head": household.HEAD,
    "household.japanese": household.JAPANESE,
    "household.foreign": household.FOREIGN,
    "annex": household.ANNEX,
    "single.japanese": single.JAPANESE,
    "single.foreign": single.FOREIGN,
    "single.again": single.AGAIN,
    "history.title": single.TITLE,
    "history.removal": single.REMOVAL,
    "history.captions": single.CAPTIONS,
    "history.entry": single.ENTRY,
    "history.remarks": single.REMARKS,
    "moveout.head": moveout.HEAD,
    "moveout.japanese": moveout.JAPANESE,
    "moveout.foreign": moveout.FOREIGN,
    "entries.head": entries.HEAD,
    "entries.person": entries.PERSON,
    "listing.head": listing.HEAD,
    "listing.captions": listing.CAPTIONS,
    "listing.row": listing.ROW,
    "letter.prose": letter.PROSE,
    "letter.lines": letter.LINES,
}

READINGS = frozenset(
    cell.reading for form in FORMS.values() for row in form.rows for cell in row.fields if cell.reading is not None
)
"""The items that are printed in brackets behind a name."""

DESIGNS: dict[str, Design] = {
    "household_copy": household.DESIGN,
    "individual_copy": single.DESIGN,
    "removed_copy": single.REMOVED_DESIGN,
    "entries": entries.DESIGN,
    "removed_entries": entries.DESIGN,
    "move_out": moveout.DESIGN,
    "move_out_equivalent": moveout.EQUIVALENT_DESIGN,
    "inspection": listing.DESIGN,
    "code_notice": letter.DESIGN,
    "code_change_notice": letter.DESIGN,
    "code_correction_notice": letter.DESIGN,
    "acceptance_notice": letter.DESIGN,
    "head_change_notice": letter.DESIGN,
    "head_change_request": letter.DESIGN,
    "ex_officio_notice": letter.DESIGN,
    "ex_officio_record": letter.DESIGN,
    "arrival_inquiry": letter.DESIGN,
    "ward_notice": letter.DESIGN,
}


def rows_of(section: Section) -> tuple[Row, ...]:
    """The rows of a section, with the fields that it has values for. KeyError for an unknown form."""
    return only(FORMS[section.form], section.values.keys())


def item_word(item: str) -> str:
    """The label of an item on paper, for lists of what had to be broken."""
    return next(
        (
            cell.plain_label
            for form in FORMS.values()
            for row in form.rows
            for cell in row.fields
            if cell.item == item and cell.label
        ),
        item,
    )
