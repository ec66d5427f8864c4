"""The officer's own page: display, and passwords that keep the rules (control R-USE-06)."""

from typing import Any

import pytest

from daicho.signon.models import Officer
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post

NEW = "kusa-no-hana-1872"


@pytest.fixture(autouse=True)
def restored(desk: Desk) -> Any:
    """The password of the demo comes back after each test."""
    before = Officer.objects.get(pk="clerk1")
    yield
    before.save()


def change(desk: Desk, client: Any, new: str, again: str | None = None, old: str | None = None) -> Any:
    """Send the form."""
    form = {
        "old_password": desk.signons["clerk1"].password if old is None else old,
        "new_password": new,
        "new_password_again": new if again is None else again,
    }
    return post(client, "/settings/password", form)


def test_a_new_password_counts_from_now_on(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    desk.clock.advance(minutes=1)
    answer = change(desk, client, NEW)
    assert answer["Location"] == "/settings?changed"
    assert "変更しました" in client.get(answer["Location"]).content.decode()
    assert desk.first_step(desk.client(), "clerk1").status_code == 401
    assert desk.first_step(desk.client(), "clerk1", NEW).status_code == 303


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short-1", "12文字以上"),
        ("clerk1-kusa-no-hana", "職員番号や氏名"),
        ("kusa-市民課-no-hana", "職員番号や氏名"),
        ("123456789012345", "推測されやすい"),
        ("qwertyuiop12", "推測されやすい"),
        ("Password2026!", "推測されやすい"),
        ("２０２６kumagaya！！", "推測されやすい"),
        ("sakura-202604", "推測されやすい"),
        ("abcabcabcabc1", "推測されやすい"),
        ("zzzzzzzzzzzzzz", "推測されやすい"),
    ],
)
def test_rules_for_a_new_password(desk: Desk, new: str, words: str) -> None:
    answer = change(desk, desk.sign_on("clerk1"), new)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert new not in answer.content.decode()


def test_a_password_like_the_present_one_is_refused(desk: Desk) -> None:
    present = desk.signons["clerk1"].password
    answer = change(desk, desk.sign_on("clerk1"), present[:-1] + "#")
    assert "似ています" in answer.content.decode()


def test_the_present_password_must_be_right_and_the_new_one_typed_twice(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert "今のパスワードが違います" in change(desk, client, NEW, old="wrong").content.decode()
    assert "二つの新しいパスワードが違います" in change(desk, client, NEW, again=NEW + "x").content.decode()
    assert desk.first_step(desk.client(), "clerk1").status_code == 303


def test_a_password_used_lately_is_refused(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    first = desk.signons["clerk1"].password
    assert change(desk, client, NEW).status_code == 303
    assert change(desk, client, "yama-to-kawa-3344", old=NEW).status_code == 303
    assert "最近使った" in change(desk, client, first, old="yama-to-kawa-3344").content.decode()
    assert "最近使った" in change(desk, client, NEW, old="yama-to-kawa-3344").content.decode()


def test_an_old_password_is_changed_and_then_everything_opens(desk: Desk) -> None:
    desk.clock.advance(days=91)
    client = desk.sign_on("clerk1")
    assert "有効期限が過ぎています" in client.get("/settings").content.decode()
    assert client.get("/officers", headers={"Accept": "application/json"}).json()["code"] == "S010"
    assert change(desk, client, NEW).status_code == 303
    assert client.get("/officers", headers={"Accept": "application/json"}).json()["code"] == "A001"


def test_size_of_text_and_letter_keys(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert 'class="is-large"' not in client.get("/settings").content.decode()
    post(client, "/settings/display", {"size": "large", "letter_keys": "on"})
    assert 'class="is-large"' in client.get("/settings").content.decode()
    assert Officer.objects.get(pk="clerk1").letter_keys
    post(client, "/settings/display", {"size": "normal"})
    assert not Officer.objects.get(pk="clerk1").letter_keys


def test_the_sign_on_before_is_told(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert "ありません" in client.get("/settings").content.decode()
    post(client, "/sign-off", {})
    desk.clock.advance(hours=1)
    assert "4月1日 9:00 市民課 3番窓口" in desk.sign_on("clerk1").get("/settings").content.decode()
