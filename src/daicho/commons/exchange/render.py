"""What one recipient is told of one event: a CloudEvent with the items of its basis, and nothing more (CloudEvents 1.0, JSON).

It is made when it leaves, not when it was registered: whoever was hidden in between is told as hidden, also in what waited.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from daicho.commons.exchange.items import shown
from daicho.commons.exchange.subscribers import Subscription
from daicho.wire.environment import Connection, Row

SOURCE = "urn:daicho:112020:commons"
TYPES = {"changed": "jp.daicho.resident.changed.v1", "suppression": "jp.daicho.resident.suppression.v1"}
_CHANGE = ("reason", "basis", "kind", "change_date", "change_date_text", "recorded_at")


def hidden_among(connection: Connection, numbers: Sequence[str], day: date) -> frozenset[str]:
    """Who of these persons is hidden from somebody without need, as of now."""
    rows = connection.execute(
        "SELECT hidden_of AS number FROM commons.hidden_of(%s::text[], %s::date)", (sorted(set(numbers)), day)
    )
    return frozenset(row["number"] for row in rows)


def events_of(
    connection: Connection, rows: Sequence[Row], subscription: Subscription, day: date
) -> list[dict[str, Any]]:
    """The events of rows of the log, in their order, as this subscriber may have them on this day."""
    numbers = [row["addressee_number"] for row in rows]
    hidden = hidden_among(connection, numbers, day)
    suppressed = [row["addressee_number"] for row in rows if row["kind"] == "suppression"]
    now = pictures_now(connection, suppressed, day) if suppressed else {}
    return [
        _event(row, subscription, hidden=row["addressee_number"] in hidden, now=now.get(row["addressee_number"]))
        for row in rows
    ]


def pictures_now(connection: Connection, numbers: Sequence[str], day: date) -> dict[str, Row]:
    """What holds of persons on a day: the last range that has begun, else the first that will."""
    rows = connection.execute(
        "SELECT DISTINCT ON (addressee_number) * FROM commons.resident WHERE addressee_number = ANY (%s)"
        " ORDER BY addressee_number, valid_from > %s::date, CASE WHEN valid_from > %s::date THEN valid_from END,"
        " valid_from DESC",
        (sorted(set(numbers)), day, day),
    )
    return {row["addressee_number"]: row for row in rows}


def person_of(picture: Mapping[str, Any], subscription: Subscription, *, hidden: bool) -> dict[str, Any]:
    """The items of one picture that this subscriber may have."""
    names = shown(subscription.items, hidden=hidden and not subscription.sees_places)
    return {name: _plain(picture.get(name)) for name in names if name != "change"}


def _event(row: Row, subscription: Subscription, *, hidden: bool, now: Row | None) -> dict[str, Any]:
    content = row["content"]
    pictures = content.get("pictures") or ([now] if now is not None else [])
    data: dict[str, Any] = {
        "addressee_number": row["addressee_number"],
        "protected": hidden,
        "pictures": [person_of(picture, subscription, hidden=hidden) for picture in pictures],
    }
    may_know = not hidden or subscription.sees_places
    if row["kind"] == "changed" and "change" in subscription.items and may_know:
        data["change"] = {name: content[name] for name in _CHANGE}
    if hidden and not subscription.sees_places:
        data["pictures"] = data["pictures"][-1:]
    return {
        "specversion": "1.0",
        "id": str(row["position"]),
        "source": SOURCE,
        "type": TYPES[row["kind"]],
        "subject": row["addressee_number"],
        "time": row["at"].isoformat(),
        "datacontenttype": "application/json",
        "sequence": f"{row['position']:020d}",
        "data": data,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
