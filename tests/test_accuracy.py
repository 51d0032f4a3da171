"""The values are right to the last digits: they are held against mpmath's."""

import math

import mpmath
import numpy as np
import pytest

from xent_lib import _events
from xent_lib.information import (
    binary_entropy,
    cross_entropy,
    entropy,
    js_divergence,
    kl_divergence,
    mutual_information,
    surprisal,
)

LOG2 = {2: lambda x: mpmath.log(x, 2), math.e: mpmath.log}


@pytest.fixture(autouse=True)
def _many_digits():
    with mpmath.workdps(60):
        yield


def exact(numbers):
    """The floats as they are, to all their digits."""
    return [mpmath.mpf(float(x)) for x in numbers]


def exact_distribution(numbers):
    """The distribution that the floats stand for: what rounding took from their sum put back."""
    numbers = exact(numbers)
    total = mpmath.fsum(numbers)
    return [x / total for x in numbers]


def exact_cross_entropy(p, q, base=2):
    return -mpmath.fsum(a * LOG2[base](b) for a, b in zip(exact(p), exact(q), strict=True) if a)


def exact_kl(p, q, base=2):
    return mpmath.fsum(a * LOG2[base](a / b) for a, b in zip(p, q, strict=True) if a)


def ulps(value, truth):
    """How many units in the last place lie between a value and the truth."""
    return float(abs(mpmath.mpf(float(value)) - truth)) / float(np.spacing(np.abs(value)))


def relative_error(value, truth):
    return float(abs(value - truth) / truth)


