"""A bell that looks for low ground: draw, keep the elites, fit, and see how quickly it shrinks."""

from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from xent_lib._validation import Array
from xent_lib.explorables._figure import Explorable, number
from xent_lib.optimize import FullGaussian, Gaussian
from xent_lib.problems import rastrigin, rosenbrock

N_SAMPLES, N_ELITES, ROUNDS = 80, 8, 50
MEAN_SHARE = 0.7
SHARES = [0.1, 0.2, 0.3, 0.5, 0.7, 1.0]
SMALL, INJECTED = 0.05, 0.5  # of the first deviations: when to inject, and to which share
SEED = 2006

Bell: TypeAlias = Gaussian | FullGaussian
Family: TypeAlias = Literal["diagonal", "full"]


class Landscape(NamedTuple):
    """Ground to search, and the bell that the search begins with."""

    mean: tuple[float, float]
    std: float
    best: tuple[float, float]
    window: tuple[tuple[float, float], tuple[float, float]]
    levels: tuple[float, ...]  # heights at which the shade changes


LANDSCAPES = {
    "slope": Landscape(
        (0.0, 0.0), 1.0, (8.0, 0.0), ((-3, 10), (-3.5, 3.5)), (1, 2.5, 4, 5.5, 7, 8.5, 10)
    ),
    "bent valley": Landscape(
        (-1.0, 1.0), 0.5, (1.0, 1.0), ((-2, 2), (-1, 3)), (0.5, 2, 5, 20, 80, 300, 1000)
    ),
    "many pits": Landscape(
        (2.5, -2.0), 2.0, (0.0, 0.0), ((-6.5, 6.5), (-6.5, 6.5)), (5, 12, 20, 30, 40, 55, 75)
    ),
}


def height(landscape: str, x: Array) -> Array:
    """Return the heights of points, shape (n, 2)."""
    if landscape == "slope":
        return np.hypot(x[:, 0] - LANDSCAPES["slope"].best[0], x[:, 1])
    return rosenbrock(x) if landscape == "bent valley" else rastrigin(x)


def draws() -> Array:
    """Return standard normal draws in hundredths, shape (rounds, points, 2): the same for all."""
    normal = np.random.default_rng(SEED).standard_normal((ROUNDS, N_SAMPLES, 2))
    return np.rint(100 * normal).astype(int)


class Round(NamedTuple):
    """What is seen in one round."""

    bell: Bell
    points: Array
    elites: Array  # places of the elites among the points
    best: float  # so far


def search(landscape: str, family: Family, share: float, inject: bool) -> list[Round]:
    """Return the rounds of a search, from the bell that it begins with."""
    start = LANDSCAPES[landscape]
    mean = np.array(start.mean)
    first: Any = (
        Gaussian(mean, np.array(start.std))
        if family == "diagonal"
        else FullGaussian(mean, np.array(start.std**2))
    )
    bell, best, seen = first, np.inf, []
    for z in draws() / 100:
        points = bell.mean + (z * bell.std if isinstance(bell, Gaussian) else z @ _root(bell.cov).T)
        values = height(landscape, points)
        elites = np.argsort(values, kind="stable")[:N_ELITES]
        best = min(best, float(values[elites[0]]))
        seen.append(Round(bell, points, elites, best))
        fitted = bell.fit(points[elites], np.ones(N_ELITES))
        bell = fitted.blend(bell, MEAN_SHARE, share)
        if inject and bell.spread() <= SMALL * first.spread():
            bell = bell.widened(first, INJECTED)
    return seen


def _root(cov: Array) -> Array:
    """Return the triangle whose square is a covariance, shape (2, 2)."""
    a = np.sqrt(cov[0, 0])
    b = cov[0, 1] / a
    return np.array([[a, 0.0], [b, np.sqrt(max(cov[1, 1] - b * b, 0.0))]])


def gaussian_search(
    landscape: str = "slope",
    family: Family = "diagonal",
    spread_share: float = 0.7,
    injection: bool = False,
) -> Explorable:
    """Step or play 49 rounds of the cross-entropy method with a bell in the plane.

    In each round 80 points are drawn and the best 8 are kept. The centre goes 0.7 of the way to
    theirs.

    Parameters
    ----------
    landscape : {"slope", "bent valley", "many pits"}
        The slope ends at (8, 0); the bent valley is `rosenbrock`, the pits are `rastrigin`.
    family : {"diagonal", "full"}
        Whether the bell can lie aslant.
    spread_share : float
        How much of the elites' deviations (or covariance) goes into the next bell: one of 0.1, 0.2,
        0.3, 0.5, 0.7 and 1.
    injection : bool
        Whether a bell that has shrunk to a twentieth is widened to half its first size.

    Examples
    --------
    >>> gaussian_search()
    A bell looks for low ground
    <BLANKLINE>
    ground       share of the new spread  last height, diagonal    full
    slope                              1                 6.2122  6.2228
    slope                            0.7                 5.4948  4.9506
    slope                            0.2                 0.0001  0.0009
    bent valley                        1                 3.0110  2.2718
    bent valley                      0.7                 2.5609  1.0634
    bent valley                      0.2                 0.0340  0.0000
    many pits                          1                 0.9951  1.1657
    many pits                        0.7                 0.0000  0.0000
    many pits                        0.2                 0.0103  0.0017
    <BLANKLINE>
    On the slope, with a diagonal bell and a share of 0.7, \
the centre after 49 rounds is at (2.51, 0.00), and the bell 0.0000 wide. \
The lowest place is at (8, 0).
    """
    if landscape not in LANDSCAPES:
        raise ValueError(f"`landscape` must be one of {list(LANDSCAPES)}, not {landscape!r}")
    if family not in ("diagonal", "full"):
        raise ValueError(f"`family` must be 'diagonal' or 'full', not {family!r}")
    if spread_share not in SHARES:
        raise ValueError(f"`spread_share` must be one of {SHARES}, not {spread_share}")
    if not isinstance(injection, bool):
        raise TypeError(f"`injection` must be True or False, not {injection!r}")
    rows = []
    for ground in LANDSCAPES:
        for share in (1.0, 0.7, 0.2):
            ends = [search(ground, kind, share, False)[-1].bell for kind in ("diagonal", "full")]
            away = [float(height(ground, end.mean[np.newaxis])[0]) for end in ends]
            rows.append((ground, f"{share:g}", *(number(value, 4) for value in away)))
    seen = search(landscape, family, spread_share, injection)
    end = seen[-1].bell
    x, y = (number(place, 2) for place in end.mean)
    return Explorable(
        kind="gaussian-search",
        params={
            "landscapes": {name: ground._asdict() for name, ground in LANDSCAPES.items()},
            "draws": draws().ravel().tolist(),
            "elites": N_ELITES,
            "rounds": ROUNDS,
            "meanShare": MEAN_SHARE,
            "shares": SHARES,
            "small": SMALL,
            "injected": INJECTED,
            "landscape": landscape,
            "family": family,
            "share": float(spread_share),
            "inject": injection,
        },
        title="A bell looks for low ground",
        columns=["ground", "share of the new spread", "last height, diagonal", "full"],
        rows=rows,
        says=(
            f"On the {landscape}, with a {family} bell and a share of {spread_share:g}, the centre "
            f"after {ROUNDS - 1} rounds is at ({x}, {y}), and the bell {number(end.spread(), 4)} "
            "wide. The lowest place is at "
            f"({LANDSCAPES[landscape].best[0]:g}, {LANDSCAPES[landscape].best[1]:g})."
        ),
    )
