"""Reading what was typed into the one search box: kana, kanji, birth date, address, number (S05; STD 2.1.1-3).

Pure: it decides what each part means and says so on the screen; looking up is `search`'s work.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

import jaconv

from daicho.law.dates import parse_date
from daicho.law.eras import eras, format_wareki, year_name
from daicho.law.errors import DaichoError
from daicho.law.names import address_key, kana_keys, kanji_key, widen_kana
from daicho.law.tables import remembered
from daicho.register.store.errors import UnreadableQuery

MAX_LENGTH = 120
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fcーヽヾゝゞ・]+")
_DIGITS = re.compile(r"[0-9]+")
_PLACE = re.compile(r"[丁番号]|番地|大字|[0-9]")
_SEXES = {"男": "1", "女": "2"}


@remembered
def _year() -> re.Pattern[str]:
    """A year alone; eras are those of the table, so that a new one can be searched for on its first day."""
    marks = "|".join(mark for era in eras() for mark in (era.letter, era.letter.lower(), era.name))
    return re.compile(rf"(?:({marks})([0-9]{{1,2}}|元)|(18|19|20)([0-9]{{2}}))年?")


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
    sex: str | None = None
    residents_on: date | None = None
    """Only those who are residents on this day (範囲: 現存だけ); removed records too when None."""
    moment: tuple[date, datetime] | None = field(default=None, repr=False)
    """Day and instant for which it is decided who is hidden; set by `search`."""
    numbers: tuple[str, ...] = field(default=(), repr=False)
    understood: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """How each part was read, for the screen alone: its kind and the understood value; of a number only its length."""

    @property
    def reading(self) -> tuple[str, ...]:
        """The kinds of what was typed, without its values: may stand in the trail."""
        return tuple(kind for kind, _ in self.understood)


def read_query(text: str, today: date) -> Query:
    """Read a search text. Raises UnreadableQuery when it is empty, too long or says two things of one kind."""
    cleaned = " ".join(widen_kana(unicodedata.normalize("NFKC", text)).split())
    if not cleaned:
        raise UnreadableQuery(field="q", reason="何も入っていません")
    if len(cleaned) > MAX_LENGTH:
        raise UnreadableQuery(field="q", reason="長すぎます")
    typed: dict[str, list[str]] = {"kana": [], "kanji": [], "address": [], "number": [], "sex": []}
    births: list[Born] = []
    for token in cleaned.split(" "):
        kind, value = _read_token(token, today)
        if isinstance(value, tuple):
            births.append(value)
        else:
            typed[kind].append(value)
    if len(births) > 1:
        raise UnreadableQuery(field="q", reason="生年月日が二つあります")
    query = Query(
        kana=tuple(filter(None, kana_keys("".join(typed["kana"])))),
        kanji=kanji_key("".join(typed["kanji"])) or None,
        born=births[0] if births else None,
        address=address_key("".join(typed["address"])) or None,
        sex=typed["sex"][0] if len(set(typed["sex"])) == 1 else None,
        numbers=tuple(typed["number"]),
        understood=_understood(typed, births[0] if births else None),
    )
    if not (query.kana or query.kanji or query.born or query.address or query.numbers):
        raise UnreadableQuery(field="q", reason="文字がありません")  # signs or a sex alone would find everybody
    return query


def _read_token(token: str, today: date) -> tuple[str, str | Born]:
    bare = token.replace("-", "")
    if _DIGITS.fullmatch(bare) and len(bare) in (7, 8, 10, 11, 12) and not _is_date(token, today):
        return "number", bare
    born = _born(token, today)
    if born is not None:
        return "birth", born
    if _KANA.fullmatch(token):
        return "kana", token
    if token in _SEXES:
        return "sex", _SEXES[token]
    if _PLACE.search(token) and not any(era.name in token for era in eras()):
        return "address", token
    return "kanji", token


def _born(token: str, today: date) -> Born | None:
    day = _is_date(token, today)
    return (day, day) if day is not None else _born_in_year(token)


def _is_date(token: str, today: date) -> date | None:
    """The birth date a token stands for, if it reads as one; a bare word like 今日 is no birth date here."""
    if not re.search(r"[0-9元]", token) or token.startswith("-"):
        return None
    try:
        return parse_date(token, today)
    except DaichoError:
        return None


def _born_in_year(token: str) -> Born | None:
    """All days of a year given alone: S45, 昭和45年, 1970."""
    match = _year().fullmatch(token)
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


def _understood(typed: dict[str, list[str]], born: Born | None) -> tuple[tuple[str, str], ...]:
    parts: list[tuple[str, str]] = []
    if typed["kana"]:
        parts.append(("カナ", jaconv.hira2kata(" ".join(typed["kana"]))))
    if typed["kanji"]:
        parts.append(("氏名・住所", " ".join(typed["kanji"])))
    if born is not None:
        parts.append(("生年月日", format_wareki(born[0])) if born[0] == born[1] else ("生年", _year_words(born)))
    if typed["sex"]:
        parts.append(("性別", "・".join(word for word, code in _SEXES.items() if code in typed["sex"])))
    if typed["address"]:
        parts.append(("住所", " ".join(typed["address"])))
    if typed["number"]:
        parts.append(("番号", "・".join(f"{len(number)}桁" for number in typed["number"])))
    return tuple(parts)


def _year_words(born: Born) -> str:
    """昭和45年; 1989年 for a whole Western year that two eras share."""
    first, last = (next(e for e in reversed(eras()) if e.first_day <= day) for day in born)
    if first is not last:
        return f"{born[0].year}年"
    return f"{first.name}{year_name(first, born[0].year - first.first_year + 1)}年"
