"""What was typed into an entry, read by the types of its fields."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from daicho.commons.ledgers.errors import EntryUnreadable
from daicho.commons.ledgers.kinds import Field, Kind
from daicho.law.dates import parse_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError

LONGEST = {"text": 200, "long": 2000}
AHEAD = timedelta(days=366 * 10)
YES, NO = "はい", "いいえ"
Values = Mapping[str, str]


def read_day(text: str, today: date, *, word: str, name: str, ahead: timedelta = timedelta()) -> date:
    """A day in any form; a day of an entry is not in the future. Raises EntryUnreadable."""
    try:
        found = parse_date(text, today + ahead)
    except DaichoError:
        raise EntryUnreadable(name, item=word, hint="R8.4.1 の形で入力してください。") from None
    if found > today + ahead:
        raise EntryUnreadable(name, item=word, hint="今日までの日を入力してください。")
    return found


def read_values(kind: Kind, typed: Values, today: date, officers: Collection[str]) -> dict[str, str]:
    """All fields of a new entry in the form in which they are kept. Raises EntryUnreadable for the first that is wrong."""
    return {field.name: _read(field, typed.get(field.name, "").strip(), today, officers) for field in kind.fields}


def read_changes(kind: Kind, typed: Values, present: Values, today: date, officers: Collection[str]) -> dict[str, str]:
    """The fields that a correction changes; those that stay out of `typed` are not meant. Raises EntryUnreadable."""
    found = {
        field.name: _read(field, typed[field.name].strip(), today, officers)
        for field in kind.fields
        if field.name in typed
    }
    return {name: value for name, value in found.items() if value != present.get(name, "")}


def shown(field: Field, value: str, officers: Mapping[str, str]) -> str:
    """A kept value as it is read."""
    if field.type == "day" and value:
        return format_wareki(date.fromisoformat(value))
    if field.type == "officer":
        return officers.get(value, value)
    return value


def _read(field: Field, text: str, today: date, officers: Collection[str]) -> str:
    if not text:
        if field.optional:
            return ""
        raise EntryUnreadable(field.name, item=field.word, hint="入力してください。")
    if field.type == "day":
        return read_day(text, today, word=field.word, name=field.name, ahead=AHEAD).isoformat()
    if field.type == "number":
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise EntryUnreadable(field.name, item=field.word, hint="数字で入力してください。")
        return str(int(text))
    allowed = {"choice": field.choices, "yes": (YES, NO), "officer": officers}.get(field.type)
    if allowed is not None and text not in allowed:
        raise EntryUnreadable(field.name, item=field.word, hint="一覧から選んでください。")
    if len(text) > LONGEST.get(field.type, 200):
        raise EntryUnreadable(field.name, item=field.word, hint=f"{LONGEST[field.type]}文字までで入力してください。")
    return text
