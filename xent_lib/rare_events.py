"""Probabilities of rare events by the cross-entropy method, with an honest interval or a reason.

The event is that a performance reaches a level, under a distribution that one can draw from. The
method finds, level by level, the member of a family of distributions that lies nearest to the
distribution *given the event*, nearest by cross-entropy; draws from it instead; and weighs every
draw back. What could have gone wrong on the way is looked for and told in `warnings`.
"""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from xent_lib import _blocks
from xent_lib._blocks import Seed
from xent_lib._html import report
from xent_lib._validation import Array, as_count, as_number, is_real
from xent_lib.families import (
    Bernoulli,
    Exponential,
    Family,
    Gamma,
    Lomax,
    Mixture,
    Normal,
    Pareto,
    Product,
    Weibull,
    log_sum_exp,
)

__all__ = [
    "Bernoulli",
    "Exponential",
    "Family",
    "Gamma",
    "Level",
    "Lomax",
    "Mixture",
    "Normal",
    "Pareto",
    "Product",
    "RareEventEstimate",
    "Weibull",
    "crude_monte_carlo",
    "estimate",
    "importance_sampling",
]

Performance = Callable[[Array], Any]

NORMAL_95 = 1.959963984540054  # 95% of a standard normal lie within plus or minus this
LEAST_ESS = 50  # a fit to fewer effective points is a matter of luck
LEAST_FINAL_ESS = 100
LARGEST_SHARE = 0.05  # of one weight in the sum
LARGEST_Z = 3.0
ELITE_FRACTION = 0.1
SLOW = 3  # times as many steps as a family that fits would take
PATIENCE = 8  # give up if the probability of γ has not fallen in so many levels
PROGRESS = 0.7  # to less than this share
TRIED_TWICE = 5  # points whose performance is computed again, alone, to see that it is the same


@dataclasses.dataclass(frozen=True)
class Level:
    """One step towards the event.

    Attributes
    ----------
    level : float
        The threshold γ that was aimed at.
    source : Family
        What the points were drawn from by which it was chosen.
    family : Family
        What was fitted to the points on or above it.
    n_elites : int
        How many of the points drawn so far these are.
    effective_sample_size : float
        How many equally weighted points tell as much as these do.
    """

    level: float
    source: Family
    family: Family
    n_elites: int
    effective_sample_size: float


