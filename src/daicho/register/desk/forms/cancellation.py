"""異動の取消し: which change, for whom, and what the law leaves open (STD 4.6).

Fields: `change` (the id of the change), `household` (whose changes are offered), `m.<person id>` "1" for whom it is taken
back, `r.<person id>` a relationship that does not follow, `new_household` "1" where the former household is gone.
"""

from collections.abc import Mapping
from datetime import date

from daicho.law.reasons import Basis, Reason
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.changes.errors import ChangeGone
from daicho.register.changes.notification import Cancellation
from daicho.register.desk.forms.base import ChangeView, Context, HouseholdView, MissingItem, Read
from daicho.register.desk.forms.members import (
    MembersForm,
    NobodyChosen,
    birth_rekeys,
    people,
    read_relationships,
    related_paths,
)

_FIELDS = ("basis", "notified_on", "notifier", "household", "change", "new_household", "members")
NEW_HOUSEHOLD = "household"
"""Name of the id drawn for a new household."""


class CancellationForm(MembersForm):
    """One of the three: 増, 減, 修正 (STD 4.6.0.1)."""

    basis = Basis.EX_OFFICIO
    template = "register/entry_cancellation.html"
    header = _FIELDS

    def __init__(self, reason: Reason, title: str) -> None:
        """The reason follows from the change that is taken back."""
        self.reason = reason
        self.title = title

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The household from whose screen the case was opened; the change is chosen in its list. 申出日 is today."""
        return {"notified_on": "今日", **({"household": household.household_number} if household else {})}

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """A new household, when it is asked for."""
        return [NEW_HOUSEHOLD] if typed.get("new_household") == "1" else []

    def read(self, context: Context) -> Read:
        """The notification of a cancellation; raises EntryIncomplete."""
        notified_on = context.day("notified_on", context.basis.date_word if _needs_day(context.basis) else "")
        view = chosen_change(context)
        chosen = tuple(m for m in view.movers if context.text(f"m.{m.person_id}") == "1") if view else ()
        if view is not None and cancelling_reason(view.reason) is not self.reason:
            context.fail("change", ChangeGone())
        if view is not None and not chosen:
            context.fail("members", NobodyChosen())
        related = read_relationships(context, (*view.movers, *view.others)) if view else ()
        context.finish(self.fields(context.typed))
        assert view is not None  # noqa: S101 - `finish` raises while the change is missing
        new_household = context.ids.get(NEW_HOUSEHOLD, 0) if context.text("new_household") == "1" else None
        doubts = {f"relationships.of.{m.person_id}": f"r.{m.person_id}" for m in (*view.movers, *view.others)}
        return Read(
            notification=Cancellation(
                change_id=view.change_id,
                first_day=view.first_day,
                household_ids=view.household_ids,
                involved_ids=view.involved_ids,
                person_ids=tuple(m.person_id for m in chosen),
                notified_on=notified_on,
                basis=context.basis,
                new_household_id=new_household,
                relationships=related,
            ),
            on=view.first_day,
            rekeys={"change_date": view.change_date, **birth_rekeys(chosen)},
            paths={"person_ids": "members", "": "change", **doubts, **related_paths(related)},
            people=people((*view.movers, *view.others)),
        )


def _needs_day(basis: Basis) -> bool:
    """Whoever applies does so on a day (STD 4.6.1.1, 4.2.0.5)."""
    return basis is not Basis.EX_OFFICIO


def chosen_change(context: Context) -> ChangeView | None:
    """The change to be taken back, with an error where there is none."""
    text = context.text("change")
    if not text:
        context.fail("change", MissingItem(item="取り消す異動"))
        return None
    found = context.lookup.change(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if found is None:
        context.fail("change", ChangeGone())
    return found
