"""Gradient descent on three flowers of Iris: a network small enough to see every weight."""

import numpy as np
from numpy.typing import ArrayLike

from xent_lib import losses, networks
from xent_lib.explorables._figure import Explorable, number

SPECIES = ["setosa", "versicolor", "virginica"]
FLOWERS = np.array([[0.04, 0.42], [1.00, 0.54], [0.50, 0.37]])  # petal and sepal width, 0 to 1
LABELS = np.array([0, 2, 1])
RATE = 0.1
RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0]
SHOWN = [0, 1, 100]  # the steps that the table tells


def three_flower_network() -> networks.Sequential:
    """The network of the worked example: 2 inputs, 2 ReLU nodes, 3 raw outputs, 15 numbers."""
    hidden, output = networks.Dense(2, 2), networks.Dense(2, 3)
    hidden.weights[:] = [[-2.5, -1.5], [0.6, 0.4]]
    hidden.bias[:] = [1.6, 0.7]
    output.weights[:] = [[-0.1, 2.4, -2.2], [1.5, -5.2, 3.7]]
    output.bias[:] = [0.0, 0.0, 1.0]
    return networks.Sequential(hidden, networks.ReLU(), output)


def iris_descent(flowers: ArrayLike | None = None, labels: ArrayLike | None = None) -> Explorable:
    """Step down the mean cross-entropy of three flowers, and watch every weight move.

    Parameters
    ----------
    flowers : array_like, shape (N, 2), optional
        Petal and sepal widths, scaled from 0 to 1: a second set to train on, such as all of Iris.
    labels : array_like of int, shape (N,), optional
        Their species: 0 setosa, 1 versicolor, 2 virginica.

    Examples
    --------
    >>> iris_descent()
    Three flowers go downhill
    <BLANKLINE>
    flower      its probability  cost, nats  after 1 step  after 100
    setosa                0.568      0.5662        0.7472     0.0660
    virginica             0.576      0.5514        0.5525     0.2286
    versicolor            0.518      0.6573        0.2879     0.1304
    together                         1.7750        1.5876     0.4250
    <BLANKLINE>
    The three flowers cost 1.7750 nats together; after 100 steps at a rate of 0.1, 0.4250 nats.
    """
    more = None
    if flowers is not None:
        points, species = np.asarray(flowers, dtype=float), np.asarray(labels)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"`flowers` must have the shape (N, 2), not {points.shape}")
        if species.shape != points.shape[:1] or not np.isin(species, [0, 1, 2]).all():
            raise ValueError(f"`labels` must be one of 0, 1, 2 for each of {len(points)} flowers")
        more = {"x": points.tolist(), "y": species.tolist()}

    network = three_flower_network()
    start = [array.tolist() for array in network.parameters()]
    descent = networks.SGD(network, learning_rate=RATE)
    costs = {}
    for step in range(max(SHOWN) + 1):
        logits = network.forward(FLOWERS)
        costs[step] = losses.sparse_softmax_cross_entropy(LABELS, logits, reduction="none")
        network.backward(losses.sparse_softmax_cross_entropy_and_grad(LABELS, logits)[1])
        descent.step()

    rows = [
        (
            SPECIES[label],
            number(np.exp(-costs[0][i])),
            *(number(costs[step][i], 4) for step in SHOWN),
        )
        for i, label in enumerate(LABELS)
    ]
    totals = [number(costs[step].sum(), 4) for step in SHOWN]
    return Explorable(
        kind="iris-descent",
        params={
            "species": SPECIES,
            "x": FLOWERS.tolist(),
            "y": LABELS.tolist(),
            "more": more,
            "start": start,
            "rate": RATE,
            "rates": RATES,
        },
        title="Three flowers go downhill",
        columns=["flower", "its probability", "cost, nats", "after 1 step", "after 100"],
        rows=[*rows, ("together", "", *totals)],
        says=(
            f"The three flowers cost {totals[0]} nats together; "
            f"after 100 steps at a rate of {RATE}, {totals[-1]} nats."
        ),
    )
