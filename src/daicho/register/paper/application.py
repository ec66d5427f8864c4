"""An application (請求) for papers, checked before anything is read."""

from dataclasses import dataclass

from daicho.access.actor import Purpose
from daicho.register.paper.authority import IDENTITY_DOCUMENTS, USES, Authority, Item, check_items
from daicho.register.paper.errors import ItemNotOfKind, KindNotForAuthority, RequestIncomplete
from daicho.register.paper.facts import HOUSEHOLD_COPY, Selection
from daicho.register.paper.kinds.catalogue import About, kind_of

MOST_COPIES = 20
OTHER_USE = "99"
LONGEST_TEXT = 200
PUBLIC_USE = "01"
"""The exemption of an office (公用)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Who asks for whose paper of which kind.

    `person_ids` empty means the whole household. `requester_person` names the member who asks (authority self or
    household member); everyone else is recorded by `requester`, as shown on the identity document. `reissue_of` is
    the first issue whose state is printed again, `change_id` the change that the paper speaks of,
    `record_no` which of a person's removed records (None: the latest). `before_pending`: whoever issues was told of a change
    under way and asks for the record as it stands before it (STD 4.0.8).
    """

    kind: str = HOUSEHOLD_COPY
    household_id: int | None
    person_ids: tuple[int, ...] = ()
    authority: Authority
    requester: str = ""
    requester_person: int | None = None
    identity_document: str
    use_code: str
    use_text: str = ""
    reason: str = ""
    items: frozenset[Item] = frozenset()
    copies: int = 1
    exemption: str | None = None
    change_id: int | None = None
    reissue_of: int | None = None
    town_code: str | None = None
    record_no: int | None = None
    before_pending: bool = False

    @property
    def selection(self) -> Selection:
        """What of it decides about the paper."""
        return Selection(
            self.person_ids, self.items, self.authority, self.reason, self.kind, reissue=self.reissue_of is not None
        )

    @property
    def purpose(self) -> Purpose:
        """The purpose under which the persons are looked at."""
        official = self.authority is Authority.OFFICE
        return Purpose.OFFICIAL_INQUIRY if official else Purpose.CERTIFICATE_ISSUE

    @property
    def exempt(self) -> str | None:
        """The code of the exemption: an office never pays."""
        return PUBLIC_USE if self.authority is Authority.OFFICE else self.exemption

    def check(self) -> None:
        """Raise RequestIncomplete, KindNotForAuthority, ItemNotOfKind, ItemNotAllowed or ReasonMissing."""
        kind = kind_of(self.kind)
        wrong = (
            ("requester", "請求した人", self._requester_missing),
            ("identity_document", "本人確認の書類", self.identity_document not in IDENTITY_DOCUMENTS),
            ("use_code", "使いみち", self.use_code not in USES),
            ("use_text", "使いみちの内容", self.use_code == OTHER_USE and not self.use_text.strip()),
            ("town_code", "閲覧の範囲", (kind.about is About.TOWN) is not bool(self.town_code)),
            ("copies", "通数", not 1 <= self.copies <= MOST_COPIES),
            ("reason", "理由", max(len(self.reason), len(self.use_text), len(self.requester)) > LONGEST_TEXT),
        )
        for field, what, is_wrong in wrong:
            if is_wrong:
                raise RequestIncomplete(field=field, what=what)
        if self.authority not in kind.authorities:
            raise KindNotForAuthority(field="authority", kind=kind.word, authority=self.authority.word)
        for item in sorted(self.items - set(kind.items)):
            raise ItemNotOfKind(field="items", item=item.word, kind=kind.word)
        check_items(self.authority, self.items, self.reason)

    @property
    def _requester_missing(self) -> bool:
        if self.authority.is_outside:
            return not self.requester.strip()
        return self.requester_person is None
