"""Reading typed fields: every error is kept with its field, so that a clerk sees all of them at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from daicho.law.codes import Sex
from daicho.law.dates import FutureDate, LegalDate, parse_date, parse_legal_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.law.glyphs import check_characters, font_glyphs
from daicho.law.kinship import parse_relationship
from daicho.law.names import normalise_name, widen_kana
from daicho.law.numbers import NumberRule, check_individual_number, check_resident_code
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification import Notification
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk.errors import EntryIncomplete, NoSuchField, UnknownCode

T = TypeVar("T")
LONGEST = 500
"""Characters that any field may hold."""
_NEAR = timedelta(days=366 * 5)
SEX_KEYS = {"1": Sex.MALE, "2": Sex.FEMALE, "男": Sex.MALE, "女": Sex.FEMALE, "M": Sex.MALE, "F": Sex.FEMALE}


class MissingItem(DaichoError):
    """A field that is needed is blank; data: item."""

    code = "K103"
    happened = "{item}が入っていません。"
    kept = "入力した内容は下書きに残っています。"
    todo = "{item}を入力してください。"


class HouseholdNotFound(DaichoError):
    """No household has the number typed."""

    code = "K104"
    happened = "その世帯番号の世帯はありません。"
    kept = "入力した内容は下書きに残っています。"
    todo = "検索で世帯を開き、世帯番号を確かめてください。"


class KanaUnreadable(DaichoError):
    """A reading holds something other than kana, Latin letters and spaces."""

    code = "K105"
    happened = "フリガナに、かなでない文字があります。"
    kept = "入力した内容は下書きに残っています。"
    todo = "カタカナかひらがなで入力してください。外国人の氏名はローマ字も使えます。"


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """What a form shows of a person who is in the register already."""

    person_id: int
    name: str
    name_kana: str | None
    birth: LegalDate
    sex: str
    relationship: str
    domicile: str | None = None
    family_register_head: str | None = None
    record: ResidentRecord | None = None
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household as a form shows it."""

    household_id: int
    household_number: str
    address: str
    building: str | None
    members: tuple[HouseholdMember, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A registered change as the form of its cancellation shows it: who moved by it, who else was or is concerned."""

    change_id: int
    reason: Reason
    change_date: LegalDate
    recorded_at: datetime
    first_day: date
    household_ids: tuple[int, ...]
    involved_ids: tuple[int, ...]
    movers: tuple[HouseholdMember, ...]
    others: tuple[HouseholdMember, ...]
    taken_back: tuple[int, ...]
    """The movers for whom it is taken back already."""
    address: str
    building: str | None


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who has left a household for another municipality, plans to, or was removed ex officio."""

    member: HouseholdMember
    removal_on: date
    planned: str
    confirmed: str
    notice_on: date | None

    @property
    def key(self) -> str:
        """The person in the names of the form's fields."""
        return str(self.member.person_id)


@dataclass(frozen=True, slots=True)
class LeftHousehold:
    """A household with those who have left it, as a notice of arrival is received for them."""

    household_id: int
    household_number: str
    leavers: tuple[Leaver, ...]


class Lookup(Protocol):
    """What forms ask the register; the answers are in the trail."""

    def household(self, number: str) -> HouseholdView | None:
        """The household with this number, as it stands today."""
        ...

    def leavers(self, number: str) -> LeftHousehold | None:
        """The household with this number and those who have left it; None when nobody has."""
        ...

    def change(self, change_id: int) -> ChangeView | None:
        """A registered change that could be taken back."""
        ...


@dataclass(slots=True)
class Context:
    """Everything a form reads besides what was typed. `typed_on`: field to the ISO day on which it was typed."""

    typed: Mapping[str, str]
    ids: Mapping[str, int]
    decisions: Mapping[str, Mapping[str, str]]
    basis: Basis
    today: date
    rule: NumberRule
    lookup: Lookup
    typed_on: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The typed value without spaces at its ends; "" when nothing was typed."""
        return self.typed.get(name, "").strip()

    def fail(self, name: str, error: DaichoError) -> None:
        """Remember what is wrong with a field."""
        happened, _, todo = error.sentences
        self.errors.setdefault(name, happened if isinstance(error, MissingItem) else f"{happened}{todo}")

    def read(self, name: str, reader: Callable[[str], T], item: str = "") -> T | None:
        """The value of a field through a reader; None when blank (an error when `item` names it as needed)."""
        text = self.text(name)
        if not text:
            if item:
                self.fail(name, MissingItem(item=item))
            return None
        try:
            return reader(text)
        except DaichoError as error:
            self.fail(name, error)
            return None

    # --- kinds of fields ---------------------------------------------------------------------------------------

    def day(self, name: str, item: str = "", *, future: bool = False) -> date | None:
        """A calendar day near today; 今日 and -3 count from the day on which they were typed."""
        window = (self.today - _NEAR, self.today + timedelta(days=366))
        typed = self.day_of_typing(name)

        def reader(text: str) -> date:
            on = parse_date(text, typed, expected=window, future=True)
            self._not_after_today(on, future)
            return on

        return self.read(name, reader, item)

    def notified_on(self) -> date | None:
        """The day of the notification, request or notice; an ex officio change may have none (STD 4.2.0.2)."""
        return self.day("notified_on", "" if self.basis is Basis.EX_OFFICIO else self.basis.date_word)

    def _not_after_today(self, on: date, future: bool = False) -> None:
        if on > self.today and not future:
            raise FutureDate(shown=format_wareki(on))

    def day_of_typing(self, name: str) -> date:
        """The day on which the present value of a field was typed."""
        return typing_day(self.typed_on, name, self.today)

    def legal_day(self, name: str, item: str = "") -> LegalDate | None:
        """A birth date or day of death: unknown and impossible days too."""
        typed = self.day_of_typing(name)

        def reader(text: str) -> LegalDate:
            legal = parse_legal_date(text, typed, future=True)
            self._not_after_today(legal.on)
            return legal

        return self.read(name, reader, item)

    def name(self, name: str, item: str = "") -> str | None:
        """A name or any register text: each character must have its glyph."""
        return self.read(name, register_text, item)

    def kana(self, name: str, item: str = "") -> str | None:
        """A reading in katakana, or Latin letters."""
        return self.read(name, reading_text, item)

    def sex(self, name: str, item: str = "") -> str | None:
        """1 or 2."""
        return self.read(name, _sex, item)

    def relationship(self, name: str, item: str = "") -> str | None:
        """A relationship by code, word or kana, as its stored code."""
        return self.read(name, lambda t: parse_relationship(t).code, item)

    def individual_number(self, name: str) -> str | None:
        """An individual number with its check digit."""
        return self.read(name, lambda t: check_individual_number(t, self.rule))

    def resident_code(self, name: str) -> str | None:
        """A resident code with its check digit."""
        return self.read(name, lambda t: check_resident_code(t, self.rule))

    def choice(self, name: str, options: Mapping[str, str], item: str) -> str:
        """One of the keyed codes; the first one stands in for an error."""
        chosen = self.read(name, lambda t: _chosen(t, options, item), item)
        return chosen if chosen is not None else next(iter(options))

    def household(self, name: str, item: str = "") -> HouseholdView | None:
        """A household by its number."""
        return self.read(name, self._household, item)

    def _household(self, text: str) -> HouseholdView:
        found = self.lookup.household(text)
        if found is None:
            raise HouseholdNotFound
        return found

    def finish(self, order: Iterable[str]) -> None:
        """Raises EntryIncomplete with the errors in the order of the form."""
        if self.errors:
            ranks = {name: place for place, name in enumerate(order)}
            raise EntryIncomplete(dict(sorted(self.errors.items(), key=lambda e: ranks.get(e[0], len(ranks)))))


def typing_day(typed_on: Mapping[str, str], name: str, today: date) -> date:
    """The day on which a field was typed; today for what is being typed now."""
    return date.fromisoformat(typed_on[name]) if name in typed_on else today


def _sex(text: str) -> str:
    chosen = SEX_KEYS.get(widen_latin(text))
    if chosen is None:
        raise UnknownCode(what="性別")
    return chosen.value


def _chosen(text: str, options: Mapping[str, str], item: str) -> str:
    key = widen_latin(text)
    if key not in options:
        raise UnknownCode(what=item)
    return key


def widen_latin(text: str) -> str:
    """Full-width figures and letters as half-width capitals."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text).upper()


def register_text(text: str) -> str:
    """A text as the register stores it, every character with its exact glyph (L601-L603)."""
    kept = normalise_name(text)
    check_characters(kept, font_glyphs())
    return kept


def reading_text(text: str) -> str:
    """A reading as it is stored: katakana full-width. Raises KanaUnreadable."""
    kept = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in normalise_name(widen_kana(text)))
    if not all("ァ" <= c <= "ヺ" or c in "ー・ヽヾ 　-.'" or (c.isascii() and c.isalpha()) for c in kept):
        raise KanaUnreadable
    return kept


