"""The paper process: one per machine, holding the font. `python -m daicho.register.paper.press --socket PATH`.

One compile at a time, a bounded queue before it. A request that is not ready in time fails as a whole: its job
carries its own result, which nobody reads any more; there is no place from which the next request could pick it up
(Yokohama 2023). A compile that does not end stops the process, and the supervisor starts a fresh one. Nothing a
client sends can stop it.
"""

import argparse
import contextlib
import hashlib
import logging
import os
import queue
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTLibError

from daicho.law.errors import DaichoError
from daicho.register.paper import frames
from daicho.register.paper.errors import PressBusy, PressRefused, PressTimeout
from daicho.register.paper.face import find_font
from daicho.register.paper.specimen import specimen
from daicho.register.paper.typesetter import Printed, Typesetter
from daicho.register.paper.versions import Versions
from daicho.register.paper.view import Paper, from_data

log = logging.getLogger("daicho.press")
WAITING_AT_MOST = 32
SECONDS = 10.0
CLIENT_SECONDS = 5.0


@dataclass(slots=True)
class Job:
    """One request on its way; nothing in it is shared with another."""

    paper: Paper
    done: threading.Event = field(default_factory=threading.Event)
    started: bool = False
    abandoned: bool = False
    printed: Printed | None = None
    error: DaichoError | None = None


class Press:
    """A queue and one worker around `render`."""

    def __init__(
        self,
        render: Callable[[Paper], Printed],
        versions: Versions,
        *,
        waiting: int = WAITING_AT_MOST,
        seconds: float = SECONDS,
        on_stuck: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_stuck` is called when a compile that has begun does not end within `seconds`."""
        self.versions = versions
        self._render = render
        self._jobs: queue.Queue[Job | None] = queue.Queue(waiting)
        self._seconds = seconds
        self._on_stuck = on_stuck
        self._worker = threading.Thread(target=self._work, name="press", daemon=True)
        self._worker.start()

    def print(self, paper: Paper) -> Printed:
        """The paper of a copy. PressBusy, PressTimeout, PressRefused, GlyphMissing, CopyTooLong."""
        job = Job(paper)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise PressBusy from None
        if not job.done.wait(self._seconds):
            job.abandoned = True
            if job.started:
                self._on_stuck()
            raise PressTimeout
        if job.error is not None:
            raise job.error
        if job.printed is None:
            raise PressRefused
        return job.printed

    @property
    def waiting(self) -> int:
        """How many requests wait for the worker."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Let the worker end after what is queued."""
        self._jobs.put(None)
        self._worker.join(self._seconds)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.abandoned:
                continue
            job.started = True
            try:
                job.printed = self._render(job.paper)
            except DaichoError as error:
                job.error = error
            except Exception as error:
                # what the typesetter complains about may quote people's data: only its class is logged
                log.error("press failed: %s", type(error).__name__)
                job.error = PressRefused()
            job.done.set()


class Handler(socketserver.BaseRequestHandler):
    """One connection: one request, one answer."""

    server: "Server"

    def handle(self) -> None:
        """Answer, whatever comes; a client that goes away is its own loss."""
        connection: socket.socket = self.request
        connection.settimeout(CLIENT_SECONDS)
        with contextlib.suppress(OSError):
            try:
                text = frames.receive_head(connection)
                head = frames.parse(text)
            except frames.NothingSent:
                return
            except (frames.BrokenFrame, TimeoutError):
                frames.send_head(connection, _refusal("", "", PressRefused()))
                return
            answer, body = _answer(self.server.press, head, hashlib.sha256(text).hexdigest())
            frames.send_head(connection, answer, body)


def _answer(press: Press, head: dict[str, Any], digest: str) -> tuple[dict[str, Any], bytes]:
    request_id = head.get("request_id")
    if not isinstance(request_id, str) or not request_id:
        return _refusal("", digest, PressRefused()), b""
    bound = {"request_id": request_id, "request_digest": digest, "versions": asdict(press.versions)}
    if head.get("status") is True:
        return {**bound, "ok": True, "pdf_length": 0}, b""
    try:
        paper = from_data(head["paper"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return _refusal(request_id, digest, PressRefused()), b""
    try:
        printed = press.print(paper)
    except DaichoError as error:
        return _refusal(request_id, digest, error), b""
    return {
        **bound,
        "ok": True,
        "pdf_length": len(printed.pdf),
        "pdf_digest": hashlib.sha256(printed.pdf).hexdigest(),
        "pages": printed.pages,
        "tight": printed.tight,
    }, printed.pdf


def _refusal(request_id: str, digest: str, error: DaichoError) -> dict[str, Any]:
    log.warning("press refused: %s", error.code)
    return {
        "request_id": request_id,
        "request_digest": digest,
        "ok": False,
        "code": error.code,
        "data": error.data,
    }


class Server(socketserver.ThreadingUnixStreamServer):
    """Listens on a socket that only this user can open."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, press: Press) -> None:
        """Takes the place of a socket that nobody listens on; OSError when a living press holds it."""
        self.press = press
        self._path = path
        _clear(path)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), Handler)
        finally:
            os.umask(before)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log the class of what went wrong, never a trace with data."""
        log.error("press connection failed: %s", type(sys.exc_info()[1]).__name__)

    def server_close(self) -> None:
        """Stop listening and take the socket away."""
        super().server_close()
        self._path.unlink(missing_ok=True)


def _clear(path: Path) -> None:
    if not path.exists():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise OSError(f"{path} is in use by another press")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a specimen (a broken installation must not start), then serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="press", description="Make certificates as PDF/A.")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--font", type=Path, default=None, help="IPAmj Mincho (ipamjm.ttf)")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        typesetter = Typesetter(chosen.font or find_font())
        typesetter.set(specimen())
    except (OSError, TTLibError, DaichoError) as error:
        log.error("press cannot start: %s", error)
        return 1
    press = Press(typesetter.set, typesetter.versions, on_stuck=_stop_hard)
    with Server(chosen.socket, press) as server:
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.2)
    return 0


def _stop_hard() -> None:
    """A compile that does not end cannot be stopped from outside: answer who waits, then end the process."""
    log.error("press stuck: ending")
    threading.Timer(1.0, os._exit, (70,)).start()


if __name__ == "__main__":
    sys.exit(main())
