"""Addresses of an open session, served by every system."""

from django.urls import path

from daicho.signon import session_views

urlpatterns = [
    path("alive", session_views.alive, name="alive"),
    path("lock", session_views.lock, name="lock"),
    path("unlock", session_views.unlock, name="unlock"),
    path("resume", session_views.resume_page, name="resume"),
    path("sign-off", session_views.sign_off, name="sign-off"),
]
