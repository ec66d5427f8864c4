"""The form of S18 as typed, what each code means, and the application it makes.

One line of words says what the copy is used for and, for a third party or an office, the reason of the request.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from daicho.law.names import normalise_name
from daicho.register.desk.forms.base import widen_latin
from daicho.register.paper.application import OTHER_USE, Application
from daicho.register.paper.authority import IDENTITY_DOCUMENTS, USES, Authority, Item
from daicho.register.paper.defaults import preset
from daicho.register.paper.errors import NobodyChosen, RequestIncomplete
from daicho.register.paper.facts import HOUSEHOLD_COPY
from daicho.register.paper.issue import Outlook
from daicho.register.paper.kinds.catalogue import KINDS, About, Kind
from daicho.register.store.access import HouseholdSheet, Member

TEXTS = ("kind", "authority", "who", "use_code", "use_text", "identity_document", "copies", "exemption", "reissue_of")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form: texts by field, persons and items ticked."""

    texts: Mapping[str, str]
    persons: frozenset[int]
    items: frozenset[str]
    before_pending: bool = False

    @property
    def kind(self) -> Kind:
        """The kind typed; copies of the household for no code of the list."""
        known = {kind.key: kind for kind in KINDS.values()}
        return kind_typed(self.texts["kind"]) or known.get(self.texts["kind"]) or KINDS[HOUSEHOLD_COPY]


def kind_typed(text: str) -> Kind | None:
    """The kind of a code on the keyboard (01) or of the table (household_copy)."""
    typed = (text, widen_latin(text))
    return next((kind for kind in OFFERED if {kind.key, kind.key.lstrip("0"), kind.code} & set(typed)), None)


OFFERED = tuple(
    kind for kind in KINDS.values() if kind.about in (About.HOUSEHOLD, About.PERSON, About.REMOVED, About.LEAVERS)
)
"""Kinds that are asked for at the counter by this form."""


def people_of(kind: Kind, sheet: HouseholdSheet) -> tuple[Member, ...]:
    """Who can stand on a paper of this kind: residents, or those who were."""
    if kind.about is About.LEAVERS:
        return _leavers(sheet)
    if kind.about is About.CHANGE:
        return askers(sheet)
    if kind.about is About.REMOVED:
        return (*sheet.removed, *(member for member in sheet.members if sheet.former.get(member.person_id)))
    return sheet.members


def _leavers(sheet: HouseholdSheet) -> tuple[Member, ...]:
    """Those who left last, or will by a plan: who moved out earlier or died is no part of their certificate."""
    states = [(member, sheet.planned.get(member.person_id, member.state)) for member in askers(sheet)]
    gone = [
        (member, state.written_by)
        for member, state in states
        if not state.record.is_resident and (state.record.planned_address or state.record.planned_municipality)
    ]
    last = max((written_by for _, written_by in gone), default=0)
    return tuple(member for member, written_by in gone if written_by == last)


def askers(sheet: HouseholdSheet) -> tuple[Member, ...]:
    """Who may ask as a member, by the number shown: residents, then those who were."""
    return (*sheet.members, *sheet.removed)


def empty(sheet: HouseholdSheet, person_id: int, kind: str = "") -> Draft:
    """The form as it opens: the person shown asks; a removed person's page opens with the copy of that record."""
    gone = any(member.person_id == person_id for member in sheet.removed) or not sheet.members
    chosen = kind_typed(kind) or KINDS["removed_copy" if gone else HOUSEHOLD_COPY]
    position = next((n for n, m in enumerate(askers(sheet), 1) if m.person_id == person_id), 1)
    first = {"kind": chosen.key, "authority": "1", "who": str(position), "identity_document": "2", "copies": "1"}
    items = frozenset(item.value for item in preset(chosen))
    return for_kind(Draft(dict.fromkeys(TEXTS, "") | first, frozenset({person_id}), items), sheet)


def for_kind(draft: Draft, sheet: HouseholdSheet) -> Draft:
    """The same form after another kind was typed: its usual persons and items are ticked."""
    kind = draft.kind
    people = [member.person_id for member in people_of(kind, sheet)]
    asking = member_of(draft, askers(sheet))
    ticked = [person for person in people if person in draft.persons]
    first = [asking.person_id] if asking and asking.person_id in people else ticked[:1] or people[:1]
    persons = frozenset(people if kind.about in (About.HOUSEHOLD, About.LEAVERS) else first)
    items = {item.value for item in kind.items} & draft.items | {item.value for item in preset(kind)}
    return Draft(draft.texts, persons, frozenset(items), draft.before_pending)


