"""Two persons found to be one: by two officers, shown together, taken back by two; nothing merged, nothing lost."""

import psycopg
import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, NotAvailable, SameOfficer
from daicho.register.store.links import (
    LinkMoved,
    LinkNotPossible,
    act_on_link,
    ask_link,
    links,
    partners,
    waiting_links,
)
from daicho.register.store.search import search
from daicho.wire.environment import Connection, Environment
from tests.people import CLERK, REVIEWER, actor, move_in_family

OTHER = actor("reviewer2", "reviewer")
ADMIN = actor("admin1", "administrator")


@pytest.fixture
def three(environment: Environment) -> list[int]:
    """Three people of two households."""
    _, first = move_in_family(environment, 2)
    _, second = move_in_family(environment, 1)
    return [*first, *second]


def found(env: Environment, text: str) -> list[tuple[int, str, tuple[int, ...]]]:
    """Person, why found, and who is the same."""
    return [(hit.person_id, hit.why, hit.same_as) for hit in search(env, CLERK, text, Purpose.RESIDENT_INQUIRY).hits]


def numbers(env: Environment, person_id: int) -> str:
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT addressee_number FROM register.person WHERE person_id = %s", (person_id,)
        ).fetchone()
    assert row is not None
    return str(row["addressee_number"])


def test_two_officers_link_and_a_search_shows_both(environment: Environment, three: list[int]) -> None:
    leading, wife, other = three
    link_id = ask_link(environment, CLERK, leading, other, "31", "住民票の写しで確認")
    with environment.database.transaction() as connection:
        assert waiting_links(connection) == 1
        assert partners(connection, three) == {}
    act_on_link(environment, REVIEWER, link_id, "link", "51", seen=1)
    assert found(environment, numbers(environment, other)) == [
        (other, "number", (leading,)),
        (leading, "linked", (other,)),
    ]
    assert (wife, "number", ()) in found(environment, numbers(environment, wife))
    [shown] = links(environment, CLERK)
    assert (shown.status, shown.word, shown.leading_id, shown.other_id) == ("linked", "結付け中", leading, other)
    assert [(step.word, step.reason_word, step.note) for step in shown.steps] == [
        ("結付けの申請", "本人に確かめ、書類も同じ", "住民票の写しで確認"),
        ("結付けの承認", "書類で確かめた", ""),
    ]


def test_a_link_is_taken_back_by_two_officers_and_its_history_stays(environment: Environment, three: list[int]) -> None:
    leading, _, other = three
    link_id = ask_link(environment, CLERK, leading, other, "33")
    act_on_link(environment, REVIEWER, link_id, "link", "51", seen=1)
    act_on_link(environment, REVIEWER, link_id, "ask_undo", "41", seen=2)
    with pytest.raises(SameOfficer):
        act_on_link(environment, REVIEWER, link_id, "undo", "51", seen=3)
    act_on_link(environment, OTHER, link_id, "keep", "53", seen=3)
    act_on_link(environment, CLERK, link_id, "ask_undo", "42", seen=4)
    act_on_link(environment, OTHER, link_id, "undo", "51", seen=5)
    assert [one[1] for one in found(environment, numbers(environment, other))] == ["number"]
    [shown] = links(environment, CLERK, [other])
    assert (shown.status, len(shown.steps), shown.asker) == ("undone", 6, "reviewer2")
    assert links(environment, CLERK, [0]) == []
    again = ask_link(environment, CLERK, other, leading, "31")
    act_on_link(environment, OTHER, again, "refuse", "52", seen=1)


def test_what_is_not_linked(environment: Environment, three: list[int]) -> None:
    leading, wife, other = three
    with pytest.raises(LinkNotPossible):
        ask_link(environment, CLERK, leading, leading, "31")
    with pytest.raises(LinkNotPossible):
        ask_link(environment, CLERK, leading, other, "99")
    with pytest.raises(NotAvailable):
        ask_link(environment, CLERK, leading, 1, "31")
    with pytest.raises(NotAllowed):
        ask_link(environment, ADMIN, leading, other, "31")
    link_id = ask_link(environment, CLERK, leading, other, "31")
    with pytest.raises(LinkNotPossible):
        ask_link(environment, CLERK, wife, other, "31")  # led already
    with pytest.raises(LinkNotPossible):
        ask_link(environment, CLERK, other, wife, "31")  # who is led does not lead
    with pytest.raises(NotAllowed):
        act_on_link(environment, CLERK, link_id, "link", "51", seen=1)
    with pytest.raises(LinkNotPossible):
        act_on_link(environment, REVIEWER, link_id, "link", "31", seen=1)
    with pytest.raises(LinkMoved):
        act_on_link(environment, REVIEWER, link_id, "link", "51", seen=2)
    with pytest.raises(LinkMoved):
        act_on_link(environment, REVIEWER, link_id, "undo", "51", seen=1)
    with pytest.raises(NotAvailable):
        act_on_link(environment, REVIEWER, 1, "link", "51", seen=1)


def test_the_database_holds_the_two_officers_and_the_history(
    environment: Environment, three: list[int], owner_connection: Connection
) -> None:
    """Even for a program that goes round the service."""
    link_id = ask_link(environment, CLERK, three[0], three[2], "31")
    act = (
        "INSERT INTO register.person_link_act (link_id, place, act, reason, note, officer, terminal, at)"
        " SELECT link_id, 2, 'link', '51', '', officer, terminal, at FROM register.person_link_act"
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="who asks"):
        owner_connection.execute(act.encode())
    for statement in (
        "UPDATE register.person_link SET other_id = leading_id + 1",
        "DELETE FROM register.person_link",
        "UPDATE register.person_link_act SET note = 'x'",
        "DELETE FROM register.person_link_act",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(statement.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
        connection.execute("UPDATE register.person_link SET status = 'linked' WHERE link_id = %s", (link_id,))


def test_two_ask_at_one_moment(environment: Environment, three: list[int]) -> None:
    """A repeated act number is somebody else's act, told as such."""
    from tests.statements import stepped

    link_id = ask_link(environment, CLERK, three[0], three[2], "31")
    done: list[str] = []

    def before(_: Connection, text: str) -> None:
        if text.startswith("INSERT INTO register.person_link_act") and not done:
            done.append(text)
            act_on_link(environment, OTHER, link_id, "refuse", "52", seen=1)

    with pytest.raises(LinkMoved):
        act_on_link(stepped(environment, before), REVIEWER, link_id, "link", "51", seen=1)


def test_other_refusals_of_the_database_keep_their_meaning() -> None:
    """Two acts of one number are somebody else's act; an unknown rule is a mistake of the program."""
    from daicho.register.store import links as store

    with pytest.raises(LinkMoved), store._refusals():
        raise psycopg.errors.UniqueViolation
    with pytest.raises(psycopg.errors.CheckViolation), store._refusals():
        raise psycopg.errors.CheckViolation
