"""Each mistake with the votes of several people is told, and whoever is right is told so."""

import numpy as np
import pytest

from xent_lib import checks
from xent_lib.activations import softmax


def cost(votes, q):
    cast = votes > 0
    with np.errstate(divide="ignore"):
        return np.sum(votes[cast] * np.log2(1 / q[cast])) / np.sum(votes)


def hard(votes):
    return np.eye(len(votes))[np.argmax(votes)]


def combined(opinions, shares):
    return softmax(np.log(opinions).sum(axis=0) + (1 - len(opinions)) * np.log(shares))


def proportions(opinions, shares):
    return np.prod(opinions / shares, axis=0) * shares


RIGHT = [
    (checks.vote_loss, cost),
    (checks.vote_slope, lambda votes, logits: softmax(logits) - votes / votes.sum()),
    (checks.combined_opinions, combined),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.vote_loss: [
        (lambda votes, q: cost(votes, q) * votes.sum(), "the cost of all votes together"),
        (lambda votes, q: cost(votes, q) * votes.sum() / len(votes), "the number of classes"),
        (lambda votes, q: np.log2(1 / q[np.argmax(votes)]), "the majority alone"),
        (lambda votes, q: -np.sum(q * np.log2(votes / votes.sum())), "The roles are exchanged"),
        (lambda votes, q: cost(votes, votes / votes.sum()), "Where is the forecast?"),
        (lambda votes, q: cost(votes, q) - cost(votes, votes / votes.sum()), "the excess"),
        (lambda votes, q: np.mean(np.log2(1 / q)), "Each class counts the same"),
        (lambda votes, q: cost(votes, q) * np.log(2), "You used the natural log"),
        (lambda votes, q: -cost(votes, q), "The minus is missing"),
        (
            lambda votes, q: -np.sum(votes * np.log2(np.maximum(q, 1e-12))) / votes.sum(),
            "infinitely surprising",
        ),
    ],
    checks.vote_slope: [
        (lambda votes, logits: votes / votes.sum() - softmax(logits), "The slope points uphill"),
        (lambda votes, logits: softmax(logits), "Where are the votes?"),
        (lambda votes, logits: softmax(logits) - hard(votes), "a hard label"),
        (lambda votes, logits: softmax(logits) - votes, "You took off the counts"),
        (lambda votes, logits: votes.sum() * softmax(logits) - votes, "the sum over all votes"),
        (lambda votes, logits: logits - votes / votes.sum(), "go through softmax first"),
        (
            lambda votes, logits: (softmax(logits) - votes / votes.sum()) / len(votes),
            "You divided by the number of classes",
        ),
        (
            lambda votes, logits: (
                np.exp(logits) / np.exp(logits).sum() - votes / votes.sum()
                if logits.max() < 700
                else np.full(len(logits), np.nan)
            ),
            "large logits",
        ),
    ],
    checks.combined_opinions: [
        (lambda opinions, shares: opinions.mean(axis=0), "the average of the forecasts"),
        (
            lambda opinions, shares: softmax(np.log(opinions).sum(axis=0)),
            "You multiplied the forecasts alone",
        ),
        (
            lambda opinions, shares: softmax(np.log(opinions).sum(axis=0) + np.log(shares)),
            "did not divide each forecast",
        ),
        (
            lambda opinions, shares: softmax(np.log(opinions / shares).sum(axis=0)),
            "left out the shares themselves",
        ),
        (proportions, "do not sum to 1"),
        (lambda opinions, shares: np.log(proportions(opinions, shares)), "the logarithms"),
        (
            lambda opinions, shares: (
                proportions(opinions, shares) / proportions(opinions, shares).sum()
                if len(opinions) < 100
                else np.full(len(shares), np.nan)
            ),
            "add logarithms",
        ),
    ],
}
