"""Each mistake in a likelihood is told to whoever makes it, and whoever is right is told so."""

import math

import numpy as np
import pytest

from xent_lib import checks


def given(tosses, q):
    return np.where(tosses == 1, q, 1 - q)


def loop_log_likelihood(tosses, q):
    total = 0
    for toss in tosses:
        prob = q if toss == 1 else 1 - q
        if prob == 0:
            return -math.inf
        total += math.log(prob)
    return total


def returns_in_the_loop(tosses, q):
    for toss in tosses:
        return np.log(q if toss == 1 else 1 - q)


def by_formula(labels, probs):
    return -np.mean(labels * np.log(probs) + (1 - labels) * np.log(1 - probs))


def brackets_forgotten(labels, probs):
    """The minus reaches only the first of the two terms."""
    return np.mean(-labels * np.log(probs) + (1 - labels) * np.log(1 - probs))


def height(tosses, q):
    return np.log(given(tosses, q)).sum()


RIGHT = [
    (checks.log_likelihood, height),
    (checks.log_likelihood, loop_log_likelihood),
    (checks.log_likelihood_slope, lambda tosses, q: np.sum(tosses / q - (1 - tosses) / (1 - q))),
    (
        checks.log_likelihood_slope,
        lambda tosses, q: len(tosses) * (np.mean(tosses) - q) / (q * (1 - q)),
    ),
    (
        checks.log_likelihood_slope,
        lambda tosses, q: sum(1 / q if toss else -1 / (1 - q) for toss in tosses),
    ),
    (checks.log_loss, lambda labels, probs: -np.log(np.where(labels, probs, 1 - probs)).mean()),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


NATS_TOLD = "You used log2, which gives bits; this asks for nats."

TOLD = {
    checks.log_likelihood: [
        (lambda tosses, q: np.prod(given(tosses, q)), "That is the likelihood itself"),
        (lambda tosses, q: np.log(given(tosses, q)).mean(), "do not divide by the number"),
        (lambda tosses, q: -np.log(given(tosses, q)).sum(), "*negative* log-likelihood"),
        (lambda tosses, q: -np.log(given(tosses, q)).mean(), "Two things. That is the mean for"),
        (lambda tosses, q: np.log2(given(tosses, q)).sum(), NATS_TOLD),
        (lambda tosses, q: np.log10(given(tosses, q)).sum(), "You used log10"),
        (lambda tosses, q: np.sum(tosses * np.log(q)), "Only the heads are counted"),
        (lambda tosses, q: len(tosses) * np.log(q), "Every toss is counted as heads"),
        (lambda tosses, q: height(tosses, 1 - q), "Heads and tails are swapped"),
        (lambda tosses, q: np.log(given(tosses, q).sum()), "took the log of the sum"),
        (lambda tosses, q: 7 * np.log(q) + 3 * np.log(1 - q), "You counted 7 heads and 3 tails"),
        (returns_in_the_loop, "does `return` stand in the loop?"),
        (
            lambda tosses, q: np.log(np.prod(given(tosses, q))),
            "becomes 0 before its log is taken. Add up logs.",
        ),
        (
            lambda tosses, q: sum(tosses) * np.log(q) + sum(1 - tosses) * np.log(1 - q),
            "What had to come costs nothing.",
        ),
        (lambda tosses, q: np.log(given(tosses, q).clip(1e-12)).sum(), "impossible what came"),
        (lambda tosses, q: sum(map(math.log, given(tosses, q))), "does not take 0. `-inf` is"),
    ],
    checks.log_likelihood_slope: [
        (lambda tosses, q: np.sum(tosses / q + (1 - tosses) / (1 - q)), "has a minus"),
        (lambda tosses, q: np.sum(tosses / q), "Only the heads are counted"),
        (
            lambda tosses, q: np.sum((1 - tosses) / q - tosses / (1 - q)),
            "Heads and tails are swapped",
        ),
        (lambda tosses, q: np.mean(tosses / q - (1 - tosses) / (1 - q)), "for one toss, the mean"),
        (lambda tosses, q: np.mean(tosses) - q, "has the right sign"),
        (lambda tosses, q: np.sum(tosses - q), "The division by q(1 − q) is missing"),
        (lambda tosses, q: np.mean(tosses) - q, "The slope is n times that"),
        (
            lambda tosses, q: np.prod(given(tosses, q)) * np.sum((tosses - q) / (q * (1 - q))),
            "the slope of the likelihood",
        ),
        (lambda tosses, q: 7 / q - 3 / (1 - q), "Count those of `tosses`"),
        (height, "the height of the curve, not its slope"),
        (
            lambda tosses, q: (height(tosses, q + 0.001) - height(tosses, q)) / 0.001,
            "rise over run with a short step",
        ),
        (
            lambda tosses, q: (height(tosses, q + 1e-6) - height(tosses, q)) / 1e-6,
            "rise over run with a short step",
        ),
        (lambda tosses, q: np.sum((q - tosses) / (q * (1 - q))), "The sign is turned round"),
        (
            lambda tosses, q: np.mean((q - tosses) / (q * (1 - q))),
            "Two things. That is the slope for one toss",
        ),
        (
            lambda tosses, q: np.sum((tosses - q) / (q * (1 - q))) / np.log(2),
            "That is the slope in bits",
        ),
    ],
    checks.log_loss: [
        (lambda labels, probs: -np.log(given(labels, probs)).sum(), "That is the sum over the"),
        (lambda labels, probs: -np.mean(labels * np.log(probs)), "Only the examples with label 1"),
        (lambda labels, probs: -np.mean(np.log(probs)), "as if its label were 1"),
        (lambda labels, probs: by_formula(1 - labels, probs), "of what did *not* come"),
        (lambda labels, probs: by_formula(probs, labels), "labels and probabilities swapped"),
        (lambda labels, probs: np.prod(given(labels, probs)), "That is the likelihood, a product"),
        (lambda labels, probs: -np.log(given(labels, probs).mean()), "Take the logs first"),
        (lambda labels, probs: 1 - given(labels, probs).mean(), "You took 1 − q for the surprise"),
        (lambda labels, probs: np.mean((labels - probs) ** 2), "That is the mean squared error"),
        (lambda labels, probs: np.mean((probs > 0.5) == labels), "the share of right guesses"),
        (lambda labels, probs: -np.log2(given(labels, probs)).mean(), NATS_TOLD),
        (lambda labels, probs: -np.log10(given(labels, probs)).mean(), "You used log10"),
        (lambda labels, probs: np.log(given(labels, probs)).mean(), "The minus is missing"),
        (
            lambda labels, probs: -np.log2(given(labels, probs)).sum(),
            "Two things. That is the sum over the examples.",
        ),
        (by_formula, "0·log 0 counts as 0"),
        (
            lambda labels, probs: -np.log(given(labels, probs).clip(1e-15)).mean(),
            "that hides the infinity",
        ),
        (brackets_forgotten, "With `labels = [1, 0, 1]`, `probs = [0.8, 0.3, 0.6]` it gave"),
    ],
}
