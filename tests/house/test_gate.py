"""The gate runs what the README tells, and the launcher can be run."""

import os
import subprocess

from tests.house.sources import ROOT


def test_the_gate_runs_the_readme_s_test_command() -> None:
    assert "./daicho test\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    assert gate.read_text(encoding="utf-8").endswith("exec ./daicho test\n")


def test_the_launcher_is_posix_sh() -> None:
    launcher = ROOT / "daicho"
    assert os.access(launcher, os.X_OK)
    assert launcher.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(launcher)], check=True)
