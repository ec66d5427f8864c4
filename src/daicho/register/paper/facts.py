"""What papers are made of: records as read, what was asked for, and the city's masters. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.view import Seal

HOUSEHOLD_COPY = "household_copy"


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of the history: a change of this person's record, with what stood there before it."""

    valid_from: date
    reason: Reason
    basis: Basis
    change_date: LegalDate
    notified_on: date | None
    before: ResidentRecord
    after: ResidentRecord
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One person on the day of issue. Numbers in clear only where they were asked for."""

    person_id: int
    state_id: int
    record: ResidentRecord
    individual_number: str | None = None
    resident_code: str | None = None
    past: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """The change that a letter or a certificate speaks of."""

    reason: Reason
    basis: Basis
    change_date: LegalDate
    notified_on: date | None
    notifier: str = ""
    movers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everybody a paper speaks of, in order; `before` are the same persons as recorded before the change."""

    members: tuple[Subject, ...]
    cause: Cause | None = None
    before: Mapping[int, ResidentRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for: persons (empty: all), items, by whom, for which stated reason, which kind of paper."""

    person_ids: tuple[int, ...]
    items: frozenset[Item]
    authority: Authority
    reason: str = ""
    kind: str = HOUSEHOLD_COPY
    reissue: bool = False


@dataclass(frozen=True, slots=True)
class Masters:
    """What the city registers for its papers, as in force on the day of issue."""

    municipality_code: str
    title: str
    name: str
    seal: Seal
    seal_note: str
    synthetic: bool
    tint: bool = True

    @property
    def municipality(self) -> str:
        """The city without its prefecture: 熊谷市."""
        prefecture = municipalities()[prefecture_code(self.municipality_code)].name
        return municipalities()[self.municipality_code].name.removeprefix(prefecture)


def prefecture_code(municipality_code: str) -> str:
    """The six-digit code of a municipality's prefecture."""
    return next(code for code in municipalities() if code[:5] == municipality_code[:2] + "000")
