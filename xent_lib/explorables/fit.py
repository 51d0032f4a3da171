"""One bell for two peaks: what forward and reverse KL divergence each call the best fit."""

import numpy as np
import numpy.typing as npt

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number

GRID = np.linspace(-6, 6, 61)
MEANS = np.round(np.arange(-40, 41) / 10, 1)
WIDTHS = np.round(np.arange(7, 41) / 10, 1)
PEAKS = [(0.6, -2.0, 0.8), (0.4, 2.4, 0.8)]  # weight, mean and width of each peak of p


def bell(mean: float, width: float) -> npt.NDArray[np.float64]:
    """A bell curve on the grid, scaled so that its 61 probabilities sum to 1."""
    weights = np.exp(-(((GRID - mean) / width) ** 2) / 2)
    return np.asarray(weights / weights.sum())


TWO_PEAKS = sum(weight * bell(mean, width) for weight, mean, width in PEAKS)


def fit(mean: float = 0.0, width: float = 1.5) -> Explorable:
    """Move a bell q over a two-peaked p and compare D(p‖q) with D(q‖p).

    Parameters
    ----------
    mean, width : float
        Where q starts: its centre, from −4 to 4, and its standard deviation, from 0.7 to 4; both
        in steps of 0.1.

    Examples
    --------
    >>> fit()
    One bell for two peaks
    <BLANKLINE>
    bell q        mean  width  D(p‖q) in bits  D(q‖p) in bits
    at the start   0.0    1.5           0.940           1.324
    least D(p‖q)  −0.3    2.4           0.550           0.944
    least D(q‖p)  −2.0    0.8           7.769           0.727
    <BLANKLINE>
    The least D(p‖q) covers both peaks; the least D(q‖p) keeps to one of them.
    """
    if round(mean, 1) not in MEANS or round(width, 1) not in WIDTHS:
        raise ValueError(
            f"`mean` must lie in [-4, 4] and `width` in [0.7, 4], not {mean} and {width}"
        )
    places = [(m, w) for m in MEANS.tolist() for w in WIDTHS.tolist()]
    bells = np.array([bell(*place) for place in places])
    targets = np.broadcast_to(TWO_PEAKS, bells.shape)
    forward = places[int(np.argmin(information.kl_divergence(targets, bells)))]
    reverse = places[int(np.argmin(information.kl_divergence(bells, targets)))]
    start = (round(float(mean), 1), round(float(width), 1))
    rows = []
    for name, place in [
        ("at the start", start),
        ("least D(p‖q)", forward),
        ("least D(q‖p)", reverse),
    ]:
        q = bell(*place)
        rows.append(
            (
                name,
                *(number(value, 1) for value in place),
                number(information.kl_divergence(TWO_PEAKS, q)),
                number(information.kl_divergence(q, TWO_PEAKS)),
            )
        )
    return Explorable(
        kind="fit",
        params={
            "peaks": PEAKS,
            "start": start,
            "forward": forward,
            "reverse": reverse,
        },
        title="One bell for two peaks",
        columns=["bell q", "mean", "width", "D(p‖q) in bits", "D(q‖p) in bits"],
        rows=rows,
        says="The least D(p‖q) covers both peaks; the least D(q‖p) keeps to one of them.",
    )
