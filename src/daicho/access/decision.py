"""The pure decision: may this officer do this, for this purpose, at this terminal, on this day (design, section 6).

Checks raise; none returns a verdict that could be ignored. What no grant gives is refused, and every refusal carries
the chain of reasons (`NotAllowed.reasons`).
"""

from datetime import date

from daicho.access.actor import Actor, Item, Output, Purpose, Right
from daicho.access.errors import ConflictingRoles, NotAllowed, PurposeMissing, SameOfficer, TerminalCannot
from daicho.access.reasons import Because, Reason
from daicho.access.table import RIGHTS, Grant, RightsTable, read_rights

__all__ = [
    "RIGHTS",
    "Grant",
    "RightsTable",
    "decide",
    "holds",
    "read_rights",
    "reasons_for",
    "require_item",
    "require_other_officer",
    "require_output",
    "require_right",
    "require_roles_fit",
]


def decide(
    actor: Actor,
    right: Right,
    *,
    on: date,
    purpose: Purpose | None = None,
    rights: RightsTable = RIGHTS,
) -> None:
    """Let the officer pass or refuse.

    `on` is the day of the act (days of validity count in Japan). A right that needs a purpose is refused
    without one (PurposeMissing) and for a purpose that does not justify it (NotAllowed); the check of the
    right comes first, so that nobody learns about a function they do not hold.
    """
    require_right(actor, right, on=on, rights=rights)
    justified = rights.purposes.get(right)
    if justified is None:
        return
    if purpose is None:
        raise PurposeMissing(field="purpose")
    if purpose not in justified:
        raise NotAllowed(reasons=(Reason(Because.PURPOSE_NOT_JUSTIFIED, about=purpose.value),))


def require_right(actor: Actor, right: Right, *, on: date, rights: RightsTable = RIGHTS) -> None:
    """Refuse (NotAllowed) who does not hold the right, before any purpose is known: for opening a page.

    A look at a person goes through `decide`, with its purpose.
    """
    if not holds(actor, right, on=on, rights=rights):
        _held, against = reasons_for(actor, right, on=on, rights=rights)
        raise NotAllowed(reasons=against)


def holds(actor: Actor, right: Right, *, on: date, rights: RightsTable = RIGHTS) -> bool:
    """Whether a menu should offer a function to the officer. For display only: acts go through `decide`."""
    return bool(_grants(actor, right, on, rights))


def require_output(actor: Actor, output: Output, *, on: date, rights: RightsTable = RIGHTS) -> None:
    """Refuse (TerminalCannot) an output that the class of the officer's terminal does not allow (R-USE-15, 19, 24)."""
    found = rights.terminals.get(actor.terminal_class)
    period = found.on(on) if found else None
    if found is not None and period is not None and output in period.outputs:
        return
    because = Because.TERMINAL_UNKNOWN if period is None else Because.TERMINAL_NO_OUTPUT
    raise TerminalCannot(
        reasons=(Reason(because, about=actor.terminal_class),),
        terminal=found.word if found else "登録のない区分の端末",
        output=output.word,
        ask=found.ask if found else "システムの管理者",
    )


def require_item(actor: Actor, right: Right, item: Item, *, on: date, rights: RightsTable = RIGHTS) -> None:
    """Refuse (NotAllowed) an item of the record that every grant of this right masks for the officer."""
    grants = _grants(actor, right, on, rights)
    if not grants:
        require_right(actor, right, on=on, rights=rights)
    if all(item in grant.masks.get(right, ()) for _role, grant in grants):
        masked = (Reason(Because.ITEM_MASKED, role, grant.since, grant.until, item.value) for role, grant in grants)
        raise NotAllowed(reasons=tuple(masked))


