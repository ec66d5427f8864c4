"""Django settings of the register's pages; every value that varies comes from a DAICHO_* variable.

DAICHO_ENV is `demo` (http on localhost, synthetic people) or `production` (https only). The engine checks the
production rules before it starts anything (`daicho.engine.production`).
"""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _file(variable: str) -> str:
    """The first line of the file that `variable` names; empty when the variable is not set."""
    path = os.environ.get(variable)
    return Path(path).read_text(encoding="ascii").strip() if path else ""


PRODUCTION = os.environ.get("DAICHO_ENV", "demo") == "production"
DEBUG = False
SECRET_KEY = _file("DAICHO_SECRET_KEY_FILE")
ALLOWED_HOSTS = os.environ.get("DAICHO_HOSTS", "localhost,127.0.0.1").split(",")

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django_htmx",
    "ninja",
    "daicho.ui",
    "daicho.register.signon",
]
AUTH_USER_MODEL = "signon.Officer"
MIDDLEWARE = [
    "daicho.register.screens.requests.RequestIdMiddleware",
    "daicho.ui.csp.PageHeaders",
    "django.middleware.security.SecurityMiddleware",
    "daicho.register.localhost.LocalhostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "daicho.register.screens.errors.ErrorMiddleware",
    "daicho.register.signon.middleware.DoorMiddleware",
]
ROOT_URLCONF = "daicho.register.urls"
WSGI_APPLICATION = "daicho.register.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            _PACKAGE / "ui" / "templates",
            _PACKAGE / "register" / "screens" / "templates",
            _PACKAGE / "register" / "signon" / "templates",
        ],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "daicho.ui.frame.frame",
                "daicho.register.screens.top_bar.frame",
            ],
            "libraries": {"ui": "daicho.ui.templatetags.ui"},
        },
    }
]

_role = os.environ.get("DAICHO_DATABASE_ROLE", "app")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("DAICHO_DATABASE_HOST", ""),
        "PORT": os.environ.get("DAICHO_DATABASE_PORT", "5432"),
        "NAME": os.environ.get("DAICHO_DATABASE_NAME", "register"),
        "USER": os.environ.get(f"DAICHO_DATABASE_{_role.upper()}_USER", f"register_{_role}"),
        "PASSWORD": _file(f"DAICHO_DATABASE_{_role.upper()}_PASSWORD_FILE"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c search_path=signon,public -c timezone=UTC",
            "connect_timeout": 3,
            "sslmode": os.environ.get("DAICHO_DATABASE_SSLMODE", "prefer"),
            **(
                {"sslrootcert": os.environ["DAICHO_DATABASE_SSLROOTCERT"]}
                if os.environ.get("DAICHO_DATABASE_SSLROOTCERT")
                else {}
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
if "DAICHO_FILES" in os.environ:
    DAICHO_FONT_CACHE = Path(os.environ["DAICHO_FILES"]) / "register-font"
STATIC_FOLDER = _PACKAGE / "ui" / "static"

# Ports of one host share cookies, so each system has its own names (design, section 3).
SESSION_COOKIE_NAME = "daicho_register_session"
CSRF_COOKIE_NAME = "daicho_register_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "daicho.register.screens.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
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
    # Django's own lines about refused requests carry addresses; ours (daicho.register) carry codes.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "daicho": {"level": "INFO"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
