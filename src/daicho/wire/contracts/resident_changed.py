"""`resident-changed` version 2: the register tells one legal change of one person (S1-06; STD 7.2.3).

No individual number and no resident code travel here: who needs them asks by a contract of its own.
Version 2 says whether the person is protected (支援措置): the receiver shows no place to anybody without need.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KIND = "resident-changed"
VERSION = 2


class Picture(BaseModel):
    """The person's basic items as they stand after the change, from `valid_from` on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date
    history_no: int = Field(ge=1)
    status: Literal["resident", "moved_out", "dead", "removed"]
    is_foreign: bool
    household_number: str
    household_order: int
    head_absent: bool
    relationship: str
    name: str
    name_kana: str | None
    sex: Literal["1", "2"]
    birth: date
    birth_text: str | None
    municipality_code: str
    town_code: str | None
    postcode: str | None
    address: str
    building: str | None
    resident_since: date | None
    settled_on: date | None
    removed_on: date | None


class ResidentChanged(BaseModel):
    """One person's part of one legal change. `sequence_no` counts the messages about this person without gaps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["resident-changed/2"] = "resident-changed/2"
    message_id: int
    change_id: int
    addressee_number: str
    sequence_no: int = Field(ge=1)
    reason: str
    basis: Literal["notification", "ex_officio", "request", "notice", "application"]
    kind: Literal["enter", "remove", "amend"]
    change_date: date
    change_date_text: str | None
    recorded_at: datetime
    protected: bool
    pictures: tuple[Picture, ...] = Field(min_length=1)
