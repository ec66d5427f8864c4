"""A case waits for review while the register changes so that it cannot be registered as typed: never a dead end."""

from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.desk.build import family_typed, number, rekeys
from tests.screens.desk_pages import approve, enter, hidden, receive, send, sent_family, text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk


@pytest.fixture(scope="module")
def clerk(screen_desk: "Desk") -> "Client":
    """The clerk who enters."""
    return screen_desk.sign_on("clerk1")


@pytest.fixture(scope="module")
def reviewer(screen_desk: "Desk") -> "Client":
    """The officer who reviews and decides."""
    return screen_desk.sign_on("reviewer1")


def _other_with_number(clerk: "Client", base: int, held: int) -> str:
    """Another family waiting for review, its first member with a number of an earlier case."""
    case = receive(clerk)
    typed = family_typed(base=base) | {"p1.individual_number": number(held)}
    assert enter(clerk, case, typed).status_code == 302
    assert send(clerk, case).status_code == 302
    return case


def test_a_number_registered_meanwhile_sends_the_case_back(clerk: "Client", reviewer: "Client") -> None:
    """Opening the review finds that the number stands on somebody: back to the entrant, at the field."""
    late = sent_family(clerk, base=10)
    early = _other_with_number(clerk, 20, 11)
    assert approve(reviewer, early, rekeys(20)).headers["Location"] == f"/cases/{early}/done"
    page = reviewer.get(f"/cases/{late}/review")
    assert page.status_code == 409
    assert "台帳の記録が変わりました" in text(page)
    assert "差戻し" in text(page)
    entry = text(clerk.get(f"/cases/{late}/entry"))
    assert 'href="#f-p1.' in entry
    assert "渡邉" in entry


def test_a_number_registered_while_the_review_is_open(
    clerk: "Client", reviewer: "Client", module_environment: Environment
) -> None:
    """The approval finds it: nothing is registered, the case goes back and keeps what was typed."""
    from tests.signon.desk import post

    late, early = sent_family(clerk, base=30), _other_with_number(clerk, 40, 31)
    page = text(reviewer.get(f"/cases/{late}/review"))
    assert approve(reviewer, early, rekeys(40)).headers["Location"] == f"/cases/{early}/done"
    keys = {f"k.{field}": value for field, value in rekeys(30).items()}
    answer = post(reviewer, f"/cases/{late}/approve", {"version": hidden(page, "version"), "act": "approve", **keys})
    assert answer.status_code == 409
    assert "差戻し" in text(answer)
    with module_environment.database.transaction() as connection:
        row = connection.execute("SELECT status, change_id FROM register.case_file WHERE case_number = %s", (late,))
        assert row.fetchone() == {"status": "returned", "change_id": None}
