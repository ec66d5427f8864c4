"""What an officer may and why, right by right, for the administrator's page: the same decision, told instead of raised."""

from dataclasses import dataclass
from datetime import date

from daicho.access.actor import Actor, Item, Output, Purpose, Right
from daicho.access.decision import reasons_for, require_item, require_output
from daicho.access.errors import NotAllowed
from daicho.access.reasons import Because, Reason
from daicho.access.table import RIGHTS, RightsTable


@dataclass(frozen=True, slots=True)
class Explained:
    """One right. `held` says that `decide` lets it pass for the purpose asked about; `reasons` say why or why not.

    `purposes` are those that justify it (None: no purpose is needed), `masked` the items it does not reach.
    """

    right: Right
    held: bool
    reasons: tuple[Reason, ...]
    purposes: frozenset[Purpose] | None
    masked: frozenset[Item]


def explain(
    actor: Actor, *, on: date, purpose: Purpose | None = None, rights: RightsTable = RIGHTS
) -> tuple[Explained, ...]:
    """Every right in the order of the closed list. Without a purpose, rights that need one count as held for those listed."""
    return tuple(_explained(actor, right, on, purpose, rights) for right in Right)


def _explained(actor: Actor, right: Right, on: date, purpose: Purpose | None, rights: RightsTable) -> Explained:
    held, against = reasons_for(actor, right, on=on, rights=rights)
    purposes = rights.purposes.get(right)
    if held and purpose is not None and purposes is not None and purpose not in purposes:
        unjustified = (Reason(Because.PURPOSE_NOT_JUSTIFIED, about=purpose.value),)
        return Explained(right, False, unjustified, purposes, frozenset())
    masked = {item for item in Item if held and not _reached(actor, right, item, on, rights)}
    return Explained(right, bool(held), held or against, purposes, frozenset(masked))


def _reached(actor: Actor, right: Right, item: Item, on: date, rights: RightsTable) -> bool:
    try:
        require_item(actor, right, item, on=on, rights=rights)
    except NotAllowed:
        return False
    return True


def outputs(actor: Actor, *, on: date, rights: RightsTable = RIGHTS) -> dict[Output, bool]:
    """Whether each way out is open at the class of the actor's terminal."""
    return {output: _leaves(actor, output, on, rights) for output in Output}


def _leaves(actor: Actor, output: Output, on: date, rights: RightsTable) -> bool:
    try:
        require_output(actor, output, on=on, rights=rights)
    except NotAllowed:
        return False
    return True
