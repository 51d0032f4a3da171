"""Exercises on what can only be simulated: a line of machines, a noisy difference, an order."""

import math
import statistics
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check


def _last(service: list[list[float]], buffers: list[int]) -> float:
    return _finish(service, buffers)


def _finish(service: list[list[float]], buffers: list[int], late: int = 1) -> float:
    """When the last job leaves the line; `late` is how many places a server itself has."""
    left: list[list[float]] = []
    for job, times in enumerate(service):
        left.append([])
        done = 0.0
        for i, time in enumerate(times):
            done = max(done, left[job - 1][i] if job else 0.0) + time
            if i < len(buffers) and 0 <= job - buffers[i] - late < job:
                done = max(done, left[job - buffers[i] - late][i + 1])
            left[job].append(done)
    return left[-1][-1]


def _never_blocked(service: list[list[float]], buffers: list[int]) -> float:
    return _last(service, [len(service)] * len(buffers))


def _before_service(service: list[list[float]], buffers: list[int]) -> float:
    """A job starts only where there is already room for it behind: communication blocking."""
    left: list[list[float]] = []
    for job, times in enumerate(service):
        left.append([])
        done = 0.0
        for i, time in enumerate(times):
            done = max(done, left[job - 1][i] if job else 0.0)
            if i < len(buffers) and job > buffers[i]:
                done = max(done, left[job - buffers[i] - 1][i + 1])
            left[job].append(done + time)
            done += time
    return left[-1][-1]


def _all_alone(service: list[list[float]], buffers: list[int]) -> float:
    return sum(service[-1])


def _no_queue(service: list[list[float]], buffers: list[int]) -> float:
    return max(map(sum, service))


def _one_at_a_time(service: list[list[float]], buffers: list[int]) -> float:
    return sum(map(sum, service))


def line_finish(function: Any) -> Result:
    """Check a function that says when the last job leaves a line of machines.

    Examples
    --------
    >>> line_finish(lambda service, buffers: service.sum())
    ✗ Not yet. You let one job at a time into the whole line. Machine 1 begins the next job as \
soon as it is free.
    """
    rng = np.random.default_rng(2005)
    shapes = [(4, 2, 0), (6, 3, 0), (7, 3, 1), (8, 4, 2), (12, 4, 0)]
    cases = [Case(([[2, 1, 9], [1, 1, 1], [2, 2, 1], [1, 2, 1], [1, 9, 2]], [1, 1]))]
    cases += [
        # a few long times among short ones, so that each mistake moves the end
        Case(
            (rng.choice([1, 2, 9], (jobs, m)).tolist(), rng.integers(top + 1, size=m - 1).tolist())
        )
        for jobs, m, top in shapes
    ]
    cases += [
        Case(([[1, 1, 6]] * 5, [1, 0]), "the last machine is slow"),
        Case(([[2, 3, 1]], [0, 0]), "there is one job", "It is never blocked."),
        Case(
            ([[1, 5], [2, 4], [1, 3]], [7]),
            "more places than jobs",
            "Nobody is ever blocked; `left[job - 8]` would look up a job from the *end* of the "
            "table, or none.",
        ),
    ]
    mistakes: Table = [
        (_never_blocked, "Nobody is ever blocked in yours: a full buffer must hold a job back."),
        (
            _before_service,
            "You blocked before service: a job may be worked on while the next buffer is full. "
            "Only when it is done must it wait.",
        ),
        (
            lambda service, buffers: _finish(service, buffers, late=0),
            "One place too few: beside the buffer's b places there is room on the next machine "
            "itself. Job j waits for job j − b − 1.",
        ),
        (
            lambda service, buffers: _finish(service, buffers, late=2),
            "One place too many: the job on the next machine takes one. Job j waits for job "
            "j − b − 1.",
        ),
        (
            _one_at_a_time,
            "You let one job at a time into the whole line. Machine 1 begins the next job as soon "
            "as it is free.",
        ),
        (
            _no_queue,
            "Every job goes through as if it were alone: it must wait until the machine is free.",
        ),
        (_all_alone, "That is how long the last job is worked on. When does it leave?"),
    ]
    return check(function, _last, cases, mistakes)


def _difference_error(first: list[float], second: list[float]) -> float:
    gaps = [a - b for a, b in zip(first, second, strict=True)]
    return statistics.stdev(gaps) / math.sqrt(len(gaps))


