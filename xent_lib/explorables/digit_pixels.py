"""A picture of pixels that can be painted, and what a small network owes for each true label."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xent_lib import activations, information
from xent_lib._validation import Array
from xent_lib.explorables._figure import Explorable, number
from xent_lib.networks import Dense, ReLU, Sequential


def digit_pixels(
    network: Sequential,
    pictures: npt.ArrayLike,
    labels: Sequence[int],
    names: Sequence[str] | None = None,
) -> Explorable:
    """Choose a picture, move or paint it, and see the bits that each true digit would cost.

    Weights are sent rounded to two decimals, and the ink of a pixel to whole sixteenths.

    Parameters
    ----------
    network : Sequential
        Two layers, ``Dense(64, h), ReLU(), Dense(h, 10)``, that take ink from 0 to 1.
    pictures : array_like, shape (N, 64)
        1 to 6 pictures of 8 rows of 8 pixels, with ink from 0 to 1.
    labels : sequence of int
        The true digit of each, from 0 to 9.
    names : sequence of str, optional
        What the buttons say; by default "a 3" for a 3.

    Examples
    --------
    >>> network = Sequential(Dense(64, 4, rng=0), ReLU(), Dense(4, 10, rng=1))
    >>> digit_pixels(network, [[0.5] * 64], [3])
    What the network owes for a picture
    <BLANKLINE>
    picture  true digit  guess  probability of the guess  bits owed
    a 3               3      0                     0.268      2.172
    <BLANKLINE>
    For a 3, the network's guess is 0 with probability 0.268; the true digit, 3, costs 2.172 bits.
    """
    shapes = [layer.weights.shape for layer in network.layers if isinstance(layer, Dense)]
    kinds = [type(layer) for layer in network.layers]
    if kinds != [Dense, ReLU, Dense] or (shapes[0][0], shapes[1][1]) != (64, 10):
        raise ValueError(f"`network` must be Dense(64, h), ReLU(), Dense(h, 10), not {network}")
    ink = np.asarray(pictures, dtype=float)
    if ink.ndim != 2 or ink.shape[1] != 64 or not 1 <= len(ink) <= 6:
        raise ValueError(f"`pictures` has shape {ink.shape}; a figure shows 1 to 6 rows of 64")
    if not ((ink >= 0) & (ink <= 1)).all():
        raise ValueError("`pictures` must hold ink from 0 to 1")
    truth = [int(label) for label in labels]
    called = [f"a {label}" for label in truth] if names is None else list(names)
    if not len(ink) == len(truth) == len(called):
        raise ValueError("`pictures`, `labels` and `names` must be of one length")
    if not all(0 <= label <= 9 for label in truth):
        raise ValueError(f"`labels` must be digits from 0 to 9, not {truth}")

    layers = [array.round(2) for array in network.parameters()]
    ink = (16 * ink).round()
    rows = []
    for name, label, probs in zip(called, truth, probabilities(layers, ink), strict=True):
        guess = int(probs.argmax())
        bits = float(information.surprisal(probs[label]))
        rows.append((name, str(label), str(guess), number(probs[guess]), number(bits)))
    first, true_digit, best, prob, owed = rows[0]
    params: dict[str, Any] = {
        "layers": [array.tolist() for array in layers],
        "pictures": ink.astype(int).tolist(),
        "labels": truth,
        "names": called,
    }
    return Explorable(
        kind="digit-pixels",
        params=params,
        title="What the network owes for a picture",
        columns=["picture", "true digit", "guess", "probability of the guess", "bits owed"],
        rows=rows,
        says=(
            f"For {first}, the network's guess is {best} with probability {prob}; "
            f"the true digit, {true_digit}, costs {owed} bits."
        ),
    )


def probabilities(layers: Sequence[Array], ink: Array) -> Array:
    """What the network makes of pictures whose ink is counted in sixteenths."""
    w1, b1, w2, b2 = layers
    return activations.softmax(np.maximum(ink / 16 @ w1 + b1, 0) @ w2 + b2)
