"""Generated secrets, kept in files that only their owner can read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def secret(folder: Path, name: str) -> str:
    """The secret `name` (43 characters, URL-safe), made on first use in a 0600 file of `folder`.

    The file appears whole or not at all, so that two processes that start together agree on one value.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
