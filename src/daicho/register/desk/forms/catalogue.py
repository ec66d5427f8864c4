"""Which form belongs to which reason: adding a legal change adds one line here (docs/adding-a-change.md)."""

from collections.abc import Mapping

from daicho.law.reasons import Reason
from daicho.register.desk.errors import NoForm
from daicho.register.desk.forms.base import Form
from daicho.register.desk.forms.move_in import MoveInForm

FORMS: Mapping[Reason, Form] = {form.reason: form for form in (MoveInForm(),)}


def form_of(reason: Reason) -> Form:
    """The form of a reason. Raises NoForm."""
    try:
        return FORMS[reason]
    except KeyError:
        raise NoForm from None
