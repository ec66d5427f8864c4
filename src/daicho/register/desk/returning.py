"""What the removed record of somebody who returns puts into the entry (STD 4.1.1.2): only into blank fields, to be corrected freely."""

from collections.abc import Mapping

from daicho.access.actor import Actor
from daicho.law.towns import municipality_of
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk.forms.move_in import BY_CARD, ROW
from daicho.register.store.read import live_rows
from daicho.register.store.shield import look
from daicho.wire.environment import Connection, Environment

_BOTH = ("name", "name_kana", "sex", "name_reading")
_JAPANESE = ("domicile", "family_register_head", "former_family_name", "former_family_name_kana",
             "former_family_name_reading")  # fmt: skip
_FOREIGN = ("nationality", "residence_status", "article_30_45", "foreign_name_kanji", "common_name", "common_name_kana",
            "common_name_municipality")  # fmt: skip
"""Card, stay and day of becoming a foreign resident are never taken over: they belong to the stay that ended."""


def known_items(
    connection: Connection, env: Environment, actor: Actor, row: str, person_id: int, typed: Mapping[str, str]
) -> dict[str, str]:
    """The blank fields of a row of the grid that the person's last record fills, as they would be typed.

    Nothing comes of a person whose place is kept from the officer. In a move in with a card the data that were received
    stand before the record, but for the name, which the network does not carry in its exact characters.
    """
    rows = live_rows(connection, [person_id]).get(person_id, [])
    if not rows or look(connection, env, actor, [person_id]).hides(person_id):
        return {}
    found = _items(rows[-1].record)
    first = ("name",) if typed.get("kind", "").strip() == BY_CARD else ()
    return {
        f"{row}.{part}": text
        for part, text in found.items()
        if part in first or not typed.get(f"{row}.{part}", "").strip()
    }


def _items(record: ResidentRecord) -> dict[str, str]:
    parts = (*_BOTH, *(_FOREIGN if record.is_foreign else _JAPANESE))
    items = {part: getattr(record, part) for part in parts if part in ROW}
    items["birth"] = record.birth.wareki
    if record.domicile and municipality_of(record.domicile) is None:
        items.pop("domicile", None)  # a place that is no more (STD 4.0.6), or none: typed anew
    return {part: text for part, text in items.items() if text}
