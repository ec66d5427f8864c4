"""Encrypted files: what was written comes back, and nothing that was changed does."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.engine.backup.errors import Damaged, WrongKey
from daicho.engine.backup.stream import CHUNK, MAGIC, Sealer, opened
from daicho.engine.environment import SystemRandom
from daicho.engine.keys import FileKeys

NAME = "1/base/x"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    return FileKeys(tmp_path_factory.mktemp("keys"))


def sealed(path: Path, keys: FileKeys, *pieces: bytes, close: bool = True) -> bytes:
    """A file of these pieces, flushed after each."""
    with path.open("wb") as file:
        sealer = Sealer(file, keys, SystemRandom(), NAME)
        for piece in pieces:
            sealer.write(piece)
            sealer.flush()
        if close:
            sealer.close()
    return path.read_bytes()


def read(path: Path, keys: FileKeys, *, may_be_open: bool = False) -> bytes:
    return b"".join(opened(path, keys, NAME, may_be_open=may_be_open))


@given(pieces=st.lists(st.binary(max_size=200), max_size=4), close=st.booleans())
def test_what_was_written_comes_back(
    pieces: list[bytes], close: bool, keys: FileKeys, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("files") / "x"
    sealed(path, keys, *pieces, close=close)
    assert read(path, keys, may_be_open=not close) == b"".join(pieces)
    if not close:
        with pytest.raises(Damaged):
            read(path, keys)


def test_more_than_a_chunk_and_no_clear_text(keys: FileKeys, tmp_path: Path) -> None:
    content = SystemRandom().token(3 * CHUNK) + "熊谷太郎".encode()
    assert "熊谷太郎".encode() not in sealed(tmp_path / "x", keys, content)
    assert read(tmp_path / "x", keys) == content


def test_no_change_goes_unseen(keys: FileKeys, tmp_path: Path) -> None:
    """Each byte flipped, each length cut, a byte too many."""
    path = tmp_path / "x"
    whole = sealed(path, keys, b"one", b"two")
    harmed = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    harmed += [whole[:length] for length in range(len(whole))] + [whole + b"x"]
    for content in harmed:
        path.write_bytes(content)
        with pytest.raises((Damaged, WrongKey)):
            read(path, keys)


def test_chunks_in_another_order_or_left_out(keys: FileKeys, tmp_path: Path) -> None:
    path = tmp_path / "x"
    file = io.BytesIO(sealed(path, keys, b"one", b"two"))
    head = file.read(len(MAGIC) + 34)
    chunks = []
    while length := file.read(4):
        chunks.append(length + file.read(int.from_bytes(length, "big")))
    assert len(chunks) == 3
    for order in ((1, 0, 2), (0, 2), (0, 1), (0, 1, 1, 2), (1, 2)):
        path.write_bytes(head + b"".join(chunks[at] for at in order))
        with pytest.raises((Damaged, WrongKey)):
            read(path, keys)


def test_another_key_or_another_name(keys: FileKeys, tmp_path: Path) -> None:
    sealed(tmp_path / "x", keys, b"one")
    with pytest.raises(WrongKey):
        list(opened(tmp_path / "x", keys, "1/base/y"))
    with pytest.raises(WrongKey):
        list(opened(tmp_path / "x", FileKeys(tmp_path / "other"), NAME))


def test_an_open_file_counts_to_its_last_whole_chunk(keys: FileKeys, tmp_path: Path) -> None:
    path = tmp_path / "x"
    whole = sealed(path, keys, b"one", b"two", close=False)
    path.write_bytes(whole[:-1])
    assert read(path, keys, may_be_open=True) == b"one"
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Damaged):
        read(path, keys, may_be_open=True)
