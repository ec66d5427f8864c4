"""An application (請求) for certified copies, checked before anything is read."""

from dataclasses import dataclass

from daicho.access.actor import Purpose
from daicho.register.paper.authority import IDENTITY_DOCUMENTS, USES, Authority, Item, check_items
from daicho.register.paper.compose import Selection
from daicho.register.paper.errors import RequestIncomplete

MOST_COPIES = 20
OTHER_USE = "99"
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Who asks for whose copy.

    `person_ids` empty means the whole household. `requester_person` names the member who asks (authority self or
    household member); everyone else is recorded by `requester`, as shown on the identity document.
    """

    household_id: int
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

    @property
    def selection(self) -> Selection:
        """What of it decides about the paper."""
        return Selection(self.person_ids, self.items, self.authority, self.reason)

    @property
    def purpose(self) -> Purpose:
        """The purpose under which the persons are looked at."""
        official = self.authority is Authority.OFFICE
        return Purpose.OFFICIAL_INQUIRY if official else Purpose.CERTIFICATE_ISSUE

    def check(self) -> None:
        """Raise RequestIncomplete, ItemNotAllowed or ReasonMissing, naming the field."""
        wrong = (
            ("requester", "請求した人", self._requester_missing),
            ("identity_document", "本人確認の書類", self.identity_document not in IDENTITY_DOCUMENTS),
            ("use_code", "使いみち", self.use_code not in USES),
            ("use_text", "使いみちの内容", self.use_code == OTHER_USE and not self.use_text.strip()),
            ("copies", "通数", not 1 <= self.copies <= MOST_COPIES),
            ("reason", "理由", max(len(self.reason), len(self.use_text), len(self.requester)) > LONGEST_TEXT),
        )
        for field, what, is_wrong in wrong:
            if is_wrong:
                raise RequestIncomplete(field=field, what=what)
        check_items(self.authority, self.items, self.reason)

    @property
    def _requester_missing(self) -> bool:
        if self.authority.is_outside:
            return not self.requester.strip()
        return self.requester_person is None
