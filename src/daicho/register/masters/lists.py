"""Which lists there are: their codes, fields, and the tables of the release that fill them first. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from daicho.law.tables import file_table
from daicho.register.masters.errors import MasterUnreadable, NoSuchMaster


@dataclass(frozen=True, slots=True)
class Item:
    """One field of an entry beside code and name; `form` is what it must look like."""

    key: str
    label: str
    form: str = r".{1,200}"
    hint: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Base:
    """One entry of the release."""

    code: str
    name: str
    data: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class MasterList:
    """One list. `group` orders the screen; `table` is the table that its entries of today are given under."""

    key: str
    word: str
    group: str
    code_word: str
    code_form: str
    code_hint: str
    name_word: str
    items: tuple[Item, ...] = ()
    base: Callable[[], list[Base]] = field(default=list)
    table: str = ""
    row: Callable[[str, str, Mapping[str, str]], dict[str, str]] | None = None


def _towns() -> list[Base]:
    return [
        Base(
            row["code"],
            row["town_full"],
            {"postcode": row["postal_code"], "kana": row["oaza_cho_kana"], "part": row["koaza"]},
            row["source"],
        )
        for row in file_table("kumagaya_towns.csv")
    ]


def _town_row(code: str, name: str, data: Mapping[str, str]) -> dict[str, str]:
    return {
        "code": code,
        "postal_code": data.get("postcode", ""),
        "town_full": name,
        "oaza_cho_kana": data.get("kana", ""),
        "koaza": data.get("part", ""),
    }


def _nationalities() -> list[Base]:
    found = [
        Base(row["alpha3"], row["name_ja_cldr"], {}, "ISO 3166, CLDR") for row in file_table("countries_iso3166.csv")
    ]
    return found + [Base(row["alpha3"], row["name"], {}, row["source"]) for row in file_table("nationality_extra.csv")]


def _statuses() -> list[Base]:
    return [
        Base(row["project_key"], row["name"], {"class": row["art30_45_class"]}, row["act_table"])
        for row in file_table("residence_status.csv")
    ]


def _municipalities() -> list[Base]:
    return [
        Base(row["lg_code6"], row["city"] or row["pref"], {k: row[k] for k in ("type", "pref", "kana")}, "総務省")
        for row in file_table("municipalities.csv")
    ]


def _municipality_row(code: str, name: str, data: Mapping[str, str]) -> dict[str, str]:
    city = "" if data.get("type") == "pref" else name
    return {"lg_code6": code, "city": city, **{k: data.get(k, "") for k in ("type", "pref", "kana")}}


def _eras() -> list[Base]:
    return [
        Base(row["digit"], row["name"], {k: row[k] for k in ("letter", "first_day", "last_recorded_day")}, "元号法")
        for row in file_table("eras.csv")
    ]


def _era_row(code: str, name: str, data: Mapping[str, str]) -> dict[str, str]:
    return {"digit": code, "name": name, **{k: data.get(k, "") for k in ("letter", "first_day", "last_recorded_day")}}


_DAY = r"\d{4}-\d{2}-\d{2}"
_TOWN_CODE = r"11202\d{6}"

LISTS: Mapping[str, MasterList] = {
    one.key: one
    for one in (
        MasterList("town", "町字(住所辞書)", "住所", "町字コード", _TOWN_CODE, "11桁(都道府県2・市区町村3・大字3・小字3)", "町名", (
            Item("postcode", "郵便番号", r"\d{7}", "7桁の数字"),
            Item("kana", "カナ", r"[ァ-ヺー]{1,60}", "全角カタカナ"),
            Item("part", "小字", needed=False),
        ), _towns, "kumagaya_towns.csv", _town_row),
        MasterList("lot", "地番・住居表示", "住所", "番号", r"\d{11}-\d{5}-\d{4}", "町字11桁-番地5桁-枝番4桁(並べ替えに使う)", "地番"),
        MasterList("building", "方書", "住所", "方書コード", r"[0-9A-Z]{1,12}", "英数字12字まで", "方書", (
            Item("town", "町字コード", _TOWN_CODE, "11桁"),
            Item("lot", "番地", r"\d{1,5}(-\d{1,4}){0,2}", "214-3 の形"),
        ), table="buildings", row=lambda code, name, data: {"code": code, "name": name, **data}),
        MasterList("room", "部屋番号", "住所", "番号", r"[0-9A-Z]{1,12}-\d{5}", "方書コード-部屋番号5桁(並べ替えに使う)", "部屋"),
        MasterList("district", "地区", "住所", "地区コード", r"[0-9A-Z]{1,8}", "英数字8字まで", "地区名", (
            Item("towns", "町字コード", rf"{_TOWN_CODE}( {_TOWN_CODE})*", "11桁を空白で区切る"),
        ), table="districts", row=lambda code, name, data: {"code": code, "name": name, **data}),
        MasterList("municipality", "市区町村", "住所", "団体コード", r"\d{6}", "6桁", "市区町村名", (
            Item("pref", "都道府県", r".{3,4}"),
            Item("kana", "カナ", r"[ァ-ヺー]{1,60}", "全角カタカナ"),
            Item("type", "区分", "pref|city|designated_city|ward|town|village", "city, ward, town, village", needed=False),
        ), _municipalities, "municipalities.csv", _municipality_row),
        MasterList("era", "元号", "暦", "番号", r"[1-9]", "1桁(入力の数字)", "元号", (
            Item("letter", "英字", r"[A-Z]", "大文字1字"),
            Item("first_day", "初日", _DAY, "2019-05-01 の形"),
            Item("last_recorded_day", "書ける最後の日", _DAY, "2019-04-30 の形。続くうちは空欄", needed=False),
        ), _eras, "eras.csv", _era_row),
        MasterList("city_day", "開庁日・閉庁日", "暦", "日", _DAY, "2026-08-14 の形", "理由", (
            Item("kind", "区分", "closed|open", "closed(閉庁)か open(開庁)"),
        ), table="city_days", row=lambda code, _, data: {"code": code, "kind": data.get("kind", "")}),
        MasterList("nationality", "国籍・地域", "外国人", "コード", r"[A-Z]{3}", "3字", "国籍・地域", (), _nationalities,
                   "countries_iso3166.csv", lambda code, name, _: {"alpha3": code, "name_ja_cldr": name}),
        MasterList("residence_status", "在留資格", "外国人", "コード", r"[A-Z0-9]{2,8}", "英数字", "在留資格", (
            Item("class", "30条45区分", r"[1-4]", "1から4", needed=False),
        ), _statuses, "residence_status.csv",
            lambda code, name, data: {"project_key": code, "name": name, "art30_45_class": data.get("class", "")}),
        MasterList("place", "入力場所", "窓口", "場所", r"[0-9A-Z]{1,8}", "英数字8字まで", "本庁・支所・出張所"),
        MasterList("attestor", "認証者", "証明書", "区分", "mayor|acting", "mayor(市長)か acting(職務代理者)", "氏名", (
            Item("title", "職名", hint="埼玉県熊谷市長 のように都道府県名から"),
        )),
        MasterList("seal", "公印", "証明書", "区分", "mayor|certificate|acting", "certificate(証明専用)など", "名前", (
            Item("svg", "印影(SVG)", r"<svg [^\x00]{1,60000}</svg>", "黒一色の図形"),
            Item("size_mm", "大きさ(mm)", r"(1\d|2[0-4])(\.\d)?|25(\.0)?", "25mmまで"),
            Item("note", "注記", needed=False),
            Item("specimen", "見本", "1", "合成データだけで使う印影は1", needed=False),
        )),
        MasterList("paper_default", "証明書の初めの選択", "証明書", "種別", r"0[1-5]|1[12]", "01から05、11、12", "証明書の名前", (
            Item("items", "載せる項目", r"[a-z_]+( [a-z_]+)*", "head domicile remarks など。空欄はすべて省略", needed=False),
        ), table="paper_defaults", row=lambda code, _, data: {"kind": code, "items": data.get("items", "")}),
        MasterList("fee", "手数料", "証明書", "種類", r"[a-z_]{3,30}", "household_copy など", "名前", (
            Item("yen", "円", r"\d{1,5}", "数字"),
        )),
    )
}  # fmt: skip
"""Every list, in the order of the screen."""


def list_of(key: str) -> MasterList:
    """The list with this key. Raises NoSuchMaster."""
    if key not in LISTS:
        raise NoSuchMaster
    return LISTS[key]


def check_entry(which: MasterList, code: str, name: str, data: Mapping[str, str]) -> dict[str, str]:
    """The fields of an entry in their form. Raises MasterUnreadable with the field."""
    if not re.fullmatch(which.code_form, code):
        raise MasterUnreadable("code", item=which.code_word, hint=f"{which.code_hint}で入力してください。")
    if not name.strip() or len(name) > 200:
        raise MasterUnreadable("name", item=which.name_word, hint="")
    found = {}
    for item in which.items:
        value = data.get(item.key, "").strip()
        if not value and not item.needed:
            continue
        if not re.fullmatch(item.form, value, re.DOTALL):
            raise MasterUnreadable(
                item.key, item=item.label, hint=f"{item.hint}で入力してください。" if item.hint else ""
            )
        found[item.key] = value
    return found
