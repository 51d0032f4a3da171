"""Exercises on gradients: of the loss along the logits, and along the weights of a regression."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from xent_lib._validation import Array
from xent_lib.checks._activations import OVERFLOW, random_logits
from xent_lib.checks._engine import Case, Result, Table, check

PER_EXAMPLE = "Divide by the number of examples, N, and by nothing else: it is a mean over them."
BIAS = "You left out the bias when you made the logits."
SIGN = "That is y − q. It points downhill, the way to step; the gradient is q − y."
ONLY_Q = "The label is missing: that is q, where q − y is asked for."
SUM = "That is the sum over the examples: the loss is their *mean*, so divide by N."


def _softmax(logits: Array, axis: int | None = -1) -> Array:
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def _sigmoid(logits: Array) -> Array:
    return np.asarray((1 + np.tanh(logits / 2)) / 2)


def _one_hot(labels: Sequence[int], classes: int) -> Array:
    return np.asarray(np.eye(classes)[labels])


def logit_gradient(function: Any) -> Result:
    """Check a function of logits and a label: the gradient of the loss along the logits.

    The loss is −ln of the probability that softmax gives to the label, a class counted from 0.

    Examples
    --------
    >>> import numpy as np
    >>> logit_gradient(lambda logits, label: np.exp(logits) / np.exp(logits).sum())
    ✗ Not yet. The label is missing: that is q, where q − y is asked for.
    """
    rng = np.random.default_rng(1986)
    sizes = (3, 4, 2, 5, 3)
    cases = [
        Case(([3.0, 2.0, 0.0], 2)),
        *(Case((random_logits(rng, size), int(rng.integers(1, size)))) for size in sizes),
        Case(([2.0, -1.0, 0.5], 0), "the label is the first class", "Classes are counted from 0."),
        Case(([0.0, 0.0], 1), "all logits are equal", "Then q is the same everywhere."),
        Case(([1000.0, 998.0], 1), "large logits", OVERFLOW),
    ]

    def truth(logits: list[float], label: int) -> Any:
        return _softmax(np.array(logits)) - _one_hot([label], len(logits))[0]

    def probs(logits: list[float]) -> Any:
        return _softmax(np.array(logits))

    def y(logits: list[float], label: int) -> Any:
        return _one_hot([label], len(logits))[0]

    def through_squares(logits: list[float], label: int) -> Any:
        q, miss = probs(logits), truth(logits, label)
        return 2 * q * (miss - q @ miss)

    mistakes: Table = [
        (lambda logits, label: -truth(logits, label), SIGN),
        (lambda logits, label: probs(logits), ONLY_Q),
        (
            lambda logits, label: probs(logits) - 1,
            "You took 1 off every class; y is 1 at the label alone.",
        ),
        (
            lambda logits, label: np.array(logits) - y(logits, label),
            "The softmax is missing: that is the logits minus y.",
        ),
        (
            lambda logits, label: _sigmoid(np.array(logits)) - y(logits, label),
            "That has a sigmoid for each logit; here one softmax takes them together.",
        ),
        (
            lambda logits, label: truth(logits, label) / len(logits),
            "You divided by the number of classes: the loss of one example is no mean over them.",
        ),
        (
            lambda logits, label: -y(logits, label) / probs(logits),
            "That is the gradient along the *probabilities*, −y/q. One more step of the chain rule "
            "leads to the logits.",
        ),
        (
            lambda logits, label: probs(logits)[label] - 1,
            "That is the slope along the label's logit alone: one for each logit is asked for.",
        ),
        (
            lambda logits, label: (probs(logits) - 1) * y(logits, label),
            "The other classes have a slope too: where y is 0 it is q.",
        ),
        (
            lambda logits, label: -math.log(probs(logits)[label]),
            "That is the loss itself; its slopes are asked for.",
        ),
        (
            lambda logits, label: probs(logits) - y(logits, label - 1),
            "The label is taken one class too early: classes are counted from 0.",
        ),
        (
            through_squares,
            "That is the gradient of the squared error; the loss here is the cross-entropy.",
        ),
    ]
    return check(function, truth, cases, mistakes)


def logistic_gradient(function: Any) -> Result:
    """Check a function of features, labels 0 and 1, weights and bias: the weights' gradient.

    The loss is the mean of the binary cross-entropies, and the logits are ``x @ weights + bias``.

    Examples
    --------
    >>> import numpy as np
    >>> logistic_gradient(lambda x, labels, weights, bias: x.T @ (x @ weights + bias - labels) / 3)
    ✗ Not yet. The sigmoid is missing: that fits a line to the labels.
    """
    rng = np.random.default_rng(1987)

    def case(examples: int, features: int, special: str = "", hint: str = "") -> Case:
        x = [random_logits(rng, features) for _ in range(examples)]
        labels = [1, 0, *rng.integers(0, 2, examples).tolist()][:examples]
        weights, bias = random_logits(rng, features), random_logits(rng, 1)[0] + 0.05
        return Case((x, labels, weights, bias), special, hint)

    cases = [
        *(case(3, 3) for _ in range(4)),
        case(5, 2, "more examples than features", PER_EXAMPLE),
        case(2, 4, "more features than examples", PER_EXAMPLE),
    ]

    def parts(x: Any, labels: Any, weights: Any, bias: float) -> tuple[Array, Array, Array, Array]:
        table = np.array(x)
        return table, np.array(labels), table @ np.array(weights), _sigmoid(table @ weights + bias)

    def truth(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        table, y, _, q = parts(x, labels, weights, bias)
        return table.T @ (q - y) / len(y)

    def no_bias(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        return truth(x, labels, weights, 0.0)

    def no_sigmoid(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        table, y, lines, _ = parts(x, labels, weights, bias)
        return table.T @ (lines + bias - y) / len(y)

    def squares(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        table, y, _, q = parts(x, labels, weights, bias)
        return table.T @ ((q - y) * q * (1 - q)) / len(y)

    def only_q(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        table, y, _, q = parts(x, labels, weights, bias)
        return table.T @ q / len(y)

    def rows(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        table, y, _, q = parts(x, labels, weights, bias)
        return table @ (q - y) / len(y)

    def of_bias(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        _, y, _, q = parts(x, labels, weights, bias)
        return np.mean(q - y)

    def misses(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        _, y, _, q = parts(x, labels, weights, bias)
        return q - y

    def flipped(x: Any, labels: Any, weights: Any, bias: float) -> Any:
        table, y, _, q = parts(x, labels, weights, bias)
        return table.T @ (q - (2 * y - 1)) / len(y)

    mistakes: Table = [
        (lambda *args: len(args[1]) * truth(*args), SUM),
        (lambda *args: -truth(*args), SIGN),
        (no_bias, BIAS),
        (lambda *args: len(args[1]) * no_bias(*args), f"Two things. {BIAS} {SUM}"),
        (
            no_sigmoid,
            "The sigmoid is missing: that fits a line to the labels.",
        ),
        (squares, "The factor q(1 − q) belongs to squared error: with cross-entropy it cancels."),
        (only_q, ONLY_Q),
        (
            rows,
            "The table is not turned: `x @ (q - y)` mixes the features of one example. Take "
            "`x.T @ (q - y)`, a sum over the examples for each feature.",
        ),
        (of_bias, "That is the slope along the bias; those along the weights are asked for."),
        (misses, "Those are the misses q − y: each still meets the features of its example."),
        (flipped, "The labels here are 0 and 1, not −1 and 1."),
        (lambda *args: -len(args[1]) * truth(*args), f"Two things. {SIGN} {SUM}"),
    ]
    return check(function, truth, cases, mistakes)


def softmax_regression_gradient(function: Any) -> Result:
    """Check a function of features, labels, weights and bias: the gradient along the weights.

    The loss is the mean of the cross-entropies, the logits are ``x @ weights + bias``, a row an
    example, and ``weights`` has a row for each feature and a column for each class.

    Examples
    --------
    >>> import numpy as np
    >>> def summed(x, labels, weights, bias):
    ...     powers = np.exp(x @ weights + bias)
    ...     q = powers / powers.sum(axis=1, keepdims=True)
    ...     return x.T @ (q - np.eye(len(bias))[labels])
    >>> softmax_regression_gradient(summed)
    ✗ Not yet. That is the sum over the examples: the loss is their *mean*, so divide by N.
    """
    rng = np.random.default_rng(1988)

    def case(n: int, features: int, classes: int, special: str = "", hint: str = "") -> Case:
        x = [random_logits(rng, features) for _ in range(n)]
        weights = [random_logits(rng, classes) for _ in range(features)]
        bias = [value + 0.05 for value in random_logits(rng, classes)]
        return Case((x, rng.integers(0, classes, n).tolist(), weights, bias), special, hint)

    shapes = "One row for each feature and one column for each class is asked for."
    cases = [
        *(case(3, 3, 3) for _ in range(4)),
        case(5, 2, 3, "more examples than features", PER_EXAMPLE),
        case(2, 3, 4, "more classes than examples", f"{PER_EXAMPLE} {shapes}"),
    ]

    def misses(x: Any, labels: Any, weights: Any, bias: Any, axis: int | None = -1) -> Array:
        logits = np.array(x) @ np.array(weights) + np.array(bias)
        return np.asarray(_softmax(logits, axis) - _one_hot(labels, len(bias)))

    def with_axis(axis: int | None) -> Any:
        return lambda x, labels, weights, bias: (
            np.array(x).T @ misses(x, labels, weights, bias, axis) / len(x)
        )

    truth_of = with_axis(-1)

    def truth(x: Any, labels: Any, weights: Any, bias: Any) -> Any:
        return truth_of(x, labels, weights, bias)

    def no_bias(x: Any, labels: Any, weights: Any, bias: Any) -> Any:
        return truth(x, labels, weights, np.zeros(len(bias)))

    def only_q(x: Any, labels: Any, weights: Any, bias: Any) -> Any:
        y = _one_hot(labels, len(bias))
        return np.array(x).T @ (misses(x, labels, weights, bias) + y) / len(x)

    def no_softmax(x: Any, labels: Any, weights: Any, bias: Any) -> Any:
        logits = np.array(x) @ np.array(weights) + np.array(bias)
        return np.array(x).T @ (logits - _one_hot(labels, len(bias))) / len(x)

    def turned(x: Any, labels: Any, weights: Any, bias: Any) -> Any:
        return np.array(x) @ misses(x, labels, weights, bias) / len(x)

    mistakes: Table = [
        (lambda *args: len(args[0]) * truth(*args), SUM),
        (lambda *args: -truth(*args), SIGN),
        (
            lambda *args: truth(*args) / len(args[3]),
            "You divided by N and by the number of classes, as `np.mean` over a whole table does: "
            "the mean is over the examples alone.",
        ),
        (
            with_axis(0),
            "The softmax runs down the columns: a row is one example, so take `axis=1`.",
        ),
        (with_axis(None), "The softmax runs over the whole table: each *row* has to sum to 1."),
        (no_bias, BIAS),
        (lambda *args: len(args[0]) * no_bias(*args), f"Two things. {BIAS} {SUM}"),
        (
            turned,
            "The table is not turned: `x @ (q - y)` mixes the features of one example. Take "
            "`x.T @ (q - y)`, a sum over the examples for each feature.",
        ),
        (
            lambda *args: truth(*args).T,
            "It is transposed: like `weights`, it has a row for each feature and a column for each "
            "class.",
        ),
        (
            lambda *args: misses(*args).mean(axis=0),
            "That is the gradient along the bias; the one along the weights is asked for.",
        ),
        (only_q, ONLY_Q),
        (no_softmax, "The softmax is missing: those are the logits minus y."),
        (lambda *args: -len(args[0]) * truth(*args), f"Two things. {SIGN} {SUM}"),
    ]
    return check(function, truth, cases, mistakes)