def reasons_for(
    actor: Actor, right: Right, *, on: date, rights: RightsTable = RIGHTS
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Why the officer holds a right, and why not: (grants that give it, reasons against).

    The second is empty exactly when the right is held. For the administrator's page; acts go through `decide`.
    """
    held = tuple(
        Reason(Because.GRANTED, role, grant.since, grant.until) for role, grant in _grants(actor, right, on, rights)
    )
    return held, () if held else _against(actor, right, on, rights)


def require_other_officer(entrant: str, reviewer: str) -> None:
    """Refuse (SameOfficer) when the officer who reviews or decides is the one who entered (four eyes)."""
    if entrant == reviewer:
        raise SameOfficer


def require_roles_fit(roles: frozenset[str], *, rights: RightsTable = RIGHTS) -> None:
    """Refuse (ConflictingRoles) roles that one officer may not hold on one day."""
    pair = rights.conflict(roles)
    if pair is not None:
        raise ConflictingRoles(pair="と".join(rights.words[role] for role in sorted(pair)))


def _grants(actor: Actor, right: Right, on: date, rights: RightsTable) -> list[tuple[str, Grant]]:
    """The grants that give the officer the right here and now; none for roles that exclude each other."""
    if rights.conflict(actor.roles) is not None or _terminal_against(actor, right, on, rights):
        return []
    return [
        (role, grant)
        for role in sorted(actor.roles)
        for grant in rights.roles.get(role, ())
        if right in grant.rights and grant.covers(on) and _grant_against(actor, role, grant) is None
    ]


def _against(actor: Actor, right: Right, on: date, rights: RightsTable) -> tuple[Reason, ...]:
    """Every reason why no grant gives the right: first those that concern all roles, then role by role."""
    reasons = []
    pair = rights.conflict(actor.roles)
    if pair is not None:
        reasons.append(Reason(Because.CONFLICT, about="+".join(sorted(pair))))
    terminal = _terminal_against(actor, right, on, rights)
    if terminal is not None:
        reasons.append(terminal)
    if not actor.roles:
        reasons.append(Reason(Because.NO_ROLE))
    for role in sorted(actor.roles):
        reasons += _role_against(actor, role, right, on, rights)
    return tuple(reasons)


def _role_against(actor: Actor, role: str, right: Right, on: date, rights: RightsTable) -> list[Reason]:
    if role not in rights.roles:
        return [Reason(Because.ROLE_UNKNOWN, role)]
    grants = [grant for grant in rights.roles[role] if right in grant.rights]
    if not grants:
        return [Reason(Because.NOT_IN_ROLE, role)]
    reasons = []
    for grant in grants:
        if on < grant.since:
            reasons.append(Reason(Because.NOT_YET, role, grant.since, grant.until))
        elif not grant.covers(on):
            reasons.append(Reason(Because.OVER, role, grant.since, grant.until))
        else:
            found = _grant_against(actor, role, grant)
            reasons += [found] if found else []
    return reasons


def _terminal_against(actor: Actor, right: Right, on: date, rights: RightsTable) -> Reason | None:
    found = rights.terminals.get(actor.terminal_class)
    period = found.on(on) if found else None
    if period is None:
        return Reason(Because.TERMINAL_UNKNOWN, about=actor.terminal_class)
    if right in period.without:
        return Reason(Because.TERMINAL_WITHOUT, about=actor.terminal_class)
    return None


def _grant_against(actor: Actor, role: str, grant: Grant) -> Reason | None:
    """Why a grant in force does not reach this officer at this terminal, or None when it does."""
    if grant.departments is not None and actor.department not in grant.departments:
        return Reason(Because.OTHER_DEPARTMENT, role, grant.since, grant.until, actor.department)
    if grant.officers is not None and actor.officer_id not in grant.officers:
        return Reason(Because.OTHER_OFFICER, role, grant.since, grant.until)
    if grant.terminals is not None and actor.terminal_class not in grant.terminals:
        return Reason(Because.TERMINAL_NOT_IN_GRANT, role, grant.since, grant.until, actor.terminal_class)
    return None
