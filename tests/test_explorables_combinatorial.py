"""The figures of the combinatorial chapter: their values against a computation of another kind."""

import itertools
import json
import re
from html import unescape

import numpy as np
import pytest
from scipy import stats

from xent_lib import explorables, problems

TRIANGLES = np.kron(np.eye(2), 1 - np.eye(3)) + np.kron(1 - np.eye(2), np.eye(3))
FIGURES = {
    "max-cut": lambda: explorables.max_cut(TRIANGLES, (50, 10), seed=2),
    "tour-matrix": lambda: explorables.tour_matrix(problems.random_cities(6, 3), 200, seed=2),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_the_same_each_time_and_its_values_stand_without_a_script(kind):
    figure, again = FIGURES[kind](), FIGURES[kind]()
    html = figure._repr_html_()
    assert (html, repr(figure)) == (again._repr_html_(), repr(again))
    assert html.startswith(f'<div class="xent" data-xent="{kind}"')
    assert "<script" not in html
    sent = json.loads(unescape(re.search(r'data-params="([^"]*)"', html)[1]))
    assert sent == json.loads(json.dumps(figure.params))
    for words in (figure.title, figure.says, *(cell for row in figure.rows for cell in row)):
        assert words in unescape(html)
        assert words in repr(figure)


def weight(cut, weights):
    return sum(
        weights[i, j] for i, j in itertools.combinations(range(len(cut)), 2) if cut[i] != cut[j]
    )


def test_the_cuts_weigh_what_is_told_and_the_last_is_the_largest():
    figure = FIGURES["max-cut"]()
    largest = max(weight(cut, TRIANGLES) for cut in itertools.product("01", repeat=6))
    assert weight("000111", TRIANGLES) == 3
    assert largest == 7
    for run in figure.params["runs"]:
        best = [weight(cut, TRIANGLES) for cut in run["cuts"]]
        assert best == run["best"] == sorted(best)
        assert len(run["probs"]) == len(run["level"]) + 1 == len(run["mean"]) + 1
        assert all(a <= b for a, b in zip(run["mean"], run["best"], strict=True))
        assert all(a <= b for a, b in zip(run["level"], run["best"], strict=True))
    assert figure.params["runs"][0]["best"][-1] == largest
    assert len(figure.params["edges"]) == 9 == sum(figure.params["weights"])


def test_the_coins_start_fair_and_their_entropy_is_that_of_scipy():
    figure = explorables.max_cut(n_points=(200,))
    (run,) = figure.params["runs"]
    assert run["probs"][0] == [0.5] * 20
    for row in figure.rows:
        coins = np.array(run["probs"][int(row[0].split()[-1])])
        entropy = stats.entropy([coins, 1 - coins], base=2, axis=0).sum()
        assert float(row[-1]) == pytest.approx(entropy, abs=0.002)
    assert figure.title == "Twenty coins look for the largest cut"
    assert "20 bits of entropy" in figure.says


def test_with_many_points_the_coins_end_at_the_best_and_with_few_they_do_not():
    many, few = explorables.max_cut().params["runs"]
    assert (many["best"][-1], few["best"][-1]) == (24, 21)
    for run in (many, few):
        assert [round(p) for p in run["probs"][-1]] == [int(side) for side in run["cuts"][-1]]


def test_the_tours_are_as_long_as_told_and_the_last_is_the_shortest():
    figure = FIGURES["tour-matrix"]()
    at = np.array(figure.params["places"])

    def length(tour):
        return sum(np.hypot(*(at[a] - at[b])) for a, b in itertools.pairwise([*tour, tour[0]]))

    best = figure.params["best"]
    assert best == pytest.approx([length(tour) for tour in figure.params["tours"]], abs=1e-3)
    assert best == sorted(best, reverse=True)
    shortest = min(length((0, *rest)) for rest in itertools.permutations(range(1, 6)))
    assert best[-1] == pytest.approx(shortest, abs=1e-3)
    assert figure.params["tours"][-1] == [0, 1, 2, 3, 4, 5]
    assert all(level >= one for level, one in zip(figure.params["level"], best, strict=True))


def test_the_matrix_sharpens_into_the_tour_and_its_entropy_is_that_of_scipy():
    figure = explorables.tour_matrix()
    tables = np.array(figure.params["tables"])
    assert tables.sum(axis=2) == pytest.approx(1, abs=1e-3)
    assert np.diagonal(tables, axis1=1, axis2=2).max() == 0
    assert tables[-1] == pytest.approx(np.roll(np.eye(10), 1, axis=1), abs=1e-3)
    for row in figure.rows:
        entropy = stats.entropy(tables[int(row[0])], base=2, axis=1).mean()
        assert float(row[3]) == pytest.approx(entropy, abs=0.002)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: explorables.max_cut(np.ones((3, 3))), "4 to 30 nodes, not 3"),
        (lambda: explorables.max_cut(np.ones((31, 31))), "4 to 30 nodes, not 31"),
        (lambda: explorables.max_cut(np.triu(np.ones((4, 4)))), "`weights`"),
        (lambda: explorables.max_cut(n_points=()), "`n_points` is empty"),
        (lambda: explorables.tour_matrix([[0, 0], [1, 1]]), r"has shape \(2, 2\)"),
        (lambda: explorables.tour_matrix(np.zeros((17, 2))), r"has shape \(17, 2\)"),
        (lambda: explorables.tour_matrix(2 * np.eye(5)[:, :2]), "in the unit square"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()
