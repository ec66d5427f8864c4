"""`reconcile-nodes` version 1: the connector shows nodes of its digest tree, or at the end the records of some leaves (S2-06).

Nodes without records are left out; `asked` names all that are meant. Nothing of a person travels, only digests.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KIND = "reconcile-nodes"
VERSION = 1
MOST = 4096


class ShownNode(BaseModel):
    """One node that holds records."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    index: int = Field(ge=0, lt=65536)
    count: int = Field(ge=1)
    digest: str = Field(pattern="^[0-9a-f]{32}$")


class ShownRecord(BaseModel):
    """One record of a leaf."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: int = Field(ge=1)
    update_no: int = Field(ge=1)
    digest: str = Field(pattern="^[0-9a-f]{32}$")


class ReconcileNodes(BaseModel):
    """Nodes of one level; `records` are all those of the leaves asked about, where the level is that of the leaves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["reconcile-nodes/1"] = "reconcile-nodes/1"
    message_id: int = Field(ge=1)
    run: int = Field(ge=1)
    level: int = Field(ge=1, le=4)
    asked: tuple[int, ...] = Field(min_length=1, max_length=MOST)
    nodes: tuple[ShownNode, ...] = Field(max_length=MOST)
    records: tuple[ShownRecord, ...] | None = Field(default=None, max_length=MOST)
