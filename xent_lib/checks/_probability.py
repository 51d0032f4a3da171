"""Exercises of the chapters of the first part: averages and probabilities."""

import math
from statistics import median
from typing import Any

import numpy as np

from xent_lib.checks._cases import SIZES, random_distributions, weighted
from xent_lib.checks._engine import Case, Function, Result, Table, check


def _random_values() -> list[list[float]]:
    rng = np.random.default_rng(1953)
    return [[float(value) for value in rng.integers(-9, 30, size) / 2] for size in SIZES]


def mean(function: Any) -> Result:
    """Check a function of some values that gives their mean.

    Examples
    --------
    >>> mean(sum)
    ✗ Not yet. That is the sum: it still has to be divided by how many there are.
    """
    cases = [
        Case(([1.0, 2.0, 6.0],)),
        *(Case((values,)) for values in _random_values()),
        Case(([4.0],), "one value", "It is its own mean."),
        Case(([-3.0, 3.0],), "they cancel"),
        Case(([2.0, 2.0, 2.0],), "all alike"),
    ]
    mistakes: Table = [
        (math.fsum, "That is the sum: it still has to be divided by how many there are."),
        (
            lambda values: math.fsum(values) / (len(values) - 1),
            "You divided by one too few.",
        ),
        (lambda values: math.fsum(values) / (len(values) + 1), "You divided by one too many."),
        (
            lambda values: math.fsum(values) // len(values),
            "`//` throws the fraction away: use `/`.",
        ),
        (median, "That is the median, the value in the middle."),
        (
            lambda values: (min(values) + max(values)) / 2,
            "That is midway between least and largest.",
        ),
        (max, "That is the largest value."),
        (len, "That is how many there are."),
        (lambda values: math.fsum(values[1:]) / len(values), "The first value is left out."),
        (lambda values: math.fsum(values[:-1]) / len(values), "The last value is left out."),
        (
            lambda values: values[0] / len(values),
            "Only the first value is counted: does `return` stand in the loop?",
        ),
    ]
    return check(function, lambda values: math.fsum(values) / len(values), cases, mistakes)


def expectation(function: Any) -> Result:
    """Check a function of values and their probabilities that gives the expectation.

    Examples
    --------
    >>> expectation(lambda values, probs: sum(values) / len(values))
    ✗ Not yet. That is the plain mean: each value has to count as often as it comes.
    """

    def truth(values: list[float], probs: list[float]) -> float:
        return weighted(probs, values)

    cases = [
        Case(([0.0, 1.0, 10.0], [0.5, 0.4, 0.1])),
        *map(Case, zip(_random_values(), random_distributions(), strict=True)),
        Case(([7.0, 100.0], [1.0, 0.0]), "one value is certain", "What never comes adds nothing."),
        Case(([-1.0, 1.0], [0.5, 0.5]), "they cancel"),
        Case(([5.0], [1.0]), "there is only one value"),
    ]
    mistakes: Table = [
        (
            lambda values, probs: math.fsum(values) / len(values),
            "That is the plain mean: each value has to count as often as it comes.",
        ),
        (lambda values, probs: math.fsum(values), "You added up the values without their weights."),
        (
            lambda values, probs: weighted(probs, values) / len(values),
            "You divided by the number of values. The probabilities already make it an average: "
            "take the sum, not the mean.",
        ),
        (lambda values, probs: math.fsum(probs), "The values are missing: probabilities sum to 1."),
        (
            lambda values, probs: values[probs.index(max(probs))],
            "That is the likeliest value, not the average one.",
        ),
        (
            lambda values, probs: weighted(probs, [v * v for v in values]),
            "You squared the values.",
        ),
        (
            lambda values, probs: math.fsum(v / a for v, a in zip(values, probs, strict=True)),
            "You divided by the probabilities; they are weights, to multiply by.",
        ),
        (
            lambda values, probs: values[0] * probs[0],
            "Only the first value is counted: does `return` stand in the loop?",
        ),
    ]
    return check(function, truth, cases, mistakes)


