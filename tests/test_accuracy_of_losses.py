"""Losses and activations are right to the last digits: they are held against mpmath's."""

import mpmath
import numpy as np
import pytest

from xent_lib import activations, losses


@pytest.fixture(autouse=True)
def _many_digits():
    with mpmath.workdps(60):
        yield


def most_ulps(values, truths):
    """The largest error, in units in the last place of the dtype of the values."""
    worst = 0.0
    for value, truth in zip(np.ravel(values), truths, strict=True):
        unit = float(np.spacing(np.abs(values.dtype.type(float(truth)))))
        worst = max(worst, float(abs(mpmath.mpf(float(value)) - truth)) / unit)
    return worst


def exact_log_softmax(row):
    row = [mpmath.mpf(float(x)) for x in row]
    total = mpmath.log(mpmath.fsum(map(mpmath.exp, row)))
    return [x - total for x in row]


def exact_softplus(z):
    return mpmath.log1p(mpmath.exp(mpmath.mpf(float(z))))


def normal(examples, classes, spread, dtype=np.float64):
    rng = np.random.default_rng([examples, classes, spread])
    logits = rng.normal(0, spread, (examples, classes)).astype(dtype)
    return rng.integers(0, classes, examples), logits


def confident(examples=200, classes=10, dtype=np.float64):
    """Logits whose largest, by 5 to 40, is that of the label: losses from 1e-2 to 1e-17."""
    rng = np.random.default_rng(7)
    labels, logits = rng.integers(0, classes, examples), rng.normal(0, 1, (examples, classes))
    logits[np.arange(examples), labels] = logits.max(axis=1) + rng.uniform(5, 40, examples)
    return labels, logits.astype(dtype)


INPUTS = {
    "10 classes": normal(150, 10, 3),
    "1000 classes": normal(4, 1000, 1),
    "3 classes, wide": normal(200, 3, 10),
    "confident": confident(),
    "float32": normal(150, 10, 3, np.float32),
    "confident, float32": confident(dtype=np.float32),
}


@pytest.mark.parametrize("name", INPUTS)
def test_log_softmax_and_losses_from_logits_are_within_4_ulp(name):
    labels, logits = INPUTS[name]
    truths = [exact_log_softmax(row) for row in logits]
    assert most_ulps(activations.log_softmax(logits), [x for row in truths for x in row]) <= 4
    at_labels = [-row[label] for row, label in zip(truths, labels, strict=True)]
    one_hot = np.eye(logits.shape[1])[labels]
    for values in (
        losses.sparse_softmax_cross_entropy(labels, logits, reduction="none"),
        losses.softmax_cross_entropy(one_hot, logits, reduction="none"),
    ):
        assert most_ulps(values, at_labels) <= 4


@pytest.mark.parametrize("name", INPUTS)
def test_the_slope_at_the_true_class_keeps_its_digits(name):
    labels, logits = INPUTS[name]
    truths = [
        mpmath.expm1(exact_log_softmax(row)[label])
        for row, label in zip(logits, labels, strict=True)
    ]
    one_hot = np.eye(logits.shape[1])[labels]
    at_label = (np.arange(len(labels)), labels)
    for _, grad in (
        losses.sparse_softmax_cross_entropy_and_grad(labels, logits, reduction="none"),
        losses.softmax_cross_entropy_and_grad(one_hot, logits, reduction="none"),
    ):
        assert most_ulps(grad[at_label], truths) <= 4


def test_soft_targets_are_within_4_ulp():
    _, logits = INPUTS["10 classes"]
    targets = np.random.default_rng(3).dirichlet(np.ones(10), len(logits))
    truths = [
        -mpmath.fsum(
            mpmath.mpf(float(t)) * x for t, x in zip(ts, exact_log_softmax(row), strict=True)
        )
        for ts, row in zip(targets, logits, strict=True)
    ]
    assert most_ulps(losses.softmax_cross_entropy(targets, logits, reduction="none"), truths) <= 4


def test_logsumexp_keeps_the_digits_of_a_sum_close_to_1():
    logits = np.array([[0.0, -40.0], [0.0, -0.5], [-0.5, -1.0], [3.0, 1.0], [700.0, 710.0]])
    truths = [mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(x)) for x in row)) for row in logits]
    assert most_ulps(activations.logsumexp(logits), truths) <= 4


LOGITS = {
    "normal": np.random.default_rng(1).normal(0, 3, 500),
    "confident": np.random.default_rng(2).uniform(-40, 40, 500),
    "far": np.random.default_rng(3).uniform(-700, 700, 500),
}


@pytest.mark.parametrize("name", LOGITS)
def test_binary_cross_entropy_from_logits_is_within_4_ulp(name):
    logits = LOGITS[name]
    targets = np.random.default_rng(4).integers(0, 2, logits.size)
    truths = [exact_softplus(-z if t else z) for t, z in zip(targets, logits, strict=True)]
    values, grads = losses.sigmoid_cross_entropy_and_grad(targets, logits, reduction="none")
    assert most_ulps(values, truths) <= 4
    slopes = [
        -1 / (1 + mpmath.exp(mpmath.mpf(float(z)))) if t else 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        for t, z in zip(targets, logits, strict=True)
    ]
    assert most_ulps(grads, slopes) <= 4


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", LOGITS)
def test_sigmoid_and_its_log_are_within_4_ulp(name, dtype):
    logits = LOGITS[name].astype(dtype)
    if dtype is np.float32:
        logits = np.clip(logits, -85, 85)  # beyond, float32 has no ordinary number for e^-z
    truths = [1 / (1 + mpmath.exp(-mpmath.mpf(float(z)))) for z in logits]
    assert most_ulps(activations.sigmoid(logits), truths) <= 4
    truths = [-exact_softplus(-z) for z in logits]
    assert most_ulps(activations.log_sigmoid(logits), truths) <= 4


def test_a_loss_is_there_where_a_probability_has_run_out_of_digits():
    loss = losses.sparse_softmax_cross_entropy(0, [40.0, 0.0])
    assert activations.softmax([40.0, 0.0])[0] == 1
    assert loss == losses.sigmoid_cross_entropy(0, -40.0) == pytest.approx(4.2483542552915890e-18)
