"""The rules of a household, on the rows of one (STD 1.1.10); the database checks the same at the end of a batch."""

from collections.abc import Sequence

from daicho.register.takeover.items import HEAD_NAME, NAMES
from daicho.register.takeover.rows import TakeOverRow

_RELATIONSHIP = NAMES.index("続柄コード")
_ADDRESS = NAMES.index("現住所")
_HEAD = "02"


def check_household(rows: Sequence[TakeOverRow]) -> None:
    """Check heads and addresses, and give each row its order: the head first, the others as in the file."""
    if any(row.rejected for row in rows):
        return
    residents = [row for row in rows if row.lives_here]
    heads = [row for row in residents if row.values["relationship"] == _HEAD]
    for place, row in enumerate(sorted(rows, key=lambda row: row not in heads), start=1):
        row.order = place
    if not residents:
        return
    if len(heads) > 1:
        _all(heads, _RELATIONSHIP, "TWO_HEADS")
    elif heads:
        _check_head(heads[0], residents)
    elif any(row.head_name for row in residents):
        _all(residents, _RELATIONSHIP, "NO_HEAD")
    else:
        _all(residents, -1, "HEADLESS")
        for row in residents:
            row.headless = True
    places = {(row.values["address"], row.values.get("building")) for row in residents}
    if len(places) > 1:
        _all(residents, _ADDRESS, "TWO_ADDRESSES")


def _check_head(head: TakeOverRow, residents: Sequence[TakeOverRow]) -> None:
    """Names of the head agree; nobody stays behind without a head when the head plans to move out."""
    for row in residents:
        if row.head_name and row.head_name != head.values["name"]:
            row.fault(HEAD_NAME, "HEAD_NAME")
    leaves = head.planned_on
    if leaves is not None:
        staying = [row for row in residents if row.planned_on is None or row.planned_on > leaves]
        _all(staying, _RELATIONSHIP, "PLANNED_HEAD")


def _all(rows: Sequence[TakeOverRow], item: int, code: str) -> None:
    for row in rows:
        row.fault(item, code)
