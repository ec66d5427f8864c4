"""除票・改製原: a removed record of a person who may go on with another one, as a page of its own (STD 1.1.5)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Right
from daicho.law.dates import LegalDate
from daicho.register.changes.record import ResidentRecord
from daicho.register.environment import current
from daicho.register.screens.household_view import full_address
from daicho.register.screens.labels import LABELS, NUMBERS, REGISTER_FACE, display, relationship_word
from daicho.register.screens.purpose import purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.access import open_removed_record
from daicho.register.store.removed import RemovedRecord

_HIDDEN = frozenset({*NUMBERS, "household_id", "head_absent", "status"})


@dataclass(frozen=True, slots=True)
class FormerRow:
    """One removed record in the list beside a person."""

    record_no: int
    reason: str
    removed_on: LegalDate | None
    name: str
    kind: str


def former_rows(former: tuple[RemovedRecord, ...]) -> list[FormerRow]:
    """The removed records of a person, newest first."""
    return [
        FormerRow(
            record_no=one.record_no,
            reason=one.record.removed_reason or "",
            removed_on=one.record.removed_on,
            name=one.record.name,
            kind="外国人" if one.record.is_foreign else "日本人",
        )
        for one in reversed(former)
    ]


@require_GET
@door(Right.HISTORY_READ)
def removed_record(request: DoorRequest, person_id: int, record_no: int) -> HttpResponse:
    """The items of a removed record as they stood when it ended, with the states it went through."""
    sheet = open_removed_record(current(), request.actor, person_id, record_no, purpose_of(request))
    removed = sheet.removed
    record = removed.record
    return render(
        request,
        "register/removed_record.html",
        {
            "person": _strip(record, sheet.household_number),
            "person_id": person_id,
            "record": record,
            "goes_on": removed.goes_on,
            "items": [
                (LABELS[name], display(name, record), name in REGISTER_FACE)
                for name in LABELS
                if name not in _HIDDEN and display(name, record)
            ],
            "states": [(one.valid_from, full_address(one.record), one.record.name) for one in removed.states],
        },
    )


def _strip(record: ResidentRecord, household_number: str) -> dict[str, object]:
    return {
        "name": record.name,
        "kana": record.name_kana or "",
        "birth": record.birth,
        "age": None,
        "sex": display("sex", record),
        "address": full_address(record),
        "household": f"{household_number[:4]}-{household_number[4:]}",
        "role": relationship_word(record.relationship),
        "flags": [("除票", "", "")],
        "masked": False,
    }
