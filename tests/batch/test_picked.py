"""Lists of residents by condition (STD 9.5) and random samples with labels (STD 9.6)."""

import csv
import io
from datetime import date

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.actor import Actor
from daicho.law.dates import LegalDate
from daicho.register.batch import files, runs
from daicho.register.batch.jobs import picked
from daicho.register.batch.model import Run
from daicho.register.batch.sampling import sample, sample_key
from daicho.register.changes.plan import Effect
from daicho.register.store.links import act_on_link, ask_link
from daicho.wire.environment import Environment
from tests.batch.reading import bytes_of, rows, text_of
from tests.batch.test_jobs import carried
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER, do_register, plan, record
from tests.protection.build import make_refuge

LONG = "日本　" + "寿限無寿限無五劫のすりきれ海砂利水魚の水行末雲来末風来末" * 3


@given(st.sets(st.from_regex(r"\A[0-9]{10}\Z"), max_size=30), st.integers(1, 10), st.text("abc123", max_size=8))
def test_a_sample_is_drawn_again_by_its_seed_and_grows_at_its_end(numbers: set[str], count: int, seed: str) -> None:
    drawn = sample(seed, numbers, count)
    assert drawn == sample(seed, sorted(numbers), count)
    assert len(drawn) == min(count, len(numbers))
    assert drawn == sample(seed, numbers, count + 1)[:count]
    assert set(drawn) <= numbers


@pytest.fixture
def city(environment: Environment) -> list[str]:
    """Twelve households of one at two towns, men and women, one foreigner; their addressee numbers in order."""
    with environment.database.transaction() as connection:
        for number in range(12):
            household, person = environment.ids.take(connection, 2)
            one = record(
                household,
                name=LONG if number == 3 else f"抽出　{'一二三四五六七八九十〇百'[number]}",
                name_kana="チュウシュツ　ヒト",
                sex="12"[number % 2],
                birth=LegalDate(date(1950 + number, 1, 1)),
                town_code="11202007000" if number < 6 else "11202079000",
                address=f"{'赤城町' if number < 6 else '肥塚'}{number + 1}番地",
                building="長い名前の集合住宅東棟壱番館" * 6 if number == 3 else None,
                postcode="3600001",
            )
            do_register(connection, environment, plan(Effect(person, "enter", "mover", date(2020, 1, 1), one)))
    found = rows(environment, "SELECT addressee_number FROM register.resident_current ORDER BY person_id")
    return [row["addressee_number"] for row in found]


def lines_of(env: Environment, actor: Actor, run: Run, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(env, run.run_id, name))))


def pages_of(data: bytes) -> str:
    """The text of a PDF without line ends."""
    document = pdfium.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def test_a_sample_with_its_proof_and_labels(environment: Environment, reviewer: Actor, city: list[str]) -> None:
    run = carried(environment, reviewer, "sample", count="5", seed="0123abcd", form="pdf", order="2")
    wanted = sample("0123abcd", city, 5)
    assert (run.summary["条件に合う人数"], run.summary["一覧の人数"], run.summary["乱数の種"]) == (12, 5, "0123abcd")
    assert run.done == run.total == 5
    found = rows(
        environment,
        "SELECT addressee_number FROM register.batch_pick JOIN register.person USING (person_id) WHERE run_id = %s ORDER BY place",
        run.run_id,
    )
    assert [row["addressee_number"] for row in found] == wanted
    [key] = rows(environment, "SELECT register.sample_key('あ', '12') AS key")
    assert bytes(key["key"]) == sample_key("あ", "12")
    lines = lines_of(environment, reviewer, run, "sample.csv")
    assert lines[0] == ["番号", "氏名", "生年月日", "性別", "郵便番号", "住所", "日本人・外国人"]
    labels = pages_of(bytes_of(environment, run.run_id, "sample-0001.pdf"))
    for line in lines[1:]:
        assert "".join(line[1].split()) + "様" in labels
        assert all("".join(part.split()) in labels for part in line[5].split("　"))
    again = carried(environment, reviewer, "sample", count="5", seed="0123abcd", form="csv", order="2")
    assert again.summary["宛名番号の要約値"] == run.summary["宛名番号の要約値"]
    drawn = carried(environment, reviewer, "sample", count="5", form="csv")
    assert len(str(drawn.summary["乱数の種"])) == 16


