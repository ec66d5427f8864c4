"""S27: transfers, leave and retirements from a file of the personnel office, which two administrators let count (R-USE-07, R-USE-09)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from daicho.commons.provider.told import directory
from daicho.signon.models import Officer, OfficerLedger, OfficerRole, PersonnelFile
from daicho.signon.names import officer_places
from daicho.signon.oidc.directory import Directory
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post

HEAD = "職員番号,異動の種類,日,所属,窓口,役割\n"
GOOD = HEAD + (
    "clerk3,異動,2026-04-10,市民課,市民課,審査担当\nclerk4,退職,2026-04-10,,,\n"
    "clerk5,休職,2026-04-10,,,\nclerk5,復職,2026-04-20,江南市民係,江南,窓口担当\n"
)
MOVED = ("clerk3", "clerk4", "clerk5")


@pytest.fixture(autouse=True)
def as_the_demo_made_them(desk: Desk, module_owner_connection: Connection) -> Iterator[None]:
    """The officers of the file hold again what the demo gave them."""
    yield
    module_owner_connection.execute("DELETE FROM signon.officer_role WHERE officer_id = ANY (%s)", (list(MOVED),))
    module_owner_connection.execute(
        "UPDATE signon.officer SET postings = '[]', withdrawn_on = NULL, valid_to = NULL WHERE officer_id = ANY (%s)",
        (list(MOVED),),
    )
    module_owner_connection.execute(
        "INSERT INTO signon.officer_role (officer_id, role, since, granted_by)"
        " SELECT unnest(%s::text[]), 'clerk', '2020-04-01', 'console'",
        (list(MOVED),),
    )


def load(client: Client, text: str | bytes) -> Any:
    """Hand in a file on the screen."""
    data = text if isinstance(text, bytes) else text.encode()
    file: Any = SimpleUploadedFile("a.csv", data, "text/csv")
    return post(client, "/officers/personnel/load", {"file": file, "reason": "四月の異動"})


def decide(client: Client, act: str) -> Any:
    """Decide about the file loaded last."""
    return post(client, "/officers/personnel/decide", {"file": str(PersonnelFile.objects.latest("id").pk), "act": act})


def on(desk: Desk, day: int, hour: int = 0) -> None:
    """A day of April 2026, at nine in the morning in Japan or later."""
    desk.clock.set(datetime(2026, 4, day, hour, 0, tzinfo=UTC))


def test_a_file_counts_by_itself_on_its_day_and_only_after_two_people(desk: Desk) -> None:
    first, second = desk.sign_on("admin1"), desk.sign_on("admin2")
    shown = first.get(load(first, GOOD)["Location"]).content.decode()
    assert "職員番号を廃止" in shown
    assert "審査担当" in shown
    assert Officer.objects.get(pk="clerk4").withdrawn_on is None
    assert decide(first, "approve").status_code == 403
    assert decide(second, "approve").status_code == 302
    assert decide(second, "approve").status_code == 422
    told = {one.officer_id: one for one in Directory.model_validate(directory()).officers}
    assert [one.on_leave for one in told["clerk5"].postings] == [True, False]
    on(desk, 9)
    clients = {one: desk.sign_on(one) for one in MOVED}
    assert all(client.get("/settings").status_code == 200 for client in clients.values())
    on(desk, 9, 15)  # midnight in Japan
    assert clients["clerk4"].get("/settings")["Location"].endswith("ended=ended")
    assert clients["clerk5"].get("/settings")["Location"].endswith("ended=ended")
    for gone in ("clerk4", "clerk5"):
        assert desk.first_step(desk.client(), gone).status_code == 401
    assert [one.role for one in OfficerRole.objects.filter(officer_id="clerk3", since="2026-04-10")] == ["reviewer"]
    assert Officer.objects.get(pk="clerk3").place_on(desk.clock.today())[:2] == ("市民課", "市民課")
    with desk.env.database.transaction() as connection:
        known = officer_places(connection, ["clerk3"])
    assert [known.on("clerk3", date(2026, 4, day)) for day in (9, 10)] == ["妻沼市民係", "市民課"]
    text = desk.sign_on("admin1").get("/officers?officer=clerk4").content.decode()
    assert "廃止した職員番号です" in text
    assert "退職の予定" in text
    on(desk, 20)
    assert desk.sign_on("clerk5").get("/settings").status_code == 200
    assert set(OfficerLedger.objects.filter(officer="clerk5").values_list("act", flat=True)) >= {"leave", "return"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nobody,退職,2026-04-10,,,", "その職員番号はありません。"),
        ("clerk3,退職,2026-04-01,,,", "日は明日以後にしてください。"),
        ("clerk3,異動,2026-04-10,市民課,市民課,", "その日から持つ役割がありません。"),
        ("clerk3,異動,2026-04-10,市民課,市民課,窓口担当・管理者", "兼ねることはできません"),
        ("clerk3,異動,2026-04-10,市民課,市民課,市長", "「市長」という役割はありません。"),
        ("clerk3,復職,2026-04-10,市民課,市民課,窓口担当", "前の日に休職していません。"),
        ("clerk3,退職,2026-04-10", "欄の数が6ではありません。"),
        ("admin1,異動,2026-04-10,市民課,市民課,審査担当", "自分の異動は、自分では取り込めません。"),
    ],
)
def test_a_line_that_cannot_be_says_why_and_nothing_is_kept(desk: Desk, line: str, why: str) -> None:
    before = PersonnelFile.objects.count()
    answer = load(desk.sign_on("admin1"), f"{HEAD}{line}\nclerk4,退職,2026-04-10,,,\n")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert why in text
    assert 'value="四月の異動"' in text
    assert PersonnelFile.objects.count() == before


def test_no_file_and_nobody_s_own_line(desk: Desk) -> None:
    first, second = desk.sign_on("admin1"), desk.sign_on("admin2")
    for text in (b"", GOOD.encode("cp932"), "職員番号,日\nclerk3,2026-04-10\n", HEAD + '"clerk3', HEAD + "clerk\0"):
        assert load(first, text).status_code == 422
    assert load(first, HEAD + "admin2,退職,2026-04-10,,,\n").status_code == 302
    assert decide(second, "approve").status_code == 403
    assert Officer.objects.get(pk="admin2").withdrawn_on is None
    file = PersonnelFile.objects.latest("id")
    with pytest.raises(IntegrityError, match="not_about_oneself"), transaction.atomic():
        PersonnelFile.objects.filter(pk=file.pk).update(approved=True, decided_by="admin2", decided_at=desk.clock.now())
    assert decide(first, "refuse").status_code == 302
    assert desk.sign_on("clerk1").get("/officers/personnel").status_code == 403
