"""The files that the house rules are held against."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository that match the git patterns; new ones that are not ignored included."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def python_files(*folders: str) -> list[Path]:
    """Python files under these folders."""
    return [path for path in tracked("*.py") if any(path.is_relative_to(ROOT / folder) for folder in folders)]


def text_files() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is UTF-8 text, with its text."""
    for path in tracked():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def name(path: Path) -> str:
    """A path as it is written in messages."""
    return str(path.relative_to(ROOT))
