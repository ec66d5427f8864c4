"""The test site of the components on a real port, and one Chromium."""

from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.test.utils import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.live import served
from tests.ui import style_site

MIDDLEWARE = [
    "daicho.ui.csp.PageHeaders",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the component site."""
    django.setup()
    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    with (
        override_settings(
            SECRET_KEY="only-for-the-component-site",
            ROOT_URLCONF="tests.ui.style_site",
            MIDDLEWARE=MIDDLEWARE,
            TEMPLATES=templates,
            DAICHO_FONT_CACHE=tmp_path_factory.mktemp("fonts"),
        ),
        served() as address,
    ):
        yield address


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
    try:
        yield opened
    finally:
        context.close()
    assert problems == []
