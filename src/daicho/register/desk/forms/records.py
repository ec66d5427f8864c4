"""Forms for the records of people who are in the register: 帰化・国籍取得, 国籍喪失, 改製, 再製 and 職権消除 (STD 4.5.3-4.5.5, 1.1.4, 4.2.2)."""

from collections.abc import Mapping, Sequence
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import (
    ExOfficioRemoval,
    ForeignItems,
    NationalityLoss,
    Naturalisation,
    RemovalGround,
    Renewal,
)
from daicho.register.desk.forms.base import Context, HouseholdMember, HouseholdView, Read, know_fields
from daicho.register.desk.forms.foreign import FOREIGN_FIELDS, read_foreign_items
from daicho.register.desk.forms.members import (
    MembersForm,
    birth_rekeys,
    chosen_paths,
    is_person_field,
    people,
    read_household,
    read_member,
    read_relationships,
    related_paths,
    start_members,
    staying,
)

ACQUISITIONS = {"1": "帰化", "2": "国籍取得"}
CAUSES = {
    "1": ("実態調査", RemovalGround.FACT_FINDING),
    "2": ("失踪", RemovalGround.DISAPPEARANCE),
    "3": ("在留資格の喪失", RemovalGround.STATUS_LOST),
    "9": ("その他", RemovalGround.OTHER),
}
_DATES = ("household", "notified_on", "change_date", "notifier")
_NATURALISED = ("name", "name_kana", "name_reading", "domicile", "family_register_head", "remarks")
_LOST = ("name", "name_kana", "remarks", *(name for name in FOREIGN_FIELDS if name != "foreign_resident_since"))


class _OneMember:
    """What a form about one member of a household shares."""

    basis = Basis.EX_OFFICIO
    header: tuple[str, ...]
    row: tuple[str, ...]

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The person from whose screen the case was opened is chosen."""
        person = {"person": str(person_id)} if household and person_id else {}
        return {"notified_on": "今日", **start_members(household, ()), **person}

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """In the order of the form."""
        return [*self.header, *(f"p1.{part}" for part in self.row)]

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """Nobody is new."""
        return []

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        known = self.fields(typed)
        know_fields(typed, lambda name: name in known or is_person_field(name))


class NaturalisationForm(_OneMember):
    """帰化 and 国籍取得 of a foreign resident: the items of the Japanese record that the former one does not give."""

    reason = Reason.ENTRY_NATURALISATION
    title = "帰化・国籍取得"
    template = "register/entry_naturalisation.html"
    header = (*_DATES, "person", "acquisition")
    row = _NATURALISED

    def read(self, context: Context) -> Read:
        """The notification; raises EntryIncomplete."""
        household = read_household(context, choose=False)
        members = household.view.members if household.view else ()
        person_id = read_member(context, "person", members, "帰化・国籍取得した人")
        on = context.day("change_date", "帰化・国籍取得の日") or context.today
        notification = Naturalisation(
            household_id=household.household_id,
            person_id=person_id or 0,
            change_date=on,
            notified_on=context.notified_on(),
            basis=context.basis,
            acquisition=context.choice("acquisition", ACQUISITIONS, "帰化・国籍取得の別") == "2",
            name=context.name("p1.name", "氏名") or "",
            name_kana=context.kana("p1.name_kana", "フリガナ"),
            name_kana_checked=True,
            name_reading=context.kana("p1.name_reading"),
            domicile=context.name("p1.domicile", "本籍(なし・不明も可)"),
            family_register_head=context.name("p1.family_register_head", "筆頭者(なし・不明も可)"),
            remarks=context.name("p1.remarks"),
        )
        return _read(self, context, notification, members)


class NationalityLossForm(_OneMember):
    """国籍喪失 of a Japanese resident: the items of the foreign resident's record."""

    reason = Reason.ENTRY_NATIONALITY_LOSS
    title = "国籍喪失"
    template = "register/entry_nationality_loss.html"
    header = (*_DATES, "person")
    row = _LOST

    def read(self, context: Context) -> Read:
        """The notification; raises EntryIncomplete."""
        household = read_household(context, choose=False)
        members = household.view.members if household.view else ()
        person_id = read_member(context, "person", members, "国籍を失った人")
        on = context.day("change_date", "国籍を失った日") or context.today
        foreign = read_foreign_items(context, "p1.", LegalDate(on))
        notification = NationalityLoss(
            household_id=household.household_id,
            person_id=person_id or 0,
            change_date=on,
            notified_on=context.notified_on(),
            basis=context.basis,
            name=context.name("p1.name", "氏名(ローマ字)") or "",
            name_kana=context.kana("p1.name_kana"),
            name_kana_checked=True,
            foreign=foreign,
            remarks=context.name("p1.remarks"),
        )
        return _read(self, context, notification, members)


