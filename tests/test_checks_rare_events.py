"""Each mistake with weights, elites and estimates is told to whoever makes it."""

import dataclasses
import math

import numpy as np
import pytest

from xent_lib import checks
from xent_lib.rare_events import Exponential, crude_monte_carlo, estimate, importance_sampling


def hit_weights(weights, values, level):
    return np.where(values >= level, weights, 0)


def weighted(points, weights):
    return weights @ points / weights.sum()


def loop_fit(points, values, weights, level):
    above, below = [0] * len(points[0]), 0
    for row, value, weight in zip(points, values, weights, strict=True):
        if value >= level:
            above = [a + weight * x for a, x in zip(above, row, strict=True)]
            below += weight
    return [a / below for a in above]


RIGHT = [
    (checks.importance_estimate, lambda *given: hit_weights(*given).mean()),
    (
        checks.importance_estimate,
        lambda weights, values, level: np.sum(weights[values >= level]) / len(weights),
    ),
    (checks.effective_sample_size, lambda weights: weights.sum() ** 2 / (weights**2).sum()),
    (checks.effective_sample_size, lambda weights: 1 / np.sum((weights / weights.sum()) ** 2)),
    (
        checks.weighted_fit,
        lambda points, values, weights, level: weighted(
            points[values >= level], weights[values >= level]
        ),
    ),
    (checks.weighted_fit, loop_fit),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.importance_estimate: [
        (lambda weights, values, level: np.mean(values >= level), "You counted the hits"),
        (
            lambda weights, values, level: (
                hit_weights(weights, values, level).sum() / weights.sum()
            ),
            "by the sum of the weights",
        ),
        (lambda weights, values, level: weights[values >= level].mean(), "by the number of hits"),
        (lambda *given: hit_weights(*given).sum(), "mean over all points is asked for"),
        (lambda weights, values, level: weights.mean(), "the weights of all points"),
        (
            lambda weights, values, level: np.mean(hit_weights(weights, values, level) * values),
            "by the values too",
        ),
        (lambda weights, values, level: np.mean(weights * (values < level)), "*below* the level"),
        (lambda weights, values, level: np.mean((values >= level) / weights), "p/q already"),
        (lambda weights, values, level: np.mean(weights * (values > level)), "at the level counts"),
        (lambda weights, values, level: weights * (values >= level), "where one number"),
    ],
    checks.effective_sample_size: [
        (lambda weights: len(weights), "right only if they are all equal"),
        (lambda weights: (weights**2).sum() / weights.sum() ** 2, "upside down"),
        (lambda weights: (weights**2).sum() / (weights**2).sum(), "add up first"),
        (lambda weights: weights.sum() / (weights**2).sum(), "not squared"),
        (lambda weights: 1 / (weights**2).sum(), "weights that sum to 1"),
        (lambda weights: weights.sum() / weights.max(), "another measure"),
        (
            lambda weights: weights.mean() ** 2 / (weights**2).mean(),
            "the share of the points",
        ),
    ],
    checks.weighted_fit: [
        (
            lambda points, values, weights, level: points[values >= level].mean(axis=0),
            "the plain mean of the elites",
        ),
        (
            lambda points, values, weights, level: weighted(points, weights),
            "You took all points",
        ),
        (
            lambda points, values, weights, level: (
                hit_weights(weights, values, level) @ points / len(points)
            ),
            "You divided by the number of points",
        ),
        (
            lambda points, values, weights, level: (
                hit_weights(weights, values, level) @ points / np.sum(values >= level)
            ),
            "You divided by the number of elites",
        ),
        (
            lambda points, values, weights, level: (
                hit_weights(weights, values, level) @ points / weights.sum()
            ),
            "the sum of all weights",
        ),
        (
            lambda points, values, weights, level: hit_weights(weights, values, level) @ points,
            "not divided by the sum",
        ),
        (
            lambda points, values, weights, level: weighted(
                points[values <= level], weights[values <= level]
            ),
            "*below* the level",
        ),
        (
            lambda points, values, weights, level: weighted(
                points[values > level], weights[values > level]
            ),
            "The elites are the points with S ≥ γ",
        ),
    ],
}

LAMPS = Exponential(np.ones(5))
TRUTH = 1.69447439e-5


def lifetime(x):
    return x.sum(axis=1)


def test_an_estimate_that_is_right_and_sure_passes():
    result = checks.rare_event(estimate(lifetime, 20, LAMPS, rng=1), 20, TRUTH)
    assert result.passed
    assert "the truth is 1.694e-05" in result.message


GOOD = estimate(lifetime, 20, LAMPS, n_final=20_000, rng=1)
WRONG_RUNS = [
    (GOOD.estimate, "whole result"),
    (estimate(lifetime, 15, LAMPS, rng=1), "The level is 15; the question asks for 20"),
    (crude_monte_carlo(lifetime, 20, LAMPS, n=1000, rng=1), "There is no estimate: none of"),
    (estimate(lambda x: x[:, :3].sum(axis=1), 20, LAMPS, rng=1), "times the truth"),
    (
        importance_sampling(lifetime, 20, LAMPS, Exponential(np.full(5, 20.0)), n=2000, rng=1),
        "carries a warning: the estimate rests on",
    ),
    (
        dataclasses.replace(GOOD, std_error=0.06 * GOOD.estimate),
        "relative error is 6.0%, and at most 5%",
    ),
]


@pytest.mark.parametrize(("found", "told"), WRONG_RUNS)
def test_what_is_wrong_with_an_estimate_is_told(found, told):
    result = checks.rare_event(found, 20, TRUTH)
    assert not result.passed
    assert result.written
    assert told in result.message


def test_no_estimate_yet():
    assert not checks.rare_event(..., 20, TRUTH).written
    assert math.isclose(GOOD.estimate, TRUTH, rel_tol=0.1)
