"""Inputs to try: random distributions in decimals, and what sums over them."""

import math
from collections.abc import Sequence

import numpy as np

from xent_lib.checks._engine import Case

SIZES = (2, 3, 3, 4, 5, 2, 4, 3, 6, 30)
P, Q = [0.10, 0.40, 0.50], [0.80, 0.15, 0.05]


def random_distribution(rng: np.random.Generator, size: int) -> list[float]:
    """A distribution without zeros, in decimals that a reader can take over."""
    parts = 10 ** (2 if size < 10 else 4)
    counts = rng.multinomial(parts - size, rng.dirichlet(np.ones(size))) + 1
    return [int(count) / parts for count in counts]


def random_distributions() -> list[list[float]]:
    rng = np.random.default_rng(1948)
    return [random_distribution(rng, size) for size in SIZES]


def random_pairs() -> list[tuple[list[float], list[float]]]:
    rng = np.random.default_rng(1951)
    return [(random_distribution(rng, k), random_distribution(rng, k)) for k in SIZES]


ZERO_ADDS_NOTHING = "What never comes adds nothing to an average: 0·log 0 counts as 0."
NEVER_EXPECTED = (
    "Something comes that q calls impossible: that is infinitely surprising, and so is the average."
)
TINY = "A very small probability is not 0: its logarithm is an ordinary number."

DISTRIBUTIONS = [
    Case((P,)),
    *(Case((p,)) for p in random_distributions()),
    Case(([0.25, 0.25, 0.25, 0.25],), "all equally likely"),
    Case(([0.5, 0.5, 0.0],), "one outcome never comes", ZERO_ADDS_NOTHING),
    Case(([0.0, 1.0],), "one outcome is certain", ZERO_ADDS_NOTHING),
    Case(([1.0],), "there is only one outcome", "Nothing is left open."),
    Case(([1e-300, 1.0],), "one outcome is all but impossible", TINY),
]
PAIRS = [
    Case((P, Q)),
    *(Case(pair) for pair in random_pairs()),
    Case((P, P), "p and q are the same"),
    Case(([0.0, 1.0], [0.25, 0.75]), "p is one-hot", ZERO_ADDS_NOTHING),
    Case(([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]), "p has a 0", ZERO_ADDS_NOTHING),
    Case(([0.5, 0.5, 0.0], [0.25, 0.75, 0.0]), "p and q have a 0 at one place", ZERO_ADDS_NOTHING),
    Case(([0.5, 0.25, 0.25], [0.5, 0.5, 0.0]), "q has a 0 where p has none", NEVER_EXPECTED),
    Case(([0.5, 0.5], [1e-300, 1.0]), "q is tiny where p is not", TINY),
    Case(([1.0], [1.0]), "there is only one outcome"),
]


def weighted(p: Sequence[float], values: Sequence[float]) -> float:
    """Σ p·value, where what never comes adds nothing."""
    return math.fsum(a * value for a, value in zip(p, values, strict=True) if a > 0)
