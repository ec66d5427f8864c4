"""Django settings of the register's pages; see `daicho.signon.base_settings` for what all systems share.

Officers sign on at the provider that DAICHO_OIDC_ISSUER names: commons, or the city's own (docs/sign-on.md).
"""

import os
from pathlib import Path

from daicho.signon import base_settings as base
from daicho.signon.base_settings import *  # noqa: F403 - Django reads settings as names of this module

SYSTEM = "register"
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django_htmx",
    "ninja",
    "daicho.ui",
    "daicho.signon",
]
MIDDLEWARE = base.middleware("daicho.register.signon.middleware.DoorMiddleware")
ROOT_URLCONF = "daicho.register.urls"
WSGI_APPLICATION = "daicho.register.wsgi.application"
TEMPLATES = base.templates(
    ["daicho.register.screens.top_bar.frame"], [base.PACKAGE / "register" / "screens" / "templates"]
)
DATABASES = {"default": base.database(SYSTEM)}
if "DAICHO_FILES" in os.environ:
    DAICHO_FONT_CACHE = Path(os.environ["DAICHO_FILES"]) / "register-font"

# Ports of one host share cookies, so each system has its own names (design, section 3).
SESSION_COOKIE_NAME = "daicho_register_session"
CSRF_COOKIE_NAME = "daicho_register_csrf"
SIGNON_TERMINAL_COOKIE = "daicho_register_terminal"
OIDC_FLOW_COOKIE = "daicho_register_flow"

SIGNON_SYSTEM = "daicho.register.signon.system"
OIDC_ISSUER = os.environ.get("DAICHO_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("DAICHO_OIDC_CLIENT_ID", SYSTEM)
OIDC_CLIENT_SECRET = base.first_line("DAICHO_OIDC_SECRET_FILE")
OWN_URL = os.environ.get("DAICHO_OWN_URL", "")
FORM_TARGETS = [OIDC_ISSUER] if OIDC_ISSUER else []
COMMONS_URL = os.environ.get("DAICHO_COMMONS_URL", "")
