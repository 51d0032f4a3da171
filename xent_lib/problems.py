"""Problems whose answers are known: graphs, networks, knapsacks, tours, production lines, valleys.

What an optimiser or an estimator says can be held against the truth here. Each problem takes points
as the rows of an array and gives one number a row; those that hold data are objects that can be
sent to a worker.
"""

import dataclasses
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from xent_lib._validation import Array, as_count, as_number, as_real_array, refuse_first

__all__ = [
    "BRIDGE_EDGES",
    "BRIDGE_MEANS",
    "BRIDGE_PATHS",
    "Knapsack",
    "adjacency",
    "bridge_length",
    "buffer_line_throughput",
    "complete_graph",
    "connected",
    "cut_weight",
    "distances",
    "dodecahedron",
    "exact_throughput",
    "grid",
    "heawood",
    "icosahedron",
    "knapsack_instance",
    "petersen",
    "random_cities",
    "rastrigin",
    "rosenbrock",
    "tour_length",
]

Objective: TypeAlias = Callable[[Array], Array]
Edges: TypeAlias = npt.NDArray[np.int64]

# --- The bridge ----------------------------------------------------------------------------------

#: The five roads between four places, 0 the start and 3 the end. The first two roads lead away
#: from the start, the last two to the end, and the third is the bridge in the middle.
BRIDGE_EDGES: Edges = np.array([(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)])

#: The four ways from start to end, each by the numbers of its roads.
BRIDGE_PATHS = ((0, 3), (0, 2, 4), (1, 4), (1, 2, 3))

#: The mean length of each road.
BRIDGE_MEANS = (0.25, 0.4, 0.1, 0.3, 0.2)


def bridge_length(x: npt.ArrayLike) -> Array:
    """Return the length of the shortest way across the bridge network.

    Its four ways are the roads {1, 4}, {1, 3, 5}, {2, 5} and {2, 3, 4}. With independent
    exponential roads of means `BRIDGE_MEANS`, the shortest way is at least 2 with probability
    1.34245975e-5.

    Parameters
    ----------
    x : array_like, shape (n, 5)
        The lengths of the five roads.

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    .. [1] de Boer, P.-T., Kroese, D. P., Mannor, S. and Rubinstein, R. Y. (2005). A tutorial on
       the cross-entropy method. Annals of Operations Research 134, 19-67.

    Examples
    --------
    >>> bridge_length([[1, 2, 3, 4, 5], [9, 1, 1, 1, 9]])
    array([5., 3.])
    """
    roads = _rows("x", x, 5)
    return np.asarray(np.min([roads[:, list(path)].sum(axis=1) for path in BRIDGE_PATHS], axis=0))


# --- Graphs --------------------------------------------------------------------------------------


def petersen() -> Edges:
    """Return the 15 edges of the Petersen graph, 10 nodes. Its largest cut has 12 edges."""
    return _generalized_petersen(5, 2)


def dodecahedron() -> Edges:
    """Return the 30 edges of the dodecahedron, 20 nodes. Its largest cut has 24 edges.

    Nodes 0 and 5 lie opposite.
    """
    return _generalized_petersen(10, 2)


def icosahedron() -> Edges:
    """Return the 30 edges of the icosahedron, 12 nodes. Its largest cut has 20 edges.

    Node 0 is the top and node 11 lies opposite; 1 to 5 and 6 to 10 are the rings between.
    """
    ring = range(5)
    return _edges(
        [(0, 1 + i) for i in ring]
        + [(1 + i, 1 + (i + 1) % 5) for i in ring]
        + [(1 + i, 6 + i) for i in ring]
        + [(1 + (i + 1) % 5, 6 + i) for i in ring]
        + [(6 + i, 6 + (i + 1) % 5) for i in ring]
        + [(6 + i, 11) for i in ring]
    )


def heawood() -> Edges:
    """Return the 21 edges of the Heawood graph, 14 nodes. It has two sides: all edges are cut."""
    ring = [(i, (i + 1) % 14) for i in range(14)]
    return _edges(ring + [(i, (i + 5) % 14) for i in range(0, 14, 2)])


def grid(n_rows: int, n_columns: int) -> Edges:
    """Return the edges of a grid, whose nodes are numbered row by row.

    Examples
    --------
    >>> grid(2, 2).tolist()
    [[0, 1], [2, 3], [0, 2], [1, 3]]
    """
    n_rows, n_columns = as_count("n_rows", n_rows), as_count("n_columns", n_columns)
    node = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    right = np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], axis=1)
    down = np.stack([node[:-1].ravel(), node[1:].ravel()], axis=1)
    return np.concatenate([right, down])


