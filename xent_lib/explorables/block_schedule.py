"""One run in blocks on several workers: the timetable changes, the digits do not."""

import heapq
from functools import cache
from typing import NamedTuple

import numpy as np

from xent_lib import problems, rare_events
from xent_lib.explorables._figure import Explorable, number

SIZES = (125, 250, 500, 1000)
MOST = 8  # workers
PILOT, FINAL, AUDIT = 1000, 20_000, 10_000
PER_POINT, OVERHEAD = 0.001, 0.05  # seconds
SEED = 1


class Bar(NamedTuple):
    """A block on the line of a worker: which one, from when to when, and whether it was lost."""

    worker: int
    stage: int
    block: int
    start: float
    end: float
    lost: bool


def digits(block_size: int) -> tuple[str, int]:
    """The estimate of the run in ten digits, and how many pilots it took."""
    found = rare_events.estimate(
        problems.bridge_length,
        2,
        rare_events.Exponential(np.array(problems.BRIDGE_MEANS)),
        n_pilot=PILOT,
        n_final=FINAL,
        n_audit=AUDIT,
        block_size=block_size,
        rng=SEED,
    )
    return f"{found.estimate:.9e}", (found.n_evaluations - FINAL - AUDIT) // PILOT


@cache
def stages_of(block_size: int) -> tuple[tuple[float, ...], ...]:
    """How long each block takes, in seconds, stage by stage: a point about a millisecond."""
    rng = np.random.default_rng(SEED)
    sizes = [PILOT] * digits(block_size)[1] + [FINAL, AUDIT]
    return tuple(
        tuple(
            round(OVERHEAD + block_size * PER_POINT * factor, 3)
            for factor in rng.uniform(0.7, 1.3, size // block_size).tolist()
        )
        for size in sizes
    )


def schedule(
    stages: tuple[tuple[float, ...], ...], workers: int, dies_at: float | None = None
) -> list[Bar]:
    """Whoever is free first takes the next block; no stage starts before the last one is done.

    The first worker may die: the block that it was at is done by whoever is free next. If it was
    the only one, the process that started the run takes over.
    """
    bars: list[Bar] = []
    now, alone = 0.0, workers == 1 and dies_at is not None
    for stage, costs in enumerate(stages):
        free = [(now, worker) for worker in range(workers)]
        if dies_at is not None and now >= dies_at:
            free = free[1:]
        if alone and dies_at is not None:
            free.append((max(now, dies_at), 1))
        heapq.heapify(free)
        waiting, again, ends = list(range(len(costs))), None, [now]
        while waiting or again is not None:
            start, worker = heapq.heappop(free)
            if again is not None and dies_at is not None and (start >= dies_at or not waiting):
                block, again, start = again, None, max(start, dies_at)
            else:
                block = waiting.pop(0)
            end = start + costs[block]
            if worker == 0 and dies_at is not None and start < dies_at < end:
                bars.append(Bar(0, stage, block, start, dies_at, True))
                again = block
                continue
            bars.append(Bar(worker, stage, block, start, end, False))
            ends.append(end)
            if worker > 0 or dies_at is None or end < dies_at:
                heapq.heappush(free, (end, worker))
        now = max(ends)
    return bars


def length(bars: list[Bar]) -> float:
    """When the last block is done."""
    return max(bar.end for bar in bars)


def out_of_order(bars: list[Bar]) -> int:
    """How many blocks came in before one of a lower number of their stage."""
    arrived = sorted((bar.end, bar.worker, bar) for bar in bars if not bar.lost)
    lowest: dict[int, int] = {}
    count = 0
    for _, _, bar in reversed(arrived):
        count += bar.block > lowest.get(bar.stage, bar.block)
        lowest[bar.stage] = min(bar.block, lowest.get(bar.stage, bar.block))
    return count


def block_schedule(workers: int = 3, block_size: int = 500, dies: bool = False) -> Explorable:
    """Put the blocks of a run on 1 to 8 workers, change their size, and let a worker die.

    The run estimates that the shortest way across the bridge is at least 2, from the seed 1. A
    point takes about a millisecond, and each block 50 more.

    Parameters
    ----------
    workers : int
        How many workers there are at the start, from 1 to 8.
    block_size : int
        One of 125, 250, 500 and 1000 points.
    dies : bool
        Whether one of them dies in the middle of the run.

    Examples
    --------
    >>> block_schedule()
    Blocks on workers
    <BLANKLINE>
    workers  time in s  speed-up         estimate
    1           42.323     1.000  1.325732234e-05
    2           21.804     1.941  1.325732234e-05
    3           16.236     2.607  1.325732234e-05
    4           13.552     3.123  1.325732234e-05
    8            9.456     4.476  1.325732234e-05
    <BLANKLINE>
    3 workers, 76 blocks of 500 points: 16.236 s instead of 42.323 s, 2.607 times as fast. \
With any number of workers it could not be more than 6.726 times. The estimate is \
1.325732234e-05.
    """
    if workers not in range(1, MOST + 1):
        raise ValueError(f"`workers` must be a whole number from 1 to {MOST}, not {workers}")
    if block_size not in SIZES:
        raise ValueError(f"`block_size` must be one of {', '.join(map(str, SIZES))}")
    stages = stages_of(block_size)
    alone = sum(map(sum, stages))
    says_digits = digits(block_size)[0]
    times = {k: length(schedule(stages, k)) for k in range(1, MOST + 1)}
    if dies:
        times = {k: length(schedule(stages, k, time / 2)) for k, time in times.items()}
    rows = [
        (str(k), number(times[k]), number(alone / times[k]), says_digits)
        for k in sorted({1, 2, 4, MOST, workers})
    ]
    limit = alone / sum(map(max, stages))
    return Explorable(
        kind="block-schedule",
        params={
            "workers": workers,
            "size": block_size,
            "dies": bool(dies),
            "most": MOST,
            "runs": {
                str(size): {"stages": stages_of(size), "digits": digits(size)[0]} for size in SIZES
            },
        },
        title="Blocks on workers",
        columns=["workers", "time in s", "speed-up", "estimate"],
        rows=rows,
        says=(
            f"{workers} worker{'s' * (workers > 1)}, {sum(map(len, stages))} blocks of {block_size}"
            f" points{', and one dies' if dies else ''}: {number(times[workers])} s instead of"
            f" {number(alone)} s, {number(alone / times[workers])} times as fast. With any number"
            f" of workers it could not be more than {number(limit)} times. The estimate is"
            f" {says_digits}."
        ),
    )
