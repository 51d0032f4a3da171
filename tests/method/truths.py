"""Exact probabilities of rare events, each by a way that has nothing to do with simulation.

Only where no exact way is known to us, in sums of ten heavy-tailed variables, is there simulation:
the estimator of Asmussen and Kroese, which conditions on the largest of them and is a thousand
times sharper than what it is compared with.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
from scipy import integrate, special, stats

from xent_lib._validation import Array

MEANS = np.array([0.25, 0.4, 0.1, 0.3, 0.2])
PATHS = [(0, 3), (0, 2, 4), (1, 4), (1, 2, 3)]


@cache
def bridge(level: float) -> float:
    """P(shortest path ≥ level) for the bridge with exponential edges, by inclusion and exclusion.

    Given edges 1, 2 and 3, edges 4 and 5 have to be at least so long that no path is shorter.
    Edge 4 is in the paths {1, 4} and {2, 3, 4}, edge 5 in {1, 3, 5} and {2, 5}: each must exceed
    level − min(...), and the two conditions are independent. That leaves three integrals, of which
    the one over edge 3 comes last.
    """
    one, two, three, four, five = MEANS

    def over_two(x1: float, x3: float) -> float:
        def given(x2: Array) -> Array:
            need4, need5 = level - np.minimum(x1, x2 + x3), level - np.minimum(x2, x1 + x3)
            logs = np.maximum(need4, 0) / four + np.maximum(need5, 0) / five + x2 / two
            return np.exp(-logs) / two

        return _pieces(given, [max(x1 - x3, 0.0), x1 + x3, level, max(level - x3, 0.0)], 60 * two)

    def over_one(x3: float) -> float:
        def given(x1: Array) -> Array:
            return np.array([over_two(x, x3) for x in x1]) * np.exp(-x1 / one) / one

        return _pieces(given, [level, max(level - x3, 0.0), x3], 60 * one)

    def given(x3: Array) -> Array:
        return np.array([over_one(x) for x in x3]) * np.exp(-x3 / three) / three

    return _pieces(given, [level], 60 * three)


def _pieces(function: Callable[[Array], Array], kinks: list[float], end: float) -> float:
    """Integrate from 0 to `end`, smooth piece by smooth piece, by Gauss and Legendre."""
    nodes, weights = np.polynomial.legendre.leggauss(10)
    cuts = np.unique([0.0, *(kink for kink in kinks if 0 < kink < end), end])
    cuts = np.concatenate([np.linspace(a, b, 5)[:-1] for a, b in pairwise(cuts)] + [[end]])
    half, middle = np.diff(cuts) / 2, (cuts[1:] + cuts[:-1]) / 2
    points = middle[:, np.newaxis] + half[:, np.newaxis] * nodes
    return float(half @ (function(points.ravel()).reshape(points.shape) @ weights))


def gamma_tail(n: int, level: float) -> float:
    """P(a sum of n exponentials of mean 1 ≥ level)."""
    return float(stats.gamma(n).sf(level))


def hypoexponential(level: float) -> float:
    """P(a sum of exponentials with the bridge's means ≥ level), by partial fractions."""
    rates = 1 / MEANS
    parts = [
        np.prod([other / (other - rate) for other in rates if other != rate])
        * np.exp(-rate * level)
        for rate in rates
    ]
    return float(sum(parts))


def two_heavy(law, level: float) -> float:
    """P(X + Y > level) for two independent positive variables of one law."""
    breaks = [level * share for share in (1e-6, 1e-4, 1e-2, 0.1, 0.5, 0.9, 0.99, 0.9999)]
    inside = integrate.quad(
        lambda x: law.pdf(x) * law.sf(level - x), 0, level, points=breaks, limit=400, epsabs=0
    )[0]
    return float(inside + law.sf(level))


def many_heavy(law, n: int, level: float, draws: int = 2_000_000) -> tuple[float, float]:
    """P(a sum of n > level) by Asmussen and Kroese (2006), and its standard error."""
    x = law.ppf(np.random.default_rng(2006).random((draws, n - 1)))
    found = n * law.sf(np.maximum(x.max(axis=1), level - x.sum(axis=1)))
    return float(found.mean()), float(found.std() / np.sqrt(draws))


def four_branches() -> float:
    """P(one of the four branches fails), by integrals over x₁ of what x₂ may be.

    In turned coordinates s = (x₁ + x₂)/√2 and t = (x₁ − x₂)/√2, which are independent and normal
    too, the safe set is |s| < 3 + 0.2 t² and |t| < 3.5.
    """
    safe = integrate.quad(
        lambda t: stats.norm.pdf(t) * (2 * stats.norm.cdf(3 + 0.2 * t * t) - 1), -3.5, 3.5
    )[0]
    return float(1 - safe)


def overflow(load: float, limit: int) -> float:
    """P(a queue M/M/1 reaches the limit before it empties, from one customer): gambler's ruin."""
    return (1 / load - 1) / (load**-limit - 1)


def normal_tail(level: float) -> float:
    return float(special.ndtr(-level))
