"""Exercises on backpropagation: the mask of ReLU, and the slopes of the weights of two layers.

Arrays have one row an example, and weights one row an input, as in `xent_lib.networks`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from xent_lib.checks._engine import Case, Function, Result, Table, check

Array = npt.NDArray[np.float64]
Rows = list[list[float]]

NO_SLOPE_AT_ZERO = "At 0 there is a corner. The book, like the libraries, takes the slope 0 there."


def _rows(rng: np.random.Generator, *shape: int) -> Any:
    """Numbers in hundredths, none of them 0, as lists."""
    return ((rng.integers(1, 300, shape) * rng.choice([-1, 1], shape)) / 100).tolist()


def relu_backward(function: Any) -> Result:
    """Check a function that takes a gradient back through ReLU.

    It is called with the gradient of the loss for what ReLU gave out, and with what ReLU got.

    Examples
    --------
    >>> relu_backward(lambda grad, a: grad)
    ✗ Not yet. The mask is missing: where ReLU gave out 0, nothing may flow back.
    >>> relu_backward(lambda grad, a: grad * (a > 0))
    ✓ Right: tried on 6 ordinary and 3 special inputs.
    """
    rng = np.random.default_rng(1986)
    cases = [
        Case(([[2.0, -1.0], [3.0, 0.5]], [[1.5, -0.5], [-2.0, 0.25]])),
        *(
            Case((_rows(rng, n, k), _rows(rng, n, k)))
            for n, k in [(1, 3), (3, 2), (4, 4), (2, 5), (6, 3)]
        ),
        Case(([[5.0, 7.0]], [[0.0, 1.0]]), "ReLU got exactly 0", NO_SLOPE_AT_ZERO),
        Case(([[5.0, 7.0]], [[-1.0, -2.0]]), "every node is off", "Then nothing flows back."),
        Case(([[0.0, -4.0]], [[1.0, 2.0]]), "every node is on", "Then all of it flows back."),
    ]

    def back(factor: Function) -> Function:
        return lambda grad, a: np.array(grad) * factor(np.array(grad), np.array(a))

    mistakes: Table = [
        (
            back(lambda grad, a: 1.0),
            "The mask is missing: where ReLU gave out 0, nothing may flow back.",
        ),
        (
            back(lambda grad, a: a < 0),
            "The mask is turned round: the gradient passes where ReLU is *on*, at a > 0.",
        ),
        (
            back(lambda grad, a: grad > 0),
            "You looked at the sign of the gradient. The mask comes from what ReLU got, `a`: a "
            "gradient below 0 passes as well as any.",
        ),
        (
            back(lambda grad, a: (grad > 0) & (a > 0)),
            "The mask comes from `a` alone: a gradient below 0 passes where ReLU is on.",
        ),
        (
            back(lambda grad, a: np.maximum(a, 0)),
            "You multiplied by what ReLU gave out. Its *slope* is asked for: 1 where it is on.",
        ),
        (back(lambda grad, a: a), "You multiplied by `a`: multiply by the slope, 1 or 0."),
        *(
            (
                lambda grad, a, kind=kind: (np.array(a) > 0).astype(kind),
                "That is the mask alone: the gradient that came is still to be multiplied by it.",
            )
            for kind in (bool, float)
        ),
        (
            lambda grad, a: np.maximum(a, 0),
            "That is ReLU itself, the way forward.",
        ),
        (
            back(lambda grad, a: np.sign(a)),
            "Where ReLU is off its slope is 0, not −1.",
        ),
    ]

    def truth(grad: Rows, a: Rows) -> Array:
        return np.where(np.array(a) > 0, grad, 0.0)

    return check(function, truth, cases, mistakes)


def output_weights_gradient(function: Any) -> Result:
    """Check a function for the slopes of the weights of the last layer, under the mean loss.

    It is called with the hidden values, the probabilities and the labels of a batch.

    Examples
    --------
    >>> import numpy as np
    >>> output_weights_gradient(lambda h, probs, labels: h.T @ (probs - np.eye(3)[labels]))
    ✗ Not yet. That is the slope of the sum of the losses; the mean is asked for: divide by N.
    """
    rng = np.random.default_rng(1987)

    def batch(n: int, nodes: int) -> Case:
        probs = (rng.multinomial(17, np.ones(3) / 3, n) + 1) / 20
        labels = [0, 2, 1, *map(int, rng.integers(3, size=n))][:n]
        return Case((np.abs(_rows(rng, n, nodes)).tolist(), probs.tolist(), labels))

    off = [[0.0, 0.0], [0.5, 2.0]]
    cases = [
        batch(3, 2),
        *(batch(n, nodes) for n, nodes in [(2, 3), (4, 3), (5, 2), (6, 4)]),
        batch(1, 2),
        Case(
            (off, [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]], [2, 0]),
            "every node is off for one flower",
            "That flower moves no weight here, but it is one of the N.",
        ),
        Case(
            ([[1.0, 2.0]], [[0.0, 1.0, 0.0]], [1]),
            "the forecast is certain and right",
            "Then there is nothing to learn.",
        ),
    ]

    def error(probs: Rows, labels: list[int]) -> Any:
        return np.array(probs) - np.eye(3)[np.array(labels, dtype=int)]

    def truth(hidden: Rows, probs: Rows, labels: list[int]) -> Any:
        return np.array(hidden).T @ error(probs, labels) / len(labels)

    mistakes: Table = [
        (
            lambda h, q, y: truth(h, q, y) * len(y),
            "That is the slope of the sum of the losses; the mean is asked for: divide by N.",
        ),
        (
            lambda h, q, y: -truth(h, q, y),
            "The sign is turned round: it is probs − y, not y − probs.",
        ),
        (
            lambda h, q, y: -truth(h, q, y) * len(y),
            "Two things. The sign is turned round: it is probs − y. And divide by N for the mean.",
        ),
        (
            lambda h, q, y: truth(h, q, y).T,
            "It is transposed: one row for each hidden node, one column for each species.",
        ),
        (
            lambda h, q, y: truth(h, q, y).T * len(y),
            "Two things. It is transposed: one row for each hidden node. And divide by N.",
        ),
        (
            lambda h, q, y: np.array(h).T @ np.array(q) / len(y),
            "The labels are missing: take 1 from the probability of the true species.",
        ),
        (
            lambda h, q, y: np.array(h).T @ (np.eye(3)[y] * error(q, y)) / len(y),
            "Only the true species is counted. The wrong ones had probability too, and their "
            "weights must fall.",
        ),
        (
            lambda h, q, y: truth(h, q, y) / 3,
            "You divided by the number of species too: divide by the number of flowers only.",
        ),
        (
            lambda h, q, y: truth(h, q, y) * len(y) / len(h[0]),
            "You divided by the number of nodes: divide by the number of flowers.",
        ),
        (
            lambda h, q, y: error(q, y).mean(axis=0),
            "That is the slope of the biases. For a weight, multiply by what comes in, the hidden "
            "value.",
        ),
        (
            lambda h, q, y: np.array(h).T @ -np.log(q) / len(y),
            "There is no logarithm in the slope: softmax and log together leave probs − y.",
        ),
    ]
    return check(function, truth, cases, mistakes)


def hidden_weights_gradient(function: Any) -> Result:
    """Check a function for the slopes of the first weights, from the slopes of the logits.

    It is called with the inputs, what ReLU got, the weights of the last layer, and the slopes of
    the loss for the logits, which hold the 1/N already.

    Examples
    --------
    >>> hidden_weights_gradient(lambda x, a, w2, dz: x.T @ (dz @ w2.T))
    ✗ Not yet. The mask of ReLU is missing: nothing flows back through a node that is off.
    """
    rng = np.random.default_rng(1988)

    def batch(n: int, inputs: int, nodes: int, classes: int, special: str = "") -> Case:
        sizes = [(n, inputs), (n, nodes), (nodes, classes), (n, classes)]
        return Case(tuple(_rows(rng, *size) for size in sizes), special)

    cases = [
        # As many nodes as classes: transposed weights then fit, and can be told by their answer.
        *(batch(*sizes) for sizes in [(1, 2, 2, 2), (3, 2, 3, 3), (4, 3, 3, 3), (5, 4, 2, 2)]),
        batch(3, 2, 2, 3, "2 nodes and 3 species"),
        batch(4, 2, 5, 3, "5 nodes and 3 species"),
        Case(
            ([[1.0, 2.0]], [[0.0, 3.0]], [[1.0, 2.0], [4.0, 8.0]], [[0.5, 0.25]]),
            "ReLU got exactly 0 at one node",
            NO_SLOPE_AT_ZERO,
        ),
        Case(
            ([[1.0, 2.0]], [[-1.0, -2.0]], [[1.0, 2.0], [4.0, 8.0]], [[0.5, 0.25]]),
            "every node is off",
            "Then no weight of the first layer has a slope.",
        ),
    ]

    def through(x: Rows, mask: Any, w2: Any, dz: Rows) -> Any:
        return np.array(x).T @ (np.array(dz) @ np.array(w2).T * mask)

    def on(a: Rows) -> Any:
        return np.array(a) > 0

    def truth(x: Rows, a: Rows, w2: Rows, dz: Rows) -> Any:
        return through(x, on(a), w2, dz)

    mistakes: Table = [
        (
            lambda x, a, w2, dz: through(x, 1, w2, dz),
            "The mask of ReLU is missing: nothing flows back through a node that is off.",
        ),
        (
            lambda x, a, w2, dz: through(x, ~on(a), w2, dz),
            "The mask is turned round: the gradient passes where ReLU is *on*, at a > 0.",
        ),
        (
            lambda x, a, w2, dz: through(x, np.maximum(a, 0), w2, dz),
            "You multiplied by what ReLU gave out; multiply by its slope, 1 where it is on.",
        ),
        (
            lambda x, a, w2, dz: through(x, on(a), np.transpose(w2), dz),
            "The weights stand the wrong way round: going back, it is `w2.T`.",
        ),
        (
            lambda x, a, w2, dz: through(x, 1, np.transpose(w2), dz),
            "Two things. The weights stand the wrong way round: it is `w2.T`. And the mask of ReLU "
            "is missing.",
        ),
        (
            lambda x, a, w2, dz: through(x, on(a), np.eye(len(w2)), dz),
            "The weights are missing: what a node did to the logits it did through `w2`.",
        ),
        (
            lambda x, a, w2, dz: truth(x, a, w2, dz).T,
            "The result is transposed: one row for each input, one column for each hidden node.",
        ),
        (
            lambda x, a, w2, dz: truth(x, a, w2, dz) / len(x),
            "You divided by N once more: the slopes of the logits hold the 1/N already.",
        ),
        (
            lambda x, a, w2, dz: through(x, 1, w2, dz) / len(x),
            "Two things. The mask of ReLU is missing. And the 1/N is already in the slopes of the "
            "logits.",
        ),
        (lambda x, a, w2, dz: -truth(x, a, w2, dz), "The sign is turned round."),
        (
            lambda x, a, w2, dz: np.maximum(a, 0).T @ np.array(dz),
            "That is the slope of the weights of the *last* layer.",
        ),
        (
            lambda x, a, w2, dz: (np.array(dz) @ np.array(w2).T * on(a)).sum(axis=0),
            "That is the slope of the biases. For a weight, multiply by what comes in, the input.",
        ),
        (
            lambda x, a, w2, dz: np.array(dz) @ np.array(w2).T * on(a),
            "That is the slope for what ReLU got, flower by flower. Multiply by the inputs: "
            "`x.T @ ...`.",
        ),
    ]
    return check(function, truth, cases, mistakes)
