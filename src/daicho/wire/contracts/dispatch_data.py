"""`dispatch-data` version 1: to whom the notice of a new individual number is sent (送付先情報, S2-07; 番号法7条, カード等命令35条).

The register makes all 67 items of the dispatch file; the connector passes them on unedited to the card management system and
deletes them one business day later (controls D-ACQ-03, D-PRV-04, D-STO-01). All of them travel encrypted for the one link.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.secret_items import SecretItems

KIND = "dispatch-data"
VERSION = 1


class DispatchData(BaseModel):
    """One person's dispatch data; `items` opens to the JSON of `DispatchItems`, under the one name "items"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contract: Literal["dispatch-data/1"] = "dispatch-data/1"
    message_id: int = Field(ge=1)
    items: SecretItems


class DispatchItems(BaseModel):
    """The 67 items of the dispatch file by their numbers; lengths and counts are of characters, selectors not counted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dispatch_no: str = Field(title="1 送付先管理番号")
    postcode: str | None = Field(title="2 送付先郵便番号")
    address_length: int = Field(ge=0, title="3 送付先住所 漢字項目長")
    address: str = Field(title="4 送付先住所 漢字")
    address_uncoded: int = Field(ge=0, title="5 送付先住所 漢字 外字数")
    addressee_length: int = Field(ge=0, title="6 送付先氏名 漢字項目長")
    addressee: str = Field(title="7 送付先氏名 漢字")
    addressee_uncoded: int = Field(ge=0, title="8 送付先氏名 漢字 外字数")
    municipality_code: str = Field(pattern="^[0-9]{6}$", title="9 市町村コード")
    city_length: int = Field(ge=0, title="10 市町村名 項目長")
    city: str = Field(title="11 市町村名")
    city_postcode: str = Field(title="12 市町村郵便番号")
    city_address_length: int = Field(ge=0, title="13 市町村住所 項目長")
    city_address: str = Field(title="14 市町村住所")
    city_address_uncoded: int = Field(ge=0, title="15 市町村住所 外字数")
    city_phone: str | None = Field(title="16 市町村電話番号")
    pickup_length: int = Field(ge=0, title="17 交付場所名 項目長")
    pickup: str = Field(title="18 交付場所名")
    pickup_uncoded: int = Field(ge=0, title="19 交付場所名 外字数")
    pickup_postcode: str = Field(title="20 交付場所郵便番号")
    pickup_address_length: int = Field(ge=0, title="21 交付場所住所 項目長")
    pickup_address: str = Field(title="22 交付場所住所")
    pickup_address_uncoded: int = Field(ge=0, title="23 交付場所住所 外字数")
    pickup_phone: str | None = Field(title="24 交付場所電話番号")
    cards_to_length: int = Field(ge=0, title="25 カード送付場所名 項目長")
    cards_to: str = Field(title="26 カード送付場所名")
    cards_to_uncoded: int = Field(ge=0, title="27 カード送付場所名 外字数")
    cards_to_postcode: str = Field(title="28 カード送付場所郵便番号")
    cards_to_address_length: int = Field(ge=0, title="29 カード送付場所住所 項目長")
    cards_to_address: str = Field(title="30 カード送付場所住所")
    cards_to_address_uncoded: int = Field(ge=0, title="31 カード送付場所住所 外字数")
    cards_to_phone: str | None = Field(title="32 カード送付場所電話番号")
    people: int = Field(ge=1, title="33 対象となる人数")
    processed_on: date = Field(title="34 処理年月日")
    operator: str = Field(title="35 操作者ID")
    terminal: str = Field(title="36 操作端末ID")
    print_kind: str = Field(title="37 印刷区分")
    resident_code: str = Field(pattern="^[0-9]{11}$", title="38 住民票コード")
    name_length: int = Field(ge=0, title="39 氏名 漢字項目長")
    name: str = Field(title="40 氏名 漢字")
    name_uncoded: int = Field(ge=0, title="41 氏名 漢字 外字数")
    reading_length: int = Field(ge=0, title="42 氏名 かな項目長")
    reading: str | None = Field(title="43 氏名 かな")
    person_postcode: str | None = Field(title="44 郵便番号")
    person_address_length: int = Field(ge=0, title="45 住所 項目長")
    person_address: str = Field(title="46 住所")
    person_address_uncoded: int = Field(ge=0, title="47 住所 外字数")
    birth: str = Field(title="48 生年月日")
    sex: Literal["1", "2"] = Field(title="49 性別")
    individual_number: str = Field(pattern="^[0-9]{12}$", title="50 個人番号")
    article_30_45: str | None = Field(title="51 第30条の45に規定する区分")
    stay_until: date | None = Field(title="52 在留期間の満了の日")
    substitution: Literal["0", "1", "2"] = Field(title="53 代替文字変換結果")
    substitute_name_length: int = Field(ge=0, title="54 代替文字氏名 項目長")
    substitute_name: str = Field(title="55 代替文字氏名")
    substitute_address_length: int = Field(ge=0, title="56 代替文字住所 項目長")
    substitute_address: str = Field(title="57 代替文字住所")
    substitute_name_places: str = Field(title="58 代替文字氏名位置情報")
    substitute_address_places: str = Field(title="59 代替文字住所位置情報")
    has_uncoded: bool = Field(title="60 外字フラグ")
    uncoded_pattern: str = Field(pattern="^[NAF]*$", title="61 外字パターン")
    former_name: str | None = Field(title="62 旧氏 漢字")
    former_name_uncoded: int = Field(ge=0, title="63 旧氏 外字数")
    former_name_reading: str | None = Field(title="64 旧氏 ふりがな")
    former_name_uncoded_no: int = Field(ge=0, title="65 旧氏 外字変更連番")
    roman_name: str | None = Field(title="66 ローマ字 氏名")
    roman_former_name: str | None = Field(title="67 ローマ字 旧氏")