@dataclass(frozen=True, slots=True)
class Read:
    """A form read without error.

    `rekeys`: the dates the reviewer keys again, by field. `paths`: field paths of the notification to typed fields, so
    that an error of the law points at the field that was typed. `people`: person id to the label of its row.
    """

    notification: Notification
    on: date
    rekeys: Mapping[str, LegalDate]
    paths: Mapping[str, str]
    people: Mapping[int, str]


class Form(Protocol):
    """One form; `template` draws it, `basis` is what such a change usually rests on."""

    reason: Reason
    title: str
    basis: Basis
    template: str

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """What stands in a new case of this form, opened from a household and a person of it or from nothing."""
        ...

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """The fields of the form in its order, for as many rows as were typed."""
        ...

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """Names of the ids that must be drawn before the form can be read."""
        ...

    def read(self, context: Context) -> Read:
        """The notification; raises EntryIncomplete."""
        ...

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField for a field that the form does not have or a value that is too long."""
        ...


def know_fields(typed: Mapping[str, str], known: Callable[[str], bool]) -> None:
    """Raises NoSuchField for unknown fields and for values beyond every bound or with control characters.

    `basis` and `note` (留意事項, STD 1.1.14) are fields of every form.
    """
    for name, value in typed.items():
        if (
            not (name in ("basis", "note") or known(name))
            or len(value) > LONGEST
            or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value)
        ):
            raise NoSuchField(field=name if name in ("basis", "note") or known(name) else None)
