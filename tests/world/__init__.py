"""Tests of what is outside the city."""
