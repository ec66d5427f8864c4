"""A record linked to that of a hidden person stands where she is: no place leads to either, no place is shown of either."""

from daicho.access.actor import Purpose
from daicho.register.store.links import act_on_link, ask_link
from daicho.register.store.search import Found, search
from daicho.wire.environment import Environment
from tests.canary import CANARIES
from tests.people import REVIEWER
from tests.protection.build import CLERK, make_refuge


def test_a_linked_record_tells_no_place_of_a_hidden_person(environment: Environment) -> None:
    """The grandmother's record, taken for another record of the mother, would give her place away."""
    refuge = make_refuge(environment)
    link_id = ask_link(environment, CLERK, refuge.mother, refuge.grandmother, "31")
    act_on_link(environment, REVIEWER, link_id, "link", "51", seen=1)

    def found(text: str) -> Found:
        return search(environment, CLERK, text, Purpose.RESIDENT_INQUIRY)

    assert found(CANARIES["address"]).hits == ()
    for text in ("ニイジマ ハル", "タカハシ ミサキ"):
        answer = found(text)
        assert answer.hits
        assert CANARIES["address"] not in str(answer.hits)
        assert all(hit.hidden for hit in answer.hits if hit.person_id in (refuge.mother, refuge.grandmother))
