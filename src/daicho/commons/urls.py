"""The addresses of the common platform's pages."""

from django.urls import include, path

from daicho.commons.pages import home
from daicho.signon.health import health

urlpatterns = [
    path("", home, name="home"),
    path("health", health, name="health"),
    path("ui/", include("daicho.ui.urls")),
    path("", include("daicho.signon.urls")),
    path("", include("daicho.commons.exchange.screens.urls")),
    path("", include("daicho.commons.provider.urls")),
    path("", include("daicho.commons.ledgers.urls")),
]

handler400 = "daicho.signon.answers.not_readable"
handler403 = "daicho.signon.answers.not_allowed"
handler404 = "daicho.signon.answers.not_found"
handler500 = "daicho.signon.answers.server_error"
