"""Which software speaks: every signed text names the release of its sender, and peers refuse what is not approved (R-STO-03).

The list of approved releases is a file of the house, read again when it is replaced: `system release [from [until]]`, a line each,
days included. During an upgrade it names both. Without the file a system approves its own release alone. Who is not of the
house (offices, the prefecture) runs software of their own and is not asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from daicho.law.japan import JAPAN
from daicho.wire.errors import ReleaseNotApproved
from daicho.wire.links import SYSTEMS

RELEASE = "0.1.0"
"""This release; a test holds it to pyproject.toml."""


@dataclass(frozen=True, slots=True)
class Period:
    """A release from a day to a day, both included; None is open."""

    release: str
    since: date | None = None
    until: date | None = None

    def covers(self, release: str, on: date) -> bool:
        """Whether this approves a release on a day."""
        in_time = (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
        return release == self.release and in_time


@dataclass(frozen=True, slots=True)
class Releases:
    """What is approved, by system; None where the house has no list."""

    approved: Mapping[str, tuple[Period, ...]] | None = None

    @classmethod
    def read(cls, file: Path | None) -> "Releases":
        """Read the list. Raises ValueError for a line that cannot be read: nothing is approved by a typing error."""
        if file is None or not file.is_file():
            return cls()
        found: dict[str, tuple[Period, ...]] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.partition("#")[0].split()
            if not words:
                continue
            system, release, *days = words
            if system not in SYSTEMS or len(days) > 2:
                raise ValueError(f"no line of approved releases: {line}")
            found[system] = (*found.get(system, ()), Period(release, *map(date.fromisoformat, days)))
        return cls(found)

    def require(self, system: str, release: str, at: datetime) -> None:
        """Refuse (ReleaseNotApproved) a system of the house whose software is not approved at that instant."""
        if system not in SYSTEMS:
            return
        on = at.astimezone(JAPAN).date()
        periods = (Period(RELEASE),) if self.approved is None else self.approved.get(system, ())
        if not any(period.covers(release, on) for period in periods):
            raise ReleaseNotApproved
