"""The periodic review of user IDs and roles, with sign-off (controls R-USE-10, R-USE-11, R-USE-12).

A review takes down how every user ID stands, for each department somebody responsible is named. Administrators write down what is
decided, never about themselves; each line is signed by another one than who decided it. Signing carries out the withdrawals.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from daicho.access.decision import RIGHTS
from daicho.law.japan import JAPAN
from daicho.signon import people
from daicho.signon.acts import note
from daicho.signon.errors import OfficerRefused, OwnReview
from daicho.signon.ledger import By, Detail, write
from daicho.signon.models import Officer, OfficerLedger, RightsReview, RightsReviewLine
from daicho.trail.act import Act
from daicho.wire.environment import Environment

KEEP, CHANGE, WITHDRAW = "keep", "change", "withdraw"
DECISIONS = {KEEP: "このまま", CHANGE: "変える", WITHDRAW: "廃止する"}
CHANGES = ("role_given", "role_ended", "term", "suspended", "withdrawn", "transfer", "retirement", "leave")
"""Acts of the ledger that count as the change that was decided."""
RESPONSIBLE_MOST = 64


def departments(env: Environment) -> list[str]:
    """The departments of today's officers: each needs somebody responsible."""
    today = env.clock.today()
    return sorted({one.place_on(today).department for one in _officers(today)})


def start(env: Environment, by: By, due: date, responsible: Mapping[str, str]) -> RightsReview:
    """Begin a review: every user ID not withdrawn is taken down as it stands. Raises OfficerRefused."""
    today = env.clock.today()
    if due < today:
        raise OfficerRefused(field="due", why="期限は今日以後の日にしてください。")
    try:
        with transaction.atomic():
            made = RightsReview.objects.create(due=due, started_by=by.officer_id, started_at=env.clock.now())
            lines = []
            for officer in _officers(today).annotate(last=Max("sessions__signed_on_at")):
                place = officer.place_on(today)
                who = responsible.get(place.department, "").strip()[:RESPONSIBLE_MOST]
                if not who:
                    raise OfficerRefused(field="responsible", why="所属ごとに責任者を入力してください。")
                lines.append(
                    RightsReviewLine(
                        review=made,
                        officer=officer.officer_id,
                        responsible=who,
                        told=_told(officer, today, officer.last),
                    )
                )
            RightsReviewLine.objects.bulk_create(lines)
            note(env, Act.OFFICER_CHANGED, by.officer_id, by.terminal_id, why="review-started")
    except IntegrityError as error:
        raise OfficerRefused(why="確認の終わっていない見直しがあります。") from error
    return made


def decide(env: Environment, by: By, number: int, decision: str, reason: str) -> RightsReviewLine:
    """Write down what is decided about one user ID; until it is signed it may be decided anew.

    Raises OwnRights about oneself, OfficerRefused without a decision, a reason, or after signing.
    """
    if decision not in DECISIONS:
        raise OfficerRefused(field="decision", why="このまま・変える・廃止するのどれかを選んでください。")
    with transaction.atomic():
        found = RightsReviewLine.objects.filter(pk=number).first()
        if found is None:
            raise OfficerRefused(why="その職員番号は、この見直しにありません。")
        _open(found.review_id)
        found.refresh_from_db()
        if found.signed_by:
            raise OfficerRefused(why="その職員番号はもう確認が終わりました。")
        by.require_other(found.officer)
        found.decision, found.reason = decision, people.required(reason)
        found.decided_by, found.decided_at = by.officer_id, env.clock.now()
        found.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
        write(env, by, "reviewed", found.officer, Detail(f"{DECISIONS[decision]}: {found.reason}"[:200]))
    return found


def sign(env: Environment, by: By, number: int) -> int:
    """Sign every line that another administrator decided, and carry out its withdrawal; how many were signed.

    A change that was decided but not yet made stays open, as does the withdrawal of one's own user ID. With its last line the review
    is closed for good. Raises OwnReview when only own decisions wait, OfficerRefused when nothing can be signed.
    """
    with transaction.atomic():
        review = _open(number)
        decided = list(review.lines.exclude(decision="").filter(signed_by="").order_by("officer"))
        others = [line for line in decided if line.decided_by != by.officer_id]
        if decided and not others:
            raise OwnReview
        ready = [line for line in others if _may_be_signed(review, line, by)]
        if not ready:
            raise OfficerRefused(why="確認できる職員番号がありません。決めた変更を先に行ってください。")
        standing = set(_officers(env.clock.today()).values_list("officer_id", flat=True))
        for line in ready:
            if line.decision == WITHDRAW and line.officer in standing:
                people.withdraw(env, by, line.officer, f"見直し: {line.reason}({line.decided_by})"[:200])
            line.signed_by, line.signed_at = by.officer_id, env.clock.now()
            line.save(update_fields=["signed_by", "signed_at"])
        note(env, Act.OFFICER_CHANGED, by.officer_id, by.terminal_id, why="review-signed")
        if not review.lines.filter(signed_by="").exists():
            review.closed_at = env.clock.now()
            review.save(update_fields=["closed_at"])
    return len(ready)


def _may_be_signed(review: RightsReview, line: RightsReviewLine, by: By) -> bool:
    if line.decision == WITHDRAW:
        return line.officer != by.officer_id
    return line.decision == KEEP or _is_changed(review, line)


def _open(number: int) -> RightsReview:
    found = RightsReview.objects.select_for_update().filter(pk=number).first()
    if found is None or found.closed_at is not None:
        raise OfficerRefused(why="その見直しはもう確認が終わりました。")
    return found


def _is_changed(review: RightsReview, line: RightsReviewLine) -> bool:
    acts = OfficerLedger.objects.filter(officer=line.officer, act__in=CHANGES)
    return acts.filter(at__gte=review.started_at).exists()


def _officers(today: date) -> QuerySet[Officer]:
    standing = Officer.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=today))
    return standing.prefetch_related("roles").order_by("officer_id")


def _told(officer: Officer, today: date, last: datetime | None) -> dict[str, object]:
    """How a user ID stands, in codes and days."""
    place = officer.place_on(today)
    held = [one for one in officer.roles.all() if one.until is None or one.until >= today]
    return {
        "name": officer.name,
        "department": place.department,
        "office": place.office,
        "state": people.state(officer, today),
        "roles": [RIGHTS.words.get(one.role, one.role) for one in sorted(held, key=lambda one: (one.since, one.role))],
        "last": f"{last.astimezone(JAPAN):%Y-%m-%d %H:%M}" if last else "",
    }
