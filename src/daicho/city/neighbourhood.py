"""One neighbourhood of the synthetic city, from a seed to rows ready to be stored: the unit of parallel work.

Neighbourhoods are fixed by the size of the city and do not know each other, so that any number of processes makes the
same city.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from daicho.city.chance import stream
from daicho.city.ledger import Ledger, Serials
from daicho.city.people import Numbers
from daicho.city.population import FirstDay
from daicho.city.years import Years
from daicho.register.store.bulk_encode import EncodedBatch, encode
from daicho.register.store.bulk_numbers import Sealer
from daicho.wire.environment import Keys, Random

LARGEST = 10_000
"""Residents of a neighbourhood on the first day at most; with three years of newcomers well below one batch."""
IDS_PER_RESIDENT = 13
_FEWEST_IDS = 400
_ADDRESSEES = 40_000  # serials kept for one neighbourhood
_HOUSEHOLDS = 20_000
_NUMBERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to make one neighbourhood."""

    seed: str
    index: int
    residents: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Made:
    """A neighbourhood as COPY text, and how far its serials went."""

    batch: EncodedBatch
    changes: int
    last_addressee: int
    last_household: int


class IdsExhausted(RuntimeError):
    """More ids were needed than drawn: `IDS_PER_RESIDENT` is too small."""


def tasks(seed: str, residents: int, first_day: date, last_day: date) -> list[Task]:
    """The neighbourhoods of a city of this size."""
    count = max(1, -(-residents // LARGEST))
    sizes = [residents // count + (1 if index < residents % count else 0) for index in range(count)]
    return [Task(seed, index, size, first_day, last_day) for index, size in enumerate(sizes)]


def ids_needed(task: Task) -> int:
    """How many ids to draw for it."""
    return task.residents * IDS_PER_RESIDENT + _FEWEST_IDS


def ledger_of(task: Task, ids: Iterator[int]) -> Ledger:
    """The register of the neighbourhood on the evening of its last day."""
    ledger = Ledger(ids, Serials(task.index * _ADDRESSEES, task.index * _HOUSEHOLDS))
    numbers = Numbers(task.index * _NUMBERS)
    rng = stream(task.seed, task.index)
    # Taken over in the night before the first day, at three in the morning in Japan.
    at = datetime.combine(task.first_day, time(18), tzinfo=UTC) - timedelta(days=1)
    FirstDay(ledger, numbers, rng, task.first_day, at).settle(task.residents)
    Years(ledger, numbers, rng, task.residents).live(task.first_day, task.last_day)
    return ledger


def make(task: Task, ids: Sequence[int], keys: Keys, random: Random) -> Made:
    """Make one neighbourhood; runs in a worker process."""
    ledger = ledger_of(task, _rising(ids))
    batch = ledger.batch()
    return Made(
        encode(batch, Sealer(keys, random)), len(batch.changes), ledger.serials.addressee, ledger.serials.household
    )


def _rising(ids: Sequence[int]) -> Iterator[int]:
    yield from sorted(ids)
    raise IdsExhausted
