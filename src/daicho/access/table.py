"""The rights as data with validity: roles, terminal classes, conflicts of duty, purposes (design, section 6)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from types import MappingProxyType
from typing import Any

from daicho.access.actor import Item, Output, Purpose, Right

_NO_MASKS: Mapping[Right, frozenset[Item]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights of a role from `since` to `until`, both days included; `until` None means no end.

    `departments`, `officers` and `terminals` (classes) narrow who holds it and where; None means all of them.
    `masks` are the items of the record that a right of this grant does not reach.
    """

    since: date
    until: date | None
    rights: frozenset[Right]
    departments: frozenset[str] | None = None
    officers: frozenset[str] | None = None
    terminals: frozenset[str] | None = None
    masks: Mapping[Right, frozenset[Item]] = field(default_factory=lambda: _NO_MASKS)

    def covers(self, on: date) -> bool:
        """Whether the grant is in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class ClassPeriod:
    """What a class of terminals may do from `since` to `until` (both included): outputs allowed, rights withheld."""

    since: date
    until: date | None
    outputs: frozenset[Output]
    without: frozenset[Right]

    def covers(self, on: date) -> bool:
        """Whether this is in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class TerminalClass:
    """A class of terminals; `ask` says in Japanese whom to ask for what the class cannot do."""

    word: str
    ask: str
    periods: tuple[ClassPeriod, ...]

    def on(self, day: date) -> ClassPeriod | None:
        """What holds on a day; None when nothing does, which allows nothing."""
        return next((period for period in self.periods if period.covers(day)), None)


@dataclass(frozen=True, slots=True)
class RightsTable:
    """Roles with their grants, and the purposes that justify a right (absent = no purpose needed).

    `terminals` are the classes by code: a class that is not there may do nothing. `conflicts` are pairs of roles that
    one officer may not hold on one day.
    """

    roles: Mapping[str, tuple[Grant, ...]]
    words: Mapping[str, str]
    purposes: Mapping[Right, frozenset[Purpose]]
    terminals: Mapping[str, TerminalClass] = field(default_factory=lambda: MappingProxyType({}))
    conflicts: frozenset[frozenset[str]] = frozenset()

    def conflict(self, roles: frozenset[str]) -> frozenset[str] | None:
        """A pair of these roles that one officer may not hold, or None."""
        if len(roles) < 2:
            return None
        return min((pair for pair in self.conflicts if pair <= roles), key=sorted, default=None)


def read_rights(text: str) -> RightsTable:
    """The rights table of a TOML text; raises ValueError for anything outside the closed lists or an unknown role."""
    data = tomllib.loads(text)
    roles = {role["code"]: tuple(_grant(grant) for grant in role["rights"]) for role in data["role"]}
    purposes = {
        Right(name): frozenset(Purpose(code) for code in codes) for name, codes in data.get("purposes", {}).items()
    }
    terminals = {
        one["code"]: TerminalClass(one["word"], one["ask"], tuple(_class_period(period) for period in one["periods"]))
        for one in data.get("terminal_class", [])
    }
    conflicts = frozenset(frozenset(pair) for pair in data.get("conflicts", []))
    table = RightsTable(
        roles=roles,
        words={role["code"]: role["word"] for role in data["role"]},
        purposes=purposes,
        terminals=terminals,
        conflicts=conflicts,
    )
    _check(table)
    return table


def _grant(grant: Mapping[str, Any]) -> Grant:
    return Grant(
        since=grant["since"],
        until=grant.get("until"),
        rights=frozenset(Right(name) for name in grant["names"]),
        departments=_narrowed(grant.get("departments")),
        officers=_narrowed(grant.get("officers")),
        terminals=_narrowed(grant.get("terminals")),
        masks={Right(name): frozenset(Item(item) for item in items) for name, items in grant.get("masks", {}).items()},
    )


def _narrowed(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _class_period(period: Mapping[str, Any]) -> ClassPeriod:
    return ClassPeriod(
        since=period["since"],
        until=period.get("until"),
        outputs=frozenset(Output(name) for name in period["outputs"]),
        without=frozenset(Right(name) for name in period.get("without", [])),
    )


def _check(table: RightsTable) -> None:
    """A typing error in a list must not widen or narrow a right in silence."""
    for pair in table.conflicts:
        if len(pair) != 2 or not pair <= table.roles.keys():
            raise ValueError(f"conflict of unknown or equal roles: {sorted(pair)}")
    for role, grants in table.roles.items():
        for grant in grants:
            if grant.terminals is not None and not grant.terminals <= table.terminals.keys():
                raise ValueError(f"unknown terminal class in a grant of {role}")
            if not grant.masks.keys() <= grant.rights:
                raise ValueError(f"a mask for a right that the grant of {role} does not hold")


RIGHTS = read_rights(resources.files("daicho.access").joinpath("rights.toml").read_text(encoding="utf-8"))
"""The rights of this release, read once: a role code -> rights with validity."""
