"""The view model of a paper from resident records: a pure function.

Same records, request and masters give the same `Paper`, today or in a reproduction years later.
"""

from daicho.register.paper.authority import check_items
from daicho.register.paper.facts import Facts, Masters, Selection
from daicho.register.paper.kinds.catalogue import kind_of
from daicho.register.paper.view import IssueMark, Paper


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The paper that was asked for.

    Raises ItemNotAllowed, ReasonMissing (the rule table is applied here, so that no caller can go round it),
    NobodyChosen and what the kind refuses with.
    """
    check_items(selection.authority, selection.items, selection.reason)
    return kind_of(selection.kind).compose(facts, selection, masters, issue)
