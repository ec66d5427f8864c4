"""Kinds of ledgers as data: what fits together, when something is due, what a field takes."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.actor import Right
from daicho.commons.ledgers.csv_file import inert
from daicho.commons.ledgers.due import Standing, due_on, fiscal_year, longest_extension, months_later, reminders
from daicho.commons.ledgers.errors import EntryUnreadable
from daicho.commons.ledgers.kinds import KINDS, read_kinds
from daicho.commons.ledgers.values import read_changes, read_day, read_values, shown

TODAY = date(2026, 6, 10)
SINCE = date(2026, 4, 1)
PERFORMED = {
    "R-USE-10", "R-USE-11", "R-USE-12", "R-USE-14", "R-USE-16", "R-USE-18", "R-USE-19", "R-USE-20", "R-USE-21", "R-USE-22",
    "R-USE-23", "R-OUT-01", "R-OUT-02", "R-OUT-04", "R-NWS-22", "R-STO-01", "R-STO-03", "R-AUD-01", "R-EDU-01", "R-ACQ-18",
    "R-PRV-02", "I-ACQ-07", "I-USE-10", "I-STO-03", "D-PRV-01", "Q-01", "Q-02",
}  # fmt: skip
"""Controls that people perform: those that the assessment calls recorded, and the regular checks beside enforced ones.

