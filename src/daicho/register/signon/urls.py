"""Addresses of sign-on in the register."""

from django.urls import include, path

from daicho.register.signon import own_settings

urlpatterns = [
    path("settings", own_settings.settings_page, name="settings"),
    path("settings/display", own_settings.change_display, name="settings-display"),
    path("", include("daicho.signon.oidc.urls")),
]
