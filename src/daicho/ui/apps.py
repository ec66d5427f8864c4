"""The Django app of the page frame, the components and the keyboard layer."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, template tags and static files shared by every system's pages."""

    name = "daicho.ui"
    label = "ui"
