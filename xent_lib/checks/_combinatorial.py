"""Exercises on the search for the best of finitely many things."""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check

Row = list[float]
Matrix = list[list[float]]


# --- Smoothing -----------------------------------------------------------------------------------


def _columns(elites: list[list[int]]) -> Row:
    """The share of ones in each column."""
    return [math.fsum(column) / len(elites) for column in zip(*elites, strict=True)]


def _blend(fitted: Row, old: Row, share: float) -> Row:
    return [share * new + (1 - share) * before for new, before in zip(fitted, old, strict=True)]


def _smoothed(elites: list[list[int]], old: Row, share: float) -> Row:
    return _blend(_columns(elites), old, share)


def smoothed_fit(function: Any) -> Result:
    """Check a function of elites, old probabilities and a share that gives the new probabilities.

    Examples
    --------
    >>> smoothed_fit(lambda elites, old, share: elites.mean(axis=0))
    ✗ Not yet. That is the fit alone: `old` and `share` have no part in it.
    """
    rng = np.random.default_rng(2004)
    sizes = [(4, 3), (5, 4), (3, 5), (10, 6)]
    random = [
        (
            rng.integers(2, size=size).tolist(),
            (rng.integers(10, 91, size=size[1]) / 100).tolist(),
            share,
        )
        for size, share in zip(sizes, (0.7, 0.3, 0.9, 0.4), strict=True)
    ]
    cases = [
        Case(([[1, 0], [1, 1]], [0.5, 0.5], 0.6)),
        *map(Case, random),
        Case(([[1, 0], [1, 0]], [0.2, 0.9], 1.0), "no smoothing", "Then the fit itself is left."),
        Case(([[0, 1, 1]], [0.5, 0.5, 0.5], 0.7), "a single elite"),
        Case(
            ([[0, 1], [0, 1]], [0.0, 1.0], 0.5),
            "the coins are sure already",
            "What is 0 or 1 in both stays so.",
        ),
    ]
    mistakes: Table = [
        (
            lambda elites, old, share: _columns(elites),
            "That is the fit alone: `old` and `share` have no part in it.",
        ),
        (
            lambda elites, old, share: _smoothed(elites, old, 1 - share),
            "Turned round: `share` belongs to the fit, and 1 − share to the old probabilities.",
        ),
        (
            lambda elites, old, share: [
                share * new + before for new, before in zip(_columns(elites), old, strict=True)
            ],
            "The two shares must sum to 1: take 1 − share of the old probabilities.",
        ),
        (
            lambda elites, old, share: [share * new for new in _columns(elites)],
            "The old probabilities are missing: add 1 − share of them.",
        ),
        (
            lambda elites, old, share: _blend(
                [math.fsum(column) for column in zip(*elites, strict=True)], old, share
            ),
            "You took the sum over the elites. Their mean is a probability.",
        ),
        (
            lambda elites, old, share: [
                share * math.fsum(map(math.fsum, elites)) / len(elites) / len(old)
                + (1 - share) * before
                for before in old
            ],
            "You took one mean over the whole table. Each coin needs its own: `axis=0`.",
        ),
        (
            lambda elites, old, share: _blend(_columns(elites), [0.5] * len(old), share),
            "You mixed in fair coins. Mix in `old`, the probabilities of the round before.",
        ),
    ]
    return check(function, _smoothed, cases, mistakes)


# --- Cuts ----------------------------------------------------------------------------------------


def _total(weights: Matrix, crosses: Any) -> float:
    """The sum over pairs of nodes, each taken once, that `crosses` picks."""
    d = len(weights)
    return math.fsum(weights[i][j] for i in range(d) for j in range(i + 1, d) if crosses(i, j))


def _cut(side: list[int], weights: Matrix) -> float:
    return _total(weights, lambda i, j: side[i] != side[j])


