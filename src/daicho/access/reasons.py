"""Why an officer may or may not: the chain of reasons behind a decision, for the administrator's page and for tests.

Reasons hold codes and days, never a name or what was looked at; the refused officer does not read them.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Because(Enum):
    """One reason for or against; `word` is the Japanese sentence, with `about` and the period as placeholders."""

    GRANTED = "granted"
    NO_ROLE = "no_role"
    ROLE_UNKNOWN = "role_unknown"
    CONFLICT = "conflict"
    NOT_IN_ROLE = "not_in_role"
    NOT_YET = "not_yet"
    OVER = "over"
    OTHER_DEPARTMENT = "other_department"
    OTHER_OFFICER = "other_officer"
    TERMINAL_UNKNOWN = "terminal_unknown"
    TERMINAL_WITHOUT = "terminal_without"
    TERMINAL_NOT_IN_GRANT = "terminal_not_in_grant"
    TERMINAL_NO_OUTPUT = "terminal_no_output"
    PURPOSE_NOT_JUSTIFIED = "purpose_not_justified"
    ITEM_MASKED = "item_masked"

    @property
    def word(self) -> str:
        """The Japanese sentence."""
        return _WORDS[self]


_WORDS = {
    Because.GRANTED: "役割に与えられている",
    Because.NO_ROLE: "この日に持っている役割がない",
    Because.ROLE_UNKNOWN: "権限の表にない役割",
    Because.CONFLICT: "兼ねられない役割を持っている",
    Because.NOT_IN_ROLE: "役割に含まれない",
    Because.NOT_YET: "まだ始まっていない",
    Because.OVER: "期間が終わっている",
    Because.OTHER_DEPARTMENT: "この所属には与えられていない",
    Because.OTHER_OFFICER: "この職員には与えられていない",
    Because.TERMINAL_UNKNOWN: "端末の区分が登録されていない",
    Because.TERMINAL_WITHOUT: "この区分の端末では使えない",
    Because.TERMINAL_NOT_IN_GRANT: "この区分の端末には与えられていない",
    Because.TERMINAL_NO_OUTPUT: "この区分の端末からは出力できない",
    Because.PURPOSE_NOT_JUSTIFIED: "この利用目的では使えない",
    Because.ITEM_MASKED: "この項目は見えない",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain. `role` is the role whose grant is meant, `since`/`until` its period (days, both included).

    `about` is a code: the department, terminal class, purpose, item, or the roles in conflict (`a+b`).
    """

    because: Because
    role: str = ""
    since: date | None = None
    until: date | None = None
    about: str = ""