@dataclasses.dataclass(frozen=True, repr=False)
class RareEventEstimate:
    """An estimate of the probability that a performance reaches a level.

    Attributes
    ----------
    method : str
        How it was found.
    level : float
        The event is that the performance is at least this.
    estimate : float
        The probability; nan where there is none to be had, with the `reason`.
    std_error : float
        Its standard error, estimated from the same draws.
    upper_bound : float
        Where `estimate` is nan: an upper bound of the probability, right in 95 of 100 runs, from
        the draws of the original distribution. Else the upper end of `confidence_interval`.
    n_evaluations : int
        How often the performance was computed, everything counted.
    levels : tuple of Level
        The steps towards the event, refinement at the level included.
    proposal : Family or None
        What the final points were drawn from.
    effective_sample_size : float
        How many equally weighted hits tell as much as the final ones.
    max_weight_share : float
        The largest weight among the final hits, as a share of their sum.
    consistency_z : float
        How many standard errors lie between two estimates of an intermediate probability: by the
        final points, and by those of the way there. Far from 0, the final proposal misses a part
        of the event. nan where the two have no level in common on which both can speak.
    seed : int or sequence of int
        Gives the same run again.
    warnings : tuple of str
        What may be wrong, and what to try. Empty for a run in good health.
    notes : tuple of str
        What happened on the way and does no harm, such as a lost worker.
    reason : str
        Why there is no estimate; empty where there is one.
    """

    method: str
    level: float
    estimate: float
    std_error: float
    upper_bound: float
    n_evaluations: int
    levels: tuple[Level, ...]
    proposal: Family | None
    effective_sample_size: float
    max_weight_share: float
    consistency_z: float
    seed: int | Sequence[int] | None
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    reason: str

    @property
    def relative_error(self) -> float:
        """The standard error as a share of the estimate."""
        return self.std_error / self.estimate

    @property
    def confidence_interval(self) -> tuple[float, float]:
        """The 95% interval, symmetric on a logarithmic scale; without an estimate, 0 to a bound."""
        if math.isnan(self.estimate):
            return 0.0, self.upper_bound
        factor = math.exp(NORMAL_95 * self.relative_error)
        return self.estimate / factor, self.upper_bound

    @property
    def variance_reduction(self) -> float:
        """How many draws of crude Monte Carlo one evaluation is worth, by the standard error."""
        p = self.estimate
        if self.std_error == 0:
            return math.inf
        return p * (1 - p) / (self.n_evaluations * self.std_error**2)

    @property
    def converged(self) -> bool:
        """Whether there is an estimate and nothing to warn of."""
        return not (self.warnings or self.reason)

    def _facts(self) -> Iterator[tuple[str, str]]:
        """What is told of the estimate: (name, value)."""
        low, high = self.confidence_interval
        if self.reason:
            yield "estimate", f"none: {self.reason}"
            yield "upper bound (95%)", f"{high:.3g}"
        else:
            yield "estimate", f"{self.estimate:.4g}"
            yield "95% interval", f"{low:.4g} to {high:.4g}"
            yield "relative error", f"{self.relative_error:.2%}"
        yield "evaluations", f"{self.n_evaluations:,}"
        if self.levels:
            yield "levels", ", ".join(f"{step.level:.4g}" for step in self.levels)
        if not self.reason:
            yield "effective sample size", f"{self.effective_sample_size:,.0f}"
            yield "largest weight", f"{self.max_weight_share:.2%} of the sum"
            if not math.isnan(self.consistency_z):
                yield "consistency z", _signed(self.consistency_z)

    def __repr__(self) -> str:
        head = f"P(performance ≥ {self.level:g}) by {self.method}"
        lines = [f"  {name}: {value}" for name, value in self._facts()]
        lines += [f"  ! {text}" for text in self.warnings] + [f"  ({text})" for text in self.notes]
        return "\n".join([head, *lines])

    def _repr_html_(self) -> str:
        title = f"P(performance ≥ {self.level:g}) by {self.method}"
        return report(title, self._facts(), [*self.warnings, *self.notes])

    def plot(self, axes: Any = None) -> Any:
        """Draw the levels, and how many effective points carried each; needs matplotlib.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from matplotlib import pyplot as plt

        if not self.levels:
            raise ValueError(f"{self.method} has no levels to draw")
        axes = plt.subplots()[1] if axes is None else axes
        steps = range(1, len(self.levels) + 1)
        axes.plot(steps, [step.level for step in self.levels], "o-")
        axes.axhline(self.level, linestyle=":", linewidth=1, color="#6B6B6B")
        for number, step in zip(steps, self.levels, strict=True):
            axes.annotate(
                f"{step.effective_sample_size:.0f}",
                (number, step.level),
                xytext=(0, -14),
                textcoords="offset points",
                ha="center",
                fontsize="small",
            )
        axes.set(
            xlabel="step (below each: effective sample size)",
            ylabel="level γ",
            xticks=list(steps),
            title=f"{len(self.levels)} steps to the event",
        )
        return axes


# --- The estimators ------------------------------------------------------------------------------


def estimate(
    performance: Performance,
    level: float,
    family: Family,
    *,
    proposal: Family | None = None,
    n_pilot: int = 1000,
    elite_fraction: float = ELITE_FRACTION,
    refinement_rounds: int = 1,
    smoothing: float = 1.0,
    max_levels: int = 50,
    n_final: int = 100_000,
    n_audit: int = 10_000,
    defensive: float = 0.0,
    block_size: int = 500,
    rng: Seed = None,
    executor: Executor | None = None,
) -> RareEventEstimate:
    """Return P(performance(X) ≥ level) for X drawn from `family`, by the cross-entropy method.

    Parameters
    ----------
    performance : callable
        Maps points, shape (n, d), to numbers, shape (n,). It must give the same number for the
        same point. Infinities are allowed; nan is an error that names the point.
    level : float
        What the performance has to reach. Finite.
    family : Family
        The distribution of X.
    proposal : Family, optional
        Where to look for a distribution to draw from instead; by default in the family of
        `family`. A `Mixture` of distributions that differ can follow several modes.
    n_pilot : int
        Points drawn for each level.
    elite_fraction : float
        The next level is passed by this share of the points, from 0 to 1.
    refinement_rounds : int
        How often more points are drawn at the level itself, for a better last fit.
    smoothing : float
        Share of a new fit in the next parameters, above 0; the rest stays as it was.
    max_levels : int
        Give up after so many.
    n_final : int
        Points drawn for the estimate, independent of all the others.
    n_audit : int
        Points drawn at the end to see whether the final proposal has missed a part of the event:
        from what the lowest level came from on which the final points have much to say, mostly
        `family` itself. 0 for none; then the points of that level's own pilot have to do, and see
        less.
    defensive : float
        Share of the final points that are drawn from `family` itself, from 0 and below 1. Bounds
        every weight by one over it.
    block_size : int
        Points are drawn and evaluated in blocks of this size, each with a seed of its own.
    rng : int, numpy.random.Generator or numpy.random.SeedSequence, optional
        Seed of the run.
    executor : concurrent.futures.Executor, optional
        Does the blocks. The result is the same to the last digit with any, and with none.

    Returns
    -------
    RareEventEstimate
        With the `estimate`, its error and interval, the way there, and `warnings`. If the level is
        not reached, `estimate` is nan, `reason` tells why, and `upper_bound` is what the draws of
        `family` itself allow to say.

    Notes
    -----
    Each level fits a member of the family by weighted maximum likelihood, which is least
    cross-entropy to the distribution given the event [1]_ [2]_. Here the fit uses the points of
    all levels so far that pass the threshold, each weighed by the density of `family` over the
    mixture of all distributions that points were drawn from [3]_: no draw is wasted, and a mode
    that an early level saw stays in sight. The estimate uses the final points alone.

    References
    ----------
    .. [1] Rubinstein, R. Y. and Kroese, D. P. (2004). The Cross-Entropy Method. Springer.
    .. [2] de Boer, P.-T., Kroese, D. P., Mannor, S. and Rubinstein, R. Y. (2005). A tutorial on
       the cross-entropy method. Annals of Operations Research 134, 19-67.
    .. [3] Veach, E. and Guibas, L. J. (1995). Optimally combining sampling techniques for Monte
       Carlo rendering. SIGGRAPH 95, 419-428.

    Examples
    --------
    A sum of five waiting times of mean 1 that reaches 20; the truth is 1.6945e-5:

    >>> found = estimate(lambda x: x.sum(axis=1), 20, Exponential(np.ones(5)), rng=1)
    >>> low, high = found.confidence_interval
    >>> low < 1.69447e-5 < high
    True
    >>> found.converged, round(found.relative_error, 2)
    (True, 0.01)
    """
    run = _Run(performance, level, family, block_size, rng, executor)
    level = run.level
    n_pilot = as_count("n_pilot", n_pilot, least=20)
    n_final = as_count("n_final", n_final, least=2)
    n_audit = as_count("n_audit", n_audit, least=0)
    rounds = as_count("refinement_rounds", refinement_rounds, least=0)
    max_levels = as_count("max_levels", max_levels, least=1)
    elite_fraction = _share("elite_fraction", elite_fraction)
    smoothing = _share("smoothing", smoothing, one_too=True)
    defensive = as_number("defensive", defensive, least=0, most=1 - 1e-9)
    start = family if proposal is None else _family("proposal", proposal)

    pool = _Pool(family)
    current, gamma = start, -math.inf
    steps: list[Level] = []
    heights = [1.0]  # the probability of each γ so far

    def fit() -> Family:
        """Fit the family to the points on or above γ, and note the step."""
        elites = pool.values >= gamma
        weights = np.exp(pool.log_weights[elites] - pool.log_weights[elites].max())
        fitted = start.fit(pool.points[elites], weights)
        if smoothing < 1:
            fitted = fitted.blend(current, smoothing)
        n_elites = int(elites.sum())
        steps.append(Level(gamma, pool.sources[-1], fitted, n_elites, _effective(weights)))
        return fitted

    while gamma < level:
        values = run.draw_into(pool, current if steps else family, n_pilot)
        quantile = _quantile(values, 1 - elite_fraction)
        climbs = quantile > max(gamma, pool.values.min())  # else a plateau: look beyond it
        gamma = max(gamma, pool.next_level(level, quantile if climbs else level))
        heights.append(pool.probability(gamma))
        stuck = len(heights) > PATIENCE and heights[-1] > PROGRESS * heights[-1 - PATIENCE]
        if gamma < level and (stuck or len(steps) == max_levels):
            return run.failure(_METHOD, pool, steps, _why_not(pool, level, gamma, stuck))
        if gamma > -math.inf:
            current = fit()
    for _ in range(rounds):
        run.draw_into(pool, current, n_pilot)
        current = fit()
    shares = np.array([1 - defensive, defensive])
    final = current if defensive == 0 else Mixture((current, family), shares)
    return run.finish(_METHOD, pool, steps, final, n_final, n_audit)


def importance_sampling(
    performance: Performance,
    level: float,
    family: Family,
    proposal: Family,
    *,
    n: int = 10_000,
    n_pilot: int = 1000,
    block_size: int = 500,
    rng: Seed = None,
    executor: Executor | None = None,
) -> RareEventEstimate:
    """Return P(performance(X) ≥ level) for X drawn from `family`, with points from `proposal`.

    Parameters
    ----------
    performance, level, family, block_size, rng, executor
        As in `estimate`.
    proposal : Family
        What to draw from. Its density must be above 0 wherever that of `family` is and the event
        can happen: what it never draws is lost, and no weight brings it back.
    n : int
        Points drawn from `proposal`.
    n_pilot : int
        Points drawn from `family` first, which `proposal` has to agree with; 0 for none, and then
        nothing is known of what it misses.

    Returns
    -------
    RareEventEstimate

    Examples
    --------
    P(Z > 4) for a standard normal is 3.1671e-5:

    >>> bell = Normal([0.0], 1.0)
    >>> found = importance_sampling(lambda x: x[:, 0], 4, bell, Normal([4.0], 1.0), rng=1)
    >>> low, high = found.confidence_interval
    >>> low < 3.1671e-5 < high
    True
    """
    run = _Run(performance, level, family, block_size, rng, executor)
    n = as_count("n", n, least=2)
    n_pilot = as_count("n_pilot", n_pilot, least=0)
    proposal = _family("proposal", proposal)
    pool = _Pool(family)
    steps = []
    if n_pilot:
        values = run.draw_into(pool, family, n_pilot)
        reached = pool.next_level(level, _quantile(values, 0.9))
        n_elites = int((values >= reached).sum())
        if reached > -math.inf:
            steps = [Level(reached, family, proposal, n_elites, n_elites)]
    return run.finish("importance sampling", pool, steps, proposal, n)


def crude_monte_carlo(
    performance: Performance,
    level: float,
    family: Family,
    *,
    n: int = 10_000,
    block_size: int = 500,
    rng: Seed = None,
    executor: Executor | None = None,
) -> RareEventEstimate:
    """Return P(performance(X) ≥ level) as the share of the draws from `family` that reach it.

    Parameters
    ----------
    performance, level, family, block_size, rng, executor
        As in `estimate`.
    n : int
        Points drawn.

    Returns
    -------
    RareEventEstimate
        Without a hit, `estimate` is nan, and `upper_bound` is about 3/n.

    Examples
    --------
    >>> crude_monte_carlo(lambda x: x[:, 0], 6, Normal([0.0], 1.0), n=10_000, rng=1)
    P(performance ≥ 6) by crude Monte Carlo
      estimate: none: none of the 10,000 final points reached the level
      upper bound (95%): 0.0003
      evaluations: 10,010
    """
    run = _Run(performance, level, family, block_size, rng, executor)
    n = as_count("n", n, least=2)
    return run.finish("crude Monte Carlo", _Pool(family), [], family, n)


# --- A run ---------------------------------------------------------------------------------------

_METHOD = "the cross-entropy method"


class _Pool:
    """All points drawn on the way, weighed as one sample from the mixture they were drawn from."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.sources: list[Family] = []  # distributions that points were drawn from, and how many
        self.counts: list[int] = []
        self.origin = np.empty(0, dtype=int)  # of each point, the number of its source
        self.points = np.empty((0, 0))
        self.values = np.empty(0)
        self.log_weights = np.empty(0)  # density under the family over that of the mixture
        self._nominal = np.empty(0)
        self._densities = np.empty((0, 0))  # of each source (row) at each point, as logarithms

    def add(self, source: Family, points: Array, values: Array) -> None:
        """Put in points that were drawn from `source`."""
        if not self.sources:
            self.points = np.empty((0, points.shape[1]))
        if not self.sources or self.sources[-1] is not source:
            self._densities = np.vstack([self._densities, _log_density(source, self.points)])
            self.sources.append(source)
            self.counts.append(0)
        self.counts[-1] += len(points)
        new = np.array([_log_density(known, points) for known in self.sources])
        self._densities = np.hstack([self._densities, new])
        self._nominal = np.append(self._nominal, _log_density(self.family, points))
        self.origin = np.append(self.origin, np.full(len(points), len(self.sources) - 1))
        self.points = np.vstack([self.points, points])
        self.values = np.append(self.values, values)
        shares = np.log(np.array(self.counts) / len(self.values))
        self.log_weights = self._nominal - log_sum_exp(self._densities + shares[:, np.newaxis])

    def probability(self, level: float) -> float:
        """Estimate P(performance ≥ level) from all points."""
        return float(np.exp(self.log_weights) @ (self.values >= level) / len(self.values))

    def weights_from(self, source: Family, level: float) -> Array:
        """The weights of the points that were drawn from one source, 0 below the level."""
        number = next(i for i, known in enumerate(self.sources) if known is source)
        mine = self.origin == number
        weights = np.exp(self._nominal[mine] - self._densities[number, mine])
        return np.where(self.values[mine] >= level, weights, 0.0)

    def next_level(self, level: float, bound: float) -> float:
        """Return the highest threshold up to a bound with enough effective points to fit to.

        −inf if there is none, and where all points pass it, except the level itself.
        """
        heights = np.minimum(self.values, min(level, bound))
        order = np.argsort(-heights, kind="stable")
        heights = heights[order]
        weights = np.exp(self.log_weights[order] - self.log_weights.max())
        effective = np.cumsum(weights) ** 2 / np.maximum(np.cumsum(weights**2), 1e-300)
        last_of_equals = np.append(heights[1:] < heights[:-1], True)
        enough = last_of_equals & (effective >= LEAST_ESS)
        enough &= (heights > heights[-1]) | (heights == level)
        return float(heights[enough.argmax()]) if enough.any() else -math.inf

    def impossible(self, proposal: Family, level: float) -> int:
        """How many of the points on or above a level have no chance under a proposal."""
        reached = self.points[self.values >= level]
        return int((_log_density(proposal, reached) == -math.inf).sum()) if len(reached) else 0

    def crude(self) -> Array:
        """The performance of the points drawn from the family itself."""
        return np.asarray(self.values[self.origin == 0])


