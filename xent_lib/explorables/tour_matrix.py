"""The transition matrix of a search for the shortest tour, round by round, beside the map."""

import numpy as np
import numpy.typing as npt

from xent_lib import information, optimize, problems
from xent_lib.explorables._figure import Explorable, number


def tour_matrix(
    cities: npt.ArrayLike | None = None, n_points: int = 1000, seed: int = 1
) -> Explorable:
    """Step or play a search for the shortest round tour, and watch its matrix sharpen.

    The cities are numbered along the tour that the run ends with.

    Parameters
    ----------
    cities : array_like, shape (c, 2), optional
        5 to 16 points of the unit square; by default 10 drawn by chance.
    n_points : int
        Tours in each round.
    seed : int
        Of the run.

    Examples
    --------
    >>> tour_matrix()
    A matrix becomes a tour
    <BLANKLINE>
    after round  level γ  best so far  entropy a city, bits  next in the end, probability
    0                                                 3.170                         0.111
    1              4.020        3.103                 3.040                         0.177
    2              3.535        2.372                 2.791                         0.238
    3              3.177        2.298                 2.412                         0.253
    6              2.298        2.298                 0.904                         0.781
    13             2.298        2.298                 0.001                         1.000
    <BLANKLINE>
    In 13 rounds of 1,000 tours: the best has length 2.298.
    """
    at = np.asarray(problems.random_cities(10, 162) if cities is None else cities, dtype=float)
    if at.ndim != 2 or at.shape[1] != 2 or not 5 <= len(at) <= 16:
        raise ValueError(f"`cities` has shape {at.shape}; a figure draws 5 to 16 points (c, 2)")
    if not ((at >= 0) & (at <= 1)).all():
        raise ValueError("`cities` must lie in the unit square")
    measure = problems.tour_length(problems.distances(at))
    seen: list[tuple[float, npt.NDArray[np.int64]]] = []

    def watched(tours: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        lengths = np.asarray(measure(tours))
        seen.append((float(lengths.min()), tours[lengths.argmin()]))
        return lengths

    found = optimize.minimize(
        watched, optimize.Tour.uniform(len(at)), n_samples=n_points, block_size=n_points, rng=seed
    )
    place = np.empty(len(at), dtype=np.int64)  # of each city along the tour found
    place[found.x] = np.arange(len(at))
    tables = [optimize.Tour.uniform(len(at)).transitions]
    tables += [step.family.parameters["transitions"] for step in found.history]
    tables = [table[np.ix_(found.x, found.x)] for table in tables]
    tours: list[list[int]] = []
    shortest = np.inf
    for length, tour in seen[: found.n_iterations]:
        tours.append(place[tour].tolist() if length < shortest else tours[-1])
        shortest = min(shortest, length)

    last = found.n_iterations
    rows = []
    for round_ in sorted({0, 1, 2, last // 4, last // 2, last}):
        table = tables[round_]
        entropy = float(np.mean([information.entropy(row) for row in table]))
        onward = float(np.mean(table[np.arange(len(at)), np.roll(np.arange(len(at)), -1)]))
        step = found.history[round_ - 1]
        told = (number(step.gamma), number(step.best)) if round_ else ("", "")
        rows.append((str(round_), *told, number(entropy), number(onward)))
    return Explorable(
        kind="tour-matrix",
        params={
            "places": at[found.x].round(4).tolist(),
            "tables": [table.round(5).tolist() for table in tables],
            "level": [round(step.gamma, 6) for step in found.history],
            "best": [round(step.best, 6) for step in found.history],
            "tours": tours,
            "points": n_points,
        },
        title="A matrix becomes a tour",
        columns=[
            "after round",
            "level γ",
            "best so far",
            "entropy a city, bits",
            "next in the end, probability",
        ],
        rows=rows,
        says=(
            f"In {last} rounds of {n_points:,} tours: "
            f"the best has length {number(found.history[-1].best)}."
        ),
    )
