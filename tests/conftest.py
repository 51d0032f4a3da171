"""What several test files use."""

import sys

import pytest
from hypothesis import settings

from xent_lib import checks

# Hypothesis tries the same examples on every machine and every day, and takes its time.
settings.register_profile("book", derandomize=True, deadline=None)
settings.load_profile("book")


@pytest.fixture
def never_heard(monkeypatch):
    """``never_heard(each)``: the sentences of the checks that no mistake in `each` calls forth."""

    def of(each):
        tables = []

        def record(function, truth, cases, mistakes=(), slips=()):
            tables.extend([*mistakes, *slips])
            return checks.check(function, truth, cases, mistakes, slips)

        for name, module in list(sys.modules.items()):
            if name.startswith("xent_lib.checks._") and hasattr(module, "check"):
                monkeypatch.setattr(module, "check", record)
        heard = "\n".join(exercise(function).message for exercise, function, *_ in each)
        assert tables
        return {told for _, told in tables if told not in heard}

    return of
