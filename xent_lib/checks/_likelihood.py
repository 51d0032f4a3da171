"""Exercises on likelihood: its logarithm, its slope, and the log loss of labels."""

import math
from collections.abc import Sequence
from functools import partial
from operator import neg
from typing import Any

import numpy as np

from xent_lib.checks._cases import TINY
from xent_lib.checks._engine import Case, Result, Table, check
from xent_lib.checks._units import log_slips, surprise_in

_h = surprise_in(math.e)
_OTHER_LOGS = log_slips(math.e)[1:]


def _random_tosses() -> list[tuple[list[int], float]]:
    """Rows of heads (1) and tails (0), both among them, each with a guess at P(heads)."""
    rng = np.random.default_rng(1922)
    sizes = (3, 4, 5, 6, 7, 8, 10)
    rows = [rng.permutation([1, 0, *rng.integers(2, size=size - 2)]).tolist() for size in sizes]
    return [(row, int(rng.integers(5, 96)) / 100) for row in rows]


def _given(q: float, tosses: Sequence[int]) -> list[float]:
    """The probability that the guess q gives to each toss."""
    return [q if toss else 1 - q for toss in tosses]


def _log_likelihood(tosses: list[int], q: float) -> float:
    return -math.fsum(map(_h, _given(q, tosses)))


def log_likelihood(function: Any) -> Result:
    """Check a function of a row of tosses and a guess q that gives the log-likelihood in nats.

    Examples
    --------
    >>> import numpy as np
    >>> log_likelihood(lambda tosses, q: np.sum(tosses * np.log(q)))
    ✗ Not yet. Only the heads are counted. A tail has probability 1 − q, and its log counts too.
    """
    cases = [
        Case(([1, 1, 0, 1], 0.6)),
        *map(Case, _random_tosses()),
        Case(([1, 1, 1], 0.9), "there are only heads"),
        Case(([0, 0], 0.0), "q is 0, and there are only tails", "What had to come costs nothing."),
        Case(([0, 1], 0.0), "q is 0, and heads came", "The guess calls impossible what came."),
        Case(
            ([1, 1, 1], 1e-200),
            "the likelihood is too small for the computer",
            "The product of the probabilities becomes 0 before its log is taken. Add up logs.",
        ),
    ]
    mistakes: Table = [
        (
            lambda tosses, q: math.prod(_given(q, tosses)),
            "That is the likelihood itself, the product. Its logarithm is asked for.",
        ),
        (
            lambda tosses, q: _log_likelihood(tosses, q) / len(tosses),
            "That is the mean for one toss. The log-likelihood is the sum: do not divide by the "
            "number of tosses.",
        ),
        (
            lambda tosses, q: -sum(tosses) * _h(q),
            "Only the heads are counted. A tail has probability 1 − q, and its log counts too.",
        ),
        (
            lambda tosses, q: -len(tosses) * _h(q),
            "Every toss is counted as heads. A tail has probability 1 − q.",
        ),
        (
            lambda tosses, q: _log_likelihood(tosses, 1 - q),
            "Heads and tails are swapped: a 1 has probability q, a 0 has 1 − q.",
        ),
        (
            lambda tosses, q: math.log(math.fsum(_given(q, tosses))),
            "You added up the probabilities and took the log of the sum. Take the log of each "
            "first: the log of a *product* is a sum of logs.",
        ),
        (
            lambda tosses, q: -7 * _h(q) - 3 * _h(1 - q),
            "You counted 7 heads and 3 tails, as in the text. Count those of `tosses`.",
        ),
        (
            lambda tosses, q: -_h(_given(q, tosses)[0]),
            "Only the first toss is counted: does `return` stand in the loop?",
        ),
    ]
    sign = "The sign is turned round: that is the *negative* log-likelihood."
    return check(function, _log_likelihood, cases, mistakes, [(neg, sign), *_OTHER_LOGS])


def _slope(tosses: list[int], q: float) -> float:
    heads = sum(tosses)
    return heads / q - (len(tosses) - heads) / (1 - q)


def _rise_over_run(step: float, tosses: list[int], q: float) -> float:
    return (_log_likelihood(tosses, q + step) - _log_likelihood(tosses, q)) / step


