"""旧氏の記載, 変更 and 削除: on request, for Japanese residents (法7条, 令30条の13, 30条の14; STD 1.1.7).

The family name, its kana with the flag, and its 振り仮名 with the day stand and fall together.
"""

from datetime import date
from typing import Any

from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.amend_errors import NameAlreadyThere, NameNotThere
from daicho.register.changes.amendable import ITEMS
from daicho.register.changes.amending import (
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

_WORD = ITEMS["former_family_name"].word
_NONE: dict[str, Any] = {
    "former_family_name": None,
    "former_family_name_kana": None,
    "former_family_name_kana_checked": False,
    "former_family_name_reading": None,
    "former_family_name_reading_on": None,
}


def plan(before: Before, notification: Amendment, today: date) -> Plan:
    """Enter, change or delete the former family name of one person.

    Raises C001, C004, C010, C018, C019, C022, C024, C028, C029, C101-C106, L601-L603.
    """
    person = person_of(before, notification, today, ITEMS["former_family_name"])
    record = resident_state(person).record
    _check_now(notification.reason, record)
    fields = {**_NONE, **new_fields(notification, [person], before.on)}
    if not is_deletion(notification.reason) and not fields["former_family_name"]:
        raise ItemMissing("values", item=_WORD)
    effects = amended(before, notification.household_id, [person], fields, {})
    family = record.name.partition("\u3000")[0]
    same = [alert("W052", person.person_id)] if fields["former_family_name"] == family else []
    return made(notification, effects, same)


def _check_now(reason: Reason, record: ResidentRecord) -> None:
    """One former family name at a time: entered where there is none, changed and deleted where there is one."""
    if reason is Reason.FORMER_NAME_ENTRY:
        if record.former_family_name is not None:
            raise NameAlreadyThere("person_ids", item=_WORD)
    elif record.former_family_name is None:
        raise NameNotThere("person_ids", item=_WORD)
