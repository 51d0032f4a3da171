"""Optimisation by the cross-entropy method: draw, keep the best, fit to them, draw again.

To find the best point is to find a rare event: a random point is hardly ever that good. So the
loop is that of `xent_lib.rare_events`, without a level to stop at. It is told in `minimize`; what
it draws from are the families below it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from xent_lib import _blocks
from xent_lib._blocks import Seed
from xent_lib._html import report
from xent_lib._validation import (
    Array,
    as_count,
    as_number,
    as_real_array,
    check_probabilities,
    check_totals,
    refuse_first,
)
from xent_lib.families import Family

__all__ = [
    "Binary",
    "Categorical",
    "FullGaussian",
    "Gaussian",
    "Iteration",
    "OptimizeResult",
    "Permutation",
    "SearchFamily",
    "Tour",
    "dynamic_smoothing",
    "maximize",
    "minimize",
]

Objective: TypeAlias = Callable[..., Any]
Share: TypeAlias = float | Callable[[int], float]

SHRUNK = "the family shrank to a point"
FINALISTS = 10  # a noisy run ends with a race between the winners of so many iterations
WORTH = 1e-6  # of the way made so far: what a new best must gain for another injection


@dataclasses.dataclass(frozen=True)
class Iteration:
    """One round of draw, keep and fit.

    Attributes
    ----------
    best : float
        The best value seen so far; of a noisy objective, the best mean of fresh evaluations.
    gamma : float
        The worst value among the elites of this round.
    mean : float
        The mean of what was drawn, over the points that are allowed.
    spread : float
        ``family.spread()``.
    family : Family
        What was fitted to the elites, smoothed.
    """

    best: float
    gamma: float
    mean: float
    spread: float
    family: SearchFamily


@dataclasses.dataclass(frozen=True, repr=False)
class OptimizeResult:
    """The best point found, and the way there.

    Attributes
    ----------
    x : ndarray, shape (d,)
        The best point.
    fun : float
        Its value. Of a noisy objective, the mean of fresh evaluations that had no part in choosing
        the point, so that it is not a lucky draw.
    std_error : float
        The standard error of `fun`; 0 where there is no noise.
    family : Family
        The last one.
    n_evaluations : int
        How many points were evaluated, everything counted.
    n_iterations : int
    history : tuple of Iteration
    seed : int
        Gives the same run again, where the run was started with a number, a generator or nothing.
    converged : bool
        Whether the run came to rest by itself and did not collapse.
    collapsed : bool
        Whether the family shrank to a point that is not the best: a slope on which it was still on
        its way, or a place worse than one it had seen.
    message : str
        Why it ended.
    warnings : tuple of str
        What may be wrong, and what to try.
    notes : tuple of str
        What happened on the way and does no harm, such as a lost worker.
    """

    x: Array
    fun: float
    std_error: float
    family: SearchFamily
    n_evaluations: int
    n_iterations: int
    history: tuple[Iteration, ...]
    seed: int
    converged: bool
    collapsed: bool
    message: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    def _facts(self) -> Iterator[tuple[str, str]]:
        """What is told of the result: (name, value)."""
        error = f" ± {self.std_error:.2g}" if self.std_error else ""
        yield "value", f"{self.fun:.6g}{error}"
        with np.printoptions(threshold=20, edgeitems=5, precision=4, suppress=True):
            yield "point", " ".join(str(self.x.round(4) + 0).split())  # no minus zero
        yield "evaluations", f"{self.n_evaluations:,} in {self.n_iterations} iterations"
        yield "ended", self.message

    def __repr__(self) -> str:
        lines = [f"  {name}: {value}" for name, value in self._facts()]
        lines += [f"  ! {text}" for text in self.warnings] + [f"  ({text})" for text in self.notes]
        return "\n".join([self._title(), *lines])

    def _repr_html_(self) -> str:
        return report(self._title(), self._facts(), [*self.warnings, *self.notes])

    def _title(self) -> str:
        return f"The best of {type(self.family).__name__} by the cross-entropy method"

    def plot(self, axes: Any = None) -> Any:
        """Draw how the best, the threshold of the elites and the mean went; needs matplotlib.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from matplotlib import pyplot as plt

        axes = plt.subplots()[1] if axes is None else axes
        steps = range(1, self.n_iterations + 1)
        styles = {"mean": ":", "gamma": "--", "best": "-"}
        for (name, style), below in zip(styles.items(), (12, 0, -12), strict=True):
            values = [getattr(step, name) for step in self.history]
            (line,) = axes.plot(steps, values, style)
            axes.annotate(
                {"gamma": "elite threshold γ"}.get(name, name),
                (steps[-1], values[-1]),
                xytext=(6, below),
                textcoords="offset points",
                va="center",
                color=line.get_color(),
                annotation_clip=False,
            )
        axes.set(xlabel="iteration", ylabel="value of the objective")
        axes.set_title("Drawn, kept, and best so far")
        return axes


# --- The loop ------------------------------------------------------------------------------------


