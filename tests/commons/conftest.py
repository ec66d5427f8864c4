"""Fixtures of the common platform."""

from tests.commons.offices import commons, empty, offices

__all__ = ["commons", "empty", "offices"]
