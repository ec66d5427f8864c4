"""How requests and papers travel on the press's socket: a length, then a JSON head, then bytes.

Request: `{"request_id", "paper"}`, or `{"request_id", "status": true}`. Answer: a head that repeats the request id and the
digest of the request, so that an answer can never be taken for another request's, then the paper. One request a
connection. No file names, no paths.
"""

import json
import socket
import struct
from typing import Any

LARGEST_HEAD = 1 << 20
LARGEST_BODY = 64 << 20
_LENGTH = struct.Struct(">I")


class BrokenFrame(Exception):
    """What came is no frame of this protocol."""


class NothingSent(BrokenFrame):
    """The other side connected and ended without a word: a supervisor looking whether somebody listens."""


def send_head(connection: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    """Send one head and what follows it."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    connection.sendall(_LENGTH.pack(len(text)) + text + body)


def receive_head(connection: socket.socket) -> bytes:
    """The bytes of one head. BrokenFrame when it is too long or cut off."""
    first = connection.recv(1)
    if not first:
        raise NothingSent
    (length,) = _LENGTH.unpack(first + receive(connection, _LENGTH.size - 1))
    if not 2 <= length <= LARGEST_HEAD:
        raise BrokenFrame
    return receive(connection, length)


def receive(connection: socket.socket, length: int) -> bytes:
    """Exactly `length` bytes. BrokenFrame when the other side ends before."""
    if length > LARGEST_BODY:
        raise BrokenFrame
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(65536, length - len(parts)))
        if not part:
            raise BrokenFrame
        parts += part
    return bytes(parts)


def parse(text: bytes) -> dict[str, Any]:
    """The object of a head. BrokenFrame when it is none."""
    try:
        head = json.loads(text)
    except (ValueError, RecursionError):
        raise BrokenFrame from None
    if not isinstance(head, dict):
        raise BrokenFrame
    return head
