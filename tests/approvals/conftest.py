"""The desk of the screens."""

from tests.screens.conftest import screen_desk

__all__ = ["screen_desk"]
