"""Exercises on the losses of classes, of several labels at once, and of an order."""

import math
from itertools import product
from typing import Any

import numpy as np

from xent_lib.checks._cases import TINY, random_distribution
from xent_lib.checks._engine import Case, Result, Table, check
from xent_lib.checks._units import log_slips, surprise_in

_h = surprise_in(math.e)


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _of_labels(labels: list[int], probs: list[list[float]]) -> list[float]:
    """The probability that each row gave to its label."""
    return [row[label] for label, row in zip(labels, probs, strict=True)]


def _sparse(labels: list[int], probs: list[list[float]]) -> float:
    return _mean([*map(_h, _of_labels(labels, probs))])


def sparse_cross_entropy(function: Any) -> Result:
    """Check a function of integer labels and rows of probabilities that gives the mean loss.

    Examples
    --------
    >>> import numpy as np
    >>> sparse_cross_entropy(lambda labels, probs: -np.mean(np.log(probs[:, labels])))
    ✗ Not yet. `probs[:, labels]` takes the columns of all labels from every row. Pair each row \
with its own label: `probs[np.arange(len(labels)), labels]`.
    """
    rng = np.random.default_rng(1986)
    shapes = [(2, 3), (3, 3), (3, 2), (4, 3), (5, 4), (6, 2)]
    tables = [
        (rng.integers(k, size=n).tolist(), [random_distribution(rng, k) for _ in range(n)])
        for n, k in shapes
    ]
    cases = [
        Case(([1, 0], [[0.25, 0.6, 0.15], [0.7, 0.2, 0.1]])),
        *map(Case, tables),
        Case(([2], [[0.3, 0.3, 0.4]]), "there is one example"),
        Case(([0, 1], [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]), "another class has 0"),
        Case(
            ([0, 1], [[0.0, 1.0], [0.5, 0.5]]),
            "sure and wrong",
            "One forecast calls impossible what came: that costs infinitely much.",
        ),
        Case(([0], [[1e-300, 1.0]]), "nearly sure and wrong", TINY),
    ]
    mistakes: Table = [
        (
            lambda labels, probs: math.fsum(map(_h, _of_labels(labels, probs))),
            "That is the sum over the examples. Their mean is asked for: divide by their number.",
        ),
        (
            lambda labels, probs: _mean(
                [_h(row[label]) for row, label in product(probs, labels)],
            ),
            "`probs[:, labels]` takes the columns of all labels from every row. Pair each row with "
            "its own label: `probs[np.arange(len(labels)), labels]`.",
        ),
        (
            lambda labels, probs: _sparse([label - 1 for label in labels], probs),
            "Labels count from 0: yours looks one place too early.",
        ),
        (
            lambda labels, probs: _mean([_h(max(row)) for row in probs]),
            "You looked at the likeliest class, not at the true one.",
        ),
        (
            lambda labels, probs: _mean([_h(prob) for row in probs for prob in row]),
            "You took the mean over all classes; only the true one of each row counts.",
        ),
        (
            lambda labels, probs: (
                math.fsum(map(_h, _of_labels(labels, probs))) / len(probs) / len(probs[0])
            ),
            "You divided by the number of classes too: one number for each row is left, so divide "
            "by the number of rows.",
        ),
        (
            lambda labels, probs: _h(_mean(_of_labels(labels, probs))),
            "You took the mean of the probabilities first and the log after it. Take the logs "
            "first.",
        ),
        (
            lambda labels, probs: 1 - _mean(_of_labels(labels, probs)),
            "You took 1 − q for the surprise; it is a logarithm.",
        ),
    ]
    return check(function, _sparse, cases, mistakes, log_slips(math.e))


def _binaries(targets: list[int], probs: list[float]) -> list[float]:
    """The binary loss of each label by itself."""
    return [_h(q if y else 1 - q) for y, q in zip(targets, probs, strict=True)]


def _multilabel(targets: list[int], probs: list[float]) -> float:
    return math.fsum(_binaries(targets, probs))


