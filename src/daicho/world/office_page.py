"""A page that shows what a sample office holds, on a port of this machine; and the demo's way to tell a qualification."""

import json
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from daicho.world.office_process import Office, tell_qualification

LARGEST_BODY = 10_000
_STYLE = (
    "body{font:14px/1.6 sans-serif;margin:24px;color:#1a1a1a}table{border-collapse:collapse}"
    "th,td{border:1px solid #ccc;padding:2px 10px;text-align:left}th{background:#f0f0f0}"
)
_WORDS = {"persons": "人", "protected": "うち支援対象", "events": "受け取った連携データ"}


def page(office: Office) -> str:
    """The page. Of whoever is protected it shows no place."""
    counts = "　".join(f"{_WORDS[name]}: {count:,}" for name, count in office.store.counts().items())
    rows = "".join(
        f"<tr><td>{escape(one['addressee_number'])}</td><td>{escape(str(one.get('name') or ''))}</td>"
        f"<td>{escape(str(one.get('birth') or ''))}</td>"
        f"<td>{'表示しません（支援対象）' if one['protected'] else escape(str(one.get('address') or ''))}</td></tr>"
        for one in office.store.persons()
    )
    return (
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>{escape(office.name)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(office.name)}（模擬・合成データ）</h1><p>{counts}</p>"
        f"<table><tr><th>宛名番号</th><th>氏名</th><th>生年月日</th><th>住所</th></tr>{rows}</table></html>"
    )


def page_server(office: Office) -> ThreadingHTTPServer:
    """The page's server, for this machine only."""

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """The page, or /counts as JSON."""
            if self.path == "/counts":
                self._send(200, json.dumps(office.store.counts()).encode(), "application/json")
            elif self.path == "/":
                self._send(200, page(office).encode(), "text/html; charset=utf-8")
            else:
                self._send(404, b"", "text/plain")

        def do_POST(self) -> None:
            """Tell a qualification: {"number", "content"}."""
            length = int(self.headers.get("Content-Length") or 0)
            typed = self.headers.get("Content-Type") == "application/json"  # no form of another page can send that
            if self.path != "/qualification" or not typed or not 0 < length <= LARGEST_BODY:
                self._send(404, b"", "text/plain")
                return
            try:
                asked = json.loads(self.rfile.read(length))
                answer: dict[str, Any] = tell_qualification(office, asked["number"], asked["content"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                answer = {"code": type(error).__name__}
            self._send(200, json.dumps(answer).encode(), "application/json")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing of a request reaches a log."""

    return ThreadingHTTPServer(("127.0.0.1", office.page), Handler)
