"""Set-up: what is missing is named in plain words, what is fetched is verified, what is there is found."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from daicho.engine import __main__ as command_line
from daicho.engine import machine, parts, prepare
from daicho.engine.errors import SetupError
from daicho.engine.secretfiles import secret


def program(path: Path, status: int) -> Path:
    """A program that ends with this status."""
    path.write_text(f"#!/bin/sh\nexit {status}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def archive(path: Path) -> parts.Part:
    """A package with one library and one link, as the registry would send it."""
    files = {
        "package/native/lib/libx.so.1.2": b"library",
        "package/native/pg-symlinks.json": json.dumps(
            [{"source": "native/lib/libx.so.1.2", "target": "native/lib/libx.so.1"}]
        ).encode(),
    }
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return parts.Part("@some/part", "1.0.0", hashlib.sha512(path.read_bytes()).hexdigest())


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tools folder of its own."""
    folder = tmp_path / "tools"
    (folder / "archives").mkdir(parents=True)
    monkeypatch.setattr(parts, "TOOLS", folder)
    return folder


def test_a_part_is_unpacked_with_its_links(tools: Path) -> None:
    wanted = archive(tools / "archives" / "some-part-1.0.0.tgz")
    unpacked = parts.ensure(wanted, tools)
    assert (unpacked / "native" / "lib" / "libx.so.1").read_bytes() == b"library"
    assert parts.ensure(wanted, tools) == unpacked


def test_a_part_with_another_digest_is_refused(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tools / "sent.tgz")
    fake = tools / "npm"
    fake.write_text(f'#!/bin/sh\ncp {tools}/sent.tgz "$5/x.tgz"\n', encoding="ascii")
    fake.chmod(0o755)
    monkeypatch.setattr(parts, "npm", lambda: [str(fake)])
    with pytest.raises(SetupError, match="SHA-512 is not the one"):
        parts.ensure(parts.Part("@some/part", "1.0.0", "0" * 128), tools)
    assert not (tools / "some-part-1.0.0").exists()


def test_a_download_that_fails_is_named(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "npm", lambda: [str(program(tools / "npm", 1))])
    with pytest.raises(SetupError, match="Could not download @some/part"):
        parts.fetch(parts.Part("@some/part", "1.0.0", "0" * 128))


def test_an_unlisted_part_is_named() -> None:
    with pytest.raises(SetupError, match="no part @some/part"):
        parts.part("@some/part")


def test_ubuntu_s_stub_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.BROWSER_VARIABLE, str(program(tmp_path / "stub", 1)))
    monkeypatch.setattr(machine, "is_ubuntu", lambda: True)
    assert machine.browser() is None
    with pytest.raises(SetupError, match="only a stub for a snap"):
        machine.ensure_browser()
    monkeypatch.setenv(machine.BROWSER_VARIABLE, str(program(tmp_path / "real", 0)))
    assert machine.ensure_browser() == tmp_path / "real"


def test_a_missing_font_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.FONT_VARIABLE, str(tmp_path / "none.ttf"))
    monkeypatch.setattr(machine, "provide", lambda _package: None)
    with pytest.raises(SetupError, match="Install the package fonts-ipamj-mincho"):
        machine.ensure_font()


def test_a_machine_without_apt_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=r"no apt-get.*fonts-ipamj-mincho"):
        machine.provide("fonts-ipamj-mincho")


def test_preparing_says_what_is_missing_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_what: str) -> None:
        raise SetupError("Something is missing.")

    monkeypatch.setattr(prepare, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(prepare, "prepare", refuse)
    assert prepare.main(["up"]) == 2
    assert capsys.readouterr().err == "daicho: Something is missing.\n"


def test_an_unknown_command_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["fly"]) == 2
    assert "there is no command 'fly'" in capsys.readouterr().err
    assert command_line.main(["help"]) == 0
    assert "tour" in capsys.readouterr().out


def test_every_listed_command_is_there() -> None:
    folder = Path(command_line.__file__).parent / "commands"
    assert not [name for name, _ in command_line.COMMANDS.values() if not (folder / f"{name}.py").is_file()]


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = secret(tmp_path, "one")
    assert secret(tmp_path, "one") == first != secret(tmp_path, "two")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
