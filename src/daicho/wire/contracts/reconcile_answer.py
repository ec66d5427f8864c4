"""`reconcile-answer` version 1: the prefecture server says which nodes differ, and at the end which records (S2-06).

Items of a record that differs are given as keyed digests, so that both sides know which item it is and no value travels.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.contracts.reconcile_nodes import MOST

KIND = "reconcile-answer"
VERSION = 1


class DifferingRecord(BaseModel):
    """One record: not held here (`update_no` 0), held otherwise, or held here alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: int = Field(ge=1)
    update_no: int = Field(ge=0)
    items: dict[str, str] = Field(default_factory=dict, max_length=60)


class ReconcileAnswer(BaseModel):
    """What differs among the nodes or leaves of one message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["reconcile-answer/1"] = "reconcile-answer/1"
    message_id: int = Field(ge=1)
    run: int = Field(ge=1)
    level: int = Field(ge=1, le=4)
    differing: tuple[int, ...] = Field(max_length=MOST)
    records: tuple[DifferingRecord, ...] | None = Field(default=None, max_length=2 * MOST)
