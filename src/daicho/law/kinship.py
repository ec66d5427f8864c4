"""Relationships to the head of a household (続柄, STD 1.1.11): the closed vocabulary, alone or joined by の.

A value is 世帯主, 縁故者, 同居人, or one to four of 夫 妻 夫（未届） 妻（未届） 子 子（子の夫） 子（子の妻） 父 母 兄 姉 弟 妹
read outwards from the head: 子の妻 is codes ("20", "12"), stored as "20.12". 孫, 祖父, おじ and the like are no values.
Codes: data/relationship_codes.csv. Inference on a change of head: daicho.law.kinship_change; order of members:
daicho.law.household_order; both work on `Member`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

import jaconv

from daicho.law.codes import Sex
from daicho.law.errors import DaichoError
from daicho.law.tables import table

MOST_ELEMENTS = 4
_HEAD, _CONNECTION, _LODGER = "02", "96", "99"
_ALONE = {_HEAD, _CONNECTION, _LODGER}
SPOUSES = {"11", "12", "13", "14"}
UNREGISTERED_SPOUSES = {"13", "14"}
CHILDREN = {"20", "21", "22"}
PARENTS = {"51", "52"}
SIBLINGS = {"71", "74", "81", "84"}
ELDER_SIBLINGS = {"71", "81"}
_MALE = {"11", "13", "21", "51", "71", "74"}
_FEMALE = {"12", "14", "22", "52", "81", "84"}
_HINTS = {
    "孫": "子の子",
    "長男": "子",
    "長女": "子",
    "養子": "子",
    "祖父": "父の父、母の父",
    "祖母": "父の母、母の母",
    "おじ": "父の兄、母の弟など",
    "おば": "父の姉、母の妹など",
    "おい": "兄の子、妹の子など",
    "めい": "兄の子、妹の子など",
}
_HINT_SPELLINGS = {"伯父": "おじ", "叔父": "おじ", "伯母": "おば", "叔母": "おば", "甥": "おい", "姪": "めい"}


class UnknownRelationship(DaichoError):
    """The text is no relationship of STD 1.1.11; data: hint (what could be meant, may be empty)."""

    code = "L401"
    happened = "続柄を読み取れません。{hint}"
    todo = "続柄のコードか、「妻」「子の妻」のような標準の続柄を入力してください。"


class TooManyGenerations(DaichoError):
    """More than four elements are joined."""

    code = "L402"
    happened = "続柄は「の」で4つまでしかつなげません。"
    todo = "5つ以上になるときは「縁故者」と記載してください（標準仕様1.1.11）。"


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Code to (word, kana)."""
    return {row["code"]: (row["name"], row["kana"]) for row in table("relationship_codes.csv")}


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship as the codes of its elements, from the head outwards; always a value of STD 1.1.11."""

    elements: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raises TooManyGenerations or UnknownRelationship for anything the standard does not know."""
        if len(self.elements) > MOST_ELEMENTS:
            raise TooManyGenerations
        joined_alone = len(self.elements) > 1 and _ALONE & set(self.elements)
        if not self.elements or joined_alone or set(self.elements) - _names().keys():
            raise UnknownRelationship(hint="")

    @property
    def code(self) -> str:
        """The form for storage: "20", "20.12"."""
        return ".".join(self.elements)

    @property
    def word(self) -> str:
        """The form for screens and paper: 子, 子の妻."""
        return "の".join(_names()[code][0] for code in self.elements)

    @property
    def is_head(self) -> bool:
        """世帯主."""
        return self.elements == (_HEAD,)

    @property
    def is_spouse(self) -> bool:
        """The head's own spouse, registered or not."""
        return len(self.elements) == 1 and self.elements[0] in SPOUSES

    @property
    def is_relative(self) -> bool:
        """Whether it states kinship, that is, neither 世帯主 nor 縁故者 nor 同居人."""
        return self.elements[0] not in _ALONE

    @property
    def sex(self) -> Sex | None:
        """The sex that the word implies, None for 子 and the like."""
        return sex_of(self.elements[-1])

    def __str__(self) -> str:
        return self.word


def sex_of(code: str) -> Sex | None:
    """The sex that one element implies."""
    if code in _MALE:
        return Sex.MALE
    return Sex.FEMALE if code in _FEMALE else None


HEAD = Relationship((_HEAD,))
HUSBAND = Relationship(("11",))
WIFE = Relationship(("12",))
HUSBAND_UNREGISTERED = Relationship(("13",))
WIFE_UNREGISTERED = Relationship(("14",))
CHILD = Relationship(("20",))
FATHER = Relationship(("51",))
MOTHER = Relationship(("52",))
ELDER_BROTHER = Relationship(("71",))
YOUNGER_BROTHER = Relationship(("74",))
ELDER_SISTER = Relationship(("81",))
YOUNGER_SISTER = Relationship(("84",))
CONNECTION = Relationship((_CONNECTION,))
LODGER = Relationship((_LODGER,))


@dataclass(frozen=True, slots=True)
class Member:
    """What kinship needs of one member: `number` is the addressee number, `leads_register` marks the 筆頭者."""

    id: int
    relationship: Relationship
    sex: Sex | None
    born: date
    number: str = ""
    leads_register: bool = False


@cache
def _spellings() -> dict[str, str]:
    """Every spelling of one element (word, kana) to its code; brackets as NFKC leaves them."""
    found = {}
    for code, (word, kana) in _names().items():
        found[unicodedata.normalize("NFKC", word)] = code
        found[kana] = code
    return found


@cache
def _element() -> re.Pattern[str]:
    """One element, the longest spelling first, so that 子(子の妻) is not read as 子."""
    longest_first = sorted(_spellings(), key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")(?:[のノ]|$)")


def parse_relationship(text: str) -> Relationship:
    """The relationship of a code ("20", "20.12", "2012"), a word (子の妻) or its kana (コノツマ, こ の つま).

    Raises UnknownRelationship with a hint for words like 孫, or TooManyGenerations.
    """
    cleaned = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    digits = cleaned.replace(".", "")
    if digits.isdigit() and len(digits) % 2 == 0:
        return Relationship(tuple(digits[place : place + 2] for place in range(0, len(digits), 2)))
    is_kana = re.fullmatch("[ぁ-ゖァ-ヺー]+", cleaned)
    spelled = jaconv.hira2kata(cleaned) if is_kana else cleaned
    codes, place = [], 0
    while match := _element().match(spelled, place):
        codes.append(_spellings()[match[1]])
        place = match.end()
    if place < len(spelled) or not codes or spelled[-1] in "のノ":
        raise UnknownRelationship(hint=_hint(cleaned))
    return Relationship(tuple(codes))


def _hint(text: str) -> str:
    meant = _HINTS.get(_HINT_SPELLINGS.get(text, text))
    return f"標準の続柄では「{meant}」と記載します。" if meant else ""
