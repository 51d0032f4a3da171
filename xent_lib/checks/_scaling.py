"""Exercises on work in blocks: how it is cut, seeded, given out, and how fast it can be."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check


def _block_sizes(n: int, block_size: int) -> list[int]:
    rest = n % block_size
    return [block_size] * (n // block_size) + ([rest] if rest else [])


def block_sizes(function: Any) -> Result:
    """Check a function that cuts `n` points into blocks of one size; the last may be smaller.

    Examples
    --------
    >>> block_sizes(lambda n, block_size: [block_size] * (n // block_size))
    ✗ Not yet. The points that are left over are lost: they need a block of their own.
    """
    cases = [
        Case((1050, 500)),
        Case((7, 3)),
        Case((1001, 250)),
        Case((10, 4)),
        Case((1000, 500), "the blocks come out even", "There is no empty block at the end."),
        Case((3, 5), "fewer points than fit into a block", "All of them are one block."),
    ]
    mistakes: Table = [
        (
            lambda n, block_size: [block_size] * (n // block_size),
            "The points that are left over are lost: they need a block of their own.",
        ),
        (
            lambda n, block_size: [block_size] * math.ceil(n / block_size),
            "Your last block is as large as the others: together they are more than `n` points.",
        ),
        (
            lambda n, block_size: [
                len(part) for part in np.array_split(np.arange(n), math.ceil(n / block_size))
            ],
            "You made all blocks about alike. All but the last must hold `block_size` points.",
        ),
        (
            lambda n, block_size: _block_sizes(n, block_size)[::-1],
            "The small block stands first; it is the last.",
        ),
        (
            lambda n, block_size: list(range(0, n, block_size)),
            "These are the places where the blocks begin. Their sizes are asked for.",
        ),
    ]
    return check(function, _block_sizes, cases, mistakes)


def _block_draws(seed: int, sizes: list[int]) -> list[float]:
    children = np.random.SeedSequence(seed).spawn(len(sizes))
    return [
        draw
        for child, size in zip(children, sizes, strict=True)
        for draw in np.random.default_rng(child).random(size).tolist()
    ]


def block_draws(function: Any) -> Result:
    """Check a function that draws each block from a child of the seed, and joins them in order.

    Examples
    --------
    >>> block_draws(lambda seed, sizes: np.random.default_rng(seed).random(sum(sizes)))
    ✗ Not yet. All blocks draw from one generator. Give each block a child of the seed.
    """
    cases = [
        Case((1, [2, 2])),
        Case((7, [3, 1, 2])),
        Case((2026, [2, 2, 2, 1])),
        Case((5, [4]), "one block", "It draws from the first child, not from the seed itself."),
    ]

    def each(seeds: Any) -> Any:
        return lambda seed, sizes: [
            draw
            for i, size in enumerate(sizes)
            for draw in np.random.default_rng(seeds(seed, i, len(sizes))).random(size).tolist()
        ]

    mistakes: Table = [
        (
            lambda seed, sizes: np.random.default_rng(seed).random(sum(sizes)).tolist(),
            "All blocks draw from one generator. Give each block a child of the seed.",
        ),
        (
            each(lambda seed, i, n: seed),
            "All blocks have the same seed: they draw the same numbers.",
        ),
        (
            each(lambda seed, i, n: seed + i),
            "Seeds in a row: another run with the next seed would share all blocks but one. Spawn "
            "them from a `SeedSequence`.",
        ),
        (
            each(lambda seed, i, n: np.random.SeedSequence(seed).spawn(n)[0]),
            "All blocks draw from the first child.",
        ),
        (
            each(lambda seed, i, n: np.random.SeedSequence(seed).spawn(n)[n - 1 - i]),
            "The children go to the blocks in the wrong order: the first child is the first "
            "block's.",
        ),
        (
            each(lambda seed, i, n: np.random.SeedSequence([seed, i])),
            "That makes good seeds, but not those of `SeedSequence(seed).spawn(…)`.",
        ),
        (
            lambda seed, sizes: sorted(_block_draws(seed, sizes)),
            "You sorted the numbers. The *blocks* are to be in order.",
        ),
    ]
    return check(function, _block_draws, cases, mistakes)


def _amdahl(serial_share: float, workers: float) -> float:
    return 1 / (serial_share + (1 - serial_share) / workers)


def amdahl(function: Any) -> Result:
    """Check a function that gives the speed-up by Amdahl's law.

    Examples
    --------
    >>> amdahl(lambda serial_share, workers: 1 / serial_share)
    ✗ Not yet. That is the limit for ever more workers.
    """
    cases = [
        Case((0.5, 2)),
        Case((0.1, 8)),
        Case((0.25, 3)),
        Case((0.02, 64)),
        Case((0.3, 1), "one worker", "It is as fast as it is."),
        Case((1.0, 8), "nothing can be split", "More workers then do nothing: 1."),
        Case((0.0, 8), "all can be split", "Then each worker does its full share."),
    ]
    mistakes: Table = [
        (
            lambda serial_share, workers: serial_share + (1 - serial_share) / workers,
            "That is the time, as a share of what one worker takes. One over it is the speed-up.",
        ),
        (
            lambda serial_share, workers: 1 / (1 - serial_share + serial_share / workers),
            "The shares are turned round: you divided the part that cannot be split.",
        ),
        (
            lambda serial_share, workers: 1 / serial_share if serial_share else math.inf,
            "That is the limit for ever more workers.",
        ),
        (
            lambda serial_share, workers: workers * (1 - serial_share),
            "Each worker may do its share, but the part that cannot be split takes its time too.",
        ),
        (
            lambda serial_share, workers: serial_share + (1 - serial_share) * workers,
            "That is Gustafson's law, where the work grows with the workers. Here it stays.",
        ),
        (
            lambda serial_share, workers: 1 / (serial_share + 1 / workers),
            "The part that can be split is 1 − serial_share, not the whole.",
        ),
    ]
    return check(function, _amdahl, cases, mistakes)


def _makespan(costs: list[float], workers: int) -> float:
    free = [0.0] * workers
    for cost in costs:
        first = free.index(min(free))
        free[first] += cost
    return max(free)


def _busy_share(costs: list[float], workers: int) -> float:
    return sum(costs) / (workers * _makespan(costs, workers))


def busy_share(function: Any) -> Result:
    """Check a function that says for which share of their time the workers work.

    Whoever is free first takes the next block.

    Examples
    --------
    >>> busy_share(lambda costs, workers: sum(costs))
    ✗ Not yet. With `costs = [3, 1, 1, 2, 4]`, `workers = 2` it gave `11`, and `0.785714` is right.
    """
    rng = np.random.default_rng(8)
    cases = [
        Case(([3.0, 1.0, 1.0, 2.0, 4.0], 2)),
        Case(([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 3)),
        *(Case((rng.integers(1, 12, size=n).astype(float).tolist(), 3)) for n in (8, 11)),
        Case(([2.0, 7.0, 1.0], 1), "one worker", "It never waits."),
        Case(([2.0, 7.0, 1.0], 5), "more workers than blocks", "Two of them never work."),
    ]

    def dealt(costs: list[float], workers: int) -> float:
        longest = max(sum(costs[first::workers]) for first in range(workers))
        return sum(costs) / (workers * longest)

    mistakes: Table = [
        (
            lambda costs, workers: 1 - _busy_share(costs, workers),
            "That is the share of the time in which they *wait*.",
        ),
        (
            lambda costs, workers: sum(costs) / _makespan(costs, workers),
            "That is the speed-up. Divide it by the number of workers.",
        ),
        (
            lambda costs, workers: 1 / _busy_share(costs, workers),
            "That is one over it: what is worked stands above the bar, what is paid for below.",
        ),
        (_makespan, "That is when the last block is done. Which share of that time is worked?"),
        (
            lambda costs, workers: (
                sum(costs) / (workers * _makespan(sorted(costs, reverse=True), workers))
            ),
            "You gave out the longest blocks first. They are taken in the order in which they "
            "stand.",
        ),
        (
            dealt,
            "You dealt the blocks out in turn, as cards. Whoever is *free first* takes the next.",
        ),
        (
            lambda costs, workers: (
                sum(costs) / (workers * math.ceil(len(costs) / workers) * max(costs))
            ),
            "You counted rounds, each as long as the longest block. Nobody waits for a round to "
            "end.",
        ),
    ]
    return check(function, _busy_share, cases, mistakes)
