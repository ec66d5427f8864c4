"""Both steps of a move out: which certificate is owed, and what the notice of arrival does to the removed record."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors
from daicho.register.changes.arrival_notice import scope
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.move_out import certificate_owed
from daicho.register.changes.move_out import plan as plan_move_out
from daicho.register.changes.notification import ArrivalNotice, HouseholdMove, MoveOut, Notification, Place
from daicho.register.changes.plan import Plan
from daicho.register.changes.record import ResidentRecord
from tests.changes.build import FROM, before, codes, days, family, move_in, row
from tests.changes.register import Register

CAME, TOLD, PLANNED, NOW = date(2026, 3, 1), date(2026, 10, 20), date(2026, 11, 10), date(2026, 11, 24)
TO = Place(municipality="102024", address="群馬県高崎市高松町35番地1")
REALLY = Place(municipality="102024", postcode="3700829", address="群馬県高崎市高松町36番地", head="渡邉　大輔")


class City:
    """A register in memory with one family, changed through the catalogue."""

    def __init__(self, size: int = 3) -> None:
        self.register = Register()
        rows = [row(place) for place in range(size)]
        self.do(Reason.MOVE_IN, move_in(*rows, household_id=1, change_date=CAME, notified_on=CAME), CAME)

    def plan(self, reason: Reason, wanted: Notification, today: date = NOW) -> Plan:
        change = change_of(reason)
        return change.plan(self.register.before(change.scope(wanted), wanted.on), wanted, today)

    def do(self, reason: Reason, wanted: Notification, today: date = NOW) -> Plan:
        made = self.plan(reason, wanted, today)
        self.register.register(made)
        self.register.check()
        return made

    def leave(self, *people: int, on: date = PLANNED, **more: Any) -> Plan:
        wanted = {"household_id": 1, "change_date": on, "notified_on": TOLD, "destination": TO, "person_ids": people}
        return self.do(Reason.MOVE_OUT, MoveOut(**{**wanted, **more}), TOLD)

    def notice(self, *people: int, arrived: date, today: date = NOW, **more: Any) -> ArrivalNotice:
        given: dict[str, Any] = {
            "household_id": 1,
            "removal_on": PLANNED,
            "arrived_on": arrived,
            "notified_on": today,
            "destination": REALLY,
            "person_ids": people,
        }
        return ArrivalNotice(**{**given, **more})

    def receive(self, *people: int, arrived: date, today: date = NOW, **more: Any) -> Plan:
        return self.do(Reason.MOVE_OUT, self.notice(*people, arrived=arrived, today=today, **more), today)

    def at(self, person: int, day: date) -> ResidentRecord:
        [found] = [
            r for r in self.register.live(person) if r.valid_from <= day and (r.valid_to is None or r.valid_to > day)
        ]
        return found.record


def test_the_confirmed_destination_stands_beside_the_planned_one() -> None:
    """STD 4.1.3.1.1: planned and confirmed are both kept; arrival after the planned day moves nothing."""
    city = City()
    city.leave(91, 92, 93)
    made = city.receive(91, 92, 93, arrived=PLANNED + days(3))
    gone = city.at(91, NOW)
    assert (made.reason, made.basis, made.change_date.on) == (Reason.MOVE_OUT, Basis.NOTICE, PLANNED + days(3))
    assert (gone.planned_address, gone.planned_on) == (TO.address, PLANNED)
    assert (gone.confirmed_municipality, gone.confirmed_postcode, gone.confirmed_address, gone.confirmed_head) == (
        ("102024", "3700829", REALLY.address, "渡邉　大輔")
    )
    assert (gone.confirmed_on, gone.arrival_notice_on) == (PLANNED + days(3), NOW)
    assert gone.removed_on == LegalDate(PLANNED)
    assert city.at(91, PLANNED - days(1)).is_resident
    assert {effect.kind for effect in made.effects} == {"amend"}
    assert codes(made) == []


def test_the_removal_takes_effect_on_the_earlier_day() -> None:
    """STD 1.1.5: the day in the notice lies before the planned one, and who heads the rest moves with it."""
    city = City()
    city.leave(91, new_head_id=92)
    made = city.receive(91, arrived=PLANNED - days(5))
    assert not city.at(91, PLANNED - days(5)).is_resident
    assert city.at(91, PLANNED - days(6)).is_resident
    assert city.at(91, NOW).removed_on == LegalDate(PLANNED - days(5))
    assert city.at(91, NOW).planned_on == PLANNED
    assert city.at(92, PLANNED - days(6)).relationship == "12"
    assert city.at(92, PLANNED - days(5)).relationship == "02"
    assert codes(made) == ["W043"]


def test_a_notice_before_the_planned_day_has_come() -> None:
    """STD 4.1.3.1.1: 転出予定年月日が到来しているかどうかにかかわらず."""
    city = City()
    city.leave(91, 92, 93)
    today = PLANNED - days(2)
    city.receive(91, 92, 93, arrived=PLANNED - days(4), today=today)
    assert not city.at(93, today).is_resident


def test_a_corrected_notice_gives_days_back() -> None:
    """STD 4.1.3.1.2: a re-sent notice corrects; the removal moves to the later day, never past the planned one."""
    city = City()
    city.leave(91, new_head_id=92)
    city.receive(91, arrived=PLANNED - days(5), today=NOW)
    again = city.receive(91, arrived=PLANNED - days(2), today=NOW + days(1), removal_on=PLANNED - days(5))
    assert city.at(91, PLANNED - days(3)).is_resident
    assert not city.at(91, PLANNED - days(2)).is_resident
    assert city.at(92, PLANNED - days(3)).relationship == "12"
    assert city.at(92, PLANNED - days(2)).relationship == "02"
    assert codes(again) == ["W044"]
    city.receive(91, arrived=PLANNED + days(9), today=NOW + days(2), removal_on=PLANNED - days(2))
    assert city.at(91, PLANNED - days(1)).is_resident
    assert city.at(91, NOW).removed_on == LegalDate(PLANNED)


def test_whoever_came_back_stays_back() -> None:
    city = City()
    city.leave(91, 92, 93)
    back = move_in(row(0), household_id=5, change_date=NOW - days(3), notified_on=NOW, previous=FROM)
    city.do(Reason.MOVE_IN, back)
    city.receive(91, arrived=PLANNED + days(1))
    assert city.at(91, PLANNED + days(2)).confirmed_address == REALLY.address
    assert city.at(91, NOW).is_resident
    assert city.at(91, NOW).confirmed_address is None


def test_somebody_removed_ex_officio() -> None:
    """STD 4.1.3.1.1: 実態調査等により職権で消除した者; the day of the removal stays."""
    city = City(1)
    [entered] = city.register.live(91)
    removed = entered.record.with_(status="removed", removed_on=LegalDate(PLANNED), removed_reason="職権消除")
    from daicho.register.changes.plan import Effect

    effect = Effect(91, "remove", "mover", PLANNED, removed)
    city.register.register(Plan(Reason.EX_OFFICIO_REMOVAL, Basis.EX_OFFICIO, LegalDate(PLANNED), None, (effect,)))
    made = city.receive(91, arrived=PLANNED - days(30))
    gone = city.at(91, NOW)
    assert (gone.removed_on, gone.removed_reason) == (LegalDate(PLANNED), "職権消除")
    assert (gone.confirmed_on, gone.confirmed_address) == (PLANNED - days(30), REALLY.address)
    assert codes(made) == ["W045"]


def test_what_is_locked() -> None:
    assert scope(City(1).notice(93, 91, arrived=PLANNED)) == ((1,), (91, 93))


REFUSED: list[tuple[str, dict[str, Any], type[DaichoError]]] = [
    ("still here", {"people": (92,)}, errors.NotMovedOut),
    ("nobody", {"people": ()}, errors.NobodyMoves),
    ("twice", {"people": (91, 91)}, errors.DuplicatePerson),
    ("arrived tomorrow", {"arrived": NOW + days(1), "notified_on": NOW + days(1)}, errors.FutureChangeDate),
    ("told before arriving", {"arrived": NOW, "notified_on": NOW - days(1)}, errors.NotifiedBeforeChange),
    ("no destination", {"destination": Place()}, errors.ItemMissing),
    ("another day of removal", {"removal_on": PLANNED + days(1)}, errors.RemovalMoved),
    ("before coming here", {"arrived": CAME}, errors.ArrivedTooEarly),
]


@pytest.mark.parametrize(("more", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_received_is_refused(more: dict[str, Any], error: type[DaichoError]) -> None:
    city = City()
    city.leave(91, new_head_id=92)
    people, arrived = more.pop("people", (91,)), more.pop("arrived", PLANNED)
    with pytest.raises(error):
        city.plan(Reason.MOVE_OUT, city.notice(*people, arrived=arrived, **more))


def test_an_older_notice_never_overwrites_a_newer_one() -> None:
    """STD 4.1.3.1.2: the newest wins."""
    city = City(1)
    city.leave(91)
    city.receive(91, arrived=PLANNED)
    with pytest.raises(errors.NewerNotice):
        city.plan(Reason.MOVE_OUT, city.notice(91, arrived=PLANNED, today=NOW - days(1)))


def test_what_was_registered_for_the_days_between_is_not_lost() -> None:
    city = City()
    city.leave(93)
    split = HouseholdMove(
        from_household_id=1,
        household_id=9,
        change_date=PLANNED - days(2),
        notified_on=PLANNED,
        person_ids=(93,),
    )
    city.do(Reason.HOUSEHOLD_SPLIT, split)
    with pytest.raises(errors.LaterChangeExists):
        city.plan(Reason.MOVE_OUT, city.notice(93, arrived=PLANNED - days(5)))


def test_the_register_is_read_for_the_earlier_day() -> None:
    city = City(1)
    city.leave(91)
    wanted = city.notice(91, arrived=PLANNED - days(5))
    change = change_of(Reason.MOVE_OUT)
    with pytest.raises(errors.PlanOutdated):
        change.plan(city.register.before(change.scope(wanted), PLANNED), wanted, NOW)


# --- which certificate ---------------------------------------------------------------------------------------------


def out(told: date, **more: Any) -> MoveOut:
    given: dict[str, Any] = {
        "household_id": 1,
        "change_date": PLANNED,
        "notified_on": told,
        "destination": TO,
        "person_ids": (11,),
    }
    return MoveOut(**{**given, **more})


@pytest.mark.parametrize(
    ("wanted", "owed"),
    [
        (out(TOLD), "move_out_certificate"),
        (out(PLANNED + days(14)), "move_out_certificate"),
        (out(PLANNED + days(15), basis=Basis.EX_OFFICIO), "equivalent"),
        (out(PLANNED + days(15)), "equivalent"),
        (out(TOLD, basis=Basis.EX_OFFICIO), "equivalent"),
        (out(TOLD, by_card=True), "none"),
        (out(TOLD, abroad=True), "none"),
    ],
)
def test_the_certificate_that_is_owed(wanted: MoveOut, owed: str) -> None:
    """STD 4.1.3.0.1: the day of the move is not counted (民法140条), the fourteenth after it is in time."""
    made = plan_move_out(before(family(1), on=PLANNED), wanted, PLANNED + days(20))
    [leaver] = [effect.record for effect in made.effects if effect.person_id == 11]
    assert certificate_owed(leaver, by_card=wanted.by_card) == owed
    assert ("W007" in codes(made)) is (wanted.basis is Basis.NOTIFICATION and wanted.notified_on == PLANNED + days(15))


def test_a_notice_owes_nothing() -> None:
    city = City(1)
    city.leave(91)
    city.receive(91, arrived=PLANNED)
    assert certificate_owed(city.at(91, PLANNED)) == "none"


def test_by_card_to_another_municipality_only() -> None:
    made = plan_move_out(before(family(1), on=PLANNED), out(TOLD, by_card=True), TOLD)
    assert codes(made) == ["W046"]
    assert [note.text for note in made.notes] == ["特例による転出"]
    with pytest.raises(errors.CardRouteAbroad):
        plan_move_out(before(family(1), on=PLANNED), out(TOLD, by_card=True, abroad=True), TOLD)


# --- nobody is named head ------------------------------------------------------------------------------------------


def test_the_new_head_is_left_to_a_later_notification() -> None:
    """STD 4.0.4, 4.0.5: two or more stay without a head and are asked to name one."""
    city = City()
    made = city.leave(91, head_open=True)
    assert codes(made) == ["W042"]
    assert city.at(92, PLANNED - days(1)).head_absent is False
    assert [(city.at(p, PLANNED).relationship, city.at(p, PLANNED).head_absent) for p in (92, 93)] == [
        ("12", True),
        ("20", True),
    ]
