"""The functions of xent_lib.information give the values that SciPy and the book give."""

import json
import math
import subprocess
import sys
import tomllib
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import scipy.spatial
import scipy.special
import scipy.stats

import xent_lib
from xent_lib import _events
from xent_lib.information import (
    binary_entropy,
    cross_entropy,
    entropy,
    information_gain,
    js_divergence,
    kl_divergence,
    mutual_information,
    perplexity,
    surprisal,
)

P = (0.10, 0.40, 0.50)
Q = (0.80, 0.15, 0.05)

OF_ONE = [entropy, perplexity]
OF_TWO = [cross_entropy, kl_divergence, js_divergence, perplexity]


def distributions(shape, axis=-1, seed=0):
    weights = np.random.default_rng(seed).exponential(size=shape)
    return weights / weights.sum(axis=axis, keepdims=True)


def peer(function, p, q, axis=-1):
    """What SciPy makes of the same input."""
    match function.__name__:
        case "entropy":
            return scipy.stats.entropy(p, base=2, axis=axis)
        case "cross_entropy":
            return (scipy.special.entr(p) + scipy.special.rel_entr(p, q)).sum(axis) / math.log(2)
        case "kl_divergence":
            return scipy.stats.entropy(p, q, base=2, axis=axis)
        case "js_divergence":
            return scipy.spatial.distance.jensenshannon(p, q, base=2, axis=axis) ** 2
        case "perplexity":
            return 2 ** peer(cross_entropy, p, q, axis)


# The numbers of the book


def test_the_pair_of_the_book_has_its_values():
    assert round(cross_entropy(P, Q), 3) == 3.288
    assert round(cross_entropy(Q, P), 3) == 2.906
    assert round(entropy(P), 3) == 1.361
    assert round(kl_divergence(P, Q), 3) == 1.927


def test_cross_entropy_of_a_distribution_with_itself_is_its_entropy():
    assert cross_entropy(P, P) == entropy(P)


def test_the_labels_and_predictions_of_the_book_have_their_mean():
    labels = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    ones = np.array([0.8, 0.9, 0.9, 0.6, 0.8, 0.1, 0.4, 0.2, 0.1, 0.3])
    p = np.stack([1 - labels, labels], axis=-1)
    q = np.stack([1 - ones, ones], axis=-1)
    assert round(cross_entropy(p, q, base=math.e).mean(), 4) == 0.2469
    assert (entropy(p) == 0).all()


@pytest.mark.parametrize(
    ("q", "nats"),
    [
        ((0.228, 0.619, 0.153), 0.4797),
        ((0.001, 0.998, 0.001), 0.0020),
        ((0.3, 0.001, 0.699), 6.9078),
    ],
)
def test_with_a_one_hot_p_cross_entropy_is_the_surprise_of_the_true_class(q, nats):
    assert round(cross_entropy([0, 1, 0], q, base=math.e), 4) == nats
    assert cross_entropy([0, 1, 0], q) == surprisal(q[1])
    assert kl_divergence([0, 1, 0], q) == pytest.approx(surprisal(q[1]), rel=1e-12)


@pytest.mark.parametrize("bits", range(1, 60))
def test_powers_of_two_have_whole_surprises(bits):
    assert surprisal(2.0**-bits) == bits


@pytest.mark.parametrize("bits", range(1, 12))
def test_entropy_and_perplexity_of_fair_coins_are_whole(bits):
    p = np.full(2**bits, 2.0**-bits)
    assert entropy(p) == bits
    assert perplexity(p) == 2**bits


# Against SciPy


@pytest.mark.parametrize("function", [entropy, *OF_TWO])
@pytest.mark.parametrize(
    "shape", [(3,), (200,), (70_000,), (4, 5), (300, 40), (2, 3, 4), (2, 1, 3, 5)]
)
def test_values_agree_with_scipy_along_every_axis(function, shape):
    for axis in range(-len(shape), len(shape)):
        p, q = distributions(shape, axis, seed=1), distributions(shape, axis, seed=2)
        ours = function(p, axis=axis) if function is entropy else function(p, q, axis=axis)
        np.testing.assert_allclose(ours, peer(function, p, q, axis), rtol=1e-11)
        assert np.shape(ours) == p.sum(axis=axis).shape


