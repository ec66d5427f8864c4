"""The order of the members of a household on paper and screen (STD 5.2).

Rank 1: head, spouse, children without a family of their own. Rank 2: each child with a family, its spouse and their
children. Rank 3: parents, siblings, grandparents. Rank 4: other relatives (the spouse's side like rank 3, families
kept together), then 縁故者, then 同居人. Equal places go by birth date, then by addressee number.

This is the order of a new household; people who join an existing one stand at the end until the clerk rearranges.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from daicho.law.kinship import CHILDREN, PARENTS, SIBLINGS, SPOUSES, UNREGISTERED_SPOUSES, Member, sex_of

_AgeKey = tuple[date, str]
_CHILD_AND_PARTNER = {"21": "11", "22": "12"}


def _age(member: Member) -> _AgeKey:
    return member.born, member.number


def _shape(member: Member) -> str:
    """The path from the head as one letter a step: C child, S spouse, P parent, B sibling, - for anything else."""
    steps = ((CHILDREN, "C"), (SPOUSES, "S"), (PARENTS, "P"), (SIBLINGS, "B"))
    return "".join(
        next((letter for codes, letter in steps if code in codes), "-") for code in member.relationship.elements
    )


def _generation(member: Member) -> int:
    """How far above the head: 1 for parents, -1 for children."""
    shape = _shape(member)
    return shape.count("P") - shape.count("C")


def _same_person(code: str, other: str) -> bool:
    """Whether two elements can name one person: 子 and 子（子の妻） can."""
    return code == other or (code in CHILDREN and other in CHILDREN)


def _is_partner(member: Member) -> bool:
    """Whether the member stands there as somebody's spouse: also 子（子の夫） and 子（子の妻）."""
    return member.relationship.elements[-1] in SPOUSES | _CHILD_AND_PARTNER.keys()


def possible_anchors(member: Member, members: Iterable[Member]) -> list[Member]:
    """Who can be the 子 of 子の妻, 子の子 or 子（子の妻）: members whose relationship stands before the last の.

    Spouses are of the other sex, parents older than their children. The likeliest comes first: nearest in age for a
    spouse, eldest for a child.
    """
    *before, last = member.relationship.elements
    if last in _CHILD_AND_PARTNER:
        # Of two adopted children married to each other only the wife hangs on the husband.
        partners = {"20"} if last == "21" else {"20", "21"}
        members = [other for other in members if other.relationship.elements[-1] in partners]
        before, last = [*before, "20"], _CHILD_AND_PARTNER[last]
    if not before or last not in SPOUSES | CHILDREN:
        return []
    found = [
        other
        for other in members
        if len(other.relationship.elements) == len(before)
        and all(map(_same_person, other.relationship.elements, before))
        and other.id != member.id
    ]
    if last in SPOUSES:
        fitting = [other for other in found if other.sex is None or other.sex != sex_of(last)]
        return sorted(fitting, key=lambda other: (abs(other.born - member.born), _age(other)))
    return sorted((other for other in found if other.born < member.born), key=_age)


def _families(members: Sequence[Member]) -> dict[int, list[Member]]:
    """Member id to the spouse and children who hang on that member."""
    found: dict[int, list[Member]] = {}
    married: set[int] = set()
    for member in sorted(members, key=lambda member: (not _is_partner(member), _age(member))):
        anchors = possible_anchors(member, members)
        if _is_partner(member):
            anchors = [anchor for anchor in anchors if anchor.id not in married] or anchors
            married.update(anchor.id for anchor in anchors[:1])
        else:
            anchors = [anchor for anchor in anchors if anchor.id in married] or anchors
        if anchors:
            found.setdefault(anchors[0].id, []).append(member)
    return found


def anchors(members: Sequence[Member]) -> dict[int, int]:
    """Member id to the id of the likeliest 子 of 子の妻 or 子の子, for those who have one in the household."""
    families = _families([one for one in members if one.relationship.is_relative])
    return {one.id: anchor for anchor, family in families.items() for one in family}


def _with_family(member: Member, families: dict[int, list[Member]]) -> list[Member]:
    """The member, spouse, children without families by age, then the children who have one, each with it."""
    return [member, *_below(families.get(member.id, []), families)]


def _below(family: Sequence[Member], families: dict[int, list[Member]]) -> list[Member]:
    spouses = sorted(
        (one for one in family if _is_partner(one)),
        key=lambda one: (one.relationship.elements[-1] in UNREGISTERED_SPOUSES, _age(one)),
    )
    children = sorted((one for one in family if not _is_partner(one)), key=_age)
    ordered: list[Member] = []
    for spouse in spouses:
        ordered += _with_family(spouse, families)
    alone = [child for child in children if child.id not in families]
    for child in (*alone, *(child for child in children if child.id in families)):
        ordered += _with_family(child, families)
    return ordered


def _descendants(members: Sequence[Member], families: dict[int, list[Member]]) -> list[Member]:
    """Ranks 1-3 and 2: children alone, then children with families; families without their child come last."""
    anchored = {one.id for family in families.values() for one in family}
    tops = [
        one for one in members if _shape(one)[0] == "C" and set(_shape(one)) <= {"C", "S"} and one.id not in anchored
    ]

    def key(one: Member) -> tuple[bool, bool, _AgeKey]:
        return _shape(one) != "C", one.id in families, _age(one)

    return [one for top in sorted(tops, key=key) for one in _with_family(top, families)]


def _ancestors_and_siblings(members: Sequence[Member]) -> list[Member]:
    """Rank 3: parents and grandparents with the 筆頭者 first."""
    ordered: list[Member] = []
    for shape in ("P", "B", "PP"):
        ordered += sorted(
            (one for one in members if _shape(one) == shape),
            key=lambda one: (not one.leads_register and "P" in _shape(one), _age(one)),
        )
    return ordered


def _other_relatives(members: Sequence[Member], families: dict[int, list[Member]]) -> list[Member]:
    """Rank 4-1: the spouse's parents, siblings and grandparents, then the others, families kept together."""
    placed = {one.id for one in members}
    anchored = {one.id for root, family in families.items() if root in placed for one in family}
    like_rank_3 = {"SP": 0, "SB": 1, "SPP": 2}

    def key(one: Member) -> tuple[int, bool, int, _AgeKey]:
        place = like_rank_3.get(_shape(one), 3)
        return place, place != 3 and not one.leads_register, -_generation(one) if place == 3 else 0, _age(one)

    tops = [one for one in members if one.id not in anchored]
    return [one for top in sorted(tops, key=key) for one in _with_family(top, families)]


def household_order(members: Sequence[Member]) -> list[Member]:
    """The members in the order of STD 5.2; every member once, none left out."""
    members = sorted(members, key=lambda one: (_age(one), one.id))
    families = _families([one for one in members if one.relationship.is_relative])
    ordered = [one for one in members if one.relationship.is_head]
    spouses = [one for one in members if one.relationship.is_spouse]
    ordered += sorted(spouses, key=lambda one: (one.relationship.elements[0] in UNREGISTERED_SPOUSES, _age(one)))
    for rank in (_descendants(members, families), _ancestors_and_siblings(members)):
        ordered += [one for one in rank if one not in ordered]
    others = [one for one in members if one.relationship.is_relative and one not in ordered]
    ordered += _other_relatives(others, families)
    remaining = [one for one in members if one not in ordered]
    return ordered + sorted(remaining, key=lambda one: (one.relationship.elements, _age(one)))
