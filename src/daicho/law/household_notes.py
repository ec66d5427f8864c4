"""What looks wrong in a household: notes for the clerk, each naming its rule; none of them stops a registration.

Whether a household has a head and one address is no note but a condition, checked where a change is planned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daicho.law.kinship import CHILDREN, ELDER_SIBLINGS, PARENTS, SIBLINGS, SPOUSES, Member


@dataclass(frozen=True, slots=True)
class Note:
    """One doubt: a stable code, the members concerned, and the sentence with its rule (no personal data)."""

    code: str
    member_ids: tuple[int, ...]
    text: str


_Check = Callable[[Member, Member], bool]

_WITH_HEAD: tuple[tuple[str, set[str], _Check, str], ...] = (
    (
        "CHILD_NOT_YOUNGER",
        CHILDREN,
        lambda one, head: one.born <= head.born,
        "「子」の生年月日が世帯主より後ではありません。養子も年長者にはできません（民法793条）。",
    ),
    (
        "PARENT_NOT_OLDER",
        PARENTS,
        lambda one, head: one.born >= head.born,
        "「父・母」の生年月日が世帯主より前ではありません（民法793条）。",
    ),
    (
        "ELDER_IS_YOUNGER",
        ELDER_SIBLINGS,
        lambda one, head: one.born > head.born,
        "「兄・姉」の生年月日が世帯主より後です。",
    ),
    (
        "YOUNGER_IS_ELDER",
        SIBLINGS - ELDER_SIBLINGS,
        lambda one, head: one.born < head.born,
        "「弟・妹」の生年月日が世帯主より前です。",
    ),
)


def _wrong_sex(members: Sequence[Member]) -> list[Note]:
    """A word and a sex that contradict each other."""
    return [
        Note("SEX_AND_WORD", (one.id,), f"続柄「{one.relationship.word}」と性別が合いません。")
        for one in members
        if one.sex is not None and one.relationship.sex not in (None, one.sex)
    ]


def _ages(head: Member, members: Sequence[Member]) -> list[Note]:
    return [
        Note(code, (one.id, head.id), text)
        for one in members
        for code, elements, wrong, text in _WITH_HEAD
        if len(one.relationship.elements) == 1 and one.relationship.elements[0] in elements and wrong(one, head)
    ]


def _counts(members: Sequence[Member]) -> list[Note]:
    """More than one spouse (重婚の禁止), more than one father or mother."""
    notes = []
    for code, elements, text in (
        ("TWO_SPOUSES", SPOUSES, "配偶者が2人以上います（民法732条）。"),
        ("TWO_FATHERS", {"51"}, "「父」が2人以上います。実父と養父のときだけ正しい記載です。"),
        ("TWO_MOTHERS", {"52"}, "「母」が2人以上います。実母と養母のときだけ正しい記載です。"),
    ):
        found = tuple(one.id for one in members if one.relationship.elements in {(element,) for element in elements})
        if len(found) > 1:
            notes.append(Note(code, found, text))
    return notes


def household_notes(members: Sequence[Member]) -> list[Note]:
    """Every doubt about relationships, birth dates and sexes of one household, in a fixed order."""
    head = next((one for one in members if one.relationship.is_head), None)
    notes = _wrong_sex(members) + _counts(members)
    if head is not None:
        notes += _ages(head, members)
        same = tuple(one.id for one in members if one.relationship.is_spouse and one.sex and one.sex == head.sex)
        if same:
            notes.append(Note("SPOUSE_OF_SAME_SEX", (*same, head.id), "世帯主と配偶者の性別が同じです。"))
    return notes
