"""Who says something to the connector."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """By which change, by whom and from where something is told (items 26-28, 36)."""

    change_id: int
    operator: str
    terminal: str
    recorded_at: datetime
