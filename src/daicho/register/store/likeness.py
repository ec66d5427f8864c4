"""How alike a person to be entered and a person of the register are, part by part and in words (S14).

The points put candidates into an order and say why; they decide nothing. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Equality = Literal["same", "different", "unknown"]
"""一致, 不一致, 不明."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing compared: what was found in words, and what it adds to or takes from the points."""

    item: str
    equality: Equality
    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """All parts of a comparison."""

    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        """From 0 to 100."""
        return max(0, min(100, sum(part.points for part in self.parts)))

    @property
    def word(self) -> str:
        """What the points say, and no more than that."""
        if self.points >= 80:
            return "よく似ています"
        return "似ています" if self.points >= 45 else "一部だけ同じです"


def likeness(*parts: Part) -> Likeness:
    """A comparison of these parts."""
    return Likeness(parts)


def number_part(item: str, equality: Equality) -> Part:
    """Individual number or resident code: proof when equal, strong evidence against when not."""
    words = {"same": "一致", "different": "一致しません", "unknown": "どちらかにありません"}
    points = {"same": 70, "different": -40, "unknown": 0}
    return Part(item, equality, words[equality], points[equality])


def card_part(equality: Equality) -> Part:
    """A residence card: another number may be the same person's renewed card."""
    words = {
        "same": "一致",
        "different": "一致しません(更新で変わることがあります)",
        "unknown": "どちらかにありません",
    }
    points = {"same": 70, "different": -5, "unknown": 0}
    return Part("在留カード等番号", equality, words[equality], points[equality])


def name_part(item: str, wanted: Sequence[str], now: Sequence[str], others: Sequence[str], weight: int) -> Part:
    """A name by its search keys: as it stands, or as a former, other or common name."""
    if not wanted:
        return Part(item, "unknown", "入力がありません", 0)
    if set(wanted) & set(now):
        return Part(item, "same", "一致", weight)
    if set(wanted) & set(others):
        return Part(item, "same", "以前の氏名・旧氏・通称と一致", weight * 3 // 4)
    if not now and not others:
        return Part(item, "unknown", "記録がありません", 0)
    return Part(item, "different", "一致しません", -weight // 2)


def birth_part(wanted: date, found: date) -> Part:
    """A birth date; month and day changed round and one wrong part are usual slips of the pen."""
    if wanted == found:
        return Part("生年月日", "same", "一致", 20)
    if wanted == swapped(found):
        return Part("生年月日", "different", "月と日が入れかわっています", 10)
    agree = sum(getattr(wanted, part) == getattr(found, part) for part in ("year", "month", "day"))
    if agree == 2:
        part = next(w for w, n in (("年", "year"), ("月", "month"), ("日", "day")) if _differ(wanted, found, n))
        return Part("生年月日", "different", f"{part}だけ違います", 0)
    return Part("生年月日", "different", "一致しません", -25)


def _differ(one: date, other: date, part: str) -> bool:
    return bool(getattr(one, part) != getattr(other, part))


def swapped(on: date) -> date | None:
    """The day with month and day changed round; None when there is no other such day."""
    if on.day > 12 or on.day == on.month:
        return None
    return date(on.year, on.day, on.month)


def sex_part(equal: bool) -> Part:
    """Sex alone says little when equal."""
    return Part("性別", "same" if equal else "different", "一致" if equal else "一致しません", 5 if equal else -15)


def address_part(typed: Sequence[str], lived: Sequence[str], went_to: Sequence[str]) -> Part:
    """Where the person came from or goes to, beside where the candidate lived and moved to; search keys."""
    keys = [key for key in typed if key]
    if not keys:
        return Part("住所の経過", "unknown", "入力がありません", 0)
    if any(place.startswith(key) or key.startswith(place) for key in keys for place in went_to if place):
        return Part("住所の経過", "same", "転出先と前の住所が一致", 25)
    if any(place.startswith(key) for key in keys for place in lived):
        return Part("住所の経過", "same", "以前の住所と一致", 15)
    return Part("住所の経過", "different", "つながる住所がありません", 0)
