"""Exercises on the slope of squared error, through a sigmoid and through a softmax."""

import math
from functools import partial
from operator import mul, neg
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Function, Result, Table, check

SLIPS: Table = [
    (neg, "The sign is turned round: the slope has prediction minus label, q − y."),
    (partial(mul, 0.5), "The factor 2 is missing: the slope of a square r² is 2r."),
    (partial(mul, 2.0), "There is a factor 2 too many."),
]


def _each(change: Function) -> Function:
    """The same change in each place of a list."""
    return lambda values: [change(value) for value in values]


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _softmax(logits: list[float]) -> list[float]:
    weights = [math.exp(logit - max(logits)) for logit in logits]
    return [weight / math.fsum(weights) for weight in weights]


def squared_error_slope(function: Any) -> Result:
    """Check a function of a logit and a label: the slope of (sigmoid(logit) − label)² by the logit.

    Examples
    --------
    >>> import math
    >>> def slope(logit, label):
    ...     q = 1 / (1 + math.exp(-logit))
    ...     return 2 * (q - label)
    >>> squared_error_slope(slope)
    ✗ Not yet. That is the slope by q. The sigmoid's own slope, q(1 − q), is still to be multiplied.
    """

    def of(formula: Function) -> Function:
        return lambda logit, label: formula(_sigmoid(logit), label)

    def truth(logit: float, label: int) -> float:
        q = _sigmoid(logit)
        return 2 * (q - label) * q * (1 - q)

    rng = np.random.default_rng(2015)
    cases = [
        Case((4.0, 0)),
        Case((-0.5, 1)),
        *(
            Case((float(z), int(y)))
            for z, y in zip(rng.integers(-50, 51, 8) / 10, [0, 1] * 4, strict=True)
        ),
        Case((0.0, 1), "a logit of 0, which is a probability of one half"),
        Case((30.0, 0), "sure and wrong", "There the sigmoid is flat, and the slope all but 0."),
    ]
    mistakes: Table = [
        (
            of(lambda q, y: 2 * (q - y)),
            "That is the slope by q. The sigmoid's own slope, q(1 − q), is still to be multiplied.",
        ),
        (
            of(lambda q, y: q - y),
            "q − y is the slope of cross-entropy. Squared error has a factor 2 and the slope of "
            "the sigmoid, q(1 − q), besides.",
        ),
        (of(lambda q, y: (q - y) ** 2), "That is the loss itself, not its slope."),
        (
            of(lambda q, y: 2 * (q - y) * q),
            "The slope of the sigmoid is q(1 − q): its second half is missing.",
        ),
        (
            of(lambda q, y: 2 * (q - y) * (1 - q)),
            "The slope of the sigmoid is q(1 − q): its first half is missing.",
        ),
        (of(lambda q, y: q * (1 - q)), "That is the slope of the sigmoid alone."),
        (
            lambda z, y: 2 * (z - y) * z * (1 - z),
            "You took the logit for the probability: let it through the sigmoid first.",
        ),
        (
            lambda z, y: 2 * (z - y),
            "The sigmoid is missing: the logit has to become a probability first.",
        ),
        (
            of(lambda q, y: 2 * (q - y) * _sigmoid(q) * (1 - _sigmoid(q))),
            "You took the sigmoid twice: its slope q(1 − q) wants the q that you have already.",
        ),
        (
            of(lambda q, y: 2 * (q - (1 - y)) * q * (1 - q)),
            "The labels are turned round: compare q with the label as it comes.",
        ),
    ]
    return check(function, truth, cases, mistakes, SLIPS)


def softmax_squared_error_gradient(function: Any) -> Result:
    """Check a function of logits and a label: the slopes of ½Σ(q − y)² by the logits.

    Examples
    --------
    >>> import numpy as np
    >>> def slopes(logits, label):
    ...     q = np.exp(logits) / np.exp(logits).sum()
    ...     return q - np.eye(len(q))[label]
    >>> softmax_squared_error_gradient(slopes)
    ✗ Not yet. That is the gradient by the probabilities (and of cross-entropy by the logits). \
How the probabilities move with the logits is missing.
    """

    def of(formula: Function) -> Function:
        """A formula of the probabilities q and of r = q − y, in each place."""

        def gradient(logits: list[float], label: int) -> list[float]:
            q = _softmax(logits)
            r = [a - (k == label) for k, a in enumerate(q)]
            return [formula(a, b, q, r) for a, b in zip(q, r, strict=True)]

        return gradient

    def pull(q: list[float], r: list[float]) -> float:
        return math.fsum(a * b for a, b in zip(q, r, strict=True))

    truth = of(lambda a, b, q, r: a * (b - pull(q, r)))

    rng = np.random.default_rng(2016)
    cases = [
        Case(([1.0, 2.0, 0.0], 1)),
        *(
            Case(([float(z) for z in rng.integers(-30, 31, size) / 10], int(rng.integers(size))))
            for size in (3, 2, 4, 5, 3, 6)
        ),
        Case(([0.0, 0.0, 0.0], 2), "all logits alike"),
        Case(([9.0, 0.0, 0.0], 1), "sure and wrong", "There the slopes are small: q is saturated."),
    ]
    mistakes: Table = [
        (
            of(lambda a, b, q, r: b),
            "That is the gradient by the probabilities (and of cross-entropy by the logits). How "
            "the probabilities move with the logits is missing.",
        ),
        (
            of(lambda a, b, q, r: a * (1 - a) * b),
            "That treats each probability as a sigmoid of its own. In a softmax one logit moves "
            "them *all*.",
        ),
        (
            of(lambda a, b, q, r: a * b),
            "The common part is missing: from each r the mean Σ q·r is taken away, before q "
            "multiplies.",
        ),
        (of(lambda a, b, q, r: b - pull(q, r)), "The factor q in front is missing."),
        (
            of(lambda a, b, q, r: a * b - pull(q, r)),
            "The factor q multiplies both parts: q·(r − Σ q·r).",
        ),
        (of(lambda a, b, q, r: b**2), "These are the squared residuals, not their slopes."),
    ]
    slips: Table = [
        SLIPS[0],
        (partial(mul, 0.5), "There is a factor ½ too many: a square's slope has 2, which ½ takes."),
        (partial(mul, 2.0), "There is a factor 2 too many: the loss is *half* the squared error."),
    ]
    return check(function, truth, cases, mistakes, [(_each(slip), told) for slip, told in slips])
