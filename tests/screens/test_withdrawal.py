"""転出の取消し at the counter: from the household while it is planned, from the list of awaited notices afterwards (STD 4.6.1.1)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.desk.test_other_changes import BIRTHS
from tests.house_database import SettableClock
from tests.people import move_in_family
from tests.screens.conftest import MORNING
from tests.screens.desk_pages import approve, enter, hidden, receive, send, text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

CAME = {"notifier": "1", "name": "髙橋 健一", "document": "01", "notified_on": "今日"}


def leave(clerk: "Client", reviewer: "Client", household_id: int, people: list[int]) -> None:
    """Everybody of the household notifies a move out for 10 April."""
    case = receive(clerk, "13", household=str(household_id))
    typed = {"change_date": "R8.4.10", "destination": "群馬県高崎市高松町35番地1"}
    assert enter(clerk, case, typed).status_code == 302
    send(clerk, case, "02")
    births = {f"b.{person}": birth for person, birth in zip(people, BIRTHS, strict=False)}
    assert approve(reviewer, case, {"change_date": "R8.4.10", **births}).status_code == 302


def states(env: Environment, person_id: int) -> list[tuple[str, date]]:
    with env.database.transaction() as connection:
        return [(row.record.status, row.valid_from) for row in live_rows(connection, [person_id])[person_id]]


def registered(clerk: "Client", reviewer: "Client", case: str, people: dict[int, str]) -> None:
    assert send(clerk, case, "02").status_code == 302
    keys = {"change_date": "R8.4.10", **{f"b.{person}": birth for person, birth in people.items()}}
    done = approve(reviewer, case, keys)
    assert done.headers.get("Location") == f"/cases/{case}/done", text(done)


def test_who_does_not_leave_after_all_says_so_at_the_counter(
    screen_desk: "Desk", module_environment: Environment, module_clock: SettableClock
) -> None:
    """One of two: from the household, one page to the check page; the other still leaves."""
    from tests.signon.desk import post

    module_clock.set(MORNING)
    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    household_id, people = move_in_family(module_environment, 2)
    assert "/withdraw" not in text(clerk.get(f"/household/{household_id}"))
    leave(clerk, reviewer, household_id, people)
    where = f"/household/{household_id}/leaving/{people[0]}/withdraw"
    assert where in text(clerk.get(f"/household/{household_id}?person={people[0]}"))
    page = text(clerk.get(where))
    assert "転出しない人" in page
    assert page.count(" checked>") == 2
    form = {**CAME, "token": hidden(page, "token"), f"m.{people[0]}": "1"}
    refused = post(clerk, where, form | {"document": "", "notified_on": "R8.4.1"})
    assert refused.status_code == 422
    assert 'value="R8.4.1"' in text(refused)
    assert text(refused).count(" checked>") == 1
    answer, again = (post(clerk, where, form) for _ in range(2))
    case = answer.headers["Location"].split("/")[2]
    assert answer.headers["Location"] == f"/cases/{case}/check"
    assert again.headers["Location"] == f"/cases/{case}/entry", "a repeat opens the case that is there"
    assert "根拠 申出" in text(clerk.get(f"/cases/{case}/check"))
    registered(clerk, reviewer, case, {people[0]: BIRTHS[0]})
    assert {status for status, _ in states(module_environment, people[0])} == {"resident"}
    assert [status for status, _ in states(module_environment, people[1])] == ["resident", "moved_out"]
    after = text(clerk.get(f"/household/{household_id}?person={people[0]}"))
    assert f"{people[0]}/withdraw" not in after
    assert "一部取消済" in after, "the planned move out says in the history that it counts no more, before its day too"
    assert screen_desk.sign_on("admin1").get(where).status_code == 403


def test_from_the_list_of_awaited_notices_until_one_has_come(
    screen_desk: "Desk", module_environment: Environment, module_clock: SettableClock
) -> None:
    """After the planned day too; once the notice of arrival is there, nothing is left to withdraw at the counter."""
    from tests.signon.desk import post

    module_clock.set(MORNING + timedelta(hours=1))
    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    stays, arrives = (move_in_family(module_environment, 1) for _ in range(2))
    for household_id, people in (stays, arrives):
        leave(clerk, reviewer, household_id, people)
    module_clock.set(MORNING + timedelta(days=14))
    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    listed = text(clerk.get("/arrival-notices"))
    addresses = [f"/household/{household}/leaving/{people[0]}/withdraw" for household, people in (stays, arrives)]
    assert all(address in listed for address in addresses)
    page = text(clerk.get(addresses[0]))
    form = {**CAME, "token": hidden(page, "token"), f"m.{stays[1][0]}": "1"}
    case = post(clerk, addresses[0], form).headers["Location"].split("/")[2]
    registered(clerk, reviewer, case, {stays[1][0]: BIRTHS[0]})
    assert {status for status, _ in states(module_environment, stays[1][0])} == {"resident"}

    form = {"token": hidden(listed, "token"), "household": str(arrives[0]), "person": str(arrives[1][0])}
    notice = post(clerk, "/arrival-notices/receive", form).headers["Location"].split("/")[2]
    enter(clerk, notice, {"change_date": "R8.4.10", "destination": "群馬県高崎市高松町36番地"})
    registered(clerk, reviewer, notice, {arrives[1][0]: BIRTHS[0]})
    listed = text(clerk.get("/arrival-notices?all=1"))
    assert not any(address in listed for address in addresses)
    assert [clerk.get(address).status_code for address in addresses] == [404, 404]
