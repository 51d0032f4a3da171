"""Each mistake in a weight or in the fit of a queue is told, and whoever is right is told so."""

import numpy as np
import pytest

from xent_lib import checks


def weight(state, eps, q):
    return np.prod(np.where(state == 1, eps / q, (1 - eps) / (1 - q)))


def by_logs(state, eps, q):
    total = 0.0
    for failed, b in zip(state, q, strict=True):
        total += np.log(eps) - np.log(b) if failed else np.log(1 - eps) - np.log(1 - b)
    return np.exp(total)


def fit(ups, downs, weights):
    return weights @ ups / (weights @ (ups + downs))


RIGHT = [
    (
        checks.network_weight,
        lambda state, eps, q: (
            np.prod(np.where(state == 1, eps, 1 - eps)) / np.prod(np.where(state == 1, q, 1 - q))
        ),
    ),
    (checks.network_weight, by_logs),
    (checks.queue_fit, fit),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


def ratios(eps, q):
    return eps / q, (1 - eps) / (1 - q)


TOLD = {
    checks.network_weight: [
        (lambda state, eps, q: 1 / weight(state, eps, q), "That is q over p"),
        (
            lambda state, eps, q: np.prod(np.where(state == 1, eps / q, 1)),
            "Edges that work count too",
        ),
        (
            lambda state, eps, q: np.prod(np.where(state == 0, (1 - eps) / (1 - q), 1)),
            "Edges that have failed count too",
        ),
        (lambda state, eps, q: np.prod(eps / q), "You took ε/q for every edge"),
        (lambda state, eps, q: weight(1 - state, eps, q), "are turned round"),
        (lambda state, eps, q: np.where(state == 1, *ratios(eps, q)).sum(), "You added the"),
        (lambda state, eps, q: np.log(weight(state, eps, q)), "That is the logarithm"),
        (lambda state, eps, q: np.prod(np.where(state == 1, eps, 1 - eps)), "That is p alone"),
        (lambda state, eps, q: np.prod(np.where(state == 1, q, 1 - q)), "That is q alone"),
        (
            lambda state, eps, q: weight(state, eps, q.clip(0.01, 0.99)),
            "1 is a probability too",
        ),
    ],
    checks.queue_fit: [
        (lambda ups, downs, weights: ups.sum() / (ups + downs).sum(), "The weights are not used"),
        (
            lambda ups, downs, weights: weights @ (ups / (ups + downs)) / weights.sum(),
            "the weighted mean of the shares",
        ),
        (lambda ups, downs, weights: weights @ ups / (weights @ downs), "arrivals over departures"),
        (lambda ups, downs, weights: fit(downs, ups, weights), "probability of a departure"),
        (
            lambda ups, downs, weights: weights @ ups / (ups + downs).sum(),
            "Below the bar",
        ),
        (lambda ups, downs, weights: weights @ ups / weights.sum(), "mean number of arrivals"),
        (lambda ups, downs, weights: weights @ ups, "Those are the weighted arrivals"),
    ],
}
