"""Who lives together on the first day: households of every kind, drawn from the age and sex shape of the data.

A pool holds exactly the people of the shape; households take from it until it is empty, so that ages and sexes fit
and the mean household is about 2.25. Relationships are stored codes towards the head, who comes first.
"""

from dataclasses import dataclass

from daicho.city.chance import Chance
from daicho.law.tables import table

OLDEST = 104


@dataclass(frozen=True, slots=True)
class Member:
    """One member: `line` tells whose family name it is (0 the head's, 1 the spouse's own parents, 2 others)."""

    relationship: str
    sex: str
    age: int
    line: int = 0


class Pool:
    """People who have no household yet, by sex and age."""

    def __init__(self, people: int, rng: Chance) -> None:
        """`people` of the shape in data/age_sex_shape.csv."""
        self._rng = rng
        self._count = {"1": [0] * (OLDEST + 1), "2": [0] * (OLDEST + 1)}
        ages = [(row["sex"], int(row["age_from"]), float(row["share"])) for row in table("age_sex_shape.csv")]
        total = sum(share for _, _, share in ages)
        owed = 0.0
        for sex, first, share in ages:
            for age in range(first, first + 5):
                owed += people * share / total / 5
                self._count[sex][age] += int(owed)
                owed -= int(owed)
        self.left = sum(map(sum, self._count.values()))

    def count(self, first: int, last: int, sex: str = "") -> int:
        """How many of these ages (both included) are left."""
        return sum(sum(self._count[one][first : last + 1]) for one in (sex or "12"))

    def take(self, sex: str, target: float, first: int, last: int) -> int | None:
        """Take the person nearest to the target age within the bounds; the age, or None when there is none."""
        ages = self._count[sex]
        first, last = max(first, 0), min(last, OLDEST)
        target = min(max(round(target), first), last)
        for distance in range(last - first + 1):
            for age in (target + distance, target - distance):
                if first <= age <= last and ages[age]:
                    ages[age] -= 1
                    self.left -= 1
                    return age
        return None

    def draw(self, first: int, last: int, sex: str = "") -> tuple[str, int] | None:
        """Take a random person of these ages; sex and age, or None."""
        left = self.count(first, last, sex)
        if not left:
            return None
        place = self._rng.randrange(left)
        for one in sex or "12":
            for age in range(first, min(last, OLDEST) + 1):
                place -= self._count[one][age]
                if place < 0:
                    self._count[one][age] -= 1
                    self.left -= 1
                    return one, age
        return None


def households(people: int, rng: Chance) -> list[list[Member]]:
    """Everybody of the shape in households; each has one head, who stands first."""
    pool = Pool(people, rng)
    found: list[list[Member]] = []
    while pool.count(0, 17):
        found.append(_with_children(pool, rng))
    while pool.left:
        found.append(_adults(pool, rng))
    return found


def _with_children(pool: Pool, rng: Chance) -> list[Member]:
    children = _children(pool, rng)
    youngest, eldest = min(age for _, age in children), max(age for _, age in children)
    if rng.random() < 0.13:
        sex = "1" if rng.random() < 0.14 else "2"
        parent = pool.take(sex, eldest + rng.gauss(30, 4), eldest + 18, youngest + 45)
        if parent is not None:
            return _three_generations(pool, rng, [Member("02", sex, parent)], children, 0.15)
    mother = pool.take("2", eldest + rng.gauss(30, 4), eldest + 18, youngest + 45)
    father = pool.take("1", (mother or eldest + 30) + rng.gauss(2, 3), eldest + 18, 75)
    if mother is None and father is None:  # nobody of an age to be a parent is left: with any grown-up
        sex, age = pool.draw(20, OLDEST) or ("2", eldest + 25)
        return [Member("02", sex, age), *(Member("96", *child) for child in children)]
    if mother is None or father is None:
        head = Member("02", "1", father) if mother is None and father is not None else Member("02", "2", mother or 0)
        return _three_generations(pool, rng, [head], children, 0.15)
    wife = "14" if rng.random() < 0.015 else "12"
    parents = [Member("02", "1", father), Member(wife, "2", mother)]
    return _three_generations(pool, rng, parents, children, 0.09)


