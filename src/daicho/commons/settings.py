"""Django settings of the common platform's pages: its own database, cookies and keys; it is the provider of sign-on.

DAICHO_OIDC_CLIENTS lists the systems that officers sign on to (`register=https://host[:port]`, by spaces); the secret of each is the file
of its name in the folder DAICHO_OIDC_SECRETS. DAICHO_OWN_URL is the issuer.
"""

import os
from pathlib import Path

from daicho.signon import base_settings as base
from daicho.signon.base_settings import *  # noqa: F403 - Django reads settings as names of this module

SYSTEM = "commons"
COMMONS = Path(__file__).resolve().parent
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django_htmx",
    "daicho.ui",
    "daicho.signon",
]
MIDDLEWARE = base.middleware("daicho.commons.pages.DoorMiddleware")
ROOT_URLCONF = "daicho.commons.urls"
WSGI_APPLICATION = "daicho.commons.wsgi.application"
TEMPLATES = base.templates(
    ["daicho.commons.pages.frame"], [COMMONS / "exchange" / "templates", COMMONS / "ledgers" / "templates"]
)
DATABASES = {"default": base.database(SYSTEM)}

SESSION_COOKIE_NAME = "daicho_commons_session"
CSRF_COOKIE_NAME = "daicho_commons_csrf"
SIGNON_TERMINAL_COOKIE = "daicho_commons_terminal"

SIGNON_SYSTEM = "daicho.signon.alone"
OWN_URL = os.environ.get("DAICHO_OWN_URL", "")
OIDC_CLIENTS = dict(one.split("=", 1) for one in os.environ.get("DAICHO_OIDC_CLIENTS", "").split())
FORM_TARGETS = list(OIDC_CLIENTS.values())
OIDC_SECRETS = Path(os.environ.get("DAICHO_OIDC_SECRETS", "."))
