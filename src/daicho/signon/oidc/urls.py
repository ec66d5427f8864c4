"""Addresses of sign-on in a system whose officers sign on at a provider."""

from django.urls import include, path

from daicho.signon.oidc import views

urlpatterns = [
    path("sign-on", views.start, name="sign-on"),
    path("sign-on/back", views.back, name="sign-on-back"),
    path("", include("daicho.signon.session_urls")),
]
