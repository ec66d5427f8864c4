"""What the entry page of a number needs: which number it is, and how many resident codes are free."""

from collections.abc import Mapping

from daicho.law.reasons import Reason
from daicho.register.desk.forms.catalogue import form_of
from daicho.register.desk.forms.numbers import CODES, NumberForm
from daicho.register.store import code_stock
from daicho.wire.environment import Connection

GIVES_CODES = (*CODES, Reason.BIRTH, Reason.MOVE_IN_ABROAD)
"""Reasons whose registration draws a resident code: there the low stock is said (STD 4.3.1)."""


def number_context(connection: Connection, reason: Reason) -> Mapping[str, object]:
    """Nothing for other reasons."""
    if not isinstance(form_of(reason), NumberForm):
        return {}
    is_code = reason in CODES
    return {
        "number_field": "resident_code" if is_code else "individual_number",
        "stock": code_stock.level(connection) if is_code else None,
    }