def minimize(
    objective: Objective,
    family: SearchFamily,
    *,
    n_samples: int = 1000,
    elite_fraction: float = 0.1,
    smoothing: Share = 0.7,
    spread_smoothing: Share | None = None,
    max_iterations: int = 200,
    tolerance: float = 1e-4,
    patience: int = 15,
    elite_memory: int = 0,
    injection: float = 0.0,
    noisy: bool = False,
    n_resamples: int = 1,
    block_size: int = 250,
    rng: Seed = None,
    executor: Executor | None = None,
) -> OptimizeResult:
    """Look for the point of least value by the cross-entropy method.

    Parameters
    ----------
    objective : callable
        ``objective(x)`` maps points, shape (n, d), to numbers, shape (n,); with `noisy`,
        ``objective(x, rng)``, which draws its noise from the generator `rng`. +inf stands for a
        point that is not allowed; nan and −inf are errors that name the point.
    family : SearchFamily
        What the first points are drawn from: `Binary`, `Categorical`, `Tour`, `Permutation`,
        `Gaussian` or `FullGaussian`.
    n_samples : int
        Points drawn in each iteration.
    elite_fraction : float
        The share of them, between 0 and 1, that the family is fitted to: at least two points. All
        that are as good as the last of these are elites too.
    smoothing : float or callable
        The share of the fit in the next parameters, above 0 and at most 1; the rest stays as it
        was. A callable gets the number of the iteration, from 1, and gives the share.
    spread_smoothing : float or callable, optional
        The same for the spread of a Gaussian alone (its deviations or its covariance), such as
        `dynamic_smoothing`. By default, `smoothing`.
    max_iterations : int
        Stop after so many.
    tolerance : float
        Stop once the spread of the family is at most this share of what it was at first.
    patience : int
        Stop after so many iterations in which neither the best value nor the threshold of the
        elites came lower than ever before.
    elite_memory : int
        How many of the best points so far compete with those of the next iteration; 0 for none.
    injection : float
        When the spread has fallen to `tolerance`, set it anew to this share of what it was at
        first (for a family of probabilities: mix the first ones in with this share), as long as
        the last time brought something better. 0 for never.
    noisy : bool
        Whether the objective gives another number each time. The best points, twice as many as
        there will be elites, are then evaluated afresh, and the elites are chosen by the fresh
        values alone. At the end, the winners of the last ten iterations and the centre of the
        family run a race of `n_samples` evaluations together, and the winner of that is evaluated
        another `n_samples` times for the report.
    n_resamples : int
        How many fresh evaluations each of these points gets, for `noisy`.
    block_size : int
        Points are drawn and evaluated in blocks of this size, each with a seed of its own.
    rng : int, numpy.random.Generator or numpy.random.SeedSequence, optional
        Seed of the run.
    executor : concurrent.futures.Executor, optional
        Does the blocks; the objective must be such that it can be sent there. The result is the
        same to the last digit with any, and with none.

    Returns
    -------
    OptimizeResult
        With the point `x`, its value `fun`, the way there, and `warnings`.

    Notes
    -----
    Each iteration draws points, keeps the best, the elites, and takes the member of the family
    that is nearest to these by cross-entropy, which is the maximum-likelihood fit [1]_ [2]_.
    Smoothing keeps a probability from becoming 0, and so final, by chance. How a Gaussian shrinks
    decides where it ends [3]_: injection [4]_, a floor (``Gaussian(std_floor=...)``) and
    `dynamic_smoothing` slow it down.

    In the end, the centre of the family is evaluated, and where the family shrank to a point,
    `n_samples` points a little around it. They tell whether it shrank on a slope, and are the
    result if one of them is better than all before.

    The defaults are for problems of some tens of coordinates (what they reach on problems with
    known optima is counted in the tests). With more coordinates, draw more points, some tens for
    each parameter, and smooth more. As an optimiser the method is a lesson rather than the leader:
    where there is a solver made for the problem, it is better.

    References
    ----------
    .. [1] Rubinstein, R. Y. and Kroese, D. P. (2004). The Cross-Entropy Method. Springer.
    .. [2] de Boer, P.-T., Kroese, D. P., Mannor, S. and Rubinstein, R. Y. (2005). A tutorial on
       the cross-entropy method. Annals of Operations Research 134, 19-67.
    .. [3] Kroese, D. P., Porotsky, S. and Rubinstein, R. Y. (2006). The cross-entropy method for
       continuous multi-extremal optimization. Methodology and Computing in Applied Probability
       8(3), 383-407.
    .. [4] Botev, Z. and Kroese, D. P. (2004). Global likelihood optimization via the cross-entropy
       method, with an application to mixture models. Winter Simulation Conference, 529-535.

    Examples
    --------
    Eight letters, and how many of them are wrong:

    >>> secret = np.array([3, 1, 4, 1, 5, 9, 2, 6])
    >>> found = minimize(lambda x: (x != secret).sum(axis=1), Categorical.uniform(8, 10), rng=1)
    >>> found.x
    array([3, 1, 4, 1, 5, 9, 2, 6])
    >>> found.fun, found.converged
    (0.0, True)
    """
    ask = _Asker(objective, noisy, block_size, rng, executor)
    n_samples, n_resamples = as_count("n_samples", n_samples), as_count("n_resamples", n_resamples)
    n_elite = _elites("elite_fraction", elite_fraction, n_samples)
    max_iterations = as_count("max_iterations", max_iterations)
    patience = as_count("patience", patience)
    elite_memory = as_count("elite_memory", elite_memory, least=0)
    if elite_memory > n_elite:
        raise ValueError(f"`elite_memory` is {elite_memory}; there are only {n_elite} elites")
    tolerance = as_number("tolerance", tolerance, least=0, most=1)
    injection = as_number("injection", injection, least=0, most=1)
    shares = [_as_share("smoothing", smoothing)]
    if spread_smoothing is not None:
        shares.append(_as_share("spread_smoothing", spread_smoothing))
    _check_family(family, [1.0] * len(shares))

    first = family
    history: list[Iteration] = []
    winners: Winners = []
    memory, remembered = None, np.empty(0)
    best = lowest = best_when_injected = math.inf
    stalled = f"nothing became better in {patience} iterations"
    quiet, end = 0, f"{max_iterations} iterations were done"

    for number in range(1, max_iterations + 1):
        # Draw; to a noisy objective, listen again.
        source = family
        x, values = ask.draw(source, n_samples)
        drawn = values[values < math.inf]
        if memory is not None:
            remembered = ask.again(memory, 1)[:, 0] if noisy else remembered
            x, values = np.concatenate([memory, x]), np.concatenate([remembered, values])
        if noisy:
            x = x[_best(values, 2 * n_elite)]
            values = ask.again(x, n_resamples).mean(axis=1)

        # Keep the best.
        order = _best(values, n_elite)
        if len(order) == 0:
            end = f"no point of iteration {number} is allowed: all values are infinite"
            break
        winner, gamma = float(values[order[0]]), float(values[order[-1]])
        elites = x[values <= gamma]
        winners.append((winner, x[order[0]]))
        if elite_memory:
            memory, remembered = _different(x[order], values[order], elite_memory)

        # Fit to them.
        fitted = family.fit(elites, np.ones(len(elites)))
        family = fitted.blend(family, *(share(number) for share in shares))

        # Go on?
        quiet = 0 if winner < best or gamma < lowest else quiet + 1
        best, lowest = min(best, winner), min(lowest, gamma)
        mean = float(drawn.mean()) if len(drawn) else math.inf
        history.append(Iteration(best, gamma, mean, family.spread(), family))
        if family.spread() <= tolerance * first.spread():
            gain, way = best_when_injected - best, history[0].gamma - best
            if not (injection and gain > WORTH * way):
                end = SHRUNK
                break
            family, best_when_injected, quiet = family.widened(first, injection), best, 0
        elif quiet >= patience:
            end = stalled
            break

    if not history:
        raise ValueError(
            f"{end}; start from a family that draws allowed points, or let `objective` say how far"
            " a point is from being allowed"
        )
    if noisy:
        point, fun, std_error, elsewhere = _after_a_race(ask, winners, source, n_samples)
    else:
        wider = source.widened(first, min(1.0, 10 * tolerance)) if end == SHRUNK else None
        point, fun, std_error, elsewhere = _after_a_look(
            ask, winners, source, drawn, wider, n_samples
        )
    collapsed = end == SHRUNK and elsewhere
    return OptimizeResult(
        x=point,
        fun=fun,
        std_error=std_error,
        family=family,
        n_evaluations=ask.n_evaluations,
        n_iterations=len(history),
        history=tuple(history),
        seed=ask.seed,
        converged=end in (SHRUNK, stalled) and not collapsed,
        collapsed=collapsed,
        message=end,
        warnings=tuple(_warnings(collapsed)),
        notes=_blocks.told_of_loss(ask.n_lost),
    )


