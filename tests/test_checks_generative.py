"""Each mistake about generative models is told, and whoever is right is told so."""

import math

import numpy as np
import pytest

from xent_lib import checks
from xent_lib.information import js_divergence, kl_divergence


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def value(p, q):
    return -np.log(4) + 2 * js_divergence(p, q, base=math.e)


def villages(k, missed):
    served = int(k - missed)
    return np.ones(k) / k, np.r_[np.ones(served) / served, np.zeros(missed)]


def by_logit(z):
    return [-sigmoid(z), -sigmoid(-z)]


RIGHT = [
    (checks.best_expert, lambda p, q: p / (p + q)),
    (checks.best_expert, lambda p, q: 1 / (1 + q / p)),
    (checks.game_value, value),
    (checks.forger_slopes, by_logit),
    (checks.missed_villages, lambda k, m: js_divergence(*villages(k, m), base=math.e)),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


def best(p, q):
    return p / (p + q)


TOLD = {
    checks.best_expert: [
        (lambda p, q: q / (p + q), "probability that x is *forged*"),
        (lambda p, q: p / q, "the odds"),
        (lambda p, q: np.log(p / q), "the logit of D"),
        (lambda p, q: p / (p + q) / 2, "the two halves cancel"),
        (lambda p, q: p, "the forger's q is missing"),
        (lambda p, q: (p + q) / 2, "how often x is seen at all"),
        (lambda p, q: 1.0 * (p > q), "You decide between"),
        (lambda p, q: np.where(p > 0, best(p, q), 0.5), "surely forged"),
        (lambda p, q: np.where(q > 0, best(p, q), 0.5), "surely real"),
        (lambda p, q: (p + 1e-12) / (p + q + 1e-12), "Their ratio still counts"),
    ],
    checks.game_value: [
        (lambda p, q: -value(p, q), "The sign is turned round: the value is"),
        (lambda p, q: value(p, q) / 2, "the mean of the two halves"),
        (lambda p, q: -value(p, q) / 2, "the expert's mean loss"),
        (lambda p, q: p @ np.log(best(p, q)), "The forged ones are missing"),
        (lambda p, q: q @ np.log(best(q, p)), "The real ones are missing"),
        (lambda p, q: js_divergence(p, q, base=math.e) - np.log(4), "JS comes in twice"),
        (lambda p, q: 2 * js_divergence(p, q, base=math.e) - np.log(2), "twice −ln 2"),
        (lambda p, q: js_divergence(p, q, base=math.e) - np.log(2), "the mean of the two halves"),
        (lambda p, q: 2 * js_divergence(p, q) - np.log(4), "Your JS is in bits"),
        (lambda p, q: value(p, q) / np.log(2), "You used log2"),
        (lambda p, q: 2 * js_divergence(p, q, base=math.e) + np.log(4), "The sign of ln 4"),
        (lambda p, q: (np.log(best(p, q)) + np.log(best(q, p))).sum(), "Weigh each logarithm"),
        (lambda p, q: p @ np.log(best(p, q)) + q @ np.log(best(q, p)), "0·ln 0 counts as 0"),
    ],
    checks.forger_slopes: [
        (lambda z: by_logit(z)[::-1], "the wrong way round"),
        (lambda z: [sigmoid(z), sigmoid(-z)], "both losses *fall*"),
        (lambda z: [sigmoid(z), -sigmoid(-z)], "The sign of the first"),
        (lambda z: [-sigmoid(z), sigmoid(-z)], "The sign of the second"),
        (lambda z: [-sigmoid(z), -sigmoid(z)], "it is large where D is small"),
        (lambda z: [-sigmoid(-z), -sigmoid(-z)], "it is small where D is small"),
        (lambda z: [-1 / sigmoid(-z), -1 / sigmoid(z)], "the slopes by D"),
        (lambda z: [np.log(sigmoid(-z)), -np.log(sigmoid(z))], "the losses themselves"),
        (lambda z: [-1 / (1 + math.exp(-z)), -1 / (1 + math.exp(z))], "too large for a float"),
    ],
    checks.missed_villages: [
        (lambda k, m: math.inf, "Infinite is D(p ‖ q)"),
        (lambda k, m: kl_divergence(*villages(k, m)), "Infinite is D(p ‖ q)"),
        (lambda k, m: js_divergence(*villages(k, m)), "You used log2"),
        (lambda k, m: 2 * js_divergence(*villages(k, m), base=math.e), "twice JS"),
        (lambda k, m: value(*villages(k, m)), "the value of the game"),
        (lambda k, m: math.log(k / (k - m)), "That is D(q ‖ p)"),
        (
            lambda k, m: js_divergence(*villages(k, k - m), base=math.e) if m else 0.0,
            "for that of the served ones",
        ),
        (lambda k, m: m / k, "the share of the missed"),
        (lambda k, m: m / k * math.log(2), "Only the missed villages"),
        (lambda k, m: m / k * math.log(2) / 2, "Only the missed villages"),
    ],
}
