"""The conformance table is whole and honest."""

import json
from pathlib import Path

import pytest

from daicho.assess.conformance import Row, broken, existing_tests, faults, read_kinds, read_rows, summary
from daicho.engine.commands.conformance import run


def test_the_table_holds_every_requirement_once_and_names_tests_that_exist(repository: Path) -> None:
    assert faults(read_rows(repository), read_kinds(repository), existing_tests(repository)) == []


def test_all_513_requirements_are_listed(repository: Path) -> None:
    assert len(read_kinds(repository)) == 513


def test_the_summary_adds_up(repository: Path) -> None:
    found = summary(repository)
    assert found["total"] == 513
    assert json.dumps(found)


KINDS = {"A": "function", "B": "function"}
TESTS = {"tests/x/test_a.py::test_one"}
GOOD = Row("A", "done", "screen", ("tests/x/test_a.py::test_one",), "")


def test_what_is_wrong_is_said() -> None:
    rows = [
        GOOD,
        GOOD,
        Row("C", "finished", "", (), ""),
        Row("B", "partial", "screen", ("tests/x/test_a.py::test_two",), ""),
    ]
    found = "\n".join(faults(rows, KINDS, TESTS))
    for part in ("C: unknown status", "A: stands 2 times", "C: not in", "B: partial needs a note", "B: no test"):
        assert part in found
    assert faults([GOOD], KINDS, TESTS) == ["B: missing"]


def test_done_without_a_test_is_a_fault() -> None:
    rows = [GOOD, Row("B", "done", "screen", (), "")]
    assert faults(rows, KINDS, TESTS) == ["B: done needs a place and a test"]


def test_a_requirement_is_broken_when_its_test_is_missing_or_failed() -> None:
    gone = Row("B", "done", "screen", ("tests/x/test_a.py::test_two",), "")
    assert broken([GOOD, gone], TESTS, {}) == ["B"]
    assert broken([GOOD], TESTS, {"tests/x/test_a.py::test_one": "failed"}) == ["A"]
    assert broken([GOOD], TESTS, {"tests/x/test_a.py::test_one": "passed"}) == []


def test_the_command_counts_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    status = run([])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("513 requirements: ")
    assert [line.split(":")[0].strip() for line in lines[1:3]] == ["function", "control"]
    assert status == (1 if any(line.startswith("Broken") for line in lines) else 0)