def test_the_longest_label_is_printed_whole(environment: Environment, reviewer: Actor, city: list[str]) -> None:
    assert city
    run = carried(environment, reviewer, "sample", count="12", form="pdf", born_from="S28.1.1", born_until="S28.1.1")
    labels = pages_of(bytes_of(environment, run.run_id, "sample-0001.pdf"))
    assert run.total == 1
    assert "".join(LONG.split()) + "様" in labels
    assert "長い名前の集合住宅東棟壱番館" * 6 in labels


CONDITIONS: list[tuple[dict[str, str], int]] = [
    ({}, 12),
    ({"sex": "2"}, 6),
    ({"sex": "3", "towns": "津田新田"}, 3),
    ({"towns": "11202007000"}, 6),
    ({"born_from": "S30.1.1", "born_until": "S31.12.31"}, 2),
    ({"nationality": "3"}, 0),
    ({"districts": "07"}, 0),
]


def test_the_list_for_inspection_by_condition(environment: Environment, reviewer: Actor, city: list[str]) -> None:
    assert city
    for typed, count in CONDITIONS:
        run = carried(environment, reviewer, "inspection", **typed)
        assert run.total == count
        if count:
            lines = lines_of(environment, reviewer, run, "inspection.csv")
            assert lines[0] == ["番号", "氏名", "生年月日", "性別", "住所"]
            assert [line[0] for line in lines[1:]] == [str(place) for place in range(1, count + 1)]


def test_the_whole_city_page_by_page_in_random_order(
    environment: Environment, reviewer: Actor, city: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picked, "PAGE", 5)
    run = carried(environment, reviewer, "inspection", order="2", form="pdf", readings="2", seed="x")
    assert run.done == 12
    lines = lines_of(environment, reviewer, run, "inspection.csv")
    assert lines[0][2] == "フリガナ"
    assert len(lines) == 13
    numbers = rows(environment, "SELECT addressee_number, name FROM register.resident_current")
    names = {row["addressee_number"]: row["name"] for row in numbers}
    assert [line[1] for line in lines[1:]] == [names[number] for number in sample("x", city, 12)]
    with environment.database.transaction() as connection:
        made = [one.name for one in files.of_run(connection, run.run_id)]
    assert made == ["inspection-0001.pdf", "inspection-0002.pdf", "inspection-0003.pdf", "inspection.csv"]
    printed = "".join(pages_of(bytes_of(environment, run.run_id, name)) for name in made[:3])
    assert all("".join(name.split()) in printed for name in names.values())
    looked = rows(
        environment,
        "SELECT count(*) AS n FROM trail.subject JOIN trail.entry USING (entry_id) WHERE detail ->> 'list' = 'picked'",
    )
    assert looked == [{"n": 12}]


def test_nobody_who_is_hidden_stands_on_a_list(environment: Environment, reviewer: Actor, clock: SettableClock) -> None:
    clock.advance(days=30)
    refuge = make_refuge(environment)
    with environment.database.transaction() as connection:
        household, twin = environment.ids.take(connection, 2)
        same = record(
            household, name="髙橋　美咲", name_kana="タカハシ　ミサキ", sex="2", birth=LegalDate(date(1982, 7, 25))
        )
        do_register(connection, environment, plan(Effect(twin, "enter", "mover", date(2020, 1, 1), same)))
    link = ask_link(environment, CLERK, refuge.mother, twin, "31")
    act_on_link(environment, REVIEWER, link, "link", "51", seen=1)
    run = carried(environment, reviewer, "inspection")
    found = rows(environment, "SELECT person_id FROM register.batch_pick WHERE run_id = %s", run.run_id)
    people = {row["person_id"] for row in found}
    assert people
    assert not people & {*refuge.protected, refuge.grandmother, twin}


def test_whoever_is_hidden_meanwhile_is_left_out(environment: Environment, reviewer: Actor) -> None:
    from daicho.register.batch.work import carry_on
    from daicho.register.protection import measures
    from tests.people import move_in_family

    _, people = move_in_family(environment)
    run_id = runs.start(environment, reviewer, "inspection", {})
    steps = iter([False, True])
    carry_on(environment, run_id, lambda: next(steps, True))  # drawn, not yet read
    measures.provisional(environment, CLERK, people[1], [])
    run = carry_on(environment, run_id)
    assert run is not None
    assert run.status == "done"
    assert lines_of(environment, reviewer, run, "inspection.csv") == [["番号", "氏名", "生年月日", "性別", "住所"]]
    with environment.database.transaction() as connection:
        assert len(runs.errors_of(connection, run_id, 10)) == len(people)