def maximize(objective: Objective, family: SearchFamily, **options: Any) -> OptimizeResult:
    """Look for the point of greatest value: `minimize` with the sign turned.

    Parameters
    ----------
    objective : callable
        As for `minimize`; here −inf stands for a point that is not allowed.
    family : SearchFamily
        What the first points are drawn from.
    **options
        Those of `minimize`.

    Returns
    -------
    OptimizeResult
        All values in it have the sign that the objective gave them.

    Examples
    --------
    The largest cut of the Petersen graph:

    >>> from xent_lib.problems import adjacency, cut_weight, petersen
    >>> found = maximize(cut_weight(adjacency(petersen(), 10)), Binary.uniform(10), rng=1)
    >>> found.fun
    12.0
    """
    found = minimize(_Negative(objective), family, **options)
    # 0 - x, not -x: nobody wants to read that the best value is -0.
    history = tuple(
        dataclasses.replace(
            step, best=0.0 - step.best, gamma=0.0 - step.gamma, mean=0.0 - step.mean
        )
        for step in found.history
    )
    return dataclasses.replace(found, fun=0.0 - found.fun, history=history)


def dynamic_smoothing(beta: float = 0.8, q: float = 5.0) -> Callable[[int], float]:
    """Return a share that falls with the iterations: ``beta - beta * (1 - 1 / t)**q`` [1]_.

    As a `spread_smoothing` of `minimize`, it lets a Gaussian move as quickly as before, but shrink
    more and more slowly: like a power of t, where a constant share shrinks it exponentially.

    Parameters
    ----------
    beta : float
        The share in the first iteration, above 0 and at most 1. Usual are 0.8 to 0.99.
    q : float
        How long it stays there, above 0. Usual are 5 to 10.

    References
    ----------
    .. [1] Kroese, D. P., Porotsky, S. and Rubinstein, R. Y. (2006). The cross-entropy method for
       continuous multi-extremal optimization. Methodology and Computing in Applied Probability
       8(3), 383-407.

    Examples
    --------
    >>> share = dynamic_smoothing(beta=0.8, q=5)
    >>> [round(share(t), 3) for t in (1, 2, 10, 100)]
    [0.8, 0.775, 0.328, 0.039]
    """
    beta, q = _share("beta", beta), as_number("q", q, above=0)
    return lambda t: beta - beta * (1 - 1 / t) ** q


