"""Each mistake in a gradient is told to whoever makes it, and whoever is right is told so."""

import numpy as np
import pytest

from xent_lib import checks


def softmax(logits, axis=-1):
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def y_of(logits, label):
    return np.eye(len(logits))[label]


def in_place(logits, label):
    q = softmax(logits)
    q[label] -= 1
    return q


def by_differences(logits, label):
    def loss(z):
        return np.log(np.exp(z - z.max()).sum()) + z.max() - z[label]

    h = 1e-5
    nudges = h * np.eye(len(logits))
    return [(loss(logits + n) - loss(logits - n)) / (2 * h) for n in nudges]


def jacobian(logits, label):
    q = softmax(logits)
    return (np.diag(q) - np.outer(q, q)) @ (2 * (q - y_of(logits, label)))


LOGIT = [
    (lambda z, label: y_of(z, label) - softmax(z), "That is y − q"),
    (lambda z, label: softmax(z), "The label is missing"),
    (lambda z, label: softmax(z) - 1, "1 off every class"),
    (lambda z, label: z - y_of(z, label), "the logits minus y"),
    (lambda z, label: sigmoid(z) - y_of(z, label), "a sigmoid for each logit"),
    (lambda z, label: (softmax(z) - y_of(z, label)) / len(z), "by the number of classes"),
    (lambda z, label: -y_of(z, label) / softmax(z), "along the *probabilities*"),
    (lambda z, label: softmax(z)[label] - 1, "one for each logit is asked for"),
    (lambda z, label: (softmax(z) - 1) * y_of(z, label), "The other classes have a slope too"),
    (lambda z, label: -np.log(softmax(z)[label]), "the loss itself"),
    (lambda z, label: softmax(z) - y_of(z, label - 1), "one class too early"),
    (jacobian, "squared error"),
    (
        lambda z, label: np.exp(z) / np.exp(z).sum() - y_of(z, label),
        "Subtract the largest logit first",
    ),
]


@pytest.mark.parametrize("function", [in_place, lambda z, label: softmax(z) - y_of(z, label)])
def test_a_right_gradient_of_the_logits_passes(function):
    assert checks.logit_gradient(function).passed


def test_differences_are_nearly_right_on_ordinary_logits():
    assert not checks.logit_gradient(lambda z, label: np.round(by_differences(z, label), 3)).passed


@pytest.mark.parametrize(("function", "told"), LOGIT)
def test_each_mistake_in_the_gradient_of_the_logits_is_named(function, told):
    result = checks.logit_gradient(function)
    assert not result.passed
    assert told in result.message, result


def miss(x, labels, weights, bias):
    return sigmoid(x @ weights + bias) - labels


def logistic(x, labels, weights, bias):
    return x.T @ miss(x, labels, weights, bias) / len(labels)


LOGISTIC = [
    (lambda *a: a[0].T @ miss(*a), "the sum over the examples"),
    (lambda *a: -logistic(*a), "That is y − q"),
    (lambda x, y, w, b: logistic(x, y, w, 0), "You left out the bias"),
    (lambda x, y, w, b: x.T @ (sigmoid(x @ w) - y), "Two things. You left out the bias"),
    (lambda x, y, w, b: x.T @ (x @ w + b - y) / len(y), "The sigmoid is missing"),
    (
        lambda x, y, w, b: (
            x.T @ (miss(x, y, w, b) * sigmoid(x @ w + b) * sigmoid(-x @ w - b)) / len(y)
        ),
        "with cross-entropy it cancels",
    ),
    (lambda x, y, w, b: x.T @ sigmoid(x @ w + b) / len(y), "The label is missing"),
    (lambda *a: a[0] @ miss(*a) / len(a[1]), "The table is not turned"),
    (lambda *a: miss(*a).mean(), "the slope along the bias"),
    (miss, "each still meets the features"),
    (lambda x, y, w, b: x.T @ (sigmoid(x @ w + b) - (2 * y - 1)) / len(y), "not −1 and 1"),
    (lambda *a: -(a[0].T @ miss(*a)), "Two things. That is y − q"),
    (lambda *a: a[0].T @ miss(*a) / a[0].shape[1], "Divide by the number of examples"),
]


