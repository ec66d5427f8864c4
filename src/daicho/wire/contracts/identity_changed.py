"""`identity-changed` version 1: the register tells the connector one change of one person's identity information (S2-01).

Of the 40 items of the identity file (本人確認情報ファイル) these are the ones whose source is the register; numbers in
the comments are those of the items. Counts of 外字, the voiceless reading, update numbers and flags (3, 5, 12, 19, 29-31,
33, 34, 38, 40) are the connector's own work. Nothing beyond the items travels (control I-ACQ-02).
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.secret_items import SecretItems

KIND = "identity-changed"
VERSION = 1
NUMBERS = frozenset({"resident_code", "individual_number", "former_resident_code"})
"""What `numbers` may hold: items 1, 13 and 24."""


class IdentityItems(BaseModel):
    """One person's identity information as it stands after the last legal change, without the numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)  # 2
    name_kana: str | None  # 4
    birth: date  # 6
    birth_text: str | None  # 6, for a day that is unknown or impossible
    sex: Literal["1", "2"]  # 7
    municipality_code: str = Field(pattern="^[0-9]{6}$")  # 8
    town_code: str | None  # 9
    postcode: str | None  # 10
    address: str = Field(min_length=1)  # 11, with the building line
    resident_since: date | None  # 14
    resident_since_text: str | None
    settled_on: date | None  # 15
    settled_on_text: str | None
    notified_on: date | None  # 16
    previous_municipality: str | None  # 17
    previous_address: str | None  # 18
    relationship: str  # 20
    reason: str  # 21
    change_date: date  # 22
    change_date_text: str | None
    basis: Literal["notification", "ex_officio", "request", "notice", "application"]  # 23
    code_used_from: date | None  # 25
    change_id: int  # 26
    operator: str  # 27
    terminal: str  # 28
    planned: bool  # 32
    status: Literal["resident", "moved_out", "dead", "removed"]  # 35
    recorded_at: datetime  # 36
    former_family_name: str | None  # 37
    former_family_name_kana: str | None  # 39


class IdentityChanged(IdentityItems):
    """What one legal change made of it."""

    contract: Literal["identity-changed/1"] = "identity-changed/1"
    message_id: int = Field(ge=1)
    numbers: SecretItems  # 1, 13, 24
