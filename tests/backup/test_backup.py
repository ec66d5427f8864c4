"""Backup, restore and the drill on a real house: killed, tampered with, taken out (R-STO-08, R-USE-18)."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daicho.access.approvals import acts, rows
from daicho.access.approvals.content import Wanted
from daicho.access.approvals.execute import execute
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.subject import Book
from daicho.engine.backup.errors import BackupError, Busy
from daicho.engine.backup.looking import last_backup
from daicho.engine.backup.make import make
from daicho.engine.backup.medium import BASE, MANIFEST, REACH, SEALED, Medium
from daicho.engine.backup.source import house_keys
from daicho.engine.backup.verify import verify
from daicho.engine.environment import SystemClock, SystemRandom
from daicho.engine.keys import FileKeys
from daicho.engine.paths import ROOT
from daicho.register.approvals.book import BOOK
from tests.approvals.test_rules import APPROVER, ASKER
from tests.backup.conftest import Small

CANARY = "カナリア熊谷"
FAMILY_NAME = "髙橋"


def process(small: Small, *arguments: str) -> "subprocess.Popen[bytes]":
    """A process of the house."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | {"DAICHO_DATA": str(small.data.path), "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(done: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill(found: "subprocess.Popen[bytes]") -> None:
    found.send_signal(signal.SIGKILL)
    found.wait()


@pytest.fixture(scope="module")
def medium(small: Small) -> Medium:
    """The place of the house on its medium, with one good backup."""
    small.commit(CANARY)
    assert small.run("now") == 0
    return Medium.found(small.medium)


def test_a_killed_keeper_a_later_commit_and_the_drill(
    small: Small, medium: Medium, capsys: pytest.CaptureFixture[str]
) -> None:
    """The process `backup` is killed while WAL arrives; another one goes on; what was committed last is restored."""
    keeper = process(small, "-m", "daicho.engine.backup.keeper")
    until(medium.open_segments)
    kill(keeper)
    small.commit("while nobody received")
    keeper = process(small, "-m", "daicho.engine.backup.keeper")
    try:
        small.commit("the last one")
        assert small.drill("--json") == 0
    finally:
        kill(keeper)
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["ok"]
    assert report["tables"] > 100
    assert report["trail_entries"] > 0
    assert report["rpo_s"] < 60
    found = last_backup(small.data)
    assert found
    assert found["name"] == medium.names()[-1]


def test_a_backup_killed_in_the_middle_leaves_the_last_one(small: Small, medium: Medium) -> None:
    before = medium.names()
    killed = process(small, "-m", "daicho.engine", "backup", "now", "--data", str(small.data.path))
    until(lambda: [one for one in medium.bases.glob(f".*.draft/{BASE}") if one.stat().st_size > 1 << 17])
    kill(killed)
    assert medium.names() == before
    assert not verify(medium, house_keys(small.data)).broken
    assert small.run("now") == 0
    assert len(medium.names()) == 2
    assert not list(medium.bases.glob(".*"))


def test_two_at_once_and_the_number_to_keep(small: Small, medium: Medium) -> None:
    """While one is being made another is refused; the third pushes out the first, with the WAL that only it needed."""
    first = medium.names()[0]

    def second(_medium: Medium, _position: int) -> None:
        with pytest.raises(Busy):
            make(small.source, small.plan, SystemClock(), SystemRandom(), lambda *_: None)

    with small.receiving():
        until((medium.wal / REACH).exists)
    make(small.source, replace(small.plan, keep=9), SystemClock(), SystemRandom(), second)
    assert small.run("now") == 0
    assert len(medium.names()) == small.plan.keep
    assert first not in medium.names()
    oldest = medium.base(medium.names()[0], house_keys(small.data)).said["first_segment"]
    assert min(medium.segments()) >= oldest
    with small.environment.database.transaction() as connection:
        known = connection.execute("SELECT name, removed_at FROM register.backup ORDER BY name").fetchall()
    assert [row["name"] for row in known if row["removed_at"] is None] == medium.names()[-1:]
    assert small.run("verify") == 0


def holding(folder: Path, text: str) -> list[Path]:
    """The files that hold a text in clear."""
    found = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and text.encode() in path.read_bytes():
                found.append(path)
    return found


def test_nothing_in_clear_on_the_medium(small: Small, medium: Medium) -> None:
    """What stands in clear in the database's own files stands nowhere on the medium."""
    store = small.source.store
    assert store
    for canary in (CANARY, FAMILY_NAME):
        assert holding(store, canary)
        assert not holding(small.medium, canary)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 20)


