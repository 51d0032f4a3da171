"""The test problems have the answers that the book says they have."""

import itertools
import pickle

import numpy as np
import pytest

from xent_lib.problems import (
    BRIDGE_EDGES,
    BRIDGE_MEANS,
    BRIDGE_PATHS,
    Knapsack,
    adjacency,
    bridge_length,
    buffer_line_throughput,
    complete_graph,
    connected,
    cut_weight,
    distances,
    dodecahedron,
    exact_throughput,
    grid,
    heawood,
    icosahedron,
    knapsack_instance,
    petersen,
    random_cities,
    rastrigin,
    rosenbrock,
    tour_length,
)

GRAPHS = {
    "petersen": (petersen(), 10, 3, 12),
    "dodecahedron": (dodecahedron(), 20, 3, 24),
    "icosahedron": (icosahedron(), 12, 5, 20),
    "heawood": (heawood(), 14, 3, 21),
}


def all_states(m, first=0, count=None):
    """All vectors of m bits, or a stretch of them."""
    numbers = np.arange(first, 2**m if count is None else first + count)
    return (numbers[:, np.newaxis] >> np.arange(m)) & 1


def largest_cut(weights):
    """By trying all sides of all nodes but the last."""
    n, weigh, step = len(weights), cut_weight(weights), 2**14
    return max(
        weigh(all_states(n, first, min(step, 2 ** (n - 1)))).max()
        for first in range(0, 2 ** (n - 1), step)
    )


def held_karp(apart):
    """The length of the shortest tour, by dynamic programming over sets of cities."""
    n = len(apart)
    best = np.full((2**n, n), np.inf)
    best[2 ** np.arange(1, n), np.arange(1, n)] = apart[0, 1:]
    for cities in range(2, 2**n, 2):
        for city in range(1, n):
            if not cities >> city & 1:
                way = (best[cities] + apart[:, city]).min()
                best[cities | 1 << city, city] = min(way, best[cities | 1 << city, city])
    return (best[2**n - 2] + apart[:, 0]).min()


# The bridge


def test_the_bridge_has_the_length_of_its_shortest_path():
    x = np.random.default_rng(0).exponential(BRIDGE_MEANS, (100, 5))
    ways = [x[:, [0, 3]], x[:, [0, 2, 4]], x[:, [1, 4]], x[:, [1, 2, 3]]]
    np.testing.assert_allclose(bridge_length(x), np.min([w.sum(axis=1) for w in ways], axis=0))


def test_a_path_of_the_bridge_is_a_way_and_what_meets_no_path_is_none():
    up = all_states(5).astype(bool)
    by_paths = np.any([up[:, list(path)].all(axis=1) for path in BRIDGE_PATHS], axis=0)
    np.testing.assert_array_equal(connected(BRIDGE_EDGES, 4, up, terminals=(0, 3)), by_paths)


# Graphs


@pytest.mark.parametrize("name", GRAPHS)
def test_a_named_graph_has_its_nodes_its_degree_and_is_in_one_piece(name):
    edges, n_nodes, degree, _ = GRAPHS[name]
    assert len({frozenset(edge) for edge in edges.tolist()}) == len(edges) == n_nodes * degree / 2
    np.testing.assert_array_equal(adjacency(edges, n_nodes).sum(axis=0), degree)
    assert connected(edges, n_nodes, np.ones((1, len(edges)))).all()


@pytest.mark.parametrize(
    ("name", "sizes"),
    [  # how many nodes lie at each distance from node 0
        ("petersen", [1, 3, 6]),
        ("dodecahedron", [1, 3, 6, 6, 3, 1]),
        ("icosahedron", [1, 5, 5, 1]),
        ("heawood", [1, 3, 6, 4]),
    ],
)
def test_a_named_graph_has_its_distances_from_each_node(name, sizes):
    edges, n_nodes, _, _ = GRAPHS[name]
    beside = adjacency(edges, n_nodes) + np.eye(n_nodes) > 0
    within = np.eye(n_nodes, dtype=bool)
    counts = [within.sum(axis=1)]
    for _ in sizes[1:]:
        within = (within.astype(int) @ beside) > 0
        counts.append(within.sum(axis=1))
    np.testing.assert_array_equal(np.diff(counts, axis=0, prepend=0).T, [sizes] * n_nodes)


def test_nodes_0_and_5_of_the_dodecahedron_lie_opposite():
    beside = adjacency(dodecahedron(), 20) + np.eye(20)
    assert np.linalg.matrix_power(beside, 4)[0, 5] == 0
    assert np.linalg.matrix_power(beside, 5)[0, 5] > 0


@pytest.mark.parametrize("name", GRAPHS)
def test_the_largest_cut_of_a_named_graph(name):
    edges, n_nodes, _, best = GRAPHS[name]
    assert largest_cut(adjacency(edges, n_nodes)) == best


def test_the_largest_cut_of_the_random_complete_graph_weighs_613():
    weights = complete_graph(20, 12345)
    upper = np.triu(np.random.default_rng(12345).integers(1, 11, (20, 20)), 1)
    np.testing.assert_array_equal(weights, upper + upper.T)
    assert largest_cut(weights) == 613


