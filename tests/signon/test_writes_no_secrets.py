"""Sign-on writes no names or secrets to the log."""

import logging

import pytest

from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post


def test_sign_on_writes_no_names_or_secrets_to_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        desk.first_step(desk.client(), "clerk1", "wrong-password-typed")
        desk.first_step(desk.client(), "typed-into-the-wrong-box")
        client = desk.sign_on("clerk1")
        post(client, "/lock", {})
        post(client, "/unlock", {"password": "wrong-password-typed"})
    signon = desk.signons["clerk1"]
    for word in (signon.name, signon.password, signon.totp_secret, "wrong-password", "wrong-box"):
        assert word not in caplog.text, word
