"""The manual on the screen: every screen has its page, and its help leads there (STD 10.5)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, get_resolver

from daicho.register.screens.manual import chapters, page_for
from daicho.register.signon.door import OPEN_ROUTES
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from tests.signon.desk import Desk

NO_SCREEN = {
    "alive": "asked by the page that is open",
    "lock": "the lock lies over the screen",
    "case-suggest": "candidates of a field",
    "case-draft": "the autosave of an entry",
    "case-live": "what an entry comes to, in parts",
    "case-rekey": "one field of a review",
    "case-send": "a button of the check",
    "case-approve": "a button of the review",
    "case-return": "a button of the review",
}
"""Routes that show no screen of their own, with the reason."""


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if "api" not in str(one.pattern):
                yield from routes(one.url_patterns)
        elif one.name:
            yield one.name


def test_every_screen_has_its_page() -> None:
    named = set(routes(get_resolver().url_patterns))
    told = {route for chapter in chapters() for page in chapter.pages for route in page.routes}
    assert told <= named, "the manual speaks of screens that there are not"
    assert named - told - set(OPEN_ROUTES) == set(NO_SCREEN), "a new screen needs a page in screens/manual.toml"


def test_pages_say_something_and_stand_once() -> None:
    pages = [page for chapter in chapters() for page in chapter.pages]
    assert len({page.key for page in pages}) == len(pages)
    assert all(page.purpose.endswith("。") and page.steps for page in pages)
    routes_told = [route for page in pages for route in page.routes]
    assert len(set(routes_told)) == len(routes_told)


def test_the_help_of_a_screen_leads_to_its_page(screen_desk: "Desk") -> None:
    reviewer = screen_desk.sign_on("reviewer1")
    assert 'href="/manual/batches" target="_blank"' in text(reviewer.get("/batches"))
    page = page_for("batches")
    assert page is not None
    shown = text(reviewer.get("/manual/batches"))
    assert page.purpose in shown
    assert all(step in shown for step in page.steps)
    assert "目次" in text(reviewer.get("/manual"))
    assert reviewer.get("/manual/nothing").status_code == 404
