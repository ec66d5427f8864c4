"""A small site that shows every part of the frame; it exists only for tests."""

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_POST

from daicho.ui.frame import Command, Frame, QueueCount

posts: Counter[str] = Counter()
last_post: dict[str, dict[str, str]] = {}
state: dict[str, Any] = {"locked": False}

FRAME = Frame(
    office="熊谷市 市民課",
    officer="小林 由美",
    desk="3番窓口",
    queues=(QueueCount("受付中", 5, "/style"), QueueCount("差戻し", 1, "/style", late=True)),
    commands=(
        Command("転居", "/style#moved", "市内で住所を変える", "てんきょ", "12", "この世帯の異動"),
        Command("転出証明書に準ずる証明書", why_not="除票だけ", group="証明書", icon="file-text"),
    ),
    lock_url="/style/lock",
    unlock_url="/style/unlock",
    home_url="/style",
    search_url="/style/search",
    sign_off_url="/style/off",
)


def style(request: HttpRequest) -> HttpResponse:
    """The component page; query: part, case, errors, idle (seconds), warn, environment, name, large."""
    query = request.GET
    idle, warn = int(query.get("idle", "300")), int(query.get("warn", "20"))
    environment: Any = query.get("environment", "synthetic")
    frame = {name: getattr(FRAME, name) for name in Frame.__slots__}
    frame |= {"idle_seconds": idle, "warn_seconds": warn, "environment": environment, "large": "large" in query}
    request.frame = Frame(**frame)  # type: ignore[attr-defined]
    if state["locked"]:
        return render(request, "ui/lock.html", {"lock_next": request.get_full_path(), "lock_error": ""})
    return render(request, "style.html", _context(query))


def _context(query: Any) -> dict[str, Any]:
    name = query.get("name", "髙橋 健一")
    birth = date(1980, 3, 12)
    flags = [("現存", "ok", "circle-check")]
    person = {"kana": "タカハシ ケンイチ", "name": name, "birth": birth, "age": 46, "sex": "男", "flags": flags}
    person |= {"address": "熊谷市肥塚三丁目112番地4", "household": "0048-2913", "role": "世帯主"}
    errors = [("f-change_date", "異動日が暦にありません。")] if "errors" in query else []
    case = {"number": "R8-1124-0037", "kind": "転入", "summary": "2人・新しい世帯", "step": "入力", "saved": ""}
    return {
        "person": person,
        "name": name,
        "part": query.get("part", "1"),
        "birth": birth,
        "letter": "邉",
        "errors": errors,
        "change_error": errors[0][1] if errors else "",
        "change_date": "R8.2.30" if errors else "-2",
        "case": {**case, "ticket": 43, "waiting": "18分"} if "case" in query else None,
        "autofocus": "case" in query,
        "purposes": [("01", "窓口の照会"), ("02", "本人の請求")],
        "first": ("入力 小林", "平成26年6月21日"),
        "second": ("打ち直し 野口", "平成26年6月12日"),
        "body_class": query.get("body_class", ""),
    }


def _noted(name: str, request: HttpRequest) -> None:
    posts[name] += 1
    last_post[name] = {key: str(value) for key, value in request.POST.items()}


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What a form sends to."""
    _noted(request.POST.get("act", "check"), request)
    return redirect("/style?case=1")


@require_POST
def autosave(request: HttpRequest) -> JsonResponse:
    """The draft of a case."""
    _noted("autosave", request)
    return JsonResponse({"saved_at": "10:42:15", "version": "2"})


@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """Relationships for whatever was typed."""
    _noted("suggest", request)
    rows = (("12", "妻", "証明書の値"), ("14", "妻(未届)", ""))
    option = '<div role="option" data-value="{0}" data-label="{1}"><b>{0}</b>{1}<span>{2}</span></div>'
    return HttpResponse("".join(option.format(*row) for row in rows))


@require_POST
def reveal(request: HttpRequest) -> JsonResponse:
    """A masked number."""
    _noted("reveal", request)
    return JsonResponse({"value": "1234 5678 9012"})


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """The lock of the session."""
    _noted("lock", request)
    state["locked"] = True
    return HttpResponse(status=204)


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the session again and go back."""
    _noted("unlock", request)
    state["locked"] = False
    return redirect(request.POST["next"])


urlpatterns = [
    path("style", style),
    path("style/check", check),
    path("style/autosave", autosave),
    path("style/suggest", suggest),
    path("style/reveal", reveal),
    path("style/lock", lock),
    path("style/unlock", unlock),
    path("style/search", check),
    path("style/off", check),
    path("ui/", include("daicho.ui.urls")),
]
