"""Reading what was typed into the one search box: kana, kanji, birth date, address, number (S05; STD 2.1.1-3).

Pure: it decides what each part means and says so on the screen; looking up is `search`'s work.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from daicho.law.dates import parse_date
from daicho.law.eras import eras
from daicho.law.errors import DaichoError
from daicho.law.names import address_key, kana_keys, kanji_key, widen_kana
from daicho.register.store.errors import UnreadableQuery

MAX_LENGTH = 120
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fcーヽヾゝゞ・]+")
_DIGITS = re.compile(r"[0-9]+")
_PLACE = re.compile(r"[丁番号]|番地|大字|[0-9]")
_ERA_KANJI = re.compile(r"(明治|大正|昭和|平成|令和)")
_YEAR = re.compile(r"(?:([MTSHRmtshr]|明治|大正|昭和|平成|令和)([0-9]{1,2}|元)|(18|19|20)([0-9]{2}))年?")

Born = tuple[date, date]
"""First and last possible birth date."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; parts that are None do not narrow. Numbers are kept out of `repr`."""

    kana: tuple[str, ...] = ()
    """Any of these keys: ヂ and ヅ are read in two ways (STD 2.1.2)."""
    kanji: str | None = None
    born: Born | None = None
    address: str | None = None
    numbers: tuple[str, ...] = field(default=(), repr=False)
    reading: tuple[str, ...] = field(default=(), repr=False)
    """How each part was read, in words for the screen."""


def read_query(text: str, today: date) -> Query:
    """Read a search text. Raises UnreadableQuery when it is empty, too long or says two things of one kind."""
    cleaned = " ".join(widen_kana(unicodedata.normalize("NFKC", text)).split())
    if not cleaned:
        raise UnreadableQuery(field="q", reason="何も入っていません")
    if len(cleaned) > MAX_LENGTH:
        raise UnreadableQuery(field="q", reason="長すぎます")
    kana: list[str] = []
    kanji: list[str] = []
    places: list[str] = []
    births: list[Born] = []
    numbers: list[str] = []
    for token in cleaned.split(" "):
        kind, value = _read_token(token, today)
        if isinstance(value, tuple):
            births.append(value)
        elif kind == "number":
            numbers.append(value)
        else:
            {"kana": kana, "kanji": kanji, "address": places}[kind].append(value)
    if len(births) > 1:
        raise UnreadableQuery(field="q", reason="生年月日が二つあります")
    query = Query(
        kana=tuple(filter(None, kana_keys("".join(kana)))),
        kanji=kanji_key("".join(kanji)) or None,
        born=births[0] if births else None,
        address=address_key("".join(places)) or None,
        numbers=tuple(numbers),
        reading=_words(kana, kanji, births, places, numbers),
    )
    if not (query.kana or query.kanji or query.born or query.address or query.numbers):
        raise UnreadableQuery(field="q", reason="文字がありません")  # signs alone would find everybody
    return query


def _read_token(token: str, today: date) -> tuple[str, str | Born]:
    bare = token.replace("-", "")
    if _DIGITS.fullmatch(bare) and len(bare) in (7, 8, 10, 11, 12) and not _is_date(token, today):
        return "number", bare
    found = _is_date(token, today)
    if found is not None:
        return "birth", (found, found)
    year = _year(token)
    if year is not None:
        return "birth", year
    if _KANA.fullmatch(token):
        return "kana", token
    if _PLACE.search(token) and not _ERA_KANJI.search(token):
        return "address", token
    return "kanji", token


def _is_date(token: str, today: date) -> date | None:
    """The birth date a token stands for, if it reads as one; a bare word like 今日 is no birth date here."""
    if not re.search(r"[0-9元]", token) or token.startswith("-"):
        return None
    try:
        return parse_date(token, today)
    except DaichoError:
        return None


def _year(token: str) -> Born | None:
    """All days of a year given alone: S45, 昭和45年, 1970."""
    match = _YEAR.fullmatch(token)
    if match is None:
        return None
    mark, era_year, century, rest = match.groups()
    if mark is None:
        year = int(century + rest)
        return date(year, 1, 1), date(year, 12, 31)
    era = next(e for e in eras() if mark.upper() in (e.letter, e.name))
    year = era.first_year + (1 if era_year == "元" else int(era_year)) - 1
    first, last = max(date(year, 1, 1), era.first_day), min(date(year, 12, 31), era.last_recorded_day or date.max)
    return (first, last) if first <= last else None


def _words(
    kana: list[str], kanji: list[str], births: list[Born], places: list[str], numbers: list[str]
) -> tuple[str, ...]:
    words = []
    if kana:
        words.append("カナ")
    if kanji:
        words.append("氏名(住所も)")
    if births:
        words.append("生年月日")
    if places:
        words.append("住所")
    if numbers:
        words.append("番号")
    return tuple(words)
