"""Each mistake with blocks is told to whoever makes it, and whoever is right is told so."""

import heapq
import math

import numpy as np
import pytest

from xent_lib import checks


def rng_of(seed):
    return np.random.default_rng(seed)


def spawned(seed, sizes):
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    return np.concatenate([rng_of(child).random(n) for child, n in zip(seeds, sizes, strict=True)])


def each(seeds):
    return lambda seed, sizes: np.concatenate(
        [rng_of(seeds(seed, i, len(sizes))).random(n) for i, n in enumerate(sizes)]
    )


def timetable(costs, workers):
    free = [0.0] * workers
    for cost in costs:
        heapq.heappush(free, heapq.heappop(free) + cost)
    return max(free)


def busy(costs, workers, when=timetable):
    return np.sum(costs) / workers / when(costs, workers)


def dealt(costs, workers):
    return max(np.sum(costs[i::workers]) for i in range(workers))


def cut(n, block_size):
    sizes = []
    while n > 0:
        sizes.append(min(n, block_size))
        n -= sizes[-1]
    return sizes


RIGHT = [
    (checks.block_sizes, cut),
    (checks.block_sizes, lambda n, size: [min(size, n - at) for at in range(0, n, size)]),
    (checks.block_draws, spawned),
    (checks.block_draws, lambda seed, sizes: spawned(seed, sizes).tolist()),
    (
        checks.amdahl,
        lambda serial_share, workers: 1 / (serial_share + (1 - serial_share) / workers),
    ),
    (checks.amdahl, lambda s, k: k / (s * k + 1 - s)),
    (checks.busy_share, busy),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.block_sizes: [
        (lambda n, size: [size] * (n // size), "left over are lost"),
        (lambda n, size: [size] * -(-n // size), "more than `n` points"),
        (
            lambda n, size: [len(part) for part in np.array_split(range(n), -(-n // size))],
            "all blocks about alike",
        ),
        (lambda n, size: cut(n, size)[::-1], "it is the last"),
        (lambda n, size: range(0, n, size)[:], "a list or an array is asked for"),
        (lambda n, size: list(range(0, n, size)), "where the blocks begin"),
        (lambda n, size: [size] * (n // size) + [n % size], "no empty block"),
        (lambda n, size: len(cut(n, size)), "where one number for each"),
    ],
    checks.block_draws: [
        (lambda seed, sizes: rng_of(seed).random(sum(sizes)), "from one generator"),
        (each(lambda seed, i, n: seed), "the same seed"),
        (each(lambda seed, i, n: seed + i), "Seeds in a row"),
        (each(lambda seed, i, n: np.random.SeedSequence(seed).spawn(1)[0]), "from the first child"),
        (
            each(lambda seed, i, n: np.random.SeedSequence(seed).spawn(n)[n - 1 - i]),
            "in the wrong order",
        ),
        (each(lambda seed, i, n: [seed, i]), "good seeds, but not those"),
        (lambda seed, sizes: np.sort(spawned(seed, sizes)), "You sorted the numbers"),
    ],
    checks.amdahl: [
        (lambda s, k: s + (1 - s) / k, "That is the time"),
        (lambda s, k: 1 / (1 - s + s / k), "turned round"),
        (lambda s, k: 1 / s if s else math.inf, "for ever more workers"),
        (lambda s, k: (1 - s) * k, "takes its time too"),
        (lambda s, k: s + (1 - s) * k, "Gustafson"),
        (lambda s, k: 1 / (s + 1 / k), "not the whole"),
    ],
    checks.busy_share: [
        (lambda costs, workers: 1 - busy(costs, workers), "in which they *wait*"),
        (lambda costs, workers: np.sum(costs) / timetable(costs, workers), "the speed-up"),
        (lambda costs, workers: 1 / busy(costs, workers), "one over it"),
        (timetable, "when the last block is done"),
        (lambda costs, workers: busy(sorted(costs)[::-1], workers), "longest blocks first"),
        (lambda costs, workers: busy(costs, workers, dealt), "as cards"),
        (
            lambda costs, workers: (
                np.sum(costs) / workers / np.max(costs) / -(-len(costs) // workers)
            ),
            "You counted rounds",
        ),
        (lambda costs, workers: costs / timetable(costs, workers), "where one number is asked"),
    ],
}
