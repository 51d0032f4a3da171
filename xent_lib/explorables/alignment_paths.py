"""Random ways to align two words, round by round: the probabilities of a search, on its grid."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xent_lib.explorables._figure import Explorable, number

Table = npt.NDArray[np.float64]
Paths = npt.NDArray[np.int64]

LONGEST = 12
STEPS = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])  # diagonal, down, right; at the end, stay
SHARE = 0.1  # elites


def cost_table(a: str, b: str, mismatch: float, gap: float) -> Table:
    """The cost of each move from each cell."""
    costs = np.full((len(a) + 1, len(b) + 1, 4), float(gap))
    differ = np.array(list(a))[:, np.newaxis] != np.array(list(b))
    costs[:-1, :-1, 0] = mismatch * differ
    costs[..., 3] = 0
    return costs


def start_table(rows: int, columns: int) -> Table:
    """All moves alike, those that lead out of the grid left out."""
    table = np.full((rows + 1, columns + 1, 4), [1 / 3, 1 / 3, 1 / 3, 0])
    table[-1], table[:, -1], table[-1, -1] = [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]
    return table


def draw(table: Table, n: int, rng: np.random.Generator) -> Paths:
    """Draw `n` paths, one a row, as moves."""
    longest = sum(table.shape[:2]) - 2
    at, paths = np.zeros((n, 2), dtype=np.int64), np.empty((n, longest), dtype=np.int64)
    for step in range(longest):
        ends = table[at[:, 0], at[:, 1]].cumsum(axis=1)
        paths[:, step] = (ends <= rng.random((n, 1)) * ends[:, 3:]).sum(axis=1)
        at += STEPS[paths[:, step]]
    return paths


def cells(paths: Paths) -> tuple[Paths, Paths]:
    """The cells from which the moves are made: their rows and their columns."""
    before = STEPS[paths].cumsum(axis=1) - STEPS[paths]
    return before[..., 0], before[..., 1]


def fit(paths: Paths, old: Table) -> Table:
    """The shares of the moves in each cell; where no path comes by, as before."""
    counts = np.zeros(old.shape)
    np.add.at(counts, (*cells(paths), paths), 1)
    visits = counts.sum(axis=2, keepdims=True)
    return np.where(visits > 0, counts / np.maximum(visits, 1), old)


def visits(table: Table) -> Table:
    """The probability that a path comes through each cell."""
    rows, columns = table.shape[:2]
    through = np.zeros((rows + 1, columns + 1))
    through[0, 0] = 1
    for i, j in np.ndindex(rows, columns):
        for move, (down, right) in enumerate(STEPS[:3]):
            through[i + down, j + right] += through[i, j] * table[i, j, move]
    return through[:-1, :-1]


def entropy(table: Table) -> float:
    """Of the whole path, in bits, by the chain rule."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(table > 0, -table * np.log2(table), 0).sum(axis=2)
    return float((visits(table) * bits).sum())


def mean_cost(table: Table, costs: Table) -> float:
    """Of all paths, in proportion to their probability."""
    return float((visits(table)[..., np.newaxis] * table * costs).sum())


def cheapest(costs: Table) -> Paths:
    """A path of least cost, by dynamic programming from the end."""
    rows, columns = costs.shape[:2]
    to_go = np.full((rows + 1, columns + 1), np.inf)
    moves = np.full((rows, columns), 3)
    to_go[rows - 1, columns - 1] = 0
    for i, j in sorted(np.ndindex(rows, columns), reverse=True)[1:]:
        options = [costs[i, j, k] + to_go[i + d, j + r] for k, (d, r) in enumerate(STEPS[:3])]
        moves[i, j] = int(np.argmin(options))
        to_go[i, j] = min(options)
    at, path = np.zeros(2, dtype=np.int64), []
    for _ in range(rows + columns - 2):
        path.append(moves[*at])
        at += STEPS[path[-1]]
    return np.array(path)


def chance(table: Table, path: Paths) -> float:
    """The probability of one path."""
    i, j = cells(path[np.newaxis])
    return float(table[i[0], j[0], path].prod())


def _small(prob: float) -> str:
    """A probability in four decimals, and never 0 where it is not."""
    return "<0.0001" if 0 < prob < 0.00005 else number(prob, 4)


def whole(moves: npt.ArrayLike) -> Table:
    """The table of which the script gets what cannot be told from the rest."""
    inside = np.asarray(moves)
    rows, columns, _ = inside.shape
    table = start_table(rows, columns)
    table[:-1, :-1, :2] = inside
    table[:-1, :-1, 2] = np.maximum(1 - inside.sum(axis=2), 0)
    return table


def _rounded(table: Table) -> Table:
    """A table in seven decimals: what is shown is what is drawn from."""
    diagonal = table[:-1, :-1, 0].round(7)
    down = np.minimum(table[:-1, :-1, 1].round(7), (1 - diagonal).round(7))
    return whole(np.stack([diagonal, down], axis=2))


