"""Exercises on how the cross-entropy method fails, and on what sees it."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _variance(values: list[float], less: int = 0) -> float:
    """The mean squared distance from the mean; divided by n − 1 with `less` 1."""
    middle = _mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - less)


def _gap(here: list[float], there: list[float]) -> float:
    return _mean(here) - _mean(there)


def _spread(here: list[float], there: list[float]) -> float:
    """The standard error of the difference of two means."""
    return math.sqrt(_variance(here) / len(here) + _variance(there) / len(there))


def _z(here: list[float], there: list[float]) -> float:
    return _gap(here, there) / _spread(here, there)


def consistency_z(function: Any) -> Result:
    """Check a function of two samples' weights that says how far apart their means are.

    Examples
    --------
    >>> import numpy as np
    >>> def z(here, there):
    ...     return (here.mean() - there.mean()) / np.sqrt(here.var() + there.var())
    >>> consistency_z(z)
    ✗ Not yet. These are the variances of single draws. That of a mean is n times smaller: divide \
each by its number of draws.
    """
    rng = np.random.default_rng(1)
    samples = [
        (
            (rng.integers(0, 30, size=n) / 10).tolist(),
            [*(rng.random(m) < 0.5).astype(float).tolist(), 0.0, 1.0],
        )
        for n, m in [(4, 3), (5, 6), (6, 4), (8, 2), (7, 9)]
    ]
    cases = [
        Case(([0.0, 0.5, 0.0, 0.7], [0.0, 1.0, 0.0, 0.0, 1.0])),
        *map(Case, samples),
        Case(([0.5, 0.0, 1.0, 0.5], [1.0, 0.0]), "the two agree", "Then there is no gap."),
        Case(
            ([0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]),
            "no draw of the proposal is there",
            "Its weights are all 0, and so is their variance; the other's error is left.",
        ),
    ]
    mistakes: Table = [
        (lambda here, there: -_z(here, there), "The sign is turned round: take here − there."),
        (
            lambda here, there: abs(_z(here, there)),
            "Keep the sign: below 0 the proposal sees too little, above 0 too much.",
        ),
        (_gap, "That is the gap between the means. Divide it by its standard error."),
        (
            lambda here, there: _gap(here, there) / math.sqrt(_variance(here) + _variance(there)),
            "These are the variances of single draws. That of a mean is n times smaller: divide "
            "each by its number of draws.",
        ),
        (
            lambda here, there: (
                _gap(here, there)
                / (
                    math.sqrt(_variance(here) / len(here))
                    + math.sqrt(_variance(there) / len(there))
                )
            ),
            "You added the standard errors. Errors that know nothing of each other partly cancel: "
            "add their squares, and take the root.",
        ),
        (
            lambda here, there: _gap(here, there) / _spread(here, there) ** 2,
            "You divided by the variance of the gap: the root is missing.",
        ),
        (
            lambda here, there: _gap(here, there) / math.sqrt(_variance(here) / len(here)),
            "Only the error of `here` is in it. The pilot is a sample too.",
        ),
        (
            lambda here, there: _gap(here, there) / math.sqrt(_variance(there) / len(there)),
            "Only the error of `there` is in it. The final draws are a sample too.",
        ),
        (
            lambda here, there: (
                _gap(here, there)
                / math.sqrt(_variance(here) / len(here) + _variance(there) / len(here))
            ),
            "You divided both variances by the number of draws in `here`. Each has its own.",
        ),
        (
            lambda here, there: (
                _gap(here, there)
                / math.sqrt(_variance(here, 1) / len(here) + _variance(there, 1) / len(there))
            ),
            "You divided by n − 1 in the variances, which is no worse; here `np.var` as it is, "
            "dividing by n, is asked for.",
        ),
    ]
    return check(function, _z, cases, mistakes)


def _factor(width: float) -> float:
    room = 2 * width**2 - 1
    return width**2 / math.sqrt(room) if room > 0 else math.inf


def variance_factor(function: Any) -> Result:
    """Check a function of a bell's width that gives the mean squared weight.

    Examples
    --------
    >>> variance_factor(lambda width: width**2 / (2 * width**2 - 1))
    ✗ Not yet. The root below the bar is missing.
    """
    infinite = "Up to 1/√2 the mean squared weight is infinite: return `math.inf`."
    cases = [
        *(Case((width,)) for width in [2.0, 0.8, 1.3, 0.75, 3.0]),
        Case((1.0,), "p itself", "Drawn from p, every weight is 1."),
        Case((0.7,), "just too narrow", infinite),
        Case((0.3,), "far too narrow", infinite),
    ]
    mistakes: Table = [
        (lambda width: width**2 / (2 * width**2 - 1), "The root below the bar is missing."),
        (lambda width: 1 / _factor(width), "That is one over it."),
        (
            lambda width: width / math.sqrt(2 * width**2 - 1),
            "The width above the bar is to be squared.",
        ),
        (
            lambda width: _factor(1 / width),
            "That is for draws from a bell of width 1 and a p of this width: the other way round.",
        ),
        (
            lambda width: _factor(width) - 1,
            "That is the variance of the weights. Their mean square is 1 more.",
        ),
        (lambda width: _factor(math.sqrt(width)), "The width is to be squared, above and below."),
    ]
    return check(function, _factor, cases, mistakes)


def _holding(x: list[list[float]], cuts: list[list[float]]) -> list[list[float]]:
    """For each state and each cut, how many of the cut's roads are open."""
    return [
        [
            math.fsum(of * (1 - failed) for of, failed in zip(cut, state, strict=True))
            for cut in cuts
        ]
        for state in x
    ]