class _Asker:
    """Asks the objective, in blocks that may be done elsewhere, and counts."""

    def __init__(
        self, objective: Objective, noisy: bool, block_size: int, rng: Seed, executor: Any
    ) -> None:
        if not callable(objective):
            raise TypeError(f"`objective` must be callable, not {objective!r}")
        if not isinstance(noisy, bool):
            raise TypeError(f"`noisy` must be True or False, not {noisy!r}")
        _blocks.check_executor(executor)
        self.objective, self.noisy, self.executor = objective, noisy, executor
        self.block_size = as_count("block_size", block_size)
        self.seeds = _blocks.as_seed_sequence(rng)
        self.n_evaluations = self.n_lost = 0

    @property
    def seed(self) -> int:
        """The entropy of all seeds, its words as one number: numpy makes the same of both."""
        entropy = self.seeds.entropy
        if isinstance(entropy, Sequence):
            return sum(int(word) << 32 * place for place, word in enumerate(entropy))
        return int(entropy or 0)

    def draw(self, family: SearchFamily, n: int) -> tuple[Array, Array]:
        """Return `n` points of the family and their values."""
        jobs = [
            (self.objective, self.noisy, family, size, seed)
            for size, seed in _blocks.split(n, self.block_size, self.seeds)
        ]
        blocks = self._run(_draw_and_evaluate, jobs)
        self.n_evaluations += n
        return np.concatenate([x for x, _ in blocks]), np.concatenate([v for _, v in blocks])

    def again(self, x: Array, times: int) -> Array:
        """Return fresh values of points, shape (n, times)."""
        rows, start, jobs = np.repeat(x, times, axis=0), 0, []
        for size, seed in _blocks.split(len(rows), self.block_size, self.seeds):
            jobs.append((self.objective, self.noisy, rows[start : start + size], seed))
            start += size
        self.n_evaluations += len(rows)
        values = np.concatenate([np.empty(0), *self._run(_evaluate, jobs)])
        return values.reshape(len(x), times)

    def _run(self, task: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]) -> list[Any]:
        results, lost = _blocks.run(task, jobs, self.executor)
        self.n_lost += lost
        return results


def _draw_and_evaluate(
    objective: Objective, noisy: bool, family: SearchFamily, n: int, seed: Any
) -> tuple[Array, Array]:
    """Draw a block of points and return them with their values."""
    rng = np.random.default_rng(seed)
    x = np.asarray(family.sample(n, rng))
    if x.ndim != 2 or len(x) != n:
        raise ValueError(
            f"`sample` of {type(family).__name__} gave an array of shape {x.shape} for {n} points;"
            f" it must give one point a row, shape ({n}, d)"
        )
    return x, _evaluate(objective, noisy, x, rng)


def _evaluate(objective: Objective, noisy: bool, x: Array, seed: Any) -> Array:
    """Return the values of a block of points, noise drawn from `seed`."""
    rng = [np.random.default_rng(seed)] if noisy else []
    values = _blocks.values_of("objective", objective, x, *rng)
    if (values == -math.inf).any():
        row = int(values.argmin())
        raise ValueError(
            f"`objective` is infinitely good for row {row}, the point {x[row]}: infinity stands"
            " only for points that are not allowed"
        )
    return values


@dataclasses.dataclass(frozen=True)
class _Negative:
    """An objective with its sign turned, that can be sent to a worker."""

    objective: Objective

    def __post_init__(self) -> None:
        if not callable(self.objective):
            raise TypeError(f"`objective` must be callable, not {self.objective!r}")

    def __call__(self, x: Array, *rng: np.random.Generator) -> Array:
        return -_blocks.values_of("objective", self.objective, x, *rng)


# --- The end of a run ----------------------------------------------------------------------------

Winners: TypeAlias = list[tuple[float, Array]]
Choice: TypeAlias = tuple[Array, float, float, bool]


def _after_a_look(
    ask: _Asker,
    winners: Winners,
    source: SearchFamily,
    drawn: Array,
    wider: SearchFamily | None,
    n_samples: int,
) -> Choice:
    """Return the best point, its value, no error, and whether the family stands elsewhere.

    A last look goes to the centre of the family and, where the family shrank, a little around it:
    what shrank in one direction before the others no longer sees the slope in it.
    """
    centre = source.centre()
    if centre is None:
        best, point = min(winners, key=lambda winner: winner[0])
        return point, best, 0.0, False
    there = float(ask.again(centre[np.newaxis], 1)[0, 0])
    winners = [*winners, (there, centre)]
    if wider is not None:
        x, values = ask.draw(wider, n_samples)
        winners.append((float(values.min()), x[values.argmin()]))
    best, point = min(winners, key=lambda winner: winner[0])
    return point, best, 0.0, _is_off(there, best, drawn, n_samples)


def _is_off(there: float, best: float, drawn: Array, n_samples: int) -> bool:
    """Tell whether a centre of value `there` is no minimum, by the points drawn around it.

    At a minimum, the centre is about the best, and lies far below the middle of the others. On a
    slope, it lies in their middle, and the best below. (Where some points were not allowed, the
    slope may end here: then only a best is believed that lies farther below the centre than the
    points are from each other.)
    """
    if len(drawn) == n_samples:
        reach = (float(np.median(drawn)) - there) / 2
    else:
        reach = float(np.ptp(drawn)) if len(drawn) else 0.0
    return there - best > max(reach, 1e-12 * abs(best))


