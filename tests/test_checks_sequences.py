"""Each mistake with rows of symbols is told, and whoever is right is told so."""

import itertools

import numpy as np
import pytest

from xent_lib import checks


def probs_of(name, q):
    text = "." + name + "."
    return np.array([q.get(a + b, 0) for a, b in itertools.pairwise(text)])


def searched(q, u):
    place = int(np.searchsorted(np.cumsum(q), u, side="right"))
    return min(place, int(np.flatnonzero(q)[-1]))


RIGHT = [
    (checks.name_bits, lambda name, q: -np.log2(probs_of(name, q)).sum()),
    (
        checks.added_shares,
        lambda counts, a: (
            (counts + a) / (counts + a).sum()
            if (counts + a).any()
            else np.full(len(counts), 1 / len(counts))
        ),
    ),
    (
        checks.names_perplexity,
        lambda bits, letters: np.exp(bits.sum() * np.log(2) / (letters + 1).sum()),
    ),
    (checks.drawn_place, searched),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.name_bits: [
        (lambda name, q: -np.log2(probs_of(name, q)[1:-1]).sum(), "put a dot before"),
        (lambda name, q: -np.log2(probs_of(name, q)[:-1]).sum(), "The end is missing"),
        (lambda name, q: -np.log2(probs_of(name, q)[1:]).sum(), "The first letter is missing"),
        (lambda name, q: -np.log2(probs_of(name, q)).mean(), "the mean for a symbol"),
        (lambda name, q: probs_of(name, q).prod(), "the probability of the name"),
        (lambda name, q: -np.log(probs_of(name, q)).sum(), "which gives nats"),
        (lambda name, q: np.log2(probs_of(name, q)).sum(), "The sign is missing"),
        (lambda name, q: -np.log2(probs_of(name, q).sum()), "You added the probabilities"),
        (
            lambda name, q: -np.log2(np.maximum(probs_of(name, q), 1e-9)).sum(),
            "a pair with probability 0",
        ),
    ],
    checks.added_shares: [
        (lambda counts, a: (counts + a) / counts.sum(), "do not sum to 1"),
        (lambda counts, a: (counts + a) / (counts.sum() + a), "an amount for *each* symbol"),
        (lambda counts, a: counts / counts.sum(), "the amount is missing"),
        (lambda counts, a: (counts + 1) / (counts + 1).sum(), "You added 1"),
        (
            lambda counts, a: (counts[counts > 0] + a) / (counts[counts > 0] + a).sum(),
            "never came are possible",
        ),
        (
            lambda counts, a: np.where(counts, counts, a) / np.where(counts, counts, a).sum(),
            "also one that is not 0",
        ),
        (lambda counts, a: counts + a, "divide by their sum"),
        (lambda counts, a: (counts + a) / (counts + a).sum(), "nothing is added"),
    ],
    checks.names_perplexity: [
        (lambda bits, letters: 2 ** (bits.sum() / letters.sum()), "The end marks are symbols"),
        (lambda bits, letters: 2 ** bits.mean(), "That is for a name"),
        (lambda bits, letters: 2 ** (bits / (letters + 1)).mean(), "You averaged over names"),
        (lambda bits, letters: (2 ** (bits / (letters + 1))).mean(), "averaged perplexities"),
        (lambda bits, letters: bits.sum() / (letters + 1).sum(), "That is bits per symbol"),
        (lambda bits, letters: np.exp(bits.sum() / (letters + 1).sum()), "not of e"),
        (lambda bits, letters: 2 ** (bits.sum() / (letters.sum() + 1)), "not only the last"),
    ],
    checks.drawn_place: [
        (lambda q, u: np.argmax(q), "nothing is drawn"),
        (lambda q, u: searched(q, u) + 1, "One too far"),
        (lambda q, u: np.argmin(np.abs(q - u)), "the probability nearest to u"),
        (lambda q, u: np.argmax(u < q), "with single probabilities"),
        (lambda q, u: int(u * len(q)), "a part of the same length"),
        (lambda q, u: len(q) - 1 - searched(q[::-1], u), "right-hand end"),
        (lambda q, u: max((np.cumsum(q) <= u).sum() - 1, 0), "One too early"),
        (lambda q, u: min(np.searchsorted(np.cumsum(q), u), len(q) - 1), "u at a border"),
        (lambda q, u: np.searchsorted(np.cumsum(q), u, side="right"), "u just below 1"),
    ],
}
