"""職権記載: people without a record are entered for what nobody notifies (法8条, STD 4.2.1.1).

住所設定 takes 不明 as the address before; people who never had one (出生, 就籍) have none. Whoever was naturalised, acquired or lost the nationality
without having had a record here is entered with the reason of that change (STD 4.5.3-4.5.5); with a record see `nationality`.
"""

from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.entering import enter, newcomers, scope
from daicho.register.changes.entry_errors import NoPreviousAddress
from daicho.register.changes.notification import EntryKind, ExOfficioEntry
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.rules import require

__all__ = ["newcomers", "plan", "scope"]

_REASONS = {
    EntryKind.SETTING: Reason.EX_OFFICIO_ENTRY,
    EntryKind.WITHOUT_PREVIOUS: Reason.EX_OFFICIO_ENTRY,
    EntryKind.NATURALISED: Reason.ENTRY_NATURALISATION,
    EntryKind.NATIONALITY_LOST: Reason.ENTRY_NATIONALITY_LOSS,
}


def plan(before: Before, notification: ExOfficioEntry, today: date) -> Plan:
    """Enter all rows; raises C022, C066 and what `enter` raises."""
    if notification.kind is EntryKind.SETTING:
        require(notification.previous.address, "previous.address", "転入前住所（不明も可）")
    elif notification.kind is EntryKind.WITHOUT_PREVIOUS and notification.previous.address:
        raise NoPreviousAddress("previous.address")
    return enter(before, notification, today, _REASONS[notification.kind], "法22条")