def _other_end(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace('"end": "0/', '"end": "1/'), encoding="utf-8")


def test_harm_is_found_and_named(small: Small, medium: Medium, tmp_path: Path) -> None:
    """A changed chunk, a cut file, a missing segment, an altered manifest, a missing end: each without a restore."""
    base, segment = f"base/{medium.names()[-1]}", f"wal/{medium.segments()[-1]}{SEALED}"
    harms: list[tuple[str, Callable[[Path], object], str]] = [
        (f"{base}/{BASE}", _flip, "was changed"),
        (f"{base}/{BASE}", _cut, "bytes instead of"),
        (f"{base}/{BASE}", Path.unlink, "missing"),
        (f"{base}/{MANIFEST}", _other_end, "not signed"),
        (segment, _flip, "was changed"),
        (segment, _cut, "ends in chunk"),
        (segment, Path.unlink, "missing"),
        (f"wal/{REACH}", Path.unlink, "missing"),
    ]
    for number, (name, harm, said) in enumerate(harms):
        copy = tmp_path / str(number) / medium.system
        shutil.copytree(medium.folder, copy)
        harm(copy / name)
        broken = verify(Medium.found(copy), house_keys(small.data)).broken
        assert len(broken) == 1, name
        assert Path(name).name in broken[0]
        assert said in broken[0]
        if number == 0:
            assert small.drill("--alone", "--backup", str(copy)) == 1


def test_another_key_opens_nothing(small: Small, medium: Medium, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    seal = small.data.secrets / "keys" / "backup-seal.1"
    shutil.copy(seal, keys)
    assert "cannot be opened" in verify(medium, FileKeys(keys)).broken[0]
    assert "not signed" in verify(medium, FileKeys(tmp_path / "none")).broken[0]


def test_the_medium_must_be_there_and_another_one(small: Small) -> None:
    with pytest.raises(BackupError, match="same device"):
        small.run("plan", "--to", small.medium)
    with pytest.raises(BackupError, match="not there"):
        small.run("plan", "--to", "/nowhere", "--same-device")


def test_taken_out_once_and_by_approval_only(small: Small, medium: Medium, tmp_path: Path) -> None:
    env, asker = small.environment, replace(ASKER, roles=frozenset({"administrator"}))
    book = Book(BOOK.subjects, lambda *_: APPROVER)
    wanted = Wanted(
        subject="backup-take-out",
        kind=Kind.BACKUP_TAKE_OUT,
        purpose="遠隔地での保管",
        basis="情報セキュリティ対策基準",
        condition={},
        destination="遠隔地の保管庫",
        valid_until=env.clock.now() + timedelta(days=2),
        medium="テープ T-1",
    )
    with env.database.transaction() as connection:
        approval = acts.ask(connection, env, book, asker, wanted)
    out = tmp_path / "out"
    out.mkdir()
    assert small.run("take-out", "--approval", approval, "--to", out) == 2
    with env.database.transaction() as connection:
        seen = rows.one(connection, approval).request.digest
        acts.decide(connection, env, book, APPROVER, approval, seen, approve=True)
    assert small.run("take-out", "--approval", approval, "--to", out) == 2
    assert execute(env, book, asker, approval) == 1
    assert small.run("take-out", "--approval", approval, "--to", out) == 0
    assert not verify(Medium.found(out), house_keys(small.data)).broken
    assert small.run("take-out", "--approval", approval, "--to", tmp_path) == 2
    with env.database.transaction() as connection:
        found = connection.execute(
            "SELECT act FROM trail.entry WHERE act LIKE 'backup.%' AND act <> 'backup.make' ORDER BY entry_id"
        ).fetchall()
    assert [row["act"] for row in found] == ["backup.refuse", "backup.refuse", "backup.take_out", "backup.refuse"]
