"""Memos are on no paper and in no export (STD 1.1.15): one module reads their tables, one page shows them."""

import ast
import re

from tests.house.sources import name, python_files, tracked

_TABLES = re.compile(r"\bregister\.memo(?:_version)?\b")
READER = "src/daicho/register/store/memos.py"
SHOWN_BY = {"src/daicho/register/screens/memos.py"}


def imports_memos(source: str) -> bool:
    """Whether a Python source reaches the module that reads memos."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{item.name}" for item in node.names)}
        elif isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
    return "daicho.register.store.memos" in found


def test_one_module_reads_the_tables() -> None:
    found = {name(path) for path in python_files("src") if _TABLES.search(path.read_text(encoding="utf-8"))}
    assert found == {READER}


def test_one_page_shows_them() -> None:
    found = {name(path) for path in python_files("src") if imports_memos(path.read_text(encoding="utf-8"))}
    assert found == SHOWN_BY


def test_no_view_of_the_database_holds_them() -> None:
    found = {name(path) for path in tracked("src/**/*.sql") if _TABLES.search(path.read_text(encoding="utf-8"))}
    assert found == {"src/daicho/register/migrations/0133_memo.sql"}


def test_the_lint_sees_each_way() -> None:
    assert imports_memos("from daicho.register.store.memos import memos_of")
    assert imports_memos("from daicho.register.store import memos")
    assert imports_memos("import daicho.register.store.memos")
    assert not imports_memos("from daicho.register.store import derived")
