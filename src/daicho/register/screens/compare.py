"""S14: a person to be entered beside each candidate of the register; a clerk decides, with a reason."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Purpose, Right
from daicho.law.dates import LegalDate, age_on, birth_word
from daicho.law.errors import DaichoError
from daicho.register.changes.newcomer import Newcomer
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import files, guard
from daicho.register.desk.errors import EntryIncomplete, NoSuchField, StalePage, UnknownCode, WrongStatus
from daicho.register.desk.model import DIFFERENT_REASONS, HOLD_REASONS, SAME_REASONS, Case
from daicho.register.desk.planning import find_candidates, read_entry
from daicho.register.environment import current
from daicho.register.screens import conflict
from daicho.register.screens.entry import entry_page, version_of
from daicho.register.screens.entry_view import casebar
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.candidates import Candidate
from daicho.register.store.likeness import Part
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

_ANSWERS = {"same": True, "different": False, "hold": None}
_STATES = {"resident": "住民", "moved_out": "転出者(除票)", "dead": "死亡者(除票)", "removed": "消除者(除票)"}


@dataclass(frozen=True, slots=True)
class Side:
    """One item of a comparison: what was typed, what the candidate has, and what is said of it."""

    label: str
    typed: str
    found: str
    part: Part | None = None
    reg: bool = False


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def case_compare(request: DoorRequest, number: str) -> HttpResponse:
    """Decide about one candidate (`answer` same, different or hold), or show all of a row."""
    if request.method != "POST":
        return _page(request, number, request.GET.get("row", "")[:4], None)
    row, answer = request.POST.get("row", "")[:4], request.POST.get("answer", "")
    try:
        if answer not in _ANSWERS:
            raise UnknownCode(field="answer", what="判断")
        checking.decide_candidate(
            current(),
            request.actor,
            number,
            version_of(request),
            row=row,
            candidate_id=_id(request.POST.get("candidate", "")),
            same=_ANSWERS[answer],
            reason=request.POST.get("reason", "").strip(),
        )
    except UnknownCode as error:
        return _page(request, number, row, error)
    except (StalePage, WrongStatus) as error:
        return conflict.stale_entry(request, number, {}, error)
    return redirect("home") if answer == "hold" else _check_again(request, number)


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _check_again(request: DoorRequest, number: str) -> HttpResponse:
    """After a decision the case is checked anew; if that does not go, the entry says why."""
    env = current()
    case = desk.open_case(env, request.actor, number)
    try:
        checking.check(env, request.actor, number, case.version)
    except EntryIncomplete as error:
        return entry_page(request, case, error.fields, status=error.status)
    return redirect("case-check", number)


def _page(request: DoorRequest, number: str, row: str, error: DaichoError | None) -> HttpResponse:
    env = current()
    with env.database.transaction() as connection:
        case = files.find(connection, env, number)
        guard.require_case(connection, env, request.actor, case)
        names = officer_names(connection, [case.entrant])
        candidates = _comparison(connection, env, request, case, row)
    return render(
        request,
        "register/compare.html",
        {
            "case": casebar(case, env, "確認", names),
            "the_case": case,
            "row": row,
            "error": error,
            "same_reasons": list(SAME_REASONS.items()),
            "different_reasons": list(DIFFERENT_REASONS.items()),
            "hold_reasons": list(HOLD_REASONS.items()),
            "candidates": candidates,
        },
        status=error.status if error else 200,
    )


def _comparison(
    connection: Connection, env: Environment, request: DoorRequest, case: Case, row: str
) -> list[dict[str, object]]:
    entry = read_entry(connection, env, case)
    person_id = next((p for p, key in entry.people.items() if key == row), 0)
    newcomer = next((n for n in entry.change.newcomers(entry.notification) if n.person_id == person_id), None)
    if newcomer is None:
        raise NoSuchField
    candidates = find_candidates(connection, env, entry).get(person_id, ())
    record_act(
        connection,
        env,
        request.actor,
        Act.CANDIDATES_SHOWN,
        purpose=Purpose.CHANGE_NOTIFICATION,
        subjects=[candidate.person_id for candidate in candidates],
        case_id=case.case_id,
    )
    return [
        {
            "candidate": candidate,
            "sides": _sides(newcomer, case, candidate, env),
            "decision": case.decisions.get(f"{row}:{candidate.person_id}"),
        }
        for candidate in candidates
    ]


def _given(number: str | None) -> str:
    """That a number was typed, never which."""
    return "入力あり" if number else "入力なし"


def _sides(typed: Newcomer, case: Case, found: Candidate, env: Environment) -> list[Side]:
    birth = LegalDate(found.birth)
    years = age_on(birth, env.clock.today())
    card = typed.foreign.residence_card_number if typed.foreign else None
    address = " ".join(part for part in (found.address, found.building) if part)
    parts = {part.item: part for part in found.likeness.parts}
    sides = [
        Side("氏名", typed.name, found.name, parts["氏名"], reg=True),
        Side("フリガナ", typed.name_kana or "", found.name_kana or "", parts["フリガナ"]),
        Side(
            "生年月日",
            birth_word(typed.birth, typed.foreign is not None),
            f"{birth_word(birth, typed.foreign is not None)} {years}歳",
            parts["生年月日"],
        ),
        Side("性別", _sex(typed.sex), _sex(found.sex), parts["性別"]),
        Side("住所の経過", case.typed.get("previous_address", ""), address, parts["住所の経過"]),
        Side("個人番号", _given(typed.individual_number), "", parts["個人番号"]),
        Side("住民票コード", _given(typed.resident_code), "", parts["住民票コード"]),
    ]
    if typed.foreign is not None:
        sides.append(Side("在留カード等番号", _given(card), "", parts["在留カード等番号"]))
    return [
        *sides,
        Side("住民状態", "", _STATES.get(found.status, found.status)),
        Side("宛名番号", "", found.addressee_number),
    ]


def _sex(code: str) -> str:
    return "男" if code == "1" else "女"
