"""Each mistake with classified pictures is told to whoever makes it, and a right answer passes."""

import math

import numpy as np
import pytest
from scipy.special import log_softmax, softmax
from sklearn import metrics

from xent_lib import binary_entropy, checks


def counted(labels, guesses, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (labels, guesses), 1)
    return table


def by_scikit_learn(labels, guesses, n_classes):
    return metrics.confusion_matrix(labels, guesses, labels=range(n_classes))


def without_repeats(labels, guesses, n_classes):
    table = np.zeros((n_classes, n_classes))
    table[labels, guesses] += 1
    return table


def taken(table, labels):
    return table[np.arange(len(labels)), labels]


def bits(logits, labels):
    return -taken(log_softmax(logits, axis=1), labels) / math.log(2)


def naive_bits(logits, labels):
    powers = np.exp(logits)
    return -np.log2(taken(powers / powers.sum(axis=1, keepdims=True), labels))


def of_whole_table(logits, labels):
    return -np.log2(taken(np.exp(logits) / np.exp(logits).sum(), labels))


def largest(values, n):
    return np.argsort(-values, kind="stable")[:n]


def floor(wrong, n_classes):
    return binary_entropy(wrong) + wrong * np.log2(n_classes - 1)


def floor_of_a_row(wrong, n_classes):
    row = np.full(n_classes, wrong / (n_classes - 1))
    row[0] = 1 - wrong
    row = row[row > 0]
    return -row @ np.log2(row)


RIGHT = [
    (checks.confusion_matrix, counted),
    (checks.confusion_matrix, by_scikit_learn),
    (checks.label_bits, bits),
    (checks.most_surprising, largest),
    (checks.label_noise_floor, floor),
    (checks.label_noise_floor, floor_of_a_row),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.confusion_matrix: [
        (lambda labels, guesses, k: counted(guesses, labels, k), "Rows and columns are swapped"),
        (without_repeats, "Each pair is counted once"),
        (lambda labels, guesses, k: counted(labels, guesses, k) / len(labels), "Those are shares"),
        (
            lambda labels, guesses, k: (
                counted(labels, guesses, k) / counted(labels, guesses, k).sum(axis=1, keepdims=True)
            ),
            "Each row is divided by its sum",
        ),
        (
            lambda labels, guesses, k: counted(labels, guesses, k) * (1 - np.eye(k)),
            "Only the mistakes are counted",
        ),
        (lambda labels, guesses, k: counted(labels, guesses, k).diagonal(), "That is the diagonal"),
        (lambda labels, guesses, k: counted(labels, guesses, k).ravel(), "stand in one line"),
        (
            lambda labels, guesses, k: metrics.confusion_matrix(labels, guesses),
            "They keep their rows and columns",
        ),
    ],
    checks.label_bits: [
        (lambda logits, labels: bits(logits, labels).mean(), "That is the mean over"),
        (lambda logits, labels: 2 ** -bits(logits, labels), "Those are the probabilities"),
        (lambda logits, labels: -taken(logits, labels) / math.log(2), "the softmax of each row is"),
        (lambda logits, labels: bits(logits, logits.argmax(axis=1)), "the likeliest class"),
        (lambda logits, labels: bits(logits, labels - 1), "one place too early"),
        (of_whole_table, "the sum of the whole table"),
        (
            lambda logits, labels: -np.log2(taken(softmax(logits, axis=0), labels)),
            "runs down the columns",
        ),
        (lambda logits, labels: 1 - 2 ** -bits(logits, labels), "You took 1 − q"),
        (lambda logits, labels: bits(logits, labels) * math.log(2), "this asks for bits"),
        (lambda logits, labels: bits(logits, labels) * math.log10(2), "You used log10"),
        (lambda logits, labels: -bits(logits, labels), "The minus is missing"),
        (naive_bits, "take the largest logit off"),
        (
            lambda logits, labels: -np.log2(taken(softmax(logits, axis=1), labels)),
            "stay with logits",
        ),
    ],
    checks.most_surprising: [
        (lambda values, n: np.argsort(values)[:n], "Those are the least surprising"),
        (lambda values, n: np.argsort(values)[-n:], "the most surprising is to come first"),
        (lambda values, n: np.sort(values)[::-1][:n], "Those are the bits"),
        (lambda values, n: np.sort(largest(values, n)), "in the order of their places"),
        (lambda values, n: largest(values, len(values)), "Only the first `n`"),
        (lambda values, n: values.argmax(), "the most surprising one alone"),
        (lambda values, n: largest(values, n) + 1, "Places count from 0"),
        (
            lambda values, n: np.argsort(values, kind="stable")[::-1][:n],
            "Of equal ones the first comes first",
        ),
    ],
    checks.label_noise_floor: [
        (lambda wrong, k: binary_entropy(wrong), "the price of whether a label is wrong"),
        (lambda wrong, k: wrong * math.log2(k - 1), "the price of which other class"),
        (lambda wrong, k: binary_entropy(wrong) + wrong * math.log2(k), "one of the *other*"),
        (lambda wrong, k: binary_entropy(wrong) + math.log2(k - 1), "times that share"),
        (
            lambda wrong, k: binary_entropy(wrong) + (1 - wrong) * math.log2(k - 1),
            "where the label is right",
        ),
        (lambda wrong, k: math.log2(k), "That is the baseline"),
        (lambda wrong, k: -wrong * math.log2(wrong), "have a surprise as well"),
        (lambda wrong, k: floor(wrong, k) * math.log(2), "this asks for bits"),
        (lambda wrong, k: -floor(wrong, k), "The minus is missing"),
        (
            lambda wrong, k: (
                -wrong * np.log2(wrong) - (1 - wrong) * np.log2(1 - wrong) + wrong * np.log2(k - 1)
            ),
            "0·log 0 counts as 0",
        ),
    ],
}
