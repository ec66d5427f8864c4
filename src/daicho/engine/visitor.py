"""An officer who comes through the front door: signs on over HTTP and uses the API, for `tour` and `bench`."""

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pyotp

from daicho.engine.errors import SetupError

API = "/api/v1"


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
            session = self._sign_on(codes.now())
        except Refused as refused:
            if refused.code != "S001":
                raise
            time.sleep(codes.interval - time.time() % codes.interval + 1)
            session = self._sign_on(codes.now())
        self.http.headers["X-CSRFToken"] = session["csrf_token"]
        return self

    def _sign_on(self, code: str) -> Any:
        wanted = {name: self._entry[name] for name in ("officer", "password", "terminal")}
        return self.post("/signon", wanted | {"code": code})

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


def _content(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        found = answer.json()
    except ValueError:
        found = {}
    raise Refused(answer.status_code, str(found.get("code", "?")), str(found.get("message", found)))
