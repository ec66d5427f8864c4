"""What a change rests on, chosen by the clerk where the standard leaves a choice (STD 4.2.0.2, 4.2.0.5).

The field `basis` of every form; blank means what such a change usually rests on.
"""

from collections.abc import Mapping

from daicho.law.reasons import Basis, Reason
from daicho.register.changes.grounds import GROUNDS
from daicho.register.desk.errors import UnknownCode
from daicho.register.desk.forms.base import widen_latin
from daicho.register.desk.forms.catalogue import form_of

BASIS_KEYS: Mapping[str, Basis] = {
    "1": Basis.NOTIFICATION,
    "2": Basis.EX_OFFICIO,
    "3": Basis.APPLICATION,
    "4": Basis.NOTICE,
    "5": Basis.REQUEST,
}


def basis_options(reason: Reason) -> dict[str, Basis]:
    """The keyed codes of what a change of this reason may rest on, the form's own first."""
    allowed = dict.fromkeys((form_of(reason).basis, *reason.bases))
    keys = {basis: key for key, basis in BASIS_KEYS.items()}
    return {keys[basis]: basis for basis in allowed}


def is_notice(reason: Reason, typed: Mapping[str, str]) -> bool:
    """Whether a case of 国内転出 receives the notice of arrival (転入通知) that completes it."""
    return reason is Reason.MOVE_OUT and BASIS_KEYS.get(widen_latin(typed.get("basis", "").strip())) is Basis.NOTICE


def basis_of(reason: Reason, typed: Mapping[str, str], current: Basis) -> tuple[Basis, UnknownCode | None]:
    """What the clerk chose, and what is wrong with the choice; then, and where nothing was typed, it stays `current`.

    A choice taken away again leaves what such a change usually rests on. Where the change has a ground, the ground says it.
    """
    if reason in GROUNDS:
        ground = GROUNDS[reason].get(widen_latin(typed.get("ground", "").strip()))
        return (ground.basis if ground else form_of(reason).basis), None
    if "basis" not in typed:
        return current, None
    if is_notice(reason, typed):
        return Basis.NOTICE, None
    text = typed["basis"].strip()
    found = basis_options(reason).get(widen_latin(text)) if text else form_of(reason).basis
    return (current, UnknownCode(what="根拠")) if found is None else (found, None)
