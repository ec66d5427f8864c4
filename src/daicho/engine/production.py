"""What a production house must have before anything starts."""

import os
from collections.abc import Callable, Collection
from pathlib import Path

from daicho.engine.databases import ROLES, DatabaseSettings, known_roles, seal_role
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


def check(roles_of: Callable[[DatabaseSettings], Collection[str]] = known_roles) -> None:
    """Refuse (SetupError, naming every lack) a production start that is not fit for real people.

    `roles_of` asks the server which roles it has; it is asked once all else of the database is there.
    """
    database = _database() or _passwords()
    lacks = [lack for lack in (_tls(), _keys(), database or _roles(roles_of), _hosts(), _provider()) if lack]
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


def _passwords() -> str | None:
    """Each of the three roles has its password in a file of its own."""
    files = {role: os.environ.get(f"DAICHO_DATABASE_{role.upper()}_PASSWORD_FILE", "") for role in ROLES}
    missing = [role for role, file in files.items() if not Path(file).is_file()]
    named = ", ".join(f"{_name(role)} (DAICHO_DATABASE_{role.upper()}_PASSWORD_FILE)" for role in missing)
    return f"These roles have no password file: {named}." if missing else None


def _name(role: str) -> str:
    return os.environ.get(f"DAICHO_DATABASE_{role.upper()}_USER", f"register_{role}")


def _roles(roles_of: Callable[[DatabaseSettings], Collection[str]]) -> str | None:
    """The city makes the roles itself; a trail that nobody seals would be found out only later (docs/trail.md)."""
    there = roles_of(DatabaseSettings.of_process("owner"))
    wanted = (_name("owner"), _name("app"), seal_role(_name("app")))
    missing = [role for role in wanted if role not in there]
    return (
        f"The database has no role {', '.join(missing)}: it must be made with LOGIN and nothing more."
        if missing
        else None
    )


def _hosts() -> str | None:
    return None if os.environ.get("DAICHO_HOSTS") else "DAICHO_HOSTS must name the host names of the pages."


def _provider() -> str | None:
    """Nobody signs on without a provider; its client secret comes from a file."""
    issuer = os.environ.get("DAICHO_OIDC_ISSUER", "")
    if not issuer.startswith("https://"):
        return "DAICHO_OIDC_ISSUER must name where officers sign on (https): the common platform, or the city's own provider."
    if not Path(os.environ.get("DAICHO_OIDC_SECRET_FILE", "")).is_file():
        return "DAICHO_OIDC_SECRET_FILE must name the file with the secret of this client at the provider."
    return None