def _after_a_race(ask: _Asker, winners: Winners, source: SearchFamily, n_samples: int) -> Choice:
    """Return the winner of a last race, its fresh mean, the error, and whether it won clearly.

    The race decides by values that had no part in making its runners winners, and the mean that
    is reported had no part in the race.
    """
    centre = source.centre()
    runners = [x for _, x in winners[-FINALISTS:]] + ([] if centre is None else [centre])
    field, _ = _different(np.stack(runners), np.zeros(len(runners)), len(runners))
    race = ask.again(field, max(2, n_samples // len(field)))
    first = int(race.mean(axis=1).argmin())
    fun, std_error = _mean_and_error(ask.again(field[[first]], max(2, n_samples))[0])
    if centre is None:
        return field[first], fun, std_error, False
    behind = race[int((field == centre).all(axis=1).argmax())] - race[first]
    gap, error = _mean_and_error(behind)
    return field[first], fun, std_error, gap > 3 * error


def _mean_and_error(values: Array) -> tuple[float, float]:
    """Return a mean and its standard error; of what is infinite, no error is known."""
    if not np.isfinite(values).all():
        return math.inf, math.nan
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))


def _warnings(collapsed: bool) -> Iterator[str]:
    if collapsed:
        yield (
            "the family shrank to a point that is not the best: it shrank too early. Draw more"
            " points, smooth more, or widen a Gaussian (std_floor, spread_smoothing, injection)"
        )


# --- Small parts ---------------------------------------------------------------------------------


def _best(values: Array, count: int) -> Array:
    """Return the places of the least values, the least first; of no infinite ones."""
    order = np.argsort(values, kind="stable")[:count]
    return np.asarray(order[values[order] < math.inf])


def _different(x: Array, values: Array, count: int) -> tuple[Array, Array]:
    """Return the first `count` points that differ, and their values."""
    places = np.sort(np.unique(x, axis=0, return_index=True)[1])[:count]
    return x[places], values[places]


def _elites(name: str, fraction: float, n_samples: int) -> int:
    fraction = as_number(name, fraction, least=0, most=1)
    count = math.ceil(fraction * n_samples)
    if not 2 <= count < n_samples:
        raise ValueError(
            f"`{name}` is {fraction:g}: {count} of {n_samples} points; the elites must be at least"
            " two, and not all"
        )
    return count


def _check_family(family: SearchFamily, shares: list[float]) -> None:
    if not isinstance(family, SearchFamily):
        raise TypeError(
            f"`family` must be a SearchFamily, such as Binary.uniform(10), not {family!r}"
        )
    if not family.spread() > 0:
        raise ValueError("`family` has no spread: all its points are the same")
    family.blend(family, *shares)  # what cannot be smoothed fails here, before all evaluations


def _as_share(name: str, share: Share) -> Callable[[int], float]:
    if callable(share):
        return lambda number: _share(f"{name}({number})", share(number))
    constant = _share(name, share)
    return lambda number: constant


def _share(name: str, value: float) -> float:
    share = as_number(name, value)
    if not 0 < share <= 1:
        raise ValueError(f"`{name}` is {value}; it must be above 0 and at most 1")
    return share


# --- Families ------------------------------------------------------------------------------------


class SearchFamily(Family):
    """A family to search with; the base of those below.

    Beside ``sample`` and ``fit`` it needs ``spread``. A dataclass whose fields are its parameters
    gets `blend` for nothing; of `centre` and `widened` there are plain versions here.
    """

    def spread(self) -> float:
        """Return how far the points lie apart; 0 where all of them are the same."""
        raise NotImplementedError(f"{type(self).__name__} has no method `spread`")

    def centre(self) -> Array | None:
        """Return the point that is left when the spread is 0, shape (d,); None if not known."""
        return None

    def widened(self, start: Self, share: float) -> Self:
        """Return the member with some of the spread of `start` put back."""
        return start.blend(self, share)

    def blend(self, other: Self, share: float, spread_share: float | None = None) -> Self:
        """Return the member with `share` of these parameters and the rest of `other`'s."""
        if spread_share is not None:
            raise TypeError(
                f"{type(self).__name__} has no spread apart from its other parameters: leave"
                " `spread_smoothing` out"
            )
        return super().blend(other, share)


@dataclasses.dataclass(frozen=True)
class Binary(SearchFamily):
    """Vectors of 0 and 1, each coordinate by itself.

    Parameters
    ----------
    prob : array_like, shape (d,)
        The probability of 1.

    Examples
    --------
    >>> Binary.uniform(3)
    Binary(prob=array([0.5, 0.5, 0.5]))
    >>> Binary.uniform(3).fit(np.array([[1, 0, 1], [1, 1, 0]]), np.array([3.0, 1.0]))
    Binary(prob=array([1.  , 0.25, 0.75]))
    """

    prob: Array

    def __post_init__(self) -> None:
        prob = np.atleast_1d(np.array(as_real_array("prob", self.prob), dtype=float))
        if prob.ndim != 1:
            raise ValueError(f"`prob` has shape {prob.shape}; it must hold one number a coordinate")
        check_probabilities("prob", prob)
        _freeze(self, prob=prob)

    @classmethod
    def uniform(cls, d: int) -> Self:
        """Return the member that tosses `d` fair coins."""
        return cls(np.full(as_count("d", d), 0.5))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return (rng.random((n, len(self.prob))) < self.prob).astype(np.int64)

    def log_density(self, x: Array) -> Array:
        with np.errstate(divide="ignore"):  # what has probability 0 has density -inf
            logs = np.log(np.where(np.asarray(x) == 1, self.prob, 1 - self.prob))
        return np.asarray(logs.sum(axis=1))

    def fit(self, x: Array, weights: Array) -> Self:
        return dataclasses.replace(self, prob=_up_to_1(weights @ x / weights.sum()))

    def spread(self) -> float:
        """Return the largest probability with which a coordinate is not its usual one."""
        return float(np.minimum(self.prob, 1 - self.prob).max())

    def centre(self) -> Array:
        return (self.prob > 0.5).astype(np.int64)


