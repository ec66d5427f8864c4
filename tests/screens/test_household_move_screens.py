"""S12 through the pages: two households side by side, every relationship explained, the split registered."""

from typing import TYPE_CHECKING

from daicho.wire.environment import Connection, Environment
from tests.desk.test_household_moves import number_of
from tests.desk.test_other_changes import BIRTHS
from tests.people import move_in_family
from tests.screens.desk_pages import approve, enter, hidden, receive, send, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_a_split_through_the_pages(screen_desk: "Desk", people: tuple[int, list[int]]) -> None:
    """The proposals stand beside the entry while it is typed, and again on the check page."""
    from tests.signon.desk import post

    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    household_id, members = people
    case = receive(clerk, "31", household=str(household_id))
    page = text(clerk.get(f"/cases/{case}/entry"))
    assert "必要な欄が入ると、異動の後の世帯が並びます。" in page
    form = {"version": hidden(page, "version"), "page": hidden(page, "page")}
    typed = {"change_date": "-1", f"m.{members[1]}": "1", f"m.{members[3]}": "1", "head": str(members[1])}
    live = text(post(clerk, f"/cases/{case}/live", form | typed))
    assert "新しい世帯" in live
    assert "残る世帯" in live
    assert "旧世帯主の子 → 新世帯主（妻）の子 なので 子" in live
    assert "2 順にたどると新世帯主（妻）の夫の子です。" in live
    assert "ほかの読み方: 夫の子" in live
    assert enter(clerk, case, typed).status_code == 302
    check = text(clerk.get(f"/cases/{case}/check"))
    assert "旧世帯主の子 → 新世帯主（妻）の子 なので 子" in check
    assert "世帯を分けた日" in check
    assert send(clerk, case, "02").status_code == 302
    keys = {"change_date": "R8.3.31", f"b.{members[1]}": BIRTHS[1], f"b.{members[3]}": BIRTHS[3]}
    assert approve(reviewer, case, keys).headers["Location"] == f"/cases/{case}/done"
    assert "世帯分離" in text(clerk.get(f"/household/{household_id}"))


def test_the_household_joined_is_shown_while_its_newcomers_are_entered(
    screen_desk: "Desk", module_environment: Environment
) -> None:
    """STD 4.0.2; an impossible relationship stands at its field, and the order by hand is on the check page."""
    clerk = screen_desk.sign_on("clerk1")
    first_id, first = move_in_family(module_environment, 2)
    second_id, second = move_in_family(module_environment, 1)
    number = number_of(module_environment, first_id)
    case = receive(clerk, "32", household=str(second_id))
    answer = text(enter(clerk, case, {"change_date": "-1", "join_household": number, f"r.{second[0]}": "妻"}))
    assert "髙橋　美咲" in answer or "美咲" in answer
    assert "続柄: 続柄「妻」は性別と合いません。" in answer
    order = {f"o.{first[0]}": "1", f"o.{second[0]}": "2", f"o.{first[1]}": "3"}
    assert enter(clerk, case, {f"r.{second[0]}": "縁故者", **order}).status_code == 302
    check = text(clerk.get(f"/cases/{case}/check"))
    assert "並び順" in check
    assert "世帯員の順" in check
    assert "書類で確かめて選んだ続柄です。" in check


def test_a_move_in_shows_the_household_it_joins(
    screen_desk: "Desk", module_environment: Environment, module_owner_connection: Connection
) -> None:
    """STD 4.0.2: while the newcomer is typed; the look at the household is on record."""
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk1")
    household_id, members = move_in_family(module_environment, 2)
    case = receive(clerk, "11")
    page = text(clerk.get(f"/cases/{case}/entry"))
    assert 'id="joined-household"' in page
    assert "美咲" not in page
    form = {"version": hidden(page, "version"), "page": hidden(page, "page")}
    joins = {"household_kind": "2", "join_household": number_of(module_environment, household_id)}
    live = text(post(clerk, f"/cases/{case}/live", form | joins))
    assert "美咲" in live
    assert "入る世帯" in live
    looked = module_owner_connection.execute(
        "SELECT count(*) AS n FROM trail.entry e JOIN trail.subject s USING (entry_id)"
        " WHERE e.act = 'household.open' AND s.person_id = %s",
        (members[1],),
    ).fetchone()
    assert looked == {"n": 1}
    assert "美咲" not in text(post(clerk, f"/cases/{case}/live", form | joins | {"household_kind": "1"}))
