"""What needs a second officer, a closed list: which right asks, which approves, who witnesses, what leaves the terminal."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from daicho.access.actor import Output, Right


class Kind(Enum):
    """A kind of act under four eyes. `word` is the Japanese word, `rule` who may do what."""

    BULK_OUTPUT = "bulk-output"
    MEDIA_OUTPUT = "media-output"
    DISPOSAL = "disposal"
    BACKUP_TAKE_OUT = "backup-take-out"
    HAND_PROVISION = "hand-provision"
    PROTECTION_RELEASE = "protection-release"

    @property
    def word(self) -> str:
        """The Japanese word shown on screens."""
        return _WORDS[self]

    @property
    def rule(self) -> "Rule":
        """Rights and limits of the kind."""
        return _RULES[self]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rights and limits of a kind.

    `witness`: the right of the third officer who is present (None: none is needed). `output`: what the class of the
    terminal must allow where it is carried out. `on_media`: a request names the medium. `open_for`: the longest validity.
    """

    ask: Right
    approve: Right
    witness: Right | None = None
    output: Output | None = None
    on_media: bool = False
    open_for: timedelta = timedelta(days=14)


_WORDS = {
    Kind.BULK_OUTPUT: "大量出力",
    Kind.MEDIA_OUTPUT: "媒体への出力",
    Kind.DISPOSAL: "廃棄",
    Kind.BACKUP_TAKE_OUT: "バックアップの持出し",
    Kind.HAND_PROVISION: "手作業による提供",
    Kind.PROTECTION_RELEASE: "支援措置の終了",
}
_RULES = {
    Kind.BULK_OUTPUT: Rule(Right.OUTPUT_REQUEST, Right.OUTPUT_APPROVE, output=Output.EXPORT),
    Kind.MEDIA_OUTPUT: Rule(
        Right.OUTPUT_REQUEST, Right.OUTPUT_APPROVE, Right.OUTPUT_WITNESS, Output.MEDIA, on_media=True
    ),
    Kind.DISPOSAL: Rule(Right.RETENTION_REQUEST, Right.RETENTION_APPROVE),
    Kind.BACKUP_TAKE_OUT: Rule(Right.BACKUP_REQUEST, Right.BACKUP_APPROVE, on_media=True),
    Kind.HAND_PROVISION: Rule(Right.OUTPUT_REQUEST, Right.OUTPUT_APPROVE, output=Output.EXPORT),
    Kind.PROTECTION_RELEASE: Rule(Right.PROTECTION_RELEASE, Right.PROTECTION_APPROVE),
}
PRESENT_FOR = timedelta(hours=1)
"""A witness who said to be present counts so long; whoever comes later has to say it again."""