def _closeness(x: list[list[float]], cuts: list[list[float]]) -> list[float]:
    return [-min(row) for row in _holding(x, cuts)]


def closeness(function: Any) -> Result:
    """Check a function of states and cuts that says how near each state is to a cut network.

    Examples
    --------
    >>> closeness(lambda x, cuts: ((1 - x) @ cuts.T).min(axis=1) == 0)
    ✗ Not yet. That says yes or no. Let it say how near: minus the number of roads that are open.
    """
    bridge = [[1, 1, 0, 0, 0], [0, 0, 0, 1, 1], [1, 0, 1, 0, 1], [0, 1, 1, 1, 0]]
    rng = np.random.default_rng(2)
    cases = [
        Case(([[1, 0, 0, 0, 0], [0, 1, 1, 0, 1], [1, 0, 1, 0, 1]], bridge)),
        *(Case((rng.integers(2, size=(n, 5)).tolist(), bridge)) for n in (2, 3, 4)),
        Case((rng.integers(2, size=(4, 4)).tolist(), [[1, 1, 0, 0], [0, 1, 1, 1], [1, 0, 0, 1]])),
        Case(([[0, 0, 0, 0, 0]], bridge), "nothing is blocked"),
        Case(
            ([[1, 1, 1, 1, 1]], bridge), "everything is blocked", "Then no road of a cut is open."
        ),
    ]
    mistakes: Table = [
        (
            lambda x, cuts: [min(row) for row in _holding(x, cuts)],
            "The minus is missing: a performance grows towards the event.",
        ),
        (
            lambda x, cuts: [min(row) == 0 for row in _holding(x, cuts)],
            "That says yes or no. Let it say how near: minus the number of roads that are open.",
        ),
        (
            lambda x, cuts: [float(min(row) == 0) for row in _holding(x, cuts)],
            "That says yes or no, as 1 or 0. Let it say how near: minus the number of roads that "
            "are open.",
        ),
        (
            lambda x, cuts: [-max(row) for row in _holding(x, cuts)],
            "That looks at the cut with the *most* roads left. The nearest cut has the fewest.",
        ),
        (
            lambda x, cuts: [-math.fsum(row) for row in _holding(x, cuts)],
            "You added up over the cuts. One cut is enough: take the fewest.",
        ),
        (
            lambda x, cuts: [-math.fsum(1 - failed for failed in state) for state in x],
            "You counted all open roads. Only those of the nearest cut matter.",
        ),
        (
            lambda x, cuts: [-min(row) for row in _holding([[1 - v for v in s] for s in x], cuts)],
            "In `x` a 1 is a road that is *blocked*: the open roads are 1 − x.",
        ),
        (
            lambda x, cuts: [max(row) for row in _holding([[1 - v for v in s] for s in x], cuts)],
            "You counted the blocked roads of a cut. Cuts differ in size: count what is left.",
        ),
    ]
    return check(function, _closeness, cases, mistakes)