def posted(data: QueryDict) -> Draft:
    """The form as sent."""
    persons = {int(text) for text in data.getlist("person") if text.isascii() and text.isdigit() and len(text) < 19}
    texts = {name: data.get(name, "").strip()[: LONGEST + 1] for name in TEXTS}
    return Draft(texts, frozenset(persons), frozenset(data.getlist("item")), data.get("before_pending") == "1")


def of_application(application: Application, members: Sequence[Member]) -> Draft:
    """The form that made an application, to change it."""
    positions = {member.person_id: str(n) for n, member in enumerate(members, 1)}
    inside = application.requester_person is not None
    texts = {
        "kind": KINDS[application.kind].key,
        "exemption": application.exemption or "",
        "reissue_of": str(application.reissue_of or ""),
        "authority": application.authority.value,
        "who": positions.get(application.requester_person or 0, "") if inside else application.requester,
        "use_code": application.use_code,
        "use_text": application.use_text,
        "identity_document": application.identity_document,
        "copies": str(application.copies),
    }
    persons = application.person_ids or tuple(positions)
    items = frozenset(item.value for item in application.items)
    return Draft(texts, frozenset(persons), items, application.before_pending)


def application_of(draft: Draft, sheet: HouseholdSheet) -> Application:
    """The application of a form. Raises RequestIncomplete or NobodyChosen, naming the field."""
    kind, members = kind_typed(draft.texts["kind"]), askers(sheet)
    if kind is None:
        raise RequestIncomplete(field="kind", what="証明書の種別")
    authority = authority_of(draft)
    if authority is None:
        raise RequestIncomplete(field="authority", what="請求した人の区分")
    asking = None if authority.is_outside else member_of(draft, members)
    everyone = {member.person_id for member in sheet.members} if kind.about is About.HOUSEHOLD else set()
    if not draft.persons:
        raise NobodyChosen(field="persons")
    copies = widen_latin(draft.texts["copies"])
    return Application(
        kind=kind.code,
        household_id=sheet.household_id,
        person_ids=() if draft.persons == everyone else tuple(sorted(draft.persons)),
        authority=authority,
        requester=normalise_name(draft.texts["who"]) if authority.is_outside else "",
        requester_person=asking.person_id if asking else None,
        exemption=widen_latin(draft.texts["exemption"]) or None,
        reissue_of=int(draft.texts["reissue_of"]) if re.fullmatch("[0-9]{1,18}", draft.texts["reissue_of"]) else None,
        identity_document=_code(draft, "identity_document", IDENTITY_DOCUMENTS),
        use_code=_code(draft, "use_code", USES),
        use_text=draft.texts["use_text"],
        reason=draft.texts["use_text"] if authority.is_outside else "",
        items=frozenset(item for item in Item if item.value in draft.items),
        before_pending=draft.before_pending,
        copies=int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 4 else 0,
    )


def authority_of(draft: Draft) -> Authority | None:
    """The authority typed, None for no code of the list."""
    code = widen_latin(draft.texts["authority"])
    return Authority(code) if code in {known.value for known in Authority} else None


def member_of(draft: Draft, members: Sequence[Member]) -> Member | None:
    """The member whose position was typed."""
    text = widen_latin(draft.texts["who"])
    position = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return members[position - 1] if 1 <= position <= len(members) else None


def echoes(draft: Draft, members: Sequence[Member], outlook: Outlook) -> dict[str, str]:
    """What was understood of each field, in words; "" where nothing was."""
    authority = authority_of(draft)
    asking = member_of(draft, members) if authority and not authority.is_outside else None
    copies = widen_latin(draft.texts["copies"])
    count = int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 3 else 0
    exempt = outlook.exemptions.get(widen_latin(draft.texts["exemption"]), "")
    yen = 0 if authority is Authority.OFFICE or exempt else outlook.fee_yen
    kind = kind_typed(draft.texts["kind"])
    return {
        "kind": kind.word if kind else "",
        "exemption": exempt,
        "authority": authority.word if authority else "",
        "who": asking.state.record.name if asking else "",
        "use_code": USES.get(_code(draft, "use_code", USES), ""),
        "identity_document": IDENTITY_DOCUMENTS.get(_code(draft, "identity_document", IDENTITY_DOCUMENTS), ""),
        "copies": f"{yen:,}円 × {count} = {yen * count:,}円" if count else "",
    }


def needs_words(draft: Draft) -> bool:
    """Whether the use is 99, which has words of its own."""
    return _code(draft, "use_code", USES) == OTHER_USE


def _code(draft: Draft, field: str, codes: Mapping[str, str]) -> str:
    """The code typed, a leading zero added where that makes one of the list."""
    text = widen_latin(draft.texts[field])
    return f"0{text}" if text not in codes and f"0{text}" in codes else text
