"""転居 and 転出: who of a household goes, when and where to (S10, S11)."""

from collections.abc import Mapping
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import municipality_of
from daicho.register.changes.notification import ArrivalNotice, MoveOut, MoveWithin, Place
from daicho.register.desk.addresses import postcode
from daicho.register.desk.forms.base import (
    Context,
    HouseholdNotFound,
    HouseholdView,
    LeftHousehold,
    Read,
)
from daicho.register.desk.forms.members import (
    MembersForm,
    NobodyChosen,
    birth_rekeys,
    chosen_paths,
    people,
    read_household,
    read_member,
    read_new_head,
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
    "destination_postcode",
    "by_card",
    "new_head",
)


class MoveWithinForm(MembersForm):
    """転居 (法23条)."""

    reason = Reason.MOVE_WITHIN
    title = "転居"
    basis = Basis.NOTIFICATION
    template = "register/entry_move_within.html"
    header = _WITHIN

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """All members are chosen at first (S10)."""
        members = household.members if household else ()
        chosen = start_members(household, [m.person_id for m in members])
        return {"notified_on": "今日", "household_kind": "1", **chosen}

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """A household, for those who make a new one."""
        return ["household"]

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
        new_head_id, head_open = read_new_head(context, rest)
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
                head_open=head_open,
                relationships=related,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen)},
            paths={**ADDRESS_PATHS, **chosen_paths(household), **related_paths(related)},
            people=people(household.chosen),
        )


def read_destination(context: Context, *, abroad: bool = False) -> Place:
    """Where people go, the municipality by the table of municipalities; a municipality alone is enough (STD 4.1.3.0.2)."""
    address = context.name("destination", "転出先")
    found = municipality_of(address) if address and not abroad else None
    return Place(
        municipality=found.code if found else None,
        postcode=context.read("destination_postcode", postcode),
        address=address,
        building=context.name("destination_building"),
        head=context.name("destination_head"),
    )


class MoveOutForm(MembersForm):
    """国内転出 and, with `abroad`, 国外転出 (法24条)."""

    basis = Basis.NOTIFICATION
    template = "register/entry_move_out.html"
    header = _OUT

    def __init__(self, reason: Reason, title: str, *, abroad: bool) -> None:
        """The two reasons differ by the destination alone."""
        self.reason = reason
        self.title = title
        self.abroad = abroad

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """All members are chosen at first."""
        members = household.members if household else ()
        return {"notified_on": "今日", **start_members(household, [m.person_id for m in members])}

    def read(self, context: Context) -> Read:
        """The notification of a move out; its date may lie ahead (STD 4.1.3.0.1). Raises EntryIncomplete.

        On the basis 通知 it is the notice of arrival that completes an earlier one.
        """
        if context.basis is Basis.NOTICE:
            return read_notice(context, self.fields(context.typed))
        household = read_household(context)
        change_date = context.day("change_date", "転出の日", future=True)
        notified_on = context.notified_on()
        destination = read_destination(context, abroad=self.abroad)
        rest = staying(household)
        new_head_id, head_open = read_new_head(context, rest)
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
                by_card=context.text("by_card") == "1",
                person_ids=household.chosen_ids,
                new_head_id=new_head_id,
                head_open=head_open,
                relationships=related,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen)},
            paths={
                "destination.address": "destination",
                "by_card": "by_card",
                **chosen_paths(household),
                **related_paths(related),
            },
            people=people(household.chosen),
        )


def start_notice(left: LeftHousehold | None, person_id: int | None) -> dict[str, str]:
    """What stands in a new case of a notice: the household, and of those who left it on one day with the person chosen."""
    if left is None:
        return {"notified_on": "今日"}
    first = next((one for one in left.leavers if one.member.person_id == person_id), left.leavers[0])
    chosen = {
        f"m.{one.member.person_id}": "1" if one.removal_on == first.removal_on and one.notice_on is None else "0"
        for one in left.leavers
    }
    chosen[f"m.{first.member.person_id}"] = "1"
    return {"notified_on": "今日", "household": left.household_number, **chosen}


def read_notice(context: Context, order: list[str]) -> Read:
    """転入通知の受理 (STD 4.1.3.1.1): who of those that left, since when, and where they live now."""
    left = context.read("household", context.lookup.leavers, "世帯番号")
    if context.text("household") and left is None:
        context.fail("household", HouseholdNotFound())
    leavers = left.leavers if left else ()
    chosen = [leaver for leaver in leavers if context.text(f"m.{leaver.member.person_id}") == "1"]
    if left is not None and not chosen:
        context.fail("members", NobodyChosen())
    arrived_on = context.day("change_date", "転入日")
    notified_on = context.notified_on()
    destination = read_destination(context)
    context.finish(order)
    day = arrived_on or context.today
    rows = [leaver.member for leaver in chosen]
    notification = ArrivalNotice(
        household_id=left.household_id if left else 0,
        removal_on=chosen[0].removal_on if chosen else day,
        arrived_on=day,
        notified_on=notified_on or context.today,
        basis=context.basis,
        destination=destination,
        person_ids=tuple(member.person_id for member in rows),
    )
    places = {f"person_ids.{place}": f"m.{member.person_id}" for place, member in enumerate(rows)}
    return Read(
        notification=notification,
        on=notification.on,
        rekeys={"change_date": LegalDate(day), **birth_rekeys(rows)},
        paths={"destination.address": "destination", "person_ids": "members", "notified_on": "notified_on", **places},
        people=people(rows),
    )
