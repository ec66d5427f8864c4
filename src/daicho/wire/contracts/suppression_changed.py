"""`suppression-changed` version 1: how far a person is suppressed after a setting or a release (STD 3.1, 3.2).

The message carries the whole state, so that the newest one alone is enough. Temporary releases are never told to
anybody (STD 3.1), nor is why somebody is protected, from whom, or for how long. `sequence_no` counts all messages about
the person: a system that is not told every kind sees gaps, and takes the greater number as the newer state.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KIND = "suppression-changed"
VERSION = 1
Level = Literal["none", "alert", "error"]


class SuppressionChanged(BaseModel):
    """One person's suppression as it stands from now on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["suppression-changed/1"] = "suppression-changed/1"
    message_id: int
    addressee_number: str
    sequence_no: int = Field(ge=1)
    recorded_at: datetime
    protected: bool
    on_change: Level
    on_issue: Level
    on_inquiry: Level
