"""What an administrator does with user IDs: suspend, resume, withdraw, set a term, give and end roles, find unused ones.

Every act locks the officer's row, leaves a row in the ledger and an entry in the trail, and is refused on one's own
user ID (OwnRights; the database refuses it as well). Rights count from the next request of the officer.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from daicho.access.decision import RIGHTS, require_roles_fit
from daicho.law.japan import JAPAN, midnight
from daicho.signon import rules
from daicho.signon.errors import OfficerRefused
from daicho.signon.ledger import REVOKING, By, Detail, write
from daicho.signon.models import DirectoryState, Officer, OfficerLedger, OfficerRole
from daicho.signon.places import Place
from daicho.signon.service import clean_login
from daicho.wire.environment import Environment

LEDGER_MOST = 500
STATES = {
    "live": "使用中",
    "planned": "開始前",
    "suspended": "停止",
    "expired": "期限切れ",
    "leave": "休職",
    "withdrawn": "廃止",
}


def state(officer: Officer, today: date) -> str:
    """A key of STATES: whether the user ID may be used today, and if not, why."""
    if officer.withdrawn_on is not None and officer.withdrawn_on <= today:
        return "withdrawn"
    if not officer.active:
        return "suspended"
    if officer.valid_to is not None and officer.valid_to < today:
        return "expired"
    if officer.place_on(today).on_leave:
        return "leave"
    return "planned" if officer.valid_from > today else "live"


def officer_to_change(env: Environment, by: By, officer_id: str) -> Officer:
    """The officer with the row locked: another one than who acts (OwnRights), known and not withdrawn (OfficerRefused)."""
    login = clean_login(officer_id)
    by.require_other(login)
    officer = Officer.objects.select_for_update().filter(pk=login).first()
    if officer is None:
        raise OfficerRefused(why="その職員番号はありません。")
    if officer.withdrawn_on is not None and officer.withdrawn_on <= env.clock.today():
        raise OfficerRefused(why="廃止した職員番号は変えられません。")
    return officer


def suspend(env: Environment, by: By, officer_id: str, reason: str) -> None:
    """Stop a user ID until it is resumed; an open session ends at its next request."""
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        if not officer.active:
            raise OfficerRefused(why="すでに止まっています。")
        officer.active = False
        officer.save(update_fields=["active"])
        write(env, by, "suspended", officer.officer_id, Detail(reason=required(reason)))


def resume(env: Environment, by: By, officer_id: str, reason: str) -> None:
    """Let a suspended user ID be used again within its term."""
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        if officer.active:
            raise OfficerRefused(why="止まっていません。")
        officer.active = True
        officer.save(update_fields=["active"])
        write(env, by, "resumed", officer.officer_id, Detail(reason=required(reason)))


def withdraw(env: Environment, by: By, officer_id: str, reason: str) -> None:
    """Take a user ID back for good: its roles end today, it is never used again."""
    today = env.clock.today()
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        for role in _open_roles(officer, today):
            _end(role, by, today)
        officer.active, officer.withdrawn_on = False, today
        officer.valid_to = min(officer.valid_to or today, today)
        officer.save(update_fields=["active", "withdrawn_on", "valid_to"])
        write(env, by, "withdrawn", officer.officer_id, Detail(reason=required(reason)))


def set_term(env: Environment, by: By, officer_id: str, until: date | None, reason: str) -> None:
    """Set the last day of a user ID, or none. After that day it has expired by itself: nobody needs to act."""
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        if until is not None and until < max(env.clock.today(), officer.valid_from):
            raise OfficerRefused(why="期限は今日以後の日にしてください。すぐに止めるときは停止か廃止にします。")
        if officer.withdrawn_on is not None and (until is None or until >= officer.withdrawn_on):
            raise OfficerRefused(why="退職の予定があります。期限を延ばすときは、人事の異動で予定を改めてください。")
        officer.valid_to = until
        officer.save(update_fields=["valid_to"])
        detail = Detail(reason=required(reason), since=officer.valid_from, until=until)
        write(env, by, "term", officer.officer_id, detail)


def give_role(
    env: Environment, by: By, officer_id: str, role: str, since: date, until: date | None, reason: str
) -> None:
    """Give a role from `since` to `until` (both included, None without end). Raises OfficerRefused, ConflictingRoles."""
    if role not in RIGHTS.roles:
        raise OfficerRefused(why=f"役割は{'・'.join(RIGHTS.roles)}のどれかです。")
    if since < env.clock.today() or (until is not None and until < since):
        raise OfficerRefused(why="役割の初日は今日以後、最後の日は初日以後にしてください。")
    try:
        with transaction.atomic():
            officer = officer_to_change(env, by, officer_id)
            for held in officer.roles.all():
                _require_room(held, role, since, until)
            require_few(role, since, until)
            OfficerRole.objects.create(officer=officer, role=role, since=since, until=until, granted_by=by.officer_id)
            detail = Detail(required(reason), role, since, until)
            write(env, by, "role_given", officer.officer_id, detail)
    except IntegrityError as error:
        raise OfficerRefused(why="ほかの役割と期間が重なっています。") from error


def require_few(role: str, since: date, until: date | None) -> None:
    """Refuse (OfficerRefused) one administrator too many on some of these days; whoever else gives roles waits meanwhile."""
    if role != "administrator":
        return
    DirectoryState.objects.select_for_update().get()
    others = OfficerRole.objects.filter(Q(until=None) | Q(until__gte=since), role=role)
    others = others.filter(Q(officer__withdrawn_on=None) | Q(officer__withdrawn_on__gt=since))
    if until is not None:
        others = others.filter(since__lte=until)
    if others.values("officer").distinct().count() >= rules.ADMINISTRATORS_MOST:
        raise OfficerRefused(field="role", why=f"管理者は{rules.ADMINISTRATORS_MOST}人までです。")


def end_role(env: Environment, by: By, officer_id: str, role_id: int, reason: str) -> None:
    """End a role with today as its last day; one that has not begun is taken back whole."""
    today = env.clock.today()
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        role = _open_roles(officer, today).filter(pk=role_id).first()
        if role is None:
            raise OfficerRefused(why="その役割はもう終わっています。")
        _end(role, by, today)
        detail = Detail(required(reason), role.role, role.since, today)
        write(env, by, "role_ended", officer.officer_id, detail)


def required(reason: str) -> str:
    """The reason of an act as it is kept. Raises OfficerRefused when there is none."""
    kept = reason.strip()[:200]
    if not kept:
        raise OfficerRefused(field="reason", why="理由を入力してください。")
    return kept


def _open_roles(officer: Officer, today: date) -> QuerySet[OfficerRole]:
    return officer.roles.filter(Q(until=None) | Q(until__gt=today))


def _end(role: OfficerRole, by: By, today: date) -> None:
    if role.since > today:
        role.delete()
        return
    role.until, role.granted_by = today, by.officer_id
    role.save(update_fields=["until", "granted_by"])


def _require_room(held: OfficerRole, role: str, since: date, until: date | None) -> None:
    """Whether another role fits beside one that is held on some of the same days."""
    apart = (until is not None and until < held.since) or (held.until is not None and held.until < since)
    if apart:
        return
    if held.role == role:
        raise OfficerRefused(why="その役割はすでにその期間に持っています。")
    require_roles_fit(frozenset({role, held.role}))


# --- lists -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unused:
    """A user ID in force that nobody signed on with for the days asked; `last` None when never."""

    officer: Officer
    last: datetime | None
    place: Place


def unused(env: Environment, days: int) -> list[Unused]:
    """User IDs in force without a sign-on in the last `days` days (control R-USE-11); a newer ID is not yet unused."""
    today = env.clock.today()
    first = today - timedelta(days=days)
    found = (
        Officer.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), active=True, valid_from__lte=first)
        .annotate(last=Max("sessions__signed_on_at"))
        .filter(Q(last=None) | Q(last__lt=midnight(first)))
        .order_by("last", "officer_id")
    )
    return [Unused(officer, officer.last, officer.place_on(today)) for officer in found]


@dataclass(frozen=True, slots=True)
class Revocation:
    """One line of the ledger of revocations; `by` is empty for what expired by itself."""

    on: date
    officer: str
    act: str
    role: str
    by: str
    reason: str


def revocations(env: Environment) -> list[Revocation]:
    """What was taken back, newest first, with the user IDs whose term has run out (controls R-USE-11, I-USE-05)."""
    rows = OfficerLedger.objects.filter(act__in=REVOKING).order_by("-id")[:LEDGER_MOST]
    found = [
        Revocation(row.at.astimezone(JAPAN).date(), row.officer, row.act, row.role, row.by, row.reason) for row in rows
    ]
    over = Officer.objects.filter(valid_to__lt=env.clock.today(), active=True)
    found += [
        Revocation(one.valid_to + timedelta(days=1), one.officer_id, "expired", "", "", "")
        for one in over
        if one.valid_to is not None
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[:LEDGER_MOST]
