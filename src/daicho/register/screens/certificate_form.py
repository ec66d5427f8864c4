"""The form of S18 as typed, what each code means, and the application it makes.

One line of words says what the copy is used for and, for a third party or an office, the reason of the request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from daicho.law.names import normalise_name
from daicho.register.desk.forms.base import widen_latin
from daicho.register.paper.application import OTHER_USE, Application
from daicho.register.paper.authority import IDENTITY_DOCUMENTS, USES, Authority, Item
from daicho.register.paper.errors import NobodyChosen, RequestIncomplete
from daicho.register.store.access import Member

TEXTS = ("authority", "who", "use_code", "use_text", "identity_document", "copies")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form: texts by field, persons and items ticked."""

    texts: Mapping[str, str]
    persons: frozenset[int]
    items: frozenset[str]


def empty(members: Sequence[Member], person_id: int) -> Draft:
    """The form as it opens: the person shown asks for the whole household, every extra item left out."""
    position = next((n for n, m in enumerate(members, 1) if m.person_id == person_id), 1)
    texts = dict.fromkeys(TEXTS, "") | {"authority": "1", "who": str(position), "identity_document": "2", "copies": "1"}
    return Draft(texts, frozenset(member.person_id for member in members), frozenset())


def posted(data: QueryDict) -> Draft:
    """The form as sent."""
    persons = {int(text) for text in data.getlist("person") if text.isascii() and text.isdigit() and len(text) < 19}
    texts = {name: data.get(name, "").strip()[: LONGEST + 1] for name in TEXTS}
    return Draft(texts, frozenset(persons), frozenset(data.getlist("item")))


def of_application(application: Application, members: Sequence[Member]) -> Draft:
    """The form that made an application, to change it."""
    positions = {member.person_id: str(n) for n, member in enumerate(members, 1)}
    inside = application.requester_person is not None
    texts = {
        "authority": application.authority.value,
        "who": positions.get(application.requester_person or 0, "") if inside else application.requester,
        "use_code": application.use_code,
        "use_text": application.use_text,
        "identity_document": application.identity_document,
        "copies": str(application.copies),
    }
    persons = application.person_ids or tuple(positions)
    return Draft(texts, frozenset(persons), frozenset(item.value for item in application.items))


def application_of(draft: Draft, household_id: int, members: Sequence[Member]) -> Application:
    """The application of a form. Raises RequestIncomplete or NobodyChosen, naming the field."""
    authority = authority_of(draft)
    if authority is None:
        raise RequestIncomplete(field="authority", what="請求した人の区分")
    asking = None if authority.is_outside else member_of(draft, members)
    everyone = {member.person_id for member in members}
    if not draft.persons:
        raise NobodyChosen(field="persons")
    copies = widen_latin(draft.texts["copies"])
    return Application(
        household_id=household_id,
        person_ids=() if draft.persons == everyone else tuple(sorted(draft.persons)),
        authority=authority,
        requester=normalise_name(draft.texts["who"]) if authority.is_outside else "",
        requester_person=asking.person_id if asking else None,
        identity_document=_code(draft, "identity_document", IDENTITY_DOCUMENTS),
        use_code=_code(draft, "use_code", USES),
        use_text=draft.texts["use_text"],
        reason=draft.texts["use_text"] if authority.is_outside else "",
        items=frozenset(item for item in Item if item.value in draft.items),
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


def echoes(draft: Draft, members: Sequence[Member], fee_yen: int) -> dict[str, str]:
    """What was understood of each field, in words; "" where nothing was."""
    authority = authority_of(draft)
    asking = member_of(draft, members) if authority and not authority.is_outside else None
    copies = widen_latin(draft.texts["copies"])
    count = int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 3 else 0
    yen = 0 if authority is Authority.OFFICE else fee_yen
    return {
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
