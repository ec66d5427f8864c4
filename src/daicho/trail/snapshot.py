"""Which transactions are accounted for: everything below `end`, except those that were still open. Pure.

PostgreSQL's own snapshots say it in the same form (`pg_snapshot`: xmin:xmax:open). A batch takes the entries that are visible
now and were not accounted for before; since visibility is decided by these very snapshots, no entry is lost or taken twice.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Transactions with ids below `end`, without those in `open`."""

    end: int = 0
    open: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "Snapshot":
        """From PostgreSQL's text form."""
        _, end, still = text.split(":")
        return cls(int(end), frozenset(int(xid) for xid in still.split(",") if xid))

    @property
    def text(self) -> str:
        """PostgreSQL's text form."""
        return f"{min(self.open, default=self.end)}:{self.end}:{','.join(str(xid) for xid in sorted(self.open))}"

    def then(self, now: "Snapshot", stop: int | None) -> "Snapshot":
        """What is accounted for after a batch took, in order of ids, what `now` shows below `stop` (None: all of it)."""
        if stop is None:
            return now
        end = max(self.end, stop)
        still = {xid for xid in self.open if xid in now.open or xid >= stop}
        still |= {xid for xid in now.open if self.end <= xid < end}
        return Snapshot(end, frozenset(still))