@dataclasses.dataclass(frozen=True)
class Categorical(SearchFamily):
    """Vectors of letters, 0 to K − 1, each coordinate by itself.

    Parameters
    ----------
    probs : array_like, shape (d, K)
        A distribution over the letters for each coordinate.

    Examples
    --------
    >>> Categorical.uniform(1, 4).fit(np.array([[3], [0]]), np.array([3.0, 1.0]))
    Categorical(probs=array([[0.25, 0.  , 0.  , 0.75]]))
    """

    probs: Array

    def __post_init__(self) -> None:
        _freeze(self, probs=_as_rows("probs", self.probs))

    @classmethod
    def uniform(cls, d: int, n_letters: int) -> Self:
        """Return the member to which all words of `d` letters are alike."""
        n_letters = as_count("n_letters", n_letters)
        return cls(np.full((as_count("d", d), n_letters), 1 / n_letters))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return _choose(np.broadcast_to(self.probs, (n, *self.probs.shape)), rng)

    def log_density(self, x: Array) -> Array:
        with np.errstate(divide="ignore"):
            logs = np.log(self.probs[np.arange(len(self.probs)), np.asarray(x)])
        return np.asarray(logs.sum(axis=1))

    def fit(self, x: Array, weights: Array) -> Self:
        letters = range(self.probs.shape[1])
        counts = np.stack([weights @ (x == letter) for letter in letters], axis=1)
        return dataclasses.replace(self, probs=counts / weights.sum())

    def spread(self) -> float:
        """Return the largest probability with which a coordinate is not its usual one."""
        return _largest_doubt(self.probs)

    def centre(self) -> Array:
        return np.asarray(self.probs.argmax(axis=1))


@dataclasses.dataclass(frozen=True)
class Permutation(SearchFamily):
    """Orders of c things: place by place, one of those that are left.

    Parameters
    ----------
    probs : array_like, shape (c, c)
        A distribution over the things for each place. What is used up is struck out, and the
        rest taken in proportion; where nothing is left in a row, all that are left are alike.

    Examples
    --------
    >>> Permutation.uniform(3).fit(np.array([[0, 1, 2], [0, 2, 1]]), np.ones(2))
    Permutation(probs=array([[1. , 0. , 0. ],
           [0. , 0.5, 0.5],
           [0. , 0.5, 0.5]]))
    """

    probs: Array

    def __post_init__(self) -> None:
        _freeze(self, probs=_as_square("probs", self.probs))

    @classmethod
    def uniform(cls, n_things: int) -> Self:
        """Return the member to which all orders are alike."""
        n_things = as_count("n_things", n_things, least=2)
        return cls(np.full((n_things, n_things), 1 / n_things))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self._orders(n, lambda weights: _choose(weights, rng))

    def _orders(self, n: int, choose: Callable[[Array], Array]) -> Array:
        order = np.empty((n, len(self.probs)), dtype=np.int64)
        left = np.ones(order.shape, dtype=bool)
        for place, row in enumerate(self.probs):
            order[:, place] = _take(row, left, choose)
        return order

    def fit(self, x: Array, weights: Array) -> Self:
        things = range(len(self.probs))
        counts = np.stack([weights @ (x == thing) for thing in things], axis=1)
        return dataclasses.replace(self, probs=counts / weights.sum())

    def spread(self) -> float:
        """Return the largest probability with which a place does not hold its usual thing."""
        return _largest_doubt(self.probs)

    def centre(self) -> Array:
        return np.asarray(self._orders(1, _likeliest)[0])


