"""Exercises on rare events: weighing back, what weights are worth, the fit, and a whole run."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import NOT_WRITTEN, Case, Result, Table, check, not_yet
from xent_lib.rare_events import RareEventEstimate


def _weights(rng: np.random.Generator, n: int) -> list[float]:
    return [float(f"{weight:.3g}") for weight in np.exp(rng.normal(0, 1.5, n))]


def _weighed_share(weights: list[float], values: list[float], level: float) -> float:
    hits = (w for w, value in zip(weights, values, strict=True) if value >= level)
    return math.fsum(hits) / len(weights)


def importance_estimate(function: Any) -> Result:
    """Check a function of weights, values and a level that estimates P(value ≥ level).

    Examples
    --------
    >>> import numpy as np
    >>> importance_estimate(lambda weights, values, level: np.mean(values >= level))
    ✗ Not yet. You counted the hits. They come from q: let each count as much as its weight.
    """
    rng = np.random.default_rng(1949)
    cases = [Case(([0.5, 2.0, 0.25, 4.0], [1.0, 3.0, 2.5, 0.5], 2.0))]
    for n in (3, 5, 6, 8, 12):
        values = (rng.integers(0, 60, n) / 10).tolist()
        level = sorted(values)[n // 2]
        values[values.index(level)] += 0.1  # no value stands at the level itself
        if level in values:
            level += 0.05
        cases.append(Case((_weights(rng, n), values, level)))
    cases += [
        Case(
            ([0.5, 2.0, 1.0], [1.0, 2.0, 3.0], 2.0),
            "a value stands at the level itself",
            "The event is S ≥ γ: at the level counts.",
        ),
        Case(([0.5, 2.0], [1.0, 1.5], 2.0), "no hit", "Without a hit the estimate is 0."),
    ]

    def hits(weights: list[float], values: list[float], level: float) -> list[float]:
        return [w for w, value in zip(weights, values, strict=True) if value >= level]

    mistakes: Table = [
        (
            lambda weights, values, level: sum(v >= level for v in values) / len(values),
            "You counted the hits. They come from q: let each count as much as its weight.",
        ),
        (
            lambda weights, values, level: sum(hits(weights, values, level)) / sum(weights),
            "You divided by the sum of the weights. Divide by the number of points, hits or not.",
        ),
        (
            lambda weights, values, level: (
                sum(hits(weights, values, level)) / len(hits(weights, values, level))
            ),
            "You divided by the number of hits. The points that are none count too, as zeros: "
            "divide by the number of all points.",
        ),
        (
            lambda weights, values, level: sum(hits(weights, values, level)),
            "That is the sum of the weights of the hits. Their mean over all points is asked for.",
        ),
        (
            lambda weights, values, level: sum(weights) / len(weights),
            "You averaged the weights of all points. Those that are no hit count 0.",
        ),
        (
            lambda weights, values, level: (
                sum(w * v for w, v in zip(weights, values, strict=True) if v >= level)
                / len(weights)
            ),
            "You multiplied by the values too. A hit counts its weight, however high it is.",
        ),
        (
            lambda weights, values, level: (
                sum(weights) / len(weights) - _weighed_share(weights, values, level)
            ),
            "You kept the points *below* the level.",
        ),
        (
            lambda weights, values, level: (
                sum(1 / w for w in hits(weights, values, level)) / len(weights)
            ),
            "You divided by the weights. They are p/q already: multiply.",
        ),
    ]
    return check(function, _weighed_share, cases, mistakes)


def _effective(weights: list[float]) -> float:
    return math.fsum(weights) ** 2 / math.fsum(w * w for w in weights)


def effective_sample_size(function: Any) -> Result:
    """Check a function of weights that gives the effective sample size.

    Examples
    --------
    >>> effective_sample_size(lambda weights: len(weights))
    ✗ Not yet. That is the number of weights. It is right only if they are all equal.
    """
    rng = np.random.default_rng(1994)
    cases = [
        Case(([1.0, 1.0, 2.0],)),
        *(Case((_weights(rng, n),)) for n in (2, 3, 4, 6, 9, 20)),
        Case(([0.25] * 4,), "all weights are equal", "Then it is their number."),
        Case(([3.0],), "there is one weight", "One point is worth one point."),
        Case(([5.0, 0.0, 0.0],), "some weights are 0", "What weighs nothing counts nothing."),
    ]
    mistakes: Table = [
        (
            lambda weights: len(weights),
            "That is the number of weights. It is right only if they are all equal.",
        ),
        (
            lambda weights: sum(w * w for w in weights) / sum(weights) ** 2,
            "It is upside down: the square of the sum stands above.",
        ),
        (
            lambda weights: 1.0,
            "You squared the weights and then added up, above and below. Above, add up first and "
            "square the sum.",
        ),
        (
            lambda weights: sum(weights) / sum(w * w for w in weights),
            "The sum above is not squared.",
        ),
        (
            lambda weights: 1 / sum(w * w for w in weights),
            "That holds for weights that sum to 1. These need not.",
        ),
        (
            lambda weights: sum(weights) / max(weights),
            "You divided the sum by the largest weight. That is another measure; take squares.",
        ),
        (
            lambda weights: sum(weights) ** 2 / sum(w * w for w in weights) / len(weights),
            "That is the share of the points. Do not divide by their number.",
        ),
    ]
    return check(function, _effective, cases, mistakes)


Rows = list[list[float]]


def _weighted_mean(points: Rows, weights: list[float]) -> list[float]:
    total = math.fsum(weights)
    return [
        math.fsum(w * x for w, x in zip(weights, column, strict=True)) / total
        for column in zip(*points, strict=True)
    ]


def _elites(
    points: Rows, values: list[float], weights: list[float], level: float
) -> tuple[Rows, list[float]]:
    chosen = [i for i, value in enumerate(values) if value >= level]
    return [points[i] for i in chosen], [weights[i] for i in chosen]


def _fit(points: Rows, values: list[float], weights: list[float], level: float) -> list[float]:
    return _weighted_mean(*_elites(points, values, weights, level))


def weighted_fit(function: Any) -> Result:
    """Check a function of points, values, weights and a level that fits exponential means.

    Examples
    --------
    >>> weighted_fit(lambda points, values, weights, level: points[values >= level].mean(axis=0))
    ✗ Not yet. You took the plain mean of the elites. Each counts as much as its weight.
    """
    rng = np.random.default_rng(1997)
    cases = [
        Case(([[1.0, 2.0], [3.0, 0.0], [5.0, 4.0]], [3.0, 1.0, 9.0], [3.0, 2.0, 1.0], 2.5)),
    ]
    for n, d in [(4, 2), (5, 3), (6, 2), (8, 5), (10, 3)]:
        points = (rng.integers(1, 50, (n, d)) / 10).tolist()
        values = [round(math.fsum(row), 1) for row in points]
        level = sorted(values)[n // 2] - 0.05
        cases.append(Case((points, values, _weights(rng, n), level)))
    cases += [
        Case(
            ([[1.0, 2.0], [2.0, 2.0], [3.0, 1.0]], [1.0, 2.0, 3.0], [1.0, 1.0, 3.0], 2.0),
            "an elite stands at the level itself",
            "The elites are the points with S ≥ γ.",
        ),
        Case(
            ([[1.0, 2.0], [4.0, 3.0]], [1.0, 2.0], [1.0, 0.5], 1.5),
            "there is one elite",
            "The weighted mean of one point is that point.",
        ),
    ]
    mistakes: Table = [
        (
            lambda points, values, weights, level: _weighted_mean(
                elite := _elites(points, values, weights, level)[0], [1.0] * len(elite)
            ),
            "You took the plain mean of the elites. Each counts as much as its weight.",
        ),
        (
            lambda points, values, weights, level: _weighted_mean(points, weights),
            "You took all points. Only the elites, with a value of at least the level, count.",
        ),
        (
            lambda points, values, weights, level: [
                v * sum(_elites(points, values, weights, level)[1]) / len(points)
                for v in _fit(points, values, weights, level)
            ],
            "You divided by the number of points. Divide by the sum of the elites' weights.",
        ),
        (
            lambda points, values, weights, level: [
                v
                * sum(_elites(points, values, weights, level)[1])
                / len(_elites(points, values, weights, level)[1])
                for v in _fit(points, values, weights, level)
            ],
            "You divided by the number of elites. Divide by the sum of their weights.",
        ),
        (
            lambda points, values, weights, level: [
                v * sum(_elites(points, values, weights, level)[1]) / sum(weights)
                for v in _fit(points, values, weights, level)
            ],
            "You divided by the sum of all weights. Only those of the elites belong below.",
        ),
        (
            lambda points, values, weights, level: [
                v * sum(_elites(points, values, weights, level)[1])
                for v in _fit(points, values, weights, level)
            ],
            "The sum of weighted points is there, but it is not divided by the sum of the weights.",
        ),
        (
            lambda points, values, weights, level: _fit(
                points, [-value for value in values], weights, -level
            ),
            "You kept the points *below* the level.",
        ),
    ]
    return check(function, _fit, cases, mistakes)


def rare_event(found: Any, level: float, truth: float, *, relative_error: float = 0.05) -> Result:
    """Check an estimate made by `xent_lib.rare_events`.

    Parameters
    ----------
    found : RareEventEstimate
        The learner's, or ``...`` where there is none yet.
    level : float
        The level asked for.
    truth : float
        The exact probability.
    relative_error : float
        The largest that is accepted.

    Examples
    --------
    >>> rare_event(1.7e-5, level=20, truth=1.69447e-5)
    ✗ Not yet. Hand over the whole result, not a number: what `estimate` gives.
    """
    if found is None or found is Ellipsis:
        return NOT_WRITTEN
    if not isinstance(found, RareEventEstimate):
        return not_yet("Hand over the whole result, not a number: what `estimate` gives.")
    if found.level != level:
        return not_yet(f"The level is {found.level:g}; the question asks for {level:g}.")
    if found.reason:
        return not_yet(f"There is no estimate: {found.reason}.")
    if abs(math.log(found.estimate / truth)) > 4 * max(found.relative_error, 1e-3):
        return not_yet(
            f"`{found.estimate:.3g}` is {found.estimate / truth:.3g} times the truth, far more than"
            " its error allows. Is the performance the right one, and the distribution?"
        )
    if found.warnings:
        return not_yet(f"The run carries a warning: {found.warnings[0]}.")
    if found.relative_error > relative_error:
        return not_yet(
            f"Right, but its relative error is {found.relative_error:.1%}, and at most"
            f" {relative_error:.0%} was asked for. Draw more final points."
        )
    return Result(
        True,
        f"Right: {found.estimate:.3g} with a relative error of {found.relative_error:.1%}; the"
        f" truth is {truth:.4g}.",
    )
