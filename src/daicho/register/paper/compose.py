"""The view model of a paper from resident records: a pure function.

Same records, request and masters give the same `Paper`, today or in a reproduction years later.
"""

from dataclasses import replace

from daicho.register.paper.authority import Item, check_items
from daicho.register.paper.facts import Facts, Masters, Selection
from daicho.register.paper.forms.table import READINGS
from daicho.register.paper.kinds.catalogue import kind_of
from daicho.register.paper.view import IssueMark, Paper, Section


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The paper that was asked for.

    Raises ItemNotAllowed, ReasonMissing (the rule table is applied here, so that no caller can go round it),
    NobodyChosen and what the kind refuses with.
    """
    check_items(selection.authority, selection.items, selection.reason)
    paper = kind_of(selection.kind).compose(facts, selection, masters, issue)
    return _without_readings(paper) if Item.WITHOUT_READINGS in selection.items else paper


def _without_readings(paper: Paper) -> Paper:
    """The paper with no name's reading behind it, where a copy without was asked for (STD 5.3)."""
    return replace(paper, top=_bare(paper.top), again=_bare(paper.again), sections=_bare(paper.sections))


def _bare(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(
        replace(section, values={name: None if name in READINGS else value for name, value in section.values.items()})
        for section in sections
    )
