"""Frozen dataclasses to and from plain JSON values: how the content of a case is kept (JSONB) and read from the API.

Dates are ISO days, None is left out, tuples are lists. A field with metadata `secret` (individual number, resident
code) is passed through `seal` on the way out and `unseal` on the way in, so that no number lies in clear in a case.
"""

import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from daicho.register.changes.errors import ItemMissing, NotificationUnreadable

__all__ = ["from_json", "to_json"]

T = TypeVar("T")
Turn = Callable[[str], str]
"""Turns a number in clear into what may be stored, or back."""

LONGEST_TEXT = 500
MOST_ENTRIES = 200
LARGEST_ID = 2**63 - 1


def to_json(value: Any, seal: Turn) -> dict[str, Any]:
    """A dataclass as a dict of JSON values; `seal` turns each number into what may be stored."""
    result: dict[str, Any] = {}
    for item in fields(value):
        encoded = _encode(getattr(value, item.name), seal)
        if encoded is not None:
            result[item.name] = seal(encoded) if "secret" in item.metadata else encoded
    return result


def _encode(value: Any, seal: Turn) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_encode(entry, seal) for entry in value]
    if is_dataclass(value):
        return to_json(value, seal)
    return str(value) if isinstance(value, StrEnum) else value


def from_json(cls: type[T], value: Any, unseal: Turn, path: str = "") -> T:
    """The dataclass of a dict; blank text counts as not given.

    Raises NotificationUnreadable for unknown names, wrong forms, texts over 500 characters, lists over 200 entries;
    ItemMissing for an item without default that is not there. `field` of the error is the path, as "members.1.sex".
    """
    if not isinstance(value, Mapping):
        raise NotificationUnreadable(path)
    shape = _shape(typing.cast(typing.Hashable, cls))
    for name in value:
        if name not in shape:
            raise NotificationUnreadable(_join(path, str(name)[:40]))
    given: dict[str, Any] = {}
    for name, (item, kind) in shape.items():
        raw, here = value.get(name), _join(path, name)
        if raw is None or raw == "":
            if item.default is MISSING:
                raise ItemMissing(here, item=here)
            continue
        clear = unseal(raw) if "secret" in item.metadata and isinstance(raw, str) else raw
        given[name] = _decode(kind, clear, unseal, here)
    try:
        return cls(**given)
    except ValueError:
        raise NotificationUnreadable(path) from None


def _join(path: str, name: str | int) -> str:
    return f"{path}.{name}" if path else str(name)


@cache
def _shape(cls: type[Any]) -> dict[str, tuple[Field[Any], Any]]:
    """Field and type of each name, `| None` taken off."""
    hints = typing.get_type_hints(cls)
    return {item.name: (item, _without_none(hints[item.name])) for item in fields(cls)}


def _without_none(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        return next(choice for choice in typing.get_args(kind) if choice is not types.NoneType)
    return kind


def _decode(kind: Any, raw: Any, unseal: Turn, path: str) -> Any:
    if typing.get_origin(kind) is tuple:
        return _decode_list(typing.get_args(kind)[0], raw, unseal, path)
    if is_dataclass(kind):
        return from_json(typing.cast(type[Any], kind), raw, unseal, path)
    try:
        return _SCALARS[kind](raw) if kind in _SCALARS else kind(raw)
    except (ValueError, TypeError):
        raise NotificationUnreadable(path) from None


def _decode_list(kind: Any, raw: Any, unseal: Turn, path: str) -> tuple[Any, ...]:
    if not isinstance(raw, list) or len(raw) > MOST_ENTRIES:
        raise NotificationUnreadable(path)
    return tuple(_decode(kind, entry, unseal, _join(path, place)) for place, entry in enumerate(raw))


def _text(raw: Any) -> str:
    """Text without control characters and halves of surrogate pairs, which no document holds."""
    if not isinstance(raw, str) or len(raw) > LONGEST_TEXT:
        raise ValueError
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in raw):
        raise ValueError
    return raw


def _integer(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= LARGEST_ID:
        raise ValueError
    return raw


def _truth(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError
    return raw


_SCALARS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: _integer,
    bool: _truth,
    date: date.fromisoformat,
}
