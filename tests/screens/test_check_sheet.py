"""入力確認用帳票 (STD 4.0.9): the sheet of a provisional case, printed from the check page before anything is registered."""

from typing import TYPE_CHECKING

import pypdfium2

from daicho.wire.environment import Connection, Environment
from tests.desk.build import code, family_typed, number
from tests.people import move_in_family
from tests.screens.desk_pages import enter, receive, send, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def words(pdf: bytes) -> str:
    """The text of a paper without line ends."""
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")


def test_the_sheet_of_a_move_in(screen_desk: "Desk", module_owner_connection: Connection) -> None:
    """Everything that changes, who came, the alerts; never a number. Only as long as the case is provisional."""
    clerk = screen_desk.sign_on("clerk1")
    case = receive(clerk)
    assert clerk.get(f"/cases/{case}/check/sheet").headers["Location"] == f"/cases/{case}/check"
    assert enter(clerk, case, family_typed(2)).status_code == 302
    assert f'href="/cases/{case}/check/sheet"' in text(clerk.get(f"/cases/{case}/check"))
    answer = clerk.get(f"/cases/{case}/check/sheet")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="check-sheet.pdf"',
    )
    said = words(answer.content)
    for word in (
        "入力確認用帳票",
        case,
        "渡邉",
        "籠原南一丁目214番地3",
        "令和8年3月30日",
        "個人番号カード",
        "届出人確認",
    ):
        assert word in said, word
    assert number(1) not in said
    assert code(1) not in said
    printed = module_owner_connection.execute(
        "SELECT count(*) AS n FROM trail.entry WHERE act = 'case.print' AND NOT refused"
    ).fetchone()
    assert printed == {"n": 1}
    assert send(clerk, case, "01").status_code == 302
    assert clerk.get(f"/cases/{case}/check/sheet").status_code == 409


def test_the_sheet_of_a_household_says_before_and_after(screen_desk: "Desk", module_environment: Environment) -> None:
    clerk = screen_desk.sign_on("clerk2")
    household_id, people = move_in_family(module_environment, 2)
    case = receive(clerk, "12", household=str(household_id))
    typed = {"change_date": "-1", "town": "籠原南一丁目", "lot": "5", **{f"m.{one}": "1" for one in people}}
    assert enter(clerk, case, typed).status_code == 302
    said = words(clerk.get(f"/cases/{case}/check/sheet").content)
    assert said.index("肥塚三丁目") < said.index("籠原南一丁目5番地")
    assert screen_desk.sign_on("admin1").get(f"/cases/{case}/check/sheet").status_code == 403
