"""`qualification-changed` version 1: an office tells the register of a qualification it keeps (住基法7条10号-11号の2; R-ACQ-03, R-ACQ-19).

From the office's system to commons, and with the same content from commons to the register. Which office may tell which
qualification is registered at commons; the items are these and no others.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

KIND = "qualification-changed"
VERSION = 1

Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Short = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z぀-ヿ一-鿿・ー-]+$")]


class _Qualification(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "_Qualification":
        begin, end = getattr(self, "since", None), getattr(self, "until", None)
        if begin is not None and end is not None and end < begin:
            raise ValueError("a qualification ends after it begins")
        return self


class HealthInsurance(_Qualification):
    """国民健康保険 (法7条10号): 資格得喪区分, 退職者医療, days of acquisition and loss."""

    kind: Literal["health_insurance"]
    state: Short
    retired: Short | None
    since: date | None
    until: date | None


class ElderlyMedical(_Qualification):
    """後期高齢者医療 (法7条10号の2)."""

    kind: Literal["elderly_medical"]
    state: Short
    since: date | None
    until: date | None


class CareInsurance(_Qualification):
    """介護保険 (法7条10号の3)."""

    kind: Literal["care_insurance"]
    state: Short
    since: date | None
    until: date | None


class Pension(_Qualification):
    """国民年金 (法7条11号): 記号番号, 種別, 保険・受給の区分, days; `kind_on` the day of the present 種別."""

    kind: Literal["pension"]
    number: Short | None
    pension_kind: Short | None
    insurance: Short | None
    benefit: Short | None
    since: date | None
    until: date | None
    kind_on: date | None


class ChildAllowance(_Qualification):
    """児童手当 (法7条11号の2): first and last month."""

    kind: Literal["child_allowance"]
    state: Short
    since: Month | None
    until: Month | None


Qualification = HealthInsurance | ElderlyMedical | CareInsurance | Pension | ChildAllowance


class QualificationChanged(BaseModel):
    """One person's qualification as it stands from `effective_on` on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["qualification-changed/1"] = "qualification-changed/1"
    addressee_number: str = Field(pattern=r"^[0-9]{1,15}$")
    office: str = Field(pattern=r"^office-[a-z0-9-]{2,40}$")
    effective_on: date
    qualification: Qualification = Field(discriminator="kind")
