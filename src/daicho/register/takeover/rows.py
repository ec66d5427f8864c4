"""One row of the take-over file: its values, what is wrong with it, and the resident record it makes."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Kind, Reason, find_reason
from daicho.register.changes.record import ResidentRecord, Status
from daicho.register.store.numbers import NumberKind
from daicho.register.store.taken_over import TakenOver
from daicho.register.takeover.cells import Cells, Fault
from daicho.register.takeover.issues import WARNINGS, Issue
from daicho.register.takeover.items import (
    BIRTH,
    FOREIGN_BIRTH,
    HEAD_NAME,
    ITEMS,
    REASON,
    REMOVED,
)

_FOREIGN_ONLY = range(FOREIGN_BIRTH, 78)
_PLACE = {item.name: place for place, item in enumerate(ITEMS)}
_NATIONALITY, _REMOVED_ON, _REMOVED_REASON = (_PLACE[name] for name in ("国籍コード", "除票異動日", "除票異動事由"))
_CITY = _PLACE["現住所自治体コード"]
_REQUIRED = tuple(
    _PLACE[name]
    for name in (
        *(
            "世帯番号",
            "現住所自治体コード",
            "現住所",
            "異動事由",
            "宛名番号",
            "除票区分",
            "漢字氏名",
            "性別コード",
            "続柄コード",
        ),
    )
)
_AFTER_BIRTH = ("resident_since", "settled_on", "removed_on", "foreign_resident_since")
_NOT_FUTURE = ("birth", "resident_since", "settled_on", "foreign_resident_since")
_PLACE_OF_FIELD = {item.field: place for place, item in reversed(list(enumerate(ITEMS))) if item.field}
_MOVES_OUT = (Reason.MOVE_OUT.word, Reason.MOVE_OUT_ABROAD.word)
_OF_REMOVAL = (
    *("removed_on", "removed_notified_on", "removed_reason", "removed_basis"),
    *(f"planned_{part}" for part in ("municipality", "postcode", "address", "building", "head")),
)


@dataclass(slots=True)
class TakeOverRow:
    """One row as judged so far. `values` are fields of the record; numbers in clear stand apart."""

    number: int
    texts: list[str] = field(repr=False)
    issues: list[Issue] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    numbers: dict[NumberKind, str] = field(default_factory=dict, repr=False)
    head_name: str | None = field(default=None, repr=False)
    status: Status = "resident"
    planned: bool = False
    already: bool = False
    rejected: bool = False
    order: int = 1
    headless: bool = False

    def fault(self, item: int, code: str, detail: str = "") -> None:
        """Note a finding; unless it is a warning the row is rejected."""
        self.issues.append(Issue(self.number, item, code, detail))
        if code not in WARNINGS:
            self.rejected = True

    def cell(self, place: int) -> str:
        """The text of a cell, blank where the row is too short."""
        return self.texts[place] if place < len(self.texts) else ""

    @property
    def lives_here(self) -> bool:
        """Whether it is a resident record today, planned leavers included."""
        return self.status == "resident"

    @property
    def planned_on(self) -> date | None:
        """The day of a planned move out."""
        return self.values["removed_on"].on if self.planned else None

    def taken_over(self, person_id: int, household_id: int, numbers: dict[str, Any]) -> TakenOver:
        """The records of this row, with its numbers as ids."""
        values = {name: value for name, value in self.values.items() if not (self.planned and name in _OF_REMOVAL)}
        record = ResidentRecord(
            status=self.status,
            household_id=household_id,
            household_order=self.order,
            head_absent=self.headless,
            **values,
            **numbers,
        )
        planned = None
        if self.planned:
            items = {name: self.values[name] for name in _OF_REMOVAL if name in self.values}
            planned = record.with_(status="moved_out", planned_on=self.planned_on, **items)
        removes = self.planned or self.status != "resident"
        word = self.values.get("removed_reason") if self.planned else None
        return TakenOver(person_id, _reason(word or self.texts[REASON], removes), record, planned)


@cache
def _reason(word: str, removes: bool) -> Reason:
    """改製 and 再製 enter or remove; all other words are one reason each."""
    kind = (Kind.REMOVE if removes else Kind.ENTER) if word in ("改製", "再製") else None
    return find_reason(word, kind)


def read_row(number: int, texts: list[str], cells: Cells, city_code: str, today: date) -> TakeOverRow:
    """Read the cells of one row and check what concerns the row alone."""
    row = TakeOverRow(number, texts)
    if len(texts) != len(ITEMS):
        row.fault(-1, "FIELDS")
        return row
    _read_cells(row, cells)
    for place in _REQUIRED:
        if not texts[place]:
            row.fault(place, "MISSING")
    if "birth" not in row.values and not (texts[BIRTH] or texts[FOREIGN_BIRTH]):
        row.fault(BIRTH, "MISSING")
    if not row.rejected:
        _check_status(row, today)
        _check_dates(row, today)
        if row.values["municipality_code"] != city_code:
            row.fault(_CITY, "OTHER_CITY")
    return row


def _read_cells(row: TakeOverRow, cells: Cells) -> None:
    texts, values = row.texts, row.values
    foreign = texts[_NATIONALITY] not in ("", "JPN")
    columns = cells.columns
    for place, text in enumerate(texts):
        if not text:
            continue
        value = columns[place][text]
        if value.__class__ is Fault:
            row.fault(place, value.code, value.detail)
            value = value.value
        if value is None:
            continue
        item = ITEMS[place]
        if item.kind == "resident_code":
            row.numbers["resident_code"] = value
        elif item.kind == "individual_number":
            row.numbers["individual_number"] = value
        elif place == HEAD_NAME:
            row.head_name = value
        elif item.field and (foreign or place not in _FOREIGN_ONLY or item.field not in values):
            values[item.field] = value
    values["is_foreign"] = foreign
    if texts[BIRTH] and texts[FOREIGN_BIRTH] and texts[BIRTH] != texts[FOREIGN_BIRTH]:
        row.fault(FOREIGN_BIRTH, "BOTH_BIRTHS")


def _check_status(row: TakeOverRow, today: date) -> None:
    """Resident, removed, or about to move out: 除票区分 with day and reason of the removal."""
    removed, values = row.texts[REMOVED], row.values
    if removed not in ("0", "1"):
        row.fault(REMOVED, "CODE")
        return
    on = values.get("removed_on")
    word = values.get("removed_reason")
    if word is None and removed == "1":
        word = row.texts[REASON].replace("(", "（").replace(")", "）")
        word = word if any(reason.word == word and reason.kind is Kind.REMOVE for reason in Reason) else None
    if on is not None and on.on > today and word in _MOVES_OUT:
        row.planned = True
    elif removed == "0":
        if on is not None:
            row.fault(REMOVED, "STATUS")
    elif on is None or word is None:
        row.fault(_REMOVED_ON if on is None else _REMOVED_REASON, "MISSING")
    else:
        row.status = "dead" if word == Reason.DEATH.word else "moved_out" if word in _MOVES_OUT else "removed"


def _check_dates(row: TakeOverRow, today: date) -> None:
    values = row.values
    birth: LegalDate = values["birth"]
    for name in _NOT_FUTURE:
        if name in values and values[name].on > today:
            row.fault(_PLACE_OF_FIELD[name], "FUTURE")
    removed = values.get("removed_on")
    if removed is not None and removed.on > today and not row.planned:
        row.fault(_REMOVED_ON, "FUTURE")
    for name in _AFTER_BIRTH:
        later = values.get(name)
        if later is not None and later.is_calendar and birth.is_calendar and later.on < birth.on:
            row.fault(_PLACE_OF_FIELD[name], "ORDER")
