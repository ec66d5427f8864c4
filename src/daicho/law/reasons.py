"""The closed list of reasons of a change (STD 1.2.2) and the bases on which changes are made.

The standard fixes the names and no codes: `value` is our stable code for storage, `key` our two figures for the
keyboard. 改製 and 再製 exist twice, as entering and as removing reason.
"""

from enum import StrEnum

from daicho.law.errors import DaichoError


class Kind(StrEnum):
    """What a change does to a resident record."""

    ENTER = "enter"
    REMOVE = "remove"
    AMEND = "amend"

    @property
    def word(self) -> str:
        """記載, 消除 or 修正."""
        return {"enter": "記載", "remove": "消除", "amend": "修正"}[self.value]


class Nationality(StrEnum):
    """Whose records a reason is for (住民種別)."""

    JAPANESE = "japanese"
    FOREIGN = "foreign"


class Basis(StrEnum):
    """On what a change is based; it names the date beside the change date (STD 1.2.1: 届出日, 申出日, 通知日, 請求日)."""

    NOTIFICATION = "notification"
    EX_OFFICIO = "ex_officio"
    APPLICATION = "application"
    NOTICE = "notice"
    REQUEST = "request"

    @property
    def word(self) -> str:
        """届出, 職権, 申出, 通知 or 請求."""
        return _BASIS_WORDS[self]

    @property
    def date_word(self) -> str:
        """What the date beside the change date is called (STD 1.2.1, 4.1.0.2, 4.2.0.5).

        An ex officio change has one only where it follows a notification or notice of the family register (STD 4.2.0.4),
        or a notification that came too late to be one (STD 4.1.3.0.1).
        """
        return "届出・通知日" if self is Basis.EX_OFFICIO else f"{self.word}日"


_BASIS_WORDS = {
    Basis.NOTIFICATION: "届出",
    Basis.EX_OFFICIO: "職権",
    Basis.APPLICATION: "申出",
    Basis.NOTICE: "通知",
    Basis.REQUEST: "請求",
}


class UnknownReason(DaichoError):
    """The word or code is not on the list of STD 1.2.2, or it is 改製 or 再製 without its kind."""

    code = "L301"
    happened = "異動事由を読み取れません。"
    todo = "標準の異動事由から選んでください。"


class ReasonNotForNationality(DaichoError):
    """The reason is for Japanese or for foreign residents only; data: reason, allowed."""

    code = "L302"
    happened = "「{reason}」は{allowed}住民だけの異動事由です。"
    todo = "異動者の住民種別と異動事由を確かめてください。"


