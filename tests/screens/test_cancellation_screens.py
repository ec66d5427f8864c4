"""Taking a change back through the pages: from the household's list of changes to its registration (STD 4.6)."""

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Death, HeadChange
from daicho.register.store.read import read_before
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import do_register, move_in_family
from tests.screens.desk_pages import approve, hidden, send, text
from tests.store.issued import issue_copy

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

DIED = date(2026, 4, 2)
NOW = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
BIRTHS = {0: "S55.3.12", 1: "S57.7.25", 3: "H25.11.19"}


class Case:
    """A family whose head was registered as dead by mistake; since then somebody else became head."""

    def __init__(self, env: Environment) -> None:
        self.household_id, self.people = move_in_family(env)
        head, wife, son, _ = self.people
        died = Death(household_id=self.household_id, person_id=head, died=LegalDate(DIED), new_head_id=wife)
        self.death = self._register(env, Reason.DEATH, died, DIED)
        changed = HeadChange(
            household_id=self.household_id, change_date=date(2026, 5, 1), notified_on=date(2026, 5, 1), new_head_id=son
        )
        self.head_change = self._register(env, Reason.HEAD_CHANGE, changed, date(2026, 5, 1))

    def _register(self, env: Environment, reason: Reason, notified: Death | HeadChange, on: date) -> int:
        with env.database.transaction() as connection:
            before = read_before(connection, [self.household_id], [], on)
            wanted = change_of(reason).plan(before, notified, env.clock.today())
            return do_register(connection, env, wanted).change_id


@pytest.fixture(scope="module")
def story(
    module_environment: Environment,
    module_clock: SettableClock,
    module_owner_connection: Connection,
    screen_desk: "Desk",
) -> Case:
    assert screen_desk.signons
    module_clock.set(NOW)
    found = Case(module_environment)
    module_clock.advance(hours=1)
    issue_copy(module_environment, module_owner_connection, found.household_id, [found.people[1]])
    return found


@pytest.fixture(scope="module")
def clerk(screen_desk: "Desk", story: Case) -> "Client":
    assert story.death
    return screen_desk.sign_on("clerk1")


@pytest.fixture(scope="module")
def reviewer(screen_desk: "Desk", story: Case) -> "Client":
    assert story.death
    return screen_desk.sign_on("reviewer1")


def household(client: "Client", story: Case, rest: str = "") -> str:
    return text(client.get(f"/household/{story.household_id}{rest}"))


def opened(client: "Client", story: Case, change_id: int) -> str:
    """Open the cancellation of a change; the number of its case."""
    from tests.signon.desk import post

    where = f"/household/{story.household_id}/changes/{change_id}/cancel"
    page = text(client.get(where))
    answer = post(client, where, {"token": hidden(page, "token")})
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"]).split("/")[2]


def _typed(page: str, name: str) -> str:
    """The value of a text field of a page."""
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    return match[1] if match else ""


