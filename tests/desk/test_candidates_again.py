"""Somebody who may be the same person comes into the register after the check: the clerk decides before registration."""

from collections.abc import Mapping
from functools import partial

import pytest

from daicho.access.actor import Actor
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import review
from daicho.register.desk.errors import StopsRemain
from daicho.register.desk.model import Case
from daicho.register.store.errors import NumberInUse
from daicho.wire.environment import Connection, Environment
from tests.desk.build import OTHER_REVIEWER, REKEYS, code, family_typed, number, sent
from tests.desk.test_two_at_once import changes, together
from tests.people import CLERK, REVIEWER


def _alike(base: int) -> dict[str, str]:
    """One person, always the same but for the numbers and the room."""
    numbers = {"p1.individual_number": number(base), "p1.resident_code": code(base)}
    return family_typed(1) | numbers | {"building": f"パークサイド籠原{base}号"}


def _ready(env: Environment, base: int, reviewer: Actor = REVIEWER, typed: Mapping[str, str] | None = None) -> Case:
    """A case of that person, reviewed as far as the approval."""
    fields = _alike(base) | dict(typed or {})
    case = sent(env, fields, sending=f"t{base}")
    taken = review.take(env, reviewer, case.case_number)
    keys = {"change_date": REKEYS["change_date"], "p1.birth": fields["p1.birth"]}
    review.rekey(env, reviewer, case.case_number, keys)
    return taken


def test_a_person_registered_since_the_check_must_be_decided_first(
    environment: Environment, owner_connection: Connection
) -> None:
    """Nothing is registered; back at the counter the clerk compares and goes on."""
    late, early = _ready(environment, 301), _ready(environment, 302)
    review.approve(environment, REVIEWER, early.case_number, early.version)
    with pytest.raises(StopsRemain) as caught:
        review.approve(environment, REVIEWER, late.case_number, late.version)
    assert caught.value.data["count"] == 1
    assert changes(owner_connection) == 1
    assert desk.open_case(environment, REVIEWER, late.case_number).status == "checked"

    review.return_case(environment, REVIEWER, late.case_number, late.version, [("p1.name", "同じ人の記録があります")])
    held = desk.hold(environment, CLERK, late.case_number)
    found = checking.check(environment, CLERK, late.case_number, held.version)
    assert [alert.code for alert in found.prepared.stops] == ["W002"]
    [candidate] = found.prepared.candidates[found.case.ids["p1"]]
    decided = checking.decide_candidate(
        environment, CLERK, late.case_number, found.case.version,
        row="p1", candidate_id=candidate.person_id, same=False, reason="03",
    )  # fmt: skip
    checked = checking.check(environment, CLERK, late.case_number, decided.version).case
    checking.send(environment, CLERK, late.case_number, checked.version, "01")
    again = review.take(environment, REVIEWER, late.case_number)
    review.rekey(environment, REVIEWER, late.case_number, {key: REKEYS[key] for key in ("change_date", "p1.birth")})
    assert review.approve(environment, REVIEWER, late.case_number, again.version).status == "registered"
    assert changes(owner_connection) == 2


def test_the_decision_alone_looks_again_too(environment: Environment, owner_connection: Connection) -> None:
    """Reviewed by one, decided by another later: the look is made when it is registered."""
    late, early = _ready(environment, 301), _ready(environment, 302)
    waiting = review.approve(environment, REVIEWER, late.case_number, late.version, go_on=False)
    review.approve(environment, REVIEWER, early.case_number, early.version)
    with pytest.raises(StopsRemain):
        review.decide_case(environment, REVIEWER, waiting.case_number, waiting.version)
    assert changes(owner_connection) == 1


def test_two_reviewers_register_the_same_person_at_one_moment(
    environment: Environment, owner_connection: Connection
) -> None:
    """Ten pairs of cases: of each pair one is registered, the other stops; never both."""
    for place in range(10):
        birth = {"p1.birth": f"S{40 + place}0914"}
        one = _ready(environment, 400 + place, REVIEWER, birth)
        two = _ready(environment, 500 + place, OTHER_REVIEWER, birth)
        results = together(
            partial(review.approve, environment, REVIEWER, one.case_number, one.version),
            partial(review.approve, environment, OTHER_REVIEWER, two.case_number, two.version),
        )
        assert sorted(type(result).__name__ for result in results) == ["Case", "StopsRemain"]
    assert changes(owner_connection) == 10


def test_a_number_registered_since_the_check_is_refused(environment: Environment, owner_connection: Connection) -> None:
    """The same number typed into two cases: the later one is told about the number, whoever the person is."""
    late, early = _ready(environment, 301), _ready(environment, 302, typed={"p1.individual_number": number(301)})
    review.approve(environment, REVIEWER, early.case_number, early.version)
    with pytest.raises(NumberInUse):
        review.approve(environment, REVIEWER, late.case_number, late.version)
    assert changes(owner_connection) == 1