@pytest.mark.parametrize(
    "function",
    [
        logistic,
        lambda x, y, w, b: np.mean(miss(x, y, w, b)[:, None] * x, axis=0),
        lambda x, y, w, b: np.average(x.T * miss(x, y, w, b), axis=1),
    ],
)
def test_a_right_gradient_of_logistic_regression_passes(function):
    assert checks.logistic_gradient(function).passed, checks.logistic_gradient(function)


@pytest.mark.parametrize(("function", "told"), LOGISTIC)
def test_each_mistake_in_logistic_regression_is_named(function, told):
    result = checks.logistic_gradient(function)
    assert not result.passed
    assert told in result.message, result


def misses(x, labels, weights, bias, axis=1):
    return softmax(x @ weights + bias, axis) - np.eye(len(bias))[labels]


def regression(x, labels, weights, bias, axis=1):
    return x.T @ misses(x, labels, weights, bias, axis) / len(x)


def over_all(x, labels, weights, bias):
    powers = np.exp(x @ weights + bias)
    return x.T @ (powers / powers.sum() - np.eye(len(bias))[labels]) / len(x)


REGRESSION = [
    (lambda *a: a[0].T @ misses(*a), "the sum over the examples"),
    (lambda *a: -regression(*a), "That is y − q"),
    (lambda *a: a[0].T @ misses(*a) / misses(*a).size, "as `np.mean` over a whole table does"),
    (lambda *a: regression(*a, axis=0), "The softmax runs down the columns"),
    (over_all, "The softmax runs over the whole table"),
    (lambda x, y, w, b: regression(x, y, w, 0 * b), "You left out the bias"),
    (lambda x, y, w, b: x.T @ misses(x, y, w, 0 * b), "Two things. You left out the bias"),
    (lambda *a: a[0] @ misses(*a) / len(a[0]), "The table is not turned"),
    (lambda *a: regression(*a).T, "It is transposed"),
    (lambda *a: misses(*a).mean(axis=0), "the gradient along the bias"),
    (lambda x, y, w, b: x.T @ softmax(x @ w + b) / len(x), "The label is missing"),
    (
        lambda x, y, w, b: x.T @ (x @ w + b - np.eye(len(b))[y]) / len(x),
        "the logits minus y",
    ),
    (lambda *a: -(a[0].T @ misses(*a)), "Two things. That is y − q"),
    (lambda *a: a[0].T @ misses(*a) / len(a[3]), "Divide by the number of examples"),
]


@pytest.mark.parametrize(
    "function",
    [
        regression,
        lambda *a: (misses(*a).T @ a[0]).T / len(a[0]),
        lambda *a: np.mean(
            [np.outer(row, m) for row, m in zip(a[0], misses(*a), strict=True)], axis=0
        ),
    ],
)
def test_a_right_gradient_of_softmax_regression_passes(function):
    assert checks.softmax_regression_gradient(function).passed


@pytest.mark.parametrize(("function", "told"), REGRESSION)
def test_each_mistake_in_softmax_regression_is_named(function, told):
    result = checks.softmax_regression_gradient(function)
    assert not result.passed
    assert told in result.message, result


@pytest.mark.parametrize(
    ("check", "count"),
    [
        (checks.logit_gradient, 2),
        (checks.logistic_gradient, 4),
        (checks.softmax_regression_gradient, 4),
    ],
)
def test_an_exercise_not_yet_written_is_left_open(check, count):
    assert not check(...).written
    assert not check(eval(f"lambda {', '.join('abcd'[:count])}: ...")).written


def test_each_sentence_of_the_tables_is_told_by_a_test(never_heard):
    tables = {
        checks.logit_gradient: LOGIT,
        checks.logistic_gradient: LOGISTIC,
        checks.softmax_regression_gradient: REGRESSION,
    }
    assert not never_heard([(check, *row) for check, table in tables.items() for row in table])
