"""世帯分離, 世帯合併 and 世帯変更 (S12): who of a household goes to another one at the same address."""

from collections.abc import Mapping
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import HouseholdMove
from daicho.register.desk.forms.base import Context, HouseholdMember, HouseholdView, Read
from daicho.register.desk.forms.members import (
    Household,
    MembersForm,
    NobodyChosen,
    birth_rekeys,
    chosen_paths,
    people,
    read_household,
    read_member,
    read_order,
    read_relationships,
    related_paths,
    start_members,
    staying,
)

_FIELDS = (
    "household",
    "members",
    "notified_on",
    "change_date",
    "notifier",
    "join_household",
    "head",
    "new_head",
)


class HouseholdMoveForm(MembersForm):
    """One of the three reasons; they differ in whether a new household is made and whether anybody may stay."""

    basis = Basis.NOTIFICATION
    template = "register/entry_household_move.html"
    header = _FIELDS

    def __init__(self, reason: Reason, title: str) -> None:
        """`reason` decides where the members go."""
        self.reason = reason
        self.title = title
        self.is_split = reason is Reason.HOUSEHOLD_SPLIT

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """A merger takes all members along; else the person is chosen from whose screen the case was opened."""
        members = household.members if household else ()
        chosen = [m.person_id for m in members if self.reason is Reason.HOUSEHOLD_MERGE or m.person_id == person_id]
        return {"notified_on": "今日", **start_members(household, chosen)}

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """A household, for those who make a new one."""
        return ["household"] if self.is_split else []

    def read(self, context: Context) -> Read:
        """The notification of a change of household; raises EntryIncomplete.

        世帯変更 with nobody chosen and nowhere to go sets the order of the household (STD 5.2).
        """
        household = read_household(context, choose=False)
        order_only = (
            self.reason is Reason.HOUSEHOLD_CHANGE and not household.chosen and not context.text("join_household")
        )
        change_date = context.day("change_date", "異動日")
        notified_on = context.notified_on()
        rest = staying(household)
        target, there = self._target(context, household, order_only=order_only)
        if not household.chosen and not order_only and household.view is not None:
            context.fail("members", NobodyChosen())
        head_id = read_member(context, "head", household.chosen) if self.is_split else None
        new_head_id = read_member(context, "new_head", rest)
        related = read_relationships(context, [*household.chosen, *rest])
        order = read_order(context, there)
        if order_only and not order and household.view is not None:
            context.fail("members", NobodyChosen())
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        return Read(
            notification=HouseholdMove(
                from_household_id=household.household_id,
                household_id=target,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                person_ids=household.chosen_ids,
                head_id=head_id,
                new_head_id=new_head_id,
                relationships=related,
                order=order,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen)},
            paths={
                **chosen_paths(household),
                **related_paths(related),
                "household_id": "household" if self.is_split else "join_household",
                "order": f"o.{order[0]}" if order else "members",
            },
            people=people(household.chosen),
        )

    def _target(
        self, context: Context, household: Household, *, order_only: bool
    ) -> tuple[int, tuple[HouseholdMember, ...]]:
        """The household entered, and who will live there."""
        if order_only:
            return household.household_id, household.view.members if household.view else ()
        if self.is_split:
            return context.ids.get("household", 0), household.chosen
        joined = context.household("join_household", "移る先の世帯番号")
        return (joined.household_id if joined else 0), (*(joined.members if joined else ()), *household.chosen)
