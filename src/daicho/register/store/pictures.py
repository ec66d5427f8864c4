"""What the common platform is told of one record over one range: the items of the contract, from the resident record."""

from datetime import date

from daicho.law.dates import LegalDate, Precision
from daicho.register.changes.record import ResidentRecord
from daicho.wire.contracts.resident_changed import Picture

_SAME = (
    "status", "is_foreign", "household_order", "head_absent", "relationship", "name", "name_kana", "municipality_code",
    "town_code", "postcode", "address", "building", "name_reading", "former_family_name", "former_family_name_kana",
    "common_name", "common_name_kana", "foreign_name_kanji", "nationality", "residence_status", "article_30_45",
    "stay_until", "district_code", "resident_notified_on", "settled_notified_on", "previous_municipality",
    "previous_address", "previous_building", "planned_municipality", "planned_address", "planned_building", "planned_on",
    "confirmed_municipality", "confirmed_address", "confirmed_building", "confirmed_on", "removed_notified_on",
    "removed_reason",
)  # fmt: skip
"""Fields that the contract names as the record does."""


def picture_of(record: ResidentRecord, valid_from: date, history_no: int, household_number: str) -> Picture:
    """The record as it stands from a day on. Dates that are no plain day travel as their text, beside the day that sorts."""
    return Picture(
        valid_from=valid_from,
        history_no=history_no,
        household_number=household_number,
        sex="1" if record.sex == "1" else "2",
        birth=record.birth.on,
        birth_text=_text(record.birth),
        resident_since=_day(record.resident_since),
        resident_since_text=_text(record.resident_since),
        settled_on=_day(record.settled_on),
        settled_on_text=_text(record.settled_on),
        removed_on=_day(record.removed_on),
        removed_on_text=_text(record.removed_on),
        **{name: getattr(record, name) for name in _SAME},
    )


def _day(value: LegalDate | None) -> date | None:
    return value.on if value is not None else None


def _text(value: LegalDate | None) -> str | None:
    if value is None or (value.precision is Precision.DAY and value.text is None):
        return None
    return value.text
