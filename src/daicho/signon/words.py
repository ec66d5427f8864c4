"""Codes and first passwords as they stand on paper: drawn, and read again as people type them."""

import unicodedata

from daicho.wire.environment import Environment

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_words(env: Environment) -> str:
    """Sixteen letters and digits in groups of four, without those that look alike: 79 bits."""
    return "-".join("".join(env.random.choice(LETTERS) for _ in range(4)) for _ in range(4))


def clean_words(typed: str) -> str:
    """A code as typed (full width, capitals, spaces, hyphens) in the form that was hashed."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).lower() if sign.isalnum())
