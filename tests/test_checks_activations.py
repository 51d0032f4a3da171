"""Each mistake in a sigmoid or softmax is told to whoever makes it; whoever is right is told so."""

import math

import numpy as np
import pytest
from scipy import special

from xent_lib import activations, checks


def naive(logits):
    return np.exp(logits) / np.exp(logits).sum()


def shifted(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def loop_softmax(logits):
    top = max(logits)
    powers = [math.exp(logit - top) for logit in logits]
    return [power / sum(powers) for power in powers]


def row_softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sigmoid_rows(logits):
    return 1 / (1 + np.exp(-logits))


def top_of_all(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1, keepdims=True)


def lse(logits):
    return logits.max() + np.log(np.exp(logits - logits.max()).sum())


def crossed(logits):
    sums = np.exp(logits).sum(axis=1)
    return np.exp(logits) / (sums if len(sums) == len(logits[0]) else sums[:, None])


RIGHT = [
    (checks.softmax, shifted),
    (checks.softmax, loop_softmax),
    (checks.softmax, special.softmax),
    (checks.softmax, activations.softmax),
    (checks.softmax_rows, row_softmax),
    (checks.softmax_rows, lambda logits: [loop_softmax(row) for row in logits]),
    (checks.softmax_rows, activations.softmax),
    (checks.log_softmax, lambda logits: logits - lse(logits)),
    (checks.log_softmax, special.log_softmax),
    (checks.log_softmax, activations.log_softmax),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_whoever_is_right_is_told_so(check, function):
    assert check(function).passed, check(function)


WRONG = [
    (
        checks.softmax_rows,
        crossed,
        "laid along the columns: keep them a column with `keepdims=True`",
    ),
    (checks.softmax, np.exp, "still to be divided by the sum of them all"),
    (checks.softmax, lambda z: np.exp(z) / np.exp(z).max(), "by the largest exponential"),
    (checks.softmax, lambda z: z / z.sum(), "The exponential is missing: those are shares"),
    (checks.softmax, lambda z: np.exp(z) / z.sum(), "the sum of the *exponentials*"),
    (checks.softmax, lambda z: z / np.exp(z).sum(), "missing above the line"),
    (checks.softmax, lambda z: shifted(-z), "The sign is turned round"),
    (checks.softmax, lambda z: 1 / (1 + np.exp(-z)), "a sigmoid for each logit"),
    (checks.softmax, lambda z: np.log(naive(z)), "the logarithm of the softmax"),
    (checks.softmax, lambda z: 2**z / (2**z).sum(), "powers of e are asked for"),
    (checks.softmax, lambda z: np.where(np.arange(len(z)) == z.argmax(), 1.0, 0.0), "is argmax"),
    (checks.softmax, lambda z: np.exp(z) / len(z), "by the number of classes"),
    (checks.softmax, lambda z: np.exp(z).sum(), "the sum below the line"),
    (checks.softmax, naive, "large logits"),
    (checks.softmax, naive, "infinite divided by infinite is `nan`"),
    (checks.softmax, lambda z: naive(np.minimum(z, 700)), "(large logits)"),
    (
        checks.softmax,
        lambda z: shifted(z) if z.max() > 0 else naive(z),
        "all of them become 0",
    ),
    (checks.softmax_rows, lambda z: np.exp(z) / np.exp(z).sum(axis=0), "each *column* sums to 1"),
    (checks.softmax_rows, lambda z: np.exp(z) / np.exp(z).sum(), "The whole table sums to 1"),
    (checks.softmax_rows, sigmoid_rows, "a sigmoid for each logit"),
    (checks.softmax_rows, np.exp, "divide each by the sum of its row"),
    (checks.softmax_rows, lambda z: np.log(row_softmax(z)), "the logarithm of the softmax"),
    (
        checks.softmax_rows,
        lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
        "(large logits)",
    ),
    (checks.softmax_rows, top_of_all, "*its own* largest logit"),
    (checks.log_softmax, lambda z: z - z.max(), "You subtracted the largest logit"),
    (checks.log_softmax, lambda z: z - np.exp(z).sum(), "not its logarithm"),
    (
        checks.log_softmax,
        lambda z: z - np.log(np.exp(z - z.max()).sum()),
        "taken off in the sum and not put back",
    ),
    (checks.log_softmax, lse, "the log-sum-exp itself"),
    (checks.log_softmax, lambda z: lse(z) - z, "The sign is turned round"),
    (checks.log_softmax, shifted, "its logarithm is asked for"),
    (checks.log_softmax, lambda z: z + lse(z), "You added the log-sum-exp"),
    (checks.log_softmax, lambda z: np.log2(shifted(z)), "this asks for nats"),
    (checks.log_softmax, lambda z: np.log(shifted(z)), "take no log of a softmax"),
    (checks.log_softmax, lambda z: z - np.log(np.exp(z).sum()), "Subtract the largest logit first"),
]


@pytest.mark.parametrize(("check", "function", "told"), WRONG)
def test_each_mistake_is_named(check, function, told):
    result = check(function)
    assert not result.passed
    assert told in result.message, result


def test_each_sentence_of_the_tables_is_told_by_a_test(never_heard):
    assert not never_heard(WRONG)


@pytest.mark.parametrize("check", [checks.softmax, checks.softmax_rows, checks.log_softmax])
def test_an_exercise_not_yet_written_is_left_open(check):
    assert not check(...).written
    assert not check(lambda logits: ...).written
