"""The accounting of transactions, against a model that tries every order in which they can end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.trail.snapshot import Snapshot


def test_the_text_is_postgresql_s() -> None:
    for text in ("10:20:10,14,15", "20:20:", "0:0:"):
        assert Snapshot.parse(text).text == text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_entry_is_taken_exactly_once(data: st.DataObject) -> None:
    """Transactions begin and end in any order; batches of any length are cut; nothing is lost, nothing taken twice."""
    entries = data.draw(st.lists(st.booleans(), min_size=1, max_size=12), label="which transactions commit")
    begun, ended, accounted, taken = 0, set[int](), Snapshot(), list[int]()

    def round_of(limit: int | None) -> bool:
        nonlocal accounted
        now = Snapshot(begun, frozenset(range(begun)) - ended)
        waiting = sorted(x for x in ended if entries[x] and (x >= accounted.end or x in accounted.open))
        stop = waiting[limit] if limit is not None and limit < len(waiting) else None
        taken.extend(x for x in waiting if stop is None or x < stop)
        accounted = accounted.then(now, stop)
        return stop is not None

    for step in data.draw(st.lists(st.sampled_from(["begin", "end", "seal"]), max_size=40), label="steps"):
        if step == "begin" and begun < len(entries):
            begun += 1
        elif step == "end" and set(range(begun)) - ended:
            ended.add(data.draw(st.sampled_from(sorted(set(range(begun)) - ended))))
        elif step == "seal":
            round_of(data.draw(st.sampled_from([None, 1, 2])))
    ended |= set(range(begun))
    while round_of(None):
        pass
    assert sorted(taken) == [x for x in range(begun) if entries[x]]
