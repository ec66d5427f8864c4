"""A run is done once, whoever dies or comes twice; it stops, goes on, fails aloud, and its results stay (STD 9.1)."""

import json
import os
import sys
import threading
from pathlib import Path

import pytest

from daicho.access.actor import Actor
from daicho.access.errors import NotAllowed, NotAvailable, TerminalCannot
from daicho.register.batch import files, runs
from daicho.register.batch.errors import AlreadyWaiting, FileGone, ParameterUnreadable, RunMoved
from daicho.register.batch.work import ALARM, carry_on
from daicho.wire.environment import Environment
from tests.batch.conftest import STEPS, Counting, officer
from tests.batch.reading import acts, rows, run_of, text_of
from tests.house_database import SettableClock
from tests.people import CLERK
from tests.signon.desk import Desk

LINES = "".join(f"{number},'=1+1\r\n" for number in range(1, STEPS + 1))


class Died(BaseException):
    """What no program catches: the process is gone."""


def test_a_run_from_start_to_file(environment: Environment, counting: Counting, reviewer: Actor) -> None:
    run_id = runs.start(environment, reviewer, "counting", {"scope": "2", "word": "あ"})
    assert run_of(environment, run_id).status == "waiting"
    with pytest.raises(AlreadyWaiting):
        runs.start(environment, reviewer, "counting", {})
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done, run.total, run.percent) == ("done", STEPS, STEPS, 100)
    assert run.summary == {"行数": STEPS}
    assert carry_on(environment, run_id) is None
    assert text_of(environment, run_id, "counting.csv") == LINES
    [file] = rows(environment, "SELECT file_id FROM register.batch_file")
    assert b"".join(files.hand_out(environment, reviewer, file["file_id"]).parts).endswith(b"5,'=1+1\r\n")
    assert acts(environment, run_id) == ["batch.start", "batch.done", "batch.file"]
    with environment.database.transaction() as connection:
        assert runs.errors_of(connection, run_id, 10) == [(1, "12345", "住所が違います")]
        assert runs.last_parameters(connection, "counting") == {"scope": "2", "word": "あ"}
    again = runs.start(environment, reviewer, "counting", {"scope": "2"})
    assert run_of(environment, again).changed == ["word"]
    with pytest.raises(ParameterUnreadable):
        runs.start(environment, reviewer, "counting", {"scope": "3"})


@pytest.mark.parametrize("dies_in", [1, 3, STEPS])
def test_a_crash_in_the_middle_goes_on_behind_the_last_step(
    environment: Environment, counting: Counting, reviewer: Actor, dies_in: int
) -> None:
    def die(number: int) -> None:
        if number == dies_in and counting.seen.count(number) == 1:
            raise Died

    counting.before = die
    run_id = runs.start(environment, reviewer, "counting", {})
    with pytest.raises(Died):
        carry_on(environment, run_id)
    assert run_of(environment, run_id).done == dies_in - 1
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done, run.attempt) == ("done", STEPS, 2)
    assert text_of(environment, run_id, "counting.csv") == LINES


def test_two_workers_with_one_run_do_each_step_once(
    environment: Environment, counting: Counting, reviewer: Actor
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def wait(number: int) -> None:
        if number == 3 and counting.seen.count(3) == 1:
            inside.set()
            assert go_on.wait(20)

    counting.before = wait
    run_id = runs.start(environment, reviewer, "counting", {})
    first: list[object] = []
    slow = threading.Thread(target=lambda: first.append(carry_on(environment, run_id)))
    slow.start()
    assert inside.wait(20)
    second = carry_on(environment, run_id)  # the first one was thought dead
    go_on.set()
    slow.join(20)
    assert first == [None]
    assert second is not None
    assert (second.status, second.done) == ("done", STEPS)
    assert text_of(environment, run_id, "counting.csv") == LINES
    assert acts(environment, run_id).count("batch.done") == 1


def test_stopped_and_resumed(environment: Environment, counting: Counting, reviewer: Actor) -> None:
    run_id = 0

    def stop(number: int) -> None:
        if number == 3:
            runs.stop(environment, reviewer, run_id)

    counting.before = stop
    run_id = runs.start(environment, reviewer, "counting", {})
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done) == ("stopped", 3)
    with pytest.raises(RunMoved):
        runs.stop(environment, reviewer, run_id)
    runs.resume(environment, reviewer, run_id)
    with pytest.raises(AlreadyWaiting):
        runs.resume(environment, reviewer, run_id)
    runs.stop(environment, reviewer, run_id)  # before anybody has taken it
    assert run_of(environment, run_id).status == "stopped"
    runs.resume(environment, reviewer, run_id)
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done) == ("done", STEPS)
    assert text_of(environment, run_id, "counting.csv") == LINES
    with pytest.raises(RunMoved):
        runs.resume(environment, reviewer, run_id)


