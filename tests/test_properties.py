"""What information theory proves holds for every distribution that hypothesis can think of."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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

probabilities = st.floats(0, 1)
weights = st.one_of(st.just(0.0), st.floats(0, 1), st.floats(1e-3, 1))


@st.composite
def distributions(draw, count=1, min_events=1, max_events=12):
    """One distribution, or several over the same events."""
    events = draw(st.integers(min_events, max_events))
    found = []
    for _ in range(count):
        numbers = np.array(draw(st.lists(weights, min_size=events, max_size=events)))
        assume(numbers.sum() > 1e-300)
        found.append(numbers / numbers.sum())
    return found[0] if count == 1 else found


@st.composite
def joints(draw):
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    p = draw(distributions(min_events=rows * columns, max_events=rows * columns))
    return p.reshape(rows, columns)


@given(distributions())
def test_entropy_lies_between_0_and_that_of_the_uniform_distribution(p):
    assert 0 <= entropy(p) <= math.log2(len(p)) + 1e-14
    assert 1 <= perplexity(p) <= len(p) * (1 + 1e-13)


@given(distributions(count=2))
def test_cross_entropy_is_never_below_entropy(pair):
    p, q = pair
    assert cross_entropy(p, q) >= entropy(p) - 1e-14
    assert perplexity(p, q) >= perplexity(p) * (1 - 1e-13)


@given(distributions(count=2))
def test_kl_divergence_is_never_negative(pair):
    assert kl_divergence(*pair) >= 0


@given(distributions())
def test_a_distribution_does_not_diverge_from_itself(p):
    assert kl_divergence(p, p) == 0
    assert js_divergence(p, p) == 0
    assert cross_entropy(p, p) == entropy(p)


@given(distributions(count=2))
def test_cross_entropy_is_entropy_and_divergence(pair):
    p, q = pair
    assert cross_entropy(p, q) == pytest.approx(
        entropy(p) + kl_divergence(p, q), rel=1e-13, abs=1e-13
    )


@given(distributions(), distributions())
def test_entropy_adds_up_over_independent_variables(p, q):
    both = np.outer(p, q).ravel()
    assert entropy(both) == pytest.approx(entropy(p) + entropy(q), rel=1e-13, abs=1e-13)


@given(distributions(count=2, max_events=6), distributions(count=2, max_events=6))
def test_divergence_adds_up_over_independent_variables(first, second):
    p, q = (np.outer(a, b).ravel() for a, b in zip(first, second, strict=True))
    # The product of two tiny probabilities may be smaller than any float.
    possible = np.outer(first[1] > 0, second[1] > 0).ravel()
    assume((q[possible] > 1e-300).all())
    expected = kl_divergence(*first) + kl_divergence(*second)
    assert kl_divergence(p, q) == pytest.approx(expected, rel=1e-9, abs=1e-13)


@given(probabilities, probabilities)
def test_surprise_adds_up_over_independent_events(first, second):
    assume(first * second > 1e-300)
    assert surprisal(first * second) == pytest.approx(
        surprisal(first) + surprisal(second), abs=1e-12
    )


@given(probabilities)
def test_surprise_is_never_negative_and_grows_as_probability_falls(prob):
    assert surprisal(prob) >= surprisal((1 + prob) / 2) >= 0


@given(distributions(count=2), st.randoms(use_true_random=False))
def test_the_order_of_the_events_does_not_matter(pair, random):
    p, q = pair
    order = list(range(len(p)))
    random.shuffle(order)
    for function in (cross_entropy, kl_divergence, js_divergence):
        assert function(p[order], q[order]) == pytest.approx(function(p, q), rel=1e-12, abs=1e-15)


@given(distributions(count=2))
def test_an_event_that_never_happens_changes_nothing(pair):
    p, q = (np.append(numbers, 0.0) for numbers in pair)
    assert entropy(p) == pytest.approx(entropy(pair[0]), rel=1e-15)
    for function in (cross_entropy, kl_divergence, js_divergence):
        assert function(p, q) == pytest.approx(function(*pair), rel=1e-14)


@given(distributions(), st.integers(0, 11), probabilities)
def test_entropy_of_a_split_event_grows_by_the_entropy_of_the_split(p, index, share):
    index %= len(p)
    split = np.append(p, p[index] * (1 - share))
    split[index] = p[index] * share
    expected = entropy(p) + p[index] * binary_entropy(share)
    assert entropy(split) == pytest.approx(expected, rel=1e-12, abs=1e-14)


@given(distributions(count=2, min_events=2), st.integers(1, 11))
def test_divergence_never_grows_when_events_are_merged(pair, cut):
    merged = [np.append(numbers[:cut], numbers[cut:].sum()) for numbers in pair]
    for function in (kl_divergence, js_divergence):
        assert function(*merged) <= function(*pair) * (1 + 1e-9) + 1e-15


@given(distributions(count=2))
def test_js_divergence_is_symmetric_and_at_most_one_bit(pair):
    p, q = pair
    assert js_divergence(p, q) == js_divergence(q, p)
    assert 0 <= js_divergence(p, q) <= 1


@given(distributions(count=2))
def test_js_divergence_is_what_mixing_adds_to_entropy(pair):
    p, q = pair
    expected = entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2
    assert js_divergence(p, q) == pytest.approx(expected, abs=1e-14)


@given(distributions(count=2))
def test_js_divergence_is_what_a_symbol_tells_of_its_source(pair):
    assert js_divergence(*pair) == pytest.approx(mutual_information(np.stack(pair) / 2), abs=1e-14)


@given(probabilities)
def test_binary_entropy_is_the_entropy_of_two_events(prob):
    assert 0 <= binary_entropy(prob) <= 1
    assert binary_entropy(prob) == pytest.approx(entropy([prob, 1 - prob]), abs=1e-14)


@given(joints())
def test_mutual_information_is_symmetric_and_bounded_by_both_entropies(joint):
    information = mutual_information(joint)
    smaller = min(entropy(joint.sum(axis), normalize=True) for axis in (0, 1))
    assert 0 <= information <= smaller + 1e-14
    assert mutual_information(joint.T) == pytest.approx(information, rel=1e-9, abs=1e-15)


@given(joints())
def test_mutual_information_is_what_the_joint_entropy_lacks(joint):
    apart = entropy(joint.sum(0), normalize=True) + entropy(joint.sum(1), normalize=True)
    assert mutual_information(joint) == pytest.approx(apart - entropy(joint.ravel()), abs=1e-13)


@given(distributions(), distributions())
def test_independent_variables_have_no_mutual_information(p, q):
    joint = np.outer(p, q)
    assert mutual_information(joint, normalize=True) == pytest.approx(0, abs=1e-15)


samples = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@given(samples)
def test_information_gain_is_symmetric_and_at_most_the_entropy_of_the_labels(sample):
    labels, feature = zip(*sample, strict=True)
    gain = information_gain(labels, feature)
    counts = np.unique(labels, return_counts=True)[1]
    assert 0 <= gain <= entropy(counts, normalize=True) + 1e-14
    assert gain == pytest.approx(information_gain(feature, labels), abs=1e-14)
    assert information_gain(labels, labels) == pytest.approx(
        entropy(counts, normalize=True), abs=1e-14
    )


@given(samples)
def test_the_names_of_the_labels_do_not_matter(sample):
    labels, feature = zip(*sample, strict=True)
    renamed = information_gain(["dcba"[i] for i in labels], [i == 2 for i in feature])
    assert renamed == pytest.approx(information_gain(labels, np.array(feature) == 2), abs=1e-14)
