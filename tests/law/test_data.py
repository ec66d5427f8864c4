"""Every data file is listed with its source and licence, and is what the readers expect."""

import csv
import re

import pytest

from daicho.law.glyphs import font_glyphs
from daicho.law.tables import DATA, table

FILES = sorted(str(file.relative_to(DATA)) for file in DATA.rglob("*") if file.is_file() and file.name != "README.md")


def test_every_file_is_listed_and_every_listed_file_exists() -> None:
    listed = re.findall(r"^\| (\S+\.csv) \|", (DATA / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == FILES


def test_share_alike_files_are_named_in_their_own_note() -> None:
    note = (DATA / "cc-by-sa" / "README.md").read_text(encoding="utf-8")
    assert "creativecommons.org/licenses/by-sa/2.1/jp" in note
    for file in (DATA / "cc-by-sa").glob("*.csv"):
        assert f"| {file.name} |" in note


@pytest.mark.parametrize("name", FILES)
def test_files_are_plain_csv(name: str) -> None:
    raw = (DATA / name).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    rows = list(csv.reader(raw.decode("utf-8").splitlines()))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_town_codes_use_known_postal_codes() -> None:
    postal = {row["postal_code"] for row in table("kumagaya_postal.csv")}
    assert {row["postal_code"] for row in table("kumagaya_towns.csv")} <= postal


def test_every_name_of_the_tables_can_be_printed() -> None:
    glyphs = font_glyphs()
    columns = {"surnames.csv": "surname", "given_names.csv": "given_name", "kumagaya_towns.csv": "town_full"}
    for name, column in columns.items():
        for row in table(name):
            assert all(glyphs.has(char) for char in row[column])
