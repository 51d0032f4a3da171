"""Hypothesis tries the same examples on every machine and every day, and takes its time."""

from hypothesis import settings

settings.register_profile("book", derandomize=True, deadline=None)
settings.load_profile("book")
