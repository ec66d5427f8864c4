"""The Environment of this process: built once by the name in DAICHO_ENVIRONMENT, or handed in by a test.

The system does not import the engine; it is told by name where the real parts are.
"""

import os
from importlib import import_module

from daicho.wire.environment import Environment

REAL = "daicho.engine.environment:from_process"
_current: Environment | None = None


def current() -> Environment:
    """The Environment of this process, made on first use."""
    global _current  # noqa: PLW0603 - one per process, by design
    if _current is None:
        module, _, name = os.environ.get("DAICHO_ENVIRONMENT", REAL).partition(":")
        made = getattr(import_module(module), name)()
        if not isinstance(made, Environment):
            raise TypeError("DAICHO_ENVIRONMENT does not name a function that makes an Environment")
        _current = made
    return _current


def use(environment: Environment | None) -> None:
    """Take this Environment from now on (tests, simulation); None forgets it."""
    global _current  # noqa: PLW0603 - see above
    _current = environment
