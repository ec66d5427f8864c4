"""`identities-notified` version 1: the connector notifies the prefecture server of many persons at once (住民基本台帳法30条の6).

For the beginning and for what a reconciliation has found; single changes go by `identity-update`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.contracts.identity_update import NoticeItems
from daicho.wire.secret_items import SecretItems

KIND = "identities-notified"
VERSION = 1
MOST_PERSONS = 200


class NotifiedIdentity(NoticeItems):
    """One person, under the number by which the connector speaks of them."""

    subject: int = Field(ge=1)


class IdentitiesNotified(BaseModel):
    """Many persons. `numbers` opens to the JSON of items 1, 13 and 24 by subject."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["identities-notified/1"] = "identities-notified/1"
    message_id: int = Field(ge=1)
    persons: tuple[NotifiedIdentity, ...] = Field(min_length=1, max_length=MOST_PERSONS)
    numbers: SecretItems
