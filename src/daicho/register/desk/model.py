"""The case as a value, and the words for its states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from daicho.law.reasons import Basis, Reason

Status = Literal[
    "new",
    "received",
    "provisional",
    "checked",
    "reviewed",
    "decided",
    "registered",
    "parked",
    "returned",
    "refused",
    "withdrawn",
]

STATUS_WORDS: Mapping[str, str] = {
    "received": "入力中",
    "provisional": "仮登録",
    "checked": "審査待ち",
    "reviewed": "決裁待ち",
    "decided": "決裁済",
    "registered": "登録済",
    "parked": "中断",
    "returned": "差戻し",
    "refused": "不受理",
    "withdrawn": "取下げ",
}
WRITABLE: frozenset[str] = frozenset({"received", "provisional", "returned"})
"""States in which the case is with the counter and may be typed into."""
FINAL: frozenset[str] = frozenset({"registered", "refused", "withdrawn"})

ACK_REASONS: Mapping[str, str] = {
    "01": "届出人に説明した",
    "02": "書類で確かめた",
    "03": "電話で確かめた",
    "04": "上司の指示による",
    "09": "その他(備考に書いた)",
}
"""Why warnings were passed: one reason for all warnings of a case (ux.md 3.4)."""

DIFFERENT_REASONS: Mapping[str, str] = {
    "01": "住所の経過が違う",
    "02": "父母・家族の氏名が違う",
    "03": "番号が違う",
    "04": "本人に確かめた",
}
SAME_REASONS: Mapping[str, str] = {
    "11": "番号が同じ",
    "12": "前の住所と世帯が同じ",
    "13": "本人に確かめ、書類も同じ",
}
HOLD_REASONS: Mapping[str, str] = {
    "21": "前の市区町村に照会中",
    "22": "番号の回答待ち",
    "23": "本人の書類待ち",
}
"""Why a candidate is another person, the same one, or cannot be told yet (ux.md S14)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case as stored. `typed` holds what was typed, field by field, numbers in clear while in memory."""

    case_id: int
    case_number: str
    reason: Reason
    basis: Basis
    status: Status
    counter_ticket: str | None
    office: str
    terminal: str
    entrant: str
    entered_by: tuple[str, ...]
    holder: str | None
    held_since: datetime | None
    reviewer: str | None
    decider: str | None
    reception: Mapping[str, str]
    typed: Mapping[str, str]
    typed_on: Mapping[str, str]
    ids: Mapping[str, int]
    focus: str | None
    page: str | None
    decisions: Mapping[str, Mapping[str, str]]
    acknowledged: Mapping[str, Any]
    fingerprint: tuple[tuple[int, int], ...] | None
    notification: Mapping[str, Any] | None
    parked_from: Status | None
    park_reason: str | None
    round: int
    version: int
    received_at: datetime
    updated_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    change_id: int | None

    @property
    def word(self) -> str:
        """The Japanese word of the status."""
        return STATUS_WORDS[self.status]

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to the case any more."""
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history. `comments` are (field, text) pairs."""

    act: str
    from_status: str
    to_status: str
    officer: str
    at: datetime
    comments: tuple[tuple[str, str], ...]
