"""Addresses of sign-on."""

from django.urls import path

from daicho.register.signon import own_settings, views

urlpatterns = [
    path("sign-on", views.sign_on, name="sign-on"),
    path("sign-on/code", views.sign_on_code, name="sign-on-code"),
    path("alive", views.alive, name="alive"),
    path("lock", views.lock, name="lock"),
    path("unlock", views.unlock, name="unlock"),
    path("resume", views.resume_page, name="resume"),
    path("settings", own_settings.settings_page, name="settings"),
    path("settings/display", own_settings.change_display, name="settings-display"),
    path("settings/password", own_settings.change_password, name="settings-password"),
    path("sign-off", views.sign_off, name="sign-off"),
]
