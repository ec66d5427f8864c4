"""`resident-changed`: the register tells one legal change of one person (S1-06; STD 7.2.3).

No individual number and no resident code travel here: who needs them asks by a contract of its own. Nor does the registered
domicile, which no office of the published list of transfers needs (decision 0100).
Version 2 says whether the person is protected (支援措置): the receiver shows no place to anybody without need.
Version 3 adds what the offices' duties need beside the basic items (names by law, foreign residents, where from, where to).
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KIND = "resident-changed"
VERSION = 3
FORMER_VERSION = 2
"""Still taken: what waits in an outbox while the systems are renewed one after the other."""


class FormerPicture(BaseModel):
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


class Picture(FormerPicture):
    """All that offices may be told of a person, from `valid_from` on. Texts stand where a date is not a plain day."""

    name_reading: str | None
    former_family_name: str | None
    former_family_name_kana: str | None
    common_name: str | None
    common_name_kana: str | None
    foreign_name_kanji: str | None
    nationality: str | None
    residence_status: str | None
    article_30_45: str | None
    stay_until: date | None
    district_code: str | None
    resident_since_text: str | None
    resident_notified_on: date | None
    settled_on_text: str | None
    settled_notified_on: date | None
    previous_municipality: str | None
    previous_address: str | None
    previous_building: str | None
    planned_municipality: str | None
    planned_address: str | None
    planned_building: str | None
    planned_on: date | None
    confirmed_municipality: str | None
    confirmed_address: str | None
    confirmed_building: str | None
    confirmed_on: date | None
    removed_on_text: str | None
    removed_notified_on: date | None
    removed_reason: str | None


class _Changed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

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


class FormerResidentChanged(_Changed):
    """Version 2."""

    contract: Literal["resident-changed/2"] = "resident-changed/2"
    pictures: tuple[FormerPicture, ...] = Field(min_length=1)


class ResidentChanged(_Changed):
    """One person's part of one legal change. `sequence_no` counts the messages about this person without gaps."""

    contract: Literal["resident-changed/3"] = "resident-changed/3"
    pictures: tuple[Picture, ...] = Field(min_length=1)
