"""`./daicho trail`: what it prints, what it writes, how it ends."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from daicho.engine import house as known_house
from daicho.engine import sealing
from daicho.engine.commands import trail as command
from daicho.engine.databases import DatabaseSettings
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.wire.environment import Environment
from tests.house_database import House, SettableClock
from tests.trail.sealing import Trail, numbers, sealed_trail

ENTRIES = 10


@pytest.fixture(scope="module")
def trail(house: House, module_environment: Environment) -> Iterator[Trail]:
    """A sealed trail."""
    with sealed_trail(house, module_environment, ENTRIES) as made:
        yield made


@pytest.fixture
def data(trail: Trail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    """A data folder whose database is the one of the test."""
    monkeypatch.setattr(known_house, "database", lambda data: nullcontext())
    monkeypatch.setattr(command, "systems", lambda: ("register",))
    return DataDir.at(tmp_path / "data")


def run(data: DataDir, what: str, *arguments: object) -> int:
    """One command."""
    return command.run([what, *map(str, arguments), "--data", str(data.path)])


def test_a_whole_trail(data: DataDir, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "verify") == 0
    said = capsys.readouterr().out
    assert "Read numbers 1 to 10 in 5 seals" in said
    assert "The trail is whole." in said


def test_an_altered_row_is_named_by_its_number(data: DataDir, trail: Trail, capsys: pytest.CaptureFixture[str]) -> None:
    harm = "UPDATE trail.entry SET officer = 'x' WHERE entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = 7)"
    with trail.harmed(harm):
        assert run(data, "verify") == 1
        assert "BROKEN, first at number 7." in capsys.readouterr().out
        assert run(data, "verify", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["first_broken"], found["size"], found["sealing"]) == (False, 7, ENTRIES, True)


def test_entries_that_wait_are_not_broken_unless_they_wait_too_long(
    data: DataDir, trail: Trail, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = trail.environment.clock
    assert isinstance(clock, SettableClock)
    with trail.more():
        assert run(data, "verify") == 0
        assert "3 entries of the last moments are not sealed yet.\n" in capsys.readouterr().out
        clock.advance(seconds=61)
        assert run(data, "verify") == 3
        assert "the sealer does not work" in capsys.readouterr().out


def test_checkpoints_are_written_and_held_against(
    data: DataDir, trail: Trail, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.json"
    assert run(data, "checkpoint", kept) == 0
    assert run(data, "verify", "--system", "register", "--from", kept, "--save", tmp_path / "saved.json") == 0
    assert (tmp_path / "saved.json").read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")
    cut = (
        "DELETE FROM trail.entry WHERE entry_id IN (SELECT entry_id FROM trail.leaf WHERE seq > 6)",
        "DELETE FROM trail.leaf WHERE seq > 6",
        "DELETE FROM trail.seal WHERE size > 6",
    )
    with trail.harmed(*cut):
        assert run(data, "verify") == 0
        assert run(data, "verify", "--system", "register", "--against", kept) == 1
        assert "first at number 7" in capsys.readouterr().out
        (sealing.checkpoints(data.files) / "5.json").write_text(kept.read_text(encoding="utf-8"), encoding="utf-8")
        assert run(data, "verify") == 1, "the house holds the trail against the checkpoints it kept itself"


def test_proofs_are_made_and_checked(
    data: DataDir, trail: Trail, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(data, "key")
    key = capsys.readouterr().out.strip()
    kept, proof = tmp_path / "kept.json", tmp_path / "proof.json"
    run(data, "checkpoint", kept)
    entry = numbers(trail.environment)[4]
    for arguments in ([entry], ["--since", kept]):
        assert run(data, "prove", *arguments, "--output", proof) == 0
        assert command.run(["check", str(proof), "--key", key]) == 0
        assert command.run(["check", str(proof), "--key", "00" * 32]) == 1
    assert run(data, "prove", entry) == 0
    assert '"kind": "inclusion"' in capsys.readouterr().out


def test_what_cannot_be_done_is_said(data: DataDir, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")
    assert run(data, "verify", "--system", "register", "--from", broken) == 2
    assert "T004" in capsys.readouterr().err
    assert run(data, "prove", 1) == 2
    assert "T003" in capsys.readouterr().err
    for arguments in (
        ["verify", "--system", "register", "--from", tmp_path / "none"],
        ["verify", "--from", tmp_path / "none"],
        ["verify", "--system", "commons"],
        ["prove"],
    ):
        with pytest.raises((SetupError, SystemExit)):
            run(data, *map(str, arguments))
    with pytest.raises(SetupError):
        command.run(["check", str(tmp_path / "none"), "--key", "00"])


def test_after_a_restore_the_owner_adopts_the_entries(
    data: DataDir,
    trail: Trail,
    house: House,
    module_database: DatabaseSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = house.cluster.settings("register_owner", module_database.name)
    monkeypatch.setattr(known_house, "databases", lambda data: known_house.Databases(owner, module_database))
    before = trail.superuser.execute("SELECT min(xid::text::bigint) FROM trail.entry").fetchone()
    assert run(data, "adopt") == 0
    after = trail.superuser.execute("SELECT min(xid::text::bigint) FROM trail.entry").fetchone()
    assert before is not None
    assert after is not None
    assert after[0] > before[0]


def test_the_house_keeps_checkpoints_of_its_own(data: DataDir, trail: Trail) -> None:
    class Away:
        def transaction(self) -> object:
            raise psycopg.OperationalError

    broken = sealing.Keeper(replace(trail.environment, database=Away()), data.path)  # type: ignore[arg-type]
    (data.path / "run").mkdir(exist_ok=True)
    broken()
    assert not list(sealing.checkpoints(data.files).iterdir())
    keeper = sealing.Keeper(trail.environment, data.path)
    keeper()
    keeper()
    [kept] = sealing.checkpoints(data.files).iterdir()
    assert json.loads(kept.read_text(encoding="utf-8"))["seal"]["size"] == ENTRIES
    assert (data.run / sealing.BEAT).exists()
