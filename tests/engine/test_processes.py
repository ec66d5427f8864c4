"""Processes are known by more than their number, and a supervised one comes back."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daicho.engine import processes
from daicho.engine.errors import SetupError
from daicho.engine.supervisor import Service, Supervisor

SLEEPER = "import time; time.sleep(600)"
WITH_CHILD = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)"


def spawn(run: Path, code: str = SLEEPER) -> subprocess.Popen[bytes]:
    """A marked child in its own session."""
    marked = os.environ | {processes.MARK: str(run)}
    return subprocess.Popen([sys.executable, "-c", code], env=marked, start_new_session=True)


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for a condition; fail when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Path]:
    """A run folder; whatever carries its mark is ended after the test."""
    yield tmp_path
    processes.end(processes.of_house(tmp_path))


@pytest.fixture
def supervisor(run: Path) -> Iterator[Supervisor]:
    """A supervisor whose watch runs in a thread."""
    made = Supervisor(run)
    yield made
    made.stopping.set()
    made.stop()


def is_over(identity: processes.Identity) -> bool:
    """Whether the process has ended."""
    return not identity.alive


def watch(supervisor: Supervisor) -> threading.Thread:
    """Let it watch."""
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    return thread


def pids(run: Path) -> set[int]:
    """Who carries the mark now."""
    return {identity.pid for identity in processes.of_house(run)}


def test_a_reused_number_is_another_process(run: Path) -> None:
    child = spawn(run)
    identity = processes.Identity.of(child.pid)
    assert identity is not None
    assert identity.alive
    assert not processes.Identity(child.pid, identity.started - 1).alive
    child.kill()
    child.wait()
    assert processes.Identity.of(child.pid) is None
    assert is_over(identity)


def test_children_of_children_are_found_by_their_mark(run: Path, tmp_path: Path) -> None:
    parent = spawn(run, WITH_CHILD)
    until(lambda: len(pids(run)) == 2)
    parent.kill()
    parent.wait()
    until(lambda: len(pids(run)) == 1)
    processes.end(processes.of_house(run))
    assert pids(run) == set()
    assert processes.of_house(tmp_path / "another") == []


def test_a_deaf_process_is_killed(run: Path) -> None:
    deaf = spawn(run, "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(); time.sleep(600)")
    until(lambda: bool(pids(run)))
    processes.end(processes.of_house(run), seconds=0.3)
    assert deaf.wait() in {-signal.SIGKILL, -signal.SIGTERM}


def test_a_killed_service_comes_back_and_its_children_do_not_stay(run: Path, supervisor: Supervisor) -> None:
    supervisor.start(Service("one", lambda: spawn(run, WITH_CHILD), lambda: len(pids(run)) == 2))
    first = pids(run)
    thread = watch(supervisor)
    os.kill(min(first), signal.SIGKILL)
    until(lambda: len(pids(run)) == 2 and not pids(run) & first)
    supervisor.stopping.set()
    thread.join()
    supervisor.stop()
    assert pids(run) == set()


def test_nobody_of_a_group_lives_once_it_was_waited_for(run: Path) -> None:
    """Who was killed is there for a moment yet: many times, so that the moment is met."""
    for _ in range(8):
        parent = spawn(run, WITH_CHILD)
        until(lambda: len(pids(run)) == 2)
        processes.end_group(parent.pid, signal.SIGKILL)
        processes.wait_for_group(parent.pid)
        assert pids(run) == set()
        parent.wait()


def test_a_service_that_lives_but_does_not_answer_is_started_again(
    run: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daicho.engine.supervisor.HEALTH_SECONDS", 0.05)
    answers = threading.Event()
    answers.set()
    started: list[int] = []

    def start() -> subprocess.Popen[bytes]:
        child = spawn(run)
        started.append(child.pid)
        if len(started) > 1:
            answers.set()
        return child

    supervisor.start(Service("mute", start, answers.is_set))
    answers.clear()
    thread = watch(supervisor)
    until(lambda: len(started) == 2)
    supervisor.stopping.set()
    thread.join()


def test_a_service_that_cannot_start_is_named(run: Path, supervisor: Supervisor) -> None:
    broken = Service("broken", lambda: spawn(run, "raise SystemExit(3)"), lambda: False, log=run / "broken.log")
    with pytest.raises(SetupError, match=r"The process broken did not come up.*broken\.log"):
        supervisor.start(broken)


def test_services_stop_in_reverse_order(run: Path, supervisor: Supervisor) -> None:
    order: list[str] = []

    class Noting(subprocess.Popen[bytes]):
        """Notes whom the supervisor ends."""

        def send_signal(self, sig: int) -> None:
            order.append(str(self.args).split("'")[3])
            super().send_signal(sig)

    def service(seconds: str) -> Service:
        return Service(seconds, lambda: Noting(["sleep", seconds], start_new_session=True), lambda: True)

    supervisor.start(service("601"))
    supervisor.start(service("602"), service("603"))
    supervisor.stop()
    assert order == ["603", "602", "601"]


def test_back_off_grows_and_ends_at_half_a_minute(run: Path, supervisor: Supervisor) -> None:
    assert [Supervisor.pause_after(starts) for starts in (1, 2, 3, 4, 9, 50)] == [0.0, 0.5, 1.0, 2.0, 30.0, 30.0]


def test_a_job_that_fails_is_named(run: Path, supervisor: Supervisor) -> None:
    with pytest.raises(SetupError, match="The load ended with status 4"):
        supervisor.once("The load", [sys.executable, "-c", "raise SystemExit(4)"], os.environ)


def test_a_job_is_ended_when_the_house_stops(run: Path, supervisor: Supervisor) -> None:
    threading.Timer(0.3, supervisor.stopping.set).start()
    marked = os.environ | {processes.MARK: str(run)}
    with pytest.raises(KeyboardInterrupt):
        supervisor.once("The load", [sys.executable, "-c", SLEEPER], marked)
    assert pids(run) == set()
