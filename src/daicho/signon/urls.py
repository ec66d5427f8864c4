"""Addresses of sign-on in a system with officers of its own."""

from django.urls import include, path

from daicho.signon import own_settings, views

urlpatterns = [
    path("sign-on", views.sign_on, name="sign-on"),
    path("sign-on/code", views.sign_on_code, name="sign-on-code"),
    path("terminal", views.terminal_key, name="terminal-key"),
    path("settings", own_settings.settings_page, name="settings"),
    path("settings/display", own_settings.change_display, name="settings-display"),
    path("settings/passkeys", own_settings.register_passkey, name="settings-passkey"),
    path("settings/passkeys/end", own_settings.end_passkey, name="settings-passkey-end"),
    path("settings/password", own_settings.change_password, name="settings-password"),
    path("", include("daicho.signon.session_urls")),
    path("", include("daicho.signon.screens.urls")),
]
