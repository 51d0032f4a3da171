"""Measure the cross-entropy method beside what a reader would take instead, and write the page.

``make bench-method`` runs this file on one thread. The times belong to the
machine, so nothing compares them; the page says so.
"""

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cma
import networkx as nx
import numpy as np
import openturns as ot
from ortools.algorithms.python import knapsack_solver
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.sat.python import cp_model
from scipy import optimize as scipy_optimize

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "method")]

import cases  # noqa: E402

from xent_lib import problems  # noqa: E402
from xent_lib.optimize import (  # noqa: E402
    Binary,
    FullGaussian,
    Gaussian,
    Tour,
    maximize,
    minimize,
)
from xent_lib.rare_events import crude_monte_carlo, estimate  # noqa: E402

PAGE = ROOT / "chapters" / "reference" / "method-peers.md"
SEEDS = 100
FEW = 20

ot.Log.Show(ot.Log.NONE)


# --- Rare events ---------------------------------------------------------------------------------


@dataclass
class Counted:
    """A performance that counts how many points it was asked for."""

    calls: int = 0

    def __call__(self, x: Any) -> Any:
        self.calls += len(x)
        return problems.bridge_length(np.asarray(x))


def openturns_event(performance: Counted, level: float) -> Any:
    def sample(x: Any) -> Any:
        return performance(np.asarray(x))[:, np.newaxis]

    function = ot.PythonFunction(5, 1, func_sample=sample)
    edges = ot.JointDistribution([ot.Exponential(1 / mean) for mean in problems.BRIDGE_MEANS])
    lengths = ot.CompositeRandomVector(function, ot.RandomVector(edges))
    return ot.ThresholdEvent(lengths, ot.Greater(), level)