class _Run:
    """What the three estimators share: draws in blocks, everything counted, and the verdict."""

    def __init__(
        self,
        performance: Performance,
        level: float,
        family: Family,
        block_size: int,
        rng: Seed,
        executor: Executor | None,
    ) -> None:
        if not callable(performance):
            raise TypeError(f"`performance` must be a function, not {type(performance).__name__}")
        self.performance = performance
        self.level = as_number("level", level)
        self.family = _family("family", family)
        self.block_size = as_count("block_size", block_size, least=1)
        self.seeds = _blocks.as_seed_sequence(rng)
        _blocks.check_executor(executor)
        self.executor = executor
        self.n_evaluations = self.n_infinite = self.n_lost = 0
        self._try_twice()

    def _try_twice(self) -> None:
        """Refuse a performance that gives two values for one point, alone or among others."""
        points = self.family.sample(TRIED_TWICE, np.random.default_rng(self.seeds.spawn(1)[0]))
        if np.ndim(points) != 2 or len(points) != TRIED_TWICE:
            raise ValueError(
                f"`family` gave {TRIED_TWICE} points as an array of shape {np.shape(points)}; it"
                f" must have one row a point, ({TRIED_TWICE}, d)"
            )
        _log_density(self.family, points)
        values = _blocks.values_of("performance", self.performance, points)
        again = np.concatenate(
            [_blocks.values_of("performance", self.performance, point[None]) for point in points]
        )
        self.n_evaluations += 2 * TRIED_TWICE
        finite = values[np.isfinite(values)]
        close = 1e-9 * np.abs(finite).max(initial=0)
        differs = ~np.isclose(values, again, rtol=1e-6, atol=close)
        if differs.any():
            row = int(differs.argmax())
            raise ValueError(
                f"`performance` gave {values[row]:.6g} and then {again[row]:.6g} for the same"
                f" point, {_shown(points[row])}: it must have one value a point, whatever other"
                " points come with it"
            )

    def draw_into(self, pool: _Pool, source: Family, n: int) -> Array:
        """Draw `n` points from `source`, put them into the pool and return their performance."""
        points, values = self._draw(source, n, None)
        pool.add(source, points, values)
        return values

    def _draw(self, source: Family, n: int, nominal: Family | None) -> tuple[Array, Array]:
        """Return `n` points (with `nominal`, their log-weights instead) and their performance."""
        jobs = [
            (self.performance, source, nominal, size, seed)
            for size, seed in _blocks.split(n, self.block_size, self.seeds)
        ]
        blocks, lost = _blocks.run(_block, jobs, self.executor)
        first, values = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        self.n_evaluations += n
        self.n_lost += lost
        self.n_infinite += int(np.isinf(values).sum())
        return first, values

    def finish(
        self,
        method: str,
        pool: _Pool,
        steps: list[Level],
        proposal: Family,
        n: int,
        n_audit: int = 0,
    ) -> RareEventEstimate:
        """Draw the final points, and judge what they say."""
        log_weights, values = self._draw(proposal, n, self.family)
        hits = values >= self.level
        shift = log_weights[hits].max(initial=-math.inf)
        if math.exp(shift) == 0:
            crude = values if proposal is self.family else pool.crude()
            why = f"none of the {n:,} final points reached the level"
            if shift > -math.inf:
                why = "the probability is below the smallest number that a float can hold"
            return self._result(method, steps, proposal, reason=why, crude=crude)
        scaled = np.where(hits, np.exp(np.minimum(log_weights - shift, 0)), 0.0)
        scale = math.exp(shift)
        weights = scaled[hits]
        found = scale * float(scaled.mean())
        error = scale * float(scaled.std(ddof=1)) / math.sqrt(n)
        return self._result(
            method,
            steps,
            proposal,
            estimate=found,
            std_error=error,
            effective_sample_size=_effective(weights),
            max_weight_share=float(weights.max() / weights.sum()),
            consistency_z=self._consistency(pool, steps, log_weights, values, n_audit),
            n_impossible=pool.impossible(proposal, steps[0].level if steps else -math.inf),
        )

    def _consistency(
        self, pool: _Pool, steps: list[Level], log_weights: Array, values: Array, n_audit: int
    ) -> float:
        """Return how far apart two estimates of the probability of an intermediate level are.

        One is by the final points, the other by points of the distribution that the level was
        chosen with; at the first level, that is the original one. The lowest level on which the
        final points have much to say is taken, for it is the most telling: the lower, the less has
        been missed.
        """
        for step in steps:
            here = np.where(values >= step.level, np.exp(log_weights), 0.0)
            if _effective(here) >= LEAST_FINAL_ESS:
                there = pool.weights_from(step.source, step.level)
                if n_audit:
                    audit_weights, audit = self._draw(step.source, n_audit, self.family)
                    there = np.where(audit >= step.level, np.exp(audit_weights), 0.0)
                gap = float(here.mean() - there.mean())
                error = math.sqrt(here.var(ddof=1) / len(here) + there.var(ddof=1) / len(there))
                if error > 1e-9 * abs(gap):
                    return gap / error
                return math.copysign(math.inf, gap) if gap else 0.0  # all weights are the same
        return math.nan

    def failure(
        self, method: str, pool: _Pool, steps: list[Level], reason: str
    ) -> RareEventEstimate:
        """Say that the level was not reached, and what is known all the same."""
        return self._result(method, steps, None, reason=reason, crude=pool.crude())

    def _result(
        self,
        method: str,
        steps: list[Level],
        proposal: Family | None,
        *,
        estimate: float = math.nan,
        std_error: float = math.nan,
        effective_sample_size: float = 0.0,
        max_weight_share: float = math.nan,
        consistency_z: float = math.nan,
        n_impossible: int = 0,
        reason: str = "",
        crude: Array | None = None,
    ) -> RareEventEstimate:
        if reason:
            values = np.empty(0) if crude is None else crude
            upper = _upper_bound(int((values >= self.level).sum()), len(values))
        else:
            upper = estimate * math.exp(NORMAL_95 * std_error / estimate)
        result = RareEventEstimate(
            method=method,
            level=self.level,
            estimate=estimate,
            std_error=std_error,
            upper_bound=upper,
            n_evaluations=self.n_evaluations,
            levels=tuple(steps),
            proposal=proposal,
            effective_sample_size=effective_sample_size,
            max_weight_share=max_weight_share,
            consistency_z=consistency_z,
            seed=self.seeds.entropy,
            warnings=(),
            notes=_blocks.told_of_loss(self.n_lost),
            reason=reason,
        )
        return dataclasses.replace(
            result, warnings=tuple(_diagnose(result, self.n_infinite, n_impossible))
        )


