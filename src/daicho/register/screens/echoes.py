"""What the server understood of a typed value, said beside or under its field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.codes import CodeList
from daicho.law.dates import age_on, parse_legal_date
from daicho.law.errors import DaichoError
from daicho.law.kinship import parse_relationship
from daicho.law.numbers import NumberRule, check_individual_number, check_resident_code
from daicho.law.reasons import Reason
from daicho.register.changes.amendable import ADDRESS, ITEMS, MAIL_NAMES, SOURCES, STATES
from daicho.register.changes.grounds import GROUNDS
from daicho.register.desk.addresses import find_town, lot_text, postcode
from daicho.register.desk.forms.base import SEX_KEYS, widen_latin
from daicho.register.desk.forms.foreign import find
from daicho.register.desk.forms.items import CLEAR, listed_items, read_month
from daicho.register.desk.forms.move_in import CARD_CHECKED, HOUSEHOLD_KINDS, KINDS
from daicho.register.desk.forms.records import ACQUISITIONS, CAUSES
from daicho.register.screens.labels import month
from daicho.register.screens.reception import NOTIFIERS
from daicho.ui.echo import read_date


@dataclass(frozen=True, slots=True)
class Echo:
    """`text` in ink, `aside` in grey; `ok` False when the value cannot be understood (text says why)."""

    text: str = ""
    aside: str = ""
    ok: bool = True


Reader = Callable[[str, date, NumberRule], Echo]
NOTHING = Echo()


def echo(name: str, value: str, today: date, rule: NumberRule, reason: Reason | None = None) -> Echo:
    """The echo of one field; nothing for blank values and for fields that need none."""
    reader = _OF_REASON[name](reason) if reason is not None and name in _OF_REASON else _reader(name)
    if not value.strip() or reader is None:
        return NOTHING
    try:
        return reader(value.strip(), today, rule)
    except DaichoError as error:
        return Echo(error.sentences[0], ok=False)


def _reader(name: str) -> Reader | None:
    """What understands a field: by its name, by the kind of an item, or as a relationship."""
    if name.startswith("r."):
        return _relationship
    if name.startswith("i."):
        item = ITEMS.get(name.removeprefix("i."))
        return _KINDS.get(item.kind) if item else _READERS.get(name.removeprefix("i."))
    return _READERS.get(name.rpartition(".")[2] if name[:1] == "p" else name)


def _event(value: str, today: date, rule: NumberRule) -> Echo:
    said = read_date(value, "event", today)
    return Echo(said.text, said.aside)


def _birth(value: str, today: date, rule: NumberRule) -> Echo:
    born = parse_legal_date(value, today)
    years = age_on(born, today)
    return Echo(born.wareki, "" if years is None else f"{years}歳")


def _sex(value: str, today: date, rule: NumberRule) -> Echo:
    sex = SEX_KEYS.get(widen_latin(value))
    return Echo(sex.word) if sex else Echo("1 か 2", ok=False)


def _relationship(value: str, today: date, rule: NumberRule) -> Echo:
    return Echo(parse_relationship(value).word)


def _town(value: str, today: date, rule: NumberRule) -> Echo:
    town = find_town(value)
    return Echo(town.name, f"〒{town.postcode[:3]}-{town.postcode[3:]}")


def _lot(value: str, today: date, rule: NumberRule) -> Echo:
    return Echo(lot_text(value))


def _individual(value: str, today: date, rule: NumberRule) -> Echo:
    check_individual_number(value, rule)
    return Echo("検査数字 一致")


def _code(value: str, today: date, rule: NumberRule) -> Echo:
    check_resident_code(value, rule)
    return Echo("検査数字 一致")


def _kind(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded(HOUSEHOLD_KINDS, value)


def _what(reason: Reason) -> Reader:
    """What the grid is filled for."""
    return lambda value, today, rule: _coded(dict(KINDS.get(reason, {})), value)


def _notifier(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded(NOTIFIERS, value)


def _flag(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded({"1": "はい", "0": "いいえ"}, value)


def _card(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded(CARD_CHECKED, value)


def _listed(which: CodeList) -> Reader:
    def reader(value: str, today: date, rule: NumberRule) -> Echo:
        return NOTHING if value in CLEAR else Echo(find(which, value).name)

    return reader


def _legal(value: str, today: date, rule: NumberRule) -> Echo:
    return NOTHING if value in CLEAR else Echo(parse_legal_date(value, today, future=True).wareki)


def _day(value: str, today: date, rule: NumberRule) -> Echo:
    return Echo("記載を消す") if value in CLEAR else _event(value, today, rule)


def _postcode(value: str, today: date, rule: NumberRule) -> Echo:
    if value in CLEAR:
        return NOTHING
    figures = postcode(value)
    return Echo(f"〒{figures[:3]}-{figures[3:]}")


def _month(value: str, today: date, rule: NumberRule) -> Echo:
    return NOTHING if value in CLEAR else Echo(month(read_month(value, today)))


def _placed(options: Mapping[str, str]) -> Reader:
    words = {str(place): word for place, word in enumerate(options.values(), start=1)}
    return lambda value, today, rule: NOTHING if value in words.values() else _coded(words, value)


def _grounds(reason: Reason) -> Reader:
    words = {key: ground.word for key, ground in GROUNDS.get(reason, {}).items()}
    return lambda value, today, rule: _coded(words, value)


def _items(reason: Reason) -> Reader:
    def reader(value: str, today: date, rule: NumberRule) -> Echo:
        names = listed_items(value, reason)
        return Echo("・".join(ADDRESS.word if name == "address" else ITEMS[name].word for name in names))

    return reader


def _coded(options: object, value: str) -> Echo:
    found = options.get(widen_latin(value)) if isinstance(options, Mapping) else None
    return Echo(found) if found else Echo("一覧にありません", ok=False)


def _acquisition(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded(ACQUISITIONS, value)


def _cause(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded({key: word for key, (word, _) in CAUSES.items()}, value)


_READERS: Mapping[str, Reader] = {
    "notified_on": _event,
    "change_date": _event,
    "died": _birth,
    "removed_on": _birth,
    "unreported_from": _event,
    "unreported_to": _event,
    "planned_on": _event,
    "card_checked": _card,
    "acquisition": _acquisition,
    "cause": _cause,
    "birth": _birth,
    "sex": _sex,
    "relationship": _relationship,
    "town": _town,
    "lot": _lot,
    "individual_number": _individual,
    "resident_code": _code,
    "household_kind": _kind,
    "notifier": _notifier,
}

_OF_REASON: Mapping[str, Callable[[Reason], Reader]] = {"ground": _grounds, "items": _items, "kind": _what}

_KINDS: Mapping[str, Reader] = {
    "day": _day,
    "any_day": _day,
    "legal_day": _legal,
    "sex": _sex,
    "relationship": _relationship,
    "flag": _flag,
    "nationality": _listed(CodeList.NATIONALITY),
    "residence_status": _listed(CodeList.RESIDENCE_STATUS),
    "article_30_45": _listed(CodeList.ARTICLE_30_45),
    "postcode": _postcode,
    "month": _month,
    "reading_source": _placed(SOURCES),
    "reading_state": _placed(STATES),
    "mail_name": _placed(MAIL_NAMES),
}
