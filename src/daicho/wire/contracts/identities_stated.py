"""`identities-stated` version 1: the register tells persons' identity information as it stands, without a change (I-STO-01).

So the identity file is filled when the connector begins, and proven current later. One message holds many persons; `told_no` is the
last message about the person that this picture has seen: what came since is newer and stays.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.contracts.identity_changed import IdentityItems
from daicho.wire.secret_items import SecretItems

KIND = "identities-stated"
VERSION = 1
MOST_PERSONS = 200


class StatedIdentity(IdentityItems):
    """One person."""

    person: int = Field(ge=1)
    told_no: int = Field(ge=0)


class IdentitiesStated(BaseModel):
    """Persons as they stood at one instant. `numbers` opens to the JSON of items 1 and 13 by person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["identities-stated/1"] = "identities-stated/1"
    message_id: int = Field(ge=1)
    stated_at: datetime
    persons: tuple[StatedIdentity, ...] = Field(min_length=1, max_length=MOST_PERSONS)
    numbers: SecretItems