@pytest.mark.parametrize("function", [entropy, *OF_TWO])
@pytest.mark.parametrize("normalize", [False, True])
def test_blocks_do_not_show_in_the_values(function, normalize, monkeypatch):
    p, q = distributions((7, 5, 300), seed=1), distributions((7, 5, 300), seed=2)
    p[2, 3, :] = np.eye(300)[7]
    arguments = (p,) if function is entropy else (p, q)
    whole = function(*arguments, normalize=normalize)
    for length in (64, 1000, 4000):
        monkeypatch.setattr(_events, "_LARGEST_BLOCK", length)
        monkeypatch.setattr(_events, "_SMALLEST_BLOCK", length)
        np.testing.assert_allclose(function(*arguments, normalize=normalize), whole, rtol=1e-13)


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_order_in_memory_does_not_matter(order):
    p = distributions((50, 60))
    expected = entropy(p)
    np.testing.assert_array_equal(entropy(np.array(p, order=order)), expected)
    np.testing.assert_array_equal(entropy(p[::-1])[::-1], expected)
    np.testing.assert_array_equal(entropy(np.repeat(p, 2, axis=1)[:, ::2]), expected)


def test_broadcast_views_are_read_as_they_are():
    q = distributions((1000, 3))
    p = np.broadcast_to(P, q.shape)
    np.testing.assert_allclose(cross_entropy(p, q), [cross_entropy(P, row) for row in q])


@pytest.mark.parametrize(
    "joint", [[[0.5, 0.0], [0.0, 0.5]], [[0.1, 0.2], [0.3, 0.4]], [[0.2, 0.3, 0.5]]]
)
def test_mutual_information_agrees_with_the_three_entropies(joint):
    joint = np.array(joint)
    expected = (
        scipy.stats.entropy(joint.sum(0), base=2)
        + scipy.stats.entropy(joint.sum(1), base=2)
        - scipy.stats.entropy(joint.ravel(), base=2)
    )
    assert mutual_information(joint) == pytest.approx(expected, abs=1e-15)


def test_mutual_information_takes_counts_when_asked_to():
    assert mutual_information([[2, 0], [0, 2]], normalize=True) == 1.0


def test_mutual_information_survives_margins_whose_product_is_too_small():
    joint = np.diag([1.0, 1e-200])
    assert mutual_information(joint, base=math.e) == pytest.approx(
        1e-200 * (1 + 200 * math.log(10))
    )


def test_mutual_information_ignores_values_that_never_occur():
    joint = np.array([[0.25, 0.0, 0.25], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]])
    seen = joint[np.ix_([0, 2], [0, 2])]
    assert mutual_information(joint) == pytest.approx(mutual_information(seen), rel=1e-15)


@pytest.mark.parametrize(
    ("labels", "feature", "gain"),
    [
        ("aabb", "xxyy", 1),
        ("aabb", "xyxy", 0),
        ("aabb", "xxxx", 0),
        ("abcd", "xyzw", 2),
    ],
)
def test_information_gain_of_small_samples(labels, feature, gain):
    assert information_gain(list(labels), list(feature)) == gain


def test_information_gain_is_what_a_split_takes_off_the_entropy():
    rng = np.random.default_rng(0)
    labels, feature = rng.integers(0, 3, 200), rng.random(200) < 0.3
    after = sum(
        (feature == value).mean()
        * scipy.stats.entropy(np.bincount(labels[feature == value]), base=2)
        for value in (False, True)
    )
    before = scipy.stats.entropy(np.bincount(labels), base=2)
    assert information_gain(labels, feature) == pytest.approx(before - after, rel=1e-12)


# Zeros, infinities and other edges


def test_a_certain_event_has_no_surprise_and_an_impossible_one_infinite_surprise():
    assert surprisal(1) == 0
    assert surprisal(0) == math.inf


def test_a_certain_outcome_has_no_entropy():
    assert entropy([0, 1, 0]) == 0
    assert binary_entropy(0) == binary_entropy(1) == 0
    assert perplexity([1.0]) == 1


def test_what_q_excludes_and_p_allows_costs_infinitely_much():
    for function in (cross_entropy, kl_divergence, perplexity):
        assert function([0.5, 0.5], [1, 0]) == math.inf
        assert function(np.full(4, 0.25), [0.5, 0, 0.5, 0]) == math.inf


def test_what_p_excludes_adds_nothing():
    assert cross_entropy([1, 0], [1, 0]) == 0
    assert kl_divergence([1, 0], [1, 0]) == 0
    assert kl_divergence([1, 0], [0.5, 0.5]) == 1
    assert kl_divergence([0.5, 0.5, 0], [0.25, 0.75, 0]) == kl_divergence([0.5, 0.5], [0.25, 0.75])


