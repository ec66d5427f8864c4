"""A sample office system that pulls (母子健康センター): it asks for what came after the place it has reached.

`python -m daicho.world.office_pull`; OFFICE_* variables as `office_process` reads them. It moves on only when everything of a
page is in its own store, in one transaction with the place.
"""

import json
import logging
import threading

from daicho.law.errors import DaichoError
from daicho.world.office_page import page_server
from daicho.world.office_process import Office, ask, of_process, until_told, verified

PAUSE_SECONDS = 2.0
PATH = "/exchange/v1/changes"
log = logging.getLogger("daicho.office")


def pull(office: Office) -> tuple[int, bool]:
    """Ask for one page; how many events were new, and whether there is more. Raises OSError, SignatureBroken."""
    cursor = office.store.value("cursor", "0")
    status, body, signature = ask(office, "GET", f"{PATH}?cursor={cursor}")
    if status != 200:
        raise OSError(f"commons answered {status}")
    page = json.loads(verified(office, body, signature))
    new = office.store.take(page["events"], cursor=page["cursor"])
    return new, bool(page["more"])


def keep_pulling(office: Office, stop: threading.Event) -> None:
    """Pull until told to stop; trouble is tried again."""
    while not stop.is_set():
        more = False
        try:
            _, more = pull(office)
        except (DaichoError, OSError, ValueError, KeyError) as error:
            log.warning("pulling rests: %s", type(error).__name__)
        if not more:
            stop.wait(PAUSE_SECONDS)


def main() -> None:
    """Pull until SIGTERM."""
    office, stop = of_process(), threading.Event()
    threading.Thread(target=keep_pulling, args=(office, stop), daemon=True).start()
    threading.Thread(target=page_server(office).serve_forever, daemon=True).start()
    until_told(stop)


if __name__ == "__main__":
    main()
