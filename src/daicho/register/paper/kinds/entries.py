"""住民票記載事項証明書 and 住民票除票記載事項証明書: the chosen items only; what was not chosen does not appear at all."""

from daicho.register.paper.authority import Item, is_asked
from daicho.register.paper.facts import Facts, Masters, Selection, Subject
from daicho.register.paper.kinds.parts import certificate
from daicho.register.paper.kinds.values import (
    address_of,
    annexes,
    choose,
    head_name,
    in_city,
    legal,
    person_values,
    with_building,
)
from daicho.register.paper.view import IssueMark, Paper, Section, Value

NAME = "住民票記載事項証明書"
REMOVED_NAME = "住民票除票記載事項証明書"
SENTENCE = "上記の事項は、住民票に記載されていることを証明する。"
REMOVED_SENTENCE = "上記の事項は、住民票の除票に記載されていることを証明する。"

ITEMS: dict[Item, tuple[str, ...]] = {
    Item.NAMES: ("former_name", "former_name_reading", "common_name", "common_name_reading"),
    Item.BIRTH: ("birth",),
    Item.SEX: ("sex",),
    Item.HEAD: ("relationship",),
    Item.SINCE: ("resident_since", "notified"),
    Item.SETTLED: ("settled",),
    Item.PREVIOUS: ("address_before_entry", "address_before_change"),
    Item.DOMICILE: ("domicile", "register_head"),
    Item.FOREIGN: (),
    Item.NATIONALITY: ("nationality",),
    Item.CATEGORY: ("category",),
    Item.STATUS: ("status",),
    Item.PERIOD: ("period",),
    Item.EXPIRY: ("expiry",),
    Item.CARD: ("card_number",),
    Item.INDIVIDUAL_NUMBER: ("individual_number",),
    Item.RESIDENT_CODE: ("resident_code",),
    Item.REMARKS: ("remarks",),
}
"""Which values an item brings; the name is always there, address and building stand at the head."""

OFFERED = (Item.ADDRESS, Item.BUILDING, *ITEMS, Item.WITHOUT_READINGS)
PRESET = frozenset({Item.ADDRESS, Item.BUILDING, Item.BIRTH, Item.SEX})


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The certificate for some or all residents of a household. Raises NobodyChosen."""
    chosen = choose(facts.members, selection.person_ids)
    return _paper(facts, chosen, selection, masters, issue, NAME, SENTENCE)


def compose_removed(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The certificate for removed records, never with residents (STD 5.1). Raises NobodyChosen."""
    gone = [member for member in facts.members if member.person_id in selection.person_ids]
    chosen = choose(gone, selection.person_ids, resident=False)
    return _paper(facts, chosen, selection, masters, issue, REMOVED_NAME, REMOVED_SENTENCE)


def _paper(
    facts: Facts,
    chosen: list[Subject],
    selection: Selection,
    masters: Masters,
    issue: IssueMark,
    name: str,
    sentence: str,
) -> Paper:
    boxes: list[Section] = []
    separate: list[Section] = []
    for number, subject in enumerate(chosen, 1):
        values = _values(subject, selection.items)
        separate += annexes(values, "remarks", f"{number}人目の備考")
        boxes.append(Section("entries.person", values, number))
    head = _head(facts, chosen[0], selection.items)
    return certificate(
        selection,
        masters,
        issue,
        name=name,
        title=name,
        sentence=sentence,
        top=[Section("entries.head", head)] if head else [],
        sections=[*boxes, *separate],
    )


def _head(facts: Facts, first: Subject, items: frozenset[Item]) -> dict[str, Value]:
    """Address and head; the building is left out only where it was not asked for (STD 5.4)."""
    record = first.record
    values: dict[str, Value] = {}
    if Item.ADDRESS in items:
        plain = in_city(record.municipality_code, record.address)
        values["address"] = address_of(record) if Item.BUILDING in items else plain
    if Item.HEAD in items:
        values["head"] = head_name(facts.members)
    return values


def _values(subject: Subject, items: frozenset[Item]) -> dict[str, Value]:
    record = subject.record
    wanted = {"name", "reading", *(name for item, names in ITEMS.items() if is_asked(item, items) for name in names)}
    values = {name: value for name, value in person_values(subject, items).items() if name in wanted}
    if not record.is_resident:
        values |= {"removed_reason": record.removed_reason, "removed_on": legal(record.removed_on)}
        if record.planned_address and Item.PREVIOUS in items:
            values["planned"] = with_building(record.planned_address, record.planned_building)
            values["confirmed"] = with_building(record.confirmed_address, record.confirmed_building)
    return values
