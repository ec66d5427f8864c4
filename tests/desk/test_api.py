"""The main job over the API, and the door on each of its operations."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from daicho.wire.environment import Environment
from tests.desk.build import REKEYS, family_typed
from tests.house_database import SettableClock

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from tests.signon.desk import Desk


@pytest.fixture
def api_desk(environment: Environment, clock: SettableClock, tmp_path: "Path") -> "Desk":
    """The demo's officers."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    return make_desk(environment, clock, tmp_path)


def _call(client: "Client", method: str, path: str, body: object = None, status: int = 200) -> Any:
    token = client.cookies["daicho_register_csrf"].value
    answer = client.generic(
        method,
        f"/api/v1{path}",
        json.dumps(body or {}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None


def _received(client: "Client") -> dict[str, Any]:
    wanted = {"token": "t1", "reason": "move_in", "reception": {"notifier": "1", "document": "01"}}
    case: dict[str, Any] = _call(client, "POST", "/cases", wanted)
    return case


def test_a_family_moves_in_over_the_api(api_desk: "Desk") -> None:
    clerk, reviewer = api_desk.sign_on("clerk1"), api_desk.sign_on("reviewer1")
    case = _received(clerk)
    path = f"/cases/{case['case_number']}"
    assert _received(clerk)["case_number"] == case["case_number"]
    case = _call(clerk, "PUT", f"{path}/draft", {"version": case["version"], "typed": family_typed()})
    checked = _call(clerk, "POST", f"{path}/check", {"version": case["version"]})
    assert checked["case"]["status"] == "provisional"
    assert all(alert["tier"] < 3 for alert in checked["alerts"])
    case = _call(clerk, "POST", f"{path}/send", {"version": checked["case"]["version"], "reason": "01"})
    _call(clerk, "POST", f"{path}/take", status=403)
    case = _call(reviewer, "POST", f"{path}/take")
    assert set(_call(reviewer, "POST", f"{path}/rekey", {"keyed": REKEYS})["outcomes"].values()) == {"match"}
    done = _call(reviewer, "POST", f"{path}/approve", {"version": case["version"]})
    again = _call(reviewer, "POST", f"{path}/approve", {"version": case["version"]})
    assert done["status"] == "registered"
    assert again["change_id"] == done["change_id"]
    people = _call(clerk, "POST", "/search", {"text": "ワタナベ ダイスケ", "purpose": "04"})["people"]
    assert [one["name"] for one in people] == ["渡邉　大輔"]
    household = people[0]["household_id"]
    sheet = _call(clerk, "GET", f"/households/{household}?purpose=04")
    assert len(sheet["members"]) == 4
    _call(clerk, "GET", f"/households/{household}?purpose=04&on=2020-01-01", status=404)
    _call(clerk, "GET", f"/households/{household}?purpose=77", status=422)


def test_a_case_goes_back_parks_and_ends(api_desk: "Desk") -> None:
    clerk, reviewer = api_desk.sign_on("clerk1"), api_desk.sign_on("reviewer1")
    case = _received(clerk)
    path = f"/cases/{case['case_number']}"
    case = _call(clerk, "PUT", f"{path}/draft", {"version": case["version"], "typed": family_typed()})
    case = _call(clerk, "POST", f"{path}/park", {"version": case["version"], "reason": "書類待ち"})
    assert case["status"] == "parked"
    case = _call(clerk, "POST", f"{path}/resume")
    checked = _call(clerk, "POST", f"{path}/check", {"version": case["version"]})
    case = _call(clerk, "POST", f"{path}/send", {"version": checked["case"]["version"], "reason": "01"})
    case = _call(reviewer, "POST", f"{path}/take")
    comments = [{"field": "p1.name", "text": "字形を確かめてください。"}]
    case = _call(reviewer, "POST", f"{path}/return", {"version": case["version"], "comments": comments})
    assert case["status"] == "returned"
    case = _call(clerk, "POST", f"{path}/withdraw", {"version": case["version"], "reason": "本人の申出"})
    assert _call(clerk, "GET", path)["status"] == "withdrawn"


def test_bad_input_is_refused_with_code_and_sentences(api_desk: "Desk") -> None:
    clerk = api_desk.sign_on("clerk1")
    refused = _call(clerk, "POST", "/cases", {"token": "x", "reason": "teleport"}, 422)
    assert refused["code"] == "K013"
    case = _received(clerk)
    path = f"/cases/{case['case_number']}"
    _call(clerk, "PUT", f"{path}/draft", {"version": 99, "typed": {}}, 409)
    refused = _call(clerk, "POST", f"{path}/check", {"version": case["version"]}, 422)
    assert refused["code"]
    _call(clerk, "GET", "/cases/R8-0401-9999", status=404)
    _call(clerk, "POST", "/cases", {"surprise": 1}, 400)


def test_nobody_without_the_right_gets_in(api_desk: "Desk") -> None:
    administrator = api_desk.sign_on("admin1")
    _call(administrator, "POST", "/cases", {"token": "x", "reason": "move_in"}, 403)
    _call(administrator, "POST", "/search", {"text": "ワタナベ", "purpose": "04"}, 403)
    _call(administrator, "GET", "/households/1?purpose=04", status=403)
    stranger = api_desk.client()
    stranger.cookies["daicho_register_csrf"] = "x" * 32
    _call(stranger, "POST", "/cases", {"token": "x", "reason": "move_in"}, 401)