def _read(
    form: _OneMember,
    context: Context,
    notification: Naturalisation | NationalityLoss,
    members: Sequence[HouseholdMember],
) -> Read:
    context.finish(form.fields(context.typed))
    foreign = {f"foreign.{name}": f"p1.{name}" for name in ForeignItems.__dataclass_fields__}
    chosen = [m for m in members if m.person_id == notification.person_id]
    return Read(
        notification=notification,
        on=notification.on,
        rekeys={"change_date": LegalDate(notification.on), **birth_rekeys(chosen)},
        paths={
            **{name: f"p1.{name}" for name in form.row},
            **foreign,
            "person_id": "person",
            "person_ids.0": "person",
            "household_id": "household",
        },
        people={notification.person_id: "p1"},
    )


class RenewalForm(MembersForm):
    """改製 and, with `restoration`, 再製 of the records of chosen members."""

    basis = Basis.EX_OFFICIO
    template = "register/entry_renewal.html"
    header = (*_DATES, "members")

    def __init__(self, reason: Reason, title: str, *, restoration: bool) -> None:
        """The two differ by the reason alone."""
        self.reason = reason
        self.title = title
        self.restoration = restoration

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The person from whose screen the case was opened is chosen; the day is today."""
        return {"change_date": "今日", **start_members(household, [person_id] if person_id else [])}

    def read(self, context: Context) -> Read:
        """The notification; raises EntryIncomplete."""
        household = read_household(context)
        on = context.day("change_date", f"{self.title}の日") or context.today
        notified_on = context.notified_on() if context.text("notified_on") else None
        context.finish(self.fields(context.typed))
        return Read(
            notification=Renewal(
                household_id=household.household_id,
                person_ids=household.chosen_ids,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                restoration=self.restoration,
            ),
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen)},
            paths=chosen_paths(household),
            people=people(household.chosen),
        )


_REMOVAL = ("household", "members", "notified_on", "removed_on", "notifier", "cause", "remark", "new_head")


class ExOfficioRemovalForm(MembersForm):
    """職権消除 of chosen members (STD 4.2.2)."""

    reason = Reason.EX_OFFICIO_REMOVAL
    title = "職権消除"
    basis = Basis.EX_OFFICIO
    template = "register/entry_ex_officio_removal.html"
    header = _REMOVAL

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The person from whose screen the case was opened is chosen."""
        return {"notified_on": "今日", "cause": "1", **start_members(household, [person_id] if person_id else [])}

    def read(self, context: Context) -> Read:
        """The notification; raises EntryIncomplete."""
        household = read_household(context)
        removed_on = context.legal_day("removed_on", "消除の日") or LegalDate(context.today)
        cause = context.choice("cause", {key: word for key, (word, _) in CAUSES.items()}, "消除の理由")
        rest = staying(household)
        related = read_relationships(context, rest)
        notification = ExOfficioRemoval(
            household_id=household.household_id,
            person_ids=household.chosen_ids,
            removed_on=removed_on,
            ground=CAUSES[cause][1],
            remark=context.name("remark"),
            notified_on=context.notified_on(),
            basis=context.basis,
            new_head_id=read_member(context, "new_head", rest),
            relationships=related,
        )
        context.finish(self.fields(context.typed))
        return Read(
            notification=notification,
            on=removed_on.on,
            rekeys={"removed_on": removed_on, **birth_rekeys(household.chosen)},
            paths={**chosen_paths(household), **related_paths(related)},
            people=people(household.chosen),
        )
