"""What the entry screens show: fields with echo and error, rows of the grid, notes, and who lives where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from daicho.law.codes import Sex
from daicho.law.dates import LegalDate, age_on
from daicho.law.errors import DaichoError
from daicho.law.kinship import parse_relationship
from daicho.law.numbers import NumberRule
from daicho.law.reasons import Basis
from daicho.register.changes.grounds import GROUNDS
from daicho.register.changes.plan import Alert
from daicho.register.desk import files
from daicho.register.desk.addresses import find_town, lot_text
from daicho.register.desk.alerts import field_of
from daicho.register.desk.errors import EntryIncomplete
from daicho.register.desk.forms.base import HouseholdView, typing_day
from daicho.register.desk.forms.basis import basis_of, basis_options, is_notice
from daicho.register.desk.forms.foreign import FOREIGN_FIELDS
from daicho.register.desk.forms.move_in import EXTRA_FIELDS, MOST_ROWS, rows_of
from daicho.register.desk.lookup import RegisterLookup, households_at
from daicho.register.desk.model import ACK_REASONS, Case
from daicho.register.desk.past_changes import concerned
from daicho.register.desk.planning import Prepared, alert_key, find_candidates, prepare, read_entry
from daicho.register.desk.queues import people_of
from daicho.register.desk.sealed import is_number
from daicho.register.environment import current
from daicho.register.screens.echoes import Echo, echo
from daicho.register.screens.field_words import field_word
from daicho.register.screens.words import reason_word, seconds, wait
from daicho.wire.environment import Connection, Environment

FEWEST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One field as drawn. Numbers come without their value: `kept` says that one is stored."""

    name: str
    value: str
    echo: Echo
    error: str
    kept: bool

    @property
    def id(self) -> str:
        """The id of its input."""
        return f"f-{self.name}"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the list of warnings."""

    tier: int
    text: str
    more: str = ""
    url: str = ""
    act: str = ""
    field: str = ""
    """Where the reason of this warning alone is keyed."""
    reason: str = ""
    """Under which reason it was passed, in words; on the check page the code keyed so far."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of the household of a form, with the fields about this person."""

    person_id: int
    position: int
    name: str
    name_kana: str
    birth: LegalDate
    is_foreign: bool
    age: str
    sex: str
    relationship: str
    chosen: bool
    after: str
    field: Field
    place: Field


def casebar(case: Case, env: Environment, step: str, names: Mapping[str, str]) -> dict[str, object]:
    """The bar of the case."""
    people = people_of(case.typed)
    officers = "" if step in ("入力", "確認") else f"入力 {_family(names, case.entrant)}"
    reviewer = case.reviewer or (case.holder if step == "審査" else None)
    return {
        "number": case.case_number,
        "kind": "転入通知" if is_notice(case.reason, case.typed) else reason_word(case.reason),
        "summary": "・".join(word for word in (f"{people}人", _household_word(case)) if word) if people else "",
        "step": step,
        "ticket": case.counter_ticket,
        "waiting": wait(case.received_at, env.clock.now()),
        "people": f"{officers}・審査 {_family(names, reviewer)}" if officers and reviewer else officers,
        "saved": seconds(case.updated_at) if step in ("入力", "確認") else None,
    }


def _family(names: Mapping[str, str], officer: str | None) -> str:
    return names.get(officer or "", officer or "").split()[0] if officer else ""


def _household_word(case: Case) -> str:
    if "household_kind" in case.typed:
        return "今ある世帯に入る" if case.typed["household_kind"].strip() == "2" else "新しい世帯"
    return ""


class Fields:
    """The fields of a case for a template: `fields.change_date`."""

    def __init__(self, case: Case, today: date, rule: NumberRule, errors: Mapping[str, str]) -> None:
        """`errors`: field name to sentence."""
        self._case, self._today, self._rule, self._errors = case, today, rule, errors

    def __getitem__(self, name: str) -> Field:
        """One field, typed or not."""
        value = self._case.typed.get(name, "")
        said = echo(name, value, typing_day(self._case.typed_on, name, self._today), self._rule, self._case.reason)
        secret = is_number(name)
        return Field(name, "" if secret else value, said, self._errors.get(name, ""), secret and bool(value))


