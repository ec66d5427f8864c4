"""Refusals for want of a right leave their entry (control R-ACQ-20): who, at which terminal, at which page, for want of what.

Only whoever is signed on can be refused for want of a right, so a stranger writes nothing. An officer has one open session; of its
refusals a few a minute are recorded, the last of them marked: enough to be seen in the reports, too few to fill the trail.
"""

from django.http import HttpRequest

from daicho.access.actor import Actor, Right
from daicho.access.errors import NotAllowed, TerminalCannot
from daicho.law.errors import DaichoError
from daicho.signon import rules
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Environment


def note_refusal(env: Environment, request: HttpRequest, actor: Actor, error: DaichoError, right: Right | None) -> None:
    """Record a refusal once for its request, within the bound. `right`: the one that was missing, where it is known."""
    if getattr(request, "refusal_noted", False):
        return
    request.refusal_noted = True  # type: ignore[attr-defined]
    match = request.resolver_match
    route = match.view_name if match is not None else "-"
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT count(*) AS before FROM (SELECT FROM trail.entry WHERE officer = %s AND at > %s AND act = %s LIMIT %s) r",
            (
                actor.officer_id,
                env.clock.now() - rules.REFUSALS_WITHIN,
                Act.RIGHT_REFUSED.value,
                rules.REFUSALS_RECORDED,
            ),
        ).fetchone()
        left = rules.REFUSALS_RECORDED - (row["before"] if row else 0)
        if left <= 0:
            return
        detail: dict[str, str | int | bool] = {
            "code": error.code,
            "right": right.value if right else "",
            "route": route,
        }
        if isinstance(error, NotAllowed) and error.reasons:
            detail["why"] = ",".join(dict.fromkeys(one.because.value for one in error.reasons))
        if isinstance(error, TerminalCannot):
            detail["terminal_class"] = actor.terminal_class
        if left == 1:
            detail["last"] = True
        record_act(connection, env, actor, Act.RIGHT_REFUSED, refused=True, detail=detail)
