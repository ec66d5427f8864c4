"""Two administrators for whatever lets somebody in: a new user ID, a new password and second factor (controls R-USE-07, R-USE-09).

One asks, another decides and is shown once what is handed over. So no administrator can give themselves a second user ID, or take over
another's. The constraints of the table say so as well. At the console, where the first administrators are made, nobody has signed on.
"""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction

from daicho.access.decision import require_other_officer
from daicho.access.errors import SameOfficer
from daicho.signon import administration
from daicho.signon.administration import Handover, Wanted
from daicho.signon.errors import OfficerRefused, OwnRequest
from daicho.signon.ledger import By, Detail, write
from daicho.signon.models import Officer, OfficerRequest
from daicho.signon.people import officer_to_change, required
from daicho.signon.service import clean_login
from daicho.wire.environment import Environment

OPEN_FOR = timedelta(days=7)
ISSUE, RESET = "issue", "reset"
WORDS = {ISSUE: "職員番号の発行", RESET: "パスワードと認証器の再発行"}


def waiting(env: Environment) -> list[OfficerRequest]:
    """What waits for a second administrator, oldest first."""
    first = env.clock.now() - OPEN_FOR
    return list(OfficerRequest.objects.filter(decided_at=None, asked_at__gte=first).order_by("asked_at"))


def ask_to_issue(env: Environment, by: By, wanted: Wanted) -> OfficerRequest:
    """Ask for a user ID. Raises OfficerRefused as `administration.issue` does, OwnRights for one's own."""
    sound = replace(wanted, officer_id=clean_login(wanted.officer_id), reason=required(wanted.reason))
    by.require_other(sound.officer_id)
    administration.require_sound(env, sound)
    if Officer.objects.filter(pk=sound.officer_id).exists():
        raise OfficerRefused(field="officer_id", why="その職員番号はすでにあります。")
    asked: dict[str, str | bool] = {
        "name": sound.name.strip(),
        "department": sound.department.strip(),
        "office": sound.office.strip(),
        "role": sound.role,
        "since": sound.since.isoformat(),
        "until": sound.until.isoformat() if sound.until else "",
        "totp": sound.totp,
    }
    return _ask(env, by, ISSUE, sound.officer_id, asked, sound.reason)


def ask_to_reset(env: Environment, by: By, officer_id: str, reason: str, *, totp: bool) -> OfficerRequest:
    """Ask for a new password and second factor, for lost ones. Raises OfficerRefused or OwnRights."""
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        return _ask(env, by, RESET, officer.officer_id, {"totp": totp}, required(reason))


def decide(env: Environment, by: By, number: int, *, approve: bool) -> Handover | None:
    """Approve or refuse as another administrator; what is handed over, once, when something was approved.

    Raises OwnRequest for whoever asked, OwnRights for whom it is about, OfficerRefused for what is decided or over.
    """
    with transaction.atomic():
        asked = OfficerRequest.objects.select_for_update().filter(pk=number, decided_at=None).first()
        if asked is None or asked.asked_at < env.clock.now() - OPEN_FOR:
            raise OfficerRefused(why="その申請はもう決まったか、期限が過ぎました。")
        _require_second(asked, by)
        by.require_other(asked.officer)
        asked.decided_by, asked.decided_at, asked.approved = by.officer_id, env.clock.now(), approve
        asked.save(update_fields=["decided_by", "decided_at", "approved"])
        if not approve:
            write(env, by, "refused", asked.officer, Detail(WORDS[asked.act]))
            return None
        reason = f"{asked.reason}(申請 {asked.asked_by})"[:200]
        if asked.act == RESET:
            return administration.reset_officer(env, asked.officer, by, reason, totp=asked.wanted["totp"])
        return administration.issue(env, by, _wanted(env, asked, reason))


def withdraw(env: Environment, by: By, number: int) -> None:
    """Take an own request back: it runs out at once."""
    with transaction.atomic():
        asked = OfficerRequest.objects.select_for_update().filter(pk=number, decided_at=None, asked_by=by.officer_id)
        found = asked.first()
        if found is None:
            raise OfficerRefused(why="その申請はもうありません。")
        found.decided_by, found.decided_at, found.approved = "-", env.clock.now(), False
        found.save(update_fields=["decided_by", "decided_at", "approved"])
        write(env, by, "taken_back", found.officer, Detail(WORDS[found.act]))


def _require_second(asked: OfficerRequest, by: By) -> None:
    try:
        require_other_officer(asked.asked_by, by.officer_id)
    except SameOfficer:
        raise OwnRequest from None


def _wanted(env: Environment, asked: OfficerRequest, reason: str) -> Wanted:
    told = asked.wanted
    return Wanted(
        officer_id=asked.officer,
        name=told["name"],
        department=told["department"],
        office=told["office"],
        role=told["role"],
        since=max(date.fromisoformat(told["since"]), env.clock.today()),
        until=date.fromisoformat(told["until"]) if told["until"] else None,
        reason=reason,
        totp=told["totp"],
    )


def _ask(
    env: Environment, by: By, act: str, officer_id: str, asked: dict[str, str | bool], reason: str
) -> OfficerRequest:
    with transaction.atomic():
        over = OfficerRequest.objects.filter(
            officer=officer_id, decided_at=None, asked_at__lt=env.clock.now() - OPEN_FOR
        )
        over.update(decided_by="-", decided_at=env.clock.now(), approved=False)
        if OfficerRequest.objects.filter(officer=officer_id, decided_at=None).exists():
            raise OfficerRefused(field="officer_id", why="その職員番号の申請が、すでに承認を待っています。")
        write(env, by, "asked", officer_id, Detail(reason))
        return OfficerRequest.objects.create(
            act=act, officer=officer_id, wanted=asked, reason=reason, asked_by=by.officer_id, asked_at=env.clock.now()
        )