def grid_rows(fields: Fields, case: Case, extra: int = 0) -> list[dict[str, object]]:
    """The rows of the move-in grid: those typed and a few blank ones."""
    typed = rows_of(case.typed)
    last = min(MOST_ROWS, max(FEWEST_ROWS, (typed[-1] if typed else 0) + extra))
    parts = ("name", "name_kana", "birth", "sex", "relationship", "domicile", "family_register_head")
    numbers = ("resident_code", "individual_number", "kana_auto", "name_reading", "remarks")
    return [
        {"n": n, "above": max(1, n - 1), **{part: fields[f"p{n}.{part}"] for part in (*parts, *numbers)}}
        for n in range(1, last + 1)
    ]


def extra_rows(fields: Fields, case: Case) -> list[dict[str, object]]:
    """The items that few people have of each typed row."""
    return _panel_rows(fields, case, EXTRA_FIELDS)


def _panel_rows(fields: Fields, case: Case, parts: Sequence[str]) -> list[dict[str, object]]:
    return [
        {
            "n": n,
            "fields": [(field_word(case.reason, part), fields[f"p{n}.{part}"]) for part in parts],
            "by": {part: fields[f"p{n}.{part}"] for part in parts},
            "used": any(case.typed.get(f"p{n}.{part}", "").strip() for part in parts),
        }
        for n in rows_of(case.typed) or [1]
    ]


def foreign_rows(fields: Fields, case: Case) -> list[dict[str, object]]:
    """The foreign items of each typed row, for the panel that holds them."""
    return _panel_rows(fields, case, FOREIGN_FIELDS)


@dataclass(frozen=True, slots=True)
class BasisChoice:
    """What the change may rest on: (code, word) pairs, the code chosen, and what the date beside it is called."""

    options: list[tuple[str, str]]
    code: str
    date_word: str


