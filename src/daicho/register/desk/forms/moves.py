"""転居 and 転出: who of a household goes, when and where to (S10, S11)."""

from collections.abc import Mapping
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import MoveOut, MoveWithin, Place
from daicho.register.desk.forms.base import Context, HouseholdView, Read, know_fields
from daicho.register.desk.forms.members import (
    birth_rekeys,
    chosen_paths,
    is_person_field,
    member_fields,
    people,
    read_household,
    read_member,
    read_relationships,
    related_paths,
    start_members,
    staying,
)
from daicho.register.desk.forms.move_in import ADDRESS_PATHS, HOUSEHOLD_KINDS, read_address

_WITHIN = (
    "household",
    "members",
    "notified_on",
    "change_date",
    "notifier",
    "household_kind",
    "join_household",
    "town",
    "lot",
    "building",
    "head",
    "new_head",
)
_OUT = (
    "household",
    "members",
    "notified_on",
    "change_date",
    "notifier",
    "destination",
    "destination_building",
    "destination_head",
    "new_head",
)


class MoveWithinForm:
    """転居 (法23条)."""

    reason = Reason.MOVE_WITHIN
    title = "転居"
    basis = Basis.NOTIFICATION
    template = "register/entry_move_within.html"

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """All members are chosen at first (S10)."""
        members = household.members if household else ()
        chosen = start_members(household, [m.person_id for m in members])
        return {"notified_on": "今日", "household_kind": "1", **chosen}

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """The header, then the members."""
        return [*_WITHIN, *member_fields(typed)]

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """A household, for those who make a new one."""
        return ["household"]

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        know_fields(typed, lambda name: name in _WITHIN or is_person_field(name))

    def read(self, context: Context) -> Read:
        """The notification of a move inside the city; raises EntryIncomplete."""
        household = read_household(context)
        change_date = context.day("change_date", "異動日")
        notified_on = context.notified_on()
        rest = staying(household)
        address, target = None, household.household_id
        if context.choice("household_kind", HOUSEHOLD_KINDS, "世帯の区分") == "2":
            joined = context.household("join_household", "入る世帯の世帯番号")
            target = joined.household_id if joined else 0
        else:
            address = read_address(context)
            target = context.ids.get("household", 0) if rest else household.household_id
        head_id = read_member(context, "head", household.chosen)
        new_head_id = read_member(context, "new_head", rest)
        related = read_relationships(context, [*household.chosen, *rest])
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        return Read(
            notification=MoveWithin(
                from_household_id=household.household_id,
                household_id=target,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                address=address,
                person_ids=household.chosen_ids,
                head_id=head_id,
                new_head_id=new_head_id,
                relationships=related,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen)},
            paths={**ADDRESS_PATHS, **chosen_paths(household), **related_paths(related)},
            people=people(household.chosen),
        )


class MoveOutForm:
    """国内転出 and, with `abroad`, 国外転出 (法24条)."""

    basis = Basis.NOTIFICATION
    template = "register/entry_move_out.html"

    def __init__(self, reason: Reason, title: str, *, abroad: bool) -> None:
        """The two reasons differ by the destination alone."""
        self.reason = reason
        self.title = title
        self.abroad = abroad

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """All members are chosen at first."""
        members = household.members if household else ()
        return {"notified_on": "今日", **start_members(household, [m.person_id for m in members])}

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """The header, then the members."""
        return [*_OUT, *member_fields(typed)]

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """Nobody is new."""
        return []

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        know_fields(typed, lambda name: name in _OUT or is_person_field(name))

    def read(self, context: Context) -> Read:
        """The notification of a move out; its date may lie ahead (STD 4.1.3.0.1). Raises EntryIncomplete."""
        household = read_household(context)
        change_date = context.day("change_date", "転出の日", future=True)
        notified_on = context.notified_on()
        destination = Place(
            address=context.name("destination", "転出先"),
            building=context.name("destination_building"),
            head=context.name("destination_head"),
        )
        rest = staying(household)
        new_head_id = read_member(context, "new_head", rest)
        related = read_relationships(context, rest)
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        return Read(
            notification=MoveOut(
                household_id=household.household_id,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                abroad=self.abroad,
                destination=destination,
                person_ids=household.chosen_ids,
                new_head_id=new_head_id,
                relationships=related,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen)},
            paths={"destination.address": "destination", **chosen_paths(household), **related_paths(related)},
            people=people(household.chosen),
        )
