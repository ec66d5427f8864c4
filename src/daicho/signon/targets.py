"""Where to go after signing on or unlocking: only to pages of this system."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/"


def safe_next(wanted: str | None) -> str:
    """`wanted` if it is a path of this system, else the home page; never another host."""
    if wanted and wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return HOME


def page_of(request: HttpRequest) -> str:
    """The page to return to: this address for a look, the home page for anything that was sent."""
    return safe_next(request.get_full_path()) if request.method in {"GET", "HEAD"} else HOME
