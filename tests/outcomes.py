"""Keeps the outcome of every test of a run, so that the conformance table can say what is broken.

A test that the table names must pass: skipped counts as not passed and fails the run.
"""

import json
from pathlib import Path

import pytest

from daicho.assess.conformance import read_rows

ROOT = Path(__file__).resolve().parents[1]
_outcomes: dict[str, str] = {}
_WORSE = {"passed": 0, "skipped": 1, "failed": 2}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember the worst outcome of all phases and parameters of a test."""
    name = report.nodeid.partition("[")[0]
    known = _outcomes.get(name, "passed")
    _outcomes[name] = max(known, report.outcome, key=lambda outcome: _WORSE[outcome])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In the process that started the run: keep the outcomes and hold the table to them."""
    if hasattr(session.config, "workerinput") or not _outcomes:
        return
    folder = ROOT / ".pytest_cache"
    folder.mkdir(exist_ok=True)
    path = folder / "daicho-outcomes.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(kept | _outcomes, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")
    named = {test for row in read_rows(ROOT) for test in row.tests}
    unproven = sorted(test for test in named if _outcomes.get(test, "passed") != "passed")
    if unproven and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nNamed in docs/conformance.csv and not passed:", *unproven, sep="\n  ")  # noqa: T201