def openturns_cross_entropy(performance: Counted, level: float, seed: int, calls: int) -> Any:
    """In standard space: its four or so levels share the calls."""
    ot.RandomGenerator.SetSeed(seed)
    n_levels = {2: 4, 3: 6}[level]
    algorithm = ot.StandardSpaceCrossEntropyImportanceSampling(
        openturns_event(performance, level), 0.1
    )
    algorithm.setMaximumOuterSampling(1)
    algorithm.setBlockSize(calls // n_levels)
    return openturns_result(algorithm)


def openturns_subset(performance: Counted, level: float, seed: int, calls: int) -> Any:
    ot.RandomGenerator.SetSeed(seed)
    n_levels = {2: 5, 3: 8}[level]
    algorithm = ot.SubsetSampling(openturns_event(performance, level))
    algorithm.setMaximumOuterSampling(1)
    algorithm.setMaximumCoefficientOfVariation(0)
    algorithm.setBlockSize(calls // n_levels)
    return openturns_result(algorithm)


def openturns_result(algorithm: Any) -> tuple[float, float, float, float]:
    """Estimate, relative error and interval, as reported."""
    algorithm.run()
    result = algorithm.getResult()
    p, half = result.getProbabilityEstimate(), result.getConfidenceLength(0.95) / 2
    return p, result.getCoefficientOfVariation(), p - half, p + half


def ours(performance: Counted, level: float, seed: int, calls: int) -> Any:
    """The audit is left out at 20,000 calls, where it would take half of them."""
    n_audit = 0 if calls < 50_000 else 10_000
    n_final = calls - n_audit - {2: 8000, 3: 16_500}[level]
    options = {"n_final": n_final, "n_audit": n_audit, "rng": seed}
    found = estimate(performance, level, cases.BRIDGE, **options)
    return found.estimate, found.relative_error, *found.confidence_interval


def crude(performance: Counted, level: float, seed: int, calls: int) -> Any:
    found = crude_monte_carlo(performance, level, cases.BRIDGE, n=calls, rng=seed)
    return found.estimate, found.relative_error, *found.confidence_interval


ESTIMATORS = {
    "`xent_lib`, cross-entropy": ours,
    "OpenTURNS, cross-entropy": openturns_cross_entropy,
    "OpenTURNS, subset sampling": openturns_subset,
    "`xent_lib`, crude Monte Carlo": crude,
}


def rare_events() -> Iterator[str]:
    for level, calls in [(2, 20_000), (2, 100_000), (3, 100_000)]:
        truth = cases.BRIDGE_TRUTHS[level]
        yield f"\n### The bridge at γ = {level}, {calls:,} calls\n"
        yield f"The truth is {truth:.9g}. Seeds 0 to {SEEDS - 1}.\n"
        yield (
            "| estimator | calls | error | reported error | coverage | variance reduction | ms |"
            " time, ours = 1 |"
        )
        yield "|---|---|---|---|---|---|---|---|"
        first = None
        for name, estimator in ESTIMATORS.items():
            rows, times, counts = [], [], []
            for seed in range(SEEDS):
                performance = Counted()
                start = time.perf_counter()
                rows.append(estimator(performance, level, seed, calls))
                times.append(time.perf_counter() - start)
                counts.append(performance.calls)
            p, reported, low, high = np.array(rows).T
            ms = 1e3 * np.median(times)
            first = first or ms
            known = ~np.isnan(p)
            error = np.sqrt(np.mean((p[known] / truth - 1) ** 2)) if known.any() else np.nan
            reduction = (1 - truth) / (truth * np.mean(counts) * error**2)
            covered = np.mean((low <= truth) & (truth <= high))
            if known.mean() < 0.5:  # no hit in most of the runs: a bound, but no estimate
                told = ["none", "none", f"{covered:.2f} (bounds)", "1"]
            else:
                told = [
                    f"{error:.3f}",
                    f"{np.nanmean(reported):.3f}",
                    f"{covered:.2f}",
                    f"{reduction:,.0f}",
                ]
            yield (
                f"| {name} | {np.mean(counts):,.0f} | {' | '.join(told)} | {ms:.3g} |"
                f" {ms / first:.2g} |"
            )


def table_of_truths() -> Iterator[str]:
    yield (
        "| case | truth | ours, seed 0 | 95% interval | flagged, of 50 | wrong in silence, of 50 |"
    )
    yield "|---|---|---|---|---|---|"
    for name, case in (cases.HEALTHY | cases.ZOO).items():
        found = cases.runs(name, 50)
        none = np.isnan(found.estimates[0])
        told = "none" if none else f"{found.estimates[0]:.4g}"
        interval = f"{'up' if none else f'{found.low[0]:.4g}'} to {found.high[0]:.4g}"
        yield (
            f"| {name} | {case.truth:.9g} | {told} | {interval} | {found.flagged.sum()} |"
            f" {round(50 * found.wrong_in_silence)} |"
        )


# --- Optimisation --------------------------------------------------------------------------------

Solver = Callable[[int], tuple[float, int | None]]  # seed -> (value, evaluations)


def of(result: Any) -> tuple[float, int]:
    return result.fun, result.n_evaluations


WEIGHTS = problems.complete_graph(20, 12345)
CUT = problems.cut_weight(WEIGHTS)


def cut_by_local_search(seed: int) -> tuple[float, None]:
    graph = nx.from_numpy_array(WEIGHTS)
    return nx.approximation.one_exchange(graph, weight="weight", seed=seed)[0], None


def cut_by_cp_sat(seed: int) -> tuple[float, None]:
    model = cp_model.CpModel()
    side = [model.new_bool_var(str(i)) for i in range(20)]
    terms = []
    for i in range(20):
        for j in range(i):
            differ = model.new_bool_var(f"{i},{j}")
            model.add(differ <= side[i] + side[j])
            model.add(differ <= 2 - side[i] - side[j])
            terms.append(int(WEIGHTS[i, j]) * differ)
    model.add(side[0] == 0)  # the two sides can be swapped
    model.maximize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, seed
    solver.parameters.max_time_in_seconds = 5
    solver.solve(model)
    return solver.objective_value, None


THINGS = problems.knapsack_instance()


def knapsack_by_ortools(seed: int) -> tuple[float, None]:
    kind = knapsack_solver.SolverType.KNAPSACK_DYNAMIC_PROGRAMMING_SOLVER
    solver = knapsack_solver.KnapsackSolver(kind, "bag")
    profits, sizes = THINGS.values.astype(int).tolist(), THINGS.weights.astype(int).tolist()
    solver.init(profits, [sizes], [int(THINGS.capacity)])
    return float(solver.solve()), None


def knapsack_by_us(seed: int) -> tuple[float, int]:
    return of(maximize(THINGS, Binary.uniform(len(THINGS.values)), rng=seed))


class Cities:
    """A tour of random cities, by several hands."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.distances = problems.distances(problems.random_cities(n, 1))
        self.length = problems.tour_length(self.distances)
        self.graph = nx.from_numpy_array(self.distances)

    def by_us(self, seed: int) -> tuple[float, int]:
        points = 1000 if self.n <= 12 else 5 * self.n**2
        return of(minimize(self.length, Tour.uniform(self.n), n_samples=points, rng=seed))

    def of_cycle(self, cycle: list[int]) -> tuple[float, None]:
        return float(self.length(np.array([cycle[:-1]]))[0]), None

    def by_annealing(self, seed: int) -> tuple[float, None]:
        found = nx.approximation.simulated_annealing_tsp(self.graph, "greedy", source=0, seed=seed)
        return self.of_cycle(found)

    def by_christofides(self, seed: int) -> tuple[float, None]:
        return self.of_cycle(nx.approximation.christofides(self.graph))

    def by_ortools(self, seed: int) -> tuple[float, None]:
        scaled = np.rint(self.distances * 1e6).astype(int)
        manager = pywrapcp.RoutingIndexManager(self.n, 1, 0)
        routing = pywrapcp.RoutingModel(manager)

        def cost(i: int, j: int) -> int:
            return int(scaled[manager.IndexToNode(i), manager.IndexToNode(j)])

        routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(cost))
        options = pywrapcp.DefaultRoutingSearchParameters()
        options.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
        solution, tour, place = routing.SolveWithParameters(options), [0], routing.Start(0)
        while not routing.IsEnd(place := solution.Value(routing.NextVar(place))):
            tour.append(manager.IndexToNode(place))
        return self.of_cycle([*tour, 0])


class Valley:
    """A function of d numbers, by several hands; the least value is 0, at a known place."""

    def __init__(self, function: Callable[[Any], Any], d: int, reach: float, **ours: Any) -> None:
        self.function, self.d, self.reach, self.ours = function, d, reach, ours
        self.count = 0

    def one(self, x: Any) -> float:
        self.count += 1
        return float(self.function(np.asarray(x)[np.newaxis])[0])

    def counted(self, solve: Callable[[], float]) -> tuple[float, int]:
        self.count = 0
        value = solve()
        return value, self.count

    def start(self, seed: int) -> Any:
        return np.random.default_rng(seed).uniform(-self.reach, self.reach, self.d)

    def diagonal(self, seed: int) -> tuple[float, int]:
        family = Gaussian(np.zeros(self.d) - self.reach / 2, self.reach)
        return of(minimize(self.function, family, rng=seed, **self.ours))

    def full(self, seed: int) -> tuple[float, int]:
        start = np.zeros(self.d) - self.reach / 2
        family = FullGaussian(start, self.reach**2 * np.eye(self.d))
        options = {"n_samples": 400 * self.d, "spread_smoothing": 0.3, "max_iterations": 400}
        return of(minimize(self.function, family, rng=seed, **{**options, **self.ours}))

    def cma(self, seed: int) -> tuple[float, int]:
        options = {"seed": seed + 1, "verbose": -9, "maxfevals": 200_000}
        many = {"restarts": 6, "bipop": True} if self.function is problems.rastrigin else {}
        start = self.start(seed)
        _, search = cma.fmin2(self.one, start, self.reach / 2, options, **many)
        return search.result.fbest, int(search.result.evaluations)

    def differential_evolution(self, seed: int) -> tuple[float, int]:
        bounds = [(-self.reach, self.reach)] * self.d
        return self.counted(
            lambda: scipy_optimize.differential_evolution(self.one, bounds, rng=seed).fun
        )

    def dual_annealing(self, seed: int) -> tuple[float, int]:
        bounds = [(-self.reach, self.reach)] * self.d
        return self.counted(lambda: scipy_optimize.dual_annealing(self.one, bounds, rng=seed).fun)

    def bfgs(self, seed: int) -> tuple[float, int]:
        return self.counted(lambda: scipy_optimize.minimize(self.one, self.start(seed)).fun)

    def solvers(self, *mine: str) -> dict[str, Solver]:
        names = {"diagonal": "`xent_lib`, diagonal", "full": "`xent_lib`, full covariance"}
        return {
            **{names[name]: getattr(self, name) for name in mine},
            "pycma, CMA-ES": self.cma,
            "SciPy, differential evolution": self.differential_evolution,
            "SciPy, dual annealing": self.dual_annealing,
            "SciPy, BFGS from a random start": self.bfgs,
        }


def contests() -> Iterator[tuple[str, float | None, dict[str, Solver]]]:
    """What is asked: (title, the best there is or None, solvers)."""
    yield (
        "Max-cut of 20 nodes",
        613,
        {
            "`xent_lib`": lambda seed: of(maximize(CUT, Binary.uniform(20), rng=seed)),
            "networkx, one exchange": cut_by_local_search,
            "OR-tools, CP-SAT": cut_by_cp_sat,
        },
    )
    yield (
        "Knapsack of 30 things",
        935,
        {"`xent_lib`": knapsack_by_us, "OR-tools, dynamic programming": knapsack_by_ortools},
    )
    for n in (12, 40):
        cities = Cities(n)
        solvers: dict[str, Solver] = {
            "`xent_lib`": cities.by_us,
            "networkx, Christofides": cities.by_christofides,
            "networkx, simulated annealing": cities.by_annealing,
            "OR-tools, routing": cities.by_ortools,
        }
        yield f"A tour of {n} cities", None, solvers
    yield (
        "Rosenbrock's valley, 2 numbers",
        0,
        Valley(problems.rosenbrock, 2, 2.0).solvers("diagonal", "full"),
    )
    yield (
        "Rosenbrock's valley, 5 numbers",
        0,
        Valley(problems.rosenbrock, 5, 2.0).solvers("diagonal", "full"),
    )
    yield (
        "Rastrigin's pits, 10 numbers",
        0,
        Valley(problems.rastrigin, 10, 5.12).solvers("diagonal"),
    )


def optimisation() -> Iterator[str]:
    for title, best, solvers in contests():
        found = {}
        for name, solve in solvers.items():
            values, counts, times = [], [], []
            for seed in range(FEW):
                start = time.perf_counter()
                value, count = solve(seed)
                times.append(time.perf_counter() - start)
                values.append(value)
                counts.append(np.nan if count is None else count)
            found[name] = np.array(values), np.mean(counts), 1e3 * np.median(times)
        if best is None:
            best = min(values.min() for values, _, _ in found.values())
            yield f"\n### {title}\n\nThe best of all runs has length {best:.4f}.\n"
        else:
            yield f"\n### {title}\n\nThe best there is: {best:g}.\n"
        yield f"| solver | found, of {FEW} | typical value | evaluations | ms | time, ours = 1 |"
        yield "|---|---|---|---|---|---|"
        first = next(iter(found.values()))[2]
        for name, (values, count, ms) in found.items():
            close = np.abs(values - best) <= 1e-4 * max(1, abs(best))
            asked = "not counted" if np.isnan(count) else f"{count:,.0f}"
            yield (
                f"| {name} | {close.sum()} | {np.median(values):.4g} | {asked} | {ms:.3g} |"
                f" {ms / first:.2g} |"
            )


HEAD = """# The method beside its peers, measured

What would you take, if you did not take the cross-entropy method? This page puts it beside the
tools that a reader would reach for: OpenTURNS for rare events; SciPy, CMA-ES, networkx and OR-tools
for optimisation. A program writes the page, in one run, on one thread. Times belong to the machine
it ran on: read the ratios, and expect others on yours. Everything else depends on the seeds alone.

Read it as a map. For rare events the method holds its own. As an optimiser it needs nothing but a
way to draw and a score, and pays for that: where there is a solver made for the problem, take it.

## Rare events

- **Error** is the root mean square of estimate over truth, minus 1; **reported error** is what the
  estimator said of itself, on average.
- **Coverage** is the share of runs whose own 95% interval holds the truth.
- **Variance reduction** says how many draws of crude Monte Carlo one call is worth, by the true
  error, with every call counted.
- OpenTURNS spends its calls evenly on its levels, and its last level is its sample; we set their
  size so that all take about the same number. Ours draws its pilots first and the rest at the end;
  at 20,000 calls its audit is left out, which would take half of them.
"""

TRUTHS = """
## Every case with a known answer

All by `rare_events.estimate` with its defaults, but for the options that the name tells. Wrong in
silence is a run that is more than four of its standard errors off and has neither a warning nor a
reason. The upper part should be right and quiet; the lower part is the zoo of
[When it fails](../method/when-it-fails.ipynb), where an answer may be wrong, or missing, but not in
silence. An interval "up to" goes with no estimate. The cases stand in `tests/method/cases.py`.
"""

OPTIMISATION = f"""
## Optimisation

Twenty seeds each. **Found** counts the runs that end within 0.0001 of the best. Our solvers have
their defaults, except for more points in the tours of 40 cities and, for the full covariance, 400
points for each number and a slower spread. Each peer has its own; CMA-ES has restarts on
Rastrigin's pits, and CP-SAT has five seconds and one thread. A solver that takes the whole problem
at once has no evaluations to count. Solvers without chance give {FEW} equal runs.
"""


def page() -> Iterator[str]:
    yield HEAD
    yield from rare_events()
    yield TRUTHS
    yield from table_of_truths()
    yield OPTIMISATION
    yield from optimisation()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    lines = []
    for line in page():
        print(line, flush=True)
        lines.append(line)
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")
