"""住民票の写し（世帯連記式）: all or some members of a household as they stand now (Act art. 12, STD 20.1.2)."""

from daicho.register.paper.authority import Item
from daicho.register.paper.facts import Facts, Masters, Selection
from daicho.register.paper.kinds.parts import certificate
from daicho.register.paper.kinds.values import address_of, annexes, choose, head_name, person_values
from daicho.register.paper.view import OMITTED, IssueMark, Paper, Section

NAME = "住民票の写し（世帯連記式）"
ALL_MEMBERS = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
SOME_MEMBERS = "この写しは、住民票の原本と相違ないことを証明する。"


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The copy for one household: `facts.members` are all its residents on `issue.on`. Raises NobodyChosen."""
    chosen = choose(facts.members, selection.person_ids)
    everyone = len(chosen) == len(facts.members)
    head = head_name(facts.members) if Item.HEAD in selection.items else OMITTED
    boxes: list[Section] = []
    separate: list[Section] = []
    for number, subject in enumerate(chosen, 1):
        values = person_values(subject, selection.items)
        separate += annexes(values, "remarks", f"{number}人目の備考")
        form = "household.foreign" if subject.record.is_foreign else "household.japanese"
        boxes.append(Section(form, values, number))
    return certificate(
        selection,
        masters,
        issue,
        name=NAME,
        title="住民票",
        form="（世帯連記式）",
        sentence=ALL_MEMBERS if everyone else SOME_MEMBERS,
        top=[Section("household.head", {"address": address_of(chosen[0].record), "head": head})],
        sections=[*boxes, *separate],
    )
