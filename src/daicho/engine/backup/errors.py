"""What can be wrong with a backup, in plain words for the operator."""

from pathlib import Path

from daicho.engine.errors import SetupError


class BackupError(SetupError):
    """A backup could not be made, read or restored; the message says why."""


class Damaged(BackupError):
    """A file of the medium is not what was written."""

    def __init__(self, path: Path, why: str) -> None:
        """`path`: the file."""
        super().__init__(f"{path.parent.name}/{path.name} is damaged: {why}.")


class WrongKey(BackupError):
    """The key does not open the file: another key, or its first chunk was changed."""

    def __init__(self, path: Path, version: int | None = None) -> None:
        """`version`: of the key that the file asks for and that is not there."""
        why = (
            f"there is no key of version {version}"
            if version
            else "the key does not open it, or its beginning was changed"
        )
        super().__init__(f"{path.parent.name}/{path.name} cannot be opened: {why}.")


class Busy(BackupError):
    """Another backup of this house is being made."""
