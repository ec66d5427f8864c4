"""出生, 死亡 and 世帯主変更 (S12)."""

from collections.abc import Mapping
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import Birth, Death, HeadChange
from daicho.register.desk.forms.base import Context, HouseholdView, Read, know_fields
from daicho.register.desk.forms.foreign import FOREIGN_FIELDS, read_foreign
from daicho.register.desk.forms.members import (
    NO_HEAD,
    MembersForm,
    birth_rekeys,
    is_person_field,
    people,
    read_household,
    read_member,
    read_new_head,
    read_relationships,
    related_paths,
    start_members,
)
from daicho.register.desk.forms.move_in import decided

_CHILD = (
    "name",
    "birth",
    "sex",
    "relationship",
    "domicile",
    "resident_code",
    "name_kana",
    "family_register_head",
    "individual_number",
    *FOREIGN_FIELDS,
)
_BIRTH = ("household", "notified_on", "notifier", "parent", *(f"p1.{part}" for part in _CHILD))
_DEATH = ("household", "notified_on", "notifier", "person", "died", "new_head")
_HEAD = ("household", "notified_on", "change_date", "notifier", "new_head", "factual_head")


class BirthForm:
    """出生 (令8条): a child into the household of a parent."""

    reason = Reason.BIRTH
    title = "出生"
    basis = Basis.EX_OFFICIO
    template = "register/entry_birth.html"

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The parent from whose screen the case was opened is chosen."""
        parent = {"parent": str(person_id)} if household and person_id else {}
        return {"notified_on": "今日", **start_members(household, ()), **parent}

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """In the order of the form."""
        return list(_BIRTH)

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """The child."""
        return ["p1"]

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        know_fields(typed, lambda name: name in _BIRTH or is_person_field(name))

    def read(self, context: Context) -> Read:
        """The notification of a birth; raises EntryIncomplete."""
        household = read_household(context, choose=False)
        members = household.view.members if household.view else ()
        same, different = decided(context, 1)
        foreign = read_foreign(context, "p1.")
        birth = context.legal_day("p1.birth", "生年月日") or LegalDate(context.today)
        notification = Birth(
            person_id=same or context.ids.get("p1", -1),
            household_id=household.household_id,
            birth=birth,
            notified_on=context.notified_on(),
            basis=context.basis,
            name=context.name("p1.name", "氏名") or "",
            name_kana=context.kana("p1.name_kana", "フリガナ"),
            name_kana_checked=True,
            sex=context.sex("p1.sex", "性別") or "",
            parent_id=read_member(context, "parent", members, "父または母"),
            relationship=context.relationship("p1.relationship"),
            domicile=context.name("p1.domicile", "" if foreign else "本籍(なし・不明も可)"),
            family_register_head=context.name("p1.family_register_head", "" if foreign else "筆頭者(なし・不明も可)"),
            individual_number=context.individual_number("p1.individual_number"),
            resident_code=context.resident_code("p1.resident_code"),
            foreign=foreign,
            different_from=different,
        )
        context.finish(self.fields(context.typed))
        paths = {part: f"p1.{part}" for part in _CHILD}
        return Read(
            notification=notification,
            on=notification.on,
            rekeys={"p1.birth": birth},
            paths={**paths, "numbers": "p1.individual_number", "parent_id": "parent", "household_id": "household"},
            people={notification.person_id: "p1"},
        )


class DeathForm(MembersForm):
    """死亡 (令8条)."""

    reason = Reason.DEATH
    title = "死亡"
    basis = Basis.EX_OFFICIO
    template = "register/entry_death.html"
    header = _DEATH

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The person from whose screen the case was opened is chosen."""
        person = {"person": str(person_id)} if household and person_id else {}
        return {"notified_on": "今日", **start_members(household, ()), **person}

    def read(self, context: Context) -> Read:
        """The notification of a death; raises EntryIncomplete."""
        household = read_household(context, choose=False)
        members = household.view.members if household.view else ()
        person_id = read_member(context, "person", members, "亡くなった人")
        rest = [m for m in members if m.person_id != person_id]
        related = read_relationships(context, rest)
        new_head_id, head_open = read_new_head(context, rest)
        died = context.legal_day("died", "死亡日") or LegalDate(context.today)
        notification = Death(
            household_id=household.household_id,
            person_id=person_id or 0,
            died=died,
            notified_on=context.notified_on(),
            basis=context.basis,
            new_head_id=new_head_id,
            head_open=head_open,
            relationships=related,
        )
        context.finish(self.fields(context.typed))
        gone = [m for m in members if m.person_id == person_id]
        paths = {"person_id": "person", "new_head_id": "new_head", "household_id": "household"}
        return Read(
            notification=notification,
            on=died.on,
            rekeys={"died": died, **birth_rekeys(gone)},
            paths={**paths, **related_paths(related)},
            people=people(gone),
        )


class HeadChangeForm(MembersForm):
    """世帯主変更 (法25条)."""

    reason = Reason.HEAD_CHANGE
    title = "世帯主変更"
    basis = Basis.NOTIFICATION
    template = "register/entry_head_change.html"
    header = _HEAD

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The new head is left open."""
        return {"notified_on": "今日", **start_members(household, ())}

    def read(self, context: Context) -> Read:
        """The notification of a change of head; raises EntryIncomplete."""
        household = read_household(context, choose=False)
        members = household.view.members if household.view else ()
        change_date = context.day("change_date", "異動日")
        notified_on = context.notified_on()
        without = context.text("new_head") == NO_HEAD
        new_head_id = None if without else read_member(context, "new_head", members, "新しい世帯主")
        related = read_relationships(context, [m for m in members if m.person_id != new_head_id])
        factual_head = context.name("factual_head") if without else None
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        chosen = [m for m in members if m.person_id == new_head_id or (without and m.relationship == "02")]
        old = {f"relationships.of.{m.person_id}": f"r.{m.person_id}" for m in members if m.relationship == "02"}
        return Read(
            notification=HeadChange(
                household_id=household.household_id,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                new_head_id=new_head_id,
                factual_head=factual_head,
                relationships=related,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(chosen)},
            paths={"new_head_id": "new_head", "household_id": "household", **old, **related_paths(related)},
            people=people(chosen),
        )
