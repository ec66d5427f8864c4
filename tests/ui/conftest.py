"""The test site of the components on a real port, and one Chromium."""

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.ui import style_site

MIDDLEWARE = [
    "daicho.ui.csp.PageHeaders",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the component site."""
    django.setup()
    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    with override_settings(
        SECRET_KEY="only-for-the-component-site",
        ROOT_URLCONF="tests.ui.style_site",
        MIDDLEWARE=MIDDLEWARE,
        TEMPLATES=templates,
        DAICHO_FONT_CACHE=tmp_path_factory.mktemp("fonts"),
    ):
        server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


def _is_problem(message: ConsoleMessage) -> bool:
    if "net::ERR_FAILED" in message.text:  # a request that the test itself broke off
        return False
    return message.type == "error" or (message.type == "warning" and "font" in message.text)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of 1366 x 768; any script error or refused resource fails the test."""
    style_site.posts.clear()
    style_site.last_post.clear()
    style_site.state["locked"] = False
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=site, locale="ja-JP")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
    yield opened
    context.close()
    assert problems == []
