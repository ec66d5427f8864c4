"""How gunicorn serves a system's door: mutual TLS 1.3, few threads, nothing of a message in its log.

Used as `gunicorn -c python:daicho.wire.serving daicho.<system>.door:application`; DAICHO_WIRE_BIND says where, the other
DAICHO_WIRE_* variables name the files.
"""

import os
import ssl
from pathlib import Path
from typing import Any

from daicho.wire.tls import server_context

bind = os.environ.get("DAICHO_WIRE_BIND", "127.0.0.1:0")
worker_class = "gthread"
workers = 1
threads = 4
timeout = 60
graceful_timeout = 5
keepalive = 30
accesslog = None
loglevel = "warning"
limit_request_line = 200
limit_request_fields = 20
certfile = os.environ.get("DAICHO_WIRE_OWN")
keyfile = os.environ.get("DAICHO_WIRE_OWN")
ca_certs = os.environ.get("DAICHO_WIRE_ISSUERS")
cert_reqs = ssl.CERT_REQUIRED


def ssl_context(_config: Any, _default: Any) -> ssl.SSLContext:
    """Our own context instead of gunicorn's: TLS 1.3 only."""
    return server_context(Path(os.environ["DAICHO_WIRE_OWN"]), Path(os.environ["DAICHO_WIRE_ISSUERS"]))
