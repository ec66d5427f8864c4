"""A work beside is never ended by trouble, foreseen or not, and never silently; the log holds no message."""

import logging
import threading

import pytest

from daicho.wire.beside import keep_going
from daicho.wire.errors import TooLarge


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (TooLarge(), f"counting rests: {TooLarge.code}"),
        (ConnectionError("a name"), "counting rests: ConnectionError"),
        (ValueError("a name"), "counting rests: ValueError at "),
    ],
)
def test_trouble_is_said_and_ends_nothing(
    trouble: Exception, said: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, steps, rests = threading.Event(), iter([trouble, 2.0, trouble, None]), list[float]()
    monkeypatch.setattr(stop, "wait", rests.append)

    def step() -> float:
        one = next(steps)
        if isinstance(one, Exception):
            raise one
        if one is None:
            stop.set()
        return one or 0.0

    with caplog.at_level(logging.WARNING, "daicho.beside"):
        keep_going("counting", step, stop, after_trouble=7.0)
    assert rests == [7.0, 2.0, 7.0]
    assert [line.getMessage().startswith(said) for line in caplog.records] == [True, True]
    assert "a name" not in caplog.text
