"""What a copy is asked for unless the clerk says otherwise: the city's own choice per kind, else the release's (STD 5.1)."""

from daicho.law.tables import given
from daicho.register.paper.authority import NUMBERS, Item
from daicho.register.paper.kinds.catalogue import Kind

TABLE = "paper_defaults"


def preset(kind: Kind) -> frozenset[Item]:
    """The items ticked when the form opens. The two numbers are never among them: they are asked for, each time."""
    for row in given(TABLE):
        if row["kind"] in (kind.code, kind.key):
            chosen = {Item(code) for code in row["items"].split() if code in {item.value for item in Item}}
            return frozenset(chosen & set(kind.items) - NUMBERS)
    return kind.preset
