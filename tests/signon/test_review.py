"""S27: the periodic review of user IDs and roles with sign-off (R-USE-10, R-USE-11, R-USE-12)."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from daicho.signon.models import Officer, OfficerLedger, OfficerRole, RightsReview, RightsReviewLine
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post


@pytest.fixture(autouse=True)
def as_the_demo_made_them(desk: Desk, module_owner_connection: Connection) -> Iterator[None]:
    """Officers and roles stand again as the demo made them; a review stays, as it must."""
    roles = list(OfficerRole.objects.values_list("pk", "until", "granted_by"))
    yield
    for pk, until, granted_by in roles:
        OfficerRole.objects.filter(pk=pk).update(until=until, granted_by=granted_by)
    module_owner_connection.execute("UPDATE signon.officer SET withdrawn_on = NULL, valid_to = NULL, active = true")


def begin(client: Client, due: str = "R8.4.30", who: str = "課長") -> int:
    """Begin a review on the screen."""
    names = {f"who-{index}": who for index in range(20)}
    assert post(client, "/officers/review/start", {"due": due} | names).status_code == 302
    return RightsReview.objects.latest("id").pk


def decide(client: Client, officer: str, decision: str = "keep", reason: str = "職務に必要") -> int:
    """Decide about one officer in the newest review; the status of the answer."""
    line = RightsReviewLine.objects.filter(officer=officer).latest("id")
    form = {"review": str(line.review_id), "line": str(line.pk), "decision": decision, "reason": reason}
    return int(post(client, "/officers/review/decide", form).status_code)


def test_a_review_from_its_start_to_its_last_signature(desk: Desk) -> None:
    first, second = desk.sign_on("admin1"), desk.sign_on("admin2")
    assert post(first, "/officers/review/start", {"due": "R8.4.30"}).status_code == 422
    number = str(begin(first))
    again = post(
        first, "/officers/review/start", {"due": "R8.5.1", "who-0": "係長"} | {f"who-{n}": "課長" for n in range(1, 20)}
    )
    assert again.status_code == 422
    page = first.get("/officers/review").content.decode()
    assert "期限 令和8年4月30日" in page
    assert "2026-04-01 09:0" in page
    assert decide(first, "admin1") == 403
    assert decide(first, "clerk1", reason="") == 422
    for officer in Officer.objects.exclude(pk__in=("admin1", "clerk6", "clerk7")).values_list("pk", flat=True):
        assert decide(first, officer) == 302
    assert decide(first, "clerk6", "change", "審査はしない") == 302
    assert decide(first, "clerk7", "withdraw", "使っていない") == 302
    assert post(first, "/officers/review/sign", {"review": number}).status_code == 403
    assert Officer.objects.get(pk="clerk7").withdrawn_on is None
    assert post(second, "/officers/review/sign", {"review": number}).status_code == 302
    assert Officer.objects.get(pk="clerk7").withdrawn_on is not None
    assert OfficerLedger.objects.filter(officer="clerk7", act="withdrawn").latest("id").by == "admin2"
    left = RightsReviewLine.objects.filter(review=int(number), signed_by="").values_list("officer", flat=True)
    assert set(left) == {"admin1", "clerk6"}
    assert post(second, "/officers/review/sign", {"review": number}).status_code == 422
    role = OfficerRole.objects.get(officer="clerk6")
    ended = {"officer": "clerk6", "act": "end", "role_id": str(role.pk), "reason": "見直し"}
    assert post(first, "/officers/act", ended).status_code == 302
    assert decide(second, "admin1") == 302
    assert post(second, "/officers/review/sign", {"review": number}).status_code == 302
    assert RightsReview.objects.get(pk=number).closed_at is None
    assert post(first, "/officers/review/sign", {"review": number}).status_code == 302
    assert RightsReview.objects.get(pk=number).closed_at is not None
    closed = first.get(f"/officers/review?review={number}").content.decode()
    assert "確認済み" in closed
    assert "may-print" in closed
    assert decide(first, "clerk1") == 422
    changes: list[dict[str, object]] = [{"reason": "別の理由"}, {"told": {}}]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            RightsReviewLine.objects.filter(review=int(number)).update(**change)


def test_an_open_review_is_overdue_after_its_day_and_for_administrators_only(desk: Desk) -> None:
    begin(desk.sign_on("admin1"), due="R8.4.1")
    assert desk.sign_on("clerk1").get("/officers/review").status_code == 403
    desk.clock.advance(seconds=86_400)
    assert "期限切れ" in desk.sign_on("admin1").get("/officers/review").content.decode()
    line = RightsReviewLine.objects.filter(officer="clerk1").latest("id")
    for who, match in (("clerk1", "not_by_oneself"), ("admin1", "two_people")):
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            RightsReviewLine.objects.filter(pk=line.pk).update(
                decision="keep", reason="x", decided_by=who, decided_at=desk.clock.now(),
                signed_by="admin1", signed_at=desk.clock.now(),
            )  # fmt: skip
