"""What the Django settings of every system's pages have in common; each value that varies comes from a DAICHO_* variable.

DAICHO_ENV is `demo` (http on localhost, synthetic people) or `production` (https only). The engine checks the
production rules before it starts anything (`daicho.engine.production`).
"""

import os
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]


def first_line(variable: str) -> str:
    """The first line of the file that `variable` names; empty when the variable is not set."""
    path = os.environ.get(variable)
    return Path(path).read_text(encoding="ascii").strip() if path else ""


def database(system: str) -> dict[str, Any]:
    """Django's connection to the one database of a system, in the role that DAICHO_DATABASE_ROLE names."""
    role = os.environ.get("DAICHO_DATABASE_ROLE", "app")
    root = os.environ.get("DAICHO_DATABASE_SSLROOTCERT")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("DAICHO_DATABASE_HOST", ""),
        "PORT": os.environ.get("DAICHO_DATABASE_PORT", "5432"),
        "NAME": os.environ.get("DAICHO_DATABASE_NAME", system),
        "USER": os.environ.get(f"DAICHO_DATABASE_{role.upper()}_USER", f"{system}_{role}"),
        "PASSWORD": first_line(f"DAICHO_DATABASE_{role.upper()}_PASSWORD_FILE"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c search_path=signon,public -c timezone=UTC",
            "connect_timeout": 3,
            "sslmode": os.environ.get("DAICHO_DATABASE_SSLMODE", "prefer"),
            **({"sslrootcert": root} if root else {}),
        },
    }


def templates(processors: list[str], folders: list[Path]) -> list[dict[str, Any]]:
    """The template engine with the folders of ui, sign-on and the system."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [PACKAGE / "ui" / "templates", *folders, PACKAGE / "signon" / "templates"],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "daicho.ui.frame.frame",
                    *processors,
                ],
                "libraries": {"ui": "daicho.ui.templatetags.ui"},
            },
        }
    ]


def middleware(door: str) -> list[str]:
    """What every request passes, outermost first; `door` is the keeper of the system."""
    return [
        "daicho.signon.requests.RequestIdMiddleware",
        "daicho.ui.csp.PageHeaders",
        "django.middleware.security.SecurityMiddleware",
        "daicho.signon.localhost.LocalhostMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
        "daicho.signon.answers.ErrorMiddleware",
        door,
    ]


PRODUCTION = os.environ.get("DAICHO_ENV", "demo") == "production"
SECURE = PRODUCTION or os.environ.get("DAICHO_TLS") == "yes"
DEBUG = False
OIDC_CLIENTS: dict[str, str] = {}
OIDC_SECRETS = Path()
"""A provider's clients and the folder of their secrets; see `daicho.commons.settings`."""
SECRET_KEY = first_line("DAICHO_SECRET_KEY_FILE")
ALLOWED_HOSTS = os.environ.get("DAICHO_HOSTS", "localhost,127.0.0.1").split(",")
AUTH_USER_MODEL = "signon.Officer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_FOLDER = PACKAGE / "ui" / "static"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "daicho.signon.answers.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Django's own lines about refused requests carry addresses; ours (daicho) carry codes.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "daicho": {"level": "INFO"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
