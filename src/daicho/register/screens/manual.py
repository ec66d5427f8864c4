"""The manual on the screen (STD 10.5): a page for every screen, reached from the help of that screen."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from daicho.access.errors import NotAvailable
from daicho.register.signon.door import DoorRequest, signed_on

_FILE = Path(__file__).parent / "manual.toml"


@dataclass(frozen=True, slots=True)
class Page:
    """What one or some screens are for, how the work goes, what to know."""

    key: str
    title: str
    routes: tuple[str, ...]
    purpose: str
    steps: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Pages of one kind of work."""

    word: str
    pages: tuple[Page, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """The whole manual."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Chapter(one["word"], tuple(_page(page) for page in one["page"])) for one in read["chapter"])


def _page(read: dict[str, Any]) -> Page:
    return Page(
        key=read["key"],
        title=read["title"],
        routes=tuple(read["routes"]),
        purpose=read["purpose"],
        steps=tuple(read["steps"]),
        notes=tuple(read["notes"]),
    )


@cache
def _by_route() -> dict[str, Page]:
    return {route: page for chapter in chapters() for page in chapter.pages for route in page.routes}


def page_for(route: str) -> Page | None:
    """The page about a screen, by the name of its route."""
    return _by_route().get(route)


def address_for(route: str) -> str:
    """Where the help of a screen leads: its page, else the first one."""
    page = page_for(route)
    return reverse("manual-page", args=[page.key]) if page else reverse("manual")


@require_GET
@signed_on
def manual(request: DoorRequest, key: str = "keys") -> HttpResponse:
    """One page of the manual beside its table of contents. Raises NotAvailable for a page that there is not."""
    found = next((page for chapter in chapters() for page in chapter.pages if page.key == key), None)
    if found is None:
        raise NotAvailable
    return render(request, "register/manual.html", {"chapters": chapters(), "page": found})
