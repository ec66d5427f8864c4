"""What the forms for people already in the register share: a household, its chosen members, heads and relationships.

Fields: `household` (its number), `m.<person id>` "1" for who is chosen, `r.<person id>` a relationship chosen by the
clerk, `o.<person id>` a place in the order set by hand, `head` and `new_head` a person id.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.register.changes.notification import Related
from daicho.register.desk.errors import UnknownCode
from daicho.register.desk.forms.base import Context, HouseholdMember, HouseholdView, know_fields, widen_latin

_PERSON_FIELD = re.compile(r"[mro]\.(\d{1,19})")


class NobodyChosen(DaichoError):
    """No member of the household is chosen."""

    code = "K106"
    happened = "異動する人が選ばれていません。"
    kept = "入力した内容は下書きに残っています。"
    todo = "異動する人を一人以上選んでください。"


class PlaceUnfit(DaichoError):
    """A place in the order is no number, stands twice or is missing beside others; data: count."""

    code = "K220"
    happened = "並び順は、{count}人全員に1から順の違う番号を付けてください。"
    kept = "入力した内容は下書きに残っています。"
    todo = "順を決めないときは、全員の欄を空にしてください。"


@dataclass(frozen=True, slots=True)
class Household:
    """The household of a form and who of it is chosen; without a household nothing can be chosen."""

    view: HouseholdView | None
    chosen: tuple[HouseholdMember, ...]

    @property
    def household_id(self) -> int:
        """The id, 0 while the household is missing (the form is in error then)."""
        return self.view.household_id if self.view else 0

    @property
    def chosen_ids(self) -> tuple[int, ...]:
        """The ids of the chosen members, in household order."""
        return tuple(member.person_id for member in self.chosen)


def is_person_field(name: str) -> bool:
    """Whether a field is about one member."""
    return _PERSON_FIELD.fullmatch(name) is not None


def member_fields(typed: Mapping[str, str]) -> list[str]:
    """The typed fields about members, in order."""
    return sorted(name for name in typed if is_person_field(name))


class MembersForm:
    """What forms about members of a household share: the fields of a header, then those of the members; nobody is new."""

    header: tuple[str, ...]

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """In the order of the form."""
        return [*self.header, *member_fields(typed)]

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """Nobody is new."""
        return []

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        know_fields(typed, lambda name: name in self.header or is_person_field(name))


def start_members(household: HouseholdView | None, chosen: Iterable[int]) -> dict[str, str]:
    """The household of a new case with its members chosen or not."""
    if household is None:
        return {}
    wanted = set(chosen)
    boxes = {f"m.{m.person_id}": "1" if m.person_id in wanted else "0" for m in household.members}
    return {"household": household.household_number, **boxes}


def read_household(context: Context, *, choose: bool = True) -> Household:
    """The household and its chosen members, with errors for a missing household or nobody chosen."""
    view = context.household("household", "世帯番号")
    members = view.members if view else ()
    chosen = tuple(m for m in members if context.text(f"m.{m.person_id}") == "1")
    if choose and view is not None and not chosen:
        context.fail("members", NobodyChosen())
    return Household(view, chosen)


def read_member(context: Context, name: str, among: Sequence[HouseholdMember], item: str = "") -> int | None:
    """A person chosen from some members by id."""

    def one_of(text: str) -> int:
        for member in among:
            if text == str(member.person_id):
                return member.person_id
        raise UnknownCode(what="人")

    return context.read(name, one_of, item)


NO_HEAD = "none"
"""Stands for nobody in a field that chooses a head: 世帯主未設定, or to be notified later (STD 4.0.5)."""


def read_new_head(context: Context, among: Sequence[HouseholdMember]) -> tuple[int | None, bool]:
    """Who heads those who stay, and whether that is left to a later notification."""
    if context.text("new_head") == NO_HEAD:
        return None, True
    return read_member(context, "new_head", among), False


def read_relationships(context: Context, members: Sequence[HouseholdMember]) -> tuple[Related, ...]:
    """The relationships the clerk chose instead of the inferred ones."""
    found = []
    for member in members:
        code = context.relationship(f"r.{member.person_id}")
        if code is not None:
            found.append(Related(person_id=member.person_id, relationship=code))
    return tuple(found)


def read_order(context: Context, members: Sequence[HouseholdMember]) -> tuple[int, ...]:
    """The ids of all members in the order typed; () when no place was typed."""
    typed = {member.person_id: context.text(f"o.{member.person_id}") for member in members}
    if not any(typed.values()):
        return ()
    wanted = {str(place): place for place in range(1, len(typed) + 1)}
    places = {person: wanted.pop(widen_latin(text), 0) for person, text in typed.items()}
    for person, place in places.items():
        if not place:
            context.fail(f"o.{person}", PlaceUnfit(count=len(typed)))
    return tuple(sorted(places, key=lambda person: places[person]))


def staying(household: Household) -> tuple[HouseholdMember, ...]:
    """The members who are not chosen."""
    members = household.view.members if household.view else ()
    return tuple(m for m in members if m not in household.chosen)


def birth_rekeys(members: Iterable[HouseholdMember]) -> dict[str, LegalDate]:
    """The birth dates the reviewer keys again from the document, which tells whether it is about these people."""
    return {f"b.{member.person_id}": member.birth for member in members}


def people(members: Iterable[HouseholdMember]) -> dict[int, str]:
    """Person id to the row that shows the person."""
    return {member.person_id: f"m.{member.person_id}" for member in members}


def related_paths(related: Sequence[Related]) -> dict[str, str]:
    """Where an error about a chosen relationship was typed, by its place or by the person."""
    places = {
        f"relationships.{place}.{part}": f"r.{choice.person_id}"
        for place, choice in enumerate(related)
        for part in ("relationship", "person_id")
    }
    return places | {f"relationships.of.{choice.person_id}": f"r.{choice.person_id}" for choice in related}


def chosen_paths(household: Household) -> dict[str, Any]:
    """Where an error about the chosen people was typed."""
    rows = {f"person_ids.{place}": f"r.{m.person_id}" for place, m in enumerate(household.chosen)}
    return {"person_ids": "members", "household_id": "household", "head_id": "head", "new_head_id": "new_head", **rows}