def log_likelihood_slope(function: Any) -> Result:
    """Check a function of a row of tosses and a guess q that gives the log-likelihood's slope.

    Examples
    --------
    >>> import numpy as np
    >>> log_likelihood_slope(lambda tosses, q: np.sum(tosses / q + (1 - tosses) / (1 - q)))
    ✗ Not yet. The slope of ln(1 − q) has a minus: where q grows, 1 − q falls.
    """

    def heads(tosses: list[int]) -> int:
        return sum(tosses)

    def tails(tosses: list[int]) -> int:
        return len(tosses) - sum(tosses)

    cases = [
        Case(([1, 1, 0, 1], 0.6)),
        *map(Case, _random_tosses()),
        Case(([1, 1, 0, 1], 0.75), "q is the share of heads", "The top is level: slope 0."),
        Case(([1, 1, 1], 0.5), "there are only heads", "The curve rises all the way to q = 1."),
        Case(([0, 0], 0.25), "there are only tails"),
    ]
    mistakes: Table = [
        (
            lambda tosses, q: heads(tosses) / q + tails(tosses) / (1 - q),
            "The slope of ln(1 − q) has a minus: where q grows, 1 − q falls.",
        ),
        (
            lambda tosses, q: heads(tosses) / q,
            "Only the heads are counted: each tail adds −1/(1 − q).",
        ),
        (
            lambda tosses, q: tails(tosses) / q - heads(tosses) / (1 - q),
            "Heads and tails are swapped: a head adds 1/q, a tail takes 1/(1 − q) away.",
        ),
        (
            lambda tosses, q: _slope(tosses, q) / len(tosses),
            "That is the slope for one toss, the mean. The slope of the sum is the sum of the "
            "slopes.",
        ),
        (
            lambda tosses, q: heads(tosses) / len(tosses) - q,
            "The share of heads minus q has the right sign. The slope is n times that, divided by "
            "q(1 − q).",
        ),
        (
            lambda tosses, q: heads(tosses) - len(tosses) * q,
            "The division by q(1 − q) is missing.",
        ),
        (
            lambda tosses, q: _slope(tosses, q) * math.exp(_log_likelihood(tosses, q)),
            "That is the slope of the likelihood. The slope of its *logarithm* is asked for.",
        ),
        (
            lambda tosses, q: 7 / q - 3 / (1 - q),
            "You counted 7 heads and 3 tails, as in the text. Count those of `tosses`.",
        ),
        (_log_likelihood, "That is the height of the curve, not its slope."),
        *(
            (
                partial(_rise_over_run, step),
                "That is rise over run with a short step: near, but not exact. The rules for ln q "
                "and ln(1 − q) need no step.",
            )
            for step in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
        ),
    ]
    slips: Table = [
        (
            neg,
            "The sign is turned round: that is the slope of the *negative* log-likelihood, which "
            "falls where this one rises.",
        ),
        (lambda slope: slope / math.log(2), "That is the slope in bits; this asks for nats."),
    ]
    return check(function, _slope, cases, mistakes, slips)


def _of_labels(labels: Sequence[int], probs: Sequence[float]) -> list[float]:
    """The probability that each label was given."""
    return [prob if label else 1 - prob for label, prob in zip(labels, probs, strict=True)]


def _log_loss(labels: list[int], probs: list[float]) -> float:
    return math.fsum(map(_h, _of_labels(labels, probs))) / len(labels)


def log_loss(function: Any) -> Result:
    """Check a function of labels 0 and 1 and the probabilities of 1 that gives the log loss.

    Examples
    --------
    >>> import numpy as np
    >>> log_loss(lambda labels, probs: -np.sum(np.log(np.where(labels, probs, 1 - probs))))
    ✗ Not yet. That is the sum over the examples. Log loss is their mean: divide by their number.
    """
    rng = np.random.default_rng(1952)
    sizes = (2, 3, 3, 4, 5, 6, 8)
    labels = [rng.permutation([1, 0, *rng.integers(2, size=size - 2)]).tolist() for size in sizes]
    probs = [(rng.integers(3, 98, size=size) / 100).tolist() for size in sizes]
    cases = [
        Case(([1, 0, 1], [0.8, 0.3, 0.6])),
        *map(Case, zip(labels, probs, strict=True)),
        Case(([1, 1], [0.5, 0.9]), "every label is 1"),
        Case(
            ([1, 0], [1.0, 0.0]),
            "sure and right",
            "What was certain costs nothing; 0·log 0 counts as 0.",
        ),
        Case(
            ([1, 0], [0.5, 1.0]),
            "sure and wrong",
            "The forecast calls impossible what came: that costs infinitely much, and so does the "
            "mean.",
        ),
        Case(([1], [1e-300]), "nearly sure and wrong", TINY),
    ]
    mistakes: Table = [
        (
            lambda labels, probs: math.fsum(map(_h, _of_labels(labels, probs))),
            "That is the sum over the examples. Log loss is their mean: divide by their number.",
        ),
        (
            lambda labels, probs: (
                math.fsum(y * _h(q) for y, q in zip(labels, probs, strict=True)) / len(labels)
            ),
            "Only the examples with label 1 are counted. With label 0 the forecast gave 1 − q to "
            "what came.",
        ),
        (
            lambda labels, probs: math.fsum(map(_h, probs)) / len(probs),
            "Every example is counted as if its label were 1.",
        ),
        (
            lambda labels, probs: _log_loss([1 - label for label in labels], probs),
            "You took the log of the probability of what did *not* come.",
        ),
        (
            lambda labels, probs: math.inf,
            "It is infinite for ordinary forecasts: are labels and probabilities swapped in the "
            "formula? The log is taken of the probabilities.",
        ),
        (
            lambda labels, probs: math.prod(_of_labels(labels, probs)),
            "That is the likelihood, a product of probabilities. Take the mean of minus their "
            "logs.",
        ),
        (
            lambda labels, probs: _h(math.fsum(_of_labels(labels, probs)) / len(labels)),
            "You took the mean of the probabilities first and the log after it. Take the logs "
            "first.",
        ),
        (
            lambda labels, probs: 1 - math.fsum(_of_labels(labels, probs)) / len(labels),
            "You took 1 − q for the surprise; it is a logarithm.",
        ),
        (
            lambda labels, probs: (
                math.fsum((y - q) ** 2 for y, q in zip(labels, probs, strict=True)) / len(labels)
            ),
            "That is the mean squared error of the probabilities; there is no logarithm in it.",
        ),
        (
            lambda labels, probs: (
                sum((q > 0.5) == bool(y) for y, q in zip(labels, probs, strict=True)) / len(labels)
            ),
            "That is the share of right guesses. The loss asks how much each label surprises.",
        ),
    ]
    return check(function, _log_loss, cases, mistakes, log_slips(math.e))
