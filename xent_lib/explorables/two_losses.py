"""Cross-entropy and squared error of one prediction, and how steep each of them is there."""

import math

from xent_lib import activations, losses
from xent_lib.explorables._figure import Explorable, number

SLOPES = {"probability": "q", "logit": "z"}
PROBS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99]


def at(prob: float, by: str) -> tuple[float, float, float, float]:
    """Cross-entropy and its slope, squared error and its slope, where the label is 1."""
    ce, ce_slope = losses.binary_cross_entropy_and_grad(1.0, prob)
    se, se_slope = losses.squared_error_and_grad(1.0, prob)
    # by the logit: times the slope of the sigmoid
    chain = activations.sigmoid_grad(math.log(prob / (1 - prob))) if by == "logit" else 1.0
    return float(ce), float(ce_slope * chain), float(se), float(se_slope * chain)


def two_losses(prob: float = 0.05, by: str = "probability") -> Explorable:
    """Move the probability of the true class, and compare two losses and their slopes.

    Parameters
    ----------
    prob : float
        Where the figure starts, from 0.001 to 0.999.
    by : {"probability", "logit"}
        What the losses are drawn against and their slopes are taken by, at the start.

    Examples
    --------
    >>> two_losses(0.05)
    Two losses of one prediction
    <BLANKLINE>
    q of the true class  cross-entropy in nats  its slope by q  squared error  its slope by q
    0.001                                6.908       −1000.000          0.998          −1.998
    0.01                                 4.605        −100.000          0.980          −1.980
    0.05                                 2.996         −20.000          0.902          −1.900
    0.1                                  2.303         −10.000          0.810          −1.800
    0.5                                  0.693          −2.000          0.250          −1.000
    0.9                                  0.105          −1.111          0.010          −0.200
    0.99                                 0.010          −1.010          0.000          −0.020
    <BLANKLINE>
    At q = 0.05 cross-entropy is 10.5 times as steep as squared error.
    """
    if by not in SLOPES:
        raise ValueError(f"`by` must be 'probability' or 'logit', not {by!r}")
    start = float(prob)
    if not PROBS[0] <= start <= 1 - PROBS[0]:
        raise ValueError(f"`prob` must lie between 0.001 and 0.999, not {prob}")
    rows = [
        (f"{step:g}", *(number(value) for value in at(step, by)))
        for step in sorted({start, *PROBS})
    ]
    _, ce_slope, _, se_slope = at(start, by)
    return Explorable(
        kind="two-losses",
        params={"prob": start, "by": by},
        title="Two losses of one prediction",
        columns=[
            "q of the true class",
            "cross-entropy in nats",
            f"its slope by {SLOPES[by]}",
            "squared error",
            f"its slope by {SLOPES[by]}",
        ],
        rows=rows,
        says=(
            f"At q = {start:g} cross-entropy is {number(ce_slope / se_slope, 1)} times as steep "
            "as squared error."
        ),
    )
