"""The officer's own page in the register (S29 in part): size of the text, letter keys; the password is changed at commons."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from daicho.signon.door import DoorRequest, signed_on
from daicho.signon.models import Officer, OfficerSession
from daicho.signon.session_views import see_other


@require_GET
@signed_on
def settings_page(request: DoorRequest) -> HttpResponse:
    """Show the page."""
    session = request.officer_session
    before = (
        OfficerSession.objects.filter(officer=session.officer, ended_at__isnull=False).order_by("-signed_on_at").first()
    )
    page = {
        "actor": request.actor,
        "officer": session.officer,
        "session": session,
        "before": before,
        "changed": "changed" in request.GET,
        "account_url": f"{settings.COMMONS_URL}/settings" if settings.COMMONS_URL else "",
    }
    return render(request, "register/settings.html", page)


@require_POST
@signed_on
def change_display(request: DoorRequest) -> HttpResponse:
    """Keep size of text and letter keys."""
    Officer.objects.filter(pk=request.actor.officer_id).update(
        large_text=request.POST.get("size") == "large", letter_keys=request.POST.get("letter_keys") == "on"
    )
    return see_other("/settings?changed")
