"""Where an officer belongs on a day: the place at issue, then that of the latest posting (decision 0140)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where an officer belongs on a day, and whether they are on leave: nobody signs on with that user ID then."""

    department: str
    office: str
    on_leave: bool


def place_on(department: str, office: str, postings: Sequence[Mapping[str, Any]], day: date) -> Place:
    """The place on a day; `department` and `office` are those at issue, `postings` as `officer.postings` keeps them."""
    found = [one for one in postings if one["since"] <= day.isoformat()]
    if not found:
        return Place(department, office, on_leave=False)
    last = max(found, key=lambda one: one["since"])
    return Place(last["department"], last["office"], on_leave=last["on_leave"])