def multilabel_cross_entropy(function: Any) -> Result:
    """Check a function of one example's labels and their probabilities that gives its loss.

    Examples
    --------
    >>> import numpy as np
    >>> multilabel_cross_entropy(lambda targets, probs: -np.sum(targets * np.log(probs)))
    ✗ Not yet. Only the labels that are 1 are counted. A label that is 0 was given 1 − q.
    """
    rng = np.random.default_rng(1987)
    sizes = (3, 2, 4, 5, 6, 8)
    targets = [rng.permutation([1, 0, *rng.integers(2, size=size - 2)]).tolist() for size in sizes]
    probs = [(rng.integers(3, 98, size=size) / 100).tolist() for size in sizes]
    nothing = "What was certain costs nothing; 0·log 0 counts as 0."
    cases = [
        Case(([1, 1, 0], [0.9, 0.6, 0.2])),
        *map(Case, zip(targets, probs, strict=True)),
        Case(([0, 0], [0.1, 0.3]), "no label holds"),
        Case(([1, 0], [1.0, 0.0]), "sure and right", nothing),
        Case(
            ([1, 0], [0.5, 1.0]),
            "sure and wrong",
            "One label was called certain and does not hold: that costs infinitely much.",
        ),
    ]
    mistakes: Table = [
        (
            lambda targets, probs: _mean(_binaries(targets, probs)),
            "That is the mean over the labels. Their losses are to be added up.",
        ),
        (
            lambda targets, probs: math.fsum(
                y * _h(q) for y, q in zip(targets, probs, strict=True)
            ),
            "Only the labels that are 1 are counted. A label that is 0 was given 1 − q.",
        ),
        (
            lambda targets, probs: _multilabel([1 - y for y in targets], probs),
            "You took the log of the probability of what is *not* so.",
        ),
        (
            lambda targets, probs: math.fsum(map(_h, probs)),
            "Every label is counted as if it were 1.",
        ),
        (
            lambda targets, probs: math.fsum(
                y * _h(q / sum(probs)) for y, q in zip(targets, probs, strict=True)
            ),
            "You made the probabilities sum to 1. Several labels may hold at once: each has a "
            "probability of its own.",
        ),
        (
            lambda targets, probs: math.fsum(
                math.log1p(math.exp(-q if y else q)) for y, q in zip(targets, probs, strict=True)
            ),
            "You took the probabilities for logits: a sigmoid is applied to them once more.",
        ),
        (
            lambda targets, probs: math.prod(
                q if y else 1 - q for y, q in zip(targets, probs, strict=True)
            ),
            "That is the likelihood, a product of probabilities. Minus its log is asked for.",
        ),
    ]
    return check(function, _multilabel, cases, mistakes, log_slips(math.e))


def _pairwise(preferred: float, other: float) -> float:
    gap = preferred - other
    return math.log1p(math.exp(-abs(gap))) + max(-gap, 0.0)


def pairwise_logistic(function: Any) -> Result:
    """Check a function of two scores that gives the pairwise logistic loss of their order.

    Examples
    --------
    >>> pairwise_logistic(lambda preferred, other: max(0, 1 - (preferred - other)))
    ✗ Not yet. That is the hinge of the gap. The loss asked for is ln(1 + e^−gap).
    """
    rng = np.random.default_rng(2005)
    pairs = (rng.integers(-40, 41, size=(9, 2)) / 10).tolist()
    cases = [
        Case((2.0, 1.2)),
        *(Case(tuple(pair)) for pair in pairs),
        Case((0.5, 0.5), "the scores are equal", "A guess between two costs ln 2."),
        Case(
            (-500.0, 500.0),
            "far apart and the wrong way round",
            "The loss is about the gap, 1000. But e^1000 is too large for a computer: "
            "`np.logaddexp(0, −gap)` takes ln(e^0 + e^−gap) without it.",
        ),
    ]
    mistakes: Table = [
        (
            lambda preferred, other: _pairwise(other, preferred),
            "The order is turned round: yours is small where the *other* one has the higher score.",
        ),
        (
            lambda preferred, other: max(0.0, 1 - (preferred - other)),
            "That is the hinge of the gap. The loss asked for is ln(1 + e^−gap).",
        ),
        (
            lambda preferred, other: math.exp(-_pairwise(preferred, other)),
            "That is the probability of the right order. Minus its log is asked for.",
        ),
        (
            lambda preferred, other: 1 - math.exp(-_pairwise(preferred, other)),
            "You took 1 − q for the surprise; it is a logarithm.",
        ),
        (
            lambda preferred, other: math.exp(other - preferred),
            "The ln(1 + …) around e^−gap is missing.",
        ),
        (
            lambda preferred, other: _pairwise(preferred, 0.0),
            "Only the preferred one's score is in it. Their *gap* counts.",
        ),
        (
            lambda preferred, other: (preferred - other) ** 2,
            "You squared the gap: then a large gap the right way round costs much, too.",
        ),
    ]
    return check(function, _pairwise, cases, mistakes, log_slips(math.e))
