"""`docs/conformance.csv`: every id of `spec/requirements.csv`, where it lives and the tests that prove it.

`done` means that a user can do it today and a named test proves it; `partial` says in `note` what is missing.
"""

import ast
import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STATUSES = ("done", "partial", "none", "not_ours")


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement. `tests` are `path::name` as pytest names them, without parameters."""

    id: str
    status: str
    where: str
    tests: tuple[str, ...]
    note: str


def read_rows(root: Path) -> list[Row]:
    """The rows of the table in the repository at `root`."""
    with (root / "docs" / "conformance.csv").open(encoding="utf-8", newline="") as file:
        return [
            Row(r["id"], r["status"], r["where"], tuple(r["tests"].split()), r["note"]) for r in csv.DictReader(file)
        ]


def read_kinds(root: Path) -> dict[str, str]:
    """Id to kind (function, control:…, record item, standard), in the order of the list."""
    with (root / "spec" / "requirements.csv").open(encoding="utf-8", newline="") as file:
        return {r["id"]: r["kind"] for r in csv.DictReader(file)}


def existing_tests(root: Path) -> set[str]:
    """Every test function of the repository as `path::name` or `path::Class::name`, read without running anything."""
    found: set[str] = set()
    for path in sorted((root / "tests").rglob("test_*.py")):
        name = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found |= {f"{name}::{node.name}::{test}" for test in _tests_in(node.body)}
        found |= {f"{name}::{test}" for test in _tests_in(tree.body)}
    return found


def _tests_in(body: Sequence[ast.stmt]) -> set[str]:
    return {node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def faults(rows: Sequence[Row], kinds: Mapping[str, str], tests: set[str]) -> list[str]:
    """What is wrong with the table, in words; empty when it is sound."""
    found = [f"{row.id}: unknown status {row.status}" for row in rows if row.status not in STATUSES]
    counted = Counter(row.id for row in rows)
    found += [f"{one}: missing" for one in kinds if one not in counted]
    found += [f"{one}: not in spec/requirements.csv" for one in counted if one not in kinds]
    found += [f"{one}: stands {count} times" for one, count in counted.items() if count > 1]
    for row in rows:
        if row.status in ("done", "partial") and not (row.where and row.tests):
            found.append(f"{row.id}: {row.status} needs a place and a test")
        if row.status in ("partial", "not_ours") and not row.note:
            found.append(f"{row.id}: {row.status} needs a note")
        found += [f"{row.id}: no test {test}" for test in row.tests if test not in tests]
    return found


def broken(rows: Sequence[Row], tests: set[str], outcomes: Mapping[str, str]) -> list[str]:
    """Ids whose named test is missing or did not pass in the last run (`outcomes`: test to outcome)."""
    return [
        row.id
        for row in rows
        if any(test not in tests or outcomes.get(test, "passed") != "passed" for test in row.tests)
    ]


def last_outcomes(root: Path) -> dict[str, str]:
    """Outcomes of the last full test run, kept by the test suite; empty when there was none."""
    path = root / ".pytest_cache" / "daicho-outcomes.json"
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def summary(root: Path) -> dict[str, object]:
    """The object that `./daicho conformance --json` prints (design, section 15)."""
    rows, kinds = read_rows(root), read_kinds(root)
    by_kind: dict[str, Counter[str]] = {}
    for row in rows:
        by_kind.setdefault(kinds.get(row.id, "unknown"), Counter())[row.status] += 1
    counts = Counter(row.status for row in rows)
    return {
        "total": len(rows),
        **{status: counts[status] for status in STATUSES},
        "by_kind": {kind: {s: count[s] for s in STATUSES} for kind, count in by_kind.items()},
        "broken": broken(rows, existing_tests(root), last_outcomes(root)),
    }
