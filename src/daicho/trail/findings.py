"""What a verification can find, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Harm(Enum):
    """A kind of damage; the value is the sentence of the report."""

    REMOVED = "the entry was removed"
    ALTERED = "the entry or one of its subjects was changed, removed or added after sealing"
    FORGED = "the entry and its leaf do not carry the sealer's mark: replaced, reordered or put in"
    LEAF = "the leaf was changed"
    LEAF_REMOVED = "the number is missing: its leaf was removed"
    INSERTED = "an entry without number, older than the last seal, was put in before this number"
    SEAL = "a seal is missing, added or changed here"
    ROOT = "the entries do not lead to the signed root"
    NODE = "a kept root of a subtree was changed; entries are not concerned"
    UNSIGNED = "numbers stand beyond the last seal: seals were cut off, or leaves put in"
    TRUNCATED = "the trail ends before a checkpoint: everything from this number on was cut off"
    REWRITTEN = "the trail is not the one of the checkpoint: it was rewritten"


@dataclass(frozen=True, slots=True)
class Finding:
    """Damage within the numbers `first` to `last`."""

    harm: Harm
    first: int
    last: int

    def __str__(self) -> str:
        """For the report."""
        where = f"number {self.first}" if self.first == self.last else f"numbers {self.first} to {self.last}"
        return f"{where}: {self.harm.value}"


@dataclass(slots=True)
class Report:
    """The outcome: which numbers were read, and all that is wrong."""

    first: int = 1
    size: int = 0
    seals: int = 0
    archived: int = 0
    unsealed: int = 0
    oldest_unsealed: datetime | None = None
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, harm: Harm, first: int, last: int | None = None) -> None:
        """Note damage; the first hundred are kept by name, the rest is counted."""
        self.broken += 1
        if len(self.findings) < 100:
            self.findings.append(Finding(harm, first, last or first))

    @property
    def first_broken(self) -> int | None:
        """The lowest number that is concerned."""
        return min((finding.first for finding in self.findings), default=None)

    def lines(self) -> Iterator[str]:
        """The findings in order of numbers, one a line."""
        for finding in sorted(self.findings, key=lambda found: (found.first, found.last)):
            yield str(finding)
        if self.broken > len(self.findings):
            yield f"and {self.broken - len(self.findings):,} more"