def _run(
    costs: Table, n_points: int, n_rounds: int, smoothing: float, rng: np.random.Generator
) -> dict[str, Any]:
    """The rounds of one search, for the script."""
    table = start_table(costs.shape[0] - 1, costs.shape[1] - 1)
    tables = [_rounded(table)]
    levels: list[float] = []
    best: list[float] = []
    best_paths: list[Paths] = []
    for _ in range(n_rounds):
        paths = draw(tables[-1], n_points, rng)
        drawn = costs[*cells(paths), paths].sum(axis=1)
        n_elite = max(2, int(np.ceil(SHARE * n_points)))
        level = float(np.sort(drawn)[n_elite - 1])
        fitted = fit(paths[drawn <= level], tables[-1])
        tables.append(_rounded(smoothing * fitted + (1 - smoothing) * tables[-1]))
        levels.append(level)
        if not best or drawn.min() < best[-1]:
            best.append(float(drawn.min()))
            best_paths.append(paths[drawn.argmin()])
        else:
            best.append(best[-1])
            best_paths.append(best_paths[-1])
    return {
        "points": n_points,
        "tables": [entry[:-1, :-1, :2].tolist() for entry in tables],
        "levels": levels,
        "best": best,
        "paths": ["".join(map(str, path)).rstrip("3") for path in best_paths],
    }


def alignment_paths(
    a: str = "GATTACA",
    b: str = "ATTGACA",
    mismatch: float = 3,
    gap: float = 2,
    n_points: Sequence[int] = (200, 20),
    n_rounds: int = 12,
    smoothing: float = 0.7,
    seed: int = 5,
) -> Explorable:
    """Step or play a search for the cheapest alignment of two words.

    An alignment is a path through a grid: a diagonal step sets two letters below one another, a
    step down or right one letter of `a` or `b` below a gap. A line is as thick as the probability
    that a path takes it. Each round draws paths, keeps the cheapest tenth (two at least) and takes
    their shares of the moves for the next probabilities, smoothed.

    Parameters
    ----------
    a, b : str
        Words of 2 to 12 letters.
    mismatch, gap : float
        Cost of two letters that differ, and of a letter at a gap; equal letters cost nothing.
    n_points : sequence of int
        Paths in each round, at least 10: one run for each number, to choose from.
    n_rounds : int
        From 1 to 30.
    smoothing : float
        Share of the fit in the next probabilities, above 0 and at most 1.
    seed : int
        Of each run.

    Examples
    --------
    >>> alignment_paths("GATTACA", "ATTGACA", n_points=(200,))
    Paths that learn to align
    <BLANKLINE>
    paths a round  round  mean cost  level γ  best so far  entropy in bits  P(exact best)
    200                0      22.20                                  14.19         0.0002
                       1      17.38       17           10            11.67         0.0040
                       2      12.62       11            7             8.97         0.0229
                       3       8.41        7            4             5.21         0.1201
                       5       4.57        4            4             1.17         0.8615
                       8       4.02        4            4             0.05         0.9961
                      12       4.00        4            4             0.00         1.0000
    <BLANKLINE>
    With 200 paths a round, the best after 12 rounds costs 4; the cheapest alignment of all costs 4.
    """
    for name, word in [("a", a), ("b", b)]:
        if not (isinstance(word, str) and 2 <= len(word) <= LONGEST):
            raise ValueError(f"`{name}` must be a word of 2 to {LONGEST} letters, not {word!r}")
    for name, cost in [("mismatch", mismatch), ("gap", gap)]:
        if not 0 <= cost < np.inf:
            raise ValueError(f"`{name}` must be a cost of at least 0, not {cost}")
    if not 1 <= n_rounds <= 30:
        raise ValueError(f"`n_rounds` must lie between 1 and 30, not {n_rounds}")
    if not 0 < smoothing <= 1:
        raise ValueError(f"`smoothing` must be above 0 and at most 1, not {smoothing}")
    if not n_points or min(n_points) < 10:
        raise ValueError(f"`n_points` must hold numbers of at least 10, not {n_points}")
    costs = cost_table(a, b, mismatch, gap)
    exact = cheapest(costs)
    least = float(costs[*(grid[0] for grid in cells(exact[np.newaxis])), exact].sum())
    runs, rows, says = [], [], []
    for points in n_points:
        run = _run(costs, int(points), n_rounds, smoothing, np.random.default_rng(seed))
        runs.append(run)
        for at in [at for at in (0, 1, 2, 3, 5, 8) if at < n_rounds] + [n_rounds]:
            table = whole(run["tables"][at])
            told = [run["levels"][at - 1], run["best"][at - 1]] if at else []
            rows.append(
                (
                    str(points) if at == 0 else "",
                    str(at),
                    number(mean_cost(table, costs), 2),
                    *([f"{value:g}" for value in told] or ["", ""]),
                    number(entropy(table), 2),
                    _small(chance(table, exact)),
                )
            )
        says.append(
            f"With {points} paths a round, the best after {n_rounds} rounds costs "
            f"{run['best'][-1]:g}; the cheapest alignment of all costs {least:g}."
        )
    return Explorable(
        kind="alignment-paths",
        params={
            "a": a,
            "b": b,
            "mismatch": mismatch,
            "gap": gap,
            "exact": "".join(map(str, exact)).rstrip("3"),
            "runs": runs,
        },
        title="Paths that learn to align",
        columns=[
            "paths a round",
            "round",
            "mean cost",
            "level γ",
            "best so far",
            "entropy in bits",
            "P(exact best)",
        ],
        rows=rows,
        says=" ".join(says),
    )
