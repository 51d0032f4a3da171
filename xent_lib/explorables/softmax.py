"""Logits and a temperature, and the probabilities that softmax makes of them."""

import math
from collections.abc import Sequence

import numpy as np

from xent_lib import activations, information
from xent_lib.explorables._figure import Explorable, number, symbols

REACH = 5.0


def softmax(
    logits: Sequence[float] = (3.0, 2.0, 0.0),
    labels: Sequence[str] | None = None,
    temperature: float = 1.0,
) -> Explorable:
    """Move logits and a temperature, and see the bars of their softmax.

    Parameters
    ----------
    logits : sequence of 2 to 8 numbers
        Where the logits start, from −5 to 5.
    labels : sequence of str, optional
        Names of the classes; by default A, B, C…
    temperature : float, default 1
        Where the temperature starts, from 0.1 to 10.

    Examples
    --------
    >>> softmax((3, 2, 0), ["rain", "cloud", "sun"])
    Logits become probabilities
    <BLANKLINE>
    class  logit z  exp(z/T)  softmax
    rain       3.0    20.086    0.705
    cloud      2.0     7.389    0.259
    sun        0.0     1.000    0.035
    <BLANKLINE>
    At temperature 1, rain has probability 0.705; the entropy is 0.714 of at most 1.099 nats.
    """
    z = within(logits, REACH)
    names = symbols(z, labels)
    heat = float(temperature)
    if not 0.1 <= heat <= 10:
        raise ValueError(f"`temperature` must lie between 0.1 and 10, not {heat:g}")
    probs = activations.softmax(z, temperature=heat)
    best = int(np.argmax(probs))
    own = information.entropy(probs, base=math.e)
    return Explorable(
        kind="softmax",
        params={"logits": z, "labels": names, "temperature": heat},
        title="Logits become probabilities",
        columns=["class", "logit z", "exp(z/T)", "softmax"],
        rows=[
            (name, number(logit, 1), number(math.exp(logit / heat)), number(prob))
            for name, logit, prob in zip(names, z, probs, strict=True)
        ],
        says=(
            f"At temperature {heat:g}, {names[best]} has probability {number(probs[best])}; "
            f"the entropy is {number(own)} of at most {number(math.log(len(z)))} nats."
        ),
    )


def within(logits: Sequence[float], reach: float) -> list[float]:
    """The logits as floats, if the sliders of the figure reach them."""
    values = [float(logit) for logit in logits]
    for place, value in enumerate(values):
        if not abs(value) <= reach:
            raise ValueError(f"`logits[{place}]` must lie in [-{reach:g}, {reach:g}], not {value}")
    return values