def basis_choice(case: Case) -> BasisChoice:
    """The basis of a case as it is typed now."""
    basis, _ = basis_of(case.reason, case.typed, case.basis)
    options = {"": basis} if case.reason in GROUNDS else basis_options(case.reason)
    if is_notice(case.reason, case.typed):
        options = {"4": basis}
    code = next((key for key, one in options.items() if one is basis), "")
    # The label has room for three characters; an ex officio change has the day of what it follows, or none.
    word = "届出日" if basis is Basis.EX_OFFICIO else basis.date_word
    return BasisChoice([(key, one.word) for key, one in options.items()], code, word)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How far an entry is: its plan if complete, what is wrong, how many fields are still blank."""

    prepared: Prepared | None
    wrong: Mapping[str, str]
    blank: Mapping[str, str]
    candidates: tuple[str, ...] = ()
    """Rows for which the register has somebody who may be the same person, while the plan does not go."""


def outlook(connection: Connection, env: Environment, case: Case) -> Outlook:
    """Try the entry without keeping anything."""
    try:
        return Outlook(prepare(connection, env, case), {}, {})
    except EntryIncomplete as error:
        wrong = {name: text for name, text in error.fields.items() if case.typed.get(name, "").strip()}
        blank = {name: text for name, text in error.fields.items() if name not in wrong}
        return Outlook(None, wrong, blank, _candidate_rows(connection, env, case))


def _candidate_rows(connection: Connection, env: Environment, case: Case) -> tuple[str, ...]:
    try:
        entry = read_entry(connection, env, case)
    except EntryIncomplete:
        return ()
    return tuple(entry.people.get(person, "") for person in find_candidates(connection, env, entry))


def notes(connection: Connection, env: Environment, case: Case, seen: Outlook) -> list[Note]:
    """The list of warnings beside the entry, worst first."""
    found = [Note(3, f"{field_word(case.reason, name, case.basis)}: {text}") for name, text in seen.wrong.items()]
    if seen.prepared is not None:
        found += [alert_note(case, seen.prepared, alert) for alert in seen.prepared.plan.alerts]
    found += [_candidate_note(case, row) for row in seen.candidates]
    found += _neighbours(connection, env, case)
    found += [
        Note(0, f"{n}人目: フリガナを確かめてください", "入力の読みから入れました。欄に入ると確認済になります")
        for n in rows_of(case.typed)
        if case.typed.get(f"p{n}.kana_auto") == "1"
    ]
    return sorted(found, key=lambda note: -note.tier)


def alert_note(case: Case, prepared: Prepared, alert: Alert) -> Note:
    """One alert of the plan, with the row it belongs to."""
    row = prepared.entry.people.get(alert.person_id or 0, "")
    label = f"{row[1:]}人目: " if row.startswith("p") and len(prepared.entry.people) > 1 else ""
    url = ""
    if alert.code in ("W002", "W003", "W073"):
        url = f"{reverse('case-compare', args=[case.case_number])}?row={row}"
    reasons = dict(zip(case.acknowledged.get("alerts", ()), case.acknowledged.get("reasons", ()), strict=False))
    passed = ACK_REASONS.get(reasons.get(alert_key(alert), ""), "")
    field = field_of(current(), alert) if alert.tier == 2 else ""
    return Note(alert.tier, label + alert.sentence, alert.rule, url, "くらべる" if url else "", field, passed)


def _candidate_note(case: Case, row: str) -> Note:
    url = f"{reverse('case-compare', args=[case.case_number])}?row={row}"
    return Note(3, f"{row[1:]}人目と同じ人かもしれない記録があります", "決めるまで出せません", url, "くらべる")


def address_of(town: str, lot: str) -> str | None:
    """The address of a typed town and lot, None while they cannot be understood."""
    try:
        return find_town(town).name + lot_text(lot)
    except DaichoError:
        return None


def _neighbours(connection: Connection, env: Environment, case: Case) -> list[Note]:
    """Other households at the address typed (同居 check)."""
    address = address_of(case.typed.get("town", ""), case.typed.get("lot", ""))
    if address is None or case.typed.get("household_kind", "1").strip() == "2":
        return []
    here = households_at(connection, address, env.clock.today())
    if not here:
        return []
    rooms = "・".join(building for _, building in here if building)
    return [Note(1, f"同じ住所に別の世帯が {len(here)}世帯あります", rooms and f"方書 {rooms}")]


def member_rows(
    fields: Fields, case: Case, household: HouseholdView | None, seen: Outlook, today: date
) -> list[MemberRow]:
    """The members of the household of a form, with what their relationship becomes."""
    after = {}
    if seen.prepared is not None:
        after = {effect.person_id: effect.record for effect in seen.prepared.plan.effects}
    rows = []
    for position, member in enumerate(household.members if household else (), start=1):
        record = after.get(member.person_id)
        word = parse_relationship(record.relationship).word if record and record.is_resident else ""
        years = age_on(member.birth, today)
        rows.append(
            MemberRow(
                person_id=member.person_id,
                position=position,
                name=member.name,
                name_kana=member.name_kana or "",
                birth=member.birth,
                is_foreign=member.is_foreign,
                age="" if years is None else str(years),
                sex=Sex(member.sex).word,
                relationship=parse_relationship(member.relationship).word,
                chosen=case.typed.get(f"m.{member.person_id}") == "1",
                after=word,
                field=fields[f"r.{member.person_id}"],
                place=fields[f"o.{member.person_id}"],
            )
        )
    return rows


def typed_from(request: HttpRequest) -> dict[str, str]:
    """The fields of the form as sent. A number left blank stays as stored; "-" takes it away."""
    typed = {}
    for name in request.POST:
        if name in _NOT_FIELDS:
            continue
        value = (request.POST.get(name) or "")[:501]
        if is_number(name):
            if not value.strip():
                continue
            value = "" if value.strip() in ("-", "－") else value
        typed[name] = value
    return typed


_NOT_FIELDS = frozenset({"csrfmiddlewaretoken", "version", "page", "act", "focus", "comment", "certificate_data"})


def with_typed(case: Case, typed: Mapping[str, str]) -> Case:
    """The case as it would be with these fields, for echoes before anything is saved."""
    known = case.typed
    kept = {name: day for name, day in case.typed_on.items() if typed.get(name, known.get(name)) == known.get(name)}
    return replace(case, typed={**known, **typed}, typed_on=kept)


def household_of(connection: Connection, env: Environment, case: Case) -> HouseholdView | None:
    """The household that a form is about, if its number is known; of a cancellation all whom the change concerns."""
    if case.typed.get("change", ""):
        return concerned(connection, case.typed["change"])
    number = case.typed.get("household", "")
    return RegisterLookup(connection, env.clock.today()).household(number) if number.strip() else None


def joined_household(connection: Connection, env: Environment, case: Case) -> HouseholdView | None:
    """The household that people are to join, shown while they are entered (STD 4.0.2)."""
    number = case.typed.get("join_household", "").strip()
    if not number or case.typed.get("household_kind", "2").strip() != "2":
        return None
    return RegisterLookup(connection, env.clock.today()).household(number)


def comments_of(connection: Connection, case: Case) -> list[tuple[str, str]]:
    """What the reviewer wrote when the case was returned last: (field, text)."""
    for event in reversed(files.events(connection, case.case_id)):
        if event.act == "return":
            return list(event.comments)
    return []