def test_js_divergence_is_at_most_one_bit():
    assert js_divergence([1, 0], [0, 1]) == 1
    assert js_divergence([0.3, 0.7, 0, 0], [0, 0, 0.6, 0.4], base=math.e) == math.log(2)


@pytest.mark.parametrize("tiny", [5e-324, 1e-310, 2.3e-308, 1e-300])
def test_the_smallest_numbers_are_not_taken_for_zero(tiny):
    p, q = np.array([0.5, 0.5]), np.array([1.0, tiny])
    nats = -math.log(tiny) / 2
    assert cross_entropy(p, q, base=math.e) == pytest.approx(nats, rel=1e-15)
    assert kl_divergence(p, q, base=math.e) == pytest.approx(nats - math.log(2), rel=1e-15)
    assert entropy(q, base=math.e) == pytest.approx(-tiny * math.log(tiny), rel=1e-15)
    assert js_divergence(q, [1, 0], base=math.e) <= tiny
    assert kl_divergence(q, [1 - 1e-9, 1e-9]) >= 0


def test_a_ratio_too_small_for_all_its_digits_is_not_trusted():
    p, q = [0.3, 0.7], [5e-324, 1.0]
    nats = 0.3 * (math.log(0.3) - math.log(5e-324)) + 0.7 * math.log(0.7)
    assert kl_divergence(p, q, base=math.e) == pytest.approx(nats, rel=1e-15)


def test_no_coin_has_more_than_one_bit():
    coins = 0.5 + np.random.default_rng(0).uniform(-1e-6, 1e-6, 100_000)
    assert binary_entropy(coins).max() == 1


def test_a_perplexity_too_large_for_a_float_is_infinite():
    assert perplexity([0, 1], [1, 5e-324]) == math.inf


def test_no_result_is_minus_zero_or_below():
    almost_one = np.array([1 + 1e-10])
    for result in (
        surprisal(1.0),
        binary_entropy(1.0),
        entropy([1.0, 0.0]),
        entropy(almost_one),
        cross_entropy([1.0], almost_one),
        kl_divergence(P, P),
        js_divergence(P, P),
        mutual_information([[1.0]]),
        information_gain([1, 1], [2, 2]),
        entropy([1.0, 0.0], base=0.5),
    ):
        assert result == 0
        assert not np.signbit(result)
    assert not np.signbit(surprisal([1.0, 0.5])).any()
    assert not np.signbit(entropy(np.eye(3))).any()


def test_a_base_below_one_counts_downwards():
    assert entropy(P, base=0.5) == pytest.approx(-entropy(P), rel=1e-15)


@pytest.mark.parametrize("base", [2, 10, math.e, 1.5, np.float32(4), np.int64(3)])
def test_the_base_only_changes_the_unit(base):
    unit = math.log2(base)
    assert surprisal(0.3, base=base) == pytest.approx(surprisal(0.3) / unit)
    assert binary_entropy(0.3, base=base) == pytest.approx(binary_entropy(0.3) / unit)
    assert entropy(P, base=base) == pytest.approx(entropy(P) / unit)
    joint = [[0.1, 0.2], [0.3, 0.4]]
    assert mutual_information(joint, base=base) == pytest.approx(mutual_information(joint) / unit)
    labels, feature = [1, 1, 2, 2], [1, 1, 1, 2]
    gain = information_gain(labels, feature)
    assert information_gain(labels, feature, base=base) == pytest.approx(gain / unit)
    for function in (cross_entropy, kl_divergence, js_divergence):
        assert function(P, Q, base=base) == pytest.approx(function(P, Q) / unit)


def test_counts_are_normalized_when_asked_to():
    p, q = np.array([1, 4, 5]), np.array([16, 3, 1])
    assert entropy(p, normalize=True) == entropy(P)
    for function in OF_TWO:
        assert function(p, q, normalize=True) == pytest.approx(function(P, Q), rel=1e-15)
    batch = np.array([[1, 3], [0, 7]])
    np.testing.assert_array_equal(entropy(batch, normalize=True), [entropy([0.25, 0.75]), 0.0])


# Types


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_integers_are_computed_in_float64(dtype):
    p = np.array([0, 1, 0], dtype)
    assert entropy(p) == 0
    assert cross_entropy(p, Q) == surprisal(0.15)
    assert type(entropy(p)) is float
    counts = np.array([100, 100], dtype)
    assert entropy(counts, normalize=True) == 1