def test_a_worker_that_must_rest_leaves_the_run_to_the_next(
    environment: Environment, counting: Counting, reviewer: Actor
) -> None:
    run_id = runs.start(environment, reviewer, "counting", {})
    run = carry_on(environment, run_id, lambda: len(counting.seen) >= 2)
    assert run is not None
    assert (run.status, run.done) == ("running", 2)
    run = carry_on(environment, run_id)
    assert run is not None
    assert run.status == "done"


def test_a_failure_is_told_and_can_go_on(
    environment: Environment,
    counting: Counting,
    reviewer: Actor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = tmp_path / "told.json"
    program = f"import sys; open({str(told)!r}, 'wb').write(sys.stdin.buffer.read())"
    monkeypatch.setenv(ALARM, f'{sys.executable} -c "{program}"')

    def fail(number: int) -> None:
        if number == 4 and counting.seen.count(4) == 1:
            raise ValueError("髙橋　健一")

    counting.before = fail
    run_id = runs.start(environment, reviewer, "counting", {})
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done, run.failure) == ("failed", 3, "ValueError")
    assert json.loads(told.read_text())["failure"] == "ValueError"
    assert acts(environment, run_id) == ["batch.start", "batch.fail"]
    assert "test_runs.py" in caplog.text
    assert "髙橋" not in caplog.text
    monkeypatch.setenv(ALARM, os.devnull + "/nothing")  # an alarm that cannot be given stops nothing
    runs.resume(environment, reviewer, run_id)
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.done) == ("done", STEPS)


def test_who_may_start_and_what_may_leave(environment: Environment, counting: Counting, desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        runs.start(environment, CLERK, "counting", {})
    reviewer = officer(desk, "reviewer1", "reviewer", terminal_class="screen")
    with pytest.raises(TerminalCannot):
        runs.start(environment, reviewer, "awaited", {})
    with pytest.raises(NotAllowed):
        runs.start(environment, officer(desk, "reviewer1", "reviewer"), "take_over", {})
    with pytest.raises(NotAvailable):
        runs.start(environment, reviewer, "nothing", {})
    run_id = runs.start(environment, reviewer, "counting", {})
    rows(environment, "UPDATE signon.officer SET active = false WHERE officer_id = 'reviewer1' RETURNING 1")
    run = carry_on(environment, run_id)
    assert run is not None
    assert (run.status, run.failure) == ("failed", "J005")
    assert counting.seen == []


def test_files_are_sealed_and_go_when_their_days_are_over(
    environment: Environment, counting: Counting, reviewer: Actor, clock: SettableClock
) -> None:
    run_id = runs.start(environment, reviewer, "counting", {})
    carry_on(environment, run_id)
    parts = rows(environment, "SELECT sealed FROM register.batch_file_part")
    assert len(parts) == STEPS
    assert all(b"1+1" not in bytes(part["sealed"]) for part in parts)
    clock.advance(days=9)
    away = carry_on(environment, runs.start(environment, reviewer, "files_away", {}))
    assert away is not None
    assert away.summary == {"消去したファイル": 1}
    [file] = rows(environment, "SELECT file_id FROM register.batch_file")
    with pytest.raises(FileGone):
        files.hand_out(environment, reviewer, file["file_id"])
    with pytest.raises(NotAvailable):
        files.hand_out(environment, reviewer, 1)
    assert rows(environment, "SELECT FROM register.batch_file_part") == []