def test_a_grid_has_its_edges():
    edges = grid(3, 4)
    assert len(edges) == 3 * 3 + 2 * 4
    assert {tuple(edge) for edge in edges.tolist()} == {
        (a, b)
        for a, b in itertools.combinations(range(12), 2)
        if abs(a // 4 - b // 4) + abs(a % 4 - b % 4) == 1
    }


@pytest.mark.parametrize(
    ("edges", "n_nodes", "terminals", "truths"),
    [
        (BRIDGE_EDGES, 4, (0, 3), (0.02152, 2.019502e-4, 2.001995e-6)),
        (BRIDGE_EDGES, 4, None, (0.02314, 2.039104e-4, 2.003991e-6)),
        (grid(3, 3), 9, (0, 8), (0.0274978286, 2.079859768e-4, 2.00799896e-6)),
        (grid(3, 3), 9, None, (0.0530151847, 4.157804094e-4, 4.015978904e-6)),
    ],
)
def test_the_unreliability_of_a_network_by_all_its_states(edges, n_nodes, terminals, truths):
    up = all_states(len(edges)).astype(bool)
    broken = up[~connected(edges, n_nodes, up, terminals)]
    for q, truth in zip((0.1, 0.01, 0.001), truths, strict=True):
        probability = np.prod(np.where(broken, 1 - q, q), axis=1).sum()
        assert probability == pytest.approx(truth, rel=5e-7)


def test_a_single_node_is_connected_and_no_state_gives_no_answer():
    assert connected([(0, 0)], 1, [[False]]).tolist() == [True]
    assert connected(BRIDGE_EDGES, 4, np.empty((0, 5))).tolist() == []


# Choices


def test_the_best_knapsack_is_worth_935():
    sack = knapsack_instance()
    assert sack.capacity == 298
    best = np.zeros(299)  # by dynamic programming: the most that a capacity can hold
    for value, weight in zip(sack.values, sack.weights.astype(int), strict=True):
        best[weight:] = np.maximum(best[weight:], best[:-weight] + value)
    assert best[-1] == 935


def test_a_penalty_changes_only_what_is_too_heavy():
    x = np.random.default_rng(0).integers(0, 2, (1000, 30))
    hard, soft = knapsack_instance()(x), knapsack_instance(penalty=3.0)(x)
    heavy = x @ knapsack_instance().weights - 298
    assert 0 < (heavy > 0).sum() < 1000
    np.testing.assert_array_equal(hard[heavy <= 0], soft[heavy <= 0])
    assert (hard[heavy > 0] == -np.inf).all()
    values = x @ knapsack_instance().values
    np.testing.assert_allclose((values - soft)[heavy > 0], 3 * heavy[heavy > 0])


# Tours


@pytest.mark.parametrize("n", [4, 6, 7])
def test_held_karp_finds_the_shortest_of_all_tours(n):
    apart = distances(random_cities(n, seed=n))
    tours = np.array([(0, *rest) for rest in itertools.permutations(range(1, n))])
    assert held_karp(apart) == pytest.approx(tour_length(apart)(tours).min(), rel=1e-14)


def test_a_tour_counts_the_way_home_and_each_way_in_its_direction():
    apart = np.array([[0, 1, 20], [5, 0, 3], [7, 30, 0]])
    np.testing.assert_array_equal(tour_length(apart)([[0, 1, 2], [0, 2, 1]]), [11, 55])


def test_what_holds_data_can_be_sent_to_a_worker():
    for made, x in [
        (cut_weight(np.eye(2)), [[0, 1]]),
        (tour_length(np.ones((2, 2))), [[0, 1]]),
        (knapsack_instance(3), [[0, 1, 1]]),
    ]:
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(made))(x), made(x))


# Production lines


@pytest.mark.parametrize(
    ("buffers", "rates", "throughput"),
    [
        ((2, 2), (1, 1, 1), 0.7340166721),
        ((4, 2), (1, 1.1, 1.2), 0.8417210517),
        ((3, 3), (1, 1.1, 1.2), 0.8408953348),
        ((2, 2, 2), (1, 1, 1, 1), 0.7007129023),
        ((0, 0), (1, 1, 1), 22 / 39),  # 0.5778 where the cascade is forgotten
        ((), (3,), 3),
    ],
)
def test_the_throughput_of_a_line_by_its_markov_chain(buffers, rates, throughput):
    buffers = np.array(buffers, dtype=int)
    assert exact_throughput(buffers, rates) == pytest.approx(throughput, abs=6e-11)


@pytest.mark.parametrize(
    ("total", "rates", "best"),
    [
        (4, (1, 1, 1), (2, 2)),
        (6, (1, 1.1, 1.2), (4, 2)),
        (6, (1, 1, 1, 1), (2, 2, 2)),
    ],
)
def test_the_best_buffers_of_all(total, rates, best):
    choices = itertools.product(range(total + 1), repeat=len(rates) - 1)
    allowed = [choice for choice in choices if sum(choice) == total]
    assert max(allowed, key=lambda choice: exact_throughput(choice, rates)) == best


