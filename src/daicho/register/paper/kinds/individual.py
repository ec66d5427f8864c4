"""住民票の写し（個人票） and 住民票の除票の写し: one person a paper, with history (STD 1.1.3, 20.1.1, 20.1.3)."""

from daicho.register.paper.authority import Item
from daicho.register.paper.errors import NobodyChosen
from daicho.register.paper.facts import Facts, Masters, Selection, Subject
from daicho.register.paper.kinds.history import history_sections, removal_section
from daicho.register.paper.kinds.parts import certificate
from daicho.register.paper.kinds.values import address_of, choose, head_name, person_values
from daicho.register.paper.view import OMITTED, IssueMark, Paper, Section, Value

NAME = "住民票の写し（個人票）"
REMOVED_NAME = "住民票の除票の写し"
SENTENCE = "この写しは、住民票の原本と相違ないことを証明する。"
REMOVED_SENTENCE = "この写しは、住民票の除票の原本と相違ないことを証明する。"


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The copy of one resident. Raises NobodyChosen for any other number of persons, or one who is removed."""
    subject = _one(choose(facts.members, selection.person_ids))
    top, again, values = _tops(facts, subject, selection)
    return certificate(
        selection,
        masters,
        issue,
        name=NAME,
        title="住民票",
        form="（個人票）",
        sentence=SENTENCE,
        top=[Section(top, values)],
        again=again,
        sections=history_sections(subject, selection.items, issue.on, []),
    )


def compose_removed(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The copy of one removed record; never one of a resident (STD 5.1). Raises NobodyChosen."""
    removed = [member for member in facts.members if member.person_id in selection.person_ids]
    subject = _one(choose(removed, selection.person_ids, resident=False))
    top, again, values = _tops(facts, subject, selection)
    return certificate(
        selection,
        masters,
        issue,
        name=REMOVED_NAME,
        title="住民票の除票",
        form="（個人票）",
        sentence=REMOVED_SENTENCE,
        top=[Section(top, values)],
        again=again,
        sections=history_sections(subject, selection.items, issue.on, [removal_section(subject.record)]),
    )


def _one(chosen: list[Subject]) -> Subject:
    if len(chosen) != 1:
        raise NobodyChosen(field="persons")
    return chosen[0]


def _tops(facts: Facts, subject: Subject, selection: Selection) -> tuple[str, list[Section], dict[str, Value]]:
    """The form of the first sheet, what following sheets repeat, and the values of the person."""
    record = subject.record
    values = person_values(subject, selection.items)
    del values["remarks"]
    values["address"] = address_of(record)
    values["head"] = head_name(facts.members) if Item.HEAD in selection.items else OMITTED
    again = [Section("single.again", {"name": values["name"], "birth": values["birth"]})]
    return ("single.foreign" if record.is_foreign else "single.japanese"), again, values
