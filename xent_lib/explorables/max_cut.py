"""The probabilities of a search for the largest cut, round by round, drawn on the graph."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xent_lib import information, optimize, problems
from xent_lib.explorables._figure import Explorable, number

MOST_NODES = 30


def two_rings(n_nodes: int) -> npt.NDArray[np.float64]:
    """Places for the nodes: the first half on a circle, the others on a smaller one inside."""
    outer = (n_nodes + 1) // 2
    ring = np.arange(n_nodes)
    angle = 2 * np.pi * np.where(ring < outer, ring / outer, (ring - outer) / (n_nodes - outer))
    radius = np.where(ring < outer, 1.0, 0.55)
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


def max_cut(
    weights: npt.ArrayLike | None = None,
    n_points: Sequence[int] = (200, 20),
    seed: int = 5,
    smoothing: float = 0.7,
) -> Explorable:
    """Step or play a search for the largest cut by the cross-entropy method.

    Each node has a coin of its own. A disc is as full as its coin is sure of side 1.

    Parameters
    ----------
    weights : array_like, shape (d, d), optional
        Symmetric weights of the pairs of 4 to 30 nodes, 0 where there is no edge. By default the
        dodecahedron, whose largest cut has 24 of its 30 edges. The first half of the nodes is
        drawn as a ring around the others.
    n_points : sequence of int
        Points in each round: one run for each number, to choose from.
    seed : int
        Of all runs.
    smoothing : float
        As for `xent_lib.optimize.maximize`.

    Examples
    --------
    >>> max_cut(n_points=(200,))
    Twenty coins look for the largest cut
    <BLANKLINE>
    after round      mean  level γ  best so far  entropy, bits
    200 points: 0                                       20.000
    200 points: 1   14.74       18           22         19.809
    200 points: 2   15.11       19           22         19.354
    200 points: 5    16.3       20           23         15.857
    200 points: 11  21.95       24           24          5.511
    200 points: 22     24       24           24          0.001
    <BLANKLINE>
    In 22 rounds of 200 points: the best cut weighs 24, and the coins fall from 20 bits of \
entropy to 0.001.
    """
    table = np.asarray(
        problems.adjacency(problems.dodecahedron(), 20) if weights is None else weights, dtype=float
    )
    weigh = problems.cut_weight(table)
    d = len(table)
    if not 4 <= d <= MOST_NODES:
        raise ValueError(f"a figure draws 4 to {MOST_NODES} nodes, not {d}")
    sizes = [int(n) for n in n_points]
    if not sizes:
        raise ValueError("`n_points` is empty: give at least one number of points")
    runs, rows, says = [], [], []
    for size in sizes:
        found, cuts = _run(weigh, d, size, seed, smoothing)
        coins = [np.full(d, 0.5), *(step.family.parameters["prob"] for step in found.history)]
        runs.append(
            {
                "points": size,
                "probs": [prob.round(5).tolist() for prob in coins],
                "level": [step.gamma for step in found.history],
                "best": [step.best for step in found.history],
                "mean": [round(step.mean, 3) for step in found.history],
                "cuts": ["".join(map(str, cut)) for cut in cuts],
            }
        )
        last = found.n_iterations
        for at in sorted({0, 1, 2, last // 4, last // 2, last}):
            step = found.history[at - 1]
            told = [step.mean, step.gamma, step.best] if at else []
            words = [f"{value:z.4g}" for value in told] or ["", "", ""]
            entropy = sum(float(information.entropy([prob, 1 - prob])) for prob in coins[at])
            rows.append((f"{size} points: {at}", *words, number(entropy)))
        says.append(
            f"In {last} rounds of {size} points: the best cut weighs "
            f"{found.history[-1].best:g}, and the coins fall from {d} bits of entropy to "
            f"{number(entropy)}."
        )
    left, right = np.nonzero(np.triu(table))
    return Explorable(
        kind="max-cut",
        params={
            "places": two_rings(d).round(4).tolist(),
            "edges": np.stack([left, right], axis=1).tolist(),
            "weights": table[left, right].tolist(),
            "runs": runs,
        },
        title="Twenty coins look for the largest cut" if d == 20 else "Coins look for a large cut",
        columns=["after round", "mean", "level γ", "best so far", "entropy, bits"],
        rows=rows,
        says=" ".join(says),
    )


def _run(
    weigh: problems.Objective, d: int, size: int, seed: int, smoothing: float
) -> tuple[optimize.OptimizeResult, list[npt.NDArray[np.int64]]]:
    """A run, and the best cut that each of its rounds knew of."""
    seen: list[tuple[float, npt.NDArray[np.int64]]] = []

    def watched(x: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        values = np.asarray(weigh(x))
        seen.append((float(values.max()), x[values.argmax()]))
        return values

    found = optimize.maximize(
        watched,
        optimize.Binary.uniform(d),
        n_samples=size,
        elite_fraction=max(0.1, 2 / size),
        smoothing=smoothing,
        block_size=size,  # one block is one round
        rng=seed,
    )
    cuts: list[npt.NDArray[np.int64]] = []
    best = -np.inf
    for value, cut in seen[: found.n_iterations]:
        cuts.append(cut if value >= best else cuts[-1])  # of equals the latest
        best = max(best, value)
    return found, cuts
