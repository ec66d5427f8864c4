"""見分ける: two people of a search beside each other, item by item; what differs is marked (S06)."""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.law.dates import birth_word
from daicho.law.shapes import Shape, shapes_of
from daicho.law.towns import town_of_code
from daicho.register.changes.record import ResidentRecord
from daicho.register.screens.labels import display, relationship_word, short_day, town_part
from daicho.register.store.likeness import Equality
from daicho.register.store.pairs import Pair, Side

Marked = list[tuple[str, bool]]
"""Characters of a name with their selectors, each with whether it differs."""

_HOME_PREFECTURE = "埼玉県"
_AGREE: dict[Equality, str] = {"same": "一致", "different": "一致しない", "unknown": "不明"}


@dataclass(frozen=True, slots=True)
class Row:
    """One item of both people; `both` stands for the two where one word says it (番号が一致しない)."""

    label: str
    first: str = ""
    second: str = ""
    both: str = ""
    register_face: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the two by its number in the list of results."""

    person_id: int
    position: int

    @property
    def code(self) -> str:
        """How a request names it: person id and number."""
        return f"{self.person_id}:{self.position}"


def chosen_of(codes: Sequence[str]) -> list[Chosen]:
    """The people named by a request, each once, in order; what is not readable is left out."""
    found: dict[int, Chosen] = {}
    for code in codes:
        person_id, _, position = code.partition(":")
        if person_id.isascii() and person_id.isdigit() and position.isascii() and position.isdigit():
            found[int(person_id)] = Chosen(int(person_id), int(position))
    return list(found.values())


def marked(names: Sequence[str], name: str) -> Marked:
    """A name whose characters are marked where the names, being of equal length, do not all agree."""
    parts = [shapes_of(one) for one in names]
    own = shapes_of(name)
    if any(len(one) != len(own) for one in parts):
        return [(name, False)]
    return [(shape.text, any(one[at].text != shape.text for one in parts)) for at, shape in enumerate(own)]


def heads(pair: Pair) -> list[Marked]:
    """Both names in large type."""
    names = [side.record.name for side in pair.sides]
    return [marked(names, name) for name in names]


def rows(pair: Pair) -> list[Row]:
    """The items that tell two people apart, numbers only as an answer."""
    first, second = pair.sides
    a, b = first.record, second.record
    return [
        _shapes_row(a.name, b.name),
        *(
            [_row("通称", a.common_name or "なし", b.common_name or "なし", reg=True)]
            if a.is_foreign or b.is_foreign
            else []
        ),
        _row("生年月日", _birth(a), _birth(b)),
        _row("性別", display("sex", a), display("sex", b)),
        _row("町", _town(a), _town(b)),
        _row("世帯主", first.head_name or "—", second.head_name or "—", reg=True),
        _row("続柄", relationship_word(a.relationship), relationship_word(b.relationship)),
        _row("住定日", _settled(first), _settled(second)),
        _number_row("個人番号", pair.individual_number),
        _number_row("住民票コード", pair.resident_code),
        *([] if a.is_foreign and b.is_foreign else [_row("本籍", _domicile(a), _domicile(b))]),
    ]


def _row(label: str, first: str, second: str, *, reg: bool = False) -> Row:
    return Row(label, first, second, register_face=reg, differs=first != second)


def _number_row(label: str, equality: Equality) -> Row:
    return Row(label, both=_AGREE[equality], differs=equality == "different")


def _shapes_row(first: str, second: str) -> Row:
    """Numbers of the characters that differ; where the names are not of equal length, none stands for another."""
    ours, theirs = shapes_of(first), shapes_of(second)
    if len(ours) != len(theirs):
        return Row("字の番号", both="字数がちがいます", differs=True)
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a.text != b.text]
    if not pairs:
        return Row("字の番号", both="すべて同じ字形")
    return Row("字の番号", _named([a for a, _ in pairs]), _named([b for _, b in pairs]), differs=True)


def _named(shapes: Sequence[Shape]) -> str:
    return " ".join(shape.named for shape in shapes)


def _birth(record: ResidentRecord) -> str:
    plain = record.birth.is_calendar and not record.is_foreign
    return short_day(record.birth.on) if plain else birth_word(record.birth, record.is_foreign)


def _town(record: ResidentRecord) -> str:
    town = town_of_code(record.town_code) if record.town_code else None
    return town.full_name if town else town_part(record.address)


def _settled(side: Side) -> str:
    day = side.record.settled_on or side.record.resident_since or side.record.foreign_resident_since
    if day is None:
        return "—"
    return short_day(day.on) if day.is_calendar else day.wareki


def _domicile(record: ResidentRecord) -> str:
    if record.domicile is None:
        return "なし"
    return "県内" if record.domicile.startswith(_HOME_PREFECTURE) else "県外"
