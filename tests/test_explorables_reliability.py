"""The figure of the network that learns which edges to break: its values and what it refuses."""

from itertools import combinations, product

import numpy as np
import pytest

from xent_lib import explorables
from xent_lib.explorables.network_levels import cut_off, nodes
from xent_lib.problems import connected, dodecahedron
from xent_lib.rare_events import Bernoulli, Exponential, crude_monte_carlo, estimate

edges = dodecahedron()
NETWORK = Bernoulli(np.full(30, 0.05), max_ratio=2)


def weakest(nodes):
    at = np.array([(edges == node).any(axis=1) for node in nodes]).T

    def performance(x):
        return (x @ at).max(axis=1)

    return performance


TWO = estimate(weakest([0, 5]), 3, NETWORK, n_pilot=2000, n_final=1000, rng=1)
ALL = estimate(weakest(range(20)), 3, NETWORK, n_pilot=4000, n_final=1000, rng=1)


def test_each_step_holds_the_proposal_of_its_level():
    runs = explorables.network_levels(TWO, ALL).params["runs"]
    for run, found in zip(runs, [TWO, ALL], strict=True):
        first, *rest = run["steps"]
        assert first == {"gamma": None, "probs": [0.05] * 30}
        assert [step["gamma"] for step in rest] == [level.level for level in found.levels]
        for step, level in zip(rest, found.levels, strict=True):
            assert np.allclose(step["probs"], level.family.prob, rtol=1e-5)
        assert np.allclose(rest[-1]["probs"], found.proposal.prob, rtol=1e-5)


def test_the_table_tells_the_steps():
    figure = explorables.network_levels(TWO, ALL)
    assert len(figure.rows) == 4 + len(TWO.levels) + len(ALL.levels) - 2
    assert figure.rows[0][1:] == ("–", "0–1: 0.050", "1.50", "2.50e-04")
    (last,) = [row for row in figure.rows if row[0] == "0 from 5"][-1:]
    assert float(last[3]) == pytest.approx(TWO.proposal.prob.sum(), abs=0.005)


@pytest.mark.parametrize("seed", range(3))
def test_the_nodes_cut_off_are_counted_as_by_listing_the_states_of_their_edges(seed):
    probs = np.random.default_rng(seed).random(30)
    for terminals in ([0, 5], [7], list(range(20))):
        expected = 0.0
        for node in terminals:
            mine = probs[(edges == node).any(axis=1)]
            for state in product([False, True], repeat=3):
                share = np.prod(np.where(state, mine, 1 - mine))
                expected += share * all(state)
        assert cut_off(probs, terminals) == pytest.approx(expected)


def test_a_node_without_its_edges_is_cut_off():
    for node in range(20):
        up = ~(edges == node).any(axis=1)[np.newaxis]
        assert not connected(edges, 20, up)[0]
        assert cut_off(1.0 - up[0], [node]) == 1


def test_no_two_edges_cross_where_the_network_is_drawn():
    spots = np.array(nodes())
    assert len({tuple(spot) for spot in spots.tolist()}) == 20

    def side(a, b, c):
        (ux, uy), (vx, vy) = b - a, c - a
        return np.sign(ux * vy - uy * vx)

    for (a, b), (c, d) in combinations(edges.tolist(), 2):
        if len({a, b, c, d}) == 4:
            p, q, r, s = spots[[a, b, c, d]]
            crossing = side(p, q, r) != side(p, q, s) and side(r, s, p) != side(r, s, q)
            assert not crossing, (a, b, c, d)


def test_what_is_no_run_of_the_network_is_refused():
    with pytest.raises(TypeError, match="'0 from 5' needs what `estimate` gives, not float"):
        explorables.network_levels(0.5, ALL)
    crude = crude_monte_carlo(weakest([0]), 3, NETWORK, n=100, rng=1)
    with pytest.raises(ValueError, match="'all nodes' has no levels"):
        explorables.network_levels(TWO, crude)
    other = estimate(lambda x: x.sum(axis=1), 5, Exponential(np.ones(5)), n_final=1000, rng=1)
    with pytest.raises(ValueError, match="'0 from 5' must be Bernoulli, with 30 edges"):
        explorables.network_levels(other, ALL)