def adjacency(edges: npt.ArrayLike, n_nodes: int) -> Array:
    """Return the symmetric matrix with 1 for each edge and 0 elsewhere.

    Examples
    --------
    >>> adjacency([(0, 1)], 2)
    array([[0., 1.],
           [1., 0.]])
    """
    pairs = _as_edges(edges, n_nodes := as_count("n_nodes", n_nodes))
    matrix = np.zeros((n_nodes, n_nodes))
    matrix[pairs[:, 0], pairs[:, 1]] = matrix[pairs[:, 1], pairs[:, 0]] = 1
    return matrix


def complete_graph(n_nodes: int, seed: int) -> Array:
    """Return symmetric random weights from 1 to 10 for all pairs of nodes, zeros on the diagonal.

    The largest cut of ``complete_graph(20, 12345)`` weighs 613.
    """
    n_nodes = as_count("n_nodes", n_nodes)
    upper = np.triu(np.random.default_rng(seed).integers(1, 11, (n_nodes, n_nodes)), 1)
    return (upper + upper.T).astype(float)


def cut_weight(weights: npt.ArrayLike) -> Objective:
    """Return the function that weighs cuts: what joins nodes marked 0 to nodes marked 1.

    Parameters
    ----------
    weights : array_like, shape (d, d)
        Symmetric weights of the pairs of nodes.

    Returns
    -------
    callable
        Maps vectors of 0 and 1, shape (n, d), to weights, shape (n,).

    Examples
    --------
    >>> weigh = cut_weight(adjacency(petersen(), 10))
    >>> weigh(np.array([[0] * 10, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]]))
    array([0., 5.])
    """
    return partial(_cut_weight, _symmetric("weights", weights))


def _cut_weight(weights: Array, x: npt.ArrayLike) -> Array:
    side = _rows("x", x, len(weights))
    return np.asarray(((side @ weights) * (1 - side)).sum(axis=1))


def connected(
    edges: npt.ArrayLike,
    n_nodes: int,
    up: npt.ArrayLike,
    terminals: tuple[int, int] | None = None,
) -> npt.NDArray[np.bool_]:
    """Tell of each state of a network whether it holds together.

    Parameters
    ----------
    edges : array_like, shape (m, 2)
        Pairs of nodes.
    n_nodes : int
        How many nodes there are, numbered from 0.
    up : array_like, shape (n, m)
        Which edges work, one state a row.
    terminals : (int, int), optional
        Ask for a way between these two; by default, for ways between all nodes.

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    The bridge without its first road, and without both roads that lead to the end:

    >>> up = [[False, True, True, True, True], [True, True, True, False, False]]
    >>> connected(BRIDGE_EDGES, 4, up, terminals=(0, 3))
    array([ True, False])
    """
    pairs = _as_edges(edges, n_nodes := as_count("n_nodes", n_nodes))
    works = np.asarray(up, dtype=bool)
    if works.ndim != 2 or works.shape[1] != len(pairs):
        raise ValueError(
            f"`up` has shape {works.shape}; it needs one column for each of the {len(pairs)} edges"
        )
    start, *ends = range(n_nodes) if terminals is None else terminals
    for terminal in (start, *ends):
        if not 0 <= terminal < n_nodes:
            raise ValueError(f"`terminals` holds {terminal}; the nodes are 0 to {n_nodes - 1}")
    # The columns are states, so that one edge of all of them lies together in memory.
    works, reached = works.T.copy(), np.zeros((n_nodes, len(works)), dtype=bool)
    reached[start] = True
    before, after = 0, 1
    while before < after:
        for (a, b), working in zip(pairs, works, strict=True):
            joined = (reached[a] | reached[b]) & working
            reached[a] |= joined
            reached[b] |= joined
        before, after = after, int(reached.sum())
    return np.asarray(reached[ends].all(axis=0))


def _generalized_petersen(n: int, step: int) -> Edges:
    """An outer ring of n nodes, an inner one that is joined in steps, and spokes between them."""
    ring = range(n)
    return _edges(
        [(i, (i + 1) % n) for i in ring]
        + [(i, n + i) for i in ring]
        + [(n + i, n + (i + step) % n) for i in ring]
    )


def _edges(pairs: Sequence[tuple[int, int]]) -> Edges:
    return np.array(pairs, dtype=np.int64)


