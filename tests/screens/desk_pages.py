"""Working a case through the pages, as browsers do: forms with their hidden fields."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.desk.build import REKEYS, family_typed

if TYPE_CHECKING:
    from django.test import Client


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    match = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert match, f"no hidden field {name}"
    return unescape(match[1])


def text(answer: Any) -> str:
    """The page of an answer."""
    return str(answer.content.decode())


def receive(client: "Client", reason: str = "11", **fields: str) -> str:
    """Receive a case through the reception form; returns its number."""
    from tests.signon.desk import post

    opened = f"?household={fields.pop('household', '')}&person={fields.pop('person', '')}"
    page = text(client.get(f"/cases/new{opened}"))
    form = {"reason": reason, "ticket": "43", "notifier": "1", "name": "渡邉 大輔", "document": "01", "authority": ""}
    form |= {name: hidden(page, name) for name in ("token", "household", "person")}
    answer = post(client, "/cases/new", form | fields)
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"]).split("/")[2]


def enter(client: "Client", number: str, typed: dict[str, str]) -> Any:
    """Type into the entry form and send it to the check page."""
    from tests.signon.desk import post

    page = text(client.get(f"/cases/{number}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "act": "check"}
    return post(client, f"/cases/{number}/entry", form | typed)


def send(client: "Client", number: str, ack: str = "") -> Any:
    """Send a checked case to review."""
    from tests.signon.desk import post

    page = text(client.get(f"/cases/{number}/check"))
    return post(client, f"/cases/{number}/send", {"version": hidden(page, "version"), "ack": ack, "act": "send"})


def sent_family(client: "Client", base: int = 0) -> str:
    """A family's move-in waiting for review."""
    number = receive(client)
    answer = enter(client, number, family_typed(base=base))
    assert answer.status_code == 302, text(answer)
    assert send(client, number).status_code == 302
    return number


def approve(client: "Client", number: str, keys: dict[str, str] | None = None, act: str = "approve") -> Any:
    """Key the dates again and approve."""
    from tests.signon.desk import post

    page = text(client.get(f"/cases/{number}/review"))
    keyed = {f"k.{field}": value for field, value in (REKEYS if keys is None else keys).items()}
    return post(client, f"/cases/{number}/approve", {"version": hidden(page, "version"), "act": act, **keyed})
