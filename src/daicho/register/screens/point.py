"""A point on both time axes as a screen asks for it and says it: 異動日 R3.4.1, 登録 R3.6.30 17:15 (S08)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from daicho.law.dates import UnreadableDate, parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.register.store.access import AsOf


@dataclass(frozen=True, slots=True)
class Point:
    """The point shown; `follows` says that the registration side is simply the end of the day shown."""

    as_of: AsOf
    follows: bool
    error: DaichoError | None = None

    @property
    def on(self) -> str:
        """The day as it would be typed: R3.4.1."""
        return typed_day(self.as_of.valid_on)

    @property
    def known(self) -> str:
        """The instant as it would be typed, "" for now: R3.6.30 17:15."""
        return typed_instant(self.as_of.known_at) if self.as_of.known_at else ""

    @property
    def known_local(self) -> datetime | None:
        """The instant in Japan; None for now."""
        return self.as_of.known_at.astimezone(JAPAN) if self.as_of.known_at else None

    def query(self, on: date | None = None) -> str:
        """The point, or the same at another day, as part of an address."""
        values = {"on": typed_day(on) if on else self.on}
        if self.as_of.known_at is None:
            values["as"] = "now"
        elif not self.follows:
            values["known"] = self.known
        return urlencode(values)


def read_point(values: Mapping[str, str], today: date) -> Point:
    """The point asked for by `on`, `known`, `as` ("then", "now", or "" to stay in `mode`) and `was`.

    `was` is the registration side that the page had filled in by itself; left as it was, it follows the day. What is
    not readable gives today or the end of the day, with the error to be shown.
    """
    error: DaichoError | None = None
    try:
        on = parse_date(values.get("on") or "t", today)
    except DaichoError as unreadable:
        on, error = today, unreadable
    known = values.get("known", "").strip()
    follows = not known or known == values.get("was", "").strip()
    choice = values.get("as") or ("now" if values.get("mode") == "now" and follows else "then")
    if choice == "now":
        return Point(AsOf(on), False, error)
    if follows:
        return Point(AsOf(on, end_of(on)), True, error)
    try:
        return Point(AsOf(on, _instant(known, today)), False, error)
    except DaichoError as unreadable:
        return Point(AsOf(on, end_of(on)), True, unreadable)


def typed_instant(at: datetime) -> str:
    """R3.6.30 17:15."""
    local = at.astimezone(JAPAN)
    return f"{typed_day(local.date())} {local:%H:%M}"


def end_of(day: date) -> datetime:
    """The last instant of a day in Japan."""
    return datetime.combine(day + timedelta(days=1), time(0), JAPAN) - timedelta(microseconds=1)


def _instant(text: str, today: date) -> datetime:
    """R3.6.30 17:15, or a day alone for its end. Raises the errors of `parse_date`."""
    match = re.fullmatch(r"(\S+)(?:\s+(\d{1,2})[:\uff1a](\d{2}))?", text)
    if match is None:
        raise UnreadableDate
    day, hour, minute = match.groups()
    found = parse_date(day, today)
    if hour is None:
        return end_of(found)
    if int(hour) > 23 or int(minute) > 59:
        raise UnreadableDate
    return datetime.combine(found, time(int(hour), int(minute), 59, 999_999), JAPAN)
