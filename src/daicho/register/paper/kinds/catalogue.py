"""Every kind of paper, one line each: what it is about, what may be asked for, what it costs, how it is composed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from daicho.register.paper.authority import FOREIGN_PARTS, Authority, Item
from daicho.register.paper.errors import RequestIncomplete
from daicho.register.paper.facts import HOUSEHOLD_COPY, Facts, Masters, Selection
from daicho.register.paper.kinds import entries, household, individual, listing, moveout
from daicho.register.paper.letters import codes, notices
from daicho.register.paper.view import IssueMark, Paper

Compose = Callable[[Facts, Selection, Masters, IssueMark], Paper]


class About(Enum):
    """Whose records are read for a paper."""

    HOUSEHOLD = "household"
    PERSON = "person"
    REMOVED = "removed"
    LEAVERS = "leavers"
    CHANGE = "change"
    TOWN = "town"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind: `key` is what clerks type, `preset` what is asked for unless they say otherwise, `fee` its line.

    `always` are items that the law puts on it, asked for or not; `authorities` are those who may have it at all;
    `posted` papers go by mail to the person concerned unless that person stands at the counter.
    """

    code: str
    key: str
    word: str
    about: About
    compose: Compose
    items: tuple[Item, ...]
    preset: frozenset[Item] = field(default_factory=frozenset)
    fee: str | None = None
    always: frozenset[Item] = field(default_factory=frozenset)
    authorities: frozenset[Authority] = frozenset(Authority)
    posted: bool = False

    @property
    def has_history(self) -> bool:
        """Whether the history of the persons is read."""
        return Item.HISTORY in self.items


_COPY = (
    Item.HEAD,
    Item.DOMICILE,
    Item.INDIVIDUAL_NUMBER,
    Item.RESIDENT_CODE,
    Item.FOREIGN,
    *FOREIGN_PARTS,
    Item.REMARKS,
    Item.WITHOUT_READINGS,
)
_SINGLE = (*_COPY, Item.HISTORY, Item.SPECIAL, Item.COMMON_NAMES)
_HISTORY = frozenset({Item.HISTORY})
_FAMILY = frozenset({Authority.SELF, Authority.HOUSEHOLD_MEMBER, Authority.LEGAL_REPRESENTATIVE, Authority.PROXY})

_OWNER = frozenset({Authority.SELF, Authority.LEGAL_REPRESENTATIVE, Authority.OFFICE})
_OFFICE = frozenset({Authority.OFFICE})


def _code(code: str, key: str) -> Kind:
    return Kind(
        code=code,
        key=key,
        word=codes.TITLES[code][0],
        about=About.PERSON,
        compose=codes.compose,
        items=(),
        always=frozenset({Item.RESIDENT_CODE}),
        authorities=_OWNER,
        posted=True,
    )


def _letter(code: str, key: str, word: str, compose: Compose, *, posted: bool = True) -> Kind:
    return Kind(
        code=code,
        key=key,
        word=word,
        about=About.CHANGE,
        compose=compose,
        items=(),
        authorities=_OFFICE,
        posted=posted,
    )


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            code=HOUSEHOLD_COPY,
            key="01",
            word="住民票の写し（世帯連記式）",
            about=About.HOUSEHOLD,
            compose=household.compose,
            items=_COPY,
            fee="household_copy",
        ),
        Kind(
            code="individual_copy",
            key="02",
            word="住民票の写し（個人票）",
            about=About.PERSON,
            compose=individual.compose,
            items=_SINGLE,
            preset=_HISTORY,
            fee="individual_copy",
        ),
        Kind(
            code="removed_copy",
            key="03",
            word="住民票の除票の写し",
            about=About.REMOVED,
            compose=individual.compose_removed,
            items=_SINGLE,
            preset=_HISTORY,
            fee="removed_copy",
        ),
        Kind(
            code="entries",
            key="04",
            word=entries.NAME,
            about=About.HOUSEHOLD,
            compose=entries.compose,
            items=entries.OFFERED,
            preset=entries.PRESET,
            fee="entries",
        ),
        Kind(
            code="removed_entries",
            key="05",
            word=entries.REMOVED_NAME,
            about=About.REMOVED,
            compose=entries.compose_removed,
            items=entries.OFFERED,
            preset=entries.PRESET,
            fee="removed_entries",
        ),
        Kind(
            code="move_out",
            key="11",
            word=moveout.NAME,
            about=About.LEAVERS,
            compose=moveout.compose,
            items=(Item.SPECIAL_MOVE, Item.WITHOUT_READINGS),
            always=moveout.ITEMS,
            authorities=_FAMILY,
        ),
        Kind(
            code="move_out_equivalent",
            key="12",
            word=moveout.EQUIVALENT_NAME,
            about=About.LEAVERS,
            compose=moveout.compose_equivalent,
            items=(Item.WITHOUT_READINGS,),
            always=moveout.ITEMS,
            authorities=_FAMILY,
        ),
        Kind(
            code="inspection",
            key="13",
            word=listing.NAME,
            about=About.TOWN,
            compose=listing.compose,
            items=(Item.WITHOUT_READINGS,),
            authorities=frozenset({Authority.OFFICE, Authority.THIRD_PARTY}),
            fee="inspection",
        ),
        _code("code_notice", "21"),
        _code("code_change_notice", "22"),
        _code("code_correction_notice", "23"),
        _letter("acceptance_notice", "31", notices.ACCEPTANCE, notices.acceptance),
        _letter("head_change_notice", "32", notices.HEAD_CHANGE, notices.head_change),
        _letter("head_change_request", "33", notices.HEAD_REQUEST, notices.head_request),
        _letter("ex_officio_notice", "34", notices.EX_OFFICIO, notices.ex_officio),
        _letter("ex_officio_record", "35", notices.EX_OFFICIO_RECORD, notices.ex_officio_record, posted=False),
        _letter("arrival_inquiry", "36", notices.ARRIVAL, notices.arrival_inquiry),
        _letter("ward_notice", "37", notices.WARD, notices.ward_notice),
    )
}


def kind_of(code: str) -> Kind:
    """The kind with this code. RequestIncomplete for any other."""
    if code not in KINDS:
        raise RequestIncomplete(field="kind", what="証明書の種別")
    return KINDS[code]
