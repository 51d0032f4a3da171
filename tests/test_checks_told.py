"""Every mistake in the tables of these exercises is told to whoever makes it."""

import numpy as np
import pytest
import test_checks_alignment
import test_checks_backpropagation
import test_checks_combinatorial
import test_checks_continuous
import test_checks_images
import test_checks_likelihood
import test_checks_losses
import test_checks_noisy
import test_checks_rare_events
import test_checks_reliability
import test_checks_scaling
import test_checks_slopes
import test_checks_when_it_fails

TOLD = (
    test_checks_likelihood.TOLD
    | test_checks_losses.TOLD
    | test_checks_scaling.TOLD
    | test_checks_slopes.TOLD
    | test_checks_reliability.TOLD
    | test_checks_backpropagation.TOLD
    | test_checks_continuous.TOLD
    | test_checks_images.TOLD
    | test_checks_rare_events.TOLD
    | test_checks_noisy.TOLD
    | test_checks_combinatorial.TOLD
    | test_checks_when_it_fails.TOLD
    | test_checks_alignment.TOLD
)
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
    assert not exercise(...).written
    for function in [max, str, np.add, np.outer, "text", 3, object]:
        assert str(exercise(function))[0] in "✓✗…"
