"""The Django app of sign-on; its tables are in the schema `signon` by the search path of the connection."""

from django.apps import AppConfig


class SignonConfig(AppConfig):
    """Officers, terminals and sessions."""

    name = "daicho.signon"
    label = "signon"
    default_auto_field = "django.db.models.BigAutoField"
