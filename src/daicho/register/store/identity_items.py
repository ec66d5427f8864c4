"""The items of identity information whose source is the register, made from a record and the change that made it. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.said import Said


@dataclass(frozen=True, slots=True)
class Told:
    """The change of which a record is the outcome (items 16, 21-23, 26-28, 36)."""

    reason: str
    basis: str
    change_date: date
    change_date_text: str | None
    notified_on: date | None
    said: Said


def items_of(
    record: ResidentRecord, told: Told, *, planned: bool, code_used_from: date | None = None
) -> dict[str, Any]:
    """The fields of `IdentityItems`."""
    settled_on, settled_on_text = _day(record.settled_on)
    resident_since, resident_since_text = _day(record.resident_since or record.foreign_resident_since)
    return {
        "name": record.name,
        "name_kana": record.name_kana,
        "birth": record.birth.on,
        "birth_text": record.birth.text,
        "sex": "1" if record.sex == "1" else "2",
        "municipality_code": record.municipality_code,
        "town_code": record.town_code,
        "postcode": record.postcode,
        "address": _joined(record.address, record.building),
        "resident_since": resident_since,
        "resident_since_text": resident_since_text,
        "settled_on": settled_on,
        "settled_on_text": settled_on_text,
        "notified_on": told.notified_on,
        "previous_municipality": record.previous_municipality,
        "previous_address": _joined(record.previous_address, record.previous_building) or None,
        "relationship": record.relationship,
        "reason": told.reason,
        "change_date": told.change_date,
        "change_date_text": told.change_date_text,
        "basis": told.basis,
        "code_used_from": code_used_from,
        "change_id": told.said.change_id,
        "operator": told.said.operator,
        "terminal": told.said.terminal,
        "planned": planned,
        "status": record.status,
        "recorded_at": told.said.recorded_at,
        "former_family_name": record.former_family_name,
        "former_family_name_kana": record.former_family_name_kana,
    }


def _joined(*parts: str | None) -> str:
    return "\u3000".join(part for part in parts if part)


def _day(value: LegalDate | None) -> tuple[date | None, str | None]:
    return (value.on, value.text) if value is not None else (None, None)
