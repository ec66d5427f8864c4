"""A household's sheet stays fast however many changes the city has: what corrects a change is found by index."""

from daicho.wire.environment import Environment


def test_what_corrects_or_cancels_a_change_is_found_by_index(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT change_id FROM register.change WHERE corrects = 1 OR cancels = 1"
        ).fetchall()
    text = str(plan)
    assert "change_corrects" in text
    assert "change_cancels" in text
