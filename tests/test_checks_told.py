"""Every mistake in the tables of these exercises is told to whoever makes it."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

TOLD = {}  # by exercise, the mistakes of all files beside this one, each with what it must be told
for file in sorted(Path(__file__).parent.glob("test_checks_*.py")):
    if file != Path(__file__):
        table = getattr(import_module(file.stem), "TOLD", {})
        assert not TOLD.keys() & table.keys(), f"an exercise of {file.name} has a table elsewhere"
        TOLD |= table
EACH = [(exercise, *told) for exercise, table in TOLD.items() for told in table]


@pytest.mark.parametrize(("exercise", "function", "told"), EACH)
def test_a_mistake_is_told(exercise, function, told):
    result = exercise(function)
    assert not result.passed
    assert result.written
    assert told in result.message


def test_each_sentence_of_the_tables_is_told_by_a_test(never_heard):
    assert not never_heard(EACH)


@pytest.mark.parametrize("exercise", TOLD)
def test_a_stub_is_not_written_yet_and_oddities_do_no_harm(exercise):
    for stub in (..., lambda *arguments: ...):
        assert not exercise(stub).written
        assert "Not written yet" in exercise(stub).message
    for function in [max, str, np.add, np.outer, "text", 3, object]:
        assert str(exercise(function))[0] in "✓✗…"
