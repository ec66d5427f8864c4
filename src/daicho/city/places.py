"""Addresses: lots and buildings of the city's real towns, made-up ones elsewhere, and where families are registered."""

from functools import cache

from daicho.city.chance import Chance, Weighted, stream
from daicho.law.towns import CITY_CODE, Municipality, Town, municipalities, towns
from daicho.register.changes.notification import Address, Place

CITY = "埼玉県熊谷市"
_BUILDINGS = (
    "コーポ",
    "メゾン",
    "ハイツ",
    "グリーンハイツ",
    "サンライズ",
    "パークサイド",
    "レジデンス",
    "アパートメント",
)
_BUILDING_NAMES = ("さくら", "若葉", "荒川", "籠原", "上之", "青葉", "ひばり", "けやき", "東", "南")
_ELSEWHERE = ("本町", "中央", "栄町", "東町", "緑町", "旭町", "新町", "幸町", "大和町", "若松町", "花園", "泉")
_CHOME = ("", "一丁目", "二丁目", "三丁目", "四丁目", "五丁目")
_NEAR = {"埼玉県": 12.0, "東京都": 4.0, "群馬県": 5.0, "栃木県": 2.0, "千葉県": 1.5, "神奈川県": 1.5, "茨城県": 1.5}


@cache
def _towns() -> Weighted[Town]:
    """Towns with weights of their own: some are villages of a few lanes, some large estates."""
    listed = list(towns().values())
    rng = stream("towns")
    return Weighted(listed, [rng.lognormvariate(0, 0.8) * (1.6 if "丁目" in town.name else 1.0) for town in listed])


@cache
def _cities() -> Weighted[Municipality]:
    listed = [m for m in municipalities().values() if m.kind not in ("pref", "designated_city") and m.code != CITY_CODE]
    return Weighted(listed, [next((w for pref, w in _NEAR.items() if m.name.startswith(pref)), 0.4) for m in listed])


def new_address(rng: Chance, *, flat: bool) -> Address:
    """A house or a flat in the city."""
    town = _towns().pick(rng)
    lot = f"{rng.randint(1, 300 if '丁目' in town.name else 2400)}番地" + (
        str(rng.randint(1, 25)) if rng.random() < 0.6 else ""
    )
    building = None
    if flat:
        name = rng.choice(_BUILDINGS) + rng.choice(_BUILDING_NAMES)
        building = f"{name}{rng.randint(1, 5)}{rng.randint(1, 12):02d}号室"
    return Address(
        municipality_code=CITY_CODE,
        town_code=town.code,
        postcode=town.postcode,
        address=town.full_name + lot,
        building=building,
    )


def elsewhere(rng: Chance, head: str | None) -> Place:
    """An address in another municipality."""
    city = _cities().pick(rng)
    lot = f"{rng.choice(_ELSEWHERE)}{rng.choice(_CHOME)}{rng.randint(1, 30)}番{rng.randint(1, 30)}号"
    return Place(municipality=city.code, address=city.name + lot, head=head)


def domicile(rng: Chance) -> tuple[str, str]:
    """Municipality code and full text of a registered domicile (本籍); six in ten are in the city."""
    if rng.random() < 0.6:
        town = _towns().pick(rng)
        return CITY_CODE, f"{CITY}{town.full_name}{rng.randint(1, 2400)}番地"
    city = _cities().pick(rng)
    return city.code, f"{city.name}{rng.choice(_ELSEWHERE)}{rng.randint(1, 900)}番地"


def abroad(rng: Chance) -> Place:
    """A country to move to."""
    return Place(
        address=rng.choice(
            ("アメリカ合衆国", "中華人民共和国", "ベトナム", "フィリピン", "ブラジル", "タイ", "オーストラリア")
        )
    )
