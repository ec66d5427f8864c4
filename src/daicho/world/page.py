"""A small page of a simulated peer, on this machine only: what it holds, so that both ends of a message can be seen."""

import html
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from daicho.wire.environment import Environment

Show = Callable[[Environment, dict[str, str]], str]
_STYLE = (
    "body{font-family:sans-serif;margin:1.5rem;color:#1a1a1c}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #d8d8db;padding:.35rem .6rem;text-align:left;font-size:.9rem}"
    "th{background:#f1f1f4}h1{font-size:1.3rem}p.note{color:#626264}.past td{color:#949497}"
)


class _Quiet(WSGIRequestHandler):
    """A handler that writes no log: addresses of pages may hold what was searched for."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def document(title: str, body: str) -> str:
    """A whole page; `body` is HTML already."""
    head = f'<meta charset="utf-8"><title>{text(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="ja"><head>{head}</head><body><h1>{text(title)}</h1>{body}</body></html>'


def text(value: object) -> str:
    """A value as HTML."""
    return "" if value is None else html.escape(str(value))


def masked(number: str | None) -> str:
    """A number with only its last four digits."""
    return "" if number is None else "*" * (len(number) - 4) + number[-4:]


def serve_beside(env: Environment, show: Show, port: int) -> None:
    """Serve the page in a thread of this process; no port, no page."""
    if not port:
        return

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        content = show(env, asked).encode()
        policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content)))]
        start_response("200 OK", [*headers, ("Content-Security-Policy", policy), ("Cache-Control", "no-store")])
        return [content]

    server = WSGIServer(("127.0.0.1", port), _Quiet)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, name="page", daemon=True).start()
