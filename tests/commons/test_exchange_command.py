"""The exchange from the command line, as an administrator at the machine uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from daicho.commons.exchange import __main__ as command
from daicho.engine.authority import Files
from daicho.wire.environment import Environment
from tests.commons.offices import HOKEN, KOKUHO, Offices
from tests.commons.told import changed
from tests.wire.parties import NOW

Run = Callable[..., tuple[int, str, str]]
FILE = """
subscriber = "office-zei"
name = "税システム"
office = "市民税課"
valid_from = 2026-04-01
transfer_no = 1
items = ["氏名", "住所"]
form = "file"
frequency = "on_request"
"""


@pytest.fixture
def run(
    empty: Environment,
    offices: Offices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command as commons; exit status, output, errors."""
    mine: Files = offices.authority.files("commons", NOW)
    for name, value in mine.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAICHO_FILES", str(tmp_path / "files"))
    monkeypatch.setattr(command, "of_process", lambda: empty)

    def go(*arguments: str) -> tuple[int, str, str]:
        status = command.main(list(arguments))
        said = capsys.readouterr()
        return status, said.out, said.err

    return go


def test_a_system_is_registered_told_by_file_and_ended(
    empty: Environment, offices: Offices, run: Run, tmp_path: Path
) -> None:
    assert run() == (0, "Nobody is registered.\n", "")
    file = tmp_path / "zei.toml"
    file.write_text(FILE, encoding="utf-8")
    own = str(offices.authority.files("office-zei", NOW).own)
    assert run("register", str(file), "--certificate", own)[2].startswith("F014")
    assert run("register", str(file), "--certificate", own, "--reason", "試験")[0] == 0
    assert run("register", str(file), "--reason", "試験")[2].startswith("F006")
    other = str(offices.authority.files("office-kokuho", NOW).own)
    assert run("certificate", "office-zei", other)[2].startswith("F015")
    assert "counts for office-zei" in run("certificate", "office-zei", own)[1]
    changed(empty, "1001", 1)
    assert "1 persons" in run("file", "office-zei", "full")[1]
    assert run("file", "office-zei", "some")[2].startswith("F005")
    assert run("endpoint", "office-zei", "https://localhost:1/x")[2].startswith("F007")
    assert run("end", "office-zei", "2026-05-01")[0] == 0
    assert run("end", "office-nobody", "2026-05-01")[2].startswith("F007")
    file.write_text(FILE.replace("transfer_no = 1", 'transfer_no = 1\nmore = "x"'), encoding="utf-8")
    assert run("register", str(file), "--reason", "試験")[2].startswith("F005")


def test_what_was_refused_is_listed_sent_again_and_proven(empty: Environment, offices: Offices, run: Run) -> None:
    kokuho = offices(KOKUHO)
    offices(HOKEN)
    kokuho.refuse = {"1001"}
    changed(empty, "1001", 1)
    kokuho.step()
    status, said, _ = run("list")
    assert status == 1
    assert "office-hoken (pull): 1 behind" in said
    assert "1001" not in said
    position = next(line.split()[2] for line in said.splitlines() if line.startswith("refused"))
    assert run("again", "office-kokuho", position)[2].startswith("F014")
    assert run("again", "office-kokuho", "x", "--reason", "試験")[2].startswith("F013")
    assert run("again", "register", position, "--reason", "試験")[2].startswith("V010")
    assert run("again", "office-kokuho", position, "--reason", "試験")[0] == 0
    kokuho.refuse = set()
    assert kokuho.step().settled == 1
    assert "both signatures hold" in run("verify", "office-kokuho", position)[1]
    assert run("by-hand", "office-kokuho", position, "--reason", "試験")[2].startswith("F013")
    assert run("verify", "office-kokuho", "1")[2].startswith("F013")


def test_the_lists_are_printed(run: Run) -> None:
    assert len(run("transfers")[1].splitlines()) == 35
    assert len(run("provisions", "--csv")[1].splitlines()) == 1 + 71
    assert "保健センター" in run("transfers", "--on", "2017-03-31")[1]
