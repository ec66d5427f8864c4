"""Files that are encrypted in one pass, of any length, and that show every change: the STREAM construction with AES-256-GCM.

As age does it: a random salt in the head of each file, a key of its own by HKDF-SHA-256, chunks numbered in the nonce, and a flag in the
nonce of the last chunk, so that nothing can be changed, left out, put in another order or cut off (Hoang, Reyhanitabar, Rogaway, Vizár,
"Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015). The name of the file goes into the key: one file cannot
stand in for another. Content is deflated first. Layout: magic, key version (2 bytes), salt (32); for each chunk its length (4) and itself.
"""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from daicho.engine.backup.errors import Damaged, WrongKey
from daicho.wire.environment import Keys, Random

MAGIC = b"daicho-backup/1\n"
KEY = "backup"
CHUNK = 1 << 16
_VERSION, _SALT, _LENGTH, _TAG = 2, 32, 4, 16
_HEAD = len(MAGIC) + _VERSION + _SALT
_LEVEL = 1
_MOST = CHUNK * 2 + 1024
"""Longest chunk that is believed: the deflated form of a chunk is hardly longer than the chunk."""


class Sealer:
    """Writes one encrypted file. Nothing of it counts until `close`; what `flush` has written can be read as an open file."""

    def __init__(self, file: IO[bytes], keys: Keys, random: Random, name: str) -> None:
        """`name`: what the file is, wherever it lies; reading needs the same."""
        version = keys.newest(KEY)
        salt = random.token(_SALT)
        self._file = file
        self._box = _box(keys.key(KEY, version), salt, name)
        self._deflate = zlib.compressobj(_LEVEL)
        self._waiting = bytearray()
        self._number = 0
        self.size = file.write(MAGIC + version.to_bytes(_VERSION, "big") + salt)

    def write(self, content: bytes) -> None:
        """Take some bytes."""
        self._waiting += self._deflate.compress(content)
        self._whole_chunks()

    def flush(self) -> None:
        """Write out and force to the medium everything taken so far."""
        self._waiting += self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self._whole_chunks()
        if self._waiting:
            self._chunk(bytes(self._waiting), last=False)
            self._waiting.clear()
        self._sync()

    def close(self) -> None:
        """The last chunk, forced to the medium. The file stays open for its owner to close."""
        self._waiting += self._deflate.flush()
        self._whole_chunks()
        self._chunk(bytes(self._waiting), last=True)
        self._sync()

    def _whole_chunks(self) -> None:
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def _chunk(self, content: bytes, *, last: bool) -> None:
        length = (len(content) + _TAG).to_bytes(_LENGTH, "big")
        self.size += self._file.write(length + self._box.encrypt(_nonce(self._number, last=last), content, length))
        self._number += 1

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def opened(path: Path, keys: Keys, name: str, *, may_be_open: bool = False) -> Iterator[bytes]:
    """The content of a file, piece by piece, each proven before it is given.

    `may_be_open`: the file may still be growing; what is whole at its end counts. Raises Damaged (naming the file), WrongKey.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if len(head) < _HEAD or not head.startswith(MAGIC):
            raise Damaged(path, "it does not begin as a backup file")
        version = int.from_bytes(head[len(MAGIC) : len(MAGIC) + _VERSION], "big")
        try:
            box = _box(keys.key(KEY, version), head[-_SALT:], name)
        except KeyError:
            raise WrongKey(path, version) from None
        yield from _chunks(file, box, path, may_be_open=may_be_open)


def _chunks(file: IO[bytes], box: AESGCM, path: Path, *, may_be_open: bool) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    number = 0
    while True:
        length = file.read(_LENGTH)
        size = int.from_bytes(length, "big")
        content = file.read(size) if len(length) == _LENGTH and _TAG <= size <= _MOST else b""
        if len(length) < _LENGTH or len(content) < size:
            if may_be_open:
                return
            raise Damaged(path, f"it ends in chunk {number}, before its last one")
        text, last = _proven(box, number, length, content, path)
        try:
            yield inflate.decompress(text)
        except zlib.error:
            raise Damaged(path, f"chunk {number} is not what was written") from None
        number += 1
        if last:
            break
    if file.read(1):
        raise Damaged(path, "something follows its last chunk")


def _proven(box: AESGCM, number: int, length: bytes, content: bytes, path: Path) -> tuple[bytes, bool]:
    """A chunk in clear, and whether it is the last."""
    for last in (False, True):
        try:
            return box.decrypt(_nonce(number, last=last), content, length), last
        except InvalidTag:
            continue
    if number == 0:
        raise WrongKey(path)
    raise Damaged(path, f"chunk {number} was changed")


def _box(key: bytes, salt: bytes, name: str) -> AESGCM:
    info = b"daicho backup file\0" + name.encode()
    return AESGCM(HKDF(SHA256(), 32, salt, info).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