@pytest.mark.parametrize("function", [entropy, *OF_TWO])
@pytest.mark.parametrize(
    ("dtype", "computed"),
    [
        (np.float16, np.float32),
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.longdouble, np.longdouble),
        (">f8", np.float64),
        ("<f4", np.float32),
    ],
)
def test_each_float_has_the_dtype_it_is_computed_in(function, dtype, computed):
    p, q = distributions((6, 50), seed=1), distributions((6, 50), seed=2)
    arguments = (p,) if function is entropy else (p, q)
    result = function(*(a.astype(dtype) for a in arguments))
    assert result.dtype == computed
    np.testing.assert_allclose(
        result, function(*arguments), rtol=4 * max(1e-15, np.finfo(dtype).eps)
    )


def test_elementwise_functions_keep_float32():
    prob = np.array([0.0, 0.25, 0.5, 1.0], np.float32)
    for function in (surprisal, binary_entropy):
        assert function(prob).dtype == np.float32
        assert function(prob.astype(np.float16)).dtype == np.float32
        assert type(function(np.float32(0.25))) is np.float32
        np.testing.assert_allclose(function(prob), function(prob.astype(float)), rtol=1e-6)


def test_mixed_floats_are_computed_in_the_wider_one():
    assert cross_entropy(np.float32(P), np.array(Q)).__class__ is float
    assert cross_entropy(np.float32(P), np.float16(Q) / np.float16(1)).dtype == np.float32


def test_one_distribution_gives_a_plain_number():
    for result in (
        surprisal(0.1),
        binary_entropy(0.1),
        entropy(P),
        *(function(P, Q) for function in OF_TWO),
        mutual_information([[0.5, 0.5]]),
        information_gain([1, 2], [1, 2]),
    ):
        assert type(result) is float
    assert type(entropy(np.float32([0.5, 0.5]))) is np.float32


def test_float16_of_many_events_is_added_up_in_float32():
    p = np.full(70_000, 1 / 70_000).astype(np.float16)
    assert entropy(p, normalize=True) == pytest.approx(math.log2(70_000), rel=1e-6)
    assert entropy(p) == pytest.approx(math.log2(70_000), rel=1e-2)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("events", [1, 2, 3, 10, 1000, 100_000])
def test_a_distribution_rounded_to_its_dtype_still_counts_as_one(dtype, events):
    for seed in range(5):
        p = distributions(events, seed=seed).astype(dtype)
        assert entropy(p) >= 0
        assert entropy(np.full(events, 1 / events).astype(dtype)) >= 0


def test_arguments_are_left_as_they_are():
    p, q = distributions((5, 4), seed=1), distributions((5, 4), seed=2)
    p[0], q[1] = np.eye(4)[0], p[1]
    before = p.copy(), q.copy()
    for function in OF_TWO:
        function(p, q)
        function(p, q, normalize=True)
    mutual_information(p / p.sum())
    np.testing.assert_array_equal((p, q), before)


# Bad input


BAD = {
    "negative": ([0.5, 0.7, -0.2], ValueError, r"\[2\]` is -0.2; a probability must not be neg"),
    "nan": ([0.5, math.nan, 0.5], ValueError, r"\[1\]` is nan; a probability must be a number"),
    "infinite": ([0.5, math.inf, 0.5], ValueError, r"\[1\]` is inf; a probability must be finite"),
    "sum": ([0.5, 0.5, 0.2], ValueError, "` sums to 1.2, not 1"),
    "nearly": ([0.5, 0.4999999, 0.0], ValueError, "` sums to 0.9999999, not 1"),
    "zeros": ([0.0, 0.0, 0.0], ValueError, "` sums to 0, not 1"),
    "counts": ([1, 2, 3], ValueError, "` sums to 6, not 1"),
    "bool": ([True, False, False], TypeError, "` must hold real numbers, not .* dtype bool"),
    "complex": ([1 + 0j, 0j, 0j], TypeError, "` must hold real numbers, not .* dtype complex"),
    "text": (["0.5", "0.25", "0.25"], TypeError, "` must hold real numbers, not .* dtype <U"),
    "bytes": ([b"1", b"0", b"0"], TypeError, "` must hold real numbers, not .* dtype .S"),
    "none": ([1.0, None, 0.0], TypeError, "` must hold real numbers, not .* dtype object"),
}
MISSHAPEN = {
    "empty": ([], ValueError, r"` is empty: its shape is \(0,\)"),
    "no rows": (np.ones((0, 3)), ValueError, r"` is empty: its shape is \(0, 3\)"),
    "number": (0.5, ValueError, "` is a single number; a distribution is an array of them"),
    "ragged": ([[0.5, 0.5], [1.0]], ValueError, "` has rows of different lengths"),
}


