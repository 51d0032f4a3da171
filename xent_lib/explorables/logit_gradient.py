"""Softmax, a label and their difference: the slope of the loss, and steps against it."""

from collections.abc import Sequence

import numpy as np

from xent_lib import activations, losses
from xent_lib.explorables._figure import Explorable, number, symbols
from xent_lib.explorables.softmax import within

REACH = 10.0
RATES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def logit_gradient(
    logits: Sequence[float] = (3.0, 2.0, 0.0),
    labels: Sequence[str] | None = None,
    target: int = 2,
    rate: float = 1.0,
) -> Explorable:
    """Take steps against the gradient q − y of the cross-entropy loss.

    Parameters
    ----------
    logits : sequence of 2 to 8 numbers
        Where the logits start, from −10 to 10.
    labels : sequence of str, optional
        Names of the classes; by default A, B, C…
    target : int, default 2
        The class that came, counted from 0.
    rate : float, default 1
        The learning rate: 0.1, 0.2, 0.5, 1, 2, 5 or 10.

    Examples
    --------
    >>> logit_gradient((3, 2, 0), ["rain", "cloud", "sun"], target=2)
    Each arrow undoes the miss
    <BLANKLINE>
    class  logit z      q  label y   q − y
    rain       3.0  0.705        0   0.705
    cloud      2.0  0.259        0   0.259
    sun        0.0  0.035        1  −0.965
    <BLANKLINE>
    The loss is 3.349 nats. A step of rate 1 takes it to 1.939 nats.
    """
    z = within(logits, REACH)
    names = symbols(z, labels)
    if not 0 <= target < len(z):
        raise ValueError(f"`target` must be a class from 0 to {len(z) - 1}, not {target}")
    if rate not in RATES:
        raise ValueError(f"`rate` must be one of {', '.join(f'{r:g}' for r in RATES)}, not {rate}")
    loss, slopes = losses.sparse_softmax_cross_entropy_and_grad(target, z)
    after = losses.sparse_softmax_cross_entropy(target, np.array(z) - rate * slopes)
    return Explorable(
        kind="logit-gradient",
        params={"logits": z, "labels": names, "target": int(target), "rate": float(rate)},
        title="Each arrow undoes the miss",
        columns=["class", "logit z", "q", "label y", "q − y"],
        rows=[
            (name, number(logit, 1), number(prob), str(int(place == target)), number(slope))
            for place, (name, logit, prob, slope) in enumerate(
                zip(names, z, activations.softmax(z), slopes, strict=True)
            )
        ],
        says=(
            f"The loss is {number(loss)} nats. "
            f"A step of rate {rate:g} takes it to {number(after)} nats."
        ),
    )