def _block(
    performance: Performance,
    source: Family,
    nominal: Family | None,
    n: int,
    seed: np.random.SeedSequence,
) -> tuple[Array, Array]:
    """Draw and evaluate a block of points, on whatever worker this is."""
    points = source.sample(n, np.random.default_rng(seed))
    values = _blocks.values_of("performance", performance, points)
    if nominal is None:
        return points, values
    density, original = _log_density(source, points), _log_density(nominal, points)
    with np.errstate(invalid="ignore"):
        return np.where(original == -math.inf, -math.inf, original - density), values


def _quantile(values: Array, share: float) -> float:
    """Return the value that `share` of the values lie below: one of them, not one in between."""
    place = min(len(values) - 1, math.floor(share * len(values)))
    return float(np.partition(values, place)[place])


# --- The verdict ---------------------------------------------------------------------------------


def _diagnose(result: RareEventEstimate, n_infinite: int, n_impossible: int) -> Iterator[str]:
    """Say what may be wrong with a result, and what to try."""
    ess = result.levels[-1].effective_sample_size if result.levels else math.nan
    if ess < LEAST_ESS:
        yield (
            f"the last fit rests on {ess:.0f} effective points (below {LEAST_ESS}): the proposal"
            " may be far from the best. Try a larger `n_pilot`, or a family with fewer parameters"
        )
    if n_infinite:
        yield (
            f"the performance was infinite at {n_infinite:,} points. If that is not meant, look for"
            " a division by 0 or an overflow"
        )
    if result.reason:
        return
    expected = max(1.0, math.log(result.estimate) / math.log(ELITE_FRACTION))
    if len(result.levels) > SLOW * expected + 2:
        yield (
            f"it took {len(result.levels)} steps where {expected:.0f} would do: the family is a"
            " poor picture of the event, and may have lost a part of it on the way. Try another"
            " `proposal`, such as a `Mixture`, or a larger `n_pilot`"
        )
    if n_impossible:
        yield (
            f"the proposal can never draw {n_impossible:,} of the points seen on the way: if the"
            " event needs such points, they are lost. Try a family that leaves everything possible"
            " (`max_ratio` of a Bernoulli), or a `Mixture` with the original one"
        )
    if abs(result.consistency_z) > LARGEST_Z:
        yield (
            f"the final proposal does not reproduce the probability of a lower level (z ="
            f" {_signed(result.consistency_z)}): it misses a part of the event, such as a second"
            " mode. Try a `Mixture` as `proposal`, a larger `n_pilot`, or smoothing"
        )
    if result.effective_sample_size < LEAST_FINAL_ESS:
        yield (
            f"the estimate rests on {result.effective_sample_size:.0f} effective points (below"
            f" {LEAST_FINAL_ESS}): its error may be far too small. Try more final points, or a"
            " proposal that hits more often"
        )
    if result.max_weight_share > LARGEST_SHARE:
        yield (
            f"one point carries {result.max_weight_share:.0%} of the estimate (above"
            f" {LARGEST_SHARE:.0%}): the proposal lies too far out, or its tail is too light. Try"
            " more final points, a family with a heavier tail, or a `Mixture` with a wider part"
        )