def _children(pool: Pool, rng: Chance) -> list[tuple[str, int]]:
    """One to four children, the eldest first."""
    found = [pool.draw(0, 17) or ("1", 0)]
    wanted = rng.choices((1, 2, 3, 4), (0.36, 0.46, 0.15, 0.03))[0]
    while len(found) < wanted:
        age = found[-1][1] - rng.randint(1, 4)
        sex = rng.choice("12")
        taken = pool.take(sex, age, max(age - 2, 0), found[-1][1] - 1) if age >= 0 else None
        if taken is None:
            break
        found.append((sex, taken))
    return found


def _three_generations(
    pool: Pool, rng: Chance, parents: list[Member], children: list[tuple[str, int]], share: float
) -> list[Member]:
    """Parents and children, in some households with a grandparent or two, one of whom may be the head."""
    family = [*parents, *(Member("20", sex, age) for sex, age in children)]
    if rng.random() >= share:
        return family
    head = parents[0]
    old_man = pool.take("1", head.age + rng.gauss(30, 4), head.age + 18, OLDEST) if rng.random() < 0.6 else None
    old_woman = pool.take("2", head.age + rng.gauss(27, 4), head.age + 17, OLDEST)
    if old_man is not None and rng.random() < 0.4:
        return _under_grandfather(old_man, old_woman, parents, children)
    if old_man is not None:
        family.append(Member("51", "1", old_man))
    if old_woman is not None:
        if len(parents) == 2 and old_man is None and rng.random() < 0.3:
            family.append(Member("12.52", "2", old_woman, 1))
        else:
            family.append(Member("52", "2", old_woman))
    return family


def _under_grandfather(
    old_man: int, old_woman: int | None, parents: list[Member], children: list[tuple[str, int]]
) -> list[Member]:
    family = [Member("02", "1", old_man)]
    if old_woman is not None:
        family.append(Member("12", "2", old_woman))
    family.append(Member("20", parents[0].sex, parents[0].age))
    if len(parents) == 2:
        family.append(Member("20.12", parents[1].sex, parents[1].age))
    return [*family, *(Member("20.20", sex, age) for sex, age in children)]


_KINDS = ("single", "couple", "grown_children", "old_parent", "siblings", "guests")
_SHARES = (0.325, 0.38, 0.165, 0.085, 0.022, 0.023)


def _adults(pool: Pool, rng: Chance) -> list[Member]:
    """A household without minors; where a partner is missing it becomes a household of one."""
    kind = rng.choices(_KINDS, _SHARES)[0]
    if kind == "couple":
        return _couple(pool, rng, 24)
    if kind == "grown_children":
        return _grown_children(pool, rng)
    sex, age = pool.draw(18, OLDEST) or ("1", 40)
    head = Member("02", sex, age)
    if kind == "old_parent" and age < 75:
        parent = pool.take("2", age + rng.gauss(27, 4), age + 17, OLDEST)
        return [head] if parent is None else [head, Member("52", "2", parent)]
    if kind == "siblings":
        other = pool.draw(max(age - 10, 18), age)
        return [head] if other is None else [head, Member("74" if other[0] == "1" else "84", *other)]
    if kind == "guests":
        others = [pool.draw(18, 60, sex) for _ in range(rng.randint(1, 3))]
        relationship = "99" if rng.random() < 0.7 else "96"
        return [head, *(Member(relationship, *one, 2) for one in others if one is not None)]
    return [head]


def _couple(pool: Pool, rng: Chance, youngest: int) -> list[Member]:
    drawn = pool.draw(youngest, OLDEST, "1") or pool.draw(18, OLDEST)
    if drawn is None:
        return []
    head = Member("02", *drawn)
    if head.sex == "2":
        return [head]
    wife = pool.take("2", head.age - rng.gauss(2, 3), max(head.age - 12, 20), head.age + 8)
    if wife is None:
        return [head]
    return [head, Member("14" if rng.random() < 0.02 else "12", "2", wife)]


def _grown_children(pool: Pool, rng: Chance) -> list[Member]:
    family = _couple(pool, rng, 46)
    if not family:
        return family
    for _ in range(rng.choices((1, 2), (0.7, 0.3))[0]):
        sex = "1" if rng.random() < 0.55 else "2"
        youngest_parent = min(member.age for member in family if member.relationship != "20")
        child = pool.take(sex, youngest_parent - rng.gauss(29, 4), 18, youngest_parent - 18)
        if child is not None:
            family.append(Member("20", sex, child))
    return family
