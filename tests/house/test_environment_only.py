"""Clock, randomness and ids come from Environment and nowhere else, SQL defaults included."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import name, python_files, tracked

_MODULES = {"random", "secrets"}
_NAMES = {"uuid1", "uuid4", "urandom", "utcnow", "time_ns", "gmtime", "localtime"}
_CLOCKS = {"datetime", "date", "timezone", "time", "dt"}
_CLOCK_CALLS = {"now", "today", "time"}
_FIELDS = {"auto_now", "auto_now_add"}
_SQL = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|random_normal|gen_random_uuid"
    r"|uuidv4|uuidv7|gen_random_bytes|uuid_generate_v4)\s*\(|\bcurrent_(?:timestamp|date|time)\b|\blocaltime(?:stamp)?\b",
    re.IGNORECASE,
)


def offences(source: str) -> Iterator[str]:
    """Each use of a clock or of chance in a Python source, as `line: what`."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) not in prose:
            found = _offence(node)
            if found:
                yield f"{getattr(node, 'lineno', 0)}: {found}"


def _offence(node: ast.AST) -> str | None:  # noqa: PLR0911 - one line for each kind reads best
    match node:
        case ast.Import(names=names) if {item.name for item in names} & _MODULES:
            return "imports a source of chance"
        case ast.ImportFrom(module=str(module)) if module in _MODULES:
            return "imports a source of chance"
        case ast.ImportFrom(names=names) if {item.name for item in names} & _NAMES:
            return "imports a clock or a source of chance"
        case ast.Attribute(attr=attr) if attr in _NAMES:
            return attr
        case ast.Attribute(attr=attr, value=value) if attr in _CLOCK_CALLS and _last_name(value) in _CLOCKS:
            return f"{_last_name(value)}.{attr}"
        case ast.keyword(arg=str(arg)) if arg in _FIELDS:
            return arg
        case ast.Constant(value=str(text)) if _SQL.search(text):
            return "SQL with a clock or chance"
    return None


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=found):
            return found
        case ast.Attribute(attr=found):
            return found
    return ""


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from secrets import token_bytes",
        "from uuid import uuid4",
        "import uuid\nuuid.uuid4()",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.date.today()",
        "import time\ntime.time()",
        "import os\nos.urandom(3)",
        "from django.utils import timezone\nx = Field(default=timezone.now)",
        "x = Field(auto_now_add=True)",
        "execute('select now()')",
        "execute('insert into t values (CURRENT_TIMESTAMP)')",
    ],
)
def test_the_lint_sees_each_kind(source: str) -> None:
    assert list(offences(source))


@pytest.mark.parametrize(
    "source", ["environment.clock.now()", "env.clock.today()", 'def f():\n    "uses now()"', "time.monotonic()"]
)
def test_the_lint_lets_the_environment_pass(source: str) -> None:
    assert not list(offences(source))


_SEEDED = "src/daicho/city/chance.py"  # the seed of the synthetic city: nothing else there may draw


def test_no_clock_and_no_chance_outside_the_engine() -> None:
    outside = [path for path in python_files("src/daicho") if "engine" not in path.parts and name(path) != _SEEDED]
    found = [f"{name(path)}:{offence}" for path in outside for offence in offences(path.read_text(encoding="utf-8"))]
    assert not found


def test_no_clock_and_no_chance_in_sql() -> None:
    found = [f"{name(path)}: {hit}" for path in tracked("*.sql") for hit in sql_offences(path)]
    assert not found


def sql_offences(path: Path) -> list[str]:
    """Clock and chance calls of a SQL file, comments left out."""
    text = re.sub(r"--[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return _SQL.findall(text)
