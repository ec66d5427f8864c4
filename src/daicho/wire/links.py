"""The link matrix: which system may send which contract to which other system (design, section 3)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from daicho.wire.errors import NotLinked

SYSTEMS = ("register", "connector", "addressee", "intermediary", "kiosk", "commons")
"""The six systems of the house; a certificate of the wire names exactly one of them."""

_FILE = Path(__file__).parent / "links.toml"


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the matrix. `basis` names the law or rule on which the data may travel."""

    sender: str
    receiver: str
    kind: str
    versions: tuple[int, ...]
    basis: str

    @property
    def name(self) -> str:
        """How outbox rows and screens name the link; kinds of one pair share it."""
        return f"{self.sender}-{self.receiver}"


@cache
def links() -> tuple[Link, ...]:
    """Every line of the matrix, in the order of the file."""
    lines = tomllib.loads(_FILE.read_text(encoding="utf-8"))["link"]
    return tuple(Link(**{**line, "versions": tuple(line["versions"])}) for line in lines)


def find_link(sender: str, receiver: str, kind: str, version: int) -> Link:
    """The line that allows this contract between these two. Raises NotLinked."""
    for link in links():
        if (link.sender, link.receiver, link.kind) == (sender, receiver, kind) and version in link.versions:
            return link
    raise NotLinked


def receivers_of(sender: str) -> tuple[str, ...]:
    """The systems that `sender` may call at all, sorted."""
    return tuple(sorted({link.receiver for link in links() if link.sender == sender}))
