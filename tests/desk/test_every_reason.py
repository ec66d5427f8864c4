"""STD 1.2.2: each of the 37 reasons can be entered at the desk; the removing half of a pair comes with its entering half."""

from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import CHANGES
from daicho.register.desk.forms.catalogue import FORMS

HALVES = {
    Reason.REMOVAL_NATURALISATION: Reason.ENTRY_NATURALISATION,
    Reason.REMOVAL_NATIONALITY_LOSS: Reason.ENTRY_NATIONALITY_LOSS,
    Reason.RENEWAL_REMOVAL: Reason.RENEWAL_ENTRY,
    Reason.RESTORATION_REMOVAL: Reason.RESTORATION_ENTRY,
}


def test_every_reason_of_the_standard_has_its_form() -> None:
    assert len(Reason) == 37
    assert {HALVES.get(reason, reason) for reason in Reason} == set(FORMS) == set(CHANGES)
    assert all(form.title and form.template and form.reason is reason for reason, form in FORMS.items())
