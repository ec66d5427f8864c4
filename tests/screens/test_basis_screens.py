"""The basis of a change through the pages: chosen at the entry, said at the check and the review, kept in the history."""

from typing import TYPE_CHECKING

from tests.desk.test_other_changes import BIRTHS
from tests.screens.desk_pages import approve, enter, hidden, receive, send, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_a_change_of_head_on_request(screen_desk: "Desk", people: tuple[int, list[int]]) -> None:
    """STD 4.2.0.5: one can see afterwards that it was done on request, and on which day that was made."""
    from tests.signon.desk import post

    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    household_id, members = people
    case = receive(clerk, "34", household=str(household_id))
    page = text(clerk.get(f"/cases/{case}/entry"))
    assert '<option value="1" selected>届出</option>' in page
    assert 'href="#f-basis" data-key="Alt+0"' in page
    form = {"version": hidden(page, "version"), "page": hidden(page, "page")}
    live = text(post(clerk, f"/cases/{case}/live", form | {"basis": "3", "notified_on": ""}))
    assert 'id="notified-word" hx-swap-oob="true">申出日<' in live
    typed = {"basis": "3", "notified_on": "", "change_date": "R8.3.31", "new_head": str(members[1])}
    missing = text(enter(clerk, case, typed))
    assert "申出日: 申出日が入っていません。" in missing
    assert '<option value="3" selected>申出</option>' in missing
    assert enter(clerk, case, typed | {"notified_on": "今日"}).status_code == 302
    assert "根拠 申出" in text(clerk.get(f"/cases/{case}/check"))
    send(clerk, case, "02")
    assert '<th scope="row">根拠</th><td>申出</td>' in text(reviewer.get(f"/cases/{case}/review"))
    keys = {"change_date": "R8.3.31", f"b.{members[1]}": BIRTHS[1]}
    assert approve(reviewer, case, keys).headers["Location"] == f"/cases/{case}/done"
    sheet = text(clerk.get(f"/household/{household_id}"))
    assert '世帯主変更 <span class="lab">申出</span>' in sheet
    assert "申出日 令和8年4月1日" in sheet