def cut_weight(function: Any) -> Result:
    """Check a function of one row of 0 and 1 and of symmetric weights that gives the cut's weight.

    Examples
    --------
    >>> cut_weight(lambda side, weights: (weights * (side[:, None] != side)).sum())
    ✗ Not yet. Twice too large: each edge stands in the table two times, as (i, j) and as (j, i).
    """
    rng = np.random.default_rng(1994)

    def instance(d: int) -> tuple[list[int], Matrix]:
        upper = np.triu(rng.integers(1, 10, (d, d)), 1)
        side = rng.permutation([1, 0, *rng.integers(2, size=d - 2)])
        return side.tolist(), (upper + upper.T).astype(float).tolist()

    triangle = [[0.0, 2.0, 3.0], [2.0, 0.0, 5.0], [3.0, 5.0, 0.0]]
    cases = [
        Case(([0, 1, 1], triangle)),
        *(Case(instance(d)) for d in (4, 5, 3, 6, 8)),
        Case(([1, 1, 1], triangle), "all on one side", "Nothing is cut."),
        Case(([1, 0, 0], triangle), "the mirror image", "It cuts the same edges."),
        Case(([0, 1], [[0.0, 0.0], [0.0, 0.0]]), "no edges"),
    ]
    mistakes: Table = [
        (
            lambda side, weights: 2 * _cut(side, weights),
            "Twice too large: each edge stands in the table two times, as (i, j) and as (j, i).",
        ),
        (
            lambda side, weights: _cut(side, weights) / 2,
            "Half of it: with `side[i] = 1` and `side[j] = 0` each edge is met once already.",
        ),
        (
            lambda side, weights: _total(weights, lambda i, j: side[i] == side[j]),
            "Those are the edges that stay *within* a side.",
        ),
        (
            lambda side, weights: _total(weights, lambda i, j: side[i] == side[j] == 1),
            "Those are the edges within side 1: one end must be 1 and the other 0.",
        ),
        (
            lambda side, weights: 2 * _total(weights, lambda i, j: side[i] == side[j] == 1),
            "That is side @ weights @ side: the edges within side 1, each of them twice. "
            "One end must be 1 and the other 0.",
        ),
        (
            lambda side, weights: math.fsum(
                math.fsum(row) for row, one in zip(weights, side, strict=True) if one
            ),
            "You added all edges at the nodes of side 1. Those with both ends there are not cut.",
        ),
        (
            lambda side, weights: math.fsum(
                weights[i][i + 1] for i, (a, b) in enumerate(pairwise(side)) if a != b
            ),
            "You looked at pairs of neighbouring numbers only. Any two nodes can have an edge.",
        ),
    ]
    return check(function, _cut, cases, mistakes)


# --- Tours ---------------------------------------------------------------------------------------


def _counts(tours: list[list[int]], *, home: bool = True) -> Matrix:
    """How often each city follows each."""
    c = len(tours[0])
    counts = [[0.0] * c for _ in range(c)]
    for tour in tours:
        for here, there in pairwise([*tour, tour[0]] if home else tour):
            counts[int(here)][int(there)] += 1
    return counts


def _scaled(counts: Matrix, by: float) -> Matrix:
    return [[count / by for count in row] for row in counts]


def _transitions(tours: list[list[int]]) -> Matrix:
    return _scaled(_counts(tours), len(tours))


def _turned(table: Matrix) -> Matrix:
    return [list(column) for column in zip(*table, strict=True)]


def transition_fit(function: Any) -> Result:
    """Check a function of tours, one a row, that gives their transition matrix.

    Examples
    --------
    >>> import numpy as np
    >>> def without_home(tours):
    ...     table = np.zeros((tours.shape[1], tours.shape[1]))
    ...     for tour in tours:
    ...         table[tour[:-1], tour[1:]] += 1
    ...     return table / len(tours)
    >>> transition_fit(without_home)
    ✗ Not yet. The way home is missing: from the last city of a tour back to its first.
    """
    rng = np.random.default_rng(1954)

    def elites(n: int, c: int) -> list[list[int]]:
        return [[0, *(1 + rng.permutation(c - 1)).tolist()] for _ in range(n)]

    cases = [
        Case(([[0, 1, 2, 3], [0, 2, 1, 3]],)),
        *(Case((elites(n, c),)) for n, c in ((3, 4), (2, 5), (5, 4), (7, 6))),
        Case(([[0, 3, 1, 2]],), "a single tour", "Every row is sure of one city."),
        Case(([[0, 1], [0, 1]],), "two cities", "There, and back."),
        Case(([[2, 0, 1], [1, 2, 0]],), "tours that start elsewhere"),
    ]
    mistakes: Table = [
        (
            lambda tours: _scaled(_counts(tours, home=False), len(tours)),
            "The way home is missing: from the last city of a tour back to its first.",
        ),
        (
            lambda tours: _turned(_transitions(tours)),
            "Turned over: the row is the city one comes *from*, the column the one one goes to.",
        ),
        (
            lambda tours: _counts(tours),
            "Those are counts. Divide by the number of tours, so that each row sums to 1.",
        ),
        (
            lambda tours: _scaled(_counts(tours), len(tours) * len(tours[0])),
            "The whole table sums to 1. Each *row* is a distribution: divide by the number of "
            "tours alone.",
        ),
        (
            lambda tours: _scaled(_counts(tours), len(tours[0])),
            "You divided by the number of cities. Each city is left once in each tour: divide by "
            "the number of tours.",
        ),
        (
            lambda tours: [
                [(a + b) / 2 for a, b in zip(*rows, strict=True)]
                for rows in zip(_transitions(tours), _turned(_transitions(tours)), strict=True)
            ],
            "You counted both directions. A tour that goes from i to j need not go from j to i.",
        ),
        (
            lambda tours: [
                [sum(tour[place] == city for tour in tours) / len(tours) for city in range(c)]
                for c in [len(tours[0])]
                for place in range(c)
            ],
            "Your rows are places in the tour. They should be cities: which city follows city i?",
        ),
    ]
    return check(function, _transitions, cases, mistakes)


