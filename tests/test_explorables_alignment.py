"""The paths that learn to align: their numbers against another computation, and bad input."""

import json
import math
import re
from functools import cache
from html import unescape

import networkx as nx
import numpy as np
import pytest

from xent_lib import explorables
from xent_lib.explorables.alignment_paths import (
    STEPS,
    cells,
    chance,
    cheapest,
    cost_table,
    draw,
    entropy,
    fit,
    mean_cost,
    start_table,
    visits,
    whole,
)

WORDS = [("GATTACA", "ATTGACA"), ("ACG", "TTCGA"), ("AC", "CA")]


def every_path(m, n):
    if m == 0 or n == 0:
        return [[1] * m + [2] * n]
    return [
        [move, *rest]
        for move, (down, right) in enumerate(STEPS[:3])
        for rest in every_path(m - down, n - right)
    ]


@cache
def all_paths(m, n):
    """All paths, each with its stays."""
    return np.array([path + [3] * (m + n - len(path)) for path in every_path(m, n)])


def some_table(m, n, seed=5):
    """Any probabilities, zeros among them, that keep to the grid."""
    rng = np.random.default_rng(seed)
    moves = rng.dirichlet([0.3, 0.3, 0.3], size=(m, n))
    return whole(moves[..., :2])


def probabilities(table, paths):
    return table[*cells(paths), paths].prod(axis=1)


@pytest.mark.parametrize(("a", "b"), WORDS)
def test_sums_over_all_paths_agree_with_the_recursions(a, b):
    paths, costs = all_paths(len(a), len(b)), cost_table(a, b, 3, 2)
    prices = costs[*cells(paths), paths].sum(axis=1)
    for table in (start_table(len(a), len(b)), some_table(len(a), len(b))):
        probs = probabilities(table, paths)
        assert math.isclose(probs.sum(), 1)
        assert math.isclose(mean_cost(table, costs), probs @ prices)
        some = probs[probs > 0]
        assert math.isclose(entropy(table), -(some * np.log2(some)).sum(), rel_tol=1e-9)
        through = np.zeros(table.shape[:2])
        i, j = cells(paths)
        first = np.where(paths == 3, 0, 1) * probs[:, np.newaxis]
        np.add.at(through, (i, j), first)
        through[-1, -1] = 1
        assert np.allclose(visits(table), through)


@pytest.mark.parametrize(("a", "b"), WORDS)
def test_the_exact_best_is_the_best_of_all_and_a_shortest_path(a, b):
    paths, costs = all_paths(len(a), len(b)), cost_table(a, b, 3, 2)
    best = cheapest(costs)
    cost = costs[*cells(best[np.newaxis]), best[np.newaxis]].sum()
    assert cost == costs[*cells(paths), paths].sum(axis=1).min()
    network = nx.DiGraph()
    for i, j, move in np.ndindex(len(a) + 1, len(b) + 1, 3):
        to = i + STEPS[move, 0], j + STEPS[move, 1]
        if to[0] <= len(a) and to[1] <= len(b):
            network.add_edge((i, j), to, cost=costs[i, j, move])
    assert nx.shortest_path_length(network, (0, 0), (len(a), len(b)), "cost") == cost


def test_draws_follow_the_table_and_a_fit_gives_it_back():
    table = some_table(3, 4)
    paths = draw(table, 40_000, np.random.default_rng(1))
    assert (STEPS[paths].sum(axis=1) == [3, 4]).all()
    assert probabilities(table, paths).min() > 0
    fitted = fit(paths, start_table(3, 4))
    often = visits(table) > 0.05
    assert np.abs(fitted - table)[often].max() < 0.03


def test_where_no_path_comes_by_the_fit_leaves_the_table():
    old = some_table(3, 3)
    fitted = fit(np.array([[1, 1, 1, 2, 2, 2], [1, 0, 0, 2, 3, 3]]), old)
    assert fitted[0, 0].tolist() == [0, 1, 0, 0]
    assert fitted[1, 0].tolist() == [0.5, 0.5, 0, 0]
    assert np.array_equal(fitted[0, 1:], old[0, 1:])


def test_the_chance_of_a_path():
    path = cheapest(cost_table("GATTACA", "ATTGACA", 3, 2))
    assert path.tolist() == [1, 0, 0, 0, 2, 0, 0, 0, 3, 3, 3, 3, 3, 3]
    assert math.isclose(chance(start_table(7, 7), path), 3.0**-8)


def test_the_runs_of_the_chapter_end_right_and_wrong():
    figure = explorables.alignment_paths()
    large, small = figure.params["runs"]
    assert (large["best"][-1], small["best"][-1]) == (4, 7)
    for run in (large, small):
        assert run["best"] == sorted(run["best"], reverse=True)
        for at, moves in enumerate(run["tables"]):
            table = whole(moves)
            assert np.allclose(table.sum(axis=2), 1)
            if at and large is run:
                assert table.shape == (8, 8, 4)
        for cost, path in zip(run["best"], run["paths"], strict=True):
            top = [int(move) for move in path]
            costs = cost_table("GATTACA", "ATTGACA", 3, 2)
            assert costs[*(c[0] for c in cells(np.array([top]))), top].sum() == cost
    sent = json.loads(unescape(re.search(r'data-params="([^"]*)"', figure._repr_html_())[1]))
    assert sent == json.loads(json.dumps(figure.params))
    assert figure.params["exact"] == "10002000"
    assert "costs 7" in figure.says


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"a": "G"}, "`a` must be a word of 2 to 12 letters, not 'G'"),
        ({"b": "A" * 13}, "`b` must be a word of 2 to 12"),
        ({"a": 3}, "`a` must be a word"),
        ({"mismatch": -1}, "`mismatch` must be a cost of at least 0, not -1"),
        ({"gap": math.inf}, "`gap` must be a cost"),
        ({"gap": math.nan}, "`gap` must be a cost"),
        ({"n_rounds": 0}, "`n_rounds` must lie between 1 and 30, not 0"),
        ({"smoothing": 0}, "`smoothing` must be above 0 and at most 1, not 0"),
        ({"smoothing": 1.1}, "`smoothing` must be above 0"),
        ({"n_points": ()}, "`n_points` must hold numbers of at least 10"),
        ({"n_points": (200, 5)}, "`n_points` must hold numbers of at least 10"),
    ],
)
def test_bad_input_is_named(options, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        explorables.alignment_paths(**options)
