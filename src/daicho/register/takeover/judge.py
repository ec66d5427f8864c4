"""Judging the rows of one bucket: each cell, each row, each household; sound households become rows of the store.

Pure but for sealing the numbers, so that worker processes can do it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.law.numbers import NumberRule
from daicho.register.store.bulk_encode import EncodedBatch, encode
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.bulk_rows import Batch, HouseholdRow, NumberRow, PersonRow
from daicho.register.store.taken_over import TakenOver, rows_of_household
from daicho.register.takeover.cells import Cells
from daicho.register.takeover.household_rules import check_household
from daicho.register.takeover.issues import Issue
from daicho.register.takeover.items import ADDRESSEE_NUMBER, HOUSEHOLD_NUMBER, ITEMS
from daicho.register.takeover.reading import Bucket
from daicho.register.takeover.rows import TakeOverRow, read_row

IDS_PER_ROW = 8
"""Person, two numbers, change, two states, household, and one to spare."""


@dataclass(frozen=True, slots=True)
class Context:
    """What judging needs to know beside the rows; only what concerns the bucket."""

    rule: NumberRule
    today: date
    recorded_at: datetime
    city_code: str
    duplicates: dict[int, int] = field(default_factory=dict)  # row number -> place of the item
    refused: dict[int, str] = field(default_factory=dict)  # row number -> code, found when storing
    known_addressees: frozenset[str] = frozenset()
    known_households: frozenset[str] = frozenset()


@dataclass(slots=True)
class Judged:
    """The outcome for one bucket. `filled` counts cells that are not blank, item by item."""

    batch: EncodedBatch | None = None
    verdicts: Counter[str] = field(default_factory=Counter)  # taken, warned, rejected, already
    issues: list[Issue] = field(default_factory=list)
    filled_before: list[int] = field(default_factory=lambda: [0] * len(ITEMS))
    filled_after: list[int] = field(default_factory=lambda: [0] * len(ITEMS))
    row_of_person: dict[int, int] = field(default_factory=dict)
    row_of_household: dict[int, int] = field(default_factory=dict)


def judge(bucket: Bucket, context: Context, ids: Iterator[int], sealer: Sealer) -> Judged:
    """Judge all rows of a bucket and encode the households that are sound."""
    cells = Cells(context.rule, context.today)
    households: dict[str, list[TakeOverRow]] = {}
    for number, texts in bucket.rows():
        row = read_row(number, texts, cells, context.city_code, context.today)
        place = context.duplicates.get(number)
        if place is not None:
            row.fault(place, "DUPLICATE")
        if number in context.refused:
            row.fault(-1, context.refused[number])
        # A row that names no household stands alone.
        key = texts[HOUSEHOLD_NUMBER] if len(texts) == len(ITEMS) else ""
        households.setdefault(key or f"\n{number}", []).append(row)
    judged = Judged()
    batch = Batch()
    for key, rows in households.items():
        if not _already(key, rows, context):
            check_household(rows)
            if not any(row.rejected for row in rows):
                _build(key, rows, context, ids, batch, judged)
        _count(rows, judged)
    whole = [row for rows in households.values() for row in rows if len(row.texts) == len(ITEMS)]
    judged.filled_before = _filled(whole)
    judged.filled_after = _filled([row for row in whole if not row.rejected and not row.already])
    if batch.persons:
        judged.batch = encode(batch, sealer)
    return judged


def _already(key: str, rows: list[TakeOverRow], context: Context) -> bool:
    """Whether the household was taken over before; marks rows whose numbers are in use by others."""
    known = [row for row in rows if row.cell(ADDRESSEE_NUMBER) in context.known_addressees]
    if key in context.known_households and len(known) == len(rows):
        for row in rows:
            row.already = True
        return True
    for row in known:
        row.fault(ADDRESSEE_NUMBER, "IN_USE")
    if key in context.known_households:
        for row in rows:
            row.fault(HOUSEHOLD_NUMBER, "IN_USE")
    return False


def _build(
    key: str, rows: list[TakeOverRow], context: Context, ids: Iterator[int], batch: Batch, judged: Judged
) -> None:
    """Add one household to the batch."""
    at = context.recorded_at
    household_id = next(ids)
    people: list[TakenOver] = []
    for row in rows:
        person_id = next(ids)
        numbers = {}
        for kind, number in row.numbers.items():
            numbers[f"{kind}_id"] = next(ids)
            batch.numbers.append(NumberRow(numbers[f"{kind}_id"], person_id, kind, number))
        people.append(row.taken_over(person_id, household_id, numbers))
        judged.row_of_person[person_id] = row.number
        batch.persons.append(
            PersonRow(person_id, row.cell(ADDRESSEE_NUMBER), 2 if people[-1].planned is not None else 1, at)
        )
    batch.households.append(HouseholdRow(household_id, key, at))
    judged.row_of_household[household_id] = rows[0].number
    made = rows_of_household(people, day=context.today, recorded_at=at, ids=ids)
    batch.changes += made.changes
    batch.change_persons += made.change_persons
    batch.states += made.states


def _filled(rows: list[TakeOverRow]) -> list[int]:
    """Item by item how many cells are not blank."""
    if not rows:
        return [0] * len(ITEMS)
    return [len(column) - column.count("") for column in zip(*(row.texts for row in rows), strict=True)]


def _count(rows: list[TakeOverRow], judged: Judged) -> None:
    """Verdicts and issues of one household."""
    broken = any(row.rejected for row in rows)
    for row in rows:
        if broken and not row.rejected:
            row.fault(-1, "HOUSEHOLD")
        judged.issues += row.issues
        verdict = "rejected" if row.rejected else "already" if row.already else "warned" if row.issues else "taken"
        judged.verdicts[verdict] += 1