def test_a_line_gives_what_its_mirror_gives():
    line = exact_throughput([1, 3], [1, 2, 1.5])
    assert exact_throughput([3, 1], [1.5, 2, 1]) == pytest.approx(line, rel=1e-12)


def test_the_simulated_line_meets_the_exact_one():
    lines = [((0, 0), (1, 1, 1)), ((2, 2), (1, 1, 1)), ((0, 3), (1, 1.1, 1.2))]
    for buffers, rates in lines:
        runs = buffer_line_throughput(
            np.tile(buffers, (300, 1)), rates, 2000, np.random.default_rng(1)
        )
        error = runs.std() / np.sqrt(len(runs))
        assert error < 0.002
        assert abs(runs.mean() - exact_throughput(buffers, rates)) < 4 * error + 1 / 2000
    assert buffer_line_throughput([[1, 1]], [1, 1, 1], 10, np.random.default_rng(0)).shape == (1,)


def test_lines_of_different_buffers_in_one_call_are_as_those_alone():
    def run(buffers):
        return buffer_line_throughput(buffers, [1, 1, 1], 500, np.random.default_rng(2))

    both = run([[0, 0], [5, 5], [0, 0]])
    np.testing.assert_array_equal(both[[0, 2]], run([[0, 0]] * 3)[[0, 2]])
    np.testing.assert_array_equal(both[1], run([[5, 5]] * 3)[1])


# Valleys


def test_the_valleys_are_lowest_where_they_should_be():
    assert rosenbrock(np.ones((1, 7))) == rastrigin(np.zeros((1, 7))) == 0
    x = np.random.default_rng(0).normal(size=(1000, 7))
    assert (rosenbrock(x) > 0).all()
    assert (rastrigin(x) > 0).all()


def test_rastrigin_has_a_dent_at_each_whole_point():
    x = np.array([[3.0, -2.0]])
    around = x + 0.05 * np.array([[0, 1], [0, -1], [1, 0], [-1, 0]])
    assert rastrigin(x) == pytest.approx(13)
    assert (rastrigin(around) > 13).all()


# What is refused


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: bridge_length([1, 2, 3, 4, 5]), ValueError, r"`x` has shape \(5,\)"),
        (lambda: bridge_length([[1, 2, 3]]), ValueError, r"it must be \(n, 5\)"),
        (lambda: rastrigin([1.0]), ValueError, r"`x` has shape \(1,\); it must be \(n, d\)"),
        (lambda: rosenbrock([[1.0]]), ValueError, "at least two"),
        (lambda: grid(0, 2), ValueError, "`n_rows` is 0; it must be at least 1"),
        (lambda: grid(2, 1.5), TypeError, "`n_columns` must be an integer"),
        (lambda: adjacency([0, 1], 2), ValueError, r"`edges` has shape \(2,\)"),
        (lambda: adjacency([[0, 2]], 2), ValueError, r"`edges\[0, 1\]` is 2; the nodes are 0 to 1"),
        (lambda: connected([[0, 1]], 2, [[1, 0]]), ValueError, r"`up` has shape \(1, 2\)"),
        (
            lambda: connected([[0, 1]], 2, [[1]], terminals=(0, 5)),
            ValueError,
            "`terminals` holds 5; the nodes are 0 to 1",
        ),
        (lambda: cut_weight([[1, 2]]), ValueError, r"`weights` has shape \(1, 2\)"),
        (lambda: cut_weight([[0, 1], [2, 0]]), ValueError, r"`weights\[0, 1\]` is 1"),
        (lambda: Knapsack([1, 2], [1], 3), ValueError, r"`values` has shape \(2,\)"),
        (lambda: Knapsack([1], [1], -3), ValueError, "`capacity` is -3"),
        (lambda: Knapsack([1], [1], 3, penalty=-1), ValueError, "`penalty` is -1"),
        (lambda: distances([1.0, 2.0]), ValueError, r"`points` has shape \(2,\)"),
        (lambda: tour_length(np.eye(3))([[0, 1]]), ValueError, r"`tours` has shape \(1, 2\)"),
        (lambda: exact_throughput([1], [[1, 1]]), ValueError, r"`rates` has shape \(1, 2\)"),
        (lambda: exact_throughput([1], [1, 0]), ValueError, r"`rates\[1\]` is 0.0"),
        (lambda: exact_throughput([1], [1, 1, 1]), ValueError, "3 stations have 2 buffers"),
        (lambda: exact_throughput([1.5], [1, 1]), TypeError, "`buffers` must hold whole numbers"),
        (lambda: exact_throughput([-1], [1, 1]), ValueError, r"`buffers\[0\]` is -1"),
        (
            lambda: buffer_line_throughput([[1]], [1, 1], 9, np.random.default_rng(0)),
            ValueError,
            "`n_jobs` is 9; it must be at least 10",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()
