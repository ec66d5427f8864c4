"""What the page frame shows: filled by the system that serves the page, drawn by `ui/frame.html`.

A view or middleware sets `request.frame = Frame(...)`; a page without it gets the bare frame (sign-on, errors).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.http import HttpRequest

Environment = Literal["production", "training", "synthetic"]

ENVIRONMENT_WORDS: dict[str, str] = {"production": "本番", "training": "研修", "synthetic": "合成データ"}


@dataclass(frozen=True, slots=True)
class QueueCount:
    """One waiting count of the top bar; `late` marks that something in it is overdue."""

    label: str
    count: int
    url: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the command palette; `why_not` says why it cannot be used now.

    `goes_on`: it is about who is on the screen, whose link `data-goes-on` gives household and person to the address.
    """

    label: str
    url: str = ""
    hint: str = ""
    reading: str = ""
    key: str = ""
    group: str = "画面"
    icon: str = "arrow-right"
    why_not: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The top bar, the lock and the palette of one page. No personal data of residents.

    `has_glyphs`: residents' names may stand on the page, so it loads their font; `name` is that of a system beside the register.
    """

    environment: Environment = "synthetic"
    office: str = ""
    officer: str = ""
    desk: str = ""
    queues: Sequence[QueueCount] = ()
    commands: Sequence[Command] = ()
    home_url: str = "/"
    search_url: str = "/search"
    lock_url: str = "/lock"
    alive_url: str = ""
    unlock_url: str = "/unlock"
    sign_off_url: str = "/sign-off"
    manual_url: str = ""
    idle_seconds: int = 300
    warn_seconds: int = 20
    large: bool = False
    has_glyphs: bool = True
    name: str = ""
    notices: Sequence[str] = field(default_factory=tuple)

    @property
    def environment_word(self) -> str:
        """The environment said in words, shown beside the band."""
        return ENVIRONMENT_WORDS[self.environment]

    @property
    def signed_on(self) -> bool:
        """True when an officer is signed on: only then are there search, queues and a lock."""
        return bool(self.officer)


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: `frame` in every template."""
    return {"frame": getattr(request, "frame", None) or Frame()}
