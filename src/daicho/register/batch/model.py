"""What a job is, what it is given, and what a run of it leaves behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from daicho.access.actor import Actor, Output, Purpose, Right
from daicho.register.batch.errors import ParameterUnreadable
from daicho.register.batch.rule import Rule
from daicho.wire.environment import Connection, Environment

SYSTEM = "system"
"""Stands for officer and terminal of what every house plans by itself."""
STATUS_WORDS = {
    "waiting": "実行待ち",
    "running": "実行中",
    "stopping": "停止処理中",
    "stopped": "停止",
    "done": "正常終了",
    "failed": "異常終了",
}
ENDED = ("stopped", "done", "failed")
LIST, UPDATE = "帳票作成", "データ更新"
"""The two kinds of batches that the log tells apart (STD 10.2)."""
Reader = Callable[[str, date], str]
"""(as typed, today) -> as kept; raises ValueError for what it cannot read."""


def as_typed(text: str, _today: date) -> str:
    """Take a text as it is."""
    return text


def as_kept(text: str) -> str:
    """Say a value as it is kept."""
    return text


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a job is given. `choices`: code to word, where there is a list; `is_many`: any number of them."""

    name: str
    word: str
    default: str = ""
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    is_many: bool = False
    read: Reader = as_typed
    word_of: Callable[[str], str] = as_kept

    def taken(self, typed: Mapping[str, str], today: date) -> str:
        """The value as it is kept. Raises ParameterUnreadable."""
        text = " ".join(typed.get(self.name, self.default).replace("\0", " ").split())[:2000]
        try:
            if self.choices and not self._is_chosen(text):
                raise ValueError
            return self.read(text, today)
        except ValueError:
            raise ParameterUnreadable(
                field=self.name, what=self.word, hint=self.hint or "入力し直してください。"
            ) from None

    def _is_chosen(self, text: str) -> bool:
        if self.is_many:
            return bool(text) and all(one in self.choices for one in text.split())
        return text in self.choices

    def shown(self, value: str) -> str:
        """The value in words."""
        if self.is_many:
            return "、".join(self.choices.get(one, one) for one in value.split())
        return self.choices.get(value, self.word_of(value)) or "(指定なし)"


@dataclass(frozen=True, slots=True)
class Content:
    """What a step adds to one result file: lines of a table, or the bytes of a whole file.

    `is_plain`: a file for machines, as it is; others are for a spreadsheet, in which no cell may begin a formula.
    """

    name: str
    lines: Sequence[Sequence[object]] = ()
    whole: bytes | None = None
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to. `cursor` is where the next one begins; None: there is no next one."""

    done: int = 0
    total: int | None = None
    cursor: Any = None
    contents: Sequence[Content] = ()
    errors: Sequence[tuple[str, str]] = ()
    summary: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """What a step is given. `connection` is the transaction in which the step and its result are committed together.

    A long step writes its file by `write` as it goes and tells by `say` how far it is: (done, total). `say` raises when the
    run was asked to stop or is somebody else's; then nothing of the step stays.
    """

    env: Environment
    connection: Connection
    actor: Actor | None
    run: "Run"
    write: Callable[[Content], None]
    say: Callable[[int, int | None], None]

    @property
    def officer(self) -> Actor:
        """Who asked for the run; a job of the system has none and does not ask."""
        if self.actor is None:
            raise LookupError("a job of the system has no officer")
        return self.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. `right`: who may start and plan it; None for the jobs of the system, which nobody starts.

    `output`: its files leave the register, which the class of the terminal must allow; `is_mass`: another officer's
    approval as well (R-USE-15), which names the `items` and is refused when somebody of a run's list is `outdated`.
    """

    code: str
    word: str
    hint: str
    kind: str
    step: Callable[[Work], Step]
    right: Right
    parameters: tuple[Parameter, ...] = ()
    purpose: Purpose | None = None
    output: Output | None = None
    kept_days: int = 7
    is_mass: bool = False
    items: tuple[str, ...] = ()
    outdated: Callable[[Connection, Environment, int], int] = lambda *_: 0

    def taken(self, typed: Mapping[str, str], today: date) -> dict[str, str]:
        """All parameters as they are kept. Raises ParameterUnreadable."""
        return {one.name: one.taken(typed, today) for one in self.parameters}


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan that has not ended: what runs when, and who planned it."""

    plan_id: int
    job: str
    parameters: Mapping[str, str]
    rule: Rule
    next_run: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One file of a run; `removed_at` when its days are over."""

    file_id: int
    run_id: int
    name: str
    media: str
    lines: int
    bytes: int
    kept_until: date
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job."""

    run_id: int
    job: str
    plan_id: int | None
    planned_for: datetime | None
    parameters: Mapping[str, str]
    changed: Sequence[str]
    officer: str
    terminal: str
    office: str
    asked_at: datetime
    status: str
    attempt: int
    done: int
    total: int | None
    cursor: Any
    started_at: datetime | None
    step_at: datetime | None
    ended_at: datetime | None
    summary: Mapping[str, int | str]
    failure: str | None

    @property
    def word(self) -> str:
        """The status in words."""
        return STATUS_WORDS[self.status]

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.status not in ENDED

    @property
    def percent(self) -> int | None:
        """How far it is; None while nobody knows how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def seconds(self) -> int | None:
        """How long it took, or has taken up to its latest step."""
        until = self.ended_at or self.step_at
        return int((until - self.started_at).total_seconds()) if self.started_at and until else None
