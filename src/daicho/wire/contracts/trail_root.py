"""`trail-root` version 1: a system shows a witness the root of its trail, with the proof that it continues the one shown before.

The witness remembers it in its own database; its signed receipt for exactly this message is the counter-signature (R-ACQ-04).
Roots say nothing of any person or act.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

KIND = "trail-root"
VERSION = 1
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SealShown(BaseModel):
    """A seal as its log signed it (docs/trail.md); `sealed_at` in microseconds since 1970 (UTC)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    log: str = Field(pattern=r"^[a-z]+$")
    batch_no: int = Field(ge=1)
    size: int = Field(ge=1)
    root: Hash
    sealed_at: int
    encoding: int = Field(ge=1)
    key_version: int = Field(ge=1)
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


class TrailRoot(BaseModel):
    """The newest seal, the key that it is checked with, and the consistency proof (RFC 6962, 2.1.2) from the one shown before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["trail-root/1"] = "trail-root/1"
    seal: SealShown
    public_key: Hash
    path: tuple[Hash, ...] = Field(max_length=130)
