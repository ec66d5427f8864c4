"""Every page, operation and command, called by officers who are not entitled, tells of no protected person (design, 6)."""

import itertools
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daicho.access.actor import Purpose
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.protection import measures, openings
from daicho.wire.environment import Environment
from tests.canary import CANARIES, MARKS, leaks
from tests.protection.build import PROTECTOR, SECOND, Refuge
from tests.protection.conftest import desk as officers  # noqa: F401
from tests.protection.conftest import refuge  # noqa: F401
from tests.walk.recipes import (
    API_QUERIES,
    ARGUMENTS,
    BODIES,
    COMMANDS,
    FORMS,
    NOT_WALKED,
    QUERIES,
    SPECIAL,
    Scene,
)

if TYPE_CHECKING:
    from django.test import Client
    from django.urls import URLPattern

    from tests.signon.desk import Desk

OFFICERS = ("clerk2", "reviewer1", "admin1")
"""Those who hold every right but those about protected people."""
HELP = (
    "give its parameter a line in tests/walk/recipes.py (ARGUMENTS, or SPECIAL for this route alone); see docs/door.md"
)


def routes() -> list[tuple[str, "URLPattern"]]:
    """Every route with its name, those of the API left out."""
    from django.urls import URLResolver, get_resolver

    def below(resolver: URLResolver, names: tuple[str, ...]) -> Iterator[tuple[str, "URLPattern"]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from below(one, (*names, one.namespace) if one.namespace else names)
            elif "api" not in names:
                yield one.name or "", one

    return list(below(get_resolver("daicho.register.urls"), ()))


def operations() -> list[tuple[str, str, Any]]:
    """Every operation of the API: method, path, itself."""
    from daicho.register.api import api

    return [
        (method, f"/api/v1{prefix}{place}", one)
        for prefix, router in api._routers
        for place, view in router.path_operations.items()
        for one in view.operations
        for method in one.methods
    ]


def values(route: str, parameter: str, scene: Scene) -> list[Any]:
    """What to call a parameter with."""
    found = SPECIAL.get(f"{route}.{parameter}") or ARGUMENTS.get(parameter)
    assert found is not None, f"no argument for {parameter!r} of {route!r}: {HELP}"
    return found(scene)


def arguments(route: str, parameters: list[str], scene: Scene) -> list[dict[str, Any]]:
    """Every combination for a route."""
    columns = [values(route, one, scene) for one in parameters]
    return [dict(zip(parameters, row, strict=True)) for row in itertools.product(*columns)]


def parameters_of(path: str) -> list[str]:
    """The parameters of an operation's path."""
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]


@pytest.fixture(scope="module")
def scene(module_environment: Environment, refuge: Refuge, officers: "Desk") -> Scene:  # noqa: F811
    """A case of the designated officer about the one who fled, a measure with everything in it."""
    assert officers.signons
    case = desk.receive(
        module_environment,
        PROTECTOR,
        token="walk-scene",
        reason=Reason.MOVE_OUT,
        reception={"name": CANARIES["memo"]},
        household_id=refuge.new_household,
        person_id=refuge.mother,
        typed={"destination": CANARIES["destination"]},
    )
    details = {"counterpart_name": CANARIES["counterpart"], "memo": CANARIES["memo"], "phone": CANARIES["memo"]}
    measures.amend(module_environment, PROTECTOR, refuge.protection_id, 1, details=details)
    with module_environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT p.change_id FROM register.change_person p WHERE p.person_id = %s ORDER BY p.change_id DESC LIMIT 1",
            (refuge.mother,),
        ).fetchone()
    assert row is not None
    return Scene(refuge, case.case_number, row["change_id"])


@pytest.fixture(scope="module")
def clients(officers: "Desk", scene: Scene) -> dict[str, "Client"]:  # noqa: F811
    """One browser per officer, each with a search behind it."""
    from tests.signon.desk import post

    assert scene
    found = {}
    for officer in OFFICERS:
        found[officer] = officers.sign_on(officer)
        post(found[officer], "/search", {"q": "タカハシ", "purpose": "04"})
    return found


def test_every_route_has_arguments(scene: Scene) -> None:
    """A route without a recipe fails here, by name."""
    for route, pattern in routes():
        if route not in NOT_WALKED:
            arguments(route, list(pattern.pattern.converters), scene)


def test_every_operation_has_arguments_and_a_body(scene: Scene) -> None:
    for _method, path, operation in operations():
        name = operation.operation_id
        if name in NOT_WALKED:
            continue
        arguments(name, parameters_of(path), scene)
        needs_body = any(getattr(model, "__ninja_param_source__", "") == "body" for model in operation.models)
        assert not needs_body or name in BODIES, (
            f"no body for {name!r}: give it a line in BODIES of tests/walk/recipes.py"
        )


