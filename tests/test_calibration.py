"""The functions of xent_lib.calibration give what scikit-learn, SciPy and paper give."""

import inspect
import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, d2_log_loss_score, log_loss

from xent_lib import calibration
from xent_lib.calibration import (
    ReliabilityCurve,
    brier_score,
    expected_calibration_error,
    fit_temperature,
    log_loss_skill,
    reliability_curve,
)

OF_PROBS = [reliability_curve, expected_calibration_error, brier_score, log_loss_skill]


def made_up(n=500, classes=4, seed=0, truth=2.0):
    """Labels drawn from the softmax of logits divided by `truth`, and the logits."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=3, size=(n, classes))
    chances = softmax(logits / truth, axis=1).cumsum(axis=1)
    return (rng.random((n, 1)) > chances).sum(axis=1).clip(max=classes - 1), logits


def made_up_pair(n=500, seed=0):
    rng = np.random.default_rng(seed)
    prob = rng.beta(0.7, 0.9, size=n)
    return (rng.random(n) < prob**1.5).astype(int), prob


def loss_at(temperature, labels, logits):
    """The mean cross-entropy in nats, by SciPy."""
    if np.ndim(logits) == 1:
        logits = np.stack([np.zeros(len(logits)), logits], axis=1)
    rows = log_softmax(np.asarray(logits) / temperature, axis=1)
    return -rows[np.arange(len(rows)), labels].mean()


# Reliability


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("n_bins", [1, 2, 5, 10, 15])
def test_the_curve_is_that_of_scikit_learn(strategy, n_bins):
    label, prob = made_up_pair()
    curve = reliability_curve(label, prob, n_bins=n_bins, strategy=strategy)
    accuracy, confidence = calibration_curve(label, prob, n_bins=n_bins, strategy=strategy)
    there = curve.counts > 0
    np.testing.assert_allclose(curve.confidence[there], confidence, rtol=1e-13)
    np.testing.assert_allclose(curve.accuracy[there], accuracy, rtol=1e-13)
    assert curve.counts.sum() == len(label)
    assert len(curve.edges) == n_bins + 1


def test_bins_are_closed_above_and_the_first_holds_zero():
    prob = [0, 0.25, 0.5, 0.75, 1]
    curve = reliability_curve([0, 0, 1, 1, 1], prob, n_bins=4)
    assert isinstance(curve, ReliabilityCurve)
    assert curve.counts.tolist() == [2, 1, 1, 1]
    assert curve.edges.tolist() == prob
    # 0.3, 0.6 and 0.7 as they are typed are edges, too, where a sum of steps would miss them
    for n_bins in range(1, 60):
        curve = reliability_curve([1] * n_bins, np.arange(1, n_bins + 1) / n_bins, n_bins=n_bins)
        assert curve.counts.tolist() == [1] * n_bins


def test_an_empty_bin_has_count_0_and_no_means_and_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        curve = reliability_curve([1, 0], [0.9, 0.9], n_bins=3)
        error = expected_calibration_error([1, 0], [0.9, 0.9], n_bins=3)
    assert curve.counts.tolist() == [0, 0, 2]
    np.testing.assert_array_equal(curve.confidence, [np.nan, np.nan, 0.9])
    np.testing.assert_array_equal(curve.accuracy, [np.nan, np.nan, 0.5])
    assert error == pytest.approx(0.4)


def test_quantile_bins_hold_equal_shares_and_ties_leave_one_empty():
    label, prob = made_up_pair(400)
    counts = reliability_curve(label, prob, n_bins=8, strategy="quantile").counts
    assert counts.max() - counts.min() <= 1
    tied = reliability_curve([0, 1] * 10, [0.5] * 19 + [0.9], n_bins=4, strategy="quantile")
    assert tied.counts.tolist() == [19, 0, 0, 1]
    assert tied.edges[[0, -1]].tolist() == [0.5, 0.9]
    assert reliability_curve(
        [0, 1], [0.25, 0.75], n_bins=2, strategy="quantile"
    ).edges.tolist() == [0.25, 0.5, 0.75]


def test_of_a_distribution_the_top_class_counts_and_of_equal_ones_the_first():
    labels, logits = made_up()
    probs = softmax(logits, axis=1)
    curve = reliability_curve(labels, probs)
    hits, confidence = probs.argmax(axis=1) == labels, probs.max(axis=1)
    for of_rows, of_hits in zip(curve, reliability_curve(hits, confidence), strict=True):
        np.testing.assert_array_equal(of_rows, of_hits)
    assert reliability_curve([1, 0, 0, 0], [[0.5, 0.5]] * 4).accuracy[4] == 0.75
    assert curve.counts[:2].sum() == 0  # the largest of four is at least a quarter


def test_truth_values_are_hits():
    hits = np.array([True, False, True])
    prob = [0.9, 0.4, 0.7]
    assert expected_calibration_error(hits, prob) == expected_calibration_error([1, 0, 1], prob)
    assert brier_score(hits, prob) == brier_score([1, 0, 1], prob)


def test_the_error_of_a_case_worked_by_hand():
    # (0, .5]: 0.2 and 0.4, none true, gap 0.3; (.5, 1]: 0.8, 0.9, 1.0, two of three, gap 0.7/3
    error = expected_calibration_error([0, 0, 1, 1, 0], [0.2, 0.4, 0.8, 0.9, 1.0], n_bins=2)
    assert error == pytest.approx((2 * 0.3 + 3 * (0.9 - 2 / 3)) / 5, rel=1e-15)


def test_the_error_is_the_weighted_gap_of_the_curve_of_scikit_learn():
    label, prob = made_up_pair(seed=3)
    accuracy, confidence = calibration_curve(label, prob, n_bins=10)
    counts = np.histogram(prob, bins=10, range=(0, 1))[0]
    expected = np.abs(accuracy - confidence) @ counts / len(label)
    assert expected_calibration_error(label, prob) == pytest.approx(expected, rel=1e-12)


def test_two_columns_ask_for_the_top_class_and_one_for_class_1():
    label, prob = made_up_pair(seed=4)
    both = expected_calibration_error(label, np.column_stack([1 - prob, prob]))
    assert both != pytest.approx(expected_calibration_error(label, prob), rel=1e-3)


def test_the_base_rate_is_calibrated_and_knows_nothing():
    label, _ = made_up_pair()
    constant = np.full(len(label), label.mean())
    assert expected_calibration_error(label, constant) == pytest.approx(0, abs=1e-12)
    assert log_loss_skill(label, constant) == pytest.approx(0, abs=1e-12)


def test_quantile_bins_change_the_error():
    label, prob = made_up_pair()
    uniform = expected_calibration_error(label, prob, n_bins=7)
    quantile = expected_calibration_error(label, prob, n_bins=7, strategy="quantile")
    accuracy, confidence = calibration_curve(label, prob, n_bins=7, strategy="quantile")
    counts = reliability_curve(label, prob, n_bins=7, strategy="quantile").counts
    assert quantile == pytest.approx(np.abs(accuracy - confidence) @ counts / len(label))
    assert quantile != uniform


# Brier score


def test_the_brier_score_is_that_of_scikit_learn_in_its_scales():
    label, prob = made_up_pair()
    pair = np.column_stack([1 - prob, prob])
    assert brier_score(label, prob) == pytest.approx(brier_score_loss(label, prob), rel=1e-14)
    assert brier_score(label, pair) == pytest.approx(brier_score_loss(label, pair), rel=1e-14)
    assert brier_score(label, pair) == pytest.approx(brier_score(label, prob), rel=1e-14)
    for classes in (3, 10):
        labels, logits = made_up(classes=classes)
        probs = softmax(logits, axis=1)
        ours = brier_score(labels, probs)
        assert ours == pytest.approx(brier_score_loss(labels, probs), rel=1e-13)


def test_the_brier_score_of_cases_worked_by_hand():
    assert brier_score([1, 0], [0.75, 0.5]) == (1 / 16 + 1 / 4) / 2
    assert brier_score([0], [[0.5, 0.25, 0.25]]) == 1 / 4 + 1 / 16 + 1 / 16
    assert brier_score([0, 1], [0.0, 1.0]) == 0
    assert brier_score([0, 1], [1.0, 0.0]) == 1
    assert brier_score([0, 1], [[0, 1, 0], [1, 0, 0]]) == 2


# Skill


def test_the_skill_is_that_of_scikit_learn():
    label, prob = made_up_pair()
    assert log_loss_skill(label, prob) == pytest.approx(d2_log_loss_score(label, prob), rel=1e-12)
    labels, logits = made_up()
    probs = softmax(logits, axis=1)
    assert log_loss_skill(labels, probs) == pytest.approx(
        d2_log_loss_score(labels, probs), rel=1e-12
    )


def test_the_skill_is_one_minus_the_loss_over_the_entropy_of_the_shares():
    labels, probs = [0, 0, 0, 2], [[0.7, 0.1, 0.2]] * 4
    baseline = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    loss = -(3 * math.log(0.7) + math.log(0.2)) / 4
    assert log_loss(labels, probs, labels=[0, 1, 2]) == pytest.approx(loss)
    assert log_loss_skill(labels, probs) == pytest.approx(1 - loss / baseline, rel=1e-14)


def test_the_ends_of_the_skill():
    assert log_loss_skill([0, 1], [0.0, 1.0]) == 1
    assert log_loss_skill([0, 1], [0.5, 0.5]) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert log_loss_skill([0, 1], [0.5, 0.0]) == -math.inf
        assert log_loss_skill([0, 1], [[0.5, 0.5, 0], [1, 0, 0]]) == -math.inf


# Temperature


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("truth", [0.3, 1.0, 4.0])
def test_the_temperature_is_the_best_that_scipy_finds(seed, truth):
    labels, logits = made_up(200, 2 + seed, seed, truth)
    ours = fit_temperature(labels, logits)
    best = minimize_scalar(
        lambda inverse: loss_at(1 / inverse, labels, logits), bounds=(1e-3, 30), method="bounded"
    )
    assert ours == pytest.approx(1 / best.x, rel=1e-4)
    assert loss_at(ours, labels, logits) <= best.fun * (1 + 1e-14)
    nudged = [loss_at(ours * (1 + nudge), labels, logits) for nudge in (-1e-4, 1e-4)]
    assert min(nudged) > loss_at(ours, labels, logits)


@pytest.mark.parametrize("truth", [0.2, 1.0, 5.0])
def test_newton_needs_few_steps(truth, monkeypatch):
    steps = []
    measure = calibration._slope_and_curvature

    def counted(*args):
        steps.append(args[0])
        return measure(*args)

    monkeypatch.setattr(calibration, "_slope_and_curvature", counted)
    fit_temperature(*made_up(truth=truth))
    assert len(steps) <= 20


def test_the_temperature_is_the_one_the_labels_were_drawn_with():
    assert fit_temperature(*made_up(40_000, truth=2.0)) == pytest.approx(2, rel=0.02)


def test_one_column_of_logits_is_the_sigmoid():
    rng = np.random.default_rng(5)
    logits = rng.normal(scale=4, size=300)
    label = (rng.random(300) < expit(logits / 3)).astype(int)
    ours = fit_temperature(label, logits)
    assert ours == pytest.approx(
        fit_temperature(label, np.column_stack([-logits, logits]) / 2), rel=1e-12
    )
    best = minimize_scalar(lambda t: loss_at(t, label, logits), bounds=(0.5, 20), method="bounded")
    assert ours == pytest.approx(best.x, rel=1e-4)
    assert fit_temperature(label == 1, logits) == ours


@pytest.mark.parametrize("odds", [1.5, 9, 99, 1e9])
@pytest.mark.parametrize("right", [0.51, 0.75, 0.999])
def test_one_logit_for_all_is_brought_to_the_share_that_is_right(odds, right):
    n = 1000
    label = np.arange(n) < right * n
    temperature = fit_temperature(label, np.full(n, math.log(odds)))
    assert temperature == pytest.approx(math.log(odds) / math.log(right / (1 - right)), rel=1e-9)


def test_where_every_label_has_the_largest_logit_the_best_temperature_is_0():
    assert fit_temperature([1, 0], [3.0, -0.1]) == 0
    _, logits = made_up()
    assert fit_temperature(logits.argmax(axis=1), logits) == 0
    assert (
        fit_temperature([0, 1], [[2.0, 2.0, 1.0], [0.0, 5.0, 5.0]]) == 0
    )  # equals are the largest
    losses = [loss_at(t, logits.argmax(axis=1), logits) for t in (1, 0.3, 0.1, 0.03)]
    assert losses == sorted(losses, reverse=True)


def test_where_the_logits_know_nothing_or_worse_the_best_temperature_is_infinite():
    _, logits = made_up()
    assert fit_temperature(logits.argmin(axis=1), logits) == math.inf
    assert fit_temperature([0, 1], [2.0, 2.0]) == math.inf
    assert fit_temperature([0, 1, 2], [[1, 0, -1]] * 3) == math.inf


def test_where_all_logits_are_equal_every_temperature_is_as_good():
    assert fit_temperature([0, 1], [[0, 0, 0], [7, 7, 7]]) == 1
    assert fit_temperature([0, 1, 1], [0.0, 0.0, 0.0]) == 1


@pytest.mark.parametrize("size", [1e-300, 1e-3, 1e5, 1e307])
def test_the_temperature_grows_with_the_logits_whatever_their_size(size):
    labels, logits = made_up(100)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scaled = fit_temperature(labels, logits * size)
    assert scaled == pytest.approx(size * fit_temperature(labels, logits), rel=1e-9)


def test_a_temperature_at_the_edge_of_the_cases_is_found():
    # one error among many that are sure, by a hair: very small, and not 0
    labels, logits = [0] * 50 + [1], [[1.0, 0.0]] * 50 + [[1e-9, 0.0]]
    temperature = fit_temperature(labels, logits)
    assert 0 < temperature < 0.06
    slope = [loss_at(temperature * k, labels, logits) for k in (0.99, 1, 1.01)]
    assert slope[1] < min(slope[0], slope[2])
    # a hair better than nothing: very large, and not infinite
    labels, logits = [0] * 50_001 + [1] * 50_000, np.zeros(100_001) - 1.0
    temperature = fit_temperature(labels, logits)
    assert temperature == pytest.approx(1 / math.log(50_001 / 50_000), rel=1e-6)
    # gaps as small as floats go: the bracket stays finite
    assert fit_temperature([1], [[1e-310, 0, -1]]) == pytest.approx(1 / (310 * math.log(10)))


def test_scaling_changes_no_decision():
    labels, logits = made_up()
    scaled = logits / fit_temperature(labels, logits)
    np.testing.assert_array_equal(scaled.argmax(axis=1), logits.argmax(axis=1))


# What holds for all


labels_and_probs = st.lists(
    st.tuples(st.integers(0, 1), st.floats(0, 1, allow_subnormal=False)), min_size=1, max_size=40
).map(lambda rows: tuple(map(list, zip(*rows, strict=True))))


@given(labels_and_probs, st.integers(1, 30), st.sampled_from(["uniform", "quantile"]))
def test_the_curve_loses_no_example_and_its_means_lie_in_their_bins(pair, n_bins, strategy):
    label, prob = pair
    curve = reliability_curve(label, prob, n_bins=n_bins, strategy=strategy)
    there = curve.counts > 0
    assert curve.counts.sum() == len(label)
    assert np.isnan(curve.confidence[~there]).all()
    assert np.nansum(curve.counts * curve.accuracy) == pytest.approx(sum(label))
    assert np.nansum(curve.counts * curve.confidence) == pytest.approx(sum(prob), abs=1e-12)
    assert (curve.confidence[there] >= curve.edges[:-1][there] - 1e-12).all()
    assert (curve.confidence[there] <= curve.edges[1:][there] + 1e-12).all()


@given(labels_and_probs, st.integers(1, 30))
def test_the_error_lies_between_the_gap_of_the_whole_and_1(pair, n_bins):
    label, prob = pair
    error = expected_calibration_error(label, prob, n_bins=n_bins)
    assert abs(np.mean(label) - np.mean(prob)) - 1e-12 <= error <= 1
    # a bin cut into two never hides a gap
    assert error <= expected_calibration_error(label, prob, n_bins=2 * n_bins) + 1e-12


@given(labels_and_probs)
def test_the_brier_score_lies_between_0_and_1_and_is_the_same_for_the_other_class(pair):
    label, prob = np.array(pair[0]), np.array(pair[1])
    assert 0 <= brier_score(label, prob) <= 1
    assert brier_score(label, prob) == pytest.approx(brier_score(1 - label, 1 - prob), abs=1e-12)


@given(labels_and_probs)
def test_no_forecast_has_more_skill_than_1_and_no_constant_more_than_0(pair):
    label, prob = pair
    if len(set(label)) == 2:
        assert log_loss_skill(label, prob) <= 1
        assert log_loss_skill(label, [prob[0]] * len(label)) <= 1e-12


logit_rows = st.integers(2, 5).flatmap(
    lambda classes: st.lists(
        st.tuples(
            st.integers(0, classes - 1),
            st.lists(
                st.one_of(st.integers(-9, 9), st.floats(-1e3, 1e3)),
                min_size=classes,
                max_size=classes,
            ),
        ),
        min_size=1,
        max_size=20,
    )
)


@given(logit_rows)
def test_no_temperature_beats_the_one_that_is_fitted(rows):
    labels, logits = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    best = fit_temperature(labels, logits)
    assert best >= 0
    with np.errstate(all="ignore"):
        reached = loss_at(np.clip(best, 1e-6, 1e9), labels, logits)
        tried = min(loss_at(t, labels, logits) for t in 10 ** np.linspace(-3, 5, 60))
    assert reached <= tried + 1e-7 * max(1, abs(tried))


# The door


@pytest.mark.parametrize("function", OF_PROBS)
@pytest.mark.parametrize(
    ("labels", "probs", "error", "message"),
    [
        ([1, 0], [0.5, 1.5], ValueError, r"`probs\[1\]` is 1.5"),
        ([1, 0], [0.5, -0.1], ValueError, r"`probs\[1\]` is -0.1"),
        ([1, 0], [0.5, math.nan], ValueError, r"`probs\[1\]` is nan"),
        ([1, 0], [[0.5, 0.5], [0.7, 0.2]], ValueError, "`probs` row 1 sums to 0.9, not 1"),
        ([1, 0], [[0.5, 0.5], [1.2, -0.2]], ValueError, r"`probs\[1, 1\]` is -0.2"),
        ([1, 0], [[0.5, 0.5], [math.nan, 1]], ValueError, r"`probs\[1, 0\]` is nan"),
        ([1, 2], [0.5, 0.5], ValueError, r"`labels\[1\]` is 2; the classes are 0 to 1"),
        ([1, -1], [0.5, 0.5], ValueError, r"`labels\[1\]` is -1; the classes are 0 to 1"),
        ([3, 0], [[0.5, 0.2, 0.3]] * 2, ValueError, r"`labels\[0\]` is 3; the classes are 0 to 2"),
        ([1, 0, 1], [0.5, 0.5], ValueError, r"`labels` has shape \(3,\) and `probs` has shape"),
        ([[1], [0]], [0.5, 0.5], ValueError, r"`labels` has shape \(2, 1\)"),
        ([1.0, 0.0], [0.5, 0.5], TypeError, "`labels` must hold whole numbers"),
        (["a", "b"], [0.5, 0.5], TypeError, "`labels` must hold whole numbers"),
        ([True, False], [[0.5, 0.5]] * 2, TypeError, "`labels` are truth values"),
        ([1, 0], ["a", "b"], TypeError, "`probs` must hold real numbers"),
        ([1], [[1.0]], ValueError, r"`probs` has shape \(1, 1\)"),
        ([1], 0.5, ValueError, r"`probs` has shape \(\)"),
        ([1], [[[0.5, 0.5]]], ValueError, r"`probs` has shape \(1, 1, 2\)"),
        ([], [], ValueError, "`probs` is empty"),
    ],
)
def test_what_is_no_probability_or_no_label_is_refused(function, labels, probs, error, message):
    with pytest.raises(error, match=message):
        function(labels, probs)


@pytest.mark.parametrize(
    ("labels", "logits", "error", "message"),
    [
        ([1, 0], [[0.5, 1], [math.inf, 0]], ValueError, r"`logits\[1, 0\]` is inf; a logit to be"),
        ([1, 0], [math.nan, 0], ValueError, r"`logits\[0\]` is nan"),
        ([1, 2], [[0.5, 1], [1, 0]], ValueError, r"`labels\[1\]` is 2; the classes are 0 to 1"),
        ([1], [[0.5, 1], [1, 0]], ValueError, r"`labels` has shape \(1,\) and `logits` has"),
        ([0], [[3.0]], ValueError, r"`logits` has shape \(1, 1\)"),
        ([True], [[3.0, 1.0]], TypeError, "`labels` are truth values"),
        ([0.5], [3.0], TypeError, "`labels` must hold whole numbers"),
        ([0], [[True, False]], TypeError, "`logits` must hold real numbers"),
    ],
)
def test_what_cannot_be_scaled_is_refused(labels, logits, error, message):
    with pytest.raises(error, match=message):
        fit_temperature(labels, logits)


@pytest.mark.parametrize("function", [reliability_curve, expected_calibration_error])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_bins": 0}, ValueError, "`n_bins` is 0; there must be at least one bin"),
        ({"n_bins": 2.5}, TypeError, "`n_bins` must be an integer, not 2.5"),
        ({"strategy": "kmeans"}, ValueError, "`strategy` must be"),
    ],
)
def test_what_is_no_way_to_bin_is_refused(function, options, error, message):
    with pytest.raises(error, match=message):
        function([1, 0], [0.5, 0.5], **options)


def test_skill_needs_two_classes():
    with pytest.raises(ValueError, match="`labels` are all 1"):
        log_loss_skill([1, 1], [0.5, 0.9])


@pytest.mark.parametrize("function", [*OF_PROBS, fit_temperature])
@pytest.mark.parametrize("columns", [1, 2])
def test_inputs_are_left_as_they_were_and_every_kind_of_number_will_do(function, columns):
    label, prob = made_up_pair(50)
    given = (prob * 64).round() / 64  # exact in each of the dtypes
    given = given if columns == 1 else np.column_stack([1 - given, given])
    kept = given.copy()
    expected = function(label, given)
    np.testing.assert_array_equal(given, kept)
    for other in (given.astype(np.float32), given.astype(np.float16), given.tolist()):
        np.testing.assert_equal(function(label, other), expected)
    function([0, 1, 1], np.eye(2, dtype=int)[[0, 1, 1]])


@pytest.mark.parametrize("function", [*OF_PROBS, fit_temperature])
def test_the_truth_comes_first(function):
    first, second = list(inspect.signature(function).parameters)[:2]
    assert first == "labels"
    assert second in ("probs", "logits")
