"""What the server understood of a typed value, said beside or under its field."""

from dataclasses import dataclass
from datetime import date

from daicho.law.dates import age_on, parse_legal_date
from daicho.law.errors import DaichoError
from daicho.law.kinship import parse_relationship
from daicho.law.numbers import NumberRule, check_individual_number, check_resident_code
from daicho.register.desk.addresses import find_town, lot_text
from daicho.register.desk.forms.base import SEX_KEYS, widen_latin
from daicho.register.desk.forms.move_in import HOUSEHOLD_KINDS
from daicho.register.screens.reception import NOTIFIERS
from daicho.ui.echo import read_date


@dataclass(frozen=True, slots=True)
class Echo:
    """`text` in ink, `aside` in grey; `ok` False when the value cannot be understood (text says why)."""

    text: str = ""
    aside: str = ""
    ok: bool = True


NOTHING = Echo()


def echo(name: str, value: str, today: date, rule: NumberRule) -> Echo:
    """The echo of one field; nothing for blank values and for fields that need none."""
    part = name.rpartition(".")[2] if name[:1] in "pr" else name
    reader = _READERS.get(part) or (_relationship if name.startswith("r.") else None)
    if not value.strip() or reader is None:
        return NOTHING
    try:
        return reader(value.strip(), today, rule)
    except DaichoError as error:
        return Echo(error.sentences[0], ok=False)


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


def _notifier(value: str, today: date, rule: NumberRule) -> Echo:
    return _coded(NOTIFIERS, value)


def _coded(options: object, value: str) -> Echo:
    found = options.get(widen_latin(value)) if isinstance(options, dict) else None
    return Echo(found) if found else Echo("一覧にありません", ok=False)


_READERS = {
    "notified_on": _event,
    "change_date": _event,
    "died": _birth,
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
