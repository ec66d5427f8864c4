"""The administrator's pages of the in-city exchange: who is told what, what was refused, the lists."""

import re
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client

from daicho.commons.exchange import subscribers
from daicho.engine.authority import DemoAuthority
from daicho.wire.environment import Connection, Environment
from tests.commons.offices import HOKEN, KOKUHO, Offices
from tests.commons.told import changed
from tests.signon.desk import CommonsDesk as Desk
from tests.wire.parties import NOW, own

PAGES = ("/exchange", "/exchange/systems", "/exchange/transfers", "/exchange/provisions", "/exchange/transfers/file")


@pytest.fixture
def offices(
    module_environment: Environment, module_owner_connection: Connection, desk: Desk, tmp_path: Path
) -> Offices:
    """Nobody registered yet, nothing told."""
    module_owner_connection.execute(
        "TRUNCATE commons.subscriber, commons.feed, commons.resident, commons.person CASCADE"
    )
    return Offices(module_environment, DemoAuthority(tmp_path / "pki"))


def text(client: Client, path: str, status: int = 200) -> str:
    """A page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[-500:]
    return answer.content.decode()


def post(client: Client, path: str, form: dict[str, object], status: int = 302) -> str:
    """Send a form as the page does."""
    page = client.get("/exchange/systems").content.decode()
    token = re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    answer = client.post(path, {**form, "csrfmiddlewaretoken": token})
    assert answer.status_code == status, answer.content.decode()[-800:]
    return answer.content.decode()


def acts(connection: Connection) -> list[str]:
    """The acts of the exchange in the trail, in order."""
    rows = connection.execute("SELECT act FROM trail.entry WHERE act LIKE 'exchange.%' ORDER BY entry_id").fetchall()
    return [row["act"] for row in rows]


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_see_the_exchange(desk: Desk, offices: Offices, path: str) -> None:
    assert desk.client().get(path).status_code == 303
    text(desk.sign_on("clerk1"), path, 403)


def test_a_system_is_registered_changed_and_ended_on_the_page(
    desk: Desk, offices: Offices, module_owner_connection: Connection
) -> None:
    client = desk.sign_on("admin1")
    certificate = own(offices.authority.files("office-zei", NOW)).credentials.certificate
    pem = certificate.public_bytes(Encoding.PEM).decode()
    form: dict[str, object] = {
        "subscriber": "office-zei", "name": "税システム", "office": "市民税課", "since": "R8.4.1", "transfer_no": "1",
        "item": ["氏名", "住所"], "form": "file", "frequency": "daily", "protection": "marked", "certificate": pem,
        "reason": "試験",
    }  # fmt: skip
    refused = post(client, "/exchange/systems/register", {**form, "item": ["外国人住民"]}, 403)
    assert "移転先一覧の根拠で認められていない項目が含まれています" in refused
    assert 'value="税システム"' in refused
    post(client, "/exchange/systems/register", form)
    page = text(client, "/exchange/systems?system=office-zei")
    assert "税システム" in page
    assert subscribers.fingerprint(certificate)[:32] in page
    assert "住所: " in page
    act = "/exchange/systems/act"
    assert "理由が入っていないか" in post(client, act, {"act": "end", "system": "office-zei", "until": "R8.5.1"}, 422)
    key = {"system": "office-zei", "reason": "試験"}
    post(client, act, {**key, "act": "end-certificate", "fingerprint": subscribers.fingerprint(certificate)})
    post(client, act, {**key, "act": "end", "until": "R8.5.1"})
    row = module_owner_connection.execute("SELECT valid_to FROM commons.subscription").fetchone()
    assert row == {"valid_to": date(2026, 5, 1)}
    assert acts(module_owner_connection)[-3:] == ["exchange.register", "exchange.change", "exchange.change"]


def test_what_was_refused_is_seen_and_sent_again_with_a_reason(
    desk: Desk, offices: Offices, module_environment: Environment, module_owner_connection: Connection
) -> None:
    kokuho = offices(KOKUHO)
    offices(HOKEN)
    kokuho.refuse = {"1001"}
    changed(module_environment, "1001", 1)
    assert kokuho.step().dead == 1
    client = desk.sign_on("admin1")
    page = text(client, "/exchange")
    assert "国民健康保険システム" in page
    assert "対応が必要" in page
    assert "1001" not in re.sub("<[^>]+>", " ", page)
    row = module_owner_connection.execute("SELECT position FROM commons.delivery").fetchone()
    assert row is not None
    form: dict[str, object] = {"system": "office-kokuho", "number": str(row["position"]), "act": "again", "reason": ""}
    assert "理由が入っていないか" in post(client, "/exchange", form, 422)
    post(client, "/exchange", {**form, "reason": "相手が直した"})
    kokuho.refuse = set()
    assert kokuho.step().settled == 1
    assert "拒否された連携データはありません" in text(client, "/exchange")
    assert acts(module_owner_connection)[-1] == "exchange.again"


def test_the_lists_are_shown_by_day_and_handed_out_as_a_file(desk: Desk, offices: Offices) -> None:
    client = desk.sign_on("admin1")
    page = text(client, "/exchange/transfers")
    assert "35件・うち公表 19件" in page
    assert page.count("未公表</span>") == 2 * 16
    assert "保健センター</td>" in text(client, "/exchange/transfers?on=H29.3.31&q=予防接種")
    assert "母子健康センター</td>" in text(client, "/exchange/transfers?on=H29.4.1&q=予防接種")
    assert "71件・うち公表 60件" in text(client, "/exchange/provisions")
    text(client, "/exchange/provisions?on=きのう", 422)
    answer = client.get("/exchange/transfers/file")
    assert answer["Content-Disposition"] == 'attachment; filename="transfers.csv"'
    assert len(answer.content.decode().splitlines()) == 1 + 19 * 2 + 16
