"""全国の住所辞書 (STD 1.3.3): the towns of other municipalities, given by the city as a file and used for what is typed.

The release knows municipalities only; a city loads the dictionary that it has the right to use, as often as there is a new one. Each edition
takes the place of the one before. The towns of the city itself are a list of its own, and the file is only held against them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import jaconv

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.law.errors import DaichoError
from daicho.law.towns import CITY_CODE, municipalities, towns
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

COLUMNS = (
    "住所コード", "都道府県", "市区町村", "大字", "小字",
    "都道府県カナ", "市区町村カナ", "大字カナ", "小字カナ", "郵便番号",
)  # fmt: skip
LARGEST = 64 * 1024 * 1024
MOST_TOWNS = 400_000
MOST_SUGGESTED = 200
_KANA = re.compile("[ァ-ヺー・]*")


class DictionaryUnfit(DaichoError):
    """The file is no dictionary; data: line (0 for the file), columns."""

    code = "M025"
    happened = "住所辞書のファイルを読み取れません({line}行目)。"
    kept = "今の住所辞書はそのまま使えます。"
    todo = "UTF-8のCSVで、1行目を「{columns}」にし、住所コードは11桁、カナは全角カタカナ、郵便番号は7桁か空欄にして作り直してください。"


@dataclass(frozen=True, slots=True)
class OutsideTown:
    """One town of another municipality; `name` is the beginning of an address, from the prefecture on."""

    code: str
    name: str
    prefecture_kana: str
    city_kana: str
    town_kana: str
    part_kana: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One file that was loaded."""

    source: str
    as_of: date
    towns: int
    loaded_by: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTowns:
    """How the file stands to the city's own list: codes that only one of them has, and names that differ."""

    only_in_file: tuple[str, ...]
    only_in_list: tuple[str, ...]
    renamed: tuple[str, ...]
    compared: bool = True
    """False where the file has no town of the city, and so says nothing about its list."""


def load(env: Environment, actor: Actor, data: bytes, source: str, as_of: date) -> OwnTowns:
    """Put a file in the place of the edition before. Raises NotAllowed, DictionaryUnfit; nothing has changed then."""
    decide(actor, Right.MASTER_APPROVE, on=env.clock.today())
    rows = list(_rows(data))
    if not rows or not source.strip():
        raise _unfit(0)
    own = {town.code: town.name for town in rows if town.code.startswith(CITY_CODE[:5])}
    outside = [town for town in rows if town.code not in own]
    with env.database.transaction() as connection:
        connection.execute("LOCK TABLE register.outside_town IN SHARE ROW EXCLUSIVE MODE")
        connection.execute("DELETE FROM register.outside_town")
        _copy(connection, outside)
        [edition_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.town_edition (edition_id, source, as_of, digest, towns, loaded_by, loaded_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                edition_id,
                source.strip()[:200],
                as_of,
                sha256(data).hexdigest(),
                len(rows),
                actor.officer_id,
                env.clock.now(),
            ),
        )
        record_act(connection, env, actor, Act.MASTER_APPROVED, detail={"list": "dictionary", "towns": len(rows)})
    return _compared(own)


def edition(connection: Connection) -> Edition | None:
    """The edition in force; None before the first one."""
    row = connection.execute(
        "SELECT source, as_of, towns, loaded_by, loaded_at FROM register.town_edition ORDER BY edition_id DESC LIMIT 1"
    ).fetchone()
    return Edition(**row) if row else None


def suggest(connection: Connection, typed: str) -> tuple[OutsideTown, ...]:
    """Towns for a postcode, for the first letters of each part in kana (ト ヒ シ), or for the beginning of an address."""
    text = unicodedata.normalize("NFKC", typed).strip()
    digits = text.replace("-", "").removeprefix("〒")
    parts = jaconv.hira2kata(text).split()
    if re.fullmatch("[0-9]{3,7}", digits):
        where, values = "postcode LIKE %s", [f"{digits}%"]
    elif 2 <= len(parts) <= 4 and all(re.fullmatch("[ァ-ヺー]+", part) for part in parts):
        names = ("prefecture_kana", "city_kana", "town_kana", "part_kana")
        where = " AND ".join(f"{name} LIKE %s" for name, _ in zip(names, parts, strict=False))
        values = [f"{part}%" for part in parts]
    elif len(text) > 1:
        where, values = "name LIKE %s", [f"{_like(text)}%"]
    else:
        return ()
    rows = connection.execute(
        f"SELECT * FROM register.outside_town WHERE {where} ORDER BY code LIMIT {MOST_SUGGESTED}".encode(),  # noqa: S608 - own words
        values,
    )
    return tuple(OutsideTown(**row) for row in rows)


def _rows(data: bytes) -> Iterator[OutsideTown]:
    if len(data) > LARGEST:
        raise _unfit(0)
    seen: set[str] = set()
    known = {code[:5] for code in municipalities()}
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        if tuple(next(reader, [])) != COLUMNS:
            raise _unfit(1)
        for number, row in enumerate(reader, start=2):
            town = _town(row) if len(row) == len(COLUMNS) else None
            if town is None or town.code in seen or town.code[:5] not in known or len(seen) >= MOST_TOWNS:
                raise _unfit(number)
            seen.add(town.code)
            yield town
    except (UnicodeDecodeError, csv.Error):
        raise _unfit(0) from None


def _town(row: list[str]) -> OutsideTown | None:
    """The town of a line; None when it is none."""
    code, *names = (cell.strip() for cell in row[:5])
    kana = [jaconv.hira2kata(unicodedata.normalize("NFKC", cell)).replace(" ", "") for cell in row[5:9]]
    prefecture, city, town, part = kana
    postcode = unicodedata.normalize("NFKC", row[9]).replace("-", "").strip()
    fits = (
        re.fullmatch("[0-9]{11}", code)
        and all(names[:2])
        and all(_KANA.fullmatch(one) for one in kana)
        and re.fullmatch("([0-9]{7})?", postcode)
    )
    return OutsideTown(code, "".join(names), prefecture, city, town, part, postcode) if fits else None


def _copy(connection: Connection, outside: Iterable[OutsideTown]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY register.outside_town (code, name, prefecture_kana, city_kana, town_kana, part_kana, postcode) FROM STDIN"
        ) as copy,
    ):
        for town in outside:
            copy.write_row(
                (
                    town.code,
                    town.name,
                    town.prefecture_kana,
                    town.city_kana,
                    town.town_kana,
                    town.part_kana,
                    town.postcode,
                )
            )


def _compared(own: dict[str, str]) -> OwnTowns:
    listed = {town.code: town.name for town in towns().values()}
    if not own:  # a file of other municipalities says nothing about this one
        return OwnTowns((), (), (), compared=False)
    return OwnTowns(
        only_in_file=tuple(sorted(own.keys() - listed.keys())),
        only_in_list=tuple(sorted(listed.keys() - own.keys())),
        renamed=tuple(sorted(code for code in own.keys() & listed.keys() if not own[code].endswith(listed[code]))),
    )


def _unfit(line: int) -> DictionaryUnfit:
    return DictionaryUnfit("file", line=line, columns="、".join(COLUMNS))


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
