"""The pure decision: may this officer do this, for this purpose, on this day (design, section 6).

Checks raise; none returns a verdict that could be ignored.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.errors import NotAllowed, PurposeMissing, SameOfficer


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights of a role from `since` to `until`, both days included; `until` None means no end."""

    since: date
    until: date | None
    rights: frozenset[Right]

    def covers(self, on: date) -> bool:
        """Whether the grant is in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class RightsTable:
    """Roles with their grants, and the purposes that justify a right (absent = no purpose needed)."""

    roles: Mapping[str, tuple[Grant, ...]]
    words: Mapping[str, str]
    purposes: Mapping[Right, frozenset[Purpose]]

    def rights_of(self, roles: frozenset[str], on: date) -> frozenset[Right]:
        """All rights the roles hold on a day; a role that is not in the table holds none."""
        held: set[Right] = set()
        for role in roles:
            for grant in self.roles.get(role, ()):
                if grant.covers(on):
                    held |= grant.rights
        return frozenset(held)


def read_rights(text: str) -> RightsTable:
    """The rights table of a TOML text; raises ValueError for a right or purpose outside the closed lists."""
    data = tomllib.loads(text)
    roles = {
        role["code"]: tuple(
            Grant(
                since=grant["since"],
                until=grant.get("until"),
                rights=frozenset(Right(name) for name in grant["names"]),
            )
            for grant in role["rights"]
        )
        for role in data["role"]
    }
    purposes = {
        Right(name): frozenset(Purpose(code) for code in codes) for name, codes in data.get("purposes", {}).items()
    }
    return RightsTable(roles=roles, words={role["code"]: role["word"] for role in data["role"]}, purposes=purposes)


RIGHTS = read_rights(resources.files("daicho.access").joinpath("rights.toml").read_text(encoding="utf-8"))
"""The rights of this release, read once: a role code -> rights with validity."""


def decide(
    actor: Actor,
    right: Right,
    *,
    on: date,
    purpose: Purpose | None = None,
    rights: RightsTable = RIGHTS,
) -> None:
    """Let the officer pass or refuse.

    `on` is the day of the act (days of validity count in Japan). A right that needs a purpose is refused
    without one (PurposeMissing) and for a purpose that does not justify it (NotAllowed); the check of the
    right comes first, so that nobody learns about a function they do not hold.
    """
    require_right(actor, right, on=on, rights=rights)
    justified = rights.purposes.get(right)
    if justified is None:
        return
    if purpose is None:
        raise PurposeMissing(field="purpose")
    if purpose not in justified:
        raise NotAllowed


def require_right(actor: Actor, right: Right, *, on: date, rights: RightsTable = RIGHTS) -> None:
    """Refuse (NotAllowed) who does not hold the right, before any purpose is known: for opening a page.

    A look at a person goes through `decide`, with its purpose.
    """
    if right not in rights.rights_of(actor.roles, on):
        raise NotAllowed


def holds(actor: Actor, right: Right, *, on: date, rights: RightsTable = RIGHTS) -> bool:
    """Whether a menu should offer a function to the officer. For display only: acts go through `decide`."""
    return right in rights.rights_of(actor.roles, on)


def require_other_officer(entrant: str, reviewer: str) -> None:
    """Refuse (SameOfficer) when the officer who reviews or decides is the one who entered (four eyes)."""
    if entrant == reviewer:
        raise SameOfficer
