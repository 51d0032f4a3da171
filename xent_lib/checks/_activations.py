"""Exercises on sigmoid and softmax: from logits to probabilities and to their logarithms."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._cases import SIZES
from xent_lib.checks._engine import Case, Function, Result, Table, check

OVERFLOW = (
    "The exponential of 1000 is too large for the computer: it becomes infinite, and infinite "
    "divided by infinite is `nan`. Subtract the largest logit first: no probability changes."
)
UNDERFLOW = (
    "The exponentials are so small that all of them become 0, and so does their sum. Subtract the "
    "largest logit first: then one of them is 1."
)
ONLY_ONE = "One class takes all there is: its probability is 1."


def random_logits(rng: np.random.Generator, size: int) -> list[float]:
    """Logits in tenths, so that a reader can take them over."""
    return [int(tenths) / 10 for tenths in rng.integers(-30, 41, size)]


def _softmax(logits: list[float], power: Function = math.exp) -> list[float]:
    powers = [power(logit - max(logits)) for logit in logits]
    return [value / math.fsum(powers) for value in powers]


def _log_softmax(logits: list[float]) -> list[float]:
    best = logits.index(max(logits))
    rest = math.fsum(math.exp(z - logits[best]) for i, z in enumerate(logits) if i != best)
    return [z - logits[best] - math.log1p(rest) for z in logits]


def _sigmoid(logit: float) -> float:
    small = math.exp(-abs(logit))
    return (1 if logit >= 0 else small) / (1 + small)


def _single_logits() -> list[Case]:
    rng = np.random.default_rng(1844)
    return [
        Case(([3.0, 2.0, 0.0],)),
        *(Case((random_logits(rng, size),)) for size in SIZES),
        Case(([0.0, 0.0, 0.0, 0.0],), "all logits are equal", "Then so are the probabilities."),
        Case(([7.0],), "there is only one class", ONLY_ONE),
        Case(([1000.0, 1001.0, 998.0],), "large logits", OVERFLOW),
        Case(([-1000.0, -1001.0],), "very negative logits", UNDERFLOW),
    ]


def softmax(function: Any) -> Result:
    """Check a function of a row of logits that gives their softmax.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(lambda logits: np.exp(logits))
    ✗ Not yet. These are the exponentials: each is still to be divided by the sum of them all.
    """

    def exponentials(logits: list[float]) -> list[float]:
        return [math.exp(logit) for logit in logits]

    mistakes: Table = [
        (
            exponentials,
            "These are the exponentials: each is still to be divided by the sum of them all.",
        ),
        (
            lambda logits: [math.exp(z - max(logits)) for z in logits],
            "You divided by the largest exponential, not by the sum of them all.",
        ),
        (
            lambda logits: [z / math.fsum(logits) for z in logits],
            "The exponential is missing: those are shares of the logits themselves.",
        ),
        (
            lambda logits: [math.exp(z) / math.fsum(logits) for z in logits],
            "You divided by the sum of the logits; the sum of the *exponentials* is asked for.",
        ),
        (
            lambda logits: [z / math.fsum(exponentials(logits)) for z in logits],
            "The exponential is missing above the line.",
        ),
        (
            lambda logits: _softmax([-z for z in logits]),
            "The sign is turned round: the largest logit must get the largest probability.",
        ),
        (
            lambda logits: list(map(_sigmoid, logits)),
            "That is a sigmoid for each logit by itself; softmax makes them share the 1.",
        ),
        (_log_softmax, "That is the logarithm of the softmax."),
        (
            lambda logits: _softmax(logits, lambda z: 2.0**z),
            "You took powers of 2; powers of e are asked for.",
        ),
        (
            lambda logits: [float(i == logits.index(max(logits))) for i in range(len(logits))],
            "That is argmax: all for the largest logit. The others have their share too.",
        ),
        (
            lambda logits: [p / len(logits) for p in exponentials(logits)],
            "You divided by the number of classes, that is you took the mean; divide by the sum.",
        ),
        (
            lambda logits: math.fsum(exponentials(logits)),
            "That is the sum below the line: each exponential is still to be divided by it.",
        ),
    ]
    return check(function, lambda logits: _softmax(logits), _single_logits(), mistakes)


def softmax_rows(function: Any) -> Result:
    """Check a function of a table of logits, a row an example, that gives the softmax of each row.

    Examples
    --------
    >>> import numpy as np
    >>> softmax_rows(lambda logits: np.exp(logits) / np.exp(logits).sum())
    ✗ Not yet. The whole table sums to 1: each *row* has to, so sum with `axis=1`.
    """
    rng = np.random.default_rng(1962)

    def table(rows: int, columns: int) -> list[list[float]]:
        return [random_logits(rng, columns) for _ in range(rows)]

    cases = [
        Case(([[3.0, 2.0, 0.0], [1.0, 1.0, 1.0], [0.0, 2.0, 4.0]],)),
        *(Case((table(size, size),)) for size in (2, 3, 2, 4)),
        Case((table(4, 2),), "more examples than classes", "One row is one example."),
        Case((table(2, 5),), "more classes than examples", "One row is one example."),
        Case(([[1.0, 2.0, 0.0]],), "one example", "Its row sums to 1."),
        Case(([[1000.0, 1001.0], [1002.0, 1000.0]],), "large logits", OVERFLOW),
        Case(
            ([[1000.0, 1001.0], [-1000.0, -1001.0]],),
            "rows of different size",
            "Subtract from each row *its own* largest logit: `logits.max(axis=1, keepdims=True)`.",
        ),
    ]

    def truth(logits: list[list[float]]) -> list[list[float]]:
        return [_softmax(row) for row in logits]

    def columns(logits: list[list[float]]) -> list[list[float]]:
        down = [_softmax(list(column)) for column in zip(*logits, strict=True)]
        return [list(row) for row in zip(*down, strict=True)]

    def powers(logits: list[list[float]]) -> list[list[float]]:
        return [[math.exp(z) for z in row] for row in logits]

    def crossed(logits: list[list[float]]) -> list[list[float]]:
        sums = [math.fsum(row) for row in powers(logits)]
        return [[p / s for p, s in zip(row, sums, strict=True)] for row in powers(logits)]

    def whole(logits: list[list[float]]) -> list[list[float]]:
        total = math.fsum(p for row in powers(logits) for p in row)
        return [[p / total for p in row] for row in powers(logits)]

    mistakes: Table = [
        (
            columns,
            "Here each *column* sums to 1. A row is one example, and its classes lie along it: sum "
            "with `axis=1`.",
        ),
        (whole, "The whole table sums to 1: each *row* has to, so sum with `axis=1`."),
        (
            crossed,
            "The sums are those of the rows, but they were laid along the columns: keep them a "
            "column with `keepdims=True`.",
        ),
        (powers, "These are the exponentials: divide each by the sum of its row."),
        (
            lambda logits: [_log_softmax(row) for row in logits],
            "That is the logarithm of the softmax.",
        ),
        (
            lambda logits: [list(map(_sigmoid, row)) for row in logits],
            "That is a sigmoid for each logit by itself.",
        ),
    ]
    return check(function, truth, cases, mistakes)


def log_softmax(function: Any) -> Result:
    """Check a function of a row of logits that gives the logarithms of their softmax, in nats.

    Examples
    --------
    >>> import numpy as np
    >>> log_softmax(lambda logits: logits - logits.max())
    ✗ Not yet. You subtracted the largest logit; the log of the sum of exponentials is asked for.
    """
    far = (
        "There a probability is 0 for the computer, and its logarithm −infinite. The logarithm "
        "itself is an ordinary number: subtract the log-sum-exp, and take no log of a softmax."
    )
    cases = [
        *(case for case in _single_logits() if "large" not in case.special),
        Case(([1000.0, 1001.0, 998.0],), "large logits", OVERFLOW),
        Case(([0.0, 1000.0],), "logits far apart", far),
    ]

    def naive_sum(logits: list[float]) -> float:
        return math.fsum(math.exp(z) for z in logits)

    def logsumexp(logits: list[float]) -> float:
        return max(logits) - max(_log_softmax(logits))

    mistakes: Table = [
        (
            lambda logits: [z - max(logits) for z in logits],
            "You subtracted the largest logit; the log of the sum of exponentials is asked for.",
        ),
        (
            lambda logits: [z - naive_sum(logits) for z in logits],
            "You subtracted the sum of the exponentials, not its logarithm.",
        ),
        (
            lambda logits: [
                z - math.log(naive_sum([z - max(logits) for z in logits])) for z in logits
            ],
            "The largest logit was taken off in the sum and not put back: subtract it here too.",
        ),
        (logsumexp, "That is the log-sum-exp itself: subtract it from each logit."),
        (
            lambda logits: [logsumexp(logits) - z for z in logits],
            "The sign is turned round: that is the surprise. The log of a probability is negative.",
        ),
        (_softmax, "That is the softmax: its logarithm is asked for."),
        (
            lambda logits: [z + logsumexp(logits) for z in logits],
            "You added the log-sum-exp; to divide by a sum is to *subtract* its logarithm.",
        ),
        (
            lambda logits: [value / math.log(2) for value in _log_softmax(logits)],
            "You used log2, which gives bits; this asks for nats.",
        ),
    ]
    return check(function, lambda logits: _log_softmax(logits), cases, mistakes)
