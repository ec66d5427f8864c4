"""`test`: the gate. Style, types, import contracts, then all tests, browser tests included."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from daicho.engine import machine
from daicho.engine.paths import ROOT, TOOLS

LONG = "--long"
LONG_SECONDS = 4 * 3600
"""The longest that one test of a long run may take before it counts as hanging."""
CORE = ("law", "register/changes", "register/store", "trail", "wire", "access")
CORE_TESTS = ("law", "changes", "store", "trail", "wire", "access", "desk", "city", "takeover")
CHECKS = (
    ("ruff format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("ruff", ("-m", "ruff", "check", "--quiet", ".")),
    ("mypy", ("-m", "mypy")),
    ("import-linter", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
)


def run(arguments: list[str]) -> int:
    """Run everything, or with paths or options of pytest only those tests; 0 when all is well."""
    rest = [argument for argument in arguments if argument != LONG]
    if LONG in arguments:
        os.environ["DAICHO_EXPLORE"] = "yes"  # property tests draw anew instead of repeating what the gate knows
    failed = [] if rest else [name for name, command in CHECKS if not _check(name, command)]
    if LONG in arguments and not rest and not _core_is_covered():
        failed.append("coverage of the core")
    selection = ["-o", f"faulthandler_timeout={LONG_SECONDS}"] if LONG in arguments else ["-m", "not long"]
    status = _python(["-m", "pytest", "-n", "2", "--dist", "loadfile", "--max-worker-restart", "0", *selection, *rest])
    if failed:  # pytest's closing line stays the last one on standard output
        print(f"daicho test: failed before the tests: {', '.join(failed)}", file=sys.stderr)
    return status or (1 if failed else 0)


def _check(name: str, command: Sequence[str]) -> bool:
    began = time.monotonic()
    good = _python(command) == 0
    print(f"{name}: {'ok' if good else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True)
    return good


def _core_is_covered() -> bool:
    """Measure the core by its own tests: every line and every branch, or the gate fails."""
    with tempfile.TemporaryDirectory() as folder:
        data = f"--data-file={folder}/coverage"
        sources = ",".join(f"src/daicho/{room}" for room in CORE)
        tests = [f"tests/{room}" for room in CORE_TESTS]
        _python(["-m", "coverage", "run", data, f"--source={sources}", "-m", "pytest", "-q", "-m", "not long", *tests])
        _python(["-m", "coverage", "combine", "-q", data, folder])
        return _check("coverage", ["-m", "coverage", "report", data, "--precision=2", "--fail-under=100"])


def _python(command: Sequence[str]) -> int:
    variables = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    font = machine.font()
    if font:
        variables[machine.FONT_VARIABLE] = str(font)
    kept = TOOLS / "browser"
    if kept.is_file():
        variables[machine.BROWSER_VARIABLE] = kept.read_text(encoding="utf-8")
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=variables, check=False).returncode
