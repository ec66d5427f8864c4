"""Each job of the house, from its start to what it leaves behind."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from daicho.access.actor import Actor
from daicho.engine.keys import FileKeys
from daicho.law.reasons import Reason
from daicho.register.batch import runs, work
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.jobs import take_over
from daicho.register.batch.model import Run
from daicho.register.exports import take_over_file
from daicho.register.takeover.items import NAMES
from daicho.wire.environment import Connection, Environment
from tests.batch.reading import rows, run_of, text_of
from tests.house_database import SettableClock
from tests.people import move_in_family
from tests.store.test_retention import OLD, number_of, removed


def carried(env: Environment, actor: Actor, job: str, **typed: str) -> Run:
    """A run from its start to its end."""
    run = work.carry_on(env, runs.start(env, actor, job, typed))
    assert run is not None
    assert run.failure is None
    assert run.status == "done"
    return run


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_removed_records_by_the_year_their_keeping_ends(
    environment: Environment, reviewer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daicho.register.batch.jobs.retention.PAGE", 2)
    people = [removed(environment, OLD) for _ in range(3)]
    removed(environment, date(2020, 1, 1))
    run = carried(environment, reviewer, "retention", years="0")
    lines = table(text_of(environment, run.run_id, "removed-records-ending.csv"))
    assert [line[0] for line in lines[1:]] == [number_of(environment, person) for person in people]
    assert {line[2] for line in lines[1:]} == {"はい"}
    assert run.summary == {"人数": 3}
    looked = rows(
        environment,
        "SELECT count(*) AS n FROM trail.subject s JOIN trail.entry e USING (entry_id)"
        " WHERE e.detail ->> 'list' = 'retention'",
    )
    assert looked == [{"n": 3}]


def test_the_lists_of_the_counter(environment: Environment, reviewer: Actor) -> None:
    removed(environment, date(2026, 2, 1), removed_reason=Reason.MOVE_OUT.word, planned_address="東京都千代田区")
    files = {"awaited": "arrival-notices-awaited", "headless": "households-without-head", "suppressed": "suppressed"}
    for job, file in files.items():
        run = carried(environment, reviewer, job)
        lines = table(text_of(environment, run.run_id, f"{file}.csv"))
        assert run.done == len(lines) - 1 == (1 if job == "awaited" else 0)


def test_the_take_over_file_in_one_snapshot(
    environment: Environment, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_over, "PART", 3)
    move_in_family(environment)
    run = carried(environment, admin, "take_over")
    lines = table(text_of(environment, run.run_id, "take-over.csv"))
    assert lines[0] == list(NAMES)
    assert (len(lines) - 1, run.done, run.total, run.summary["人数"]) == (4, 4, 4, 4)
    exported = rows(environment, "SELECT detail FROM trail.entry WHERE act = 'register.export'")
    assert [row["detail"]["persons"] for row in exported] == [4]


def test_a_long_step_that_is_stopped_leaves_nothing(
    environment: Environment, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_over, "PART", 2)
    move_in_family(environment)
    run_id = runs.start(environment, admin, "take_over", {})
    lines = take_over_file.lines

    def stop_in_the_middle(connection: Connection, env: Environment) -> Iterator[list[object]]:
        for number, line in enumerate(lines(connection, env)):
            if number == 3:
                runs.stop(environment, admin, run_id)
            yield line

    monkeypatch.setattr(take_over_file, "lines", stop_in_the_middle)
    run = work.carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done, run.total) == ("stopped", 0, 4)
    assert rows(environment, "SELECT FROM register.batch_file") == []
    monkeypatch.setattr(take_over_file, "lines", lines)
    runs.resume(environment, admin, run_id)
    work.carry_on(environment, run_id)
    assert run_of(environment, run_id).status == "done"
    assert len(table(text_of(environment, run_id, "take-over.csv"))) == 5


def test_the_day_changes_without_a_reader(environment: Environment, reviewer: Actor, clock: SettableClock) -> None:
    clock.advance(days=1)
    carried(environment, reviewer, "day_change")
    assert rows(environment, "SELECT on_day FROM register.derived_day") == [{"on_day": clock.today()}]


def test_the_derived_tables_made_anew(environment: Environment, admin: Actor) -> None:
    move_in_family(environment)
    assert carried(environment, admin, "rebuild").done == 4


def test_numbers_under_a_new_version_of_their_key(
    environment: Environment, admin: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daicho.register.store.resealing.STEP", 3)
    keys = FileKeys(tmp_path / "keys")
    own = replace(environment, keys=keys)
    move_in_family(own)
    assert carried(own, admin, "reseal").done == 0
    keys.add("number")
    run = carried(own, admin, "reseal")
    assert run.done == run.total == len(rows(own, "SELECT 1 FROM register.number"))
    assert rows(own, "SELECT DISTINCT key_version FROM register.number") == [{"key_version": 2}]


def test_every_job_says_what_it_is() -> None:
    for code, job in JOBS.items():
        assert job.code == code
        assert job.word
        assert job.hint
