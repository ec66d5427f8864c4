"""What a system can have approved: each act is a subject, which counts, describes and carries out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from daicho.access.actor import Actor
from daicho.access.approvals.content import Condition, Request
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Facts, Live, State
from daicho.access.errors import NotAvailable
from daicho.wire.environment import Connection, Environment


class Sink(Protocol):
    """Where an act under approval writes what it hands out: kept encrypted, in the transaction of the act."""

    def write(self, data: bytes) -> object:
        """Take some bytes."""
        ...


class Subject(ABC):
    """One act of a system that needs approval.

    `basis` is the legal basis that a request form begins with. Where the act makes no file, `file_name` is empty.
    `is_offered`: the act needs no choice of condition, so that the list of acts can offer it.
    """

    key: str
    word: str
    kinds: tuple[Kind, ...]
    basis: str = ""
    is_offered: bool = False
    file_name: str = ""
    content_type: str = "text/csv; charset=utf-8"

    @abstractmethod
    def live(self, connection: Connection, env: Environment, actor: Actor, condition: Condition) -> Live:
        """The condition as it would be used now, and how many records meet it.

        Raises DaichoError where the condition makes no sense or is not this officer's. Counts only: it shows nobody.
        """

    @abstractmethod
    def run(self, connection: Connection, env: Environment, actor: Actor, request: Request, sink: Sink) -> int:
        """Carry out in this transaction; returns how many records were handled. Whatever it raises, nothing happened."""

    @abstractmethod
    def items(self, condition: Condition) -> tuple[str, ...]:
        """What is shown, written out or destroyed, item by item, in words."""

    @abstractmethod
    def describe(self, condition: Condition) -> Sequence[tuple[str, str]]:
        """The condition in words: (label, value)."""

    def follow(self, env: Environment, actor: Actor, request: Request) -> None:  # noqa: B027 - most acts are one transaction
        """What goes on after the act was released, in transactions of its own; whoever stops in it can call it again."""

    def settled(  # noqa: B027 - most subjects have nothing more to change
        self, connection: Connection, env: Environment, actor: Actor, facts: Facts, state: State
    ) -> None:
        """What else changes, in the same transaction, when a request is approved, refused, withdrawn or voided."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a system brings to the engine: its subjects, and its officers with the roles of a day (None: not in force)."""

    subjects: Mapping[str, Subject]
    officer: Callable[[Connection, Environment, str], Actor | None]

    def subject(self, key: str) -> Subject:
        """The subject of a key. Raises NotAvailable."""
        found = self.subjects.get(key)
        if found is None:
            raise NotAvailable
        return found
