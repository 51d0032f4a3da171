"""The checks of the frameworks' loss: each trap is named, each right answer passes."""

import numpy as np
import pytest

from xent_lib import checks, losses


def softmax(z):
    exps = np.exp(z - z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def log_softmax(z):
    gaps = z - z.max(axis=1, keepdims=True)
    return gaps - np.log(np.exp(gaps).sum(axis=1, keepdims=True))


def each(logits, labels):
    return -log_softmax(logits)[np.arange(len(labels)), labels]


def of_true(logits, labels):
    return softmax(logits)[np.arange(len(labels)), labels]


RIGHT = [
    lambda logits, labels: losses.sparse_softmax_cross_entropy(labels, logits),
    lambda logits, labels: each(logits, labels).mean(),
    lambda logits, labels: np.mean(
        [
            np.log(np.exp(z - z.max()).sum()) + z.max() - z[y]
            for z, y in zip(logits, labels, strict=True)
        ]
    ),
]
WRONG = [
    (lambda z, y: each(z, y).sum(), "the sum over the batch"),
    (lambda z, y: each(softmax(z), y).mean(), "Softmax is taken twice"),
    (lambda z, y: each(z, y).mean() / np.log(2), "You give bits"),
    (lambda z, y: each(z, y).sum() / z.size, "the number of all entries"),
    (lambda z, y: of_true(z, y).mean(), "its log is missing"),
    (lambda z, y: np.log(of_true(z, y)).mean(), "The minus is missing"),
    (lambda z, y: -np.log(of_true(z, y).mean()), "log of the mean"),
    (lambda z, y: -z[np.arange(len(y)), y].mean(), "the log-sum-exp of its row is missing"),
    (lambda z, y: each(z, y - 1).mean(), "one place too early"),
    (
        lambda z, y: np.mean(np.log(np.exp(z).sum()) - z[np.arange(len(y)), y]),
        "over the whole table",
    ),
    (
        lambda z, y: -np.log(np.exp(z) / np.exp(z).sum(axis=0))[np.arange(len(y)), y].mean(),
        "down the columns",
    ),
    (lambda z, y: -np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)), "one number"),
    (
        lambda z, y: np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]),
        "exp(1000) is more than a float holds",
    ),
    (lambda z, y: -np.log(of_true(z, y)).mean(), "needs no log of a probability"),
    (
        lambda z, y: -np.log(np.maximum(of_true(z, y), 1e-7)).mean(),
        "needs no log of a probability",
    ),
]


@pytest.mark.parametrize("function", RIGHT)
def test_a_right_loss_passes(function):
    result = checks.cross_entropy_loss(function)
    assert result.passed, result


@pytest.mark.parametrize(("function", "words"), WRONG)
def test_each_trap_is_named(function, words):
    result = checks.cross_entropy_loss(function)
    assert not result.passed
    assert result.written
    assert words in result.message


TRAPS = {"sum": 1.775, "bits": 0.8536, "softmax twice": 0.8907}
PRINTED = {"Ada": 0.8536, "Ben": 1.775}


def test_a_right_diagnosis_passes():
    result = checks.diagnosis({"Ada": "bits", "Ben": "sum", "Eve": "?"}, PRINTED, TRAPS)
    assert result.passed
    assert result.message == 'Right: Ada fell for "bits", Ben fell for "sum".'


@pytest.mark.parametrize("found", [..., None, {"Ada": ..., "Ben": ...}, {"Ada": None, "Ben": ...}])
def test_a_diagnosis_not_made_yet_is_told_so(found):
    assert not checks.diagnosis(found, PRINTED, TRAPS).written


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("bits", 'A dictionary is asked for, one entry for each of "Ada" and "Ben".'),
        ({"Ada": "bits"}, 'Nothing is said about "Ben".'),
        ({"Ada": "bits", "Ben": ...}, "Ben is still open."),
        ({"Ada": "bits", "Ben": "mean"}, 'Ben: `\'mean\'` is no trap; they are "sum", "bits"'),
        ({"Ada": 1, "Ben": "sum"}, "Ada: `1` is no trap"),
        ({"Ada": "softmax twice", "Ben": "sum"}, 'Ada printed 0.854, but "softmax twice" would'),
    ],
)
def test_a_wrong_diagnosis_says_what_the_trap_would_have_printed(found, words):
    result = checks.diagnosis(found, PRINTED, TRAPS)
    assert not result.passed
    assert words in result.message


def test_each_sentence_of_the_tables_is_told_by_a_test(never_heard):
    assert not never_heard([(checks.cross_entropy_loss, *wrong) for wrong in WRONG])