class Reason(StrEnum):
    """One reason; the value is its code in storage."""

    MOVE_IN = "move_in"
    MOVE_IN_ABROAD = "move_in_abroad"
    BIRTH = "birth"
    ENTRY_NATURALISATION = "entry_naturalisation"
    ENTRY_NATIONALITY_LOSS = "entry_nationality_loss"
    EX_OFFICIO_ENTRY = "ex_officio_entry"
    RENEWAL_ENTRY = "renewal_entry"
    RESTORATION_ENTRY = "restoration_entry"
    CANCELLATION_ENTRY = "cancellation_entry"

    MOVE_OUT = "move_out"
    MOVE_OUT_ABROAD = "move_out_abroad"
    DEATH = "death"
    REMOVAL_NATURALISATION = "removal_naturalisation"
    REMOVAL_NATIONALITY_LOSS = "removal_nationality_loss"
    EX_OFFICIO_REMOVAL = "ex_officio_removal"
    RENEWAL_REMOVAL = "renewal_removal"
    RESTORATION_REMOVAL = "restoration_removal"
    CANCELLATION_REMOVAL = "cancellation_removal"

    MOVE_WITHIN = "move_within"
    MINOR_AMENDMENT = "minor_amendment"
    EX_OFFICIO_AMENDMENT = "ex_officio_amendment"
    ERROR_CORRECTION = "error_correction"
    INDIVIDUAL_NUMBER_CHANGE = "individual_number_change"
    INDIVIDUAL_NUMBER_AMENDMENT = "individual_number_amendment"
    INDIVIDUAL_NUMBER_ENTRY = "individual_number_entry"
    RESIDENT_CODE_CHANGE = "resident_code_change"
    RESIDENT_CODE_ENTRY = "resident_code_entry"
    HOUSEHOLD_SPLIT = "household_split"
    HOUSEHOLD_MERGE = "household_merge"
    HOUSEHOLD_CHANGE = "household_change"
    HEAD_CHANGE = "head_change"
    FORMER_NAME_ENTRY = "former_name_entry"
    FORMER_NAME_CHANGE = "former_name_change"
    FORMER_NAME_DELETION = "former_name_deletion"
    COMMON_NAME_ENTRY = "common_name_entry"
    COMMON_NAME_DELETION = "common_name_deletion"
    CANCELLATION_AMENDMENT = "cancellation_amendment"

    @property
    def key(self) -> str:
        """Our two figures for the keyboard; not an official code."""
        return _DETAILS[self][0]

    @property
    def word(self) -> str:
        """The word of STD 1.2.2."""
        return _DETAILS[self][1]

    @property
    def kind(self) -> Kind:
        """Whether it enters, removes or amends."""
        return _DETAILS[self][2]

    @property
    def only_for(self) -> Nationality | None:
        """Whose records it is for; None for everybody's."""
        return _DETAILS[self][3]

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What the change may rest on, the usual one first.

        Whatever can be notified can be done ex officio when nobody notifies (STD 4.2.0.2) or when somebody asks for it
        (STD 4.2.0.5). The other entries, removals and amendments are ex officio, on a request or a notice (STD 4.2).
        """
        return _BASES.get(self, _OF_OFFICE)

    @property
    def may_be_planned(self) -> bool:
        """Whether the change date may lie in the future: moves out of the city only (STD 4.0.3)."""
        return self in (Reason.MOVE_OUT, Reason.MOVE_OUT_ABROAD)

    @property
    def takes_legal_date(self) -> bool:
        """Whether the change date may be unknown or impossible: birth, death, disappearance (STD 1.1.8)."""
        return self in (Reason.BIRTH, Reason.DEATH, Reason.EX_OFFICIO_REMOVAL)


_ENTER, _REMOVE, _AMEND = Kind.ENTER, Kind.REMOVE, Kind.AMEND
_JAPANESE, _FOREIGN = Nationality.JAPANESE, Nationality.FOREIGN
_DETAILS: dict[Reason, tuple[str, str, Kind, Nationality | None]] = {
    Reason.MOVE_IN: ("11", "国内転入", _ENTER, None),
    Reason.MOVE_IN_ABROAD: ("14", "国外転入等", _ENTER, None),
    Reason.BIRTH: ("21", "出生", _ENTER, None),
    Reason.ENTRY_NATURALISATION: ("41", "職権記載（帰化等）", _ENTER, _JAPANESE),
    Reason.ENTRY_NATIONALITY_LOSS: ("42", "職権記載（国籍喪失）", _ENTER, _FOREIGN),
    Reason.EX_OFFICIO_ENTRY: ("43", "職権記載", _ENTER, None),
    Reason.RENEWAL_ENTRY: ("81", "改製", _ENTER, None),
    Reason.RESTORATION_ENTRY: ("82", "再製", _ENTER, None),
    Reason.CANCELLATION_ENTRY: ("91", "異動の取消し（増）", _ENTER, None),
    Reason.MOVE_OUT: ("13", "国内転出", _REMOVE, None),
    Reason.MOVE_OUT_ABROAD: ("15", "国外転出", _REMOVE, None),
    Reason.DEATH: ("22", "死亡", _REMOVE, None),
    Reason.REMOVAL_NATURALISATION: ("44", "職権消除（帰化等）", _REMOVE, _FOREIGN),
    Reason.REMOVAL_NATIONALITY_LOSS: ("45", "職権消除（国籍喪失）", _REMOVE, _JAPANESE),
    Reason.EX_OFFICIO_REMOVAL: ("46", "職権消除", _REMOVE, None),
    Reason.RENEWAL_REMOVAL: ("83", "改製", _REMOVE, None),
    Reason.RESTORATION_REMOVAL: ("84", "再製", _REMOVE, None),
    Reason.CANCELLATION_REMOVAL: ("92", "異動の取消し（減）", _REMOVE, None),
    Reason.MOVE_WITHIN: ("12", "転居", _AMEND, None),
    Reason.MINOR_AMENDMENT: ("51", "軽微な修正", _AMEND, None),
    Reason.EX_OFFICIO_AMENDMENT: ("52", "職権修正", _AMEND, None),
    Reason.ERROR_CORRECTION: ("53", "誤記修正", _AMEND, None),
    Reason.INDIVIDUAL_NUMBER_CHANGE: ("61", "個人番号の変更請求", _AMEND, None),
    Reason.INDIVIDUAL_NUMBER_AMENDMENT: ("62", "個人番号の職権修正", _AMEND, None),
    Reason.INDIVIDUAL_NUMBER_ENTRY: ("63", "個人番号の職権記載", _AMEND, None),
    Reason.RESIDENT_CODE_CHANGE: ("64", "住民票コードの変更請求", _AMEND, None),
    Reason.RESIDENT_CODE_ENTRY: ("65", "住民票コードの職権記載", _AMEND, None),
    Reason.HOUSEHOLD_SPLIT: ("31", "世帯分離", _AMEND, None),
    Reason.HOUSEHOLD_MERGE: ("32", "世帯合併", _AMEND, None),
    Reason.HOUSEHOLD_CHANGE: ("33", "世帯変更", _AMEND, None),
    Reason.HEAD_CHANGE: ("34", "世帯主変更", _AMEND, None),
    Reason.FORMER_NAME_ENTRY: ("71", "旧氏の記載", _AMEND, _JAPANESE),
    Reason.FORMER_NAME_CHANGE: ("72", "旧氏の変更", _AMEND, _JAPANESE),
    Reason.FORMER_NAME_DELETION: ("73", "旧氏の削除", _AMEND, _JAPANESE),
    Reason.COMMON_NAME_ENTRY: ("74", "通称の記載", _AMEND, _FOREIGN),
    Reason.COMMON_NAME_DELETION: ("75", "通称の削除", _AMEND, _FOREIGN),
    Reason.CANCELLATION_AMENDMENT: ("93", "異動の取消し（修正）", _AMEND, None),
}

_NOTIFIED = (Basis.NOTIFICATION, Basis.EX_OFFICIO, Basis.APPLICATION)
_OF_OFFICE = (Basis.EX_OFFICIO, Basis.APPLICATION, Basis.NOTICE)
_FAMILY_REGISTER = (Basis.EX_OFFICIO, Basis.NOTIFICATION, Basis.NOTICE)
_BASES: dict[Reason, tuple[Basis, ...]] = {
    # STD 4.1.0.1: moves in, within and out, and changes of household (法22条-25条)
    Reason.MOVE_IN: _NOTIFIED,
    Reason.MOVE_IN_ABROAD: _NOTIFIED,
    Reason.MOVE_WITHIN: _NOTIFIED,
    Reason.MOVE_OUT: _NOTIFIED,
    Reason.MOVE_OUT_ABROAD: _NOTIFIED,
    Reason.HOUSEHOLD_SPLIT: _NOTIFIED,
    Reason.HOUSEHOLD_MERGE: _NOTIFIED,
    Reason.HOUSEHOLD_CHANGE: _NOTIFIED,
    Reason.HEAD_CHANGE: _NOTIFIED,
    # STD 4.2.0.4: on a notification or notice under the family-register law
    Reason.BIRTH: _FAMILY_REGISTER,
    Reason.DEATH: _FAMILY_REGISTER,
    # STD 1.2.1: 請求日 of a former family name, 申出日 of a common name
    Reason.FORMER_NAME_ENTRY: (Basis.REQUEST, Basis.EX_OFFICIO),
    Reason.FORMER_NAME_CHANGE: (Basis.REQUEST, Basis.EX_OFFICIO),
    Reason.FORMER_NAME_DELETION: (Basis.REQUEST, Basis.EX_OFFICIO),
    Reason.COMMON_NAME_ENTRY: (Basis.APPLICATION, Basis.EX_OFFICIO),
    Reason.COMMON_NAME_DELETION: (Basis.APPLICATION, Basis.EX_OFFICIO),
    Reason.INDIVIDUAL_NUMBER_CHANGE: (Basis.REQUEST, Basis.EX_OFFICIO),
    Reason.RESIDENT_CODE_CHANGE: (Basis.REQUEST,),
}


def find_reason(text: str, kind: Kind | None = None) -> Reason:
    """The reason with this code, key or word; `kind` tells the two 改製 and 再製 apart. Raises UnknownReason."""
    text = text.strip().replace("(", "（").replace(")", "）")
    found = [
        reason for reason in Reason if text in (reason.value, reason.key, reason.word) and kind in (None, reason.kind)
    ]
    if len(found) != 1:
        raise UnknownReason
    return found[0]


def check_nationality(reason: Reason, nationality: Nationality) -> None:
    """Raises ReasonNotForNationality where STD 1.2.2 (令30条の13, 30条の16 for names) keeps the reason to others."""
    if reason.only_for not in (None, nationality):
        allowed = "日本人" if reason.only_for is Nationality.JAPANESE else "外国人"
        raise ReasonNotForNationality(reason=reason.word, allowed=allowed)
