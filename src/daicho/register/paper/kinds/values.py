"""The values of one person's box, as finished text: alike on every paper.

Items of a planned move-out are never among them (STD 5.1: before the planned date they are left out; afterwards the
person is no longer a resident). Readings are printed only where the family register has confirmed them.
"""

from collections.abc import Sequence
from datetime import date

from daicho.law.codes import CodeList, Sex, find_code
from daicho.law.dates import LegalDate, birth_word, format_wareki, format_western
from daicho.law.kinship import Relationship
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import Item, is_asked
from daicho.register.paper.errors import NobodyChosen
from daicho.register.paper.facts import Subject
from daicho.register.paper.view import OMITTED, Section, Value

WIDE_SPACE = "　"
HEAD_CODE = "02"
ON_A_SHEET = 480
"""Characters of remarks in a box; longer ones go to a separate sheet."""
ON_AN_ANNEX = 1600
ANNEX = "別紙のとおり"


def choose(members: Sequence[Subject], person_ids: Sequence[int], *, resident: bool = True) -> list[Subject]:
    """The persons to print in the order kept with the household (STD 5.2); raises NobodyChosen.

    Residents and removed persons never stand on one paper (STD 5.1).
    """
    wanted = set(person_ids) or {member.person_id for member in members}
    chosen = [member for member in members if member.person_id in wanted]
    right = all(member.record.is_resident is resident for member in chosen)
    if not chosen or len(chosen) != len(wanted) or not right:
        raise NobodyChosen(field="persons")
    return sorted(chosen, key=lambda member: (member.record.household_order, member.person_id))


def head_name(members: Sequence[Subject]) -> str | None:
    """The head's name; nothing for a household without head (STD 1.1.10)."""
    heads = [full_name(member.record) for member in members if member.record.relationship == HEAD_CODE]
    return heads[0] if heads else None


def person_values(subject: Subject, items: frozenset[Item]) -> dict[str, Value]:
    """Every item of a person's box; what was not asked for is OMITTED."""
    record = subject.record
    since = record.foreign_resident_since if record.is_foreign else record.resident_since
    notified = record.foreign_resident_notified_on if record.is_foreign else record.resident_notified_on
    values: dict[str, Value] = {
        "name": full_name(record),
        "reading": record.name_reading,
        "birth": birth_word(record.birth, record.is_foreign),
        "sex": Sex(record.sex).word,
        "relationship": relationship_word(record) if Item.HEAD in items else OMITTED,
        "resident_since": legal(since),
        "notified": day(notified),
        "settled": None if record.settled_on == since else legal(record.settled_on),
        "address_before_entry": with_building(record.previous_address, record.previous_building),
        "address_before_change": with_building(
            in_city(record.municipality_code, record.former_address), record.former_building
        ),
        "individual_number": subject.individual_number if Item.INDIVIDUAL_NUMBER in items else OMITTED,
        "resident_code": subject.resident_code if Item.RESIDENT_CODE in items else OMITTED,
        "remarks": one_line(record.remarks) if Item.REMARKS in items else OMITTED,
    }
    return values | (_foreign(record, items) if record.is_foreign else _japanese(record, items))


def _japanese(record: ResidentRecord, items: frozenset[Item]) -> dict[str, Value]:
    asked = Item.DOMICILE in items
    return {
        "former_name": record.former_family_name,
        "former_name_reading": record.former_family_name_reading or record.former_family_name_kana,
        "domicile": record.domicile if asked else OMITTED,
        "register_head": record.family_register_head if asked else OMITTED,
    }


def _foreign(record: ResidentRecord, items: frozenset[Item]) -> dict[str, Value]:
    category = record.article_30_45
    values: dict[Item, tuple[str, Value]] = {
        Item.NATIONALITY: ("nationality", record.nationality_name),
        Item.CATEGORY: ("category", find_code(CodeList.ARTICLE_30_45, category).name if category else None),
        Item.CARD: ("card_number", record.residence_card_number),
        Item.STATUS: ("status", record.residence_status_name),
        Item.PERIOD: ("period", record.stay_period),
        Item.EXPIRY: ("expiry", format_western(record.stay_until) if record.stay_until else None),
    }
    names: dict[str, Value] = {"common_name": record.common_name, "common_name_reading": record.common_name_kana}
    shown = {name: value if is_asked(item, items) else OMITTED for item, (name, value) in values.items()}
    return names | shown


def annexes(values: dict[str, Value], item: str, title: str) -> list[Section]:
    """A long text moved to separate sheets (別紙), never cut; the box then says so. Changes `values`."""
    text = values.get(item)
    if not isinstance(text, str) or len(text) <= ON_A_SHEET:
        return []
    values[item] = ANNEX
    return annex(text, title)


def annex(text: str, title: str) -> list[Section]:
    """A text on separate sheets."""
    pieces = [text[start : start + ON_AN_ANNEX] for start in range(0, len(text), ON_AN_ANNEX)]
    return [Section("annex", {"title": title, "text": piece}) for piece in pieces]


def address_of(record: ResidentRecord) -> str:
    """The address in full, with its building line."""
    return with_building(in_city(record.municipality_code, record.address), record.building) or ""


def full_name(record: ResidentRecord) -> str:
    """The name as registered; a foreign resident's 併記名 stands behind it (STD 5.3)."""
    if record.is_foreign and record.parallel_name and record.parallel_name not in record.name:
        return record.name + WIDE_SPACE + record.parallel_name
    return record.name


def mail_name(record: ResidentRecord) -> str:
    """The name that letters are addressed to: the one that a foreign resident has asked for (STD 1.1.19)."""
    if record.common_name and record.mail_name == "common":
        return record.common_name
    if record.common_name and record.mail_name == "both":
        return f"{full_name(record)}（{record.common_name}）"
    return full_name(record)


def relationship_word(record: ResidentRecord) -> str | None:
    """The relationship in words; nothing in a household without head."""
    if record.head_absent:
        return None
    return Relationship(tuple(record.relationship.split("."))).word


def legal(value: LegalDate | None) -> str | None:
    """A legal date as printed."""
    return value.wareki if value else None


def day(value: date | None) -> str | None:
    """A calendar day as printed."""
    return format_wareki(value) if value else None


def one_line(text: str | None) -> str | None:
    """A text without line ends."""
    return " ".join(text.split("\n")) if text else None


def in_city(municipality_code: str, address: str | None) -> str | None:
    """An address inside the city with prefecture and city before it."""
    if not address:
        return None
    city = municipalities()[municipality_code].name
    return address if address.startswith(city) else city + address


def with_building(address: str | None, building: str | None) -> str | None:
    """An address with its building line, which is never left out (STD 5.4)."""
    if not address:
        return None
    return address + WIDE_SPACE + building if building else address
