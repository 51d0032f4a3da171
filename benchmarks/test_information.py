"""How long xent_lib takes beside SciPy, on the same input and in the same run.

No time makes a test fail: times are for reading, and differ from machine to machine.
"""

import functools

import numpy as np
import pytest
import scipy.special
import scipy.stats
from measure import extra_memory

from xent_lib.information import cross_entropy, entropy, kl_divergence

ONE_ROW = (10,)
SHAPES = [ONE_ROW, (10_000, 10), (100_000, 100), (10_000_000,)]


@functools.cache
def distributions(shape):
    """Two batches of distributions, the events last."""
    weights = np.random.default_rng(0).random((2, *shape))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def scipy_entropy(*distributions):
    return scipy.stats.entropy(*distributions, base=2, axis=-1)


def rel_entr(p, q):
    return scipy.special.rel_entr(p, q).sum(axis=-1) / np.log(2)


def rel_entr_and_entr(p, q):
    return (scipy.special.rel_entr(p, q) + scipy.special.entr(p)).sum(axis=-1) / np.log(2)


# Only scipy.stats.entropy looks at its input as we do, so only beside it there is an aim.
CASES = [
    ("entropy / stats.entropy", entropy, scipy_entropy, 1),
    ("kl_divergence / stats.entropy", kl_divergence, scipy_entropy, 2),
    ("kl_divergence / special.rel_entr", kl_divergence, rel_entr, 2),
    ("cross_entropy / special.rel_entr + entr", cross_entropy, rel_entr_and_entr, 2),
]


@pytest.mark.parametrize("who", ["ours", "peer"])
@pytest.mark.parametrize(("name", "ours", "peer", "count"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.benchmark(min_rounds=5, max_time=0.5)
def test_speed(benchmark, shape, name, ours, peer, count, who):
    arguments = distributions(shape)[:count]
    benchmark.group = f"{name}, {' x '.join(f'{n:,}' for n in shape)}"
    if who == "ours":
        aimed_at = peer is scipy_entropy
        benchmark.extra_info["ratio_aim"] = (
            (0.15 if shape == ONE_ROW else 0.25) if aimed_at else None
        )
        benchmark.extra_info["memory_aim"] = None if shape == ONE_ROW else 0.1
        benchmark.extra_info["extra_memory"] = extra_memory(ours, arguments, arguments.nbytes)
    values = benchmark(ours if who == "ours" else peer, *arguments)
    np.testing.assert_allclose(values, peer(*arguments), rtol=1e-9)
