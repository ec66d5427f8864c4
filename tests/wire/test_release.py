"""A node whose software is not approved is refused by its peers, and goes on once it is (R-STO-03)."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daicho.wire.certificates import Credentials, Own
from daicho.wire.errors import ReleaseNotApproved
from daicho.wire.pump import Delivered
from daicho.wire.release import RELEASE, Releases
from tests.wire.parties import Parties, later

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


def speaking(own: Own, release: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let a system sign as another release until the function that comes back is called."""
    read = Credentials.read
    system = own.credentials.system

    def older(file: Path) -> Credentials:
        found = read(file)
        return replace(found, release=release) if found.system == system else found

    monkeypatch.setattr(Credentials, "read", older)
    own._seen = ()

    def upgraded() -> None:
        monkeypatch.setattr(Credentials, "read", read)
        own._seen = ()

    return upgraded


def why(two: Parties) -> str | None:
    code = two.one("SELECT last_code FROM wire.delivery")
    return None if code is None else str(code)


def test_the_release_is_that_of_the_project(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == RELEASE


def test_a_sender_of_another_release_waits_until_it_is_upgraded(two: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    upgraded = speaking(two.pump.own, "0.0.9", monkeypatch)
    two.put(1, 1)
    assert two.step() == Delivered(waiting=1)
    assert (why(two), two.facts()) == ("V013", [])
    upgraded()
    two.register.clock.set(later(seconds=30))  # type: ignore[attr-defined]
    assert two.step() == Delivered(settled=1)


def test_a_receiver_of_another_release_is_not_believed(two: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it took stays taken: the same receipt, signed once more by approved software, settles it."""
    upgraded = speaking(two.receiver.own, "0.0.9", monkeypatch)
    two.put(1, 1)
    assert two.step() == Delivered(waiting=1)
    assert why(two) == "V013"
    upgraded()
    assert len(two.facts()) == 1


@pytest.mark.parametrize(
    ("text", "system", "release", "approved"),
    [
        (None, "register", RELEASE, True),
        (None, "register", "0.0.9", False),
        (None, "register", "", False),
        (None, "office-kokuho", "9.9", True),
        (None, "prefecture", "", True),
        ("register 0.2.0", "register", "0.2.0", True),
        ("register 0.2.0", "register", RELEASE, False),
        ("register 0.2.0", "commons", RELEASE, False),
        (
            f"# approved\n\nregister 0.2.0\nregister {RELEASE}  # until the upgrade is through\n",
            "register",
            RELEASE,
            True,
        ),
        ("register 0.2.0 2026-04-01", "register", "0.2.0", True),
        ("register 0.2.0 2026-04-02", "register", "0.2.0", False),
        ("register 0.2.0 2026-03-01 2026-03-31", "register", "0.2.0", False),
    ],
)
def test_what_the_list_approves(tmp_path: Path, text: str | None, system: str, release: str, approved: bool) -> None:
    file = tmp_path / "releases"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    found = Releases.read(file)
    if approved:
        found.require(system, release, NOON)
        return
    with pytest.raises(ReleaseNotApproved):
        found.require(system, release, NOON)


@pytest.mark.parametrize(
    "line", ["registr 0.1.0", "register", "register 0.1.0 yesterday", "register 1 2026-01-01 2026-01-02 x"]
)
def test_a_line_that_cannot_be_read_approves_nothing(tmp_path: Path, line: str) -> None:
    (tmp_path / "releases").write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match=r"."):
        Releases.read(tmp_path / "releases")


def test_a_list_that_is_replaced_counts_at_once(two: Parties, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list_of = tmp_path / "releases"
    two.receiver.own._approved = list_of
    list_of.write_text("register 0.2.0\n", encoding="utf-8")
    two.put(1, 1)
    assert two.step() == Delivered(waiting=1)
    list_of.write_text(f"register 0.2.0\nregister {RELEASE}\n", encoding="utf-8")
    two.register.clock.set(later(seconds=30))  # type: ignore[attr-defined]
    assert two.step() == Delivered(settled=1)
