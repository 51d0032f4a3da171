"""How long softmax and the losses take beside SciPy, scikit-learn and PyTorch, in the same run.

PyTorch runs on one thread. No time makes a test fail: times are for reading.
"""

import functools

import numpy as np
import pytest
import scipy.special
import sklearn.metrics
import torch
from measure import extra_memory

from xent_lib.activations import logsumexp, softmax
from xent_lib.losses import (
    sparse_categorical_cross_entropy,
    sparse_softmax_cross_entropy,
    sparse_softmax_cross_entropy_and_grad,
)

torch.set_num_threads(1)

SHAPES = [(150, 3), (10_000, 10), (100_000, 10), (10_000, 100), (1_000, 1_000), (100, 50_000)]
LARGE = 1_000_000


@functools.cache
def batch(shape, spread):
    """Labels, logits, probabilities, and labels and logits for PyTorch."""
    rng = np.random.default_rng(0)
    labels, logits = rng.integers(0, shape[1], shape[0]), rng.normal(0, spread, shape)
    probs = scipy.special.softmax(logits, axis=-1)
    return labels, logits, probs, torch.from_numpy(labels), torch.from_numpy(logits)


def log_loss(labels, probs):
    return sklearn.metrics.log_loss(labels, probs, labels=range(probs.shape[1]))


def torch_loss(labels, logits):
    return torch.nn.functional.cross_entropy(logits, labels).item()


def torch_gradient(labels, logits):
    logits = logits.detach().requires_grad_()
    torch.nn.functional.cross_entropy(logits, labels).backward()
    return logits.grad.numpy()


def our_gradient(labels, logits):
    return sparse_softmax_cross_entropy_and_grad(labels, logits)[1]


# name, ours, its arguments, peer, its arguments, aim for the ratio, aim for the memory
CASES = [
    ("softmax / scipy", softmax, [1], scipy.special.softmax, [1], 0.6, None),
    ("logsumexp / scipy", logsumexp, [1], scipy.special.logsumexp, [1], 0.25, None),
    (
        "loss of probs / sklearn",
        sparse_categorical_cross_entropy,
        [0, 2],
        log_loss,
        [0, 2],
        0.3,
        None,
    ),
    ("loss of logits / torch", sparse_softmax_cross_entropy, [0, 1], torch_loss, [3, 4], 0.9, 0.1),
    ("loss and gradient / torch", our_gradient, [0, 1], torch_gradient, [3, 4], 0.6, 0.1),
]


@pytest.mark.parametrize("who", ["ours", "peer"])
@pytest.mark.parametrize("spread", [1, 3])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
@pytest.mark.benchmark(min_rounds=5, max_time=0.3)
def test_speed(benchmark, case, shape, spread, who):
    name, ours, our_inputs, peer, peer_inputs, ratio, memory = case
    given = batch(shape, spread)
    mine, theirs = [given[i] for i in our_inputs], [given[i] for i in peer_inputs]
    if peer in (scipy.special.softmax, scipy.special.logsumexp):
        peer = functools.partial(peer, axis=-1)
    benchmark.group = f"{name}, {' x '.join(f'{n:,}' for n in shape)}, N(0, {spread})"
    if who == "ours":
        large = shape[0] * shape[1] >= LARGE
        benchmark.extra_info["ratio_aim"] = ratio
        benchmark.extra_info["memory_aim"] = memory if large else None
        benchmark.extra_info["extra_memory"] = extra_memory(ours, mine, given[1].nbytes)
        value = benchmark(ours, *mine)
    else:
        value = benchmark(peer, *theirs)
    np.testing.assert_allclose(value, peer(*theirs), rtol=1e-9, atol=1e-15)