def distributions(count, most_events, seed):
    """Distributions of all characters: nearly uniform, rugged, nearly certain."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        events = rng.integers(2, most_events)
        yield rng.dirichlet(np.full(events, 10 ** rng.uniform(-2, 2)))


COINS = np.concatenate(
    [10.0 ** -np.linspace(0.01, 15, 300), 1 - 10.0 ** -np.linspace(0.31, 15, 300)]
)


@pytest.mark.parametrize("base", LOG2)
def test_binary_entropy_is_within_4_ulp_from_1e_15_on(base):
    values = binary_entropy(COINS, base=base)
    for prob, value in zip(COINS, values, strict=True):
        heads = mpmath.mpf(float(prob))
        assert ulps(value, exact_kl([heads, 1 - heads], [1, 1], base) * -1) <= 4


@pytest.mark.parametrize("base", LOG2)
def test_entropy_of_a_coin_is_within_4_ulp_from_1e_15_on(base):
    for prob in COINS:
        p = [1 - prob, prob]
        assert ulps(entropy(p, base=base), exact_cross_entropy(p, p, base)) <= 4


@pytest.mark.parametrize("base", LOG2)
def test_entropy_is_within_4_ulp(base):
    for p in distributions(300, 60, seed=1):
        assert ulps(entropy(p, base=base), exact_cross_entropy(p, p, base)) <= 4


@pytest.mark.parametrize("base", LOG2)
def test_surprisal_is_within_2_ulp(base):
    for prob in COINS:
        assert ulps(surprisal(prob, base=base), -LOG2[base](mpmath.mpf(float(prob)))) <= 2


@pytest.mark.parametrize("events", [*range(2, 140), 237, 1000, 1833, 2922, 100_003])
def test_entropy_of_a_long_uniform_distribution_is_within_4_ulp(events):
    p = np.full(events, 1 / events)
    assert ulps(entropy(p), events * exact_cross_entropy(p[:1], p[:1])) <= 4


def test_entropy_in_many_small_blocks_is_within_4_ulp(monkeypatch):
    monkeypatch.setattr(_events, "_LARGEST_BLOCK", 256)
    monkeypatch.setattr(_events, "_SMALLEST_BLOCK", 256)
    p = np.full(30_001, 1 / 30_001)
    assert ulps(entropy(p), len(p) * exact_cross_entropy(p[:1], p[:1])) <= 4


def test_entropy_in_float32_is_within_4_of_its_ulps():
    for p in distributions(100, 60, seed=2):
        p = p.astype(np.float32)
        assert ulps(entropy(p), exact_cross_entropy(p, p)) <= 4


def test_cross_entropy_is_within_4_ulp():
    for p, draw in zip(distributions(200, 60, seed=3), range(200), strict=True):
        q = np.random.default_rng(draw).dirichlet(np.ones(len(p)))
        assert ulps(cross_entropy(p, q), exact_cross_entropy(p, q)) <= 4


def close_pairs(distance, count=60, most_events=30, seed=4):
    rng = np.random.default_rng(seed)
    for p in distributions(count, most_events, seed):
        p = p + 1e-3
        q = p * (1 + distance * rng.uniform(-1, 1, len(p)))
        yield p / p.sum(), q / q.sum()


@pytest.mark.parametrize("distance", [1.0, 0.1, 0.03, 0.01, 1e-3, 1e-5, 1e-7])
def test_kl_divergence_keeps_its_digits_however_close_the_two_are(distance):
    for p, q in close_pairs(distance):
        truth = exact_kl(exact_distribution(p), exact_distribution(q))
        assert relative_error(kl_divergence(p, q), truth) <= 1e-12


@pytest.mark.parametrize("distance", [1.0, 0.1, 0.03, 0.01, 1e-3, 1e-5, 1e-7])
def test_js_divergence_keeps_its_digits_however_close_the_two_are(distance):
    for p, q in close_pairs(distance):
        p_exact, q_exact = exact_distribution(p), exact_distribution(q)
        middle = [(a + b) / 2 for a, b in zip(p_exact, q_exact, strict=True)]
        truth = (exact_kl(p_exact, middle) + exact_kl(q_exact, middle)) / 2
        assert relative_error(js_divergence(p, q), truth) <= 1e-12


@pytest.mark.parametrize("bits", [10, 17, 30, 45])
def test_kl_divergence_is_the_formula_itself_where_both_sum_to_1_exactly(bits):
    rng = np.random.default_rng(bits)
    for _ in range(50):
        p = rng.multinomial(2**bits, rng.dirichlet(np.ones(8)))
        step = rng.integers(-3, 4, 4)
        q = p + np.concatenate([step, -step])
        p, q = p[q > 0] / 2.0**bits, q[q > 0] / 2.0**bits
        if p.sum() == q.sum() == 1 and (p != q).any():
            truth = exact_kl(exact(p), exact(q))
            assert relative_error(kl_divergence(p, q), truth) <= 1e-12


def test_kl_divergence_of_decimals_is_that_of_the_decimals():
    p, q = ["0.1", "0.4", "0.5"], ["0.10001", "0.39999", "0.5"]
    truth = exact_kl([mpmath.mpf(x) for x in p], [mpmath.mpf(x) for x in q])
    value = kl_divergence([float(x) for x in p], [float(x) for x in q])
    assert relative_error(value, truth) <= 1e-10


def test_kl_divergence_of_close_float32_pairs_keeps_their_digits():
    for p, q in close_pairs(1e-3):
        p, q = p.astype(np.float32), q.astype(np.float32)
        truth = exact_kl(exact_distribution(p), exact_distribution(q))
        assert relative_error(kl_divergence(p, q), truth) <= 1e-4


def test_kl_divergence_of_a_long_close_pair_keeps_its_digits(monkeypatch):
    monkeypatch.setattr(_events, "_LARGEST_BLOCK", 200)
    monkeypatch.setattr(_events, "_SMALLEST_BLOCK", 200)
    ((p, q),) = close_pairs(1e-5, count=1, most_events=1500)
    assert len(p) > 1000
    truth = exact_kl(exact_distribution(p), exact_distribution(q))
    assert relative_error(kl_divergence(p, q), truth) <= 1e-11


def test_kl_divergence_far_away_is_within_a_few_ulp():
    for p, draw in zip(distributions(100, 30, seed=6), range(100), strict=True):
        q = np.random.default_rng(draw).dirichlet(np.full(len(p), 0.3))
        truth = exact_kl(exact_distribution(p), exact_distribution(q))
        assert relative_error(kl_divergence(p, q), truth) <= 1e-13


def test_mutual_information_of_nearly_independent_variables_keeps_its_digits():
    rng = np.random.default_rng(7)
    joint = np.outer(rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(4)))
    joint *= 1 + 1e-5 * rng.uniform(-1, 1, joint.shape)
    joint /= joint.sum()
    table = mpmath.matrix(joint.tolist())
    table /= mpmath.fsum(table)
    rows = [mpmath.fsum(table[i, :]) for i in range(3)]
    columns = [mpmath.fsum(table[:, j]) for j in range(4)]
    margins = [rows[i] * columns[j] for i in range(3) for j in range(4)]
    truth = exact_kl(list(table), margins)
    assert relative_error(mutual_information(joint), truth) <= 1e-9
