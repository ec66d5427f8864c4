"""An officer who comes through the front door: signs on over HTTP and uses the API, for `tour` and `bench`."""

import json
import re
import time
from html import unescape
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pyotp

from daicho.engine.errors import SetupError

API = "/api/v1"
REDIRECTS = 8
USED_CODE = "code"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Refused(Exception):
    """The house answered with an error; `code` is its stable code, `status` that of HTTP."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code


class Visitor:
    """One signed-on officer of the demo. Use as a context manager; the session is ended at the end."""

    def __init__(self, url: str, secrets: Path, officer: str) -> None:
        """`url` of the register's pages, `secrets` folder of the house, `officer` one of its demo sign-ons."""
        listed = json.loads((secrets / "demo-signons.json").read_text(encoding="utf-8"))
        found = [entry for entry in listed if entry["officer"] == officer]
        if not found:
            raise SetupError(f"There is no demo officer {officer}.")
        self._entry = found[0]
        self.officer = officer
        self.http = httpx.Client(base_url=url, timeout=60, trust_env=False, follow_redirects=False)

    def __enter__(self) -> "Visitor":
        """Sign on with password and one-time code; a code that has been used already is waited out, once."""
        codes = pyotp.TOTP(self._entry["totp_secret"])
        try:
            self._sign_on(codes)
        except Refused as refused:
            if refused.code != USED_CODE or refused.status != HTTPStatus.UNAUTHORIZED:
                raise
            time.sleep(codes.interval - time.time() % codes.interval + 1)
            self._sign_on(codes)
        self.http.headers["X-CSRFToken"] = self.get("/session")["csrf_token"]
        return self

    def _sign_on(self, codes: pyotp.TOTP) -> None:
        """Through the pages, as a browser does: to the provider, user ID and password, code, and back."""
        page = _follow(self.http, self.http.get("/sign-on"))
        known = {name: self._entry[name] for name in ("officer", "password", "terminal")}
        page = _follow(self.http, self._send(page, known))
        if not page.is_success:
            raise Refused(page.status_code, "?", "user ID, password or terminal was refused")
        page = _follow(self.http, self._send(page, {"code": codes.now()}))
        if not page.is_success:
            raise Refused(page.status_code, USED_CODE, "the one-time code was refused")

    def _send(self, page: httpx.Response, typed: dict[str, str]) -> httpx.Response:
        """Send the form of a page with its hidden fields."""
        hidden = dict(_HIDDEN.findall(page.text))
        fields = {name: unescape(value) for name, value in hidden.items()} | typed
        return self.http.post(str(page.url), data=fields, headers={"Referer": str(page.url)})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign off."""
        try:
            self.http.post(f"{API}/signoff")
        except httpx.HTTPError:
            pass
        finally:
            self.http.close()

    def get(self, path: str, **query: str | int) -> Any:
        """A JSON answer of the API. Raises Refused."""
        return _content(self.http.get(f"{API}{path}", params=query))

    def post(self, path: str, body: object = None) -> Any:
        """Post JSON to the API. Raises Refused."""
        return _content(self.http.post(f"{API}{path}", json={} if body is None else body))

    def put(self, path: str, body: object) -> Any:
        """Put JSON to the API. Raises Refused."""
        return _content(self.http.put(f"{API}{path}", json=body))

    def bytes(self, path: str) -> bytes:
        """A file of the API or of the pages. Raises Refused."""
        answer = self.http.get(path)
        if answer.status_code != 200:
            raise Refused(answer.status_code, "?", path)
        return answer.content


def _follow(http: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Where redirects lead, from one system to another and back."""
    for _step in range(REDIRECTS):
        if not answer.is_redirect:
            return answer
        answer = http.get(answer.url.join(answer.headers["Location"]))
    raise Refused(answer.status_code, "?", "too many redirects")


def _content(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        found = answer.json()
    except ValueError:
        found = {}
    raise Refused(answer.status_code, str(found.get("code", "?")), str(found.get("message", found)))