@dataclasses.dataclass(frozen=True)
class Tour(SearchFamily):
    """Round tours of c cities from city 0: from each city to one of those not yet seen.

    Parameters
    ----------
    transitions : array_like, shape (c, c)
        For each city, a distribution over the next. Cities already seen are struck out, and the
        rest taken in proportion; where nothing is left in a row, all that are left are alike.

    Notes
    -----
    The fit counts how often each city follows each, the way home included [1]_.

    References
    ----------
    .. [1] de Boer, P.-T., Kroese, D. P., Mannor, S. and Rubinstein, R. Y. (2005). A tutorial on
       the cross-entropy method. Annals of Operations Research 134, 19-67.

    Examples
    --------
    >>> Tour.uniform(3).fit(np.array([[0, 1, 2], [0, 2, 1]]), np.array([3.0, 1.0]))
    Tour(transitions=array([[0.  , 0.75, 0.25],
           [0.25, 0.  , 0.75],
           [0.75, 0.25, 0.  ]]))
    """

    transitions: Array

    def __post_init__(self) -> None:
        _freeze(self, transitions=_as_square("transitions", self.transitions))

    @classmethod
    def uniform(cls, n_cities: int) -> Self:
        """Return the member to which all tours are alike."""
        n_cities = as_count("n_cities", n_cities, least=2)
        return cls((1 - np.eye(n_cities)) / (n_cities - 1))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self._tours(n, lambda weights: _choose(weights, rng))

    def _tours(self, n: int, choose: Callable[[Array], Array]) -> Array:
        tours = np.zeros((n, len(self.transitions)), dtype=np.int64)
        left = np.ones(tours.shape, dtype=bool)
        left[:, 0] = False
        for step in range(1, tours.shape[1]):
            tours[:, step] = _take(self.transitions[tours[:, step - 1]], left, choose)
        return tours

    def fit(self, x: Array, weights: Array) -> Self:
        counts = np.zeros_like(self.transitions)
        follower = np.roll(x, -1, axis=1)
        np.add.at(counts, (x, follower), np.broadcast_to(weights[:, np.newaxis], x.shape))
        return dataclasses.replace(self, transitions=counts / weights.sum())

    def spread(self) -> float:
        """Return the largest probability with which a city is not followed by its usual one."""
        return _largest_doubt(self.transitions)

    def centre(self) -> Array:
        return np.asarray(self._tours(1, _likeliest)[0])


@dataclasses.dataclass(frozen=True)
class Gaussian(SearchFamily):
    """Independent normal coordinates.

    Parameters
    ----------
    mean, std : array_like, shape (d,) or number
        Means and standard deviations, from 0; a number stands for each coordinate.
    std_floor : float
        No fit makes a deviation less than this. A run then ends by its `patience`.

    Examples
    --------
    >>> Gaussian([0.0, 0.0], 2.0)
    Gaussian(mean=array([0., 0.]), std=array([2., 2.]), std_floor=0.0)
    >>> Gaussian([0.0], 2.0, std_floor=0.5).fit(np.array([[1.0], [1.2]]), np.ones(2))
    Gaussian(mean=array([1.1]), std=array([0.5]), std_floor=0.5)
    """

    mean: Array
    std: Array
    std_floor: float = 0.0

    def __post_init__(self) -> None:
        mean, std = _as_vector("mean", self.mean), _as_vector("std", self.std)
        if len({len(mean), len(std)} - {1}) > 1:
            raise ValueError(
                f"`mean` has {len(mean)} numbers and `std` has {len(std)}; they must have as many"
            )
        if (std < 0).any():
            refuse_first("std", std, std < 0, "a deviation must not be negative")
        floor = as_number("std_floor", self.std_floor, least=0)
        mean, std = np.broadcast_arrays(mean, std)
        _freeze(self, mean=np.array(mean), std=np.maximum(std, floor), std_floor=floor)

    @property
    def parameters(self) -> dict[str, Array]:
        return {"mean": self.mean, "std": self.std}

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self.mean + self.std * rng.standard_normal((n, len(self.mean)))

    def log_density(self, x: Array) -> Array:
        """Return the log-density; every deviation must be above 0."""
        z = (np.asarray(x) - self.mean) / self.std
        constant = np.log(self.std).sum() + len(self.mean) / 2 * math.log(2 * math.pi)
        return np.asarray(-(z**2).sum(axis=1) / 2 - constant)

    def fit(self, x: Array, weights: Array) -> Self:
        mean = weights @ x / weights.sum()
        std = np.sqrt(weights @ (x - mean) ** 2 / weights.sum())
        return dataclasses.replace(self, mean=mean, std=std)

    def blend(self, other: Self, share: float, spread_share: float | None = None) -> Self:
        """Return the member between, with another share for the deviations if asked for."""
        spread_share = share if spread_share is None else spread_share
        mean = share * self.mean + (1 - share) * other.mean
        std = spread_share * self.std + (1 - spread_share) * other.std
        return dataclasses.replace(self, mean=mean, std=std)

    def widened(self, start: Self, share: float) -> Self:
        """Return the member with at least `share` of the deviations of `start`."""
        return dataclasses.replace(self, std=np.maximum(self.std, share * start.std))

    def spread(self) -> float:
        """Return the largest deviation."""
        return float(self.std.max())

    def centre(self) -> Array:
        return self.mean


