"""S04: who came, for what, by what authority, and which documents were seen. One form opens the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Right
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.desk import case as desk
from daicho.register.desk.errors import EntryIncomplete, UnknownCode
from daicho.register.desk.forms.base import MissingItem, register_text, widen_latin
from daicho.register.desk.forms.catalogue import FORMS
from daicho.register.desk.forms.items import chooses_items
from daicho.register.environment import current
from daicho.register.screens.words import reason_word
from daicho.register.signon.door import DoorRequest, door

NOTIFIERS: Mapping[str, str] = {"1": "本人", "2": "世帯員", "3": "代理人", "4": "使者", "5": "来庁なし(通知・職権)"}
NOBODY = "5"
"""What is done ex officio needs nobody at the counter, and so no name and no documents."""
DOCUMENTS: Mapping[str, str] = {
    "01": "個人番号カード",
    "02": "運転免許証",
    "03": "旅券",
    "04": "在留カード・特別永住者証明書",
    "05": "住民基本台帳カード(写真付き)",
    "06": "障害者手帳など写真付きの証明書",
    "11": "資格確認書と年金手帳など2点",
    "12": "質問による確認と書類1点",
    "99": "書類なし(後日)",
}
AUTHORITIES: Mapping[str, str] = {
    "1": "委任状",
    "2": "法定代理人の書類(戸籍など)",
    "3": "成年後見の登記事項証明書",
    "9": "なし",
}
Lists = Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
LISTS: Lists = (
    ("notifier", "届出人", list(NOTIFIERS.items())),
    ("document", "確認した書類", list(DOCUMENTS.items())),
    ("authority", "権限の書類", list(AUTHORITIES.items())),
)
"""Fields of who came, each with its word and its codes."""
_OPENED = ("household", "person", "items", "change")
"""What the screen from which a case is opened hands on."""
FIELDS = ("reason", "ticket", "notifier", "name", "document", "authority")


class DocumentsInsufficient(DaichoError):
    """The documents seen do not prove who came (法27条2項)."""

    code = "K107"
    happened = "本人確認の書類が足りません。"
    kept = "入力した内容は残っています。"
    todo = "写真付きなら1点、ないときは2点(11)か質問と1点(12)で確かめるか、F10で中断して後日にしてください。"


class AuthorityMissing(DaichoError):
    """Somebody else came without a document of authority (法27条3項)."""

    code = "K108"
    happened = "代理人・使者の権限を示す書類がありません。"
    kept = "入力した内容は残っています。"
    todo = "委任状(1)、法定代理人の書類(2)、成年後見(3)のどれかを確かめてください。"


@dataclass(frozen=True, slots=True)
class Reception:
    """The reception as understood."""

    reason: Reason
    ticket: str
    answers: Mapping[str, str]


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def case_new(request: DoorRequest) -> HttpResponse:
    """The empty form, from the queue or from a household; sending it opens a case and goes to its entry."""
    if request.method != "POST":
        opened = {name: request.GET.get(name, "") for name in _OPENED}
        typed = {name: request.GET.get(name, "")[:20] for name in ("reason", "notifier")}
        return _page(request, typed, opened, {}, current().random.token(16).hex())
    env = current()
    typed = {name: request.POST.get(name, "").strip()[:100] for name in FIELDS}
    opened = {name: request.POST.get(name, "") for name in _OPENED}
    token = request.POST.get("token", "")[:64]
    try:
        reception = _read(typed)
    except EntryIncomplete as error:
        return _page(request, typed, opened, error.fields, token, status=error.status)
    case = desk.receive(
        env,
        request.actor,
        token=f"{request.actor.officer_id}:{token}",
        reason=reception.reason,
        reception=reception.answers,
        counter_ticket=reception.ticket,
        household_id=_id(opened["household"]),
        person_id=_id(opened["person"]),
        typed={
            "notifier": reception.answers["notifier"],
            **_chosen(reception.reason, opened),
            **_nobody_came(reception),
        },
    )
    return redirect("case-entry", case.case_number)


def _nobody_came(reception: Reception) -> dict[str, str]:
    """What can be notified is done ex officio when nobody notifies (STD 4.2.0.2); then there is no day of it."""
    if reception.answers["notifier"] != NOBODY or FORMS[reception.reason].basis is Basis.EX_OFFICIO:
        return {}
    return {"basis": "2", "notified_on": ""}


def _chosen(reason: Reason, opened: Mapping[str, str]) -> dict[str, str]:
    """The items and the change chosen on the person's screen, for the reasons that ask for them."""
    found = {"items": opened["items"][:40]} if opened["items"] and chooses_items(reason) else {}
    if reason is Reason.ERROR_CORRECTION and opened["change"]:
        found["wrong_change"] = opened["change"][:19]
    return found


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _read(typed: Mapping[str, str]) -> Reception:
    """The reception; raises EntryIncomplete with all that is wrong."""
    errors: dict[str, str] = {}
    reason = _reason(typed["reason"], errors)
    if reason is not None and widen_latin(typed["notifier"]) == NOBODY and Basis.EX_OFFICIO in reason.bases:
        return Reception(reason, typed["ticket"], {"notifier": NOBODY})
    answers = who_came(typed, errors)
    if errors or reason is None:
        raise EntryIncomplete({name: errors[name] for name in FIELDS if name in errors})
    return Reception(reason, typed["ticket"], answers)


