"""転出証明書情報: what the municipality before sends of those who move with a card, and what it fills of the form (STD 4.1.1.3).

The resident network will deliver it. Until then, and whenever the line is down, it comes over the API with the case or is pasted
into the form as the same text. It fills the fields as if they were typed: everything can be corrected, and the form checks it.
"""

import json
from datetime import date
from unicodedata import category

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.desk.certificate_csv import data_of, is_csv
from daicho.register.desk.errors import NoSuchField
from daicho.register.desk.forms.base import LONGEST
from daicho.register.desk.forms.move_in import BY_CARD, MOST_ROWS, ORDINARY

LONGEST_TEXT = 60_000
"""Characters of a text that is pasted: twenty people with every item."""


class CertificateDataUnreadable(DaichoError):
    """What was pasted is no 転出証明書情報; data: where (a field, never its content)."""

    code = "K109"
    happened = "転出証明書情報として読めません（{where}）。"
    kept = "入力した内容は下書きに残っています。"
    todo = "届いた情報をはじめから終わりまで貼り付けるか、画面の欄に入力してください。"


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=LONGEST, hide_input_in_errors=True)

    @field_validator("*")
    @classmethod
    def _plain(cls, value: object) -> object:
        if isinstance(value, str) and any(category(character) in {"Cc", "Cs"} for character in value):
            raise ValueError("control characters")
        return value


class CertifiedPerson(_Text):
    """One person who moved out by card; the items of 令23条, named as in the record, codes or words as a clerk may type them."""

    name: str
    name_kana: str = ""
    name_reading: str = ""
    birth: str
    sex: str
    relationship: str
    domicile: str = ""
    family_register_head: str = ""
    individual_number: str = Field(default="", repr=False)
    resident_code: str = Field(default="", repr=False)
    former_family_name: str = ""
    former_family_name_kana: str = ""
    former_family_name_reading: str = ""
    nationality: str = ""
    residence_status: str = ""
    article_30_45: str = ""
    residence_card_number: str = ""
    stay_period: str = ""
    stay_until: str = ""
    foreign_resident_since: str = ""
    foreign_name_kanji: str = ""
    common_name: str = ""
    common_name_kana: str = ""
    common_name_on: str = ""
    common_name_municipality: str = ""
    alien_registered_on: str = ""
    holds_card: bool = False


class MoveOutCertificateData(_Text):
    """転出証明書情報 of those who left together: address and head there, the day planned, and each of them.

    `by_card`: they move with a card; what was read from a paper certificate is an ordinary move.
    """

    address: str
    head: str = ""
    planned_on: date
    by_card: bool = True
    persons: tuple[CertifiedPerson, ...] = Field(min_length=1, max_length=MOST_ROWS)


_NAMES = {*MoveOutCertificateData.model_fields, *CertifiedPerson.model_fields}
"""Names that an error may repeat: what else was pasted might be somebody's data."""


def read_text(text: str, today: date | None = None) -> MoveOutCertificateData:
    """The data from its text: as the network sends it (JSON), or a CSV. Raises CertificateDataUnreadable."""
    if len(text) > LONGEST_TEXT:
        raise CertificateDataUnreadable("certificate_data", where="長すぎます")
    if is_csv(text):
        return _read_csv(text, today or date.max)
    return _validated(text)


def _read_csv(text: str, today: date) -> MoveOutCertificateData:
    found = data_of(text, today)
    if isinstance(found, str):
        raise CertificateDataUnreadable("certificate_data", where=found)
    return _validated(json.dumps(found))


def _validated(text: str) -> MoveOutCertificateData:
    try:
        return MoveOutCertificateData.model_validate_json(text)
    except ValidationError as error:
        place = error.errors(include_input=False)[0]["loc"]
        known = all(isinstance(part, int) or part in _NAMES for part in place)
        where = ".".join(str(part) for part in place) if known else "知らない項目"
        raise CertificateDataUnreadable("certificate_data", where=where or "全体") from None


def fields_of(reason: Reason, data: MoveOutCertificateData) -> dict[str, str]:
    """The fields of the form that the data fill. Whose card is shown is filled only when one person alone has one.

    Raises NoSuchField for any other reason than 国内転入.
    """
    if reason is not Reason.MOVE_IN:
        raise NoSuchField(field="certificate_data")
    holders = [n for n, person in enumerate(data.persons, start=1) if person.holds_card]
    fields = {
        "kind": BY_CARD if data.by_card else ORDINARY,
        "previous_address": data.address,
        "previous_head": data.head,
        "planned_on": data.planned_on.isoformat(),
    }
    if len(holders) == 1:
        fields["card_holder"] = str(holders[0])
    for n, person in enumerate(data.persons, start=1):
        values = person.model_dump(exclude={"holds_card"})
        fields |= {f"p{n}.{part}": text for part, text in values.items() if text}
    return fields