def difference_error(function: Any) -> Result:
    """Check a function of two paired rows of runs that gives the standard error of the difference.

    Examples
    --------
    >>> import numpy as np
    >>> difference_error(lambda first, second: np.std(first - second, ddof=1))
    ✗ Not yet. That is the standard deviation of one difference. Divide by √n for that of the mean.
    """
    rng = np.random.default_rng(1995)
    cases = []
    for n in (3, 4, 5, 8, 12):
        common = rng.integers(20, 90, n)
        rows = [(common + rng.integers(-9, 10, n)).tolist() for _ in range(2)]
        cases.append(Case(tuple([value / 10 for value in row] for row in rows)))
    cases.append(
        Case(
            ([1.5, 2.5, 0.5], [1.0, 2.0, 0.0]),
            "the difference is always the same",
            "Then nothing is uncertain, however much both wander.",
        )
    )
    mistakes: Table = [
        (
            lambda first, second: math.hypot(
                statistics.stdev(first) / math.sqrt(len(first)),
                statistics.stdev(second) / math.sqrt(len(second)),
            ),
            "That is for two rows drawn independently. These are pairs: take the differences "
            "first, and the spread of those.",
        ),
        (
            lambda first, second: statistics.stdev(
                [a - b for a, b in zip(first, second, strict=True)]
            ),
            "That is the standard deviation of one difference. Divide by √n for that of the mean.",
        ),
        (
            lambda first, second: (
                statistics.pstdev([a - b for a, b in zip(first, second, strict=True)])
                / math.sqrt(len(first))
            ),
            "Your spread divides by n. Of a sample, divide by n − 1: `ddof=1`.",
        ),
        (
            lambda first, second: (
                statistics.stdev([a - b for a, b in zip(first, second, strict=True)]) / len(first)
            ),
            "You divided by n. The error falls with the square root of n.",
        ),
        (
            lambda first, second: statistics.fmean(first) - statistics.fmean(second),
            "That is the mean difference itself. How uncertain is it?",
        ),
        (
            lambda first, second: (
                abs(statistics.stdev(first) - statistics.stdev(second)) / math.sqrt(len(first))
            ),
            "You took the difference of the spreads. Take the spread of the differences.",
        ),
    ]
    return check(function, _difference_error, cases, mistakes)


def _flow_time(order: list[int], means: list[float], weights: list[float]) -> float:
    clock = total = 0.0
    for job in order:
        clock += means[job]
        total += weights[job] * clock
    return total


def _places(order: list[int]) -> list[int]:
    return [order.index(job) for job in range(len(order))]


def weighted_flow_time(function: Any) -> Result:
    """Check a function of an order, mean times and weights that gives the mean weighted flow time.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_flow_time(lambda order, means, weights: np.cumsum(means[order]).sum())
    ✗ Not yet. The weights are missing: each finishing time counts as often as its job weighs.
    """
    rng = np.random.default_rng(1966)
    cases = []
    for n in (3, 4, 5, 6, 8):
        order = np.roll(rng.permutation(n), 1).tolist()
        means, weights = rng.integers(1, 10, (2, n)).tolist()
        cases.append(Case((order, means, weights)))
    cases += [
        Case(([1, 2, 0], [4.0, 1.0, 2.0], [2.0, 3.0, 1.0])),
        Case(([0], [5.0], [2.0]), "there is one job"),
        Case(([2, 0, 1], [1.0, 2.0, 3.0], [0.0, 1.0, 0.0]), "only one job weighs anything"),
    ]
    mistakes: Table = [
        (
            lambda order, means, weights: _flow_time(order, means, [1] * len(order)),
            "The weights are missing: each finishing time counts as often as its job weighs.",
        ),
        (
            lambda order, means, weights: (
                _flow_time(order, means, weights)
                - sum(w * m for w, m in zip(weights, means, strict=True))
            ),
            "You added up when the jobs *begin*. When they are done counts.",
        ),
        (
            lambda order, means, weights: _flow_time(sorted(order), means, weights),
            "The order makes no difference in yours: take the times in the order in which the "
            "jobs are done, `means[order]`.",
        ),
        (
            lambda order, means, weights: sum(
                weights[place] * done for place, done in enumerate(_clock(order, means))
            ),
            "The finishing times are in the order of the jobs as they are done; so must the "
            "weights be: `weights[order]`.",
        ),
        (
            lambda order, means, weights: _flow_time(_places(order), means, weights),
            "You read the order as the place of each job. `order[0]` is the job that is done "
            "first.",
        ),
        (
            lambda order, means, weights: sum(w * m for w, m in zip(weights, means, strict=True)),
            "That is weight times time of each job alone. A job also waits for all before it.",
        ),
        (
            lambda order, means, weights: _flow_time(order, means, weights) / sum(weights),
            "You divided by the weights: the total is asked for.",
        ),
    ]
    return check(function, _flow_time, cases, mistakes)


def _clock(order: list[int], means: list[float]) -> list[float]:
    return [sum(means[job] for job in order[: place + 1]) for place in range(len(order))]
