"""Which form belongs to which reason: adding a legal change adds one line here (docs/adding-a-change.md)."""

from collections.abc import Mapping

from daicho.law.reasons import Basis, Reason
from daicho.register.desk.errors import NoForm
from daicho.register.desk.forms.base import Form
from daicho.register.desk.forms.cancellation import CancellationForm
from daicho.register.desk.forms.events import BirthForm, DeathForm, HeadChangeForm
from daicho.register.desk.forms.households import HouseholdMoveForm
from daicho.register.desk.forms.items import AmendmentForm, ErrorCorrectionForm
from daicho.register.desk.forms.move_in import MoveInForm
from daicho.register.desk.forms.moves import MoveOutForm, MoveWithinForm
from daicho.register.desk.forms.numbers import NumberForm
from daicho.register.desk.forms.records import (
    ExOfficioRemovalForm,
    NationalityLossForm,
    NaturalisationForm,
    RenewalForm,
)

_ALL: tuple[Form, ...] = (
    MoveInForm(),
    MoveInForm(Reason.MOVE_IN_ABROAD, "国外転入など"),
    MoveInForm(Reason.EX_OFFICIO_ENTRY, "職権記載", Basis.EX_OFFICIO),
    MoveWithinForm(),
    MoveOutForm(Reason.MOVE_OUT, "転出", abroad=False),
    MoveOutForm(Reason.MOVE_OUT_ABROAD, "国外転出", abroad=True),
    BirthForm(),
    DeathForm(),
    HeadChangeForm(),
    HouseholdMoveForm(Reason.HOUSEHOLD_SPLIT, "世帯分離"),
    HouseholdMoveForm(Reason.HOUSEHOLD_MERGE, "世帯合併"),
    HouseholdMoveForm(Reason.HOUSEHOLD_CHANGE, "世帯変更"),
    CancellationForm(Reason.CANCELLATION_ENTRY, "異動の取消し（増）"),
    CancellationForm(Reason.CANCELLATION_REMOVAL, "異動の取消し（減）"),
    CancellationForm(Reason.CANCELLATION_AMENDMENT, "異動の取消し（修正）"),
    AmendmentForm(Reason.MINOR_AMENDMENT, Basis.EX_OFFICIO),
    AmendmentForm(Reason.EX_OFFICIO_AMENDMENT, Basis.EX_OFFICIO),
    ErrorCorrectionForm(),
    AmendmentForm(Reason.FORMER_NAME_ENTRY, Basis.REQUEST),
    AmendmentForm(Reason.FORMER_NAME_CHANGE, Basis.REQUEST),
    AmendmentForm(Reason.FORMER_NAME_DELETION, Basis.REQUEST),
    AmendmentForm(Reason.COMMON_NAME_ENTRY, Basis.APPLICATION),
    AmendmentForm(Reason.COMMON_NAME_DELETION, Basis.APPLICATION),
    NumberForm(Reason.INDIVIDUAL_NUMBER_CHANGE, Basis.REQUEST),
    NumberForm(Reason.INDIVIDUAL_NUMBER_AMENDMENT, Basis.EX_OFFICIO),
    NumberForm(Reason.INDIVIDUAL_NUMBER_ENTRY, Basis.EX_OFFICIO),
    NumberForm(Reason.RESIDENT_CODE_CHANGE, Basis.REQUEST),
    NumberForm(Reason.RESIDENT_CODE_ENTRY, Basis.EX_OFFICIO),
    NaturalisationForm(),
    NationalityLossForm(),
    ExOfficioRemovalForm(),
    RenewalForm(Reason.RENEWAL_ENTRY, "改製", restoration=False),
    RenewalForm(Reason.RESTORATION_ENTRY, "再製", restoration=True),
)
FORMS: Mapping[Reason, Form] = {form.reason: form for form in _ALL}


def form_of(reason: Reason) -> Form:
    """The form of a reason. Raises NoForm."""
    try:
        return FORMS[reason]
    except KeyError:
        raise NoForm from None
