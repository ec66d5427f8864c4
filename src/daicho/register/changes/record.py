"""The resident record (住民票) as one immutable value: what `resident_state` holds for one person over one range.

Fields stand in the order of the 93 items of the assessment's register file; the item number is given in the
comment. What belongs to the change (items 11, 55-57 in part), to the person (12) or to the household (1-3) is not
repeated here but joined in the view `register.register_file`.
"""

from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, Literal

from daicho.law.dates import LegalDate

Status = Literal["resident", "moved_out", "dead", "removed"]
"""住民状態: 住民, 転出者, 死亡者, その他消除者. Everything but `resident` is a removed record (除票)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRecord:
    """One person's resident record. Numbers are held as ids of `register.number`, never in clear.

    Text that is not recorded is None, never ''. `relationship` is the stored code form of
    `daicho.law.kinship.Relationship` ("02" head, "20" child, "20.12" child's wife).
    """

    status: Status = "resident"
    is_foreign: bool = False
    # Household: number, head and address are the same for all members.
    household_id: int
    household_order: int = 1  # rank for sorting inside the household; positions shown are counted from it
    head_absent: bool = False  # 世帯主未設定, the same for all members (STD 1.1.10)
    relationship: str  # 24
    # Address
    district_code: str | None = None  # 4
    postcode: str | None = None  # 5
    municipality_code: str  # 6
    town_code: str | None = None  # 7, eleven digits (STD 1.3.3)
    address: str  # 8 town and lot as printed (肥塚三丁目112番地4), without prefecture and city: see municipality_code
    building_code: str | None = None  # 9
    building: str | None = None  # 10
    # Since when, notified when
    resident_since: LegalDate | None = None  # 14 住民となった年月日
    resident_notified_on: date | None = None  # 15
    settled_on: LegalDate | None = None  # 16 (75 for foreign residents) 住所を定めた年月日
    settled_reason: str | None = None  # 17 (76) word of law.reasons
    settled_notified_on: date | None = None  # 18 (77)
    settled_basis: str | None = None  # 19 (78) 届出 or 職権
    # The person
    name_kana: str | None = None  # 20, for office use and search
    name_kana_checked: bool = False
    name: str  # 21
    name_reading: str | None = None  # 氏名の振り仮名 from the family register (since 2025-05-26)
    name_reading_on: date | None = None
    sex: str  # 22: "1" 男, "2" 女
    birth: LegalDate  # 23 (72 for foreign residents)
    # Family register
    domicile_municipality: str | None = None  # 25
    domicile_postcode: str | None = None  # 26
    domicile: str | None = None  # 27
    family_register_head: str | None = None  # 28
    maiden_name: str | None = None  # 29 旧姓漢字, taken over from older registers
    resident_code_id: int | None = None  # 30
    # Address before entering this city (転入前住所)
    previous_municipality: str | None = None  # 31
    previous_postcode: str | None = None  # 32
    previous_address: str | None = None  # 33 in full, with prefecture and city, as are all addresses outside
    previous_building: str | None = None  # 34
    previous_head: str | None = None  # 35
    # Address inside the city before the last move (異動前住所)
    former_address: str | None = None
    former_building: str | None = None
    # Planned destination (転出予定)
    planned_municipality: str | None = None  # 36
    planned_postcode: str | None = None  # 37
    planned_address: str | None = None  # 38
    planned_building: str | None = None  # 39
    planned_head: str | None = None  # 40
    planned_on: date | None = None  # 転出予定年月日
    # Confirmed destination (転出確定)
    confirmed_municipality: str | None = None  # 41
    confirmed_postcode: str | None = None  # 42
    confirmed_address: str | None = None  # 43
    confirmed_building: str | None = None  # 44
    confirmed_head: str | None = None  # 45
    confirmed_on: date | None = None  # 転出年月日(確定)
    arrival_notice_on: date | None = None  # 転入通知年月日
    # Last place of registration (最終住民登録地)
    last_municipality: str | None = None  # 46
    last_postcode: str | None = None  # 47
    last_address: str | None = None  # 48
    last_building: str | None = None  # 49
    last_head: str | None = None  # 50
    unreported_from: date | None = None  # 51
    unreported_to: date | None = None  # 52
    remarks: str | None = None  # 53
    removed_on: LegalDate | None = None  # 54
    removed_notified_on: date | None = None  # 55
    removed_reason: str | None = None  # 56 word of law.reasons
    removed_basis: str | None = None  # 57
    # Foreign residents
    foreign_name_kana: str | None = None  # 58
    foreign_name_kanji: str | None = None  # 59
    common_name_kana: str | None = None  # 60
    common_name: str | None = None  # 61
    parallel_name: str | None = None  # 62
    parallel_name_kana: str | None = None  # 63
    nationality: str | None = None  # 64 ISO 3166 alpha-3
    nationality_name: str | None = None  # 65
    residence_card_number: str | None = None  # 66
    residence_status: str | None = None  # 67
    residence_status_name: str | None = None  # 68
    article_30_45: str | None = None  # 69
    stay_period: str | None = None  # 70
    stay_until: date | None = None  # 71
    foreign_resident_since: LegalDate | None = None  # 73
    foreign_resident_notified_on: date | None = None  # 74
    residence_notice: str | None = None  # 79 居住地届出フラグ
    common_name_history: str | None = None  # 80
    individual_number_id: int | None = None  # 81
    # Qualifications kept for other offices
    health_insurance: str | None = None  # 82
    health_insurance_retired: str | None = None  # 83
    care_insurance: str | None = None  # 84
    pension_number: str | None = None  # 85
    pension_kind: str | None = None  # 86
    pension_insurance: str | None = None  # 87
    pension_benefit: str | None = None  # 88
    child_allowance: str | None = None  # 89
    elderly_medical: str | None = None  # 90
    welfare_medical: str | None = None  # 91
    former_family_name: str | None = None  # 92
    former_family_name_kana: str | None = None  # 93
    # What the standard and later law ask beside the 93 items
    record_no: int = (
        1  # counts the person's resident records: renewal, restoration and change of nationality begin a new one
    )
    renewed_on: date | None = None  # 改製年月日 (STD 1.1.4)
    name_reading_source: str | None = None  # where the 振り仮名 comes from: "family_register", "notice", "ex_officio"
    name_reading_state: str | None = None  # 確認状態: "confirmed" by the person, "notified" by the mayor, None unknown
    former_family_name_kana_checked: bool = False
    former_family_name_reading: str | None = None  # 旧氏の振り仮名 (since 2025-05-26)
    former_family_name_reading_on: date | None = None
    common_name_kana_checked: bool = False
    common_name_on: date | None = None  # 通称を記載した年月日
    common_name_municipality: str | None = None  # 通称を記載した市区町村
    alien_registered_on: LegalDate | None = None  # 旧外登法による登録年月日, may be unknown (STD 1.1.8)
    landing_permit: bool = False  # 上陸許可証による転入の旨
    adult_ward: bool = False  # 成年被後見人の該当
    electoral_roll: bool = False  # 選挙人名簿への登録の有無
    # Days of the qualifications (資格取得・喪失), and the months of the child allowance as 2026-04
    health_insurance_from: date | None = None
    health_insurance_to: date | None = None
    elderly_medical_from: date | None = None
    elderly_medical_to: date | None = None
    care_insurance_from: date | None = None
    care_insurance_to: date | None = None
    pension_from: date | None = None
    pension_to: date | None = None
    pension_kind_on: date | None = None  # 種別の変更があった年月日
    child_allowance_from: str | None = None
    child_allowance_to: str | None = None
    mail_name: str | None = None  # 郵便物送付コード: "registered", "common" or "both"; None is the registered name

    def with_(self, **changes: Any) -> "ResidentRecord":
        """The record with some fields replaced; raises KeyError for an unknown name.

        A third of the time of dataclasses.replace, whose constructor sets a hundred fields by name: a city makes
        hundreds of thousands of these.
        """
        new = object.__new__(ResidentRecord)
        for name, value in zip(RECORD_FIELDS, _VALUES(self), strict=True):
            _SETTERS[name](new, value)
        for name, value in changes.items():
            _SETTERS[name](new, value)
        return new

    @property
    def is_resident(self) -> bool:
        """True for a resident record, False for a removed record (除票)."""
        return self.status == "resident"


LEGAL_DATE_FIELDS: frozenset[str] = frozenset(
    {"birth", "resident_since", "settled_on", "removed_on", "foreign_resident_since", "alien_registered_on"}
)
"""Fields that may hold an unknown or impossible date (STD 1.1.8).

Three columns each: `x` sorts, `x_precision` and `x_text` are null for a plain calendar day."""

RECORD_FIELDS: tuple[str, ...] = tuple(field.name for field in fields(ResidentRecord))
_VALUES = attrgetter(*RECORD_FIELDS)
_SETTERS = {name: getattr(ResidentRecord, name).__set__ for name in RECORD_FIELDS}


def differences(before: ResidentRecord, after: ResidentRecord) -> tuple[str, ...]:
    """Names of the fields whose values differ, in field order."""
    return tuple(name for name in RECORD_FIELDS if getattr(before, name) != getattr(after, name))
