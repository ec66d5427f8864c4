"""Papers that a change makes by itself: they stand ready when it has been registered, and are handed over after a look."""

import re
from typing import TYPE_CHECKING

import pytest

from daicho.register.paper.press_client import SOCKET_VARIABLE, PressClient
from daicho.register.store import code_stock
from daicho.wire.environment import Environment
from tests.desk.build import BIRTHS as BIRTH_DATES
from tests.desk.build import code, family_typed
from tests.desk.test_other_changes import BIRTHS
from tests.house_database import SettableClock
from tests.paper.issuing import acts, family, rows
from tests.screens.desk_pages import approve, enter, receive, send, text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk


@pytest.fixture
def desk(environment: Environment, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """The demo's officers on the database of the test."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    return make_desk(environment, clock, tmp_path_factory.mktemp("secrets"))


def register(clerk: "Client", reviewer: "Client", case: str, typed: dict[str, str], keys: dict[str, str]) -> str:
    """Enter, review and register a case; the page that follows."""
    entered = enter(clerk, case, typed)
    assert entered.status_code == 302, text(entered)
    assert send(clerk, case, "02").status_code == 302
    done = approve(reviewer, case, keys)
    assert done.headers["Location"].endswith("/done"), text(done)
    return text(reviewer.get(done.headers["Location"]))


def test_the_certificate_of_a_move_out_stands_ready(
    desk: "Desk", environment: Environment, press: PressClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STD 4.1.3.0.3: made in the flow of the change; without a press it is offered, and nothing is lost."""
    from tests.signon.desk import post

    household, people = family(environment, 2)
    clerk, reviewer = desk.sign_on("clerk1"), desk.sign_on("reviewer1")
    births = {f"b.{person}": birth for person, birth in zip(people, BIRTHS, strict=False)}
    case = receive(clerk, "13", household=str(household), name="髙橋 美咲")
    typed = {"change_date": "R8.4.10", "destination": "群馬県高崎市高松町35番地1"}
    page = register(clerk, reviewer, case, typed, {"change_date": "R8.4.10", **births})
    assert "転出証明書を作りました" not in page  # no press here yet
    assert "転出証明書" in page
    monkeypatch.setenv(SOCKET_VARIABLE, str(press.path))
    again = post(reviewer, f"/cases/{case}/approve", {"version": "9", "act": "approve"})  # makes what is still owed
    page = text(reviewer.get(again.headers["Location"]))
    assert "転出証明書を作りました" in page
    [address] = set(re.findall(r'href="(/certificates/\d+)"', page))
    shown = text(reviewer.get(address))
    digests = re.findall(r'name="digest" value="([0-9a-f]{64})"', shown)
    post(reviewer, f"{address}/release", {"digest": digests})  # type: ignore[dict-item]
    assert "転出証明書は交付しました" in text(reviewer.get(again.headers["Location"]))
    post(reviewer, f"/cases/{case}/approve", {"version": "9", "act": "approve"})
    [made] = rows(
        environment, "SELECT kind, person_ids, requester_person, authority FROM register.certificate_application"
    )
    assert made == {"kind": "move_out", "person_ids": people, "requester_person": people[1], "authority": "1"}
    assert acts(environment) == ["certificate.preview", "certificate.issue"]


def test_whoever_gets_a_code_gets_its_notice(
    desk: "Desk", environment: Environment, press: PressClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STD 4.3.3: one notice for each code given, beside each other."""
    monkeypatch.setenv(SOCKET_VARIABLE, str(press.path))
    household, people = family(environment, 2)
    with environment.database.transaction() as connection:
        code_stock.add(connection, environment, [code(700), code(701)])
    clerk, reviewer = desk.sign_on("clerk1"), desk.sign_on("reviewer1")
    case = receive(clerk, "64", household=str(household), person=str(people[0]))
    keys = {"change_date": "R8.4.1", f"b.{people[0]}": BIRTHS[0]}
    page = register(clerk, reviewer, case, {"note": ""}, keys)
    assert page.count("住民票コード変更通知票を作りました") == 1
    case = receive(clerk, "14")
    typed = family_typed(2) | {"kind": "1", "previous_address": "アメリカ合衆国"}
    typed |= {
        "p1.resident_code": code(2),
        "p2.resident_code": code(3),
        "p1.individual_number": "",
        "p2.individual_number": "",
    }
    keys = {"change_date": "R8.3.30", "p1.birth": BIRTH_DATES["p1.birth"], "p2.birth": BIRTH_DATES["p2.birth"]}
    page = register(clerk, reviewer, case, typed, keys)
    assert page.count("住民票コード通知票を作りました") == 2
