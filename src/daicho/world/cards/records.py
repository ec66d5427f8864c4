"""Taking dispatch data: strict about lengths and counts, since what is printed follows from them."""

from pydantic import ValidationError

from daicho.law.network_text import characters, count_uncoded
from daicho.wire.contracts.dispatch_data import DispatchData, DispatchItems
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope
from daicho.wire.secret_items import open_items
from daicho.world.errors import DispatchNotInForm

_TEXTS = ("address", "addressee", "city_address", "pickup", "pickup_address", "cards_to", "cards_to_address", "name",
          "person_address")  # fmt: skip
_LENGTHS = (*_TEXTS, "city", "reading", "substitute_name", "substitute_address")


def take(connection: Connection, env: Environment, envelope: Envelope, content: DispatchData) -> None:
    """Keep one person's dispatch data. Raises DispatchNotInForm."""
    text = open_items(env, f"{envelope.sender}-{envelope.receiver}", envelope.message_id, content.items).get(
        "items", ""
    )
    try:
        items = DispatchItems.model_validate_json(text)
    except ValidationError:
        raise DispatchNotInForm from None
    check(items)
    connection.execute(
        "INSERT INTO cards.dispatch (city, message_id, dispatch_no, received_at, items) VALUES (%s, %s, %s, %s, %s)",
        (envelope.sender, envelope.message_id, items.dispatch_no, env.clock.now(), text),
    )


def check(items: DispatchItems) -> None:
    """Raises DispatchNotInForm where a length or a count is not that of its text, or a place is outside of it."""
    values = items.model_dump()
    for name in _LENGTHS:
        if values[f"{name}_length"] != len(characters(values[name] or "")):
            raise DispatchNotInForm
    for name in _TEXTS:
        if values[f"{name}_uncoded"] != count_uncoded(values[name]):
            raise DispatchNotInForm
    for text, places in (
        (items.name, items.substitute_name_places),
        (items.person_address, items.substitute_address_places),
    ):
        found = [int(places[at : at + 3]) for at in range(0, len(places), 3)]
        if any(not 1 <= place <= len(characters(text)) for place in found):
            raise DispatchNotInForm
