"""Each mistake about failures of the method is told, and whoever is right is told so."""

import math

import numpy as np
import pytest

from xent_lib import checks


def error(here, there):
    return np.sqrt(here.var() / len(here) + there.var() / len(there))


def gap(here, there):
    return here.mean() - there.mean()


def factor(width):
    return width**2 / np.sqrt(2 * width**2 - 1) if 2 * width**2 > 1 else math.inf


def left(x, cuts):
    return (1 - x) @ cuts.T


def by_loops(x, cuts):
    answers = []
    for state in x:
        counts = [
            sum(1 for road in range(len(cut)) if cut[road] and not state[road]) for cut in cuts
        ]
        answers.append(-min(counts))
    return answers


RIGHT = [
    (checks.consistency_z, lambda here, there: gap(here, there) / error(here, there)),
    (checks.variance_factor, factor),
    (
        checks.variance_factor,
        lambda width: math.inf if width <= 0.5**0.5 else width / math.sqrt(2 - 1 / width**2),
    ),
    (checks.closeness, lambda x, cuts: -left(x, cuts).min(axis=1)),
    (checks.closeness, by_loops),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.consistency_z: [
        (lambda here, there: -gap(here, there) / error(here, there), "The sign is turned round"),
        (lambda here, there: abs(gap(here, there)) / error(here, there), "Keep the sign"),
        (gap, "Divide it by its standard error"),
        (
            lambda here, there: gap(here, there) / np.sqrt(here.var() + there.var()),
            "variances of single draws",
        ),
        (
            lambda here, there: (
                gap(here, there)
                / (here.std() / np.sqrt(len(here)) + there.std() / np.sqrt(len(there)))
            ),
            "You added the standard errors",
        ),
        (lambda here, there: gap(here, there) / error(here, there) ** 2, "the root is missing"),
        (
            lambda here, there: gap(here, there) / (here.std() / np.sqrt(len(here))),
            "Only the error of `here`",
        ),
        (
            lambda here, there: gap(here, there) / (there.std() / np.sqrt(len(there))),
            "Only the error of `there`",
        ),
        (
            lambda here, there: gap(here, there) / np.sqrt((here.var() + there.var()) / len(here)),
            "by the number of draws in `here`",
        ),
        (
            lambda here, there: (
                gap(here, there)
                / np.sqrt(here.var(ddof=1) / len(here) + there.var(ddof=1) / len(there))
            ),
            "You divided by n − 1",
        ),
    ],
    checks.variance_factor: [
        (lambda width: width**2 / (2 * width**2 - 1), "The root below the bar"),
        (lambda width: 1 / factor(width), "That is one over it"),
        (lambda width: width / np.sqrt(2 * width**2 - 1), "above the bar is to be squared"),
        (lambda width: factor(1 / width), "the other way round"),
        (lambda width: factor(width) - 1, "the variance of the weights"),
        (lambda width: factor(np.sqrt(width)), "is to be squared, above and below"),
        (lambda width: width**2 / np.sqrt(2 * width**2 - 1), "return `math.inf`"),
    ],
    checks.closeness: [
        (lambda x, cuts: left(x, cuts).min(axis=1), "The minus is missing"),
        (lambda x, cuts: left(x, cuts).min(axis=1) == 0, "That says yes or no. Let"),
        (lambda x, cuts: (left(x, cuts).min(axis=1) == 0) * 1.0, "That says yes or no, as"),
        (lambda x, cuts: -left(x, cuts).max(axis=1), "the cut with the *most*"),
        (lambda x, cuts: -left(x, cuts).sum(axis=1), "You added up over the cuts"),
        (lambda x, cuts: -(1 - x).sum(axis=1), "You counted all open roads"),
        (lambda x, cuts: -(x @ cuts.T).min(axis=1), "a road that is *blocked*"),
        (lambda x, cuts: (x @ cuts.T).max(axis=1), "Cuts differ in size"),
        (lambda x, cuts: -left(x, cuts).min(), "where one number for each"),
    ],
}
