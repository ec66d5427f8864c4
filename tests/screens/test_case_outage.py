"""The desk's pages while the database is away: clear words, nothing lost, and on again afterwards."""

from typing import TYPE_CHECKING

import pytest

from daicho.engine.errors import DatabaseUnavailable
from daicho.wire.environment import Environment
from tests.screens.desk_pages import hidden, receive, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_a_draft_is_not_lost_when_the_database_is_away(
    screen_desk: "Desk", module_environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The autosave is told to try again (the page keeps what was typed); the form says what was kept."""
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk1")
    case = receive(clerk)
    page = text(clerk.get(f"/cases/{case}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "lot": "8"}

    def away(self: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(type(module_environment.database), "transaction", away)
        draft = post(clerk, f"/cases/{case}/draft", form)
        assert draft.status_code == 503
        sent = post(clerk, f"/cases/{case}/entry", form | {"act": "check"})
        assert sent.status_code == 503
        assert "H503" in text(sent) or "データベース" in text(sent)
    assert post(clerk, f"/cases/{case}/draft", form).status_code == 200
    assert 'value="8"' in text(clerk.get(f"/cases/{case}/entry"))
