"""Level by level to a rare event: a bell walks to the tail of a normal distribution."""

import math
from typing import Any

import numpy as np

from xent_lib._validation import Array, as_integer, as_number
from xent_lib.explorables._figure import Explorable, number

ELITES = 0.1  # the share of the points that passes a level
DIGITS = 3  # of the points, so that all else can be computed from what is drawn
MOST_LEVELS = 12


def tail(x: float) -> float:
    """P(Z ≥ x) of a standard normal."""
    return math.erfc(x / math.sqrt(2)) / 2


def weigh(points: Array, mean: float) -> Array:
    """The density of the standard normal over that of the bell around `mean`."""
    return np.exp(mean**2 / 2 - mean * points)


def look(points: Array, mean: float, level: float) -> dict[str, Any]:
    """What points that were drawn around `mean` say of P(Z ≥ level)."""
    parts = np.where(points >= level, weigh(points, mean), 0.0)
    return {
        "mean": _short(mean),
        "level": level,
        "points": points.tolist(),
        "estimate": _short(parts.mean()),
        "error": _short(parts.std(ddof=1) / math.sqrt(len(points))),
        "truth": _short(tail(level)),
    }


def walk(gamma: float, n: int, seed: int) -> list[dict[str, Any]]:
    """The levels, each with its points and the next mean; last the points of the estimate."""
    rng = np.random.default_rng(seed)
    looks: list[dict[str, Any]] = []
    mean, level = 0.0, -math.inf
    while level < gamma and len(looks) < MOST_LEVELS:
        points = np.round(mean + rng.standard_normal(n), DIGITS)
        level = min(gamma, float(np.sort(points)[math.floor((1 - ELITES) * n)]))
        looks.append(look(points, mean, level))
        elites = points[points >= level]
        weights = weigh(elites, mean)
        mean = _short(weights @ elites / weights.sum())
        looks[-1] |= {"elites": len(elites), "next": mean}
    if level < gamma:
        raise ValueError(f"{MOST_LEVELS} levels did not reach {gamma}: draw more points")
    return [*looks, look(np.round(mean + rng.standard_normal(n), DIGITS), mean, gamma)]


def level_walk(gamma: float = 6.0, n: int = 200, seed: int = 6) -> Explorable:
    """Step or play the way to P(Z ≥ γ): draw, keep the best tenth, move the bell, draw again.

    The bell that is drawn from is moved and keeps its width. Each level uses its own points alone.

    Parameters
    ----------
    gamma : float
        The level to reach, from 2 to 8.
    n : int
        Points drawn for each level and for the estimate, from 50 to 500.
    seed : int
        Another one draws other points.

    Examples
    --------
    >>> level_walk()
    Level by level to P(Z ≥ 6)
    <BLANKLINE>
    level γ  drawn around  points above  P(Z ≥ γ), estimated     truth
    1.299           0.000            20             1.00e-01  9.70e-02
    3.133           1.771            20             1.23e-03  8.65e-04
    4.555           3.308            20             2.67e-06  2.62e-06
    5.828           4.721            20             2.91e-09  2.80e-09
    6.000           5.951            97             9.76e-10  9.87e-10
    6.000           6.157           111             9.46e-10  9.87e-10
    <BLANKLINE>
    5 levels of 200 points lead to a bell around 6.16. 200 fresh points from it, weighed \
back, give 9.46e-10 ± 1.77e-10; the truth is 9.87e-10.
    """
    gamma = as_number("gamma", gamma, least=2, most=8)
    n = as_integer("n", n)
    if not 50 <= n <= 500:
        raise ValueError(f"`n` must lie between 50 and 500, not {n}")
    looks = walk(gamma, n, as_integer("seed", seed))
    final = looks[-1]
    rows = [
        (
            number(at["level"]),
            number(at["mean"]),
            str(sum(point >= at["level"] for point in at["points"])),
            f"{at['estimate']:.2e}",
            f"{at['truth']:.2e}",
        )
        for at in looks
    ]
    return Explorable(
        kind="level-walk",
        params={"gamma": gamma, "looks": looks},
        title=f"Level by level to P(Z ≥ {gamma:g})",
        columns=["level γ", "drawn around", "points above", "P(Z ≥ γ), estimated", "truth"],
        rows=rows,
        says=(
            f"{len(looks) - 1} levels of {n} points lead to a bell around "
            f"{number(final['mean'], 2)}. {n} fresh points from it, weighed back, give "
            f"{final['estimate']:.2e} ± {final['error']:.2e}; the truth is {final['truth']:.2e}."
        ),
    )


def _short(value: float) -> float:
    """A number with the digits on which all machines agree."""
    return float(f"{value:.9g}")
