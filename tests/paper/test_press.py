"""The paper process: every answer is bound to its request, a late request fails as a whole, nothing stops it."""

import dataclasses
import hashlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from daicho.register.paper import frames
from daicho.register.paper.errors import (
    GlyphMissing,
    PressBusy,
    PressRefused,
    PressTimeout,
    PressUnavailable,
    WrongAnswer,
)
from daicho.register.paper.press import Press, Server
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.readback import read_back
from daicho.register.paper.typesetter import Printed, Typesetter
from daicho.register.paper.versions import Versions
from daicho.register.paper.view import Paper
from tests.paper.conftest import copy_of, person, serving

VERSIONS = Versions("t", "e", "f")


def test_the_paper_of_the_press_is_the_paper_of_the_copy(press: PressClient) -> None:
    copy = copy_of(5)
    pressed = press.print("request-1", copy)
    assert pressed.pages == ((0, 1, 2, 3), (4,))
    assert pressed.versions.engine.startswith("typst ")
    read_back(pressed.pdf, copy, pressed.pages)


def test_refusals_come_back_as_themselves(press: PressClient) -> None:
    with pytest.raises(GlyphMissing) as refused:
        press.print("request-2", copy_of(2, persons=(person(0), person(1, name="葛\U000e0100城"))))
    assert refused.value.data["position"] == "2人目"


def test_many_at_once_get_their_own_paper(press: PressClient) -> None:
    copies = [copy_of(1, persons=(person(0, name=f"第{number}　人物"),)) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        papers = list(pool.map(press.print, [f"r{number}" for number in range(24)], copies))
    for copy, pressed in zip(copies, papers, strict=True):
        read_back(pressed.pdf, copy, pressed.pages)


class Held:
    """A renderer that waits until it is let go; its paper names the copy it was made for."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go = threading.Event()

    def __call__(self, copy: Paper) -> Printed:
        self.begun.set()
        self.go.wait(30)
        return Printed(str(copy.sections[0].values["name"]).encode(), ((0,),), ())


def named(name: str) -> Paper:
    return copy_of(1, persons=(person(0, name=name),))


def test_a_late_request_fails_and_never_gets_into_the_next_hands() -> None:
    held = Held()
    stuck = threading.Event()
    press = Press(held, VERSIONS, seconds=0.05, on_stuck=stuck.set)
    with pytest.raises(PressTimeout):
        press.print(named("先の人"))
    assert stuck.is_set()
    held.go.set()
    patient = Press(held, VERSIONS, seconds=30)
    assert patient.print(named("次の人")).pdf.decode() == "次の人"
    patient.close()
    # the late press itself, too: its next answer is that of its next request
    late = Press(held, VERSIONS, seconds=30)
    assert [late.print(named(name)).pdf.decode() for name in ("甲", "乙")] == ["甲", "乙"]
    late.close()
    press.close()


def test_a_request_abandoned_in_the_queue_is_not_printed() -> None:
    held = Held()
    printed: list[str] = []

    def render(copy: Paper) -> Printed:
        printed.append(str(copy.sections[0].values["name"]))
        return held(copy)

    press = Press(render, VERSIONS, seconds=0.2)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(press.print, named("甲"))
        assert held.begun.wait(5)
        second = pool.submit(press.print, named("乙"))
        assert isinstance(first.exception(5), PressTimeout)
        assert isinstance(second.exception(5), PressTimeout)
    held.go.set()
    press.close()
    assert printed == ["甲"]


def test_the_queue_is_bounded() -> None:
    held = Held()
    press = Press(held, VERSIONS, waiting=1, seconds=30)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(press.print, named("甲"))
        assert held.begun.wait(5)
        second = pool.submit(press.print, named("乙"))
        while press.waiting == 0:
            pass
        with pytest.raises(PressBusy):
            press.print(named("丙"))
        held.go.set()
        assert first.result(5).pdf.decode() == "甲"
        assert second.result(5).pdf.decode() == "乙"
    press.close()


def test_a_fault_of_the_renderer_refuses_without_words_of_people(caplog: pytest.LogCaptureFixture) -> None:
    def broken(copy: Paper) -> Printed:
        raise RuntimeError(str(copy.sections[0].values["name"]))

    press = Press(broken, VERSIONS)
    with pytest.raises(PressRefused):
        press.print(named("秘密の人"))
    press.close()
    assert "秘密" not in caplog.text
    assert "RuntimeError" in caplog.text


def exchange(path: Path, sent: bytes) -> dict[str, Any]:
    """Send bytes as they are, end the sending side, read the head that comes back."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return frames.parse(frames.receive_head(connection))


def framed(text: bytes) -> bytes:
    return len(text).to_bytes(4, "big") + text


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00",
        b"\xff\xff\xff\xff{}",
        b"\x00\x00\x00\x00",
        framed(b"not json"),
        framed(b"[]"),
        framed(b"[" * 100_000),
        framed(b"\xff\xfe"),
        framed(b"{}"),
        framed(b'{"request_id":7}'),
        framed(b'{"request_id":"a"}'),
        framed(b'{"request_id":"a","paper":null}'),
        framed(b'{"request_id":"a","paper":{"sections":[1]}}'),
        framed(b'{"request_id":"a","paper":{"issue":[]}}'),
        framed(b'{"request_id":"a","cop')[:-3],
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused_and_the_press_goes_on(press: PressClient, sent: bytes) -> None:
    answer = exchange(press.path, sent)
    assert (answer["ok"], answer["code"]) == (False, "P113")
    assert press.versions("still-there").font.startswith("IPAmj Mincho")


@pytest.mark.parametrize("field", ["kind", "top", "sections", "attestation", "seal", "issue", "tint"])
def test_a_copy_with_a_field_missing_or_wrong_is_refused(press: PressClient, field: str) -> None:
    data = json.loads(copy_of(1).to_json())
    del data[field]
    for wrong in (data, {**data, field: 5}, {**data, field: [{}]}):
        answer = exchange(press.path, framed(json.dumps({"request_id": "a", "paper": wrong}).encode()))
        assert answer["ok"] is False
    assert press.print("after", copy_of(1)).pages == ((0,),)


def test_a_client_that_goes_away_harms_nobody(press: PressClient) -> None:
    for _ in range(5):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(press.path))
            connection.sendall(framed(b'{"request_id":"a","paper":%s}' % copy_of(1).to_json().encode()))
    assert press.print("after", copy_of(1)).pages == ((0,),)


