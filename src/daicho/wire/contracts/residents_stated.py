"""`residents-stated` version 1: the register tells persons as they stand, without a change (S6-01, R-PRV-06).

So the common database is filled when a register is taken over, and put right after it was restored. One message holds many
persons. What a person's own messages told since is newer and stays: `sequence_no` is the last one that this picture has seen.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.contracts.resident_changed import Picture

KIND = "residents-stated"
VERSION = 1
MOST_PERSONS = 200


class Stated(BaseModel):
    """One person with everything known to hold, by rising day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    addressee_number: str
    sequence_no: int = Field(ge=0)
    protected: bool
    pictures: tuple[Picture, ...] = Field(min_length=1)


class ResidentsStated(BaseModel):
    """Persons as they stood at one instant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["residents-stated/1"] = "residents-stated/1"
    stated_at: datetime
    persons: tuple[Stated, ...] = Field(min_length=1, max_length=MOST_PERSONS)
