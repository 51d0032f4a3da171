"""Rare events with known probabilities: healthy ones, and those on which estimators go wrong."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import networkx as nx
import numpy as np

from xent_lib.problems import BRIDGE_MEANS, bridge_length, dodecahedron
from xent_lib.rare_events import (
    Bernoulli,
    Exponential,
    Family,
    Lomax,
    Mixture,
    Normal,
    RareEventEstimate,
    Weibull,
    estimate,
    importance_sampling,
)


@dataclass(frozen=True)
class Case:
    """A question whose answer is known."""

    performance: Callable[[Any], Any]
    level: float
    family: Family
    truth: float
    options: dict[str, Any] = field(default_factory=dict)

    def run(self, seed: int, **options: Any) -> RareEventEstimate:
        if "drawn_from" in self.options:
            proposal = self.options["drawn_from"]
            return importance_sampling(
                self.performance, self.level, self.family, proposal, n=20_000, rng=seed
            )
        options = {**self.options, **options}
        return estimate(self.performance, self.level, self.family, rng=seed, **options)


def first(x):
    return x[:, 0]


def distance(x):
    return np.abs(x[:, 0])


def lopsided(x):
    """One side is ahead of the other, until both reach 4 together."""
    x = x[:, 0]
    return np.where(x > 0, x, 4 * (np.abs(x) / 4) ** 1.3)


def total(x):
    return x.sum(axis=1)


def slant(x):
    """The sum over all coordinates, scaled: a standard normal in any dimension."""
    return x.sum(axis=1) / np.sqrt(x.shape[1])


def four_branches(x):
    a, b = x.T
    near = 3 + 0.1 * (a - b) ** 2
    sides = [near - (a + b) / 2**0.5, near + (a + b) / 2**0.5]
    return -np.min([*sides, a - b + 7 / 2**0.5, b - a + 7 / 2**0.5], axis=0)


def needle(x):
    return (x[:, 0] > 4).astype(float)


def two_cuts(x):
    """How many edges of a cut have failed: two cuts have three edges each, the rest is idle."""
    return np.maximum(x[:, :3].sum(axis=1), x[:, 3:6].sum(axis=1))


@cache
def _ways_lost(pattern: bytes) -> float:
    """How many of three edge-disjoint ways between two opposite corners a dodecahedron has lost."""
    graph = nx.Graph()
    graph.add_nodes_from(range(20))
    failed = np.frombuffer(pattern)
    graph.add_edges_from(edge for edge, lost in zip(DODECAHEDRON, failed, strict=True) if not lost)
    return 3.0 - nx.edge_connectivity(graph, 0, 5)


def ways_lost(x):
    return np.array([_ways_lost(row.tobytes()) for row in x])


def bells(d, learn="both", narrowest=1.0):
    return Normal(np.zeros(d), 1.0, learn, narrowest)


def one_large(family, n, small, large):
    """A mixture of n members, each with one large coordinate."""
    return Mixture([family(np.where(np.arange(n) == i, large, small)) for i in range(n)])


BRIDGE = Exponential(BRIDGE_MEANS)
DODECAHEDRON = [tuple(map(int, edge)) for edge in dodecahedron()]
BRIDGE_TRUTHS = {
    1: 7.83354704e-3,
    1.5: 3.34089109e-4,
    2: 1.34245975e-5,
    2.5: 5.27823587e-7,
    3: 2.05790491e-8,
}
TAILS = {3: 1.34989803e-3, 4: 3.16712418e-5, 5: 2.86651572e-7, 6: 9.86587645e-10}
SUMS = {(5, 20): 1.69447439e-5, (10, 30): 7.12175086e-6, (20, 50): 4.79135730e-7}
LOMAX_2, LOMAX_10 = 2.000054e-6, 1.175236e-4
WEIBULL_2, WEIBULL_10 = 1.58524181e-6, 3.577580e-8
FOUR_BRANCHES = 2.2227951e-3
TWO_CUTS = 2 * 0.01**3 - 0.01**6

#: The estimator with its defaults should be right here, and say nothing.
HEALTHY = {
    **{f"bridge, {g}": Case(bridge_length, g, BRIDGE, p) for g, p in BRIDGE_TRUTHS.items()},
    **{f"normal, {g}": Case(first, g, bells(1), p) for g, p in TAILS.items()},
    "normal, 6, mean": Case(first, 6, bells(1, "mean"), TAILS[6]),
    **{f"sum of {n}": Case(total, g, Exponential(np.ones(n)), p) for (n, g), p in SUMS.items()},
    "hypoexponential, 5": Case(total, 5, BRIDGE, 1.01465516e-4),
    "hypoexponential, 8": Case(total, 8, BRIDGE, 5.84167785e-8),
    "10 dimensions": Case(slant, 4, bells(10), TAILS[4]),
    "50 dimensions, mean": Case(slant, 4, bells(50, "mean"), TAILS[4]),
    "100 dimensions, mean": Case(slant, 4, bells(100, "mean"), TAILS[4]),
    "two modes, wide": Case(distance, 4, bells(1), 2 * TAILS[4]),
    "two modes, mixture": Case(
        distance,
        4,
        bells(1),
        2 * TAILS[4],
        {"proposal": Mixture([Normal([-1.0], 1.0), Normal([1.0], 1.0)])},
    ),
    "four branches": Case(four_branches, 0, bells(2), FOUR_BRANCHES),
    "Lomax, 2": Case(total, 1000, Lomax([2.0, 2.0], 1.0), LOMAX_2),
    "Weibull, 2": Case(total, 200, Weibull([0.5, 0.5], 1.0), WEIBULL_2),
    "two cuts": Case(two_cuts, 3, Bernoulli(np.full(30, 0.01)), TWO_CUTS),
}

#: Here an estimator may be wrong, but not in silence.
ZOO = {
    "two modes, mean": Case(distance, 4, bells(1, "mean"), 2 * TAILS[4]),
    "two modes, one drawn from": Case(
        distance, 4, bells(1), 2 * TAILS[4], {"drawn_from": Normal([4.0], 1.0)}
    ),
    "lopsided modes, mean": Case(lopsided, 4, bells(1, "mean"), 2 * TAILS[4]),
    "lopsided modes, few points": Case(
        lopsided, 4, bells(1, "mean"), 2 * TAILS[4], {"n_final": 20_000}
    ),
    "four branches, mean": Case(four_branches, 0, bells(2, "mean"), FOUR_BRANCHES),
    "two cuts, small pilots": Case(
        two_cuts, 3, Bernoulli(np.full(30, 0.01)), TWO_CUTS, {"n_pilot": 300}
    ),
    "two cuts, unbounded": Case(
        two_cuts, 3, Bernoulli(np.full(30, 0.01), max_ratio=np.inf), TWO_CUTS, {"n_pilot": 300}
    ),
    "dodecahedron, 0.01": Case(
        ways_lost, 3, Bernoulli(np.full(30, 0.01)), 2.061891098e-6, {"n_final": 20_000}
    ),
    "50 dimensions": Case(slant, 4, bells(50), TAILS[4]),
    "100 dimensions": Case(slant, 4, bells(100), TAILS[4]),
    "50 dimensions, narrow": Case(slant, 4, bells(50, narrowest=0.0), TAILS[4]),
    "100 dimensions, narrow": Case(slant, 4, bells(100, narrowest=0.0), TAILS[4]),
    "Lomax, 10": Case(total, 300, Lomax(np.full(10, 2.0), 1.0), LOMAX_10),
    "Weibull, 10": Case(total, 400, Weibull(np.full(10, 0.5), 1.0), WEIBULL_10),
    "Weibull, 10, both": Case(total, 400, Weibull(np.full(10, 0.5), 1.0, "both"), WEIBULL_10),
    "a needle": Case(needle, 1, bells(1), TAILS[4]),
    "bridge, 4": Case(bridge_length, 4, BRIDGE, 3.10345313e-11),
}


@dataclass(frozen=True)
class Runs:
    """Many runs of a case, as arrays with one number a run."""

    truth: float
    estimates: Any
    errors: Any
    low: Any
    high: Any
    evaluations: Any
    flagged: Any

    @property
    def wrong_in_silence(self) -> float:
        """The share of runs more than four standard errors off that tell nothing."""
        wrong = np.abs(self.estimates - self.truth) > 4 * self.errors  # nan is not wrong
        return float(np.mean(wrong & ~self.flagged))

    @property
    def covered(self) -> float:
        return float(np.mean((self.low <= self.truth) & (self.truth <= self.high)))

    @property
    def deviation(self) -> float:
        """How many standard errors of their mean the estimates are off, on average."""
        good = self.estimates[~np.isnan(self.estimates)]
        return float((good.mean() - self.truth) / (good.std(ddof=1) / np.sqrt(len(good))))

    @property
    def relative_error(self) -> float:
        return float(np.sqrt(np.nanmean((self.estimates / self.truth - 1) ** 2)))

    @property
    def variance_reduction(self) -> float:
        """p(1 − p) over n times the mean squared error, every evaluation counted."""
        mse = np.nanmean((self.estimates - self.truth) ** 2)
        return float(self.truth * (1 - self.truth) / (self.evaluations.mean() * mse))


def _one(job: tuple[Case, int, dict[str, Any]]) -> tuple[float, ...]:
    case, seed, options = job
    found = case.run(seed, **options)
    interval = found.confidence_interval
    flagged = not found.converged
    return found.estimate, found.std_error, *interval, found.n_evaluations, flagged


@cache
def runs(name: str, n_seeds: int, **options: Any) -> Runs:
    """Run a case with the seeds 0, 1, 2, …, on two cores."""
    case = (HEALTHY | ZOO)[name]
    with ProcessPoolExecutor(2) as pool:
        jobs = [(case, seed, options) for seed in range(n_seeds)]
        table = np.array(list(pool.map(_one, jobs, chunksize=max(1, n_seeds // 20))))
    *numbers, flagged = table.T
    return Runs(case.truth, *numbers, flagged.astype(bool))