@pytest.mark.parametrize("function", OF_ONE)
@pytest.mark.parametrize(("bad", "error", "message"), (BAD | MISSHAPEN).values())
def test_what_is_no_distribution_is_refused(function, bad, error, message):
    with pytest.raises(error, match=r"^`p" + message):
        function(bad)


@pytest.mark.parametrize("function", OF_TWO)
@pytest.mark.parametrize(("bad", "error", "message"), (BAD | MISSHAPEN).values())
def test_what_is_no_distribution_is_refused_as_p(function, bad, error, message):
    with pytest.raises(error, match=r"^`p" + message):
        function(bad, bad)


@pytest.mark.parametrize("function", OF_TWO)
@pytest.mark.parametrize(("bad", "error", "message"), BAD.values(), ids=BAD)
def test_what_is_no_distribution_is_refused_as_q(function, bad, error, message):
    with pytest.raises(error, match=r"^`q" + message):
        function(P, bad)


NORMALIZED_BAD = {name: BAD[name] for name in ("negative", "nan", "infinite", "text")} | {
    "zeros": ([0.0, 0.0], ValueError, "` sums to 0, which cannot be normalized"),
    "huge": ([1e308, 1e308], ValueError, "` sums to inf, which cannot be normalized"),
}


@pytest.mark.parametrize("function", OF_ONE)
@pytest.mark.parametrize(("p", "error", "message"), NORMALIZED_BAD.values(), ids=NORMALIZED_BAD)
def test_what_cannot_be_normalized_is_refused(function, p, error, message):
    with pytest.raises(error, match=r"^`p" + message):
        function(p, normalize=True)


@pytest.mark.parametrize(
    ("shape", "axis", "place", "name"),
    [
        ((5, 3), -1, (3, 0), r"`q` row 3"),
        ((3, 5), 0, (0, 3), r"`q` column 3"),
        ((3, 2, 4), -1, (2, 1, 0), r"`q\[2, 1, :\]`"),
        ((3, 4, 2), 1, (2, 0, 1), r"`q\[2, :, 1\]`"),
        ((4, 3, 2), 0, (0, 2, 1), r"`q\[:, 2, 1\]`"),
        ((9000, 3), -1, (8999, 0), r"`q` row 8999"),
        ((2, 40_000), -1, (1, 39_999), r"`q` row 1"),
        ((3, 30_000, 2), 1, (2, 0, 1), r"`q\[2, :, 1\]`"),
    ],
)
def test_the_message_says_where_a_batch_is_wrong(shape, axis, place, name):
    good = distributions(shape, axis)
    bad = good.copy()
    bad[place] += 0.2
    with pytest.raises(ValueError, match=f"^{name} sums to 1.2, not 1$"):
        kl_divergence(good, bad, axis=axis)
    subscript = rf"`q\[{', '.join(map(str, place))}\]`"
    for value, why in ((-0.5, "negative"), (math.nan, "a number"), (math.inf, "finite")):
        bad[place] = value
        with pytest.raises(ValueError, match=f"^{subscript} is {value}; .* {why}$"):
            kl_divergence(good, bad, axis=axis)


@pytest.mark.parametrize("function", OF_TWO)
@pytest.mark.parametrize(
    ("p_shape", "q_shape"),
    [((2,), (1,)), ((1,), (2,)), ((4, 1), (4,)), ((3, 2), (2,)), ((2, 3), (3, 2))],
)
def test_different_shapes_are_refused(function, p_shape, q_shape):
    message = (
        rf"^`p` has shape \({p_shape[0]},.*\) and `q` has shape \({q_shape[0]},.*\); they must"
    )
    with pytest.raises(ValueError, match=message):
        function(np.full(p_shape, 0.5), np.full(q_shape, 0.5))


ONE_OF_EACH = [
    lambda **how: surprisal(0.5, **how),
    lambda **how: binary_entropy(0.5, **how),
    lambda **how: entropy(P, **how),
    lambda **how: cross_entropy(P, Q, **how),
    lambda **how: kl_divergence(P, Q, **how),
    lambda **how: js_divergence(P, Q, **how),
    lambda **how: mutual_information([[0.5, 0.5]], **how),
    lambda **how: information_gain([1, 2], [1, 2], **how),
]


