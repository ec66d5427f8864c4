"""Works that go on beside what a process is there for: step by step in a thread that no trouble ends silently."""

import logging
import threading
from collections.abc import Callable
from traceback import extract_tb

from daicho.law.errors import DaichoError

log = logging.getLogger("daicho.beside")


def keep_going(what: str, step: Callable[[], float], stop: threading.Event, *, after_trouble: float) -> None:
    """Step until told to stop; `step` answers how many seconds to rest after it, trouble rests for `after_trouble`.

    Whatever a step raises is said and ends nothing: a thread that ended would leave a process that looks alive and does not
    do all its work. The log names the code or the place, never a message, which could hold people's data.
    """
    while not stop.is_set():
        try:
            rest = step()
        except (DaichoError, OSError) as error:
            log.warning("%s rests: %s", what, getattr(error, "code", type(error).__name__))
            rest = after_trouble
        except Exception as error:
            place = extract_tb(error.__traceback__)[-1]
            log.error("%s rests: %s at %s:%s", what, type(error).__name__, place.filename, place.lineno)
            rest = after_trouble
        if rest:
            stop.wait(rest)


def start_beside(what: str, work: Callable[[], None]) -> None:
    """Run a work in a thread of this process, which ends with it."""
    threading.Thread(target=work, name=what, daemon=True).start()
