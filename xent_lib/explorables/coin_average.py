"""The share of heads settles: the law of large numbers, one toss after another."""

import numpy as np

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number

MOST = 500


def coin_average(prob: float = 0.5, tosses: int = 20, seed: int = 1) -> Explorable:
    """Move the probability of heads and the number of tosses, and watch the share of heads.

    Each toss is a number drawn once between 0 and 1; it shows heads where the number lies below
    the probability, so that moving the probability does not toss anew.

    Parameters
    ----------
    prob : float
        The probability of heads at the start.
    tosses : int
        How many tosses are shown at the start, from 1 to 500.
    seed : int
        The seed of the draws.

    Examples
    --------
    >>> coin_average(0.5, tosses=20, seed=1)
    The share of heads settles
    <BLANKLINE>
    tosses  heads  share of heads  distance from p
    20         12           0.600            0.100
    50         22           0.440            0.060
    100        47           0.470            0.030
    500       259           0.518            0.018
    <BLANKLINE>
    After 20 tosses, 12 heads: a share of 0.600, where p is 0.50.
    """
    information.surprisal(prob)  # says what is wrong where prob is no probability
    if not 1 <= tosses <= MOST:
        raise ValueError(f"`tosses` must lie between 1 and {MOST}, not {tosses}")
    draws = np.floor(np.random.default_rng(seed).random(MOST) * 10_000) / 10_000
    heads = np.cumsum(draws < prob)
    rows = []
    for count in sorted({tosses, 50, 100, MOST}):
        share = heads[count - 1] / count
        rows.append((str(count), str(heads[count - 1]), number(share), number(abs(share - prob))))
    return Explorable(
        kind="coin-average",
        params={"prob": float(prob), "tosses": int(tosses), "draws": draws.tolist()},
        title="The share of heads settles",
        columns=["tosses", "heads", "share of heads", "distance from p"],
        rows=rows,
        says=(
            f"After {tosses} tosses, {heads[tosses - 1]} heads: "
            f"a share of {number(heads[tosses - 1] / tosses)}, where p is {number(prob, 2)}."
        ),
    )
