"""The exercises on backpropagation: who is right, and each mistake by its name."""

import numpy as np
import pytest

from xent_lib import checks


def softmax_error(probs, labels):
    return probs - np.eye(3)[labels]


def by_loops(hidden, probs, labels):
    slopes = np.zeros((hidden.shape[1], 3))
    for h, q, label in zip(hidden, probs, labels, strict=True):
        for j in range(len(h)):
            for k in range(3):
                slopes[j, k] += h[j] * (q[k] - (k == label)) / len(labels)
    return slopes


def in_place_on_a_copy(grad, a):
    grad = grad.copy()
    grad[a <= 0] = 0
    return grad


def in_place(grad, a):
    grad[a <= 0] = 0
    return grad


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (checks.relu_backward, lambda grad, a: grad * (a > 0)),
        (checks.relu_backward, lambda grad, a: np.where(a > 0, grad, 0)),
        (checks.relu_backward, in_place_on_a_copy),
        (checks.output_weights_gradient, by_loops),
        (
            checks.output_weights_gradient,
            lambda h, probs, labels: h.T @ softmax_error(probs, labels) / len(labels),
        ),
        (checks.hidden_weights_gradient, lambda x, a, w2, dz: x.T @ (dz @ w2.T * (a > 0))),
        (
            checks.hidden_weights_gradient,
            lambda x, a, w2, dz: x.T @ np.where(a > 0, dz @ w2.T, 0.0),
        ),
    ],
)
def test_a_right_answer_passes(exercise, function):
    result = exercise(function)
    assert result.passed, result


TOLD = {
    checks.relu_backward: [
        (lambda grad, a: grad, "The mask is missing"),
        (lambda grad, a: grad * (a < 0), "The mask is turned round"),
        (lambda grad, a: grad * (grad > 0), "sign of the gradient"),
        (lambda grad, a: np.maximum(grad, 0), "sign of the gradient"),
        (lambda grad, a: np.maximum(grad * (a > 0), 0), "comes from `a` alone"),
        (lambda grad, a: grad * np.maximum(a, 0), "You multiplied by what ReLU gave out"),
        (lambda grad, a: grad * a, "You multiplied by `a`"),
        (lambda grad, a: a > 0, "That is the mask alone"),
        (lambda grad, a: 1.0 * (a > 0), "That is the mask alone"),
        (lambda grad, a: np.maximum(a, 0), "the way forward"),
        (lambda grad, a: grad * np.sign(a), "its slope is 0, not −1"),
        (
            lambda grad, a: grad * (a >= 0),
            "(ReLU got exactly 0) it gave `[[5, 7]]`, and `[[0, 7]]`",
        ),
        (in_place, "changes what it was given"),
    ],
    checks.output_weights_gradient: [
        (lambda h, q, y: h.T @ softmax_error(q, y), "divide by N"),
        (lambda h, q, y: h.T @ (np.eye(3)[y] - q) / len(y), "yet. The sign is turned round"),
        (lambda h, q, y: h.T @ (np.eye(3)[y] - q), "Two things. The sign is turned round"),
        (lambda h, q, y: softmax_error(q, y).T @ h / len(y), "yet. It is transposed"),
        (lambda h, q, y: softmax_error(q, y).T @ h, "Two things. It is transposed"),
        (lambda h, q, y: h.T @ q / len(y), "The labels are missing"),
        (
            lambda h, q, y: h.T @ (np.eye(3)[y] * softmax_error(q, y)) / len(y),
            "Only the true species is counted",
        ),
        (lambda h, q, y: h.T @ softmax_error(q, y) / q.size, "divided by the number of species"),
        (lambda h, q, y: h.T @ softmax_error(q, y) / h.shape[1], "by the number of nodes"),
        (lambda h, q, y: softmax_error(q, y).mean(axis=0), "slope of the biases"),
        (lambda h, q, y: h.T @ -np.log(q) / len(y), "no logarithm in the slope"),
        (
            lambda h, q, y: h.T @ softmax_error(q, y) / max(1, np.count_nonzero(h.sum(axis=1))),
            "but it is one of the N",
        ),
    ],
    checks.hidden_weights_gradient: [
        (lambda x, a, w2, dz: x.T @ (dz @ w2.T), "yet. The mask of ReLU is missing"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2.T * (a <= 0)), "The mask is turned round"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2.T * np.maximum(a, 0)), "what ReLU gave out"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2 * (a > 0)), "the wrong way round: going back"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2), "Two things. The weights stand the wrong way"),
        (lambda x, a, w2, dz: x.T @ (dz * (a > 0)), "The weights are missing"),
        (lambda x, a, w2, dz: (dz @ w2.T * (a > 0)).T @ x, "The result is transposed"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2.T * (a > 0)) / len(x), "divided by N once more"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2.T) / len(x), "Two things. The mask of ReLU"),
        (lambda x, a, w2, dz: -x.T @ (dz @ w2.T * (a > 0)), "The sign is turned round"),
        (lambda x, a, w2, dz: np.maximum(a, 0).T @ dz, "weights of the *last* layer"),
        (lambda x, a, w2, dz: (dz @ w2.T * (a > 0)).sum(axis=0), "slope of the biases"),
        (lambda x, a, w2, dz: dz @ w2.T * (a > 0), "flower by flower"),
        (lambda x, a, w2, dz: x.T @ (dz @ w2.T * (a >= 0)), "got exactly 0 at one node"),
    ],
}
