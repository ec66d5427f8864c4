"""STD 2.3.2: the form of every change is filled in and sent by keys alone: Enter reaches each field, Ctrl+Enter goes on."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from daicho.law.reasons import Reason
from daicho.register.desk.forms.catalogue import FORMS
from daicho.wire.environment import Environment
from tests.live import checked_page, served
from tests.people import move_in_family
from tests.screens.desk_pages import receive
from tests.screens.test_case_browser import press, signed_on

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser

VISIBLE = """[...document.querySelectorAll('main input, main select, main textarea')]
    .filter(f => !['hidden', 'submit', 'button'].includes(f.type) && !f.disabled && !f.readOnly
        && f.checkVisibility() && f.getClientRects().length > 0)
    .map(f => f.name + '=' + (f.type === 'checkbox' ? f.value : ''))"""
HERE = "(f => f.name + '=' + (f.type === 'checkbox' ? f.value : ''))(document.activeElement)"


def one_of_each_form() -> list[Reason]:
    """A reason for each form that is begun from a household; a cancellation has its own test."""
    first = {form.template: reason for reason, form in reversed(list(FORMS.items()))}
    return sorted(reason for template, reason in first.items() if "cancellation" not in template)


def test_every_field_of_every_form_is_reached_by_keys(
    browser: Browser, screen_desk: "Desk", module_environment: Environment
) -> None:
    """By Enter from the first to the last; 根拠 by Alt+0, 留意事項 by Enter from there; then on or to what is missing."""
    clerk = screen_desk.sign_on("clerk2")
    household_id, people = move_in_family(module_environment, 3)
    cases = {}
    for reason in one_of_each_form():
        where = {} if reason is Reason.MOVE_IN else {"household": str(household_id), "person": str(people[0])}
        cases[reason] = receive(clerk, reason.key, **where)
    with served() as site, checked_page(browser, site, expected=("409", "422")) as page:
        signed_on(page, screen_desk, "clerk2")
        for reason, case in cases.items():
            page.goto(f"/cases/{case}/entry")
            page.wait_for_selector("body[data-ready]")
            wanted, reached = set(page.evaluate(VISIBLE)), set()
            for _ in range(len(wanted)):
                reached.add(page.evaluate(HERE))
                press(page, "Enter")
            press(page, "Alt+0")
            for _ in range(2):
                reached.add(page.evaluate(HERE))
                press(page, "Enter")
            assert wanted == reached, reason
            press(page, "Control+Enter")
            expect(page.locator("[data-error-summary], form[action$='/send']").first).to_be_attached()
