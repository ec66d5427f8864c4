"""The addresses of the exchange's pages."""

from django.urls import path

from daicho.commons.exchange.lists import COUNTS
from daicho.commons.exchange.screens import lists, registrations, standing

urlpatterns = [
    path("exchange", standing.standing, name="exchange"),
    path("exchange/systems", registrations.systems, name="exchange-systems"),
    path("exchange/systems/register", registrations.register, name="exchange-register"),
    path("exchange/systems/act", registrations.act, name="exchange-act"),
    *(
        path(f"exchange/{name}{suffix}", view, {"name": name}, name=f"exchange-{name}{suffix.replace('/', '-')}")
        for name in COUNTS
        for suffix, view in (("", lists.show), ("/file", lists.file))
    ),
]
