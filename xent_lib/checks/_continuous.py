"""Exercises on searching with a bell: what is fitted, how it is smoothed, how far it goes."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _variance(values: list[float], less: int = 0) -> float:
    middle = _mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / max(len(values) - less, 1)


def _bell(values: list[float]) -> list[float]:
    return [_mean(values), math.sqrt(_variance(values))]


def _order(x: list[float], by: list[float]) -> list[float]:
    return [place for _, place in sorted(zip(by, x, strict=True))]


def _fitted(x: list[float], heights: list[float], n_elite: int) -> list[float]:
    return _bell(_order(x, heights)[:n_elite])


def elite_fit(function: Any) -> Result:
    """Check a function of places, their heights and a number of elites: [mean, deviation].

    Examples
    --------
    >>> import numpy as np
    >>> elite_fit(lambda x, heights, n_elite: [np.mean(x), np.std(x)])
    ✗ Not yet. You fitted all the places. Only those of the lowest heights are elites.
    """
    rng = np.random.default_rng(2006)
    cases = [Case(([4.0, 1.0, 3.0, 9.0], [0.5, 2.0, 0.1, 0.3], 2))]
    for size, n_elite in [(5, 2), (6, 3), (8, 4), (10, 3)]:
        x, heights = (rng.permutation(3 * size)[:size].astype(float).tolist() for _ in range(2))
        cases.append(Case((x, heights, n_elite)))
    alone = "One elite is its own mean, and nothing lies about it."
    cases += [
        Case(([2.0, 5.0, 7.0], [3.0, 1.0, 2.0], 1), "one elite", alone),
        Case(([1.0, 6.0, 6.0], [9.0, 1.0, 2.0], 2), "the elites stand at one place"),
    ]

    def of(choose: Any) -> Any:
        return lambda x, heights, n_elite: _bell(choose(x, heights, n_elite))

    mistakes: Table = [
        (
            of(lambda x, heights, n_elite: x),
            "You fitted all the places. Only those of the lowest heights are elites.",
        ),
        (
            of(lambda x, heights, n_elite: _order(x, heights)[-n_elite:]),
            "You kept the highest. `np.argsort` begins with the lowest, and those are wanted.",
        ),
        (
            of(lambda x, heights, n_elite: sorted(x)[:n_elite]),
            "You sorted the places themselves. Sort by their *heights*: `np.argsort(heights)`.",
        ),
        (
            of(lambda x, heights, n_elite: sorted(heights)[:n_elite]),
            "You fitted the heights. The bell is drawn over the *places*: `x[…]`.",
        ),
        (
            lambda x, heights, n_elite: [
                _mean(elites := _order(x, heights)[:n_elite]),
                _variance(elites),
            ],
            "The second number is the squared deviation: take its root.",
        ),
        (
            lambda x, heights, n_elite: [
                _mean(elites := _order(x, heights)[:n_elite]),
                math.sqrt(_variance(elites, less=1)),
            ],
            "You divided by one less than the number of elites. The fit of least cross-entropy "
            "divides by their number.",
        ),
        (
            lambda x, heights, n_elite: _fitted(x, heights, n_elite)[::-1],
            "The two are the wrong way round: first the mean, then the deviation.",
        ),
    ]
    return check(function, _fitted, cases, mistakes)


def _smoothed(
    old: list[float], new: list[float], mean_share: float, spread_share: float
) -> list[float]:
    return [
        mean_share * new[0] + (1 - mean_share) * old[0],
        spread_share * new[1] + (1 - spread_share) * old[1],
    ]


def smoothed_bell(function: Any) -> Result:
    """Check a function of two bells, [mean, deviation], and two shares: the bell between.

    Examples
    --------
    >>> smoothed_bell(lambda old, new, mean_share, spread_share: mean_share * new
    ...     + (1 - mean_share) * old)
    ✗ Not yet. You used `mean_share` for both. The deviation has a share of its own.
    """
    rng = np.random.default_rng(2007)
    cases = [Case(([0.0, 2.0], [3.0, 1.0], 0.7, 0.3))]
    for _ in range(6):
        old, new = ((rng.integers(1, 90, size=2) / 10).tolist() for _ in range(2))
        cases.append(Case((old, new, *(rng.permutation(9)[:2] + 1) / 10)))
    cases += [
        Case(([1.0, 2.0], [5.0, 0.5], 1.0, 1.0), "no smoothing", "Then the new bell is taken."),
        Case(([1.0, 2.0], [5.0, 0.0], 0.5, 0.2), "the elites stand at one place"),
    ]
    mistakes: Table = [
        (
            lambda old, new, mean_share, spread_share: _smoothed(
                new, old, mean_share, spread_share
            ),
            "The shares are of the *new* bell; yours are of the old one.",
        ),
        (
            lambda old, new, mean_share, spread_share: _smoothed(
                old, new, spread_share, mean_share
            ),
            "The two shares are exchanged: `mean_share` is for the mean.",
        ),
        (
            lambda old, new, mean_share, spread_share: _smoothed(old, new, mean_share, mean_share),
            "You used `mean_share` for both. The deviation has a share of its own.",
        ),
        (
            lambda old, new, mean_share, spread_share: [
                _smoothed(old, new, mean_share, spread_share)[0],
                math.sqrt(spread_share * new[1] ** 2 + (1 - spread_share) * old[1] ** 2),
            ],
            "You mixed the squared deviations. Here the deviations themselves are mixed.",
        ),
        (
            lambda old, new, mean_share, spread_share: [
                mean_share * new[0],
                spread_share * new[1],
            ],
            "The rest is missing: what is not taken from the new bell stays as it was in the old.",
        ),
        (
            lambda old, new, mean_share, spread_share: _smoothed(old, new, mean_share, 1.0),
            "The mean is smoothed, the deviation is not.",
        ),
    ]
    return check(function, _smoothed, cases, mistakes)


def _reach(elite_mean: float, elite_std: float, mean_share: float, spread_share: float) -> float:
    shrinks = spread_share * (1 - elite_std)
    return mean_share * elite_mean / shrinks if shrinks else math.inf


def reach_on_a_slope(function: Any) -> Result:
    """Check a function of the elites of a standard bell and two shares: how far a bell goes.

    Examples
    --------
    >>> reach_on_a_slope(lambda elite_mean, elite_std, mean_share, spread_share: elite_mean)
    ✗ Not yet. That is the first step alone, without its share. Add up all of them.
    """
    rng = np.random.default_rng(2008)
    cases = [Case((1.75, 0.41, 1.0, 0.3))]
    for _ in range(6):
        elites = (float(rng.integers(5, 30) / 10), float(rng.integers(1, 10) / 10))
        cases.append(
            Case((*elites, *(float(share) for share in (rng.permutation(9)[:2] + 1) / 10)))
        )
    cases += [
        Case((1.75, 0.41, 1.0, 1.0), "no smoothing"),
        Case((2.0, 0.0, 0.5, 1.0), "the elites stand at one place", "One step, and it is over."),
        Case(
            (1.75, 1.0, 1.0, 0.5),
            "the elites are as wide as the bell",
            "A bell that does not shrink goes on for ever: that is infinitely far, `np.inf`.",
        ),
    ]
    mistakes: Table = [
        (
            lambda elite_mean, elite_std, mean_share, spread_share: elite_mean,
            "That is the first step alone, without its share. Add up all of them.",
        ),
        (
            lambda elite_mean, elite_std, mean_share, spread_share: mean_share * elite_mean,
            "That is the first step alone. Add up all of them.",
        ),
        (
            lambda elite_mean, elite_std, mean_share, spread_share: _reach(
                elite_mean, elite_std, 1.0, 1.0
            ),
            "That is the reach without smoothing: the two shares are missing.",
        ),
        (
            lambda elite_mean, elite_std, mean_share, spread_share: _reach(
                elite_mean, elite_std, 1.0, spread_share
            ),
            "The steps are too long: the centre goes only `mean_share` of the way.",
        ),
        (
            lambda elite_mean, elite_std, mean_share, spread_share: _reach(
                elite_mean, elite_std, mean_share, 1.0
            ),
            "The bell shrinks too fast: only `spread_share` of the new deviation is taken.",
        ),
        (
            lambda elite_mean, elite_std, mean_share, spread_share: (
                mean_share * elite_mean / (1 - spread_share * elite_std)
            ),
            "From one round to the next the deviation is not multiplied by "
            "`spread_share * elite_std`: the rest of the old one, `1 - spread_share`, is added.",
        ),
        (
            lambda elite_mean, elite_std, mean_share, spread_share: _reach(
                elite_mean, elite_std, spread_share, mean_share
            ),
            "The two shares are exchanged: `mean_share` lengthens the way, `spread_share` ends it.",
        ),
    ]
    return check(function, _reach, cases, mistakes)
