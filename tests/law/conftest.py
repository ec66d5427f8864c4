"""Searches without a clock: on a busy machine a slow example is no defect."""

from hypothesis import settings

settings.register_profile("law", deadline=None)
settings.load_profile("law")