def test_every_command_says_why_it_tells_of_nobody(repository: Path) -> None:
    folder = repository / "src/daicho/engine/commands"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(COMMANDS), "see COMMANDS in tests/walk"


def test_the_recipes_name_only_what_exists() -> None:
    known = {route for route, _ in routes()} | {one.operation_id for _, _, one in operations()}
    used = {*QUERIES, *FORMS, *BODIES, *API_QUERIES, *(name.partition(".")[0] for name in SPECIAL)}
    assert used <= known
    assert {name for name in NOT_WALKED if name not in known} <= {"api-sign-off"}


@pytest.mark.parametrize("officer", OFFICERS)
def test_no_page_tells_of_a_protected_person(
    clients: dict[str, "Client"], scene: Scene, caplog: pytest.LogCaptureFixture, officer: str
) -> None:
    from tests.signon.desk import post

    caplog.set_level(logging.DEBUG)
    client = clients[officer]
    seen: dict[str, int] = {}
    for route, pattern in routes():
        if route in NOT_WALKED:
            continue
        for given in arguments(route, list(pattern.pattern.converters), scene):
            for address in addresses(route, given, scene):
                answer = client.get(address)
                check(route, answer)
                seen[address] = answer.status_code
            check(route, post(client, addresses(route, given, scene)[0], form(route, scene)))
    assert not leaks(*(record.getMessage() for record in caplog.records), caplog.text)
    assert officer == "admin1" or sum(status == 200 for status in seen.values()) > 25, "pages were not reached"


def test_the_scanner_is_not_blind(
    officers: "Desk",  # noqa: F811
    scene: Scene,
    module_environment: Environment,
) -> None:
    """With an opening by a second person the same page shows the place, and the scanner finds it."""
    client = officers.sign_on("protector1")
    vars(client)["entitled"] = True
    page = f"/household/{scene.refuge.new_household}?person={scene.refuge.mother}"
    assert not leaks(client.get(page, follow=True).content)
    terminal = replace(PROTECTOR, terminal_id=officers.signons["protector1"].terminal)
    asked = openings.ask(module_environment, terminal, "look", scene.refuge.protected, Purpose.REVIEW, "確認")
    openings.decide(module_environment, SECOND, asked, approve=True, reason="必要", confirmed=scene.refuge.protected)
    assert set(leaks(client.get(page, follow=True).content)) == set(MARKS)


def addresses(route: str, given: dict[str, Any], scene: Scene) -> list[str]:
    from django.urls import reverse

    place = reverse(route, kwargs=given)
    queries = QUERIES[route](scene) if route in QUERIES else [""]
    return [f"{place}?{query}" if query else place for query in queries]


def form(route: str, scene: Scene) -> dict[str, str]:
    return FORMS[route](scene) if route in FORMS else {}


def check(route: str, answer: Any) -> None:
    assert answer.status_code != 500, f"{route} broke"
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = leaks(body, *answer.headers.items())
    assert not told, f"{route} ({answer.status_code}) tells {told}"


@pytest.mark.parametrize("officer", OFFICERS)
def test_no_operation_tells_of_a_protected_person(
    clients: dict[str, "Client"], scene: Scene, caplog: pytest.LogCaptureFixture, officer: str
) -> None:
    caplog.set_level(logging.DEBUG)
    client = clients[officer]
    token = client.get("/api/v1/session").cookies.get("daicho_register_csrf") or client.cookies["daicho_register_csrf"]
    for method, path, operation in operations():
        name = operation.operation_id
        if name in NOT_WALKED:
            continue
        for given in arguments(name, parameters_of(path), scene):
            for query in API_QUERIES[name](scene) if name in API_QUERIES else [""]:
                answer = client.generic(
                    method,
                    path.format(**given) + (f"?{query}" if query else ""),
                    json.dumps(BODIES[name](scene)) if name in BODIES else "",
                    content_type="application/json",
                    headers={"X-CSRFToken": token.value},
                )
                check(name, answer)
    assert not leaks(caplog.text)


def test_neither_trail_nor_messages_hold_a_canary(
    clients: dict[str, "Client"], module_environment: Environment
) -> None:
    """After the walk: the trail holds ids and codes; of messages only the register's own change tells an address."""
    assert clients
    with module_environment.database.transaction() as connection:
        trail = connection.execute("SELECT * FROM trail.entry").fetchall()
        outbox = connection.execute(
            "SELECT * FROM wire.outbox WHERE kind NOT LIKE '%-changed' OR kind LIKE 'suppression%'"
        ).fetchall()
    assert not leaks(trail, outbox)
