"""異動履歴の照会: a person's changes by their own items, and the history of former and common names (STD 2.2.1)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from daicho.access.actor import Right
from daicho.law.dates import LegalDate, parse_date
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.law.reasons import Basis
from daicho.register.changes.record import ResidentRecord
from daicho.register.environment import current
from daicho.register.screens.change_view import change_rows
from daicho.register.screens.household_view import strip
from daicho.register.screens.purpose import purpose_of
from daicho.register.screens.words import reason_word
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.access import ChangeLine, household_of, open_hidden, open_household

DAYS = ("changed", "recorded", "notified")
"""異動日, 処理日, 届出日等: each from a day to a day."""
FIELDS = (
    "reason",
    "basis",
    "office",
    "terminal",
    "officer",
    *(f"{one}_{end}" for one in DAYS for end in ("from", "to")),
)
_NAMES = (
    ("former_family_name", "旧氏", "former_family_name_kana"),
    ("common_name", "通称", "common_name_kana"),
    ("parallel_name", "併記名", "parallel_name_kana"),
)


@dataclass(frozen=True, slots=True)
class NameRow:
    """A former or common name recorded, changed or deleted by one change."""

    word: str
    before: str
    name: str
    kana: str
    municipality: str
    reason: str
    change_date: LegalDate
    recorded_on: date
    cancelled: bool


@require_GET
@door(Right.PERSON_READ)
def change_search(request: DoorRequest, person_id: int) -> HttpResponse:
    """The person's changes that fit what is asked for; nothing asked for shows all of them."""
    env = current()
    if open_hidden(env, request.actor, person_id, purpose_of(request)) is not None:
        return redirect("person", person_id)
    household_id = household_of(env, request.actor, person_id, purpose_of(request))
    sheet = open_household(env, request.actor, household_id, purpose_of(request), about=person_id)
    typed = {name: request.GET.get(name, "").strip()[:40] for name in FIELDS}
    errors: dict[str, str] = {}
    fits = _fits(typed, errors)
    wanted = replace(sheet, changes=tuple(filter(fits, sheet.changes)), later=tuple(filter(fits, sheet.later)))
    lines = (*wanted.changes, *wanted.later)
    with env.database.transaction() as connection:
        officers = officer_names(connection, [one for line in lines for one in (line.entrant, line.reviewer)])
    everything = [*sheet.changes, *sheet.later]
    return render(
        request,
        "register/change_search.html",
        {
            "person": strip(sheet, sheet.member(person_id)),
            "person_id": person_id,
            "household_id": household_id,
            "typed": typed,
            "errors": errors,
            "changes": change_rows(wanted, officers, person_id=person_id),
            "reasons": sorted({(one.reason.key, reason_word(one.reason)) for one in everything}),
            "bases": [(basis.value, basis.word) for basis in Basis],
            "offices": sorted({one.office for one in everything}),
            "names": list(name_rows(everything, person_id)),
        },
        status=422 if errors else 200,
    )


def name_rows(lines: Iterable[ChangeLine], person_id: int) -> Iterable[NameRow]:
    """What became of the person's former, common and parallel names, newest change first."""
    for line in sorted(lines, key=lambda one: (one.change_date.on, one.recorded_at), reverse=True):
        for step in line.steps:
            for field, word, kana in _NAMES if step.person_id == person_id else ():
                before, after = _value(step.before, field), _value(step.after, field)
                if before != after:
                    yield NameRow(
                        word=word,
                        before=before,
                        name=after,
                        kana=_value(step.after, kana),
                        municipality=_value(step.after, "common_name_municipality") if field == "common_name" else "",
                        reason=reason_word(line.reason),
                        change_date=line.change_date,
                        recorded_on=line.recorded_at.astimezone(JAPAN).date(),
                        cancelled=line.cancelled is not None and line.cancelled.whole,
                    )


def _value(record: ResidentRecord | None, field: str) -> str:
    return getattr(record, field) or "" if record is not None else ""


def _fits(typed: dict[str, str], errors: dict[str, str]) -> Callable[[ChangeLine], bool]:
    """What must hold of a change; a day that cannot be read is told at its field and narrows nothing."""
    ranges = {one: (_day(typed, errors, f"{one}_from"), _day(typed, errors, f"{one}_to")) for one in DAYS}

    def fits(line: ChangeLine) -> bool:
        days = {
            "changed": line.change_date.on,
            "recorded": line.recorded_at.astimezone(JAPAN).date(),
            "notified": line.notified_on,
        }
        same = (
            (typed["reason"], line.reason.key),
            (typed["basis"], line.basis.value),
            (typed["office"], line.office),
            (typed["terminal"], line.terminal),
        )
        return (
            all(wanted in ("", value) for wanted, value in same)
            and typed["officer"] in ("", line.entrant, line.reviewer)
            and all(_within(days[one], *ranges[one]) for one in DAYS)
        )

    return fits


def _within(day: date | None, first: date | None, last: date | None) -> bool:
    if first is None and last is None:
        return True
    return day is not None and (first or date.min) <= day <= (last or date.max)


def _day(typed: dict[str, str], errors: dict[str, str], name: str) -> date | None:
    if not typed[name]:
        return None
    try:
        return parse_date(typed[name], current().clock.today(), future=True)
    except DaichoError as error:
        errors[name] = error.sentences[0]
        return None
