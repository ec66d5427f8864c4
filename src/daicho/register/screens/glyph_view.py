"""Characters of names whose exact shape a reviewer compares with the document (S17)."""

from dataclasses import dataclass

from daicho.law.glyphs import code_point, is_selector
from daicho.law.names import kanji_key
from daicho.register.desk.planning import Prepared


@dataclass(frozen=True, slots=True)
class Shape:
    """A character with a selector, or one that has more usual variants; `plain` is the usual shape beside it."""

    shown: str
    plain: str
    code: str
    name: str


def shapes(prepared: Prepared) -> list[Shape]:
    """The characters of all names to be entered that could be taken for another shape, each once."""
    found: dict[str, Shape] = {}
    for effect in prepared.plan.effects:
        if effect.kind != "enter":
            continue
        for shown in _characters(effect.record.name):
            plain = kanji_key(shown)
            if shown not in found and (len(shown) > 1 or (plain and plain != shown and shown >= "\u3400")):
                code = " ".join(code_point(part) for part in shown)
                found[shown] = Shape(shown, plain or shown[0], code, effect.record.name)
    return list(found.values())


def _characters(text: str) -> list[str]:
    """Base characters, each with its selector if it has one; kana and spaces left out."""
    found: list[str] = []
    for char in text:
        if is_selector(char) and found:
            found[-1] += char
        else:
            found.append(char)
    return [char for char in found if char[0] not in " \u3000" and not "\u3040" <= char[0] <= "\u30ff"]
