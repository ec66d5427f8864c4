"""People are read in the store; every other file that reads a person's tables stands here with its reason."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, name, python_files

STORE = "src/daicho/register/store"
_TABLES = re.compile(
    r"\b(?<!connector\.)(?:register\.)?(?:resident_state|resident_current|search_name|search_address|register_file|identity_file"
    r"|dispatch_file)\b|\bregister\.number\b"
)
_READERS = {"read_before", "read_standing", "read_past", "live_rows", "members_on"}

READS_TABLES = {
    "src/daicho/register/desk/guard.py": "whether a case is about hidden persons: nobody is shown",
    "src/daicho/register/desk/lookup.py": "whether and in which rooms others live at a typed address: nobody is shown",
    "src/daicho/register/desk/past_changes.py": "whom a change to be taken back concerns; the pages showing it are on record",
    "src/daicho/register/desk/queues.py": "how many ends of stay and planned move-outs come: counts only",
    "src/daicho/register/exports/canonical.py": "everything of a synthetic register, for comparison; the run is on record",
    "src/daicho/register/exports/take_over_file.py": "the take-over file; the run is on record",
    "src/daicho/register/masters/store.py": "how many live in a town that would end: a count only",
    "src/daicho/register/paper/reader.py": "who stands on a certificate; the issue decides and is on record",
    "src/daicho/register/paper/lookup.py": "finds the papers made from a state by its id; shows no record",
    "src/daicho/register/screens/check.py": "the record as it was checked, beside the one of now; on record there",
    "src/daicho/register/screens/review.py": "the id of the household just registered: nobody is shown",
}
"""Files outside the store whose SQL names a table or view of people."""

USES_READERS = {
    "src/daicho/register/desk/address_batch.py": "what the lines of a bulk change plan on; its reception is on record, nobody is shown",
    "src/daicho/register/desk/lookup.py": "the household a form is about; the services that show it are on record",
    "src/daicho/register/desk/past_changes.py": "whom a change to be taken back concerns; the pages showing it are on record",
    "src/daicho/register/desk/planning.py": "what a plan sees; check, look_again and send are on record",
    "src/daicho/register/desk/returning.py": "what a removed record fills into an entry, hidden persons left out; on record there",
    "src/daicho/register/screens/check.py": "the record of now beside the one that was checked; on record there",
}
"""Files outside the store that import the writer's own readers."""


def tables_named(source: str) -> set[str]:
    """Tables and views of people that stand in the strings of a Python source, docstrings left out."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        str(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in prose
    ]
    return {found for text in texts for found in _TABLES.findall(text)}


def readers_imported(source: str) -> set[str]:
    """The writer's readers that a Python source imports or reaches through their module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "daicho.register.store.read":
            found |= {item.name for item in node.names}
        if isinstance(node, ast.ImportFrom) and node.module == "daicho.register.store":
            found |= {item.name for item in node.names} & {"read"}
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names if item.name == "daicho.register.store.read"}
    return found


def _outside() -> list[Path]:
    return [path for path in python_files("src/daicho") if not path.is_relative_to(ROOT / STORE)]


def test_every_reader_of_people_outside_the_store_has_a_reason() -> None:
    found = {name(path) for path in _outside() if tables_named(path.read_text(encoding="utf-8"))}
    assert found == set(READS_TABLES)


def test_the_writer_s_readers_are_no_way_to_look_at_people() -> None:
    found = {name(path) for path in _outside() if readers_imported(path.read_text(encoding="utf-8"))}
    assert found == set(USES_READERS)


def test_no_template_and_no_view_of_the_database_leads_round_the_store() -> None:
    """Other SQL files may define the tables; none of another system or room reads them."""
    rooms = {name(path).split("/")[2] for path in (ROOT / "src/daicho").glob("*/migrations/*.sql")
             if _TABLES.search(path.read_text(encoding="utf-8"))}  # fmt: skip
    assert rooms == {"register"}


@pytest.mark.parametrize(
    "source",
    [
        "execute('select * from register.resident_state')",
        "execute(b'SELECT 1 FROM register.number')",
        "execute(f'SELECT {x} FROM register.resident_current c')",
        "table = 'search_name'",
        "execute('''\nSELECT *\nFROM register.identity_file''')",
    ],
)
def test_the_lint_sees_each_way(source: str) -> None:
    assert tables_named(source)


@pytest.mark.parametrize(
    "source",
    ["from x import resident_state", '"""Rows of register.resident_state."""', "execute('select household_number')"],
)
def test_the_lint_lets_names_and_prose_pass(source: str) -> None:
    assert not tables_named(source)


def test_the_lint_sees_the_readers() -> None:
    assert readers_imported("from daicho.register.store.read import live_rows") <= _READERS
    assert readers_imported("from daicho.register.store import read")
    assert readers_imported("import daicho.register.store.read")
    assert not readers_imported("from daicho.register.store.access import open_person")
