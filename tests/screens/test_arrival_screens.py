"""Both steps of a move out through the pages: planned, awaited, received; the plan stays beside what is confirmed."""

from datetime import timedelta
from typing import TYPE_CHECKING

from daicho.wire.environment import Environment
from tests.desk.test_household_moves import number_of
from tests.desk.test_other_changes import BIRTHS, record_of
from tests.house_database import SettableClock
from tests.people import move_in_family
from tests.screens.conftest import MORNING
from tests.screens.desk_pages import approve, enter, hidden, receive, send, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_the_two_steps_of_a_move_out(
    screen_desk: "Desk", module_environment: Environment, module_clock: SettableClock
) -> None:
    """STD 4.1.3.0.1 to 4.1.3.1.4: a planned leaver is a resident and not awaited until the day has come."""
    from tests.signon.desk import post

    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    household_id, people = move_in_family(module_environment, 2)
    case = receive(clerk, "13", household=str(household_id))
    typed = {"change_date": "R8.4.10", "destination": "群馬県高崎市高松町35番地1", "by_card": "1"}
    assert enter(clerk, case, typed | {"destination_postcode": "37"}).status_code == 422
    assert enter(clerk, case, {"destination_postcode": "370-0829"}).status_code == 302
    assert "転出証明書は出さず、転出証明書情報を送ります" in text(clerk.get(f"/cases/{case}/check"))
    send(clerk, case, "02")
    births = {f"b.{person}": birth for person, birth in zip(people, BIRTHS, strict=False)}
    assert approve(reviewer, case, {"change_date": "R8.4.10", **births}).status_code == 302
    planned = record_of(module_environment, people[0])
    assert (planned.planned_municipality, planned.planned_postcode) == ("102024", "3700829")  # type: ignore[attr-defined]
    number = f"{number_of(module_environment, household_id)[:4]} {number_of(module_environment, household_id)[4:]}"
    assert number not in text(clerk.get("/arrival-notices"))

    module_clock.set(MORNING + timedelta(days=14))
    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    listed = text(clerk.get("/arrival-notices"))
    assert number in listed
    assert '<td class="num fig">5</td>' in listed
    form = {"token": hidden(listed, "token"), "household": str(household_id), "person": str(people[0])}
    opened, again = (post(clerk, "/arrival-notices/receive", form) for _ in range(2))
    assert opened.headers["Location"] == again.headers["Location"]
    notice = opened.headers["Location"].split("/")[2]
    page = text(clerk.get(f"/cases/{notice}/entry"))
    assert "転入した人" in page
    assert '<option value="4" selected>通知</option></select>' in page
    assert "群馬県高崎市高松町35番地1" in page
    typed = {"change_date": "R8.4.8", "destination": "群馬県高崎市高松町36番地"}
    assert enter(clerk, notice, typed).status_code == 302
    check = text(clerk.get(f"/cases/{notice}/check"))
    assert "消除の日が令和8年4月8日に早まります" in check
    send(clerk, notice)
    assert approve(reviewer, notice, {"change_date": "R8.4.8", **births}).headers["Location"].endswith("/done")
    record = record_of(module_environment, people[0])
    assert (record.planned_address, record.confirmed_address) == (  # type: ignore[attr-defined]
        "群馬県高崎市高松町35番地1",
        "群馬県高崎市高松町36番地",
    )
    assert record.confirmed_municipality == "102024"  # type: ignore[attr-defined]
    assert number not in text(clerk.get("/arrival-notices?all=1"))


def test_a_late_notification_is_done_ex_officio(
    screen_desk: "Desk", module_environment: Environment, module_clock: SettableClock
) -> None:
    """STD 4.1.3.0.1: on the fifteenth day the notification is stopped; ex officio it goes, with the day it was made."""
    module_clock.set(MORNING)
    household_id, people = move_in_family(module_environment, 1)
    module_clock.set(MORNING + timedelta(days=15))
    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    case = receive(clerk, "13", household=str(household_id))
    typed = {"change_date": "R8.4.1", "destination": "東京都豊島区東池袋九丁目2番3号"}
    enter(clerk, case, typed)
    assert "転出した日から15日後の届出です" in text(clerk.get(f"/cases/{case}/check"))
    assert send(clerk, case).status_code == 409
    assert enter(clerk, case, {"basis": "2"}).status_code == 302
    assert send(clerk, case).status_code == 302
    keys = {"change_date": "R8.4.1", f"b.{people[0]}": BIRTHS[0]}
    assert approve(reviewer, case, keys).headers["Location"].endswith("/done")
    record = record_of(module_environment, people[0])
    assert record.removed_basis == "職権"  # type: ignore[attr-defined]
    assert str(record.removed_notified_on) == "2026-04-16"  # type: ignore[attr-defined]


def test_the_list_as_a_file_is_for_those_who_decide(screen_desk: "Desk") -> None:
    """STD 4.1.3.1.4: the list; a clerk without the right gets nothing."""
    assert screen_desk.sign_on("clerk1").get("/arrival-notices/file").status_code == 403
    answer = screen_desk.sign_on("reviewer1").get("/arrival-notices/file?all=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="arrival-notices-awaited.csv"'
    assert text(answer).startswith("\ufeff日数,消除の日,事由,世帯番号,氏名")
    assert "国内転出" in text(answer)


def test_a_notice_for_a_household_that_is_not_on_the_list(screen_desk: "Desk", module_environment: Environment) -> None:
    """By the number of the household; nobody has left this one."""
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk1")
    household_id, _ = move_in_family(module_environment, 1)
    token = hidden(text(clerk.get("/arrival-notices")), "token")
    case = post(clerk, "/arrival-notices/receive", {"token": token}).headers["Location"].split("/")[2]
    answer = text(enter(clerk, case, {"basis": "4", "household": number_of(module_environment, household_id)}))
    assert "その世帯番号の世帯はありません" in answer


def test_a_move_in_that_nobody_notified(screen_desk: "Desk") -> None:
    """STD 4.2.0.2: nobody came, so the case begins ex officio and without a day of notification."""
    clerk = screen_desk.sign_on("clerk1")
    case = receive(clerk, "11", notifier="5", name="", document="")
    page = text(clerk.get(f"/cases/{case}/entry"))
    assert '<option value="2" selected>職権</option>' in page
    assert 'name="notified_on" value=""' in page
