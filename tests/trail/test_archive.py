"""Archives verify alone, and only what is in one that is at hand can be dropped."""

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest

from daicho.engine.databases import DatabaseSettings
from daicho.engine.keys import FileKeys
from daicho.law.japan import JAPAN
from daicho.trail.archive import archived_until, archives, check, digest_of, needed_for, write
from daicho.trail.errors import FileRefused, NothingToArchive, TrailBroken
from daicho.trail.seal import public_key
from daicho.trail.verify import Verification
from daicho.wire.environment import Connection, Environment
from tests.house_database import House, SettableClock
from tests.trail.sealing import LOG, Trail, sealed_trail

APRIL, MAY, JUNE = (datetime(2026, month, 1, tzinfo=JAPAN) for month in (4, 5, 6))


@pytest.fixture
def trail(
    house: House, environment: Environment, clock: SettableClock, owner_connection: Connection
) -> Iterator[Trail]:
    """Twenty entries, one a second: the first eleven in April, the others in May; two a seal."""
    for month in (4, 5):
        owner_connection.execute("SELECT trail.ensure_month(%s)", (date(2026, month, 1),))
    clock.set(MAY)
    clock.advance(seconds=-12)
    with sealed_trail(house, environment, 20) as made:
        yield made


def keys_of(trail: Trail) -> list[bytes]:
    """The public keys an auditor has: a wrong one, and the right one."""
    return [b"\x01" * 32, public_key(trail.environment.keys, 1)]


def rewrite(path: Path, change: tuple[int, bytes, bytes]) -> Path:
    """A copy of an archive with one line changed."""
    lines = gzip.decompress(path.read_bytes()).split(b"\n")
    number, old, new = change
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new)
    made = path.with_suffix(".forged")
    made.write_bytes(gzip.compress(b"\n".join(lines)))
    return made


def test_archives_follow_each_other_and_verify_alone(
    trail: Trail, owner_connection: Connection, tmp_path: Path
) -> None:
    env = trail.environment
    one = write(owner_connection, env, LOG, MAY, tmp_path / "one.gz")
    assert (one.first, one.last) == (1, 10), "whole seals only: the eleventh shares one with May"
    with pytest.raises(NothingToArchive):
        write(owner_connection, env, LOG, MAY, tmp_path / "none.gz")
    two = write(owner_connection, env, LOG, JUNE, tmp_path / "two.gz")
    assert (two.first, two.last) == (11, 20)
    assert archives(owner_connection) == [one, two]
    for made, name in ((one, "one.gz"), (two, "two.gz")):
        assert check(tmp_path / name, keys_of(trail)) == (made.first, made.last)
        assert digest_of(tmp_path / name) == made.sha256
        assert made.holds(LOG, env.keys)
        assert not made.holds("connector", env.keys)
        with pytest.raises(FileRefused):
            check(tmp_path / name, keys_of(trail)[:1])
    assert archived_until(owner_connection, LOG, env.keys) == 20
    assert archived_until(owner_connection, LOG, FileKeys(tmp_path / "other")) == 0


def test_an_archive_that_was_changed_is_refused(trail: Trail, owner_connection: Connection, tmp_path: Path) -> None:
    write(owner_connection, trail.environment, LOG, MAY, tmp_path / "one.gz")
    path = tmp_path / "two.gz"
    write(owner_connection, trail.environment, LOG, JUNE, path)
    held = json.loads(gzip.decompress(path.read_bytes()).split(b"\n")[0])
    changes = (
        (3, b"clerk1", b"clerk2"),
        (0, b'"kind": "archive"', b'"kind": "other"'),
        (0, held["peaks"][0].encode(), b"00" * 32),
        (0, b'"log": "register"', b'"log": "kiosk"'),
        (0, b'"size": 20', b'"size": 19'),
        (0, b'"start"', b'"begin"'),
    )
    for change in changes:
        with pytest.raises(FileRefused):
            check(rewrite(path, change), keys_of(trail))
    (tmp_path / "cut").write_bytes(path.read_bytes()[:-9])
    (tmp_path / "text").write_text("{}", encoding="ascii")
    for name in ("cut", "text", "missing"):
        with pytest.raises(FileRefused):
            check(tmp_path / name, keys_of(trail))


