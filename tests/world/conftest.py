"""Fixtures of the common platform, for offices that talk to it."""

from tests.commons.offices import commons, empty, offices

__all__ = ["commons", "empty", "offices"]
