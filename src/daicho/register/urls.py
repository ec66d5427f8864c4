"""The addresses of the register's pages."""

from django.urls import include, path

from daicho.register.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("ui/", include("daicho.ui.urls")),
]
