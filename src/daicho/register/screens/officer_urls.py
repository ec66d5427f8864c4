"""The addresses of officers and their rights (S27)."""

from django.urls import path

from daicho.register.screens import officer_rights

urlpatterns = [
    path("officers/rights", officer_rights.officer_rights, name="officer-rights"),
]
