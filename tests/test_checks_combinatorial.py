"""Each mistake in a combinatorial exercise is told to whoever makes it, and right is told so."""

import numpy as np
import pytest

from xent_lib import checks
from xent_lib.optimize import Binary, Tour
from xent_lib.problems import cut_weight, tour_length


def table(tours, home=True):
    counts = np.zeros((tours.shape[1], tours.shape[1]))
    follower = np.roll(tours, -1, axis=1)
    here, there = (tours, follower) if home else (tours[:, :-1], follower[:, :-1])
    np.add.at(counts, (here, there), 1)
    return counts


def places(tours):
    cities = np.arange(tours.shape[1])
    return (tours[:, :, np.newaxis] == cities).mean(axis=0)


def turned(tour, first, last):
    new = np.array(tour)
    new[first : last + 1] = new[first : last + 1][::-1]
    return new


def slow_gain(tour, first, last, distances):
    length = tour_length(distances)
    return length(tour[np.newaxis])[0] - length(turned(tour, first, last)[np.newaxis])[0]


def ends(tour, first, last):
    return tour[first - 1], tour[first], tour[last], tour[(last + 1) % len(tour)]


def gain(tour, first, last, distances):
    a, b, c, d = ends(tour, first, last)
    return distances[a, b] + distances[c, d] - distances[a, c] - distances[b, d]


def old_ways(tour, first, last, distances):
    a, b, c, d = ends(tour, first, last)
    return distances[a, b] + distances[c, d]


def first_way(tour, first, last, distances):
    a, b, c, _ = ends(tour, first, last)
    return distances[a, b] - distances[a, c]


def without_modulo(tour, first, last, distances):
    a, b, c, d = tour[first - 1], tour[first], tour[last], tour[last + 1]
    return distances[a, b] + distances[c, d] - distances[a, c] - distances[b, d]


def loop_cut(side, weights):
    total = 0
    for i in range(len(side)):
        for j in range(len(side)):
            total += weights[i, j] * side[i] * (1 - side[j])
    return total


RIGHT = [
    (checks.smoothed_fit, lambda e, old, share: share * e.mean(axis=0) + (1 - share) * old),
    (
        checks.smoothed_fit,
        lambda e, old, share: Binary(old).fit(e, np.ones(len(e))).blend(Binary(old), share).prob,
    ),
    (checks.cut_weight, loop_cut),
    (checks.cut_weight, lambda side, weights: cut_weight(weights)(side[np.newaxis])[0]),
    (checks.transition_fit, lambda tours: table(tours) / len(tours)),
    (
        checks.transition_fit,
        lambda tours: Tour.uniform(tours.shape[1]).fit(tours, np.ones(len(tours))).transitions,
    ),
    (checks.two_opt_gain, gain),
    (checks.two_opt_gain, slow_gain),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.smoothed_fit: [
        (lambda elites, old, share: elites.mean(axis=0), "That is the fit alone"),
        (
            lambda elites, old, share: (1 - share) * elites.mean(axis=0) + share * old,
            "Turned round",
        ),
        (lambda elites, old, share: share * elites.mean(axis=0) + old, "must sum to 1"),
        (lambda elites, old, share: share * elites.mean(axis=0), "The old probabilities are"),
        (
            lambda elites, old, share: share * elites.sum(axis=0) + (1 - share) * old,
            "You took the sum over the elites",
        ),
        (
            lambda elites, old, share: share * elites.mean() + (1 - share) * old,
            "one mean over the whole table",
        ),
        (
            lambda elites, old, share: share * elites.mean(axis=0) + (1 - share) * 0.5,
            "You mixed in fair coins",
        ),
    ],
    checks.cut_weight: [
        (lambda side, weights: (weights * (side[:, None] != side)).sum(), "Twice too large"),
        (lambda side, weights: side @ weights @ (1 - side) / 2, "Half of it"),
        (lambda side, weights: (weights * (side[:, None] == side)).sum() / 2, "*within* a side"),
        (lambda side, weights: side @ weights @ side / 2, "Those are the edges within side 1"),
        (lambda side, weights: side @ weights @ side, "That is side @ weights @ side"),
        (lambda side, weights: (side @ weights).sum(), "all edges at the nodes of side 1"),
        (
            lambda side, weights: (np.diag(weights, 1) * (side[1:] != side[:-1])).sum(),
            "neighbouring numbers only",
        ),
    ],
    checks.transition_fit: [
        (lambda tours: table(tours, home=False) / len(tours), "The way home is missing"),
        (lambda tours: table(tours).T / len(tours), "Turned over"),
        (table, "Those are counts"),
        (lambda tours: table(tours) / table(tours).sum(), "The whole table sums to 1"),
        (lambda tours: table(tours) / tours.shape[1], "the number of cities"),
        (lambda tours: (table(tours) + table(tours).T) / 2 / len(tours), "both directions"),
        (places, "Your rows are places in the tour"),
    ],
    checks.two_opt_gain: [
        (lambda *args: -gain(*args), "The sign is turned round"),
        (lambda *args: old_ways(*args) - gain(*args), "the length of the two new ways"),
        (old_ways, "the length of the two old ways"),
        (first_way, "Only one way changes"),
        (lambda tour, first, last, apart: gain(tour, first + 1, last, apart), "one place too late"),
        (lambda tour, first, last, apart: gain(tour, first, last - 1, apart), "one place too earl"),
        (
            lambda tour, first, last, apart: gain(np.arange(len(tour)), first, last, apart),
            "places in the tour, not cities",
        ),
        (without_modulo, "(the piece reaches the end) it stopped: `IndexError"),
    ],
}