def _as_edges(edges: npt.ArrayLike, n_nodes: int) -> Edges:
    pairs = as_real_array("edges", edges)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(f"`edges` has shape {pairs.shape}; it must hold one pair of nodes a row")
    wrong = (pairs < 0) | (pairs >= n_nodes)
    if wrong.any():
        refuse_first("edges", pairs, wrong, f"the nodes are 0 to {n_nodes - 1}")
    return pairs.astype(np.int64)


# --- Choices -------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Knapsack:
    """What a choice of things is worth, and what it may weigh: to be maximised.

    Parameters
    ----------
    values, weights : array_like, shape (d,)
        Of each thing.
    capacity : float
        What the chosen things may weigh together.
    penalty : float, optional
        What each unit of weight too much costs. By default a choice that is too heavy is not
        allowed: its value is −inf.

    Examples
    --------
    >>> sack = Knapsack(values=[6, 5, 5], weights=[3, 2, 2], capacity=4)
    >>> choices = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0]])
    >>> sack(choices)
    array([  6.,  10., -inf])
    >>> dataclasses.replace(sack, penalty=2.0)(choices)
    array([ 6., 10.,  9.])
    """

    values: npt.ArrayLike
    weights: npt.ArrayLike
    capacity: float
    penalty: float | None = None

    def __post_init__(self) -> None:
        values = as_real_array("values", self.values).astype(float)
        weights = as_real_array("weights", self.weights).astype(float)
        if values.ndim != 1 or values.shape != weights.shape:
            raise ValueError(
                f"`values` has shape {values.shape} and `weights` {weights.shape}; they must hold"
                " one number for each thing"
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)
        as_number("capacity", self.capacity, least=0)
        if self.penalty is not None:
            as_number("penalty", self.penalty, least=0)

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Return the value of each row of 0 and 1 in `x`, shape (n, d)."""
        values, weights = np.asarray(self.values), np.asarray(self.weights)
        chosen = _rows("x", x, len(values))
        worth, excess = chosen @ values, chosen @ weights - self.capacity
        if self.penalty is None:
            return np.where(excess > 0, -math.inf, worth)
        return np.asarray(worth - self.penalty * np.maximum(excess, 0))


def knapsack_instance(n_things: int = 30, seed: int = 7, penalty: float | None = None) -> Knapsack:
    """Return a random knapsack that holds a third of all. By default the best is worth 935.

    Values are whole numbers from 10 to 99, weights from 5 to 49.
    """
    n_things, rng = as_count("n_things", n_things), np.random.default_rng(seed)
    values, weights = rng.integers(10, 100, n_things), rng.integers(5, 50, n_things)
    return Knapsack(values, weights, float(weights.sum() // 3), penalty)


# --- Tours ---------------------------------------------------------------------------------------


def random_cities(n: int, seed: int) -> Array:
    """Return `n` points of the unit square, shape (n, 2)."""
    return np.random.default_rng(seed).random((as_count("n", n), 2))


def distances(points: npt.ArrayLike) -> Array:
    """Return how far each of the points lies from each, shape (n, n).

    Examples
    --------
    >>> distances([[0, 0], [3, 4]])
    array([[0., 5.],
           [5., 0.]])
    """
    at = as_real_array("points", points)
    if at.ndim != 2:
        raise ValueError(f"`points` has shape {at.shape}; it must hold one point a row")
    return np.asarray(np.sqrt(((at[:, np.newaxis] - at) ** 2).sum(axis=2)))


def tour_length(distances: npt.ArrayLike) -> Objective:
    """Return the function that measures round tours: the way home is counted.

    Parameters
    ----------
    distances : array_like, shape (c, c)
        From each city to each; there and back may differ.

    Returns
    -------
    callable
        Maps tours, shape (n, c), each a permutation of 0 to c − 1, to lengths, shape (n,).

    Examples
    --------
    >>> corners = distances([[0, 0], [1, 0], [1, 1], [0, 1]])
    >>> tour_length(corners)(np.array([[0, 1, 2, 3]]))
    array([4.])
    """
    return partial(_tour_length, _square("distances", distances))


def _tour_length(distances: Array, tours: npt.ArrayLike) -> Array:
    tours = np.asarray(tours)
    if tours.ndim != 2 or tours.shape[1] != len(distances):
        raise ValueError(
            f"`tours` has shape {tours.shape}; each row must go through {len(distances)} cities"
        )
    return np.asarray(distances[tours, np.roll(tours, -1, axis=1)].sum(axis=1))


# --- Production lines ----------------------------------------------------------------------------


def buffer_line_throughput(
    buffers: npt.ArrayLike, rates: npt.ArrayLike, n_jobs: int, rng: np.random.Generator
) -> Array:
    """Simulate production lines, and return how many jobs leave each per unit of time.

    The stations stand in a row, each with one server of exponential service time. Between two of
    them wait as many jobs as the buffer holds; a job that is done and finds the next buffer full
    stays where it is and blocks its server (blocking after service). The first station never runs
    out of jobs. The line starts empty; the first tenth of the jobs is not counted.

    Parameters
    ----------
    buffers : array_like of int, shape (n, m - 1)
        Places between the `m` stations, one line a row.
    rates : array_like, shape (m,)
        Jobs per unit of time of each server while it works.
    n_jobs : int
        Jobs to send through each line, at least 10. The standard deviation of the result falls
        with its square root.
    rng : numpy.random.Generator
        Draws the service times, anew for each line.

    Returns
    -------
    ndarray, shape (n,)
        Its mean over many runs is a little above `exact_throughput`, by some parts in `n_jobs`: a
        ratio with a random time below the bar.

    Notes
    -----
    Job j leaves station i once it is done there and job j − b − 1 has left station i + 1, whose
    buffer has b places: a recursion, here for all lines at once.

    References
    ----------
    .. [1] Alon, G., Kroese, D. P., Raviv, T. and Rubinstein, R. Y. (2005). Application of the
       cross-entropy method to the buffer allocation problem in a simulation-based environment.
       Annals of Operations Research 134, 137-151.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> buffer_line_throughput([[2, 2], [0, 4]], [1, 1, 1], 10_000, rng).round(2)
    array([0.73, 0.66])
    """
    speed = _as_rates(rates)
    places = _as_buffers(np.atleast_2d(np.asarray(buffers)), len(speed))
    n_jobs = as_count("n_jobs", n_jobs, least=10)
    lines, m = np.arange(len(places)), len(speed)
    service = rng.exponential(size=(n_jobs, len(lines), m)) / speed
    # When each job left each station; the rows before the first job are for those that never were.
    before = int(places.max(initial=0)) + 1
    left = np.zeros((before + n_jobs, len(lines), m))
    for job in range(before, before + n_jobs):
        done = np.zeros(len(lines))
        for i in range(m):
            done = np.maximum(done, left[job - 1, :, i]) + service[job - before, :, i]
            if i + 1 < m:
                done = np.maximum(done, left[job - places[:, i] - 1, lines, i + 1])
            left[job, :, i] = done
    first = n_jobs // 10
    return np.asarray((n_jobs - first) / (left[-1, :, -1] - left[before + first - 1, :, -1]))


def exact_throughput(buffers: npt.ArrayLike, rates: npt.ArrayLike) -> float:
    """Return how many jobs leave a production line per unit of time, from its Markov chain.

    The line is that of `buffer_line_throughput`. A state tells for each station how many jobs are
    in its buffer and its server, and whether the server is blocked. When a blocked job moves on,
    the place that it leaves may free the server before it, and so on up the line. (Who forgets
    this cascade finds 0.5778 instead of 22/39 = 0.5641 for three equal stations without buffers.)

    Parameters
    ----------
    buffers : array_like of int, shape (m - 1,)
        Places between the `m` stations.
    rates : array_like, shape (m,)
        Jobs per unit of time of each server while it works.

    Returns
    -------
    float
        Exact up to rounding. The number of states is about the product of the buffers plus 3, and
        the time goes with its cube: lines with some thousand states at most.

    Examples
    --------
    >>> exact_throughput([2, 2], [1, 1, 1])
    0.73401667...
    >>> exact_throughput([0], [1, 1])  # 2/3: of three states, one has the second server idle
    0.66666666...
    """
    speed = _as_rates(rates)
    places = _as_buffers(np.asarray(buffers), len(speed))
    rooms = (math.inf, *(int(b) + 1 for b in places))  # buffer and server; the first never fills
    last = len(rooms) - 1

    def after(state: tuple[int, ...], station: int) -> tuple[int, ...]:
        """The state once a station is done with its job."""
        jobs, blocked = list(state[: last + 1]), list(state[last + 1 :])

        def move_on(i: int) -> None:
            jobs[i] -= i > 0
            if i < last:
                jobs[i + 1] += 1
            if i > 0 and blocked[i - 1]:
                blocked[i - 1] = 0
                move_on(i - 1)

        if station < last and jobs[station + 1] == rooms[station + 1]:
            blocked[station] = 1
        else:
            move_on(station)
        return (*jobs, *blocked)

    start = (1, *[0] * (2 * last + 1))
    number, moves, waiting = {start: 0}, [], [start]
    while waiting:
        state = waiting.pop()
        for i in range(last + 1):
            if state[i] > 0 and not state[last + 1 + i]:
                to = after(state, i)
                if to not in number:
                    number[to] = len(number)
                    waiting.append(to)
                moves.append((number[state], number[to], i))
    # Stationary: what flows into a state flows out of it, and all probabilities sum to 1.
    flow = np.zeros((len(number), len(number)))
    for source, target, i in moves:
        flow[target, source] += speed[i]
        flow[source, source] -= speed[i]
    flow[0] = 1
    probs = np.linalg.solve(flow, np.eye(len(number))[0])
    return float(sum(probs[source] * speed[i] for source, _, i in moves if i == last))


def _as_rates(rates: npt.ArrayLike) -> Array:
    speed = as_real_array("rates", rates).astype(float)
    if speed.ndim != 1:
        raise ValueError(f"`rates` has shape {speed.shape}; it must hold one number a station")
    wrong = ~((speed > 0) & (speed < math.inf))
    if wrong.any():
        refuse_first("rates", speed, wrong, "a rate must be above 0 and finite")
    return speed


def _as_buffers(places: Array, n_stations: int) -> Array:
    if places.dtype.kind not in "iu" and places.size:
        raise TypeError(f"`buffers` must hold whole numbers, not values of dtype {places.dtype}")
    if places.shape[-1] != n_stations - 1 or places.ndim > 2:
        raise ValueError(
            f"`buffers` has shape {places.shape}; {n_stations} stations have {n_stations - 1}"
            " buffers between them"
        )
    if (places < 0).any():
        refuse_first("buffers", places, places < 0, "a buffer has 0 or more places")
    return places.astype(np.int64)


# --- Valleys -------------------------------------------------------------------------------------


def rosenbrock(x: npt.ArrayLike) -> Array:
    """Return the height of a narrow bent valley; its lowest point, 0, lies at (1, ..., 1).

    ``sum(100 (x[i+1] - x[i]²)² + (1 - x[i])²)``; `x` has shape (n, d), d at least 2 [1]_.

    References
    ----------
    .. [1] Rosenbrock, H. H. (1960). An automatic method for finding the greatest or least value
       of a function. The Computer Journal 3(3), 175-184.

    Examples
    --------
    >>> rosenbrock([[1.0, 1.0], [0.0, 0.0], [-1.0, 1.0]])
    array([0., 1., 4.])
    """
    x = _rows("x", x)
    if x.shape[1] < 2:
        raise ValueError("`x` has one coordinate; the valley needs at least two")
    return np.asarray((100 * (x[:, 1:] - x[:, :-1] ** 2) ** 2 + (1 - x[:, :-1]) ** 2).sum(axis=1))


def rastrigin(x: npt.ArrayLike) -> Array:
    """Return the height of a bowl full of dents; its lowest point, 0, lies at the origin.

    ``sum(x² + 10 (1 - cos(2 pi x)))``; near each point of whole numbers lies a local minimum of
    about the squared distance from the origin [1]_.

    References
    ----------
    .. [1] Mühlenbein, H., Schomisch, M. and Born, J. (1991). The parallel genetic algorithm as
       function optimizer. Parallel Computing 17(6-7), 619-632.

    Examples
    --------
    >>> rastrigin([[0.0, 0.0], [1.0, 2.0], [0.5, 0.0]])
    array([ 0.  ,  5.  , 20.25])
    """
    x = _rows("x", x)
    return np.asarray((x**2 + 10 * (1 - np.cos(2 * math.pi * x))).sum(axis=1))


# --- The door ------------------------------------------------------------------------------------


def _rows(name: str, x: npt.ArrayLike, d: int | None = None) -> Array:
    """Return points as an array of floats with one row a point."""
    points = np.asarray(x, dtype=float)
    if points.ndim != 2 or d not in (None, points.shape[1]):
        raise ValueError(
            f"`{name}` has shape {points.shape}; it must be (n, {'d' if d is None else d}), one"
            " point a row"
        )
    return points


def _square(name: str, matrix: npt.ArrayLike) -> Array:
    square = as_real_array(name, matrix).astype(float)
    if square.ndim != 2 or square.shape[0] != square.shape[1]:
        raise ValueError(f"`{name}` has shape {square.shape}; it must be square")
    return square


def _symmetric(name: str, matrix: npt.ArrayLike) -> Array:
    square = _square(name, matrix)
    if not (square == square.T).all():
        refuse_first(name, square, square != square.T, f"it must equal `{name}` turned over")
    return square
