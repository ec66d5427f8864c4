"""`identity-update` version 1: the connector notifies the prefecture server of identity information (住民基本台帳法30条の6).

All 40 items of the identity file by their numbers. The real layouts of the network are not public: this is ours, behind
one contract, so that another takes its place by another module (decision 0111).
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.secret_items import SecretItems

KIND = "identity-update"
VERSION = 1


class NoticeItems(BaseModel):
    """One person's identity information without the numbers. `update_no` (29) rises by one with each update of this person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)  # 2
    name_uncoded: int = Field(ge=0)  # 3
    reading: str | None  # 4
    reading_unvoiced: str | None  # 5
    birth: date  # 6
    birth_text: str | None
    sex: Literal["1", "2"]  # 7
    municipality_code: str = Field(pattern="^[0-9]{6}$")  # 8
    town_code: str | None  # 9
    postcode: str | None  # 10
    address: str = Field(min_length=1)  # 11
    address_uncoded: int = Field(ge=0)  # 12
    resident_since: date | None  # 14
    resident_since_text: str | None
    settled_on: date | None  # 15
    settled_on_text: str | None
    notified_on: date | None  # 16
    previous_municipality: str | None  # 17
    previous_address: str | None  # 18
    previous_address_uncoded: int = Field(ge=0)  # 19
    relationship: str  # 20
    reason: str  # 21
    change_date: date  # 22
    change_date_text: str | None
    reason_detail: str  # 23
    code_used_from: date | None  # 25
    request_no: str  # 26
    operator: str  # 27
    terminal: str  # 28
    update_no: int = Field(ge=1)  # 29
    day_update_no: int = Field(ge=1)  # 30
    update_barred: bool  # 31
    planned: bool  # 32
    locked: bool  # 33
    has_uncoded: bool  # 34
    record_status: Literal["resident", "moved_out", "dead", "removed"]  # 35
    recorded_at: datetime  # 36
    former_name: str | None  # 37
    former_name_uncoded: int = Field(ge=0)  # 38
    former_name_reading: str | None  # 39
    former_name_uncoded_no: int = Field(ge=0)  # 40


class IdentityUpdate(NoticeItems):
    """One update of one person, complete."""

    contract: Literal["identity-update/1"] = "identity-update/1"
    message_id: int = Field(ge=1)
    numbers: SecretItems  # 1, 13, 24