def who_came(typed: Mapping[str, str], errors: dict[str, str]) -> dict[str, str]:
    """The notifier at the counter, by whose authority and by which document; what is wrong joins `errors`."""
    answers: dict[str, str] = {}
    for field, options, item in (
        ("notifier", {key: word for key, word in NOTIFIERS.items() if key != NOBODY}, "届出人"),
        ("document", DOCUMENTS, "確認した書類"),
        ("authority", {**AUTHORITIES, "": ""}, "権限の書類"),
    ):
        answers[field] = _code(typed[field], options, field, item, errors)
    try:
        answers["name"] = register_text(typed["name"])
    except DaichoError as error:
        _fail(errors, "name", error)
    if answers["document"] == "99":
        _fail(errors, "document", DocumentsInsufficient())
    if answers["notifier"] in ("3", "4") and answers["authority"] in ("", "9"):
        _fail(errors, "authority", AuthorityMissing())
    return {name: value for name, value in answers.items() if value}


def _reason(text: str, errors: dict[str, str]) -> Reason | None:
    key = widen_latin(text)
    for reason in FORMS:
        if key == reason.key or text in (reason_word(reason), reason.word):
            return reason
    _fail(errors, "reason", UnknownCode(what="用件") if text else MissingItem(item="用件"))
    return None


def _code(text: str, options: Mapping[str, str], field: str, item: str, errors: dict[str, str]) -> str:
    key = widen_latin(text)
    if key in options:
        return key
    if f"0{key}" in options:
        return f"0{key}"
    _fail(errors, field, UnknownCode(what=item) if key else MissingItem(item=item))
    return ""


def _fail(errors: dict[str, str], field: str, error: DaichoError) -> None:
    happened, _, todo = error.sentences
    errors.setdefault(field, f"{happened}{todo}")


def echoes(lists: Lists, typed: Mapping[str, str]) -> dict[str, str]:
    """The meaning of each code typed."""
    return {name: dict(options).get(widen_latin(typed.get(name, "")), "") for name, _, options in lists}


def _page(
    request: DoorRequest,
    typed: Mapping[str, str],
    opened: Mapping[str, str],
    errors: Mapping[str, str],
    token: str,
    status: int = 200,
) -> HttpResponse:
    reasons = sorted(FORMS, key=lambda reason: reason.key)
    lists = [("reason", "用件", [(reason.key, reason_word(reason)) for reason in reasons]), *LISTS]
    return render(
        request,
        "register/reception.html",
        {
            "typed": typed,
            "opened": opened,
            "errors": [(f"f-{name}", text) for name, text in errors.items()],
            "error_of": errors,
            "echoes": echoes(lists, typed),
            "lists": lists,
            "token": token,
        },
        status=status,
    )