def entered(client: "Client", number: str, **typed: str) -> "tuple[int, str]":
    """Send the entry page as it stands, with some fields typed: status and page or address."""
    from tests.signon.desk import post

    page = text(client.get(f"/cases/{number}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "act": "check"}
    form |= {name: hidden(page, name) for name in ("change", "household")}
    form |= {f"m.{n}": "1" for n in re.findall(r'name="m\.(\d+)" id="[^"]*" value="1" checked', page)}
    answer = post(client, f"/cases/{number}/entry", {**form, **typed})
    return answer.status_code, answer.headers.get("Location", "") or text(answer)


def test_each_change_offers_its_cancellation_to_who_may(clerk: "Client", screen_desk: "Desk", story: Case) -> None:
    page = household(clerk, story)
    for change in (story.death, story.head_change):
        assert f"/household/{story.household_id}/changes/{change}/cancel" in page
    assert f"/changes/{story.death}/cancel" not in household(clerk, story, "/past?on=2026-05-15")
    refused = screen_desk.sign_on("admin1").get(f"/household/{story.household_id}/changes/{story.death}/cancel")
    assert refused.status_code == 403


def test_what_hangs_on_it_and_the_certificates_are_shown_first(clerk: "Client", story: Case) -> None:
    page = text(clerk.get(f"/household/{story.household_id}/changes/{story.death}/cancel"))
    assert "異動の取消し（増）" in page
    assert "世帯主変更" in page[page.index("この異動の後の異動") :]
    copies = page[page.index("この異動の内容で交付した証明書") :]
    assert "1通" in copies
    assert "交付" in copies


def test_a_change_of_another_household_looks_like_none(clerk: "Client", story: Case) -> None:
    other = clerk.get(f"/household/{story.household_id + 1}/changes/{story.death}/cancel")
    none = clerk.get(f"/household/{story.household_id}/changes/1/cancel")
    assert (other.status_code, none.status_code) == (404, 404)


def test_from_the_list_of_changes_to_the_register(
    clerk: "Client", reviewer: "Client", story: Case, module_owner_connection: Connection
) -> None:
    """The head is back; whose relationship does not follow is asked for; the other officer keys the dates again."""
    number = opened(clerk, story, story.death)
    status, page = entered(clerk, number)
    assert status == 422
    assert "続柄を決められない人がいます" in page
    head = story.people[0]
    relation = {f"r.{head}": "51"}
    status, where = entered(clerk, number, **relation)
    assert (status, where) == (302, f"/cases/{number}/check"), where
    check = text(clerk.get(f"/cases/{number}/check"))
    assert "除票" in check or "死亡" in check
    assert "令和8年5月1日から" in check
    assert "続柄の決め方" not in check, "what is restored was never inferred"
    assert "取り消す内容で交付した証明書があります" in check
    assert send(clerk, number).status_code == 302
    reviewer.post(f"/cases/{number}/take")
    assert "取り消す内容で交付した証明書があります" in text(reviewer.get(f"/cases/{number}/review"))
    keys = {"change_date": "R8.4.2", f"b.{head}": BIRTHS[0]}
    done = approve(reviewer, number, keys)
    assert done.headers.get("Location") == f"/cases/{number}/done", text(done)
    listed = text(reviewer.get(f"/cases/{number}/done"))
    assert "住民票の写し（世帯連記式）" in listed[listed.index("この異動の内容で交付した証明書") :]
    row = module_owner_connection.execute(
        "SELECT reason, cancels, entrant, reviewer FROM register.change WHERE cancels = %s", (story.death,)
    ).fetchone()
    assert row == {
        "reason": "cancellation_entry",
        "cancels": story.death,
        "entrant": "clerk1",
        "reviewer": "reviewer1",
    }
    after = household(clerk, story)
    assert "取消済" in after
    assert "令和8年4月2日の死亡を取り消す" in after
    assert f'/changes/{story.death}/cancel">取消し' not in after


def test_certificates_of_what_was_taken_back_stay_listed(
    clerk: "Client", story: Case, module_environment: Environment, module_owner_connection: Connection
) -> None:
    """After the cancellation too, reached from the struck line; a copy made since is none of them."""
    issue_copy(module_environment, module_owner_connection, story.household_id, [story.people[1]], serial=2)
    where = f"/household/{story.household_id}/changes/{story.death}/cancel"
    assert f'{where}">証明書' in household(clerk, story)
    page = text(clerk.get(where))
    assert "この異動は取り消されています" in page
    copies = page[page.index("この異動の内容で交付した証明書") :]
    assert "1通" in copies
    assert "取消しを始める" not in page


def test_both_stay_on_the_known_axis(clerk: "Client", story: Case, module_clock: SettableClock) -> None:
    """As known before the cancellation the head is dead; the list says that this was taken back later."""
    past = household(clerk, story, "/past?on=2026-05-15&mode=then&was=2026-06-01T09:00")
    assert "死亡" in past
    assert module_clock.today() == date(2026, 6, 1)


def test_an_application_is_recorded_as_one_with_its_day(
    clerk: "Client", module_environment: Environment, screen_desk: "Desk"
) -> None:
    """申出による異動の取消し (STD 4.6.1.1, 4.2.0.5): the basis says so, and its day is today unless typed otherwise."""
    assert screen_desk.signons
    story = Case(module_environment)
    number = opened(clerk, story, story.head_change)
    page = text(clerk.get(f"/cases/{number}/entry"))
    assert _typed(page, "notified_on") == "今日"
    assert "本人確認 済" not in page
    assert "来庁なし" in page
    status, where = entered(clerk, number, basis="3")
    assert (status, where) == (302, f"/cases/{number}/check"), where
    assert "根拠 申出" in text(clerk.get(f"/cases/{number}/check"))
    assert "申出日" in text(clerk.get(f"/cases/{number}/entry"))