def _at(tour: list[int], place: float) -> int:
    return int(tour[int(place) % len(tour)])


def _gain(tour: list[int], first: int, last: int, distances: Matrix) -> float:
    """How much shorter the tour becomes when the piece from `first` to `last` is turned round."""
    before, start = _at(tour, first - 1), _at(tour, first)
    end, after = _at(tour, last), _at(tour, last + 1)
    return (
        distances[before][start]
        + distances[end][after]
        - distances[before][end]
        - distances[start][after]
    )


def two_opt_gain(function: Any) -> Result:
    """Check a function that tells how much shorter a tour becomes when a piece is turned round.

    Examples
    --------
    >>> def turned(tour, first, last, distances):
    ...     before, after = tour[first - 1], tour[(last + 1) % len(tour)]
    ...     old = distances[before, tour[first]] + distances[tour[last], after]
    ...     return distances[before, tour[last]] + distances[tour[first], after] - old
    >>> two_opt_gain(turned)
    ✗ Not yet. The sign is turned round: a gain is the old length minus the new one.
    """
    rng = np.random.default_rng(1958)

    def apart(c: int) -> Matrix:
        upper = np.triu(rng.integers(1, 30, (c, c)), 1)
        return [[float(way) for way in row] for row in upper + upper.T]

    square = [
        [0.0, 3.0, 5.0, 4.0],
        [3.0, 0.0, 4.0, 5.0],
        [5.0, 4.0, 0.0, 3.0],
        [4.0, 5.0, 3.0, 0.0],
    ]
    cases = [
        Case(([0, 2, 1, 3], 1, 2, square)),
        *(
            Case((rng.permutation(c).tolist(), first, last, apart(c)))
            for c, first, last in ((6, 2, 4), (7, 1, 3), (8, 3, 6), (6, 1, 3), (9, 2, 6))
        ),
        Case(
            ([0, 2, 1, 4, 3], 2, 4, apart(5)),
            "the piece reaches the end",
            "After the last place comes the first: `tour[(last + 1) % len(tour)]`.",
        ),
        Case(([0, 1, 2, 3], 1, 2, square), "the turn makes it longer", "Then the gain is below 0."),
        Case(
            ([3, 1, 0, 2], 2, 2, square), "a piece of one city", "Nothing changes: the gain is 0."
        ),
    ]
    mistakes: Table = [
        (
            lambda tour, first, last, distances: -_gain(tour, first, last, distances),
            "The sign is turned round: a gain is the old length minus the new one.",
        ),
        (
            lambda tour, first, last, distances: (
                distances[_at(tour, first - 1)][_at(tour, last)]
                + distances[_at(tour, first)][_at(tour, last + 1)]
            ),
            "That is the length of the two new ways. Take it from that of the two old ones.",
        ),
        (
            lambda tour, first, last, distances: (
                distances[_at(tour, first - 1)][_at(tour, first)]
                + distances[_at(tour, last)][_at(tour, last + 1)]
            ),
            "That is the length of the two old ways. Take that of the two new ones from it.",
        ),
        (
            lambda tour, first, last, distances: (
                _gain(tour, first, last, distances)
                + distances[_at(tour, first)][_at(tour, last + 1)]
                - distances[_at(tour, last)][_at(tour, last + 1)]
            ),
            "Only one way changes in yours. The piece has two ends, and both get a new neighbour.",
        ),
        (
            lambda tour, first, last, distances: _gain(tour, first + 1, last, distances),
            "Your piece starts one place too late: the way from `tour[first - 1]` to "
            "`tour[first]` is the one that goes.",
        ),
        (
            lambda tour, first, last, distances: _gain(tour, first, last - 1, distances),
            "Your piece ends one place too early: the way from `tour[last]` to the next is the "
            "one that goes.",
        ),
        (
            lambda tour, first, last, distances: _gain([*range(len(tour))], first, last, distances),
            "`first` and `last` are places in the tour, not cities: look up `tour[first]`.",
        ),
    ]
    return check(function, _gain, cases, mistakes)