R-ACQ-15 (interview and attached documents) is recorded in the case itself.
"""
OFFICERS = {"clerk1": date(2020, 4, 1), "clerk2": date(2026, 6, 1)}


def test_every_control_that_people_perform_has_its_ledger(repository: Path) -> None:
    served = {control for kind in KINDS.values() for control in kind.controls}
    assert served == PERFORMED
    known = {line.split(",")[0] for line in (repository / "docs" / "conformance.csv").read_text("utf-8").splitlines()}
    assert known >= PERFORMED


HEAD = '[[kind]]\ncode="x"\nword="x"\ngroup="x"\ncontrols=["R-AUD-01"]\nwrite="ledger.write"\nday="x"\n'
TEXT = '{name="a", word="a", type="text"}'


@pytest.mark.parametrize(
    "rest",
    [
        'due={rule="none"}\nfields=[{name="a", word="a", type="colour"}]',
        'due={rule="none"}\nfields=[{name="a", word="a", type="choice"}]',
        'due={rule="none"}\nfields=[{name="a", word="a", type="text", choices=["b"]}]',
        f'due={{rule="days", by="a", days={{b=1}}}}\nfields=[{TEXT}]',
        f'due={{rule="days"}}\nfields=[{TEXT}]',
        f'due={{rule="field", field="a"}}\nfields=[{TEXT}]',
        f'due={{rule="field", field="b"}}\nfields=[{TEXT}]',
        f'due={{rule="interval"}}\nfields=[{TEXT}]',
        f'due={{rule="interval", months=1, per="b"}}\nfields=[{TEXT}]',
        f'due={{rule="officer"}}\nfields=[{TEXT}]',
    ],
)
def test_a_kind_that_does_not_fit_together_is_refused(rest: str) -> None:
    with pytest.raises(ValueError, match="x"):
        read_kinds(HEAD + rest)
    fine = f'due={{rule="none"}}\nfields=[{TEXT}]\n'
    assert read_kinds(HEAD + fine)["x"].write is Right.LEDGER_WRITE
    with pytest.raises(ValueError, match="one code"):
        read_kinds((HEAD + fine) * 2)


def standing(
    on_day: date, number: str = "R8-0001", *, extended: int = 0, closed: bool = False, **values: str
) -> Standing:
    return Standing(1, number, on_day, values, extended, closed)


INQUIRY, DISCLOSURE, CONTRACT = KINDS["inquiry"], KINDS["disclosure"], KINDS["contract"]


@pytest.mark.parametrize(
    ("kind", "entry", "day"),
    [
        ("inquiry", standing(TODAY, grave="通常"), date(2026, 6, 24)),
        ("inquiry", standing(TODAY, grave="重大(漏えいなど)"), date(2026, 6, 11)),
        ("inquiry", standing(TODAY, grave="通常", closed=True), None),
        ("incident", standing(TODAY, grave="重大(報告の対象)"), date(2026, 6, 13)),
        ("disclosure", standing(TODAY), date(2026, 7, 10)),
        ("disclosure", standing(TODAY, extended=30), date(2026, 8, 9)),
        ("contract", standing(TODAY, until="2027-03-31"), date(2027, 3, 31)),
        ("training", standing(TODAY, officer="clerk1"), None),
    ],
)
def test_an_open_entry_is_due(kind: str, entry: Standing, day: date | None) -> None:
    assert due_on(KINDS[kind], entry) == day


def test_an_extension_goes_as_far_as_the_law() -> None:
    assert longest_extension(DISCLOSURE, standing(TODAY)) == 30
    assert longest_extension(DISCLOSURE, standing(TODAY, extended=30)) == 0
    assert longest_extension(INQUIRY, standing(TODAY, grave="通常")) == 0
    assert longest_extension(CONTRACT, standing(TODAY, until="2027-03-31")) == 0


def said(kind: str, *entries: Standing, today: date = TODAY) -> list[tuple[str, date]]:
    return [(one.about, one.due_on) for one in reminders(KINDS[kind], entries, today, OFFICERS, SINCE)]


def test_each_officer_is_reminded_once_a_year() -> None:
    """Whoever came within the year has 30 days; the others until its end, reminded in its last month."""
    assert said("self-check") == [("clerk2", date(2026, 7, 1))]
    assert said("self-check", standing(date(2026, 6, 9), officer="clerk2")) == []
    assert said("self-check", today=date(2027, 3, 1)) == [("clerk2", date(2026, 7, 1)), ("clerk1", date(2027, 3, 31))]
    last_year = standing(date(2026, 3, 31), officer="clerk2")
    assert said("self-check", last_year) == [("clerk2", date(2026, 7, 1))]


def test_an_interval_counts_from_the_last_entry_and_begins_with_the_ledger() -> None:
    assert said("rights-review") == [("", SINCE)]
    assert said("rights-review", standing(date(2026, 5, 1))) == []
    late = said("rights-review", standing(date(2025, 11, 30)), standing(date(2025, 12, 1)))
    assert late == [("", date(2026, 6, 1))]
    logs = dict(said("log-check", standing(date(2026, 5, 31), system="既存住基")))
    assert logs["既存住基"] == date(2026, 6, 30)
    assert logs["共通基盤"] == SINCE
    assert said("software") == []
    assert said("software", standing(date(2026, 5, 31), node="db-1")) == [("db-1", date(2026, 6, 30))]


def test_what_is_open_is_reminded_in_time() -> None:
    found = reminders(
        CONTRACT, [standing(TODAY, until="2026-08-09"), standing(TODAY, until="2026-08-10")], TODAY, {}, SINCE
    )
    assert [one.due_on for one in found] == [date(2026, 8, 9)]
    assert not found[0].is_late(date(2026, 8, 9))
    assert found[0].is_late(date(2026, 8, 10))
    assert said("medium", standing(TODAY, number="M-1")) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_months_later_is_the_same_day_or_the_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    first, last = fiscal_year(day)
    assert first <= day <= last
    assert (first.month, last.month) == (4, 3)


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("self-check", {"officer": "nobody", "result": "問題なし"}, "officer"),
        ("self-check", {"officer": "clerk1", "result": "たぶん"}, "result"),
        ("self-check", {"officer": "clerk1", "result": ""}, "result"),
        ("it-training", {"title": "x", "departments": "x", "present": "多数"}, "present"),
        ("it-training", {"title": "x" * 201, "departments": "x", "present": "1"}, "title"),
        ("pledge", {"organisation": "x", "person": "x", "work": "x", "until": "いつか"}, "until"),
        ("medium", {"number": "1", "form": "DVD", "encrypted": "多分", "place": "x", "keeper": "clerk1"}, "encrypted"),
    ],
)
def test_a_field_takes_only_its_type(kind: str, typed: dict[str, str], field: str) -> None:
    with pytest.raises(EntryUnreadable) as raised:
        read_values(KINDS[kind], typed, TODAY, OFFICERS)
    assert raised.value.field == field


def test_values_are_kept_in_one_form_and_shown_in_words() -> None:
    typed = {"terminal": " T-1 ", "reason": "x", "permitted": "clerk1", "back": "R8.6.20"}
    kept = read_values(KINDS["terminal-out"], typed, TODAY, OFFICERS)
    assert kept == {"terminal": "T-1", "reason": "x", "permitted": "clerk1", "back": "2026-06-20"}
    assert shown(KINDS["terminal-out"].field("back"), kept["back"], {}) == "令和8年6月20日"
    assert shown(KINDS["terminal-out"].field("permitted"), "clerk1", {"clerk1": "小林 由美"}) == "小林 由美"
    assert read_changes(KINDS["terminal-out"], {"back": "R8.6.20", "reason": "y"}, kept, TODAY, OFFICERS) == {
        "reason": "y"
    }
    with pytest.raises(EntryUnreadable):
        read_day("R8.6.11", TODAY, word="日", name="on_day")


@given(st.text(max_size=8))
def test_no_cell_begins_a_formula(text: str) -> None:
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert inert("=1+1") == "'=1+1"
    assert inert(" =1+1") == "' =1+1"
