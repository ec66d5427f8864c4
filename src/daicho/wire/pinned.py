"""Calling one party whose certificate is known beforehand: nothing is sent before the other end has shown exactly that one.

For parties outside the six systems: their names are not on the list of links, their certificates are registered.
"""

import http.client
import ssl
from collections.abc import Set
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from daicho.wire.tls import client_context

LONGEST_ANSWER = 1_000_000


class Pinned:
    """One kept connection, for one thread. `own` and `issuers` are read again for each new connection."""

    def __init__(self, own: Path, issuers: Path, timeout: float = 10.0) -> None:
        """`timeout` in seconds, for connecting and for each read."""
        self._files, self._timeout = (own, issuers), timeout
        self._connection: http.client.HTTPSConnection | None = None
        self._at: tuple[object, ...] = ()

    def post(self, url: str, body: bytes, headers: dict[str, str], certificates: Set[str]) -> tuple[int, bytes]:
        """Send one request to whoever shows one of these certificates (SHA-256); status and body.

        Raises OSError when nobody answers, or somebody else does: then nothing was sent.
        """
        parts = urlsplit(url)
        try:
            connection = self._to(parts.hostname or "", parts.port or 443, certificates)
            connection.request("POST", parts.path or "/", body, headers)
            answer = connection.getresponse()
            content = answer.read(LONGEST_ANSWER + 1)
        except (http.client.HTTPException, ssl.SSLError, ValueError) as error:
            self.close()
            raise OSError(type(error).__name__) from error
        except OSError:
            self.close()
            raise
        if len(content) > LONGEST_ANSWER:
            self.close()
            raise OSError("answer too long")
        return answer.status, content

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _to(self, host: str, port: int, certificates: Set[str]) -> http.client.HTTPSConnection:
        at = (host, port, frozenset(certificates), *(file.stat().st_mtime_ns for file in self._files))
        if self._connection is None or at != self._at:
            self.close()
            fresh = http.client.HTTPSConnection(host, port, timeout=self._timeout, context=client_context(*self._files))
            fresh.connect()
            shown = fresh.sock.getpeercert(binary_form=True)
            if shown is None or sha256(shown).hexdigest() not in certificates:
                fresh.close()
                raise OSError("the other end is somebody else")
            self._connection, self._at = fresh, at
        return self._connection
