"""The addresses of the provider."""

from django.urls import path

from daicho.commons.provider import views

urlpatterns = [
    path(".well-known/openid-configuration", views.discovery, name="oidc-discovery"),
    path("oidc/keys", views.keys, name="oidc-keys"),
    path("oidc/authorize", views.authorize, name="oidc-authorize"),
    path("oidc/token", views.token, name="oidc-token"),
    path("oidc/introspect", views.introspect, name="oidc-introspect"),
    path("oidc/revoke", views.revoke, name="oidc-revoke"),
    path("oidc/directory", views.directory, name="oidc-directory"),
]
