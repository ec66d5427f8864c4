"""Tests of the common platform."""
