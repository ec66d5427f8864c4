"""通称の記載 and 削除: on application, for foreign residents (令30条の16; STD 1.1.2, 1.1.7).

The record keeps the day and the municipality of the entry; item 80 keeps every entry and deletion with both, for the
certificates that show it. There is one common name at a time: a change is a deletion and a new entry.
"""

from datetime import date
from typing import Any

from daicho.law.eras import format_wareki
from daicho.law.towns import municipalities
from daicho.register.changes.alerts import alert
from daicho.register.changes.amend_errors import NameAlreadyThere, NameNotThere
from daicho.register.changes.amendable import ITEMS
from daicho.register.changes.amending import (
    Fields,
    amended,
    is_deletion,
    made,
    new_fields,
    person_of,
    scope,
)
from daicho.register.changes.errors import ItemMissing
from daicho.register.changes.notification_amend import Amendment
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.record import ResidentRecord

__all__ = ["plan", "scope"]

_WORD = ITEMS["common_name"].word
_NONE: dict[str, Any] = {
    "common_name": None,
    "common_name_kana": None,
    "common_name_kana_checked": False,
    "common_name_on": None,
    "common_name_municipality": None,
}
SEPARATOR = "；"
"""Between the lines of item 80."""


def plan(before: Before, notification: Amendment, today: date) -> Plan:
    """Enter or delete the common name of one person, with its line in item 80.

    Raises C001, C004, C010, C018, C019, C022, C024, C028, C029, C101-C106, L601-L603.
    """
    person = person_of(before, notification, today, ITEMS["common_name"])
    record = resident_state(person).record
    given = new_fields(notification, [person], before.on)
    fields = _deleted(record, before.on) if is_deletion(notification.reason) else _entered(record, given, before.on)
    effects = amended(before, notification.household_id, [person], fields, {})
    same = [alert("W053", person.person_id)] if fields["common_name"] == record.name else []
    return made(notification, effects, same)


def _entered(record: ResidentRecord, given: Fields, on: date) -> Fields:
    if record.common_name is not None:
        raise NameAlreadyThere("person_ids", item=_WORD)
    if not given.get("common_name"):
        raise ItemMissing("values", item=_WORD)
    here = municipalities()[record.municipality_code].name
    line = f"{given['common_name']} 記載 {format_wareki(on)} {here}"
    return {
        **_NONE,
        **given,
        "common_name_on": on,
        "common_name_municipality": here,
        "common_name_history": _with_line(record.common_name_history, line),
    }


def _deleted(record: ResidentRecord, on: date) -> Fields:
    """The deletion with its line; a name taken over without history gets the line of its entry first."""
    if record.common_name is None:
        raise NameNotThere("person_ids", item=_WORD)
    history = record.common_name_history
    if history is None or f"{record.common_name} 記載" not in history:
        since = format_wareki(record.common_name_on) if record.common_name_on else "年月日不明"
        place = record.common_name_municipality or "市区町村不明"
        history = _with_line(history, f"{record.common_name} 記載 {since} {place}")
    here = municipalities()[record.municipality_code].name
    line = f"{record.common_name} 削除 {format_wareki(on)} {here}"
    return {**_NONE, "common_name_history": _with_line(history, line)}


def _with_line(history: str | None, line: str) -> str:
    return f"{history}{SEPARATOR}{line}" if history else line
