"""The unreliabilities that the chapter quotes, from a computation of its own.

The edges are taken one after another; of the states so far only the groups of nodes are kept that
hang together and still have an edge to come, each with the number of terminals that it holds.
"""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from xent_lib.problems import BRIDGE_EDGES, connected, dodecahedron, grid, icosahedron


def parts_of_unreliability(edges, n_nodes, eps, terminals):
    edges = sorted(edges.tolist(), key=lambda edge: (max(edge) % 10, min(edge) % 10))
    wanted = len(terminals)
    states = Counter(
        {frozenset((frozenset([v]), int(v in terminals)) for v in range(n_nodes)): 1.0}
    )
    for number, (a, b) in enumerate(edges):
        to_come = {node for edge in edges[number + 1 :] for node in edge}
        after = Counter()
        for groups, prob in states.items():
            pair = {group for group in groups if a in group[0] or b in group[0]}
            joined = (frozenset().union(*(nodes for nodes, _ in pair)), sum(k for _, k in pair))
            for now, share in [((groups - pair) | {joined}, 1 - eps), (groups, eps)]:
                if any(count == wanted for _, count in now):
                    continue  # all terminals hang together, whatever comes
                kept = [(nodes & to_come, count) for nodes, count in now]
                if any(count and not nodes for nodes, count in kept):
                    after["down"] += prob * share
                else:
                    after[frozenset(group for group in kept if group[0])] += prob * share
        down = after.pop("down", 0.0)
        states = after
        yield down


def total(edges, n_nodes, eps, terminals):
    """The unreliability: each edge decides of some states that the network is down."""
    return sum(parts_of_unreliability(edges, n_nodes, eps, set(terminals)))


@pytest.mark.parametrize("eps", [0.1, 0.01, 0.3])
@pytest.mark.parametrize(
    ("edges", "n_nodes", "ends"),
    [(BRIDGE_EDGES, 4, (0, 3)), (grid(2, 3), 6, (0, 5)), (grid(3, 3), 9, (0, 8))],
)
def test_the_computation_agrees_with_a_list_of_all_states(edges, n_nodes, ends, eps):
    states = np.array(list(product([0, 1], repeat=len(edges))))
    k = states.sum(axis=1)
    probs = eps**k * (1 - eps) ** (len(edges) - k)
    for terminals in (ends, None):
        down = ~connected(edges, n_nodes, states == 0, terminals)
        expected = probs[down].sum()
        got = total(edges, n_nodes, eps, terminals or range(n_nodes))
        assert got == pytest.approx(expected, rel=1e-12)


def test_the_dodecahedron_has_these_unreliabilities():
    eps = np.array([0.1, 0.01, 0.001])
    opposite = [2.879601253e-3, 2.061891098e-6, 2.006018089e-9]
    everywhere = [0.0228691641, 2.030103317e-5, 2.003001184e-8]
    assert total(dodecahedron(), 20, eps, (0, 5)) == pytest.approx(opposite, rel=1e-9)
    assert total(dodecahedron(), 20, eps, range(20)) == pytest.approx(everywhere, rel=2e-9)


def test_the_icosahedron_is_cut_mostly_around_its_ends():
    got = total(icosahedron(), 12, 0.1, (0, 11))
    assert got == pytest.approx(2.010296359736077e-5, rel=1e-9)
    assert 2e-5 < got < 2.02e-5
