"""The door for offices' systems: who is let in, what may be asked, and what an attacker gets: nothing."""

import csv
import io
import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from daicho.commons.door import HANDLERS
from daicho.commons.exchange import files, subscribers
from daicho.commons.exchange.delivering import make_due_files
from daicho.commons.exchange.door import CHANGES, FILES, ExchangeDoor
from daicho.wire.door import LARGEST_BODY, PATH, Door
from daicho.wire.environment import Environment
from daicho.wire.inbox import Receiver
from daicho.wire.message import Envelope, Receipt, seal
from daicho.wire.signed import attach, sign, verify
from tests.commons.offices import HOKEN, KOKUHO, Office, Offices
from tests.commons.told import ADDRESS, changed, suppressed
from tests.wire.parties import NOW, call, der, own

ZEI = {**KOKUHO, "subscriber": "office-zei", "transfer_no": 1, "form": "file", "frequency": "daily", "endpoint": None,
       "qualification": None}  # fmt: skip


@pytest.fixture
def door(empty: Environment, offices: Offices, tmp_path: Path) -> ExchangeDoor:
    """The door of commons."""
    mine = own(offices.authority.files("commons", NOW))
    return ExchangeDoor(empty, mine, tmp_path / "files", Door(empty, Receiver(mine, HANDLERS)))


def get(door: ExchangeDoor, office: Office, path: str, query: str = "") -> tuple[int, Any]:
    """What an office gets; the body as JSON where it is."""
    status, body = call(door, b"", der(office.own), path=path, method="GET", QUERY_STRING=query)  # type: ignore[arg-type]
    return status, json.loads(body) if body.startswith(b"{") else body


