"""The timetable of blocks: against a simulation of its own, and bounds that are proved."""

import math
import random
from itertools import pairwise

import pytest

from xent_lib import explorables
from xent_lib.explorables.block_schedule import (
    AUDIT,
    FINAL,
    MOST,
    OVERHEAD,
    PER_POINT,
    PILOT,
    SIZES,
    digits,
    length,
    out_of_order,
    schedule,
    stages_of,
)

WORKERS = range(1, MOST + 1)


def finish(costs, workers):
    """When the last of the blocks is done, if whoever is free takes the next."""
    free = [0.0] * workers
    for cost in costs:
        free[free.index(min(free))] += cost
    return max(free)


def made_up(seed):
    """Stages of blocks as no run has them."""
    rng = random.Random(seed)
    return tuple(
        tuple(rng.uniform(0.1, 3) for _ in range(rng.randint(1, 9)))
        for _ in range(rng.randint(1, 5))
    )


RUNS = [*map(stages_of, SIZES), *map(made_up, range(20))]


@pytest.mark.parametrize("stages", RUNS)
def test_the_timetable_is_that_of_a_plain_simulation(stages):
    for workers in WORKERS:
        time = sum(finish(costs, workers) for costs in stages)
        assert math.isclose(length(schedule(stages, workers)), time)


@pytest.mark.parametrize("stages", RUNS)
def test_the_time_lies_between_the_bounds_of_amdahl_and_graham(stages):
    alone, chain = sum(map(sum, stages)), sum(map(max, stages))
    for workers in WORKERS:
        time = length(schedule(stages, workers))
        assert max(alone / workers, chain) <= time * (1 + 1e-12)
        assert time <= (chain + (alone - chain) / workers) * (1 + 1e-12)


@pytest.mark.parametrize("stages", RUNS)
def test_whoever_dies_each_block_is_done_once_and_nobody_does_two_at_a_time(stages):
    blocks = [(stage, block) for stage, costs in enumerate(stages) for block in range(len(costs))]
    for workers in WORKERS:
        whole = length(schedule(stages, workers))
        for dies_at in (None, 1e-9, whole / 3, whole / 2, whole * 0.99, whole + 1):
            bars = schedule(stages, workers, dies_at)
            done = [bar for bar in bars if not bar.lost]
            assert sorted((bar.stage, bar.block) for bar in done) == blocks
            assert all(math.isclose(b.end - b.start, stages[b.stage][b.block]) for b in done)
            for worker in range(workers + 1):
                mine = sorted((bar.start, bar.end) for bar in bars if bar.worker == worker)
                assert all(a[1] <= b[0] + 1e-12 for a, b in pairwise(mine))
            ends = [max(bar.end for bar in done if bar.stage == s) for s in range(len(stages))]
            for bar in bars:
                assert bar.stage == 0 or bar.start >= ends[bar.stage - 1]
            if dies_at is not None:
                assert all(bar.end <= dies_at for bar in bars if bar.worker == 0)
                assert sum(bar.lost for bar in bars) <= 1
                if workers > 1:
                    assert all(bar.worker < workers for bar in bars)


@pytest.mark.parametrize("size", SIZES)
def test_in_the_runs_of_the_figure_the_one_who_dies_is_at_work(size):
    for workers in WORKERS:
        half = length(schedule(stages_of(size), workers)) / 2
        assert sum(bar.lost for bar in schedule(stages_of(size), workers, half)) == 1


def test_the_blocks_are_those_of_the_library():
    for size in SIZES:
        estimate, pilots = digits(size)
        assert math.isclose(float(estimate), 1.34245975e-5, rel_tol=0.15)
        stages = stages_of(size)
        assert [len(costs) for costs in stages] == [PILOT // size] * pilots + [
            FINAL // size,
            AUDIT // size,
        ]
        for cost in (cost for costs in stages for cost in costs):
            assert 0.7 <= (cost - OVERHEAD) / (size * PER_POINT) <= 1.31


def test_out_of_order_counts_those_that_come_before_a_smaller_number():
    assert out_of_order(schedule(((1.0, 1.0, 1.0),), 1)) == 0
    assert out_of_order(schedule(((3.0, 1.0, 1.0),), 2)) == 2
    assert out_of_order(schedule(((3.0, 1.0), (1.0, 3.0)), 2)) == 1


@pytest.mark.parametrize("dies", [False, True])
def test_the_figure_says_what_it_computes(dies):
    figure = explorables.block_schedule(4, 250, dies)
    stages = stages_of(250)
    time = length(schedule(stages, 4))
    if dies:
        time = length(schedule(stages, 4, time / 2))
    alone = sum(map(sum, stages))
    assert f"{time:.3f} s instead of {alone:.3f} s, {alone / time:.3f} times" in figure.says
    assert ("and one dies" in figure.says) == dies
    assert [row[0] for row in figure.rows] == ["1", "2", "4", "8"]
    assert {row[3] for row in figure.rows} == {digits(250)[0]}
    assert figure.params["runs"]["250"] == {"stages": stages, "digits": digits(250)[0]}
    assert "1 worker, " in explorables.block_schedule(1).says


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "`workers` must be a whole number from 1 to 8, not 0"),
        ({"workers": 9}, "not 9"),
        ({"workers": 2.5}, r"not 2\.5"),
        ({"block_size": 300}, "`block_size` must be one of 125, 250, 500, 1000"),
    ],
)
def test_bad_input_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        explorables.block_schedule(**options)