def test_a_broken_trail_is_not_archived(trail: Trail, owner_connection: Connection, tmp_path: Path) -> None:
    at = "WHERE entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = 3)"
    for harm in (
        f"UPDATE trail.entry SET officer = 'x' {at}",
        f"DELETE FROM trail.entry {at}",
        "DELETE FROM trail.leaf WHERE seq = 3",
    ):
        with trail.harmed(harm), pytest.raises(TrailBroken):
            write(owner_connection, trail.environment, LOG, JUNE, tmp_path / "x.gz")
        assert not (tmp_path / "x.gz").exists()
    assert archives(owner_connection) == []


def test_a_month_is_dropped_only_when_all_of_it_is_archived(
    trail: Trail, owner_connection: Connection, tmp_path: Path
) -> None:
    env = trail.environment
    drop = "SELECT trail.drop_month('2026-04-01', '2026-07-01')"
    with pytest.raises(psycopg.errors.IntegrityError):
        owner_connection.execute(drop)
    write(owner_connection, env, LOG, MAY, tmp_path / "one.gz")
    with pytest.raises(psycopg.errors.IntegrityError):
        owner_connection.execute(drop)  # the eleventh entry is in no archive yet
    assert [one.last for one in needed_for(owner_connection, APRIL, MAY)] == [10]
    write(owner_connection, env, LOG, JUNE, tmp_path / "two.gz")
    assert [one.last for one in needed_for(owner_connection, APRIL, MAY)] == [10, 20]
    assert needed_for(owner_connection, JUNE, JUNE) == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege), env.database.transaction() as connection:
        connection.execute(drop)
    owner_connection.execute(drop)
    with pytest.raises(psycopg.errors.UndefinedTable):
        owner_connection.execute(drop)
    report = Verification(env, LOG).run()
    assert (report.size, report.archived, report.broken) == (20, 11, 0)
    with env.database.transaction() as connection:
        dropped = connection.execute("SELECT month, archived_until FROM trail.dropped").fetchall()
    assert dropped == [{"month": date(2026, 4, 1), "archived_until": 20}]


def test_a_removed_entry_does_not_hide_behind_a_forged_archive(
    trail: Trail, owner_connection: Connection, tmp_path: Path
) -> None:
    write(owner_connection, trail.environment, LOG, JUNE, tmp_path / "one.gz")
    trail.superuser.execute("UPDATE trail.archive SET sha256 = sha256('x')")
    with trail.harmed("DELETE FROM trail.entry WHERE entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = 3)"):
        assert Verification(trail.environment, LOG).run().first_broken == 3


def test_the_commands(
    trail: Trail,
    house: House,
    database_settings: DatabaseSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from contextlib import nullcontext

    from daicho.engine import house as known_house
    from daicho.engine.commands import trail as command
    from daicho.engine.errors import SetupError

    owner = house.cluster.settings("register_owner", database_settings.name)
    monkeypatch.setattr(known_house, "database", lambda data: nullcontext())
    monkeypatch.setattr(command, "systems", lambda: ("register",))
    monkeypatch.setattr(known_house, "databases", lambda data: known_house.Databases(owner, database_settings))
    file, data, key = tmp_path / "one.gz", ["--data", str(tmp_path / "data")], keys_of(trail)[1].hex()
    assert command.run(["archive", str(file), "--before", "2026-06", *data]) == 0
    assert command.run(["archive", str(file), "--before", "2026-06", *data]) == 2
    assert command.run(["check-archive", str(file), "--key", key]) == 0
    assert command.run(["check-archive", str(tmp_path / "none"), "--key", key]) == 1
    with pytest.raises(SetupError, match="key cannot be read"):
        command.run(["check-archive", str(file), "--key", "x"])
    assert command.run(["drop", "2026-04", "--archive", str(file), *data]) == 0
    with pytest.raises(SetupError, match="The month stays"):
        command.run(["drop", "2026-04", "--archive", str(file), *data])
    trail.superuser.execute("UPDATE trail.archive SET sha256 = sha256('x')")
    with pytest.raises(SetupError, match="not at hand"):
        command.run(["drop", "2026-05", "--archive", str(file), *data])
    capsys.readouterr()
    assert command.run(["verify", *data]) == 1, "the archive's own record was forged"
    assert "BROKEN" in capsys.readouterr().out
