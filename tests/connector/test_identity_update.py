"""S2-01: every registered change updates the identity file and reaches the prefecture server, in order, signed on both hops."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest

from daicho.connector.errors import ItemNotAgreed
from daicho.connector.identity_file import LINK_OUT, take
from daicho.law.numbers import NumberRule, resident_code
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, NewNumbers
from daicho.register.protection import measures
from daicho.register.store.read import live_rows
from daicho.register.store.suppression import set_suppression
from daicho.wire import evidence
from daicho.wire.contracts.identity_changed import IdentityChanged
from daicho.wire.errors import SecretUnreadable
from daicho.wire.message import Envelope
from daicho.wire.pump import Delivered
from daicho.wire.secret_items import close_items
from daicho.world.page import masked
from daicho.world.prefecture.page import show
from tests.connector.network import Network
from tests.people import CLERK, REVIEWER, do_register, move_in_family, plan
from tests.protection.test_suppression import setting


def change(net: Network, person: int, reason: Reason, on: date, **values: object) -> None:
    """Register one change of one person that stands from a day on."""
    numbers = values.pop("numbers", NewNumbers())
    assert isinstance(numbers, NewNumbers)
    with net.register.database.transaction() as connection:
        record = live_rows(connection, [person])[person][-1].record
        kind = "amend" if reason.kind.value == "amend" else "remove"
        effect = Effect(person, kind, "mover", on, record.with_(**values), numbers)  # type: ignore[arg-type]
        do_register(connection, net.register, plan(effect, reason=reason))


def test_a_family_arrives_at_both_ends(net: Network) -> None:
    _, people = move_in_family(net.register)
    assert (net.first_hop(), net.second_hop()) == (Delivered(settled=4), Delivered(settled=4))
    held = net.rows("prefecture", "SELECT * FROM prefecture.record")
    assert {row["name"] for row in held} == {"髙橋　健一", "髙橋　美咲", "髙橋　結衣", "髙橋　蓮"}
    assert {row["resident_code"] for row in held} == {
        resident_code(str(1_000_000_000 + person), NumberRule.SYNTHETIC) for person in people
    }
    [head] = [row for row in held if row["name"] == "髙橋　健一"]
    assert head["items"]["reading_unvoiced"] == "たかはしけんいち"
    assert (head["items"]["update_no"], head["items"]["day_update_no"], head["planned"]) == (1, 1, False)
    page = show(net.prefecture, {})
    assert masked(head["resident_code"]) in page
    assert head["resident_code"] not in page
    assert "髙橋　健一" in show(net.prefecture, {"subject": str(head["subject"])})


def test_each_update_supersedes_the_one_before_and_both_stay(net: Network) -> None:
    _, [person] = move_in_family(net.register, 1)
    change(net, person, Reason.MOVE_WITHIN, date(2026, 4, 1), address="石原二丁目15番地", building="石原荘101号")
    net.settle()
    change(net, person, Reason.MOVE_OUT, date(2026, 4, 20), status="moved_out", planned_municipality="131016")
    net.settle()
    rows = net.rows("connector", "SELECT * FROM connector.identity ORDER BY update_no")
    assert [(row["update_no"], row["address"], row["reason"], row["planned"]) for row in rows] == [
        (1, "肥塚三丁目112番地4", "move_in", False),
        (2, "石原二丁目15番地　石原荘101号", "move_within", False),
        (3, "石原二丁目15番地　石原荘101号", "move_out", True),
    ]
    assert [row["superseded_at"] is None for row in rows] == [False, False, True]
    held = net.rows("prefecture", "SELECT update_no, record_status, superseded_at FROM prefecture.record ORDER BY 1")
    assert [(row["update_no"], row["superseded_at"] is None) for row in held] == [(1, False), (2, False), (3, True)]
    assert held[-1]["record_status"] == "moved_out"


def test_the_file_holds_its_forty_items(net: Network, repository: Path) -> None:
    with (repository / "spec" / "record-items.csv").open(encoding="utf-8") as file:
        items = [row["item_ja"] for row in csv.DictReader(file) if row["file"] == "identity"]
    _, [person] = move_in_family(net.register, 1)
    new = resident_code("7777777777", NumberRule.SYNTHETIC)
    values = {
        "town_code": "11202002001", "postcode": "3600826", "previous_municipality": "131016",
        "previous_address": "東京都千代田区千代田1番1号", "former_family_name": "舊𛀁", "former_family_name_kana": "キュウ",
    }  # fmt: skip
    change(net, person, Reason.FORMER_NAME_ENTRY, date(2026, 4, 1), **values)
    change(net, person, Reason.RESIDENT_CODE_CHANGE, date(2026, 4, 1), numbers=NewNumbers(resident_code=new))
    net.settle()
    [row] = net.rows("connector", "SELECT * FROM connector.identity_file")
    assert list(row)[1:] == items
    blank = {name for name, value in row.items() if value is None}
    assert blank == {"住所を定めた日"}  # the family of the test has none
    assert (row["旧氏 漢字"], row["旧氏 外字数"], row["旧氏 ふりがな"], row["旧氏 外字変更連番"]) == (
        "舊𛀁",
        1,
        "きゅう",
        1,
    )
    assert (row["更新順番号"], row["異動事更新順番号"], row["外字フラグ"]) == (3, 2, True)
    [held] = net.rows("prefecture", "SELECT * FROM prefecture.record WHERE superseded_at IS NULL")
    assert (held["resident_code"], held["former_resident_code"]) == (
        new,
        resident_code(str(1_000_000_000 + person), NumberRule.SYNTHETIC),
    )


def test_who_has_no_code_yet_is_told_with_the_code(net: Network) -> None:
    with net.register.database.transaction() as connection:
        household, person = net.register.ids.take(connection, 2)
        from tests.people import family

        [effect] = family(household, [person])
        do_register(connection, net.register, plan(replace(effect, numbers=NewNumbers())))
    net.settle()
    assert net.rows("prefecture", "SELECT * FROM prefecture.record") == []
    code = resident_code("7000000001", NumberRule.SYNTHETIC)
    change(net, person, Reason.RESIDENT_CODE_ENTRY, date(2026, 4, 1), numbers=NewNumbers(resident_code=code))
    net.settle()
    [held] = net.rows("prefecture", "SELECT resident_code, update_no FROM prefecture.record")
    assert held == {"resident_code": code, "update_no": 2}


def test_no_number_stands_in_clear_between_the_ends(net: Network) -> None:
    _, [person] = move_in_family(net.register, 1)
    net.settle()
    wanted = (str(10_000_000_000 + person), str(1_000_000_000 + person))
    for at in ("register", "connector"):
        for table in ("wire.outbox", "wire.settled", "wire.inbox"):
            text = str(net.rows(at, f"SELECT * FROM {table}"))
            assert not any(number in text for number in wanted)
    assert not any(number in str(net.rows("connector", "SELECT * FROM connector.number")) for number in wanted)


def test_both_hops_are_proven(net: Network) -> None:
    move_in_family(net.register, 1)
    net.settle()
    for at, link, pump in (("register", "register-connector", 0), ("connector", LINK_OUT, 1)):
        [sent] = net.rows(at, "SELECT message_id FROM wire.settled WHERE link = %s", link)
        with getattr(net, at).database.transaction() as connection:
            [proof] = evidence.of(connection, link, sent["message_id"])
        receipt = evidence.verify(proof, net.pumps[pump].own.authority)
        assert (receipt.outcome, f"{receipt.sender}-{receipt.receiver}") == ("accepted", link)


def test_a_number_of_somebody_else_is_refused_and_nobody_else_waits(net: Network) -> None:
    """One number on two people (西東京 2018): what the register would never send is refused by name if it comes."""
    _, [one, other] = move_in_family(net.register, 2)
    net.settle()
    with net.connector.database.transaction() as connection:
        [stray] = net.connector.ids.take(connection, 1)
        connection.execute("INSERT INTO connector.subject (subject_id, register_person) VALUES (%s, -1)", (stray,))
        connection.execute(
            "UPDATE connector.number SET released_at = %s WHERE subject_id = (SELECT subject_id FROM connector.subject"
            " WHERE register_person = %s)",
            (net.clock.now(), one),
        )
        connection.execute(
            "INSERT INTO connector.number (number_id, subject_id, kind, ciphertext, blind_index, key_version)"
            " SELECT -n.number_id, %s, n.kind, n.ciphertext, n.blind_index, 1 FROM connector.number n"
            " JOIN connector.subject s USING (subject_id) WHERE s.register_person = %s",
            (stray, one),
        )
    change(net, one, Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks="覚え")
    change(net, other, Reason.MINOR_AMENDMENT, date(2026, 4, 1), remarks="覚え")
    assert net.first_hop() == Delivered(settled=1, dead=1)
    [dead] = net.rows("register", "SELECT last_code FROM wire.delivery WHERE state = 'dead'")
    assert dead["last_code"] == "N001"
    assert net.second_hop() == Delivered(settled=1)


def test_suppression_reaches_the_connector_and_bars_updates(net: Network) -> None:
    _, [person] = move_in_family(net.register, 1)
    measures.provisional(net.register, CLERK, person)
    net.settle()
    [found] = net.rows("connector", "SELECT protected, on_issue FROM connector.suppression")
    assert found == {"protected": True, "on_issue": "error"}
    barred = 'SELECT "更新禁止フラグ" AS barred FROM connector.identity_file'
    assert net.rows("connector", barred) == [{"barred": False}]
    set_suppression(net.register, REVIEWER, setting(person, on_change="error"))
    net.settle()
    assert net.rows("connector", barred) == [{"barred": True}]


@pytest.mark.parametrize("statement", ["UPDATE connector.identity SET name = 'x'", "DELETE FROM connector.identity"])
def test_nobody_rewrites_the_file(net: Network, statement: str) -> None:
    move_in_family(net.register, 1)
    net.settle()
    with net.connector.database.transaction() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "numbers", [{"passport": "AB123"}, {"resident_code": "123"}, {"individual_number": "１２３４５６７８９０１２"}]
)
def test_numbers_out_of_form_or_beyond_the_items_are_refused(net: Network, numbers: dict[str, str]) -> None:
    """Control I-ACQ-02: what is encrypted is held to the items as well."""
    move_in_family(net.register, 1)
    [row] = net.rows("register", "SELECT * FROM wire.outbox WHERE kind = 'identity-changed'")
    secret = close_items(net.register, row["link"], row["message_id"], numbers)
    content = IdentityChanged.model_validate(row["payload"] | {"numbers": secret.model_dump()})
    envelope = Envelope(
        sender="register", receiver="connector", kind=row["kind"], version=1, message_id=row["message_id"],
        person=row["person_id"], sequence_no=1, created_at=row["created_at"], content={},
    )  # fmt: skip
    with net.connector.database.transaction() as connection, pytest.raises(ItemNotAgreed):
        take(connection, net.connector, envelope, content)
    moved = content.model_copy(update={"message_id": row["message_id"] + 1})
    with net.connector.database.transaction() as connection, pytest.raises(SecretUnreadable):
        take(connection, net.connector, envelope.model_copy(update={"message_id": moved.message_id}), moved)