def _why_not(pool: _Pool, level: float, gamma: float, stuck: bool) -> str:
    """Say why the level was not reached."""
    best = pool.values.max()
    if stuck:
        where = f"beyond γ = {gamma:.6g}" if gamma > -math.inf else "to a first level"
        few = f" (with fewer than {LEAST_ESS} effective points)" if best >= level else ""
        return (
            f"no progress {where} in the last {PATIENCE} levels; the best of"
            f" {len(pool.values):,} points reached {best:.6g}{few}, and the level is {level:.6g}."
            " Try a larger `n_pilot`, a performance that grades how near a point is, or a family"
            " that can reach the event"
        )
    return (
        f"`max_levels` is used up at γ = {gamma:.6g}, and the level is {level:.6g}. Try a larger"
        " `max_levels`, or a smaller `elite_fraction`"
    )


def _upper_bound(hits: int, n: int) -> float:
    """Return the probability at which no more than `hits` in `n` draws has a chance of 1 in 20."""
    if hits == n:
        return 1.0
    ways = [
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(hits + 1)
    ]
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        yes, no = math.log(p), math.log1p(-p)
        tail = math.fsum(math.exp(way + k * yes + (n - k) * no) for k, way in enumerate(ways))
        low, high = (p, high) if tail > 0.05 else (low, p)
    return high


