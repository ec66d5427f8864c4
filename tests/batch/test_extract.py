"""Data by condition and items, as CSV, XML or counts (STD 10.1)."""

import csv
import io
from xml.etree import ElementTree

import pytest

from daicho.access.actor import Actor
from daicho.register.batch import runs
from daicho.register.batch.errors import ParameterUnreadable
from daicho.register.batch.jobs import extract
from daicho.wire.environment import Environment
from tests.batch.reading import bytes_of, rows, text_of
from tests.batch.test_jobs import carried
from tests.batch.test_picked import city
from tests.house_database import SettableClock
from tests.protection.build import make_refuge
from tests.store.test_retention import OLD, removed

__all__ = ["city"]


def test_the_items_one_chooses(
    environment: Environment, reviewer: Actor, city: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "PAGE", 5)
    removed(environment, OLD)
    run = carried(environment, reviewer, "extract", items="宛名番号 性別コード 30の45区分", sex="2")
    lines = list(csv.reader(io.StringIO(text_of(environment, run.run_id, "extract.csv"))))
    assert lines[0] == ["宛名番号", "性別コード", "30の45区分"]
    assert len(lines) == 7
    assert {line[0] for line in lines[1:]} <= set(city)
    assert {line[1] for line in lines[1:]} == {"1"}
    run = carried(environment, reviewer, "extract", items="宛名番号 30の45区分", form="xml", who="3")
    tree = ElementTree.fromstring(bytes_of(environment, run.run_id, "extract.xml"))  # noqa: S314 - made here
    assert (tree.tag, len(tree)) == ("抽出", 13)
    assert [child.tag for child in tree[0]] == ["宛名番号", "項30の45区分"]
    assert carried(environment, reviewer, "extract", who="2").total == 1
    run = carried(environment, reviewer, "extract", items="性別コード 現住所町字コード", form="count")
    table = list(csv.reader(io.StringIO(text_of(environment, run.run_id, "extract-counts.csv"))))
    assert table[0] == ["性別コード", "現住所町字コード", "人数"]
    assert sum(int(line[2]) for line in table[1:]) == 12


def test_neither_number_nor_hidden_people(environment: Environment, reviewer: Actor, clock: SettableClock) -> None:
    clock.advance(days=30)
    refuge = make_refuge(environment)
    assert not {"個人番号", "住民票コード"} & set(extract.ITEMS)
    for items in ("個人番号", ""):
        with pytest.raises(ParameterUnreadable):
            runs.start(environment, reviewer, "extract", {"items": items})
    run = carried(environment, reviewer, "extract", who="3")
    numbers = rows(
        environment, "SELECT addressee_number FROM register.person WHERE person_id = ANY (%s)", refuge.protected
    )
    assert run.total
    shown = text_of(environment, run.run_id, "extract.csv")
    assert not [row for row in numbers if row["addressee_number"] in shown]
