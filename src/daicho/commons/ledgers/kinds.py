"""A kind of ledger as data: fields with types, who may write, due rule, control ids. Read once from `kinds.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, get_args

from daicho.access.actor import Right

Type = Literal["text", "long", "day", "choice", "yes", "officer", "number"]
Rule = Literal["none", "days", "field", "interval", "officer"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry. `private`: kept encrypted, on the page of the entry alone."""

    name: str
    word: str
    type: Type
    choices: tuple[str, ...] = ()
    optional: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When something has to be done next.

    `days` by the value of the field `by` ("" where there is none); `longest` days that an extension may reach; `field` names the
    field of the day, `ahead` how many days before it is reminded; `months` of an interval, for each value of the field `per`.
    """

    rule: Rule
    days: Mapping[str, int]
    by: str = ""
    longest: int = 0
    field: str = ""
    ahead: int = 0
    months: int = 0
    per: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One ledger. `slip`: whoever asked is given a reception slip."""

    code: str
    word: str
    group: str
    controls: tuple[str, ...]
    write: Right
    day: str
    due: Due
    fields: tuple[Field, ...]
    slip: bool = False

    @property
    def closes(self) -> bool:
        """Whether its entries stay open until somebody closes them."""
        return self.due.rule in ("days", "field")

    def field(self, name: str) -> Field:
        """The field of a name. Raises StopIteration for a name that the kind does not have."""
        return next(one for one in self.fields if one.name == name)


def read_kinds(text: str) -> dict[str, Kind]:
    """The kinds of a TOML text, by code; raises ValueError for whatever does not fit together."""
    kinds = [_kind(one) for one in tomllib.loads(text)["kind"]]
    for kind in kinds:
        _check(kind)
    if len({kind.code for kind in kinds}) != len(kinds):
        raise ValueError("two ledgers of one code")
    return {kind.code: kind for kind in kinds}


def _kind(data: Mapping[str, Any]) -> Kind:
    return Kind(
        code=data["code"],
        word=data["word"],
        group=data["group"],
        controls=tuple(data["controls"]),
        write=Right(data["write"]),
        day=data["day"],
        due=_due(data["due"]),
        fields=tuple(Field(**one | {"choices": tuple(one.get("choices", ()))}) for one in data["fields"]),
        slip=data.get("slip", False),
    )


def _due(data: Mapping[str, Any]) -> Due:
    days = data.get("days", {})
    return Due(**{**data, "days": {"": days} if isinstance(days, int) else dict(days)})


def _check(kind: Kind) -> None:
    """A typing error must not take a reminder away in silence."""
    due, names = kind.due, {one.name: one for one in kind.fields}
    for one in kind.fields:
        if one.type not in get_args(Type) or (one.type == "choice") != bool(one.choices):
            raise ValueError(f"{kind.code}.{one.name}: unknown type, or choices where none belong")
    fits = {
        "none": True,
        "days": bool(due.days) and (set(names[due.by].choices) == set(due.days) if due.by in names else "" in due.days),
        "field": due.field in names and names[due.field].type == "day" and not names[due.field].optional,
        "interval": due.months > 0 and (not due.per or due.per in names),
        "officer": "officer" in names and names["officer"].type == "officer",
    }
    if due.rule not in get_args(Rule) or not fits[due.rule] or not kind.controls:
        raise ValueError(f"{kind.code}: the due rule does not fit the fields, or no control is named")


KINDS = read_kinds(resources.files("daicho.commons.ledgers").joinpath("kinds.toml").read_text(encoding="utf-8"))
"""The ledgers of this release, by code, in the order of the file."""
