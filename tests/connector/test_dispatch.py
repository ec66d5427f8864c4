"""S2-07: the dispatch file from the register through the connector to the card management system, and its end."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from daicho.connector import dispatch
from daicho.law.japan import JAPAN
from daicho.law.numbers import NumberRule, individual_number
from daicho.law.reasons import Reason
from daicho.register.changes.plan import NewNumbers
from daicho.register.changes.record import ResidentRecord
from daicho.register.store import disposing
from daicho.register.store.dispatch_items import Sending, items_of
from daicho.wire.contracts.dispatch_data import DispatchItems
from daicho.wire.pump import Delivered
from daicho.world.cards.page import show
from daicho.world.cards.records import check
from daicho.world.errors import DispatchNotInForm
from tests.connector.network import Network
from tests.connector.test_identity_update import change
from tests.people import move_in_family, record

NEW = individual_number("77777777777", NumberRule.SYNTHETIC)
OFFICE = {
    "city": "熊谷市", "city_postcode": "3608601", "city_address": "埼玉県熊谷市宮町二丁目47番地1", "city_phone": "0480000000",
    "pickup": "市民課", "pickup_postcode": "3608601", "pickup_address": "埼玉県熊谷市宮町二丁目47番地1", "pickup_phone": None,
    "cards_to": "市民課", "cards_to_postcode": "3608601", "cards_to_address": "埼玉県熊谷市宮町二丁目47番地1", "cards_to_phone": None,
}  # fmt: skip


def give_number(net: Network, person: int) -> None:
    """The number of somebody changes: a notice is to be sent."""
    change(net, person, Reason.INDIVIDUAL_NUMBER_CHANGE, date(2026, 4, 1), numbers=NewNumbers(individual_number=NEW))


def items(values: ResidentRecord) -> DispatchItems:
    """The items of a record, sent to its head."""
    sending = Sending("112020" + "1" * 14, "髙橋　健一", 1, date(2026, 4, 1), "clerk1", "T001", "10000000019", NEW)
    return items_of(values, OFFICE, sending)


def test_the_file_has_its_sixty_seven_items(repository: Path) -> None:
    with (repository / "spec" / "record-items.csv").open(encoding="utf-8") as file:
        named = [f"{row['no']} {row['item_ja']}" for row in csv.DictReader(file) if row["file"] == "dispatch"]
    assert [field.title for field in DispatchItems.model_fields.values()] == named


def test_lengths_counts_and_substitutes() -> None:
    found = items(
        record(
            1, name="髙橋　𠮷男", name_kana="タカハシ　ヨシオ", building="金﨑荘101号", former_family_name="邉\U000e0119𛀁",
            former_family_name_kana="ナベ", postcode="3600826",
        )
    )  # fmt: skip
    check(found)
    assert (found.name_length, found.name_uncoded, found.addressee_length) == (5, 0, 5)
    assert found.address == "埼玉県熊谷市肥塚三丁目112番地4　金﨑荘101号"
    assert (found.address_length, found.address_uncoded) == (25, 0)
    assert (found.substitution, found.substitute_name, found.substitute_name_places) == ("1", "高橋　吉男", "001004")
    assert (found.substitute_address[-7:], found.substitute_address_places) == ("金崎荘101号", "020")
    assert (found.former_name_uncoded, found.has_uncoded, found.uncoded_pattern) == (1, True, "F")
    assert (found.roman_name, found.roman_former_name) == ("TAKAHASHI YOSHIO", "NABE")


@pytest.mark.parametrize(
    ("name", "outcome", "roman"),
    [("SAMPLE ANN", "0", "SAMPLE ANN"), ("朴　민수", "2", None), ("田中　一郎", "0", None)],
)
def test_outcomes(name: str, outcome: str, roman: str | None) -> None:
    found = items(record(1, name=name, name_kana=None))
    assert (found.substitution, found.roman_name) == (outcome, roman)


@pytest.mark.parametrize(
    "wrong", [{"name_length": 1}, {"address_uncoded": 3}, {"substitute_name_places": "099"}, {"city_length": 0}]
)
def test_the_receiver_refuses_what_does_not_fit(wrong: dict[str, object]) -> None:
    with pytest.raises(DispatchNotInForm):
        check(items(record(1)).model_copy(update=wrong))


def test_it_is_passed_on_unedited(net: Network) -> None:
    _, [person] = move_in_family(net.register, 1)
    net.settle()
    assert net.rows("connector", "SELECT FROM connector.dispatch") == []
    give_number(net, person)
    assert (net.first_hop(), net.first_hop(), net.to_cards()) == (Delivered(settled=1),) * 3
    [row] = net.rows("connector", "SELECT * FROM connector.dispatch")
    [held] = net.rows("cards", "SELECT * FROM cards.dispatch")
    kept = dispatch.items_of(net.connector, row)
    assert DispatchItems.model_validate(held["items"]) == kept
    assert (kept.individual_number, kept.addressee, kept.people) == (NEW, "髙橋　健一", 1)
    page = show(net.cards, {})
    assert "高橋　健一" in page
    assert NEW not in page


def test_it_is_gone_one_business_day_later(net: Network) -> None:
    """Friday before a long week end: gone on the next open day, everywhere in the city; what stays says nothing of it."""
    _, [person] = move_in_family(net.register, 1)
    net.clock.set(datetime(2026, 5, 1, 15, 0, tzinfo=JAPAN))
    give_number(net, person)
    net.settle()
    net.clock.set(datetime(2026, 5, 6, 23, 0, tzinfo=JAPAN))
    assert (dispatch.delete_passed(net.connector), disposing.step(net.register)) == (0, 0)
    net.clock.set(datetime(2026, 5, 7, 6, 0, tzinfo=JAPAN))
    assert (dispatch.delete_passed(net.connector), disposing.step(net.register)) == (1, 1)
    assert net.rows("connector", "SELECT FROM connector.dispatch") == []
    [passed] = net.rows("connector", "SELECT * FROM connector.dispatch_passed")
    assert passed["deleted_at"] > passed["passed_at"]
    for at, tables in (("register", ("outbox", "settled")), ("connector", ("outbox", "settled", "inbox"))):
        for table in tables:
            assert "dispatch-data" not in str(net.rows(at, f"SELECT * FROM wire.{table}"))
        kept = net.rows(at, "SELECT * FROM wire.disposed")
        assert len(kept) == (1 if at == "register" else 2)
        assert all(len(row["digest"]) == 32 and row["receipt"] for row in kept)
    assert dispatch.delete_passed(net.connector) == 0


def test_it_stays_while_it_could_not_be_passed_on(net: Network) -> None:
    from daicho.world.faults import Fault

    _, [person] = move_in_family(net.register, 1)
    net.settle()
    net.fault(Fault("down"))
    give_number(net, person)
    net.first_hop()
    net.first_hop()
    assert net.to_cards() == Delivered(waiting=1)
    net.clock.advance(days=10)
    assert dispatch.delete_passed(net.connector) == 0
    net.fault()
    assert net.to_cards() == Delivered(settled=1)


def test_a_repeat_after_the_end_gets_the_same_receipt(net: Network) -> None:
    _, [person] = move_in_family(net.register, 1)
    give_number(net, person)
    net.settle()
    [sent] = net.rows(
        "register",
        "SELECT s.* FROM wire.settled s JOIN wire.outbox o USING (message_id) WHERE o.kind = 'dispatch-data'",
    )
    net.clock.advance(days=10)
    dispatch.delete_passed(net.connector)
    from daicho.connector.door import HANDLERS
    from daicho.wire.inbox import Receiver

    receiver = Receiver(net.pumps[1].own, HANDLERS)
    assert receiver.receive(net.connector, "register", sent["message"]) == sent["receipt"]
