"""Exercises on networks and queues: the weight of a state, and the fit of a queue."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check


def _prob(state: list[int], probs: list[float]) -> float:
    return math.prod(q if failed else 1 - q for failed, q in zip(state, probs, strict=True))


def _weight(state: list[int], eps: float, q: list[float]) -> float:
    return _prob(state, [eps] * len(q)) / _prob(state, q)


def network_weight(function: Any) -> Result:
    """Check a function of a state, its failure probability and the proposal's: the weight.

    Examples
    --------
    >>> import numpy as np
    >>> network_weight(lambda state, eps, q: np.prod(np.where(state == 1, eps / q, 1)))
    ✗ Not yet. Edges that work count too: (1 − ε)/(1 − q) for each.
    """
    rng = np.random.default_rng(2005)
    cases = [Case(([1, 0, 1], 0.1, [0.5, 0.2, 0.4]))]
    for size in (2, 3, 4, 5, 7, 9):
        state = rng.permutation([1, 0, *rng.integers(2, size=size - 2)]).tolist()
        q = (rng.integers(4, 90, size=size) / 100).tolist()
        cases.append(Case((state, float(rng.integers(1, 20)) / 100, q)))
    cases += [
        Case(([0, 0], 0.01, [0.5, 0.25]), "nothing has failed", "An edge that works has 1 − q."),
        Case(([1, 1], 0.01, [0.5, 0.25]), "everything has failed"),
        Case(([1, 0], 0.2, [0.2, 0.2]), "q is p", "What is drawn as it is has weight 1."),
        Case(([1, 0], 0.01, [1.0, 0.5]), "an edge fails always", "1 is a probability too."),
    ]
    mistakes: Table = [
        (
            lambda state, eps, q: 1 / _weight(state, eps, q),
            "That is q over p. A point that q draws too often must count *less*: p over q.",
        ),
        (
            lambda state, eps, q: math.prod(
                eps / b for failed, b in zip(state, q, strict=True) if failed
            ),
            "Edges that work count too: (1 − ε)/(1 − q) for each.",
        ),
        (
            lambda state, eps, q: math.prod(
                (1 - eps) / (1 - b) for failed, b in zip(state, q, strict=True) if not failed
            ),
            "Edges that have failed count too: ε/q for each.",
        ),
        (
            lambda state, eps, q: math.prod(eps / b for b in q),
            "You took ε/q for every edge. One that works had the probability 1 − ε, or 1 − q.",
        ),
        (
            lambda state, eps, q: _weight([1 - failed for failed in state], eps, q),
            "Failed and working are turned round: 1 says that an edge has *failed*.",
        ),
        (
            lambda state, eps, q: math.fsum(
                eps / b if failed else (1 - eps) / (1 - b)
                for failed, b in zip(state, q, strict=True)
            ),
            "You added the factors up. The edges are independent: multiply.",
        ),
        (
            lambda state, eps, q: math.log(_weight(state, eps, q)),
            "That is the logarithm of the weight. Take `np.exp` of it.",
        ),
        (
            lambda state, eps, q: _prob(state, [eps] * len(q)),
            "That is p alone. Divide it by the probability with which the state was drawn.",
        ),
        (
            lambda state, eps, q: _prob(state, q),
            "That is q alone: how likely the state was to be drawn.",
        ),
    ]
    return check(function, _weight, cases, mistakes)


def _dot(a: list[float], b: list[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def _queue_fit(ups: list[float], downs: list[float], weights: list[float]) -> float:
    return _dot(weights, ups) / (_dot(weights, ups) + _dot(weights, downs))


def queue_fit(function: Any) -> Result:
    """Check a function of arrivals, departures and weights that fits the arrival probability.

    Examples
    --------
    >>> queue_fit(lambda ups, downs, weights: ups.sum() / (ups + downs).sum())
    ✗ Not yet. The weights are not used: a path counts as much as it weighs.
    """
    rng = np.random.default_rng(1989)
    cases = [Case(([5, 3, 9], [1, 2, 4], [0.5, 2.0, 0.25]))]
    for n in (2, 3, 4, 6, 8):
        paths = rng.integers(1, 30, size=(2, n)).tolist()
        weights = [float(f"{w:.3g}") for w in np.exp(rng.normal(size=n))]
        cases.append(Case((*paths, weights)))
    cases += [
        Case(([4], [2], [0.001]), "there is one path"),
        Case(([4, 5], [2, 1], [0.0, 2.0]), "a path has weight 0", "It counts for nothing."),
        Case(([3, 4], [0, 0], [1.0, 1.0]), "nobody ever leaves", "Then the fit is 1."),
    ]
    mistakes: Table = [
        (
            lambda ups, downs, weights: sum(ups) / (sum(ups) + sum(downs)),
            "The weights are not used: a path counts as much as it weighs.",
        ),
        (
            lambda ups, downs, weights: (
                _dot(weights, [a / (a + b) for a, b in zip(ups, downs, strict=True)]) / sum(weights)
            ),
            "That is the weighted mean of the shares of the paths. A long path has more steps, and "
            "each of them counts: add up arrivals and steps first, divide last.",
        ),
        (
            lambda ups, downs, weights: _dot(weights, ups) / _dot(weights, downs),
            "That is arrivals over departures. Divide by all steps, ups + downs.",
        ),
        (
            lambda ups, downs, weights: _queue_fit(downs, ups, weights),
            "That is the probability of a departure.",
        ),
        (
            lambda ups, downs, weights: _dot(weights, ups) / (sum(ups) + sum(downs)),
            "Below the bar the steps must be weighted too.",
        ),
        (
            lambda ups, downs, weights: _dot(weights, ups) / sum(weights),
            "That is the weighted mean number of arrivals. Divide by the weighted number of steps.",
        ),
        (
            lambda ups, downs, weights: _dot(weights, ups),
            "Those are the weighted arrivals. Divide by the weighted number of steps.",
        ),
    ]
    return check(function, _queue_fit, cases, mistakes)
