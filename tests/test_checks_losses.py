"""Each mistake in a loss is told to whoever makes it, and whoever is right is told so."""

import math

import numpy as np
import pytest

from xent_lib import checks, losses


def taken(labels, probs):
    return probs[np.arange(len(labels)), labels]


def given(targets, probs):
    return np.where(targets == 1, probs, 1 - probs)


def sigmoid(gap):
    return 1 / (1 + np.exp(-gap))


def loop_sparse(labels, probs):
    total = 0
    for label, row in zip(labels, probs, strict=True):
        if row[label] == 0:
            return math.inf
        total += -math.log(row[label])
    return total / len(labels)


def one_hot_with_care(labels, probs):
    one_hot = np.eye(len(probs[0]))[labels]
    return -np.sum(np.log(np.where(one_hot == 1, probs, 1))) / len(labels)


RIGHT = [
    (checks.sparse_cross_entropy, lambda labels, probs: -np.log(taken(labels, probs)).mean()),
    (checks.sparse_cross_entropy, loop_sparse),
    (checks.sparse_cross_entropy, one_hot_with_care),
    (checks.multilabel_cross_entropy, lambda targets, probs: -np.log(given(targets, probs)).sum()),
    (checks.pairwise_logistic, lambda preferred, other: np.logaddexp(0, other - preferred)),
    (
        checks.pairwise_logistic,
        lambda preferred, other: np.logaddexp(preferred, other) - preferred,
    ),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


NATS_TOLD = "You used log2, which gives bits; this asks for nats."

TOLD = {
    checks.sparse_cross_entropy: [
        (lambda labels, probs: -np.log(taken(labels, probs)).sum(), "That is the sum over"),
        (lambda labels, probs: -np.log(probs[:, labels]).mean(), "Pair each row with"),
        (lambda labels, probs: -np.log(taken(labels - 1, probs)).mean(), "one place too early"),
        (lambda labels, probs: -np.log(probs.max(axis=1)).mean(), "the likeliest class"),
        (lambda labels, probs: -np.log(probs).mean(), "the mean over all classes"),
        (
            lambda labels, probs: -np.mean(np.eye(probs.shape[1])[labels] * np.log(probs)),
            "You divided by the number of classes too",
        ),
        (lambda labels, probs: -np.log(taken(labels, probs).mean()), "Take the logs first"),
        (lambda labels, probs: 1 - taken(labels, probs).mean(), "You took 1 − q for the surprise"),
        (lambda labels, probs: -np.log2(taken(labels, probs)).mean(), NATS_TOLD),
        (lambda labels, probs: -np.log10(taken(labels, probs)).mean(), "You used log10"),
        (lambda labels, probs: np.log(taken(labels, probs)).mean(), "The minus is missing"),
        (lambda labels, probs: -np.log(taken(labels, probs)), "where one number is asked for"),
        (
            lambda labels, probs: -np.log(taken(labels, probs).clip(1e-15)).mean(),
            "that hides the infinity",
        ),
        (
            lambda labels, probs: (
                -np.sum(np.eye(probs.shape[1])[labels] * np.log(probs)) / len(labels)
            ),
            "(another class has 0) it gave `nan`",
        ),
    ],
    checks.multilabel_cross_entropy: [
        (lambda targets, probs: -np.log(given(targets, probs)).mean(), "the mean over the labels"),
        (lambda targets, probs: -np.sum(targets * np.log(probs)), "Only the labels that are 1"),
        (lambda targets, probs: -np.log(given(1 - targets, probs)).sum(), "what is *not* so"),
        (lambda targets, probs: -np.log(probs).sum(), "as if it were 1"),
        (
            lambda targets, probs: -np.sum(targets * np.log(probs / probs.sum())),
            "You made the probabilities sum to 1",
        ),
        (lambda targets, probs: losses.multilabel_cross_entropy(targets, probs), "for logits"),
        (lambda targets, probs: np.prod(given(targets, probs)), "That is the likelihood"),
        (lambda targets, probs: -np.log2(given(targets, probs)).sum(), NATS_TOLD),
        (lambda targets, probs: -np.log10(given(targets, probs)).sum(), "You used log10"),
        (lambda targets, probs: np.log(given(targets, probs)).sum(), "The minus is missing"),
        (
            lambda targets, probs: -np.log2(given(targets, probs)).mean(),
            "Two things. That is the mean over the labels.",
        ),
        (
            lambda targets, probs: (
                -np.sum(targets * np.log(probs) + (1 - targets) * np.log(1 - probs))
            ),
            "0·log 0 counts as 0",
        ),
    ],
    checks.pairwise_logistic: [
        (lambda preferred, other: np.logaddexp(0, preferred - other), "The order is turned round"),
        (lambda preferred, other: max(0, 1 - (preferred - other)), "That is the hinge"),
        (lambda preferred, other: sigmoid(preferred - other), "probability of the right order"),
        (lambda preferred, other: 1 - sigmoid(preferred - other), "You took 1 − q"),
        (lambda preferred, other: np.exp(other - preferred), "The ln(1 + …) around"),
        (lambda preferred, other: np.logaddexp(0, -preferred), "Their *gap* counts"),
        (lambda preferred, other: (preferred - other) ** 2, "You squared the gap"),
        (lambda preferred, other: -np.log2(sigmoid(preferred - other)), NATS_TOLD),
        (lambda preferred, other: -np.log10(sigmoid(preferred - other)), "You used log10"),
        (lambda preferred, other: np.log(sigmoid(preferred - other)), "The minus is missing"),
        (
            lambda preferred, other: np.log(1 + np.exp(other - preferred)),
            "(far apart and the wrong way round) it gave `inf`, and `1000` is right.",
        ),
        (lambda preferred, other: math.log(1 + math.exp(other - preferred)), "`np.logaddexp(0,"),
    ],
}