def said(door: ExchangeDoor, office: Office, content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What commons signs to a message of an office."""
    envelope = Envelope(
        **{"sender": office.own.credentials.system, "receiver": "commons", "kind": "qualification-changed", "version": 1,
           "message_id": 1, "person": 1001, "sequence_no": 1, "created_at": NOW, "content": content, **changes}
    )  # fmt: skip
    token = sign(office.own.credentials, "daicho-message", envelope.model_dump_json(exclude_defaults=True).encode())
    status, body = call(door, json.dumps({"messages": [token]}).encode(), der(office.own), path=PATH)  # type: ignore[arg-type]
    answer = json.loads(body)
    if status != 200 or "receipt" not in answer["answers"][0]:
        return {"code": answer.get("code") or answer["answers"][0]["code"]}
    found = verify(office.own.authority, "daicho-receipt", answer["answers"][0]["receipt"], NOW)
    receipt = Receipt.model_validate_json(found.payload)
    return {"outcome": receipt.outcome, "code": receipt.code}


QUALIFICATION = {
    "contract": "qualification-changed/1", "addressee_number": "1001", "office": "office-kokuho", "effective_on": "2026-04-01",
    "qualification": {"kind": "health_insurance", "state": "1", "retired": None, "since": "2026-04-01", "until": None},
}  # fmt: skip


def test_a_system_pulls_in_order_from_where_it_stands(empty: Environment, offices: Offices, door: ExchangeDoor) -> None:
    hoken = offices(HOKEN)
    for sequence_no in (1, 2, 3):
        changed(empty, "1001", sequence_no, address=ADDRESS)
    status, page = get(door, hoken, CHANGES, "most=2")
    assert (status, len(page["events"]), page["more"]) == (200, 2, True)
    assert set(page["events"][0]["data"]["pictures"][0]) == {"name", "birth", "sex", "address", "household_number"}
    status, page = get(door, hoken, CHANGES, f"cursor={page['cursor']}")
    assert (len(page["events"]), page["more"]) == (1, False)
    assert get(door, hoken, CHANGES, f"cursor={page['cursor']}")[1]["events"] == []
    suppressed(empty, "1001", 4, protected=True)
    status, body = call(door, b"", der(hoken.own), path=CHANGES, method="GET", QUERY_STRING="cursor=0")  # type: ignore[arg-type]
    assert ADDRESS.encode() not in body


def test_an_answer_is_signed(empty: Environment, offices: Offices, door: ExchangeDoor) -> None:
    hoken = offices(HOKEN)
    headers: dict[str, str] = {}
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": CHANGES, "gunicorn.socket": _Peer(der(hoken.own))}
    body = b"".join(door(environ, lambda _status, found: headers.update(found)))
    assert (
        verify(hoken.own.authority, "daicho-feed", attach(headers["Daicho-Signature"], body), NOW).system == "commons"
    )


class _Peer:
    def __init__(self, certificate: bytes) -> None:
        self.certificate = certificate

    def getpeercert(self, binary_form: bool) -> bytes:
        """The certificate shown in the handshake."""
        return self.certificate


@pytest.mark.parametrize(
    "query", ["cursor=-1", "cursor=1%27--", "cursor=١", "cursor=1&cursor=2", "most=0", "most=201", "items=nationality", f"cursor={9:040d}"]
)  # fmt: skip
def test_what_may_not_be_asked(offices: Offices, door: ExchangeDoor, query: str) -> None:
    """Items beyond the basis cannot even be named: there is no such parameter."""
    assert get(door, offices(HOKEN), CHANGES, query) == (422, {"code": "F008"})


def test_only_registered_systems_with_their_own_certificate_get_in(
    empty: Environment, offices: Offices, door: ExchangeDoor
) -> None:
    hoken = offices(HOKEN)
    stranger = Office(empty, own(offices.authority.files("office-nobody", NOW)), door.own)
    register = Office(empty, own(offices.authority.files("register", NOW)), door.own)
    for office in (stranger, register):
        assert get(door, office, CHANGES) == (403, {"code": "F001"})
    assert said(door, stranger, QUALIFICATION) == {"code": "F001"}
    with empty.database.transaction() as connection:
        [known] = subscribers.certificates_of(connection, "office-hoken")
    offices.authority.renew("office-hoken", NOW)
    assert get(door, hoken, CHANGES) == (403, {"code": "F001"})
    with empty.database.transaction() as connection:
        subscribers.add_certificate(connection, empty, "office-hoken", hoken.own.credentials.certificate, officer="a")
        subscribers.end_certificate(connection, empty, "office-hoken", known)
    assert get(door, hoken, CHANGES)[0] == 200
    status, _ = call(door, b"", None, path=CHANGES, method="GET")  # type: ignore[arg-type]
    assert status == 403


def test_a_form_that_is_not_registered_gives_nothing(offices: Offices, door: ExchangeDoor) -> None:
    kokuho = offices(KOKUHO)
    assert get(door, kokuho, CHANGES) == (403, {"code": "F009"})
    assert get(door, kokuho, FILES) == (403, {"code": "F009"})


def test_files_full_and_diff(empty: Environment, offices: Offices, door: ExchangeDoor) -> None:
    zei = offices(ZEI)
    changed(empty, "1001", 1)
    changed(empty, "1002", 1, name="=cmd|'/c calc'!A1", building="@SUM(A1)", address=ADDRESS, household="200")
    assert make_due_files(empty, zei.commons, door.files) == 1
    assert make_due_files(empty, zei.commons, door.files) == 0
    [first] = get(door, zei, FILES)[1]["files"]
    status, body = get(door, zei, f"{FILES}/{first['name']}")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert (status, first["kind"], [row["addressee_number"] for row in rows]) == (200, "full", ["1001", "1002"])
    assert (rows[1]["name"], rows[1]["building"]) == ("'=cmd|'/c calc'!A1", "'@SUM(A1)")
    assert first["sha256"] == sha256(body).hexdigest()
    changed(empty, "1003", 1, household="300")
    suppressed(empty, "1002", 2, protected=True)
    with empty.database.transaction() as connection:
        subscription = subscribers.find(connection, "office-zei", date(2026, 4, 1))
    made = files.make(empty, zei.commons, door.files, subscription, "diff")
    with empty.database.transaction() as connection:
        found, signature = files.content(connection, door.files, "office-zei", made.name)
    rows = list(csv.DictReader(io.StringIO(found.read_text(encoding="utf-8"))))
    assert [(row["addressee_number"], row["protected"]) for row in rows] == [("1002", "1"), ("1003", "0")]
    statement = f"{made.name} {made.sha256}".encode()
    assert verify(zei.own.authority, "daicho-feed", attach(signature, statement), NOW).system == "commons"
    assert (door.files / "exchange" / "office-zei" / made.name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("frequency", "minutes", "made"),
    [("ten_minutes", 9, 0), ("ten_minutes", 10, 1), ("daily", 60, 0), ("daily", 1440, 1), ("weekly", 8640, 0),
     ("weekly", 10080, 1), ("monthly", 28800, 0), ("monthly", 43200, 1), ("on_request", 43200, 0)],
)  # fmt: skip
def test_a_file_is_made_when_it_is_due(
    empty: Environment, offices: Offices, door: ExchangeDoor, frequency: str, minutes: int, made: int
) -> None:
    offices(ZEI, frequency=frequency)
    with empty.database.transaction() as connection:
        files.make(empty, door.own, door.files, subscribers.find(connection, "office-zei", date(2026, 4, 1)), "full")
    empty.clock.advance(minutes=minutes)  # type: ignore[attr-defined]
    try:
        assert make_due_files(empty, door.own, door.files) == made
    finally:
        empty.clock.advance(minutes=-minutes)  # type: ignore[attr-defined]


def test_a_file_holds_no_place_of_hidden_people_for_whoever_does_not_need_it(
    empty: Environment, offices: Offices, door: ExchangeDoor
) -> None:
    """Nor of those under one roof with them, nor whose last message said that they are hidden."""
    offices(ZEI, transfer_no=11, protection="withheld", items=["氏名", "住所", "世帯情報"])
    changed(empty, "1001", 1, address=ADDRESS, household="100")
    changed(empty, "1002", 1, address=ADDRESS, household="100")
    changed(empty, "1003", 1, address=ADDRESS, household="300", protected=True)
    suppressed(empty, "1001", 2, protected=True)
    make_due_files(empty, door.own, door.files)
    [made] = (door.files / "exchange" / "office-zei").glob("*.csv")
    written = made.read_text(encoding="utf-8")
    assert ADDRESS not in written
    assert len(list(csv.DictReader(io.StringIO(written)))) == 3


@pytest.mark.parametrize(
    "name",
    [
        "../office-kokuho/full-20260401-1.csv",
        "..%2f..%2fsecrets",
        "full-20260401-1.csv",
        "/etc/passwd",
        "",
        ".",
        "x\0y",
    ],
)
def test_no_path_leads_out_of_a_systems_own_files(offices: Offices, door: ExchangeDoor, name: str) -> None:
    zei = offices(ZEI)
    (door.files / "exchange" / "office-zei").mkdir(parents=True)
    (door.files / "exchange" / "office-zei" / "full-20260401-1.csv").write_text("nobody made this")
    assert get(door, zei, f"{FILES}/{name}") == (404, {"code": "F010"})


def test_another_systems_file_is_not_there(empty: Environment, offices: Offices, door: ExchangeDoor) -> None:
    offices(ZEI)
    other = offices(ZEI, subscriber="office-nozei", transfer_no=5)
    changed(empty, "1001", 1)
    make_due_files(empty, other.commons, door.files)
    [mine] = [one.name for one in (door.files / "exchange" / "office-zei").glob("*.csv")]
    assert get(door, other, f"{FILES}/{mine}") == (404, {"code": "F010"})


def test_a_qualification_is_handed_on_once(empty: Environment, offices: Offices, door: ExchangeDoor) -> None:
    kokuho = offices(KOKUHO)
    changed(empty, "1001", 1)
    assert said(door, kokuho, QUALIFICATION) == {"outcome": "accepted", "code": None}
    assert said(door, kokuho, QUALIFICATION) == {"outcome": "accepted", "code": None}
    with empty.database.transaction() as connection:
        rows = connection.execute("SELECT link, person_id, sequence_no, payload FROM wire.outbox").fetchall()
    assert [(row["link"], row["person_id"], row["sequence_no"]) for row in rows] == [("commons-register", 1001, 1)]
    assert rows[0]["payload"]["qualification"] == QUALIFICATION["qualification"]


PENSION = {"kind": "pension", "number": None, "pension_kind": "1", "insurance": None, "benefit": None, "since": None,
           "until": None, "kind_on": None}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "changes", "code"),
    [
        ({"qualification": PENSION}, {}, "F011"),
        ({"office": "office-zei"}, {}, "F011"),
        ({"addressee_number": "9999"}, {"person": 9999}, "F012"),
        ({}, {"person": 2}, "F012"),
        ({"name": "x"}, {}, "V004"),
        ({"qualification": {**PENSION, "kind": "health_insurance"}}, {}, "V004"),
        ({}, {"kind": "resident-changed", "version": 3}, "V001"),
        ({}, {"receiver": "register"}, "V001"),
        ({}, {"sender": "register"}, "V002"),
    ],
)
def test_what_an_office_may_not_tell(
    empty: Environment,
    offices: Offices,
    door: ExchangeDoor,
    content: dict[str, Any],
    changes: dict[str, Any],
    code: str,
) -> None:
    kokuho = offices(KOKUHO)
    changed(empty, "1001", 1)
    assert said(door, kokuho, {**QUALIFICATION, **content}, **changes)["code"] == code
    with empty.database.transaction() as connection:
        assert connection.execute("SELECT FROM wire.outbox").fetchall() == []


def test_oversized_bodies_and_other_methods(offices: Offices, door: ExchangeDoor) -> None:
    kokuho = offices(KOKUHO)
    large = {"CONTENT_LENGTH": str(LARGEST_BODY + 1)}
    assert call(door, b"x", der(kokuho.own), path=PATH, **large)[0] == 413  # type: ignore[arg-type]
    assert call(door, b"x", der(kokuho.own), path=CHANGES, method="POST")[0] == 404  # type: ignore[arg-type]
    assert call(door, b"", der(kokuho.own), path="/exchange/v1/other", method="GET")[0] in (403, 404)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="V001"):
        seal(kokuho.own.credentials, Envelope(
            sender="office-kokuho", receiver="register", kind="qualification-changed", version=1, message_id=1, person=1,
            sequence_no=1, created_at=NOW, content={},
        ))  # fmt: skip
