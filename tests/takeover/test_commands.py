"""The commands `import`, `export` and `rebuild` on the database of a test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daicho.engine import house as engine_house
from daicho.engine.commands import export, import_file, rebuild
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir
from daicho.wire.environment import Environment
from tests.takeover.people import person, two_households, write


@pytest.fixture(autouse=True)
def _database_of_the_test(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def database(data: DataDir) -> Iterator[None]:
        yield

    monkeypatch.setattr(engine_house, "database", database)


def test_import_reports_and_export_gives_it_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "house")]
    path = write(tmp_path / "file.csv", [*two_households(), person(5, "H3", 性別コード="9")])
    assert import_file.run([str(path), "--dry-run", "--processes", "1", *data]) == 1
    assert import_file.run([str(path), "--processes", "1", *data]) == 1
    said = capsys.readouterr().out
    assert "合成データの台帳" in said
    report = next(path for path in (tmp_path / "house" / "files" / "takeover").glob("*.csv") if "dry" not in path.name)
    assert "6,取込み不可,22,性別コード,CODE" in report.read_text(encoding="utf-8")
    assert import_file.run([str(path), "--real", "--processes", "1", *data]) == 2
    assert "S060" in capsys.readouterr().err
    assert rebuild.run(data) == 0
    assert capsys.readouterr().out.startswith("4 persons")
    out = tmp_path / "out.csv"
    assert export.run(["--csv", "--output", str(out), *data]) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 5
    canonical = tmp_path / "canonical.jsonl"
    assert export.run(["--canonical", "--output", str(canonical), *data]) == 0
    lines = [json.loads(line) for line in canonical.read_text(encoding="utf-8").splitlines()]
    assert [line["person"] for line in lines if "person" in line] == ["A000001", "A000002", "A000003", "A000004"]
    capsys.readouterr()
    assert export.run(["--canonical", "--sha256", *data]) == 0
    assert len(capsys.readouterr().out.strip()) == 64


def test_what_cannot_be_done_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "house")]
    with pytest.raises(SetupError):
        import_file.run([str(tmp_path / "none.csv"), *data])
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\xff\xfe")
    assert import_file.run([str(broken), *data]) == 2
    assert export.run(["--canonical", *data]) == 2
    said = capsys.readouterr().err
    assert "I002" in said
    assert "X001" in said
