"""The register's pages on a real port and a real Chromium, for tests that press keys."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection: Chromium opens some ahead and says nothing on them, which would hold a single one up."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Leave no database connection behind."""
        from django.db import connections

        super().process_request_thread(request, client_address)
        connections.close_all()


@contextmanager
def served() -> Iterator[str]:
    """Serve Django's pages, as this process has them set up, on a port of their own; gives the address."""
    from django.core.handlers.wsgi import WSGIHandler

    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def chromium_path() -> str:
    """The Chromium of this machine."""
    return next(place for place in PLACES if Path(place).exists())


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless Chromium. Playwright keeps a loop running in this thread; Django's ORM is used beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def checked_page(browser: Browser, site: str, *, expected: tuple[str, ...] = ()) -> Iterator[Page]:
    """A page of 1366 x 768 in a browser of its own; a script error or refused resource fails at the end.

    `expected`: parts of console messages that belong to the test (a page answered with 401 or 423).
    """
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=site, locale="ja-JP")
    page = context.new_page()
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in expected):
            problems.append(message.text)

    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", heard)
    try:
        yield page
    finally:
        context.close()
    assert problems == []


AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: rule and first place."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found]