@contextmanager
def forger(change: dict[str, object], body: bytes = b"") -> Iterator[PressClient]:
    """A press that answers once, wrongly."""
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        path = Path(folder) / "press.sock"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
            listener.listen()

            def answer() -> None:
                connection, _ = listener.accept()
                with connection:
                    text = frames.receive_head(connection)
                    head = {
                        "request_id": frames.parse(text)["request_id"],
                        "request_digest": hashlib.sha256(text).hexdigest(),
                        "ok": True,
                        "pdf_length": len(body),
                        "pdf_digest": hashlib.sha256(body).hexdigest(),
                        "pages": [[0]],
                        "tight": [],
                        "versions": dataclasses.asdict(VERSIONS),
                    }
                    frames.send_head(connection, {**head, **change}, body)

            thread = threading.Thread(target=answer)
            thread.start()
            yield PressClient(path)
            thread.join()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"request_id": "another"}, WrongAnswer),
        ({"request_digest": "0" * 64}, WrongAnswer),
        ({"pdf_digest": "0" * 64}, WrongAnswer),
        ({"pdf_length": 9}, PressUnavailable),
        ({"pdf_length": 1 << 40}, PressUnavailable),
        ({"ok": False, "code": "P111", "data": {}}, PressBusy),
        ({"ok": False, "code": "P112", "data": {}}, PressTimeout),
        ({"ok": False, "code": "X999", "data": {}}, PressRefused),
        ({"ok": False, "request_id": "", "code": "P113"}, PressRefused),
        ({"ok": False, "request_id": "another", "code": "P105"}, WrongAnswer),
    ],
)
def test_the_client_takes_only_what_is_bound_to_its_request(change: dict[str, object], error: type[Exception]) -> None:
    with forger(change, b"paper") as client, pytest.raises(error):
        client.print("mine", copy_of(1))


def test_without_a_press_the_client_says_so(tmp_path: Path) -> None:
    with pytest.raises(PressUnavailable):
        PressClient(tmp_path / "none").print("a", copy_of(1))


def test_the_client_gives_up_when_no_answer_comes() -> None:
    held = Held()
    with serving(Press(held, VERSIONS, seconds=30)) as client:
        with pytest.raises(PressTimeout):
            PressClient(client.path, seconds=0.05).print("a", named("甲"))
        held.go.set()


def test_a_socket_left_behind_is_taken_over_and_a_living_one_is_not(typesetter: Typesetter) -> None:
    with serving(Press(typesetter.set, VERSIONS)) as client:
        with pytest.raises(OSError, match="in use"):
            Server(client.path, Press(typesetter.set, VERSIONS))
        assert stat.S_IMODE(client.path.stat().st_mode) == 0o600


def test_the_process_prints_a_specimen_serves_and_ends() -> None:
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        path = Path(folder) / "press.sock"
        stale = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stale.bind(str(path))
        stale.close()
        command = [sys.executable, "-m", "daicho.register.paper.press", "--socket", str(path)]
        environment = {**os.environ, "PYTHONPATH": "src"}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            copy = copy_of(2)
            pressed = PressClient(path).print("from-outside", copy)
            read_back(pressed.pdf, copy, pressed.pages)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert not path.exists()


def test_the_process_does_not_start_without_its_font() -> None:
    command = [
        sys.executable,
        "-m",
        "daicho.register.paper.press",
        "--socket",
        "/nonexistent/press.sock",
        "--font",
        __file__,
    ]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": "src"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
