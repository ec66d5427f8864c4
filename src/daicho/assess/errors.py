"""Every error that a user can meet, found in the code: `docs/errors.md` is made from it and a test holds them equal."""

import pkgutil
from importlib import import_module
from string import Formatter

import daicho
from daicho.law.errors import DaichoError
from daicho.register.changes.alerts import Rule, catalogue

HEADING = """# Errors

Every error has a stable code. The sentences are what the user reads: what happened, what was kept, what to do. Words in braces are filled in.
This page is made by `python -m daicho.assess.errors` and a test holds it to the code.

| code | HTTP | what happened | what was kept | what to do |
|---|---|---|---|---|
"""
ALERTS_HEADING = """
# Alerts

What can be registered but must be seen first (STD 11.1). A warning is passed with a reason code of its own or one for all; a stop is resolved.
How often each is shown, passed and corrected is counted per month (page 注意の集計).

| code | tier | what is shown | source |
|---|---|---|---|
"""
TIERS = {1: "1 note", 2: "2 warning", 3: "3 stop"}
_NOT_IMPORTED = ("daicho.engine.__main__", "daicho.register.wsgi")


def all_errors() -> list[type[DaichoError]]:
    """Every error class with a code of its own, by code. Imports the whole package."""
    for module in pkgutil.walk_packages(daicho.__path__, "daicho."):
        if module.name not in _NOT_IMPORTED and not module.name.endswith("__main__"):
            import_module(module.name)
    return sorted((one for one in _below(DaichoError) if "code" in vars(one)), key=lambda one: (one.code, one.__name__))


def _below(base: type[DaichoError]) -> set[type[DaichoError]]:
    found: set[type[DaichoError]] = set()
    for one in base.__subclasses__():
        found |= {one} | _below(one)
    return found


def placeholders(error: type[DaichoError]) -> set[str]:
    """The names in braces of an error's sentences."""
    texts = (error.happened, error.kept, error.todo)
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def page() -> str:
    """The text of docs/errors.md."""
    rows = [f"| {e.code} | {e.status} | {e.happened} | {e.kept} | {e.todo} |" for e in all_errors()]
    alerts = [f"| {code} | {TIERS[rule.tier]} | {rule.sentence} | {rule.source} |" for code, rule in _alerts()]
    return HEADING + "\n".join(rows) + "\n" + ALERTS_HEADING + "\n".join(alerts) + "\n"


def _alerts() -> list[tuple[str, Rule]]:
    return sorted(catalogue().items())


if __name__ == "__main__":
    import sys

    import django

    django.setup()
    sys.stdout.write(page())
