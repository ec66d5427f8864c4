"""The link matrix: which system may send which contract to which other system (design, section 3)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from daicho.wire.errors import NotLinked

SYSTEMS = ("register", "connector", "addressee", "intermediary", "kiosk", "commons")
"""The six systems of the house."""
OUTSIDE = ("prefecture", "cards")
"""Who is outside the city: only the connector has lines to them (住民基本台帳法30条の6)."""
PARTIES = SYSTEMS + OUTSIDE
"""Everybody on the wire; a certificate names exactly one of them."""

OFFICE = "office"
"""On the list of links: any system of an office that commons has registered; its certificate names it office-..."""
_OFFICE_NAME = re.compile(r"office-[a-z0-9-]{2,40}")

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


def is_office(name: str) -> bool:
    """Whether a name is that of an office's system, registered or not."""
    return _OFFICE_NAME.fullmatch(name) is not None


def find_link(sender: str, receiver: str, kind: str, version: int) -> Link:
    """The line that allows this contract between these two. Raises NotLinked."""
    pair = (OFFICE if is_office(sender) else sender, OFFICE if is_office(receiver) else receiver)
    for link in links():
        if (link.sender, link.receiver, link.kind) == (*pair, kind) and version in link.versions:
            return link
    raise NotLinked


def receivers_of(sender: str) -> tuple[str, ...]:
    """The systems that `sender` may call at all, sorted."""
    return tuple(sorted({link.receiver for link in links() if link.sender == sender}))