# --- Pieces --------------------------------------------------------------------------------------


def _effective(weights: Array) -> float:
    """Return the effective sample size of weights: (Σw)² / Σw²."""
    return float(weights.sum() ** 2 / (weights @ weights)) if weights.any() else 0.0


def _log_density(family: Family, points: Array) -> Array:
    density = np.asarray(family.log_density(points))
    if density.shape != (len(points),):
        raise ValueError(
            f"`log_density` of {type(family).__name__} gave shape {density.shape} for"
            f" {len(points)} points; it must give one number a row"
        )
    if not (density < math.inf).all():  # a nan fails this too
        row = int((~(density < math.inf)).argmax())
        raise ValueError(
            f"`log_density` of {type(family).__name__} is {density[row]} at {_shown(points[row])}"
        )
    return density


def _signed(z: float) -> str:
    return f"{z:z.1f}".replace("-", "−")


def _shown(point: Array) -> str:
    return np.array2string(point, precision=4, threshold=8, edgeitems=3)


def _family(name: str, family: Family) -> Family:
    if not isinstance(family, Family):
        raise TypeError(f"`{name}` must be a family, such as Normal(0, 1), not {family!r}")
    return family


def _share(name: str, value: float, *, one_too: bool = False) -> float:
    """Return a share above 0 and below 1, or 1 too."""
    if not is_real(value):
        raise TypeError(f"`{name}` must be a number, not {value!r}")
    if not (0 < value < 1 or (one_too and value == 1)):
        raise ValueError(
            f"`{name}` is {value}; it must be above 0 and {'at most' if one_too else 'below'} 1"
        )
    return float(value)
