"""Relationships after the head changes or households join (STD 4.1.4.2, 1.1.11): proposals, explained, open choices.

Each relationship is a path from the old head: child, spouse, parent or sibling, one step for each の. The way from the
new head to a member is the new head's path backwards, then the member's path forwards; people who stand in the
household on both paths are recognised, and what is left is shortened by the rules of kinship (the parent's child is a
sibling). Law leaves some things open (is the spouse's child also one's own?): then the usual reading is proposed, the
other ones are offered, and the proposal is marked open. Nothing is registered without a clerk's eye.

When people join another household, the relationship of one of them to its head is known, and the others hang on that
one: the way goes from the head over that person. A child who comes along is then proposed as 妻の子, since nobody
becomes a parent by joining a household (民法809条).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from daicho.law.codes import Sex
from daicho.law.household_order import anchors, possible_anchors
from daicho.law.kinship import (
    CHILDREN,
    CONNECTION,
    ELDER_SIBLINGS,
    HEAD,
    LODGER,
    MOST_ELEMENTS,
    PARENTS,
    SIBLINGS,
    SPOUSES,
    UNREGISTERED_SPOUSES,
    Member,
    Relationship,
    sex_of,
)

CHILD, SPOUSE, PARENT, SIBLING = "子", "配偶者", "親", "兄弟姉妹"
_KINDS = ((CHILDREN, CHILD), (SPOUSES, SPOUSE), (PARENTS, PARENT), (SIBLINGS, SIBLING))
_BACKWARDS = {CHILD: PARENT, PARENT: CHILD, SPOUSE: SPOUSE, SIBLING: SIBLING}
_PARTNER_OF_CHILD = {"21": ("20", "11"), "22": ("20", "12")}
_OPPOSITE = {Sex.MALE: Sex.FEMALE, Sex.FEMALE: Sex.MALE}


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a relationship was found: what it was, the way from the new head, the rules of kinship used, what is uncertain.

    `begins` and `way` are blank where nothing was followed; `said` stands in their place then.
    """

    begins: str = ""
    way: str = ""
    long_way: str = ""
    rules: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    is_capped: bool = False
    said: str = ""

    def line(self, result: Relationship) -> str:
        """In one line: 旧世帯主の子 → 新世帯主（妻）の子 なので 子."""
        if self.said:
            return self.said
        because = f"{self.way}（5つ以上）" if self.is_capped else self.way
        return f"{self.begins} → {because} なので {result.word}"

    @property
    def steps(self) -> tuple[str, ...]:
        """Step by step."""
        if self.said:
            return (self.said,)
        capped = ("「の」で5つ以上つながるため「縁故者」とします（標準仕様1.1.11）。",) if self.is_capped else ()
        first = (f"{self.begins}です。", f"順にたどると{self.long_way}です。")
        return (*first, *self.rules, *capped, *self.doubts)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to record for one member: `choices` are the other readings, `is_open` says that a human must decide."""

    member_id: int
    before: Relationship
    proposed: Relationship
    choices: tuple[Relationship, ...]
    explanation: Explanation
    is_open: bool

    @property
    def steps(self) -> tuple[str, ...]:
        """How it came about, step by step."""
        return self.explanation.steps

    @property
    def line(self) -> str:
        """How it came about, in one line."""
        return self.explanation.line(self.proposed)


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody on a path: a member, or somebody outside (id: the codes) of whom at most the sex is known."""

    id: int | str
    sex: Sex | None
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a path to `to`; `elder` tells whether `to` is the elder of two siblings."""

    kind: str
    to: _Person
    registered: bool = True
    elder: bool | None = None


_Path = tuple[_Step, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Two steps that are one: `certain` rules leave no choice."""

    first: str
    second: str
    result: str
    certain: bool
    says: str


