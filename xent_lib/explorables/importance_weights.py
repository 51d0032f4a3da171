"""The weights of importance sampling, as the bell that is drawn from moves over a tail."""

import math
from typing import NamedTuple

import numpy as np

from xent_lib._validation import Array, as_integer, as_number
from xent_lib.explorables._figure import Explorable, number
from xent_lib.explorables.level_walk import tail

MOST = 8.0
SHOWN = [0.0, 2.0, 4.0, 6.0, 8.0]


class Told(NamedTuple):
    """What a set of points says of P(Z ≥ γ)."""

    hits: int
    estimate: float
    relative_error: float  # nan without a hit
    effective: float
    largest_share: float


def tell(draws: Array, gamma: float, mean: float) -> Told:
    """Move standard normal draws to a mean, and weigh the hits back."""
    points = mean + draws
    weights = np.exp(mean**2 / 2 - mean * points[points >= gamma])
    if not len(weights):
        return Told(0, 0.0, math.nan, 0.0, math.nan)
    n, total, squares = len(draws), float(weights.sum()), float(weights @ weights)
    spread = max(squares / n - (total / n) ** 2, 0.0) * n / (n - 1)
    return Told(
        len(weights),
        total / n,
        math.sqrt(spread / n) / (total / n),
        total**2 / squares,
        float(weights.max()) / total,
    )


def importance_weights(
    gamma: float = 4.0, mean: float = 0.0, n: int = 400, seed: int = 1
) -> Explorable:
    """Move the bell that points are drawn from, and see the weights of those that hit.

    The question is P(Z ≥ γ) for a standard normal Z; the proposal is a bell of the same width.

    Parameters
    ----------
    gamma : float
        The level, from 2 to 5.
    mean : float
        Where the proposal stands at first, from 0 to 8 in steps of 0.1.
    n : int
        Points drawn, from 50 to 1000. They are drawn once; the mean moves them along.
    seed : int
        Another one draws other points.

    Examples
    --------
    >>> importance_weights()
    P(Z ≥ 4), drawn from a bell around m
    <BLANKLINE>
    m    hits  estimate  relative error  effective sample size
    0.0     0      none            none                    0.0
    2.0     7  2.52e-05             43%                    5.3
    4.0   188  3.67e-05             10%                   78.5
    6.0   392  1.87e-05             25%                   15.6
    8.0   400  1.95e-07             61%                    2.7
    <BLANKLINE>
    The truth is 3.17e-05. Of 400 points, too little shift leaves few hits, and too much \
leaves a few giant weights.
    """
    gamma = as_number("gamma", gamma, least=2, most=5)
    start = round(as_number("mean", mean, least=0, most=MOST), 1)
    n = as_integer("n", n)
    if not 50 <= n <= 1000:
        raise ValueError(f"`n` must lie between 50 and 1000, not {n}")
    draws = np.round(np.random.default_rng(as_integer("seed", seed)).standard_normal(n), 3)
    rows = []
    for m in SHOWN:
        told = tell(draws, gamma, m)
        none = told.hits == 0
        rows.append(
            (
                number(m, 1),
                str(told.hits),
                "none" if none else f"{told.estimate:.2e}",
                "none" if none else f"{told.relative_error:.0%}",
                f"{told.effective:.1f}",
            )
        )
    return Explorable(
        kind="importance-weights",
        params={
            "gamma": gamma,
            "mean": start,
            "draws": draws.tolist(),
            "truth": float(f"{tail(gamma):.9g}"),
        },
        title=f"P(Z ≥ {gamma:g}), drawn from a bell around m",
        columns=["m", "hits", "estimate", "relative error", "effective sample size"],
        rows=rows,
        says=(
            f"The truth is {tail(gamma):.2e}. Of {n} points, too little shift leaves few hits, and "
            "too much leaves a few giant weights."
        ),
    )
