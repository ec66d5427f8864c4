"""What a production house must have before anything starts."""

import os
from pathlib import Path

from daicho.engine.errors import SetupError
from daicho.engine.keys import SYNTHETIC_MARK


def is_production() -> bool:
    """Whether DAICHO_ENV says production. SetupError for any word but `demo` and `production`."""
    kind = os.environ.get("DAICHO_ENV", "demo")
    if kind not in {"demo", "production"}:
        raise SetupError(f"DAICHO_ENV is {kind!r}; it must be demo or production.")
    return kind == "production"


def tls_files() -> tuple[Path, Path] | None:
    """Certificate and key (PKCS#8) of the pages, from DAICHO_TLS_CERT and DAICHO_TLS_KEY; None when not set."""
    named = os.environ.get("DAICHO_TLS_CERT"), os.environ.get("DAICHO_TLS_KEY")
    return (Path(named[0]), Path(named[1])) if named[0] and named[1] else None


def check() -> None:
    """Refuse (SetupError, naming every lack) a production start that is not fit for real people."""
    lacks = [lack for lack in (_tls(), _keys(), _database(), _hosts()) if lack]
    if lacks:
        raise SetupError("A production house does not start like this:\n" + "\n".join(f"- {lack}" for lack in lacks))


def _tls() -> str | None:
    files = tls_files()
    if files is None:
        return (
            "DAICHO_TLS_CERT and DAICHO_TLS_KEY must name the certificate and key of the pages: no service without TLS."
        )
    missing = [str(path) for path in files if not path.is_file()]
    return f"These TLS files are missing: {', '.join(missing)}." if missing else None


def _keys() -> str | None:
    folder = os.environ.get("DAICHO_KEYS")
    if not folder or not Path(folder).is_dir():
        return "DAICHO_KEYS must name the folder of the production keys."
    if (Path(folder) / SYNTHETIC_MARK).exists():
        return f"The keys in DAICHO_KEYS are a demo's (file {SYNTHETIC_MARK}); a demo never becomes production."
    return None


def _database() -> str | None:
    if not os.environ.get("DAICHO_DATABASE_HOST"):
        return "DAICHO_DATABASE_HOST must name the city's PostgreSQL (15 or later): the embedded one is for demos."
    host = os.environ["DAICHO_DATABASE_HOST"]
    verified = os.environ.get("DAICHO_DATABASE_SSLMODE") == "verify-full"
    if not host.startswith("/") and not verified:
        return "DAICHO_DATABASE_SSLMODE must be verify-full for a server that is reached over the network."
    return None


def _hosts() -> str | None:
    return None if os.environ.get("DAICHO_HOSTS") else "DAICHO_HOSTS must name the host names of the pages."
