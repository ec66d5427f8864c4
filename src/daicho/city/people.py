"""Resident records of synthetic people: names, dates, registered domiciles, items of foreign residents, numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from daicho.city.chance import Chance
from daicho.city.names import SPACE, Country, FamilyName, countries, family_name, given_name
from daicho.law.dates import UNKNOWN_DAY, LegalDate, Precision
from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.register.changes.notification import ForeignItems

# Unknown dates as they stand in real registers (STD 1.1.8), for a few of the old and of the foreign residents.
_ABOUT = "昭和{year}年頃"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is; what the address does not say."""

    name: str
    name_kana: str
    sex: str
    birth: LegalDate
    family: FamilyName
    foreign: ForeignItems | None = None


class Numbers:
    """Individual numbers and resident codes with the shifted check digit, each given once in the whole city."""

    def __init__(self, first: int) -> None:
        """`first`: the first serial; neighbourhoods have ranges of their own."""
        self._serial = first

    def next(self) -> tuple[str, str]:
        """An individual number and a resident code."""
        self._serial += 1
        # Multipliers prime to ten spread the serials over all numbers without ever repeating one.
        body = self._serial * 6_180_339_887 % 10**11
        code = self._serial * 2_718_281_829 % 10**10
        return (
            individual_number(f"{body:011d}", NumberRule.SYNTHETIC),
            resident_code(f"{code:010d}", NumberRule.SYNTHETIC),
        )


def birth_date(rng: Chance, age: int, day: date) -> date:
    """A birthday of somebody who is `age` on `day`."""
    last = date(day.year - age, day.month, min(day.day, 28))
    return last - timedelta(days=rng.randrange(364))


def japanese(rng: Chance, family: FamilyName, sex: str, born: date) -> Identity:
    """A Japanese resident of this family."""
    given, kana = given_name(rng, sex, born.year)
    birth = LegalDate(born)
    if born.year < 1945 and rng.random() < 0.001:
        birth = LegalDate(date(born.year, 1, 1), Precision.ABOUT_YEAR, _ABOUT.format(year=born.year - 1925))
        birth = birth if born.year > 1926 else LegalDate(UNKNOWN_DAY, Precision.UNKNOWN, "年月日不詳")
    return Identity(f"{family.kanji}{SPACE}{given}", f"{family.kana}{SPACE}{kana}", sex, birth, family)


def foreigner(
    rng: Chance,
    sex: str,
    born: date,
    since: date,
    *,
    country: Country | None = None,
    family: FamilyName | None = None,
    partner: FamilyName | None = None,
) -> Identity:
    """A foreign resident of a given or random family; a Japanese `partner`'s name is often part of a common name."""
    country = country or countries().pick(rng)
    own = family or FamilyName(*rng.choice(country.family))
    given, given_kana = rng.choice(country.male if sex == "1" else country.female)
    name_kana = f"{own.kana}{SPACE}{given_kana}"
    common, common_kana = _common_name(rng, sex, born, country, partner)
    items = ForeignItems(
        nationality=country.code,
        nationality_name=country.name,
        residence_card_number=_card(rng),
        foreign_resident_since=LegalDate(since),
        foreign_name_kana=name_kana,
        foreign_name_kanji=_kanji_of(rng, country),
        common_name=common,
        common_name_kana=common_kana,
        **_status(rng, country, partner is not None, since),
    )
    return Identity(f"{own.kanji} {given}", name_kana, sex, LegalDate(born), own, items)


def _common_name(
    rng: Chance, sex: str, born: date, country: Country, partner: FamilyName | None
) -> tuple[str | None, str | None]:
    share = 0.5 if partner else {"KOR": 0.5, "CHN": 0.2, "BRA": 0.15}.get(country.code, 0.02)
    if rng.random() >= share:
        return None, None
    family = partner or family_name(rng)
    given, kana = given_name(rng, sex, born.year)
    return f"{family.kanji}{SPACE}{given}", f"{family.kana}{SPACE}{kana}"


def _kanji_of(rng: Chance, country: Country) -> str | None:
    names = {"CHN": ("王　偉", "李　娜", "張　麗", "陳　静", "劉　洋"), "KOR": ("金　英姫", "李　敏俊", "朴　智英")}
    found = names.get(country.code)
    return rng.choice(found) if found and rng.random() < 0.6 else None


def _card(rng: Chance) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    return f"{rng.choice(letters)}{rng.choice(letters)}{rng.randrange(10**8):08d}{rng.choice(letters)}{rng.choice(letters)}"


_STATUSES = (
    ("ZS25", "技能実習２号ロ", "1年", 1),
    ("ZS21", "特定技能１号", "1年", 1),
    ("ZS16", "技術・人文知識・国際業務", "3年", 3),
    ("ZS31", "留学", "1年3月", 1),
    ("ZS33", "家族滞在", "3年", 3),
)


def _status(rng: Chance, country: Country, with_partner: bool, since: date) -> dict[str, Any]:
    """Residence status, its class under 法30条の45, and the period of stay."""
    if with_partner:
        key, name, period, years = "ZS36", "日本人の配偶者等", "3年", 3
    elif country.code == "KOR" and rng.random() < 0.5:
        return {"article_30_45": "2", "residence_status": "ZS90", "residence_status_name": "特別永住者"}
    elif country.code in ("BRA", "PHL", "CHN", "KOR") and rng.random() < 0.6:
        return {
            "article_30_45": "1",
            "residence_status": "ZS35",
            "residence_status_name": "永住者",
            "stay_period": "無期限",
        }
    else:
        key, name, period, years = rng.choice(_STATUSES)
    return {
        "article_30_45": "1",
        "residence_status": key,
        "residence_status_name": name,
        "stay_period": period,
        "stay_until": since + timedelta(days=365 * (years + rng.randrange(4)) + rng.randrange(300)),
    }
