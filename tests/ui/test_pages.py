"""The component page: look, accessibility, headers, printing."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def opened(page: Page, query: str = "") -> Page:
    """The component page with its scripts ready and its fonts loaded."""
    page.goto(f"/style?{query}")
    page.wait_for_selector("body[data-ready]")
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def violations(page: Page) -> list[str]:
    """Accessibility violations of the page as it stands, as `rule: element`."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(
    "query", ["", "part=2", "case=1", "errors=1", "environment=training", "large=1", "body_class=is-past"]
)
def test_no_accessibility_violation(page: Page, query: str) -> None:
    assert violations(opened(page, query)) == []


def test_no_violation_in_overlays_suggestions_and_lock(page: Page) -> None:
    opened(page, "case=1")
    page.keyboard.press("Control+k")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click("[data-do=help]")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click("#f-relation")
    page.keyboard.type("1")
    page.wait_for_selector(".sug [role=option]")
    assert violations(page) == []
    page.click("#masked summary")
    assert violations(page) == []
    page.keyboard.press("Control+Alt+l")
    page.wait_for_selector("#pin")
    assert violations(page) == []


@pytest.mark.parametrize("query", ["", "part=2", "case=1", "errors=1"])
def test_no_page_scroll_at_1366_by_768(page: Page, query: str) -> None:
    opened(page, query)
    width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert (width, height) == (1366, 768)


def test_narrow_page_has_no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    opened(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 800


def test_printing_shows_one_sentence(page: Page) -> None:
    opened(page)
    page.emulate_media(media="print")
    assert page.inner_text("body").strip() == page.inner_text(".print-notice").strip()
    assert "印刷できません" in page.inner_text("body")


def test_strict_headers_and_nothing_kept(page: Page, site: str) -> None:
    response = page.request.get("/style")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


def test_files_are_kept_for_good_under_their_digest(page: Page) -> None:
    opened(page)
    address = page.get_attribute("script[type=module]", "src") or ""
    response = page.request.get(address)
    assert "immutable" in response.headers["cache-control"]
    assert page.request.get(address.replace("keys.js", "none.js")).status == 404
    old = page.request.get("/ui/assets/0123/keys.js")
    assert old.headers["cache-control"] == "no-cache"


def test_focus_is_visible_and_never_under_a_bar(page: Page) -> None:
    opened(page, "case=1")
    script = """() => {
      const box = document.activeElement.getBoundingClientRect();
      const at = document.elementFromPoint(box.x + Math.min(box.width, 40) / 2, box.y + box.height / 2);
      const style = getComputedStyle(document.activeElement);
      return document.activeElement === document.body
        || (style.outlineStyle !== "none" && (document.activeElement.contains(at) || at?.contains(document.activeElement)));
    }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(script), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_targets_are_large_enough(page: Page) -> None:
    opened(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, summary")]
          .filter((e) => e.getClientRects().length && !e.closest(".skip") && !e.matches(".skip, .row"))
          .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
          .filter(([, height]) => height < 24)"""
    )
    assert small == []
