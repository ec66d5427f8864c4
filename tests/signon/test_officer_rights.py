"""S27: the administrator asks what an officer may and why; the answer is that of the decision, and the look is on record."""

from django.test import Client

from daicho.access.actor import Right
from daicho.signon.models import Officer
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk


def page(client: Client, query: str, status: int = 200) -> str:
    """The page asked for."""
    answer = client.get(f"/officers/rights?{query}")
    assert answer.status_code == status
    return answer.content.decode()


def row(text: str, code: str) -> str:
    """The row of one right."""
    return next(part for part in text.split("<tr>") if f">{code}<" in part)


def test_the_page_says_what_is_held_from_which_role_and_what_is_not_and_why(desk: Desk) -> None:
    text = page(desk.sign_on("admin1"), "officer=clerk1&day=R8.4.1&terminal=counter")
    held = row(text, "case.enter")
    assert "できる" in held
    assert "窓口担当: 役割に与えられている(R2.1.1から・期限なし)" in held
    refused = row(text, "case.review")
    assert "できない" in refused
    assert "窓口担当: 役割に含まれない" in refused
    assert "異動届・証明書交付" in row(text, "number.reveal")


def test_purpose_terminal_and_masked_items_change_the_answer(desk: Desk) -> None:
    client = desk.sign_on("admin1")
    assert "この利用目的では使えない(統計)" in row(page(client, "officer=clerk1&purpose=08"), "number.reveal")
    assistant = page(client, "officer=assistant1&terminal=temporary")
    assert "個人番号" in row(assistant, "number.reveal")
    elsewhere = row(page(client, "officer=assistant1&terminal=counter"), "case.enter")
    assert "この区分の端末には与えられていない(窓口端末)" in elsewhere
    assert page(client, "officer=clerk1&terminal=screen").count("できない") > page(client, "officer=clerk1").count(
        "できない"
    )


def test_a_day_outside_the_term_holds_nothing(desk: Desk) -> None:
    client = desk.sign_on("admin1")
    Officer.objects.filter(pk="clerk2").update(valid_to="2026-04-30")
    assert "この日は職員番号が使えません" not in page(client, "officer=clerk2&day=R8.4.30")
    text = page(client, "officer=clerk2&day=R8.5.1")
    assert "この日は職員番号が使えません" in text
    assert f"{len(Right)}のうち0ができます" in text


def test_only_the_administrator_asks_and_each_look_is_on_record(
    desk: Desk, module_owner_connection: Connection
) -> None:
    for officer in ("clerk1", "reviewer1", "protector1"):
        page(desk.sign_on(officer), "officer=clerk1", 403)
    page(desk.sign_on("admin1"), "officer=clerk1&day=R8.4.1&terminal=screen")
    [entry] = module_owner_connection.execute(
        "SELECT officer, detail FROM trail.entry WHERE act = 'officer.rights' ORDER BY entry_id DESC LIMIT 1"
    ).fetchall()
    assert entry["officer"] == "admin1"
    assert entry["detail"] == {"officer": "clerk1", "day": "2026-04-01", "terminal_class": "screen"}


def test_what_cannot_be_read_is_kept_and_said(desk: Desk) -> None:
    client = desk.sign_on("admin1")
    assert "その職員番号の職員はいません。" in page(client, "officer=nobody", 404)
    text = page(client, "officer=clerk1&day=R8.13.1", 422)
    assert 'value="clerk1"' in text
    assert 'value="R8.13.1"' in text