@dataclasses.dataclass(frozen=True)
class FullGaussian(SearchFamily):
    """Normal vectors whose coordinates hang together.

    Parameters
    ----------
    mean : array_like, shape (d,)
    cov : array_like, shape (d, d) or number
        Symmetric, without negative eigenvalues. A number stands for that variance in each
        coordinate.

    Notes
    -----
    A fit has d (d + 3) / 2 parameters: give it several times d elites. A covariance of lower rank
    is drawn from with the least multiple of the identity added, from 1e-14 of the mean variance,
    that makes its Cholesky decomposition possible.

    Examples
    --------
    >>> tilted = FullGaussian([0.0, 0.0], 1.0).fit(np.array([[1.0, 1.0], [3.0, 5.0]]), np.ones(2))
    >>> tilted.mean, tilted.cov
    (array([2., 3.]), array([[1., 2.],
           [2., 4.]]))
    """

    mean: Array
    cov: Array

    def __post_init__(self) -> None:
        mean = _as_vector("mean", self.mean)
        cov = np.array(as_real_array("cov", self.cov), dtype=float)
        cov = cov * np.eye(len(mean)) if cov.ndim == 0 else cov
        if cov.shape != (len(mean), len(mean)):
            raise ValueError(
                f"`cov` has shape {cov.shape}; for {len(mean)} means it must be"
                f" ({len(mean)}, {len(mean)})"
            )
        if not np.isfinite(cov).all():
            refuse_first("cov", cov, ~np.isfinite(cov), "a covariance must be finite")
        if not np.allclose(cov, cov.T, rtol=1e-9, atol=0):
            raise ValueError("`cov` is not symmetric")
        cov = (cov + cov.T) / 2
        _freeze(self, mean=mean, cov=cov)
        _cholesky(cov)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        return self.mean + rng.standard_normal((n, len(self.mean))) @ _cholesky(self.cov).T

    def log_density(self, x: Array) -> Array:
        """Return the log-density, of a covariance of full rank."""
        root = _cholesky(self.cov)
        z = np.linalg.solve(root, (np.asarray(x) - self.mean).T)
        constant = np.log(np.diag(root)).sum() + len(root) / 2 * math.log(2 * math.pi)
        return np.asarray(-(z**2).sum(axis=0) / 2 - constant)

    def fit(self, x: Array, weights: Array) -> Self:
        mean = weights @ x / weights.sum()
        cov = (weights[:, np.newaxis] * (x - mean)).T @ (x - mean) / weights.sum()
        return dataclasses.replace(self, mean=mean, cov=cov)

    def blend(self, other: Self, share: float, spread_share: float | None = None) -> Self:
        """Return the member between, with another share for the covariance if asked for."""
        spread_share = share if spread_share is None else spread_share
        mean = share * self.mean + (1 - share) * other.mean
        cov = spread_share * self.cov + (1 - spread_share) * other.cov
        return dataclasses.replace(self, mean=mean, cov=cov)

    def widened(self, start: Self, share: float) -> Self:
        """Return the member with `share` of the deviations of `start` added, as noise would be."""
        return dataclasses.replace(self, cov=self.cov + share**2 * start.cov)

    def spread(self) -> float:
        """Return the largest deviation in any direction."""
        return math.sqrt(max(float(np.linalg.eigvalsh(self.cov)[-1]), 0.0))

    def centre(self) -> Array:
        return self.mean


def _cholesky(cov: Array) -> Array:
    """Return the Cholesky factor of a covariance, of the nearest above it if it has none."""
    scale = float(np.diag(cov).mean())
    if scale == 0 and not cov.any():
        return np.zeros_like(cov)
    for jitter in (0.0, 1e-14, 1e-12, 1e-10):
        try:
            return np.asarray(np.linalg.cholesky(cov + jitter * scale * np.eye(len(cov))))
        except np.linalg.LinAlgError:
            continue
    least = np.linalg.eigvalsh(cov)[0]
    raise ValueError(f"`cov` has the negative eigenvalue {least:.3g}; it is no covariance")


def _choose(weights: Array, rng: np.random.Generator) -> Array:
    """Return an index along the last axis, drawn in proportion to the weights, for each row."""
    sums = weights.cumsum(axis=-1)
    mark = rng.random(weights.shape[:-1]) * sums[..., -1]
    return np.asarray((sums <= mark[..., np.newaxis]).sum(axis=-1))


def _likeliest(weights: Array) -> Array:
    return np.asarray(weights.argmax(axis=-1))


def _take(probs: Array, left: Array, choose: Callable[[Array], Array]) -> Array:
    """Return for each row one of the things that are left, and strike it out."""
    weights = probs * left
    stuck = weights.sum(axis=1) == 0
    weights[stuck] = left[stuck]
    taken = choose(weights)
    left[np.arange(len(left)), taken] = False
    return taken


def _largest_doubt(probs: Array) -> float:
    return float(1 - probs.max(axis=1).min())


def _up_to_1(prob: Array) -> Array:
    """A weighted mean of zeros and ones, without the rounding that could lift it above 1."""
    return np.minimum(prob, 1.0)


def _freeze(family: SearchFamily, **values: Any) -> None:
    """Give a frozen dataclass its checked values."""
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
        object.__setattr__(family, name, value)


def _as_vector(name: str, values: npt.ArrayLike) -> Array:
    vector = np.atleast_1d(np.array(as_real_array(name, values), dtype=float))
    if vector.ndim != 1:
        raise ValueError(f"`{name}` has shape {vector.shape}; it must hold one number a coordinate")
    if not np.isfinite(vector).all():
        refuse_first(name, vector, ~np.isfinite(vector), "it must be finite")
    return vector


def _as_rows(name: str, values: npt.ArrayLike) -> Array:
    """Return a table of distributions, one a row."""
    table = np.array(as_real_array(name, values), dtype=float)
    if table.ndim != 2:
        raise ValueError(f"`{name}` has shape {table.shape}; it must hold one distribution a row")
    check_probabilities(name, table)
    check_totals(name, table.sum(axis=1), table, axis=1, normalize=False)
    return table


def _as_square(name: str, values: npt.ArrayLike) -> Array:
    table = _as_rows(name, values)
    if table.shape[0] != table.shape[1] or len(table) < 2:
        raise ValueError(f"`{name}` has shape {table.shape}; it must be square, 2 by 2 at least")
    return table
