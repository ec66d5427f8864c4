"""How gunicorn serves a simulated peer's door: as a system's (`daicho.wire.serving`), with the faults that begin at the socket.

DAICHO_WORLD_FAULTS names the file of faults, DAICHO_WORLD_STRANGER a key with a certificate that nobody trusts.
"""

import os
import ssl
from functools import cache
from pathlib import Path
from typing import Any

from daicho.wire.environment import Clock, of_process
from daicho.wire.serving import (
    accesslog,
    bind,
    ca_certs,
    cert_reqs,
    certfile,
    graceful_timeout,
    keepalive,
    keyfile,
    limit_request_fields,
    limit_request_line,
    loglevel,
    threads,
    timeout,
    worker_class,
    workers,
)
from daicho.wire.tls import server_context
from daicho.world.faults import faults_of_process


@cache
def _clock() -> Clock:
    return of_process().clock


def ssl_context(_config: Any, _default: Any) -> ssl.SSLContext:
    """The peer's own context; somebody else's certificate or none at all where a fault says so."""
    kinds = {fault.kind for fault in faults_of_process().on(_clock().now())}
    if "down" in kinds:
        raise ssl.SSLError("nobody there")
    own = os.environ["DAICHO_WORLD_STRANGER" if "wrong_certificate" in kinds else "DAICHO_WIRE_OWN"]
    return server_context(Path(own), Path(os.environ["DAICHO_WIRE_ISSUERS"]))


__all__ = [
    "accesslog", "bind", "ca_certs", "cert_reqs", "certfile", "graceful_timeout", "keepalive", "keyfile",
    "limit_request_fields", "limit_request_line", "loglevel", "ssl_context", "threads", "timeout", "worker_class",
    "workers",
]  # fmt: skip