@pytest.mark.parametrize("function", ONE_OF_EACH)
def test_a_base_that_is_none_is_refused(function):
    for base in (0, 1, -2, math.inf, math.nan, 1.0):
        with pytest.raises(ValueError, match=f"^`base` is {base}; a logarithm needs"):
            function(base=base)
    for base in ("2", None, True, 2j, [2]):
        with pytest.raises(TypeError, match=r"^`base` must be a number, not "):
            function(base=base)


@pytest.mark.parametrize("function", OF_TWO)
def test_an_axis_that_is_not_there_is_refused(function):
    for axis in (1, -2, 5):
        with pytest.raises(ValueError, match=rf"^`axis` is {axis}, but `p` has shape \(3,\)$"):
            function(P, Q, axis=axis)
    for axis in (0.0, None, "0", (0,)):
        with pytest.raises(TypeError, match=r"^`axis` must be an integer, not "):
            function(P, Q, axis=axis)


@pytest.mark.parametrize("function", [surprisal, binary_entropy])
def test_what_is_no_probability_is_refused(function):
    for prob in (-0.1, 1.1, math.nan, math.inf, -math.inf):
        with pytest.raises(
            ValueError, match=rf"^`prob` is {prob}; a probability lies between 0 and 1"
        ):
            function(prob)
        with pytest.raises(ValueError, match=rf"^`prob\[0, 1\]` is {prob}; "):
            function([[0.5, prob], [prob, 0.5]])
    with pytest.raises(ValueError, match=r"^`prob` is empty"):
        function([])
    for prob in ("0.5", None, True, 1j):
        with pytest.raises(TypeError, match=r"^`prob` must hold real numbers"):
            function(prob)


@pytest.mark.parametrize(
    ("joint", "error", "message"),
    [
        ([0.5, 0.5], ValueError, r"` has shape \(2,\); a joint distribution"),
        ([[0.5, 0.5], [0.5, 0.5]], ValueError, "` sums to 2, not 1"),
        ([[0.5, -0.5], [0.5, 0.5]], ValueError, r"\[0, 1\]` is -0.5; "),
        ([[0.5, 0.5], [math.nan, 0.5]], ValueError, r"\[1, 0\]` is nan; "),
        ([[0.5, 0.5], [0.5, math.inf]], ValueError, r"\[1, 1\]` is inf; "),
        ([[]], ValueError, "` is empty"),
        ([["a"]], TypeError, "` must hold real numbers"),
    ],
)
def test_what_is_no_joint_distribution_is_refused(joint, error, message):
    with pytest.raises(error, match=r"^`joint" + message):
        mutual_information(joint)


@pytest.mark.parametrize(
    ("labels", "feature", "error", "message"),
    [
        (
            [1, 2],
            [1, 2, 3],
            ValueError,
            r"^`labels` has shape \(2,\) and `feature` has shape \(3,\)",
        ),
        ([], [], ValueError, "^`labels` is empty"),
        ([1, 2], [[1, 2]], ValueError, r"^`feature` has shape \(1, 2\); it must be a sequence"),
        ([1, 2], [0.5, math.nan], ValueError, r"^`feature\[1\]` is nan"),
        ([None, "a"], [1, 2], TypeError, "^`labels` mixes values that cannot be compared"),
    ],
)
def test_what_are_no_labels_is_refused(labels, feature, error, message):
    with pytest.raises(error, match=message):
        information_gain(labels, feature)


# The house


def test_extra_memory_stays_below_a_tenth_of_the_input():
    p, q = distributions((10_000, 100), seed=1), distributions((10_000, 100), seed=2)
    for function, arguments in ((entropy, (p,)), (cross_entropy, (p, q)), (kl_divergence, (p, q))):
        tracemalloc.start()
        result = function(*arguments)
        extra = tracemalloc.get_traced_memory()[1] - result.nbytes
        tracemalloc.stop()
        assert extra < 0.1 * sum(a.nbytes for a in arguments)


def test_importing_the_library_imports_nothing_but_numpy():
    script = (
        "import json, sys; before = set(sys.modules); import xent_lib;"
        "print(json.dumps([name.partition('.')[0] for name in set(sys.modules) - before]))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert set(json.loads(answer.stdout)) - set(sys.stdlib_module_names) <= {"xent_lib", "numpy"}


def test_everything_public_can_be_imported_from_the_top():
    modules = xent_lib.information, xent_lib.codes
    assert sorted(name for module in modules for name in module.__all__) == xent_lib.__all__


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert xent_lib.__version__ == project["project"]["version"]
