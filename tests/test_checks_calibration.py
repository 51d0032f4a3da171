"""Each mistake on scores and calibration is told to whoever makes it, and the right is passed."""

import math

import numpy as np
import pytest
from scipy.special import expit, logit

from xent_lib import binary_entropy, calibration, checks


def loss(labels, probs):
    with np.errstate(divide="ignore"):
        return -np.log(np.where(labels == 1, probs, 1 - probs)).mean()


def base(labels):
    return binary_entropy(labels.mean(), base=math.e)


def loop_error(hits, confidences, n_bins):
    total = 0
    for b in range(n_bins):
        rows = [
            (hit, sure)
            for hit, sure in zip(hits, confidences, strict=True)
            if b / n_bins < sure <= (b + 1) / n_bins or sure == b == 0
        ]
        if rows:
            total += abs(sum(hit - sure for hit, sure in rows))
    return total / len(hits)


def error_from(of_gaps):
    """A calibration error made of the gaps and the shares of the bins that hold something."""

    def error(hits, confidences, n_bins):
        curve = calibration.reliability_curve(hits.astype(int), confidences, n_bins=n_bins)
        there = curve.counts > 0
        return of_gaps((curve.accuracy - curve.confidence)[there], curve.counts[there])

    return error


def closed_below(hits, confidences, n_bins):
    place = np.minimum((confidences * n_bins).astype(int), n_bins - 1)
    gaps = np.bincount(place, hits - confidences)
    return np.abs(gaps).sum() / len(hits)


def undone_by_logits(q, weight):
    with np.errstate(divide="ignore"):
        return expit(logit(q) - np.log(weight))


RIGHT = [
    (checks.log_loss_skill, lambda labels, probs: 1 - loss(labels, probs) / base(labels)),
    (checks.log_loss_skill, lambda labels, probs: calibration.log_loss_skill(labels, probs)),
    (checks.calibration_error, loop_error),
    (
        checks.calibration_error,
        lambda hits, confidences, n_bins: calibration.expected_calibration_error(
            hits, confidences, n_bins=n_bins
        ),
    ),
    (checks.undo_class_weight, lambda q, weight: q / (q + weight * (1 - q))),
    (checks.undo_class_weight, undone_by_logits),
]

WRONG = [
    (checks.log_loss_skill, lambda y, q: loss(y, q) / base(y), "what is saved: 1 minus"),
    (checks.log_loss_skill, lambda y, q: 1 - loss(y, q) / math.log(2), "the loss of a coin"),
    (
        checks.log_loss_skill,
        lambda y, q: 1 - loss(y, q) / binary_entropy(y.mean()),
        "different units",
    ),
    (
        checks.log_loss_skill,
        lambda y, q: 1 - loss(y, q) / math.log(2) / base(y),
        "different units",
    ),
    (checks.log_loss_skill, lambda y, q: base(y) - loss(y, q), "the difference, in nats"),
    (checks.log_loss_skill, lambda y, q: 1 - base(y) / loss(y, q), "upside down"),
    (checks.log_loss_skill, lambda y, q: 1 - loss(y, q), "The baseline is missing"),
    (
        checks.log_loss_skill,
        lambda y, q: 1 - loss(y, q) * len(y) / base(y),
        "The loss is a sum here",
    ),
    (checks.log_loss_skill, lambda y, q: 1 - loss(y, 1 - q) / base(y), "classes are swapped"),
    (checks.log_loss_skill, lambda y, q: 1 - loss(y, q) / base(q), "shares of the *labels*"),
    (
        checks.log_loss_skill,
        lambda y, q: 1 - loss(y, np.clip(q, 1e-9, 1 - 1e-9)) / base(y),
        "The loss is infinite.",
    ),
    (
        checks.log_loss_skill,
        lambda y, q: 1 + (y * np.log(q) + (1 - y) * np.log(1 - q)).mean() / base(y),
        "0 times infinity",
    ),
    (
        checks.calibration_error,
        lambda h, c, n: abs(h.mean() - c.mean()),
        "sort them into bins first",
    ),
    (checks.calibration_error, lambda h, c, n: h.mean() - c.mean(), "without its sign"),
    (
        checks.calibration_error,
        error_from(lambda gaps, counts: -(gaps @ counts) / counts.sum()),
        "without its sign",
    ),
    (
        checks.calibration_error,
        error_from(lambda gaps, counts: np.abs(gaps).mean()),
        "Every bin counts the same here",
    ),
    (
        checks.calibration_error,
        lambda h, c, n: error_from(lambda gaps, counts: np.abs(gaps).sum() / n)(h, c, n),
        "You averaged over the bins",
    ),
    (
        checks.calibration_error,
        error_from(lambda gaps, counts: np.abs(gaps).max()),
        "the largest gap",
    ),
    (
        checks.calibration_error,
        error_from(lambda gaps, counts: np.abs(gaps) @ counts),
        "divide by the number of all examples",
    ),
    (
        checks.calibration_error,
        error_from(lambda gaps, counts: gaps**2 @ counts / counts.sum()),
        "You squared the gaps",
    ),
    (checks.calibration_error, lambda h, c, n: np.abs(h - c).mean(), "each example by itself"),
    (
        checks.calibration_error,
        error_from(lambda gaps, counts: np.abs(gaps).sum()),
        "You added up the gaps",
    ),
    (checks.calibration_error, closed_below, "An edge belongs to the bin below it"),
    (
        checks.calibration_error,
        lambda h, c, n: loop_error(h[c > 0], c[c > 0], n) if (c > 0).any() else math.nan,
        "The first bin holds 0, too.",
    ),
    (checks.undo_class_weight, lambda q, w: q / w, "It is the *odds*"),
    (checks.undo_class_weight, lambda q, w: w * q / (w * q + 1 - q), "You weighed once more"),
    (
        checks.undo_class_weight,
        lambda q, w: math.inf if q == 1 else q / (1 - q) / w,
        "turn them back into a probability",
    ),
    (
        checks.undo_class_weight,
        lambda q, w: math.inf if q == 1 else q / (1 - q),
        "These are the odds as they are",
    ),
    (checks.undo_class_weight, lambda q, w: 1 - q / (q + w * (1 - q)), "of class 0"),
    (
        checks.undo_class_weight,
        lambda q, w: 1 / (1 + w * (1 / q - 1)),
        "impossible",
    ),
    (
        checks.undo_class_weight,
        lambda q, w: (q / (1 - q) / w) / (1 + q / (1 - q) / w),
        "cannot be divided",
    ),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_who_is_right_is_told_so(check, function):
    result = check(function)
    assert result.passed, result.message


@pytest.mark.parametrize(("check", "function", "told"), WRONG)
def test_each_mistake_is_told(check, function, told):
    result = check(function)
    assert not result.passed
    assert told in result.message, result.message


@pytest.mark.parametrize("check", {check for check, _ in RIGHT})
def test_what_is_not_written_is_told_so(check):
    assert not check(...).written


def test_each_sentence_of_the_tables_is_told_by_a_test(never_heard):
    assert not never_heard(WRONG)
