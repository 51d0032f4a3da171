"""One probability and its surprise."""

import math

from xent_lib import information
from xent_lib.explorables._figure import Explorable, number

STEPS = [0.0, 0.01, 0.1, 0.5, 1.0]


def surprise(prob: float = 0.25) -> Explorable:
    """Move a probability along the curve of surprise, −log₂ P.

    Parameters
    ----------
    prob : float
        Where the figure starts, from 0 (infinite surprise) to 1 (none).

    Examples
    --------
    >>> surprise(0.25)
    How surprising is it?
    <BLANKLINE>
    probability P  bits: log₂ 1/P  nats: ln 1/P
    0                    infinite      infinite
    0.01                    6.644         4.605
    0.1                     3.322         2.303
    0.25                    2.000         1.386
    0.5                     1.000         0.693
    1                       0.000         0.000
    <BLANKLINE>
    An event of probability 0.25 carries 2.000 bits: as surprising as 2.0 heads in a row.
    """
    start = float(prob)
    bits = float(information.surprisal(start))
    if bits == 0:
        says = "A certain event carries 0 bits: no surprise at all."
    elif bits == math.inf:
        says = "An event of probability 0 would be infinitely surprising."
    else:
        says = (
            f"An event of probability {start:g} carries {number(bits)} bits: "
            f"as surprising as {number(bits, 2 if bits < 1 else 1)} heads in a row."
        )
    rows = [
        (
            f"{step:g}",
            number(information.surprisal(step)),
            number(information.surprisal(step, base=math.e)),
        )
        for step in sorted({start, *STEPS})
    ]
    return Explorable(
        kind="surprise",
        params={"prob": start},
        title="How surprising is it?",
        columns=["probability P", "bits: log₂ 1/P", "nats: ln 1/P"],
        rows=rows,
        says=says,
    )
