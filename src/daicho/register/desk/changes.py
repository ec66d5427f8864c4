"""Stand-in until changes.catalogue."""

from datetime import date

from daicho.register.changes import move_in
from daicho.register.changes.notification import MoveIn, NewResident
from daicho.register.changes.plan import Before, Plan, Scope


def scope(n: MoveIn) -> Scope:
    return move_in.scope(n)


def plan(b: Before, n: MoveIn, today: date) -> Plan:
    return move_in.plan(b, n, today)


def newcomers(n: MoveIn) -> tuple[NewResident, ...]:
    return move_in.newcomers(n)
