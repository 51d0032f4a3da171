"""Each mistake in a slope of squared error is told, and whoever is right is told so."""

import math

import numpy as np
import pytest

from xent_lib import activations, checks


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_differences(z, y, h=1e-5):
    return ((sigmoid(z + h) - y) ** 2 - (sigmoid(z - h) - y) ** 2) / (2 * h)


def softmax(logits):
    weights = np.exp(np.asarray(logits) - np.max(logits))
    return weights / weights.sum()


def parts(logits, label):
    q = softmax(logits)
    return q, q - np.eye(len(q))[label]


def by_jacobian(logits, label):
    q, r = parts(logits, label)
    return (np.diag(q) - np.outer(q, q)) @ r


def by_library(logits, label):
    return activations.softmax_jvp(logits, parts(logits, label)[1])


def by_loop(logits, label):
    q = [math.exp(z) / sum(math.exp(other) for other in logits) for z in logits]
    r = [q[k] - (1 if k == label else 0) for k in range(len(q))]
    mean = sum(q[k] * r[k] for k in range(len(q)))
    return [q[k] * (r[k] - mean) for k in range(len(q))]


def with_parts(formula):
    return lambda logits, label: formula(*parts(logits, label))


RIGHT = [
    (checks.squared_error_slope, lambda z, y: 2 * (sigmoid(z) - y) * sigmoid(z) * sigmoid(-z)),
    (checks.squared_error_slope, by_differences),
    (
        checks.squared_error_slope,
        lambda logit, label: 2 * (sigmoid(logit) - label) * activations.sigmoid_grad(logit),
    ),
    (checks.softmax_squared_error_gradient, by_jacobian),
    (checks.softmax_squared_error_gradient, by_library),
    (checks.softmax_squared_error_gradient, by_loop),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


def of(formula):
    return lambda z, y: formula(sigmoid(z), y)


TOLD = {
    checks.squared_error_slope: [
        (of(lambda q, y: 2 * (q - y)), "That is the slope by q."),
        (of(lambda q, y: q - y), "q − y is the slope of cross-entropy."),
        (of(lambda q, y: (y - q) ** 2), "That is the loss itself"),
        (of(lambda q, y: 2 * (q - y) * q), "its second half is missing"),
        (of(lambda q, y: 2 * (q - y) * (1 - q)), "its first half is missing"),
        (of(lambda q, y: q * (1 - q)), "the slope of the sigmoid alone"),
        (lambda z, y: 2 * (z - y) * z * (1 - z), "You took the logit for the probability"),
        (lambda z, y: 2 * (z - y), "The sigmoid is missing"),
        (
            of(lambda q, y: 2 * (q - y) * activations.sigmoid_grad(q)),
            "You took the sigmoid twice",
        ),
        (of(lambda q, y: 2 * (q - 1 + y) * q * (1 - q)), "The labels are turned round"),
        (of(lambda q, y: 2 * (y - q) * q * (1 - q)), "The sign is turned round"),
        (of(lambda q, y: (q - y) * q * (1 - q)), "The factor 2 is missing"),
        (of(lambda q, y: 4 * (q - y) * q * (1 - q)), "a factor 2 too many"),
        (
            of(lambda q, y: (y - q) * q * (1 - q)),
            "Two things. The sign is turned round: the slope has prediction minus label, q − y. "
            "The factor 2 is missing",
        ),
        (of(lambda q, y: 2 * (y - q)), "Two things. That is the slope by q."),
    ],
    checks.softmax_squared_error_gradient: [
        (with_parts(lambda q, r: r), "the gradient by the probabilities"),
        (with_parts(lambda q, r: q * (1 - q) * r), "a sigmoid of its own"),
        (with_parts(lambda q, r: q * r), "The common part is missing"),
        (with_parts(lambda q, r: r - q @ r), "The factor q in front is missing"),
        (with_parts(lambda q, r: q * r - q @ r), "multiplies both parts"),
        (with_parts(lambda q, r: r**2), "the squared residuals, not their slopes"),
        (lambda logits, label: -by_jacobian(logits, label), "The sign is turned round"),
        (lambda logits, label: by_jacobian(logits, label) / 2, "a factor ½ too many"),
        (lambda logits, label: 2 * by_jacobian(logits, label), "a factor 2 too many"),
        (with_parts(lambda q, r: np.sum(r**2)), "where one number for each of the inputs"),
    ],
}