_RULES = (
    _Rule(PARENT, CHILD, SIBLING, True, "親の子は兄弟姉妹です。"),
    _Rule(SIBLING, SIBLING, SIBLING, True, "兄弟姉妹の兄弟姉妹は兄弟姉妹です。"),
    _Rule(PARENT, SPOUSE, PARENT, False, "親の配偶者は親です。実親・養親でなければ「父の妻」などになります。"),
    _Rule(SPOUSE, CHILD, CHILD, False, "配偶者の子は子です。実子・養子でなければ「妻の子」「夫の子」になります。"),
    _Rule(CHILD, PARENT, SPOUSE, False, "子のもう一人の親は配偶者です。婚姻していなければ「子の父」などになります。"),
    _Rule(SIBLING, PARENT, PARENT, False, "兄弟姉妹の親は親です。親の一方が違えば「兄の母」などになります。"),
    _Rule(CHILD, SIBLING, CHILD, False, "子の兄弟姉妹は子です。自分の子でなければ「子の兄」などになります。"),
)


def _kind(code: str) -> str:
    return next(kind for codes, kind in _KINDS if code in codes)


# --- paths from the old head -----------------------------------------------------------------------------------------


def _spelled(codes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The codes, and for 子（子の妻） also the way over the child: 子の妻."""
    options = [((code,), _PARTNER_OF_CHILD[code]) if code in _PARTNER_OF_CHILD else ((code,),) for code in codes]
    for option in product(*options):
        spelled = tuple(code for part in option for code in part)
        if len(spelled) <= MOST_ELEMENTS:
            yield spelled


def _outside(codes: tuple[str, ...], members: Sequence[Member]) -> _Person:
    """Somebody who does not live there; the sex is told by the word or by a spouse who does live there."""
    sex = sex_of(codes[-1])
    for member in members:
        *before, last = member.relationship.elements
        if sex is None and tuple(before) == codes and last in SPOUSES:
            implied = sex_of(last)
            sex = _OPPOSITE[implied] if implied else None
    return _Person(".".join(codes), sex)


def _before(codes: tuple[str, ...], owner: _Person, members: Sequence[Member]) -> list[_Person]:
    """Who can stand before the last の: members of the household, the likeliest first, else somebody outside."""
    if owner.member and codes[-1] in SPOUSES | CHILDREN:
        found = possible_anchors(replace(owner.member, relationship=Relationship(codes)), members)
        likeliest = anchors(members).get(owner.member.id)
        found.sort(key=lambda one: one.id != likeliest)
    else:
        found = [one for one in members if one.relationship.elements == codes[:-1]]
    return [_Person(one.id, one.sex, one) for one in found] or [_outside(codes[:-1], members)]


def _step(code: str, to: _Person) -> _Step:
    kind = _kind(code)
    elder = code in ELDER_SIBLINGS if kind == SIBLING else None
    return _Step(kind, to, code not in UNREGISTERED_SPOUSES, elder)


def _chains(codes: tuple[str, ...], owner: _Person, members: Sequence[Member]) -> list[_Path]:
    """Every reading of `codes` as a path to `owner`, the likeliest first."""
    last = _step(codes[-1], owner)
    if len(codes) == 1:
        return [(last,)]
    befores = _before(codes, owner, members)
    return [(*chain, last) for before in befores for chain in _chains(codes[:-1], before, members)]


def _paths(member: Member, members: Sequence[Member]) -> list[list[_Path]]:
    """The relationship as paths from the old head: all spellings are true, of each spelling's readings only one is."""
    if member.relationship.is_head:
        return [[()]]
    owner = _Person(member.id, member.sex, member)
    return [_chains(codes, owner, members) for codes in _spelled(member.relationship.elements)]


# --- the way from the new head ---------------------------------------------------------------------------------------


def _backwards(path: _Path, start: _Person) -> _Path:
    """The same path walked from its end to `start`."""
    people = [start, *(step.to for step in path[:-1])]
    return tuple(
        _Step(_BACKWARDS[step.kind], person, step.registered, None if step.elder is None else not step.elder)
        for step, person in reversed(list(zip(path, people, strict=False)))
    )


def _ways(new: _Path, other: _Path, old_head: _Person) -> Iterator[_Path]:
    """From the new head to the member: what both paths share at their beginning is left out.

    Two paths over somebody outside (子の妻 and 子の子 without the 子) mean the same person first, then another one.
    """
    shared = known = 0
    for one, two in zip(new, other, strict=False):
        if one.to.id != two.to.id:
            break
        shared += 1
        known += one.to.member is not None and known == shared - 1
    for count in sorted({shared, known}, reverse=True):
        start = new[count - 1].to if count else old_head
        yield _backwards(new[count:], start) + other[count:]


def _fits(rule: _Rule, before: _Person, to: _Person) -> bool:
    """Whether the two people can be what the rule makes them: parents are older (民法793条), spouses of two sexes."""
    if rule.result == SPOUSE:
        return before.sex is None or before.sex != to.sex
    if before.member is None or to.member is None or rule.result == SIBLING:
        return True
    elder, younger = (before.member, to.member) if rule.result == CHILD else (to.member, before.member)
    return elder.born < younger.born


_CERTAIN = tuple(rule for rule in _RULES if rule.certain)
_JOINING = tuple(rule for rule in _RULES if (rule.first, rule.second) != (SPOUSE, CHILD))
"""Nobody becomes the parent of the spouse's children by joining the household."""


def _rule(before: _Person, first: _Step, second: _Step, rules: Sequence[_Rule]) -> _Rule | None:
    """The rule that makes two steps one; unregistered spouses make no parents or children."""
    if not (first.registered and second.registered):
        return None
    for rule in rules:
        if (rule.first, rule.second) == (first.kind, second.kind) and _fits(rule, before, second.to):
            return rule
    return None


def _shorten(way: _Path, head: _Person, rules: Sequence[_Rule]) -> tuple[_Path, tuple[_Rule, ...]]:
    """The way with every rule applied, and the rules used."""
    used: list[_Rule] = []
    steps, place = list(way), 0
    while place < len(steps) - 1:
        before = steps[place - 1].to if place else head
        rule = _rule(before, steps[place], steps[place + 1], rules)
        if rule is None:
            place += 1
        else:
            used.append(rule)
            steps[place : place + 2] = [_Step(rule.result, steps[place + 1].to)]
            place = max(place - 1, 0)
    return tuple(steps), tuple(used)


def _elder(before: _Person, step: _Step) -> tuple[bool, ...]:
    """Whether the sibling is the elder one: by the word, by birth dates, or both where nothing tells."""
    if step.elder is not None:
        return (step.elder,)
    one, two = before.member, step.to.member
    if one is None or two is None or one.born == two.born:
        return True, False
    return (two.born < one.born,)


def _codes(before: _Person, step: _Step) -> list[str]:
    """The elements that can name one step; more than one where sex or age is not known."""
    sexes = (step.to.sex,) if step.to.sex else tuple(Sex)
    if step.kind == CHILD:
        last = step.to.member.relationship.elements[-1] if step.to.member else ""
        return [last if last in _PARTNER_OF_CHILD else "20"]
    if step.kind == PARENT:
        return ["51" if sex is Sex.MALE else "52" for sex in sexes]
    if step.kind == SPOUSE:
        male, female = ("11", "12") if step.registered else ("13", "14")
        return [male if sex is Sex.MALE else female for sex in sexes]
    words = {(True, Sex.MALE): "71", (False, Sex.MALE): "74", (True, Sex.FEMALE): "81", (False, Sex.FEMALE): "84"}
    return [words[elder, sex] for elder in _elder(before, step) for sex in sexes]


def _relationships(way: _Path, head: _Person) -> list[Relationship]:
    """The words for a way; 縁故者 where it would take more than four."""
    if len(way) > MOST_ELEMENTS:
        return [CONNECTION]
    people = [head, *(step.to for step in way)]
    options = [_codes(before, step) for before, step in zip(people, way, strict=False)]
    return [Relationship(codes) for codes in product(*options)]


def _rank(relationship: Relationship) -> int:
    """How high STD 5.2 places a value: where several words fit, the highest is recorded (STD 1.1.11)."""
    shape = tuple(_kind(code) for code in relationship.elements) if relationship.is_relative else ()
    ranks = {(SPOUSE,): 0, (CHILD,): 1, (CHILD, SPOUSE): 2, (CHILD, CHILD): 2, (PARENT,): 3, (SIBLING,): 4}
    return ranks.get(shape, 5 + len(shape)) if shape else 20


# --- proposals -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of one member: the words that fit, the likeliest first, and how they came about."""

    usual: list[Relationship]
    others: list[Relationship]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class _From:
    """Where the way begins: the new head, what that head is called, and how those who join are known (`lead`)."""

    head: _Person
    label: str
    lead: _Path = ()


def _said(way: _Path, head: _Person) -> str:
    """The way in words; where sex or age is not known, in kinds."""
    people = [head, *(step.to for step in way)]
    words = []
    for before, step in zip(people, way, strict=False):
        codes = _codes(before, step)
        words.append(Relationship((codes[0],)).word if len(codes) == 1 else step.kind)
    return "の".join(words)


def _led(lead: _Path, way: _Path) -> _Path:
    """Both ways in one. The spouse of a 子の妻 who joins is that 子, when no 子 of the household is meant."""
    if len(lead) > 1 and way and lead[-2].to.member is None and (lead[-1].kind, way[0].kind) == (SPOUSE, SPOUSE):
        return (*lead[:-2], replace(lead[-2], to=way[0].to), *way[1:])
    return (*lead, *way)


def _reading(way: _Path, start: _From, begins: str) -> _Reading:
    head, lead = start.head, start.lead
    inside, used = _shorten(way, lead[-1].to if lead else head, _RULES)
    way = _led(lead, way)
    short, more = _shorten(_led(lead, inside), head, _JOINING) if lead else (inside, ())
    full, _ = _shorten(way, head, _RULES)
    plain, _ = _shorten(way, head, _CERTAIN)
    usual = _relationships(short, head)
    others = [word for other in (full, plain) for word in _relationships(other, head)]
    unknown = ("世帯の外の人の性別か年齢の上下が分からないため、選んでください。",) if len(usual) > 1 else ()
    return _Reading(
        usual,
        others,
        Explanation(
            begins=begins,
            way=f"{start.label}の{_said(short, head)}",
            long_way=f"{start.label}の{_said(way, head)}",
            rules=tuple(rule.says for rule in dict.fromkeys((*used, *more))),
            doubts=unknown,
            is_capped=len(short) > MOST_ELEMENTS,
        ),
    )


_Spelling = list[_Path]
"""The ways that one spelling of a relationship may mean, the likeliest first."""


def _ways_between(one: Member, other: Member, members: Sequence[Member], old_head: _Person) -> list[_Spelling]:
    """From one member to another, over the old head or over whoever stands on both paths."""
    return [
        [way for new, found in product(new_paths, paths) for way in _ways(new, found, old_head)]
        for new_paths, paths in product(_paths(one, members), _paths(other, members))
    ]


def _old_head(members: Sequence[Member], other: Member) -> _Person:
    """The head of the household as it was; somebody outside where it had none."""
    old = next((one for one in members if one.relationship.is_head), None)
    return _Person(old.id, old.sex, old) if old else _Person("", _implied_sex(other))


def _propose(member: Member, found: list[list[_Reading]]) -> Proposal:
    """Of several words that are all true the one placed highest by STD 5.2 is recorded (STD 1.1.11)."""
    readings = min(found, key=lambda one: _rank(one[0].usual[0]))
    likeliest = readings[0]
    explanation = likeliest.explanation
    if any(reading.usual[0] != likeliest.usual[0] for reading in readings):
        several = "「の」の前の人が一人に決まらないため、ほかの読み方もあります。"
        explanation = replace(explanation, doubts=(*explanation.doubts, several))
    words = [word for reading in readings for word in (*reading.usual, *reading.others)]
    proposed, *choices = dict.fromkeys(words)
    return Proposal(member.id, member.relationship, proposed, tuple(choices), explanation, is_open=bool(choices))


def _relative(member: Member, new_head: Member, members: Sequence[Member]) -> Proposal:
    old_head = _old_head(members, new_head)
    start = _From(_Person(new_head.id, new_head.sex, new_head), f"新世帯主（{new_head.relationship.word}）")
    begins = "旧世帯主" if member.relationship.is_head else f"旧世帯主の{member.relationship.word}"
    spellings = _ways_between(new_head, member, members, old_head)
    return _propose(member, [[_reading(way, start, begins) for way in ways] for ways in spellings])


def _implied_sex(spouse: Member) -> Sex | None:
    """The sex of a head who is not there, from the word for the spouse."""
    sex = sex_of(spouse.relationship.elements[0]) if spouse.relationship.is_spouse else None
    return _OPPOSITE[sex] if sex else None


def _not_stated(member: Member, ends: tuple[Relationship, ...]) -> Proposal:
    """Kinship is not recorded for one of those on the way: 縁故者 and 同居人 have no path."""
    proposed, other = (LODGER, CONNECTION) if LODGER in ends else (CONNECTION, LODGER)
    said = "縁故者・同居人からは続柄をたどれません。親族関係が確かめられれば、その続柄を選んでください。"
    return Proposal(member.id, member.relationship, proposed, (other,), Explanation(said=said), is_open=True)


def _as_it_is(member: Member, proposed: Relationship, said: str) -> Proposal:
    return Proposal(member.id, member.relationship, proposed, (), Explanation(said=said), is_open=False)


_UNSTATED = {CONNECTION, LODGER}


def relationships_after_head_change(members: Sequence[Member], new_head: int) -> tuple[Proposal, ...]:
    """A proposal for every member once the member with id `new_head` is the head, in the order of `members`.

    `members` is the household before the change with its old head, also when the old head leaves it (drop that
    proposal then); without any head the paths start at somebody outside. Raises KeyError for an unknown `new_head`.
    """
    by_id = {member.id: member for member in members}
    head = by_id[new_head]
    proposals = []
    for member in members:
        ends = (member.relationship, head.relationship)
        if member.id == new_head:
            proposals.append(_as_it_is(member, HEAD, "新しい世帯主です。"))
        elif _UNSTATED.intersection(ends):
            proposals.append(_not_stated(member, ends))
        elif head.relationship.is_head:
            proposals.append(_as_it_is(member, member.relationship, "世帯主は変わりません。"))
        else:
            proposals.append(_relative(member, head, members))
    return tuple(proposals)


def relationships_after_joining(
    members: Sequence[Member], anchor: int, link: Relationship, head: Member | None, household: Sequence[Member]
) -> tuple[Proposal, ...]:
    """A proposal for every member of a household who joins `household` with its `head`, in the order of `members`.

    `link` is the relationship of the member with id `anchor` to that head, as the clerk took it from documents; the
    others are followed over that member. Without `head` it is somebody outside the register. Raises KeyError for an
    unknown `anchor`.
    """
    by_id = {member.id: member for member in members}
    first = by_id[anchor]
    new_head = _Person(head.id, head.sex, head) if head is not None else _Person("", None)
    owner = _Person(first.id, first.sex, first)
    starts: list[list[_From]] = []
    if link not in _UNSTATED:
        leads = (_chains(codes, owner, household) for codes in _spelled(link.elements))
        starts = [[_From(new_head, "新しい世帯主", lead) for lead in chains] for chains in leads]
    proposals = []
    for member in members:
        ends = (link, member.relationship, first.relationship)
        if member.id == anchor:
            proposals.append(_as_it_is(member, link, "書類で確かめて選んだ続柄です。"))
        elif _UNSTATED.intersection(ends):
            proposals.append(_not_stated(member, ends))
        else:
            proposals.append(_joiner(member, first, members, starts))
    return tuple(proposals)


def _joiner(member: Member, first: Member, members: Sequence[Member], starts: list[list[_From]]) -> Proposal:
    begins = "元の世帯主" if member.relationship.is_head else f"元の世帯主の{member.relationship.word}"
    between = _ways_between(first, member, members, _old_head(members, first))
    readings = [
        [_reading(way, start, begins) for start, way in product(among, ways)]
        for among, ways in product(starts, between)
    ]
    return _propose(member, readings)
