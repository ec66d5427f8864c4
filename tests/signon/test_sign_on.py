"""Signing on through the pages."""

from tests.signon.desk import Desk, post


def test_an_officer_signs_on_and_off(desk: Desk) -> None:
    client = desk.client()
    assert client.get("/settings").status_code == 303
    assert "/sign-on?next=%2Fsettings" in client.get("/settings")["Location"]
    desk.sign_on("clerk1", client)
    page = client.get("/settings")
    assert page.status_code == 200
    assert "小林 由美" in page.content.decode()
    assert post(client, "/sign-off", {}).status_code == 303
    assert client.get("/settings").status_code == 303
