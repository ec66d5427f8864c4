"""The addresses of the register's pages."""

from django.urls import include, path

from daicho.register.api import api
from daicho.signon.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("ui/", include("daicho.ui.urls")),
    path("", include("daicho.register.signon.urls")),
    path("", include("daicho.register.screens.urls")),
    path("", include("daicho.register.screens.certificate_urls")),
    path("", include("daicho.register.screens.protection_urls")),
    path("", include("daicho.register.screens.case_urls")),
    path("", include("daicho.register.screens.master_urls")),
    path("", include("daicho.register.screens.batch_urls")),
    path("", include("daicho.register.screens.trail_urls")),
    path("", include("daicho.register.screens.approval_urls")),
    path("api/v1/", api.urls),
]

handler400 = "daicho.signon.answers.not_readable"
handler403 = "daicho.signon.answers.not_allowed"
handler404 = "daicho.signon.answers.not_found"
handler500 = "daicho.signon.answers.server_error"
