"""Fields set in the past, through all later states, without touching what later changes set by themselves."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.register.changes.errors import NotRegisteredThen
from daicho.register.changes.plan import Before, PersonBefore, State
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.retroactive import (
    Line,
    effects_to,
    first_difference,
    line_of,
    merged,
    record_on,
    set_everywhere,
    set_fields,
    split_at,
)
from tests.changes.build import leaves, person, resident

BASE = resident()
D1, D2, D3, D4 = date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)


def states(*entries: tuple[date, ResidentRecord]) -> PersonBefore:
    """A person whose last state is the current one."""
    known = [State(place, 11, place, begins, record) for place, (begins, record) in enumerate(entries, start=1)]
    return PersonBefore(11, "0000000011", known[-1], (), tuple(known[:-1]))


def names(line: Line) -> list[tuple[date, str]]:
    return [(begins, record.name) for begins, record in line]


def test_all_states_stand_in_order() -> None:
    one = states((D1, BASE), (D2, BASE.with_(name="乙")))
    assert [begins for begins, _ in line_of(one)] == [D1, D2]
    assert line_of(person(11, None)) == ()
    assert [begins for begins, _ in line_of(person(11, BASE, leaves(BASE, D4)))] == [date(2019, 4, 1), D4]


def test_the_record_on_a_day() -> None:
    line = ((D1, BASE), (D3, BASE.with_(name="乙")))
    assert [record and record.name for record in (record_on(line, d) for d in (date(2023, 1, 1), D2, D3, D4))] == [
        None,
        BASE.name,
        "乙",
        "乙",
    ]


def test_a_field_is_set_through_all_later_states() -> None:
    line = ((D1, BASE), (D3, BASE.with_(address="江南中央二丁目8番地12")))
    done = set_fields(line, D2, name="正")
    assert names(done) == [(D1, BASE.name), (D2, "正"), (D3, "正")]
    assert done[2][1].address == "江南中央二丁目8番地12"


def test_what_a_later_change_set_by_itself_stays() -> None:
    line = ((D1, BASE), (D2, BASE.with_(name="乙")), (D3, BASE.with_(name=BASE.name, remarks="備考")))
    done = set_fields(line, D1, name="正", domicile="東京都板橋区大山東町33番地")
    assert names(done) == [(D1, "正"), (D2, "乙"), (D3, BASE.name)], "also when it set the old value again"
    assert {record.domicile for _, record in done} == {"東京都板橋区大山東町33番地"}


def test_setting_stops_on_a_given_day() -> None:
    done = set_fields(((D1, BASE),), D2, until=D3, name="仮")
    assert names(done) == [(D1, BASE.name), (D2, "仮"), (D3, BASE.name)]


def test_setting_everywhere_overwrites() -> None:
    line = ((D1, BASE), (D3, BASE.with_(name="乙")))
    assert names(set_everywhere(line, D2, name="正")) == [(D1, BASE.name), (D2, "正")]


def test_nothing_is_set_before_the_first_state() -> None:
    with pytest.raises(NotRegisteredThen) as error:
        set_fields(((D2, BASE),), D1, name="正")
    assert error.value.code == "C040"
    with pytest.raises(KeyError):
        set_fields(((D1, BASE),), D1, no_such_field="x")


def test_a_line_is_split_once() -> None:
    line = ((D1, BASE),)
    assert split_at(split_at(line, D2), D2) == ((D1, BASE), (D2, BASE))
    assert merged(split_at(line, D2)) == line


def test_effects_begin_at_the_first_difference() -> None:
    removed = leaves(BASE, D4)
    one = person(11, BASE, removed)
    effects = effects_to(one, set_fields(line_of(one), D3, name="正"), role="mover")
    assert [(e.valid_from, e.kind, e.role, e.record.name, e.record.status) for e in effects] == [
        (D3, "amend", "mover", "正", "resident"),
        (D4, "amend", "mover", "正", "moved_out"),
    ]
    assert effects_to(one, line_of(one)) == ()


def test_effects_say_who_comes_and_goes() -> None:
    gone = BASE.with_(status="dead")
    alive, dead = states((D1, BASE)), states((D1, BASE), (D2, gone))
    assert [e.kind for e in effects_to(alive, ((D1, BASE), (D3, gone)))] == ["remove"]
    assert [e.kind for e in effects_to(dead, ((D1, BASE),))] == ["enter"]
    assert [e.kind for e in effects_to(person(11, None), ((D1, BASE),))] == ["enter"]


def test_the_fingerprint_holds_past_states_too() -> None:
    one = states((D1, BASE), (D2, BASE.with_(name="乙")))
    before = Before(D2, {}, {11: one})
    assert before.fingerprint() == ((11, 1), (11, 2))


days = st.dates(date(2024, 1, 1), date(2024, 1, 12))
lines = st.dictionaries(days, st.sampled_from("甲乙丙"), min_size=1, max_size=5).map(
    lambda found: tuple((begins, BASE.with_(name=name)) for begins, name in sorted(found.items()))
)


@given(line=lines, on=days)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_day_by_day_only_what_held_is_replaced(line: Line, on: date) -> None:
    """The same said in another way: day by day, as long as the name is what it was on `on`."""
    old, is_open = record_on(line, on), True
    if old is None:
        return
    done = set_fields(line, on, name="正")
    for day in (date(2024, 1, n) for n in range(1, 14)):
        was, now = record_on(line, day), record_on(done, day)
        is_open = is_open and (day < on or (was is not None and was.name == old.name))
        expected = "正" if day >= on and is_open else was and was.name
        assert (now and now.name) == expected
    assert first_difference(line, done) == on
