"""A counter-example is taken if it refutes the sentence, and else is told why it does not."""

import numpy as np
import pytest

from xent_lib import checks

FAIR, BENT, SURE = [0.5, 0.5], [0.25, 0.75], [1.0, 0.0]

RIGHT = [
    (checks.refute_symmetry, (FAIR, BENT)),
    (checks.refute_symmetry, (np.array(FAIR), (0.9, 0.1))),
    (checks.refute_symmetry, (FAIR, SURE)),  # infinite one way, finite the other
    (checks.refute_closeness, (SURE, [0.995, 0.005])),
    (checks.refute_closeness, ([1, 0], [0.999, 0.001])),
    (checks.refute_closeness, ([1 - 1e-300, 1e-300], [0.995, 0.005])),
    (checks.refute_triangle, (FAIR, BENT, [0.1, 0.9])),
]


@pytest.mark.parametrize(("exercise", "answer"), RIGHT)
def test_a_counter_example_passes(exercise, answer):
    result = exercise(*answer)
    assert result.passed, result


MISTAKES = [
    (checks.refute_symmetry, (FAIR, FAIR), "the same, and the sentence speaks of two"),
    (checks.refute_symmetry, (BENT, BENT[::-1]), "mirror one another"),
    (checks.refute_symmetry, (SURE, SURE[::-1]), "Both are infinite"),
    (checks.refute_closeness, (FAIR, BENT), "D(p ‖ q) is 0.208 bits, which is not below 0.01"),
    (checks.refute_closeness, (SURE, SURE[::-1]), "D(p ‖ q) is inf bits"),
    (checks.refute_closeness, (FAIR, [0.51, 0.49]), "which is not above 1"),
    (checks.refute_closeness, ([0.995, 0.005], SURE), "swap p and q"),
    (checks.refute_triangle, (FAIR, FAIR, BENT), "there is no detour"),
    (checks.refute_triangle, (FAIR, BENT, BENT), "there is no detour"),
    (checks.refute_triangle, (FAIR, [0.9, 0.1], [0.8, 0.2]), "0.322 bits, and by q 0.790 bits"),
]


@pytest.mark.parametrize(("exercise", "answer", "told"), MISTAKES)
def test_what_refutes_nothing_is_told(exercise, answer, told):
    result = exercise(*answer)
    assert not result.passed
    assert result.written
    assert told in result.message


EXERCISES = [
    (checks.refute_symmetry, 2),
    (checks.refute_closeness, 2),
    (checks.refute_triangle, 3),
]
NO_DISTRIBUTION = [
    (0.5, "`q` must be a list of probabilities"),
    ("0.5, 0.5", "`q` must be a list of probabilities"),
    ([["0.5"], [0.5]], "`q` must be a list of probabilities"),
    ([1.5, -0.5], "A probability in `q` is negative"),
    ([0.5, np.nan], "A probability in `q` is negative, or no number"),
    ([0.5, 0.6], "`q` sums to 1.1, not 1"),
    ([], "`q` sums to 0, not 1"),
    ([0.2, 0.3, 0.5], "All must have as many entries"),
]


@pytest.mark.parametrize(("exercise", "count"), EXERCISES)
@pytest.mark.parametrize(("q", "told"), NO_DISTRIBUTION)
def test_what_is_no_distribution_is_told(exercise, count, q, told):
    result = exercise(*[FAIR, q, FAIR][:count])
    assert not result.passed
    assert result.written
    assert told in result.message


@pytest.mark.parametrize(("exercise", "count"), EXERCISES)
@pytest.mark.parametrize("stub", [..., None])
def test_a_stub_is_not_written_yet(exercise, count, stub):
    result = exercise(*[FAIR] * (count - 1), stub)
    assert not result.passed
    assert not result.written