def normalize(function: Any) -> Result:
    """Check a function that turns weights into probabilities.

    Examples
    --------
    >>> import numpy as np
    >>> normalize(lambda weights: np.array(weights) / max(weights))
    ✗ Not yet. You divided by the largest weight; then they do not sum to 1.
    """
    rng = np.random.default_rng(1954)
    cases = [
        Case(([1.0, 2.0, 5.0],)),
        *(Case(([float(w) for w in rng.permutation(39)[:size] + 1],)) for size in SIZES),
        Case(([3.0, 0.0, 1.0],), "one weight is 0", "Then so is its probability."),
        Case(([0.25, 0.75],), "they already sum to 1"),
        Case(([7.0],), "there is only one weight"),
    ]

    def over(divisor: Function) -> Function:
        return lambda weights: [w / divisor(weights) for w in weights]

    mistakes: Table = [
        (list, "These are the weights as they came."),
        (math.fsum, "That is their sum: each weight is still to be divided by it."),
        (over(max), "You divided by the largest weight; then they do not sum to 1."),
        (over(len), "You divided by how many there are, not by their sum."),
        (
            over(lambda weights: math.hypot(*weights)),
            "You made the *squares* sum to 1; the probabilities themselves have to.",
        ),
        (
            lambda weights: over(math.fsum)([math.exp(w) for w in weights]),
            "That is the softmax: no exponential is asked for.",
        ),
        (
            lambda weights: [(w - min(weights)) / (max(weights) - min(weights)) for w in weights],
            "You stretched them from 0 to 1; what is asked is that they sum to 1.",
        ),
        (
            lambda weights: [100 * w / math.fsum(weights) for w in weights],
            "These are percentages: they sum to 100, probabilities sum to 1.",
        ),
        (
            lambda weights: [math.fsum(weights) / w for w in weights],
            "The ratio is upside down.",
        ),
        (over(lambda weights: weights[-1]), "You divided by the last weight, not by their sum."),
    ]
    return check(function, over(math.fsum), cases, mistakes)


def joint_probability(function: Any) -> Result:
    """Check a function of the probabilities of independent events: that all of them happen.

    Examples
    --------
    >>> joint_probability(sum)
    ✗ Not yet. You added them up; that many things happening together gets *less* likely.
    """

    def none(probs: list[float]) -> float:
        return math.prod(1 - prob for prob in probs)

    rng = np.random.default_rng(1955)
    cases = [
        Case(([0.5, 0.5, 0.1],)),
        *(Case(([float(a) for a in rng.integers(5, 96, size) / 100],)) for size in SIZES),
        Case(([0.3],), "one event alone"),
        Case(([0.5, 0.0, 0.9],), "one is impossible", "Then all of them together are, too."),
        Case(([1.0, 1.0],), "all are certain"),
    ]
    mistakes: Table = [
        (math.fsum, "You added them up; that many things happening together gets *less* likely."),
        (
            lambda probs: math.fsum(probs) / len(probs),
            "That is the mean; together they are less likely than any one of them.",
        ),
        (
            lambda probs: 1 - none(probs),
            "That is the probability that *at least one* happens.",
        ),
        (none, "That is the probability that *none* of them happens."),
        (lambda probs: 1 - math.prod(probs), "That is the probability that *not all* happen."),
        (min, "That is the least likely of them; together they are less likely still."),
        (max, "That is the likeliest of them."),
        (lambda probs: probs[0] * probs[1], "Only the first two are multiplied."),
        (lambda probs: probs[0], "Only the first is counted: does `return` stand in the loop?"),
        (
            lambda probs: math.fsum(map(math.log2, probs)),
            "That is the log of the probability: take the power again, or multiply without logs.",
        ),
    ]
    return check(function, lambda probs: math.prod(probs), cases, mistakes)
