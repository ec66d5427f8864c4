"""The Environment of this process: built once by the name in DAICHO_ENVIRONMENT, or handed in by a test."""

from daicho.wire.environment import Environment, of_process

_current: Environment | None = None


def current() -> Environment:
    """The Environment of this process, made on first use."""
    global _current  # noqa: PLW0603 - one per process, by design
    if _current is None:
        _current = of_process()
    return _current


def use(environment: Environment | None) -> None:
    """Take this Environment from now on (tests, simulation); None forgets it."""
    global _current  # noqa: PLW0603 - see above
    _current = environment
