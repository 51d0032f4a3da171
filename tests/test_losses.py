"""Losses and their gradients: values, limits, weights, and errors that name the place."""

import inspect
import math
import tracemalloc
import warnings
from functools import partial

import numpy as np
import pytest
import scipy.special
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xent_lib import information, losses
from xent_lib.losses import (
    binary_cross_entropy,
    categorical_cross_entropy,
    focal_loss,
    hinge,
    multilabel_cross_entropy,
    multilabel_cross_entropy_and_grad,
    pairwise_logistic,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    softmax_cross_entropy_and_grad,
    sparse_categorical_cross_entropy,
    sparse_softmax_cross_entropy,
    sparse_softmax_cross_entropy_and_grad,
    squared_error,
    squared_error_and_grad,
)

inf, nan = np.inf, np.nan


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def examples(count=7, classes=4, seed=0):
    """Labels, soft targets, logits and probabilities of some examples."""
    rng = np.random.default_rng([seed, count, classes])
    logits = rng.normal(0, 2, (count, classes))
    return (
        rng.integers(0, classes, count),
        rng.dirichlet(np.ones(classes), count),
        logits,
        scipy.special.softmax(logits, axis=-1),
    )


def case(name, shape=(7, 4), seed=0):
    """Truth and prediction for a loss, and the shape of its examples."""
    rng = np.random.default_rng([seed, *shape])
    labels, targets, logits, probs = examples(*shape, seed)
    signs = rng.choice([-1, 1], shape)
    return {
        "binary_cross_entropy": (rng.random(shape), rng.uniform(0.05, 0.95, shape), shape),
        "sigmoid_cross_entropy": (rng.random(shape), logits, shape),
        "multilabel_cross_entropy": (rng.random(shape), logits, shape[:1]),
        "categorical_cross_entropy": (targets, probs, shape[:1]),
        "softmax_cross_entropy": (targets, logits, shape[:1]),
        "sparse_categorical_cross_entropy": (labels, probs, shape[:1]),
        "sparse_softmax_cross_entropy": (labels, logits, shape[:1]),
        "focal_loss": (labels, logits, shape[:1]),
        "squared_error": (rng.normal(size=shape), logits, shape),
        "hinge": (signs, logits, shape),
        "pairwise_logistic": (rng.normal(size=shape), logits, shape),
    }[name]


LOSSES = [name for name in losses.__all__ if not name.endswith("_and_grad")]
REDUCTIONS = ["mean", "sum", "none"]


def options_of(name, shape, classes):
    """All options of a loss, with values that are not the default."""
    rng = np.random.default_rng(5)
    values = {
        "sample_weight": rng.uniform(0.5, 2, shape),
        "class_weight": rng.uniform(0.5, 2, classes),
        "label_smoothing": 0.2,
        "gamma": 1.5,
    }
    allowed = inspect.signature(getattr(losses, name)).parameters
    return {key: value for key, value in values.items() if key in allowed}


def option_sets(name, shape, classes=4):
    every = options_of(name, shape, 2 if name.startswith(("binary", "sigmoid")) else classes)
    return [{}, every, *({key: value} for key, value in every.items())]


# --- Every loss ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOSSES)
def test_the_two_forms_take_the_same_and_give_the_same_loss(name):
    loss, both = getattr(losses, name), getattr(losses, f"{name}_and_grad")
    assert inspect.signature(loss).parameters == inspect.signature(both).parameters
    truth, prediction, shape = case(name)
    for options in option_sets(name, shape):
        for reduction in REDUCTIONS:
            value = loss(truth, prediction, reduction=reduction, **options)
            again, _ = both(truth, prediction, reduction=reduction, **options)
            np.testing.assert_array_equal(value, again)
            assert np.shape(value) == (shape if reduction == "none" else ())


def plain_gradient(name, truth, prediction, options, reduction):
    """The gradient by central differences, each number moved for itself."""
    loss = partial(getattr(losses, name), reduction=reduction, **options)
    gradient = np.empty(prediction.shape)
    for index in np.ndindex(prediction.shape):
        step = np.zeros(prediction.shape)
        step[index] = 1e-6
        gradient[index] = (loss(truth, prediction + step) - loss(truth, prediction - step)) / 2e-6
    return gradient


# Probabilities are refused once they do not sum to 1: their gradients are checked further down.
@pytest.mark.parametrize("name", [n for n in LOSSES if "categorical" not in n])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_gradients_agree_with_differences(name, reduction):
    truth, prediction, shape = case(name)
    for options in option_sets(name, shape):
        _, grad = getattr(losses, f"{name}_and_grad")(
            truth, prediction, reduction=reduction, **options
        )
        grad = grad[1] if name == "pairwise_logistic" else grad
        expected = plain_gradient(name, truth, prediction, options, reduction)
        np.testing.assert_allclose(grad, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", LOSSES)
def test_mean_sum_and_none_belong_together(name):
    truth, prediction, shape = case(name)
    both = getattr(losses, f"{name}_and_grad")
    weight = np.random.default_rng(1).uniform(0.5, 2, shape)
    each, slopes = both(truth, prediction, reduction="none")
    total, total_grad = both(truth, prediction, reduction="sum", sample_weight=weight)
    mean, mean_grad = both(truth, prediction, reduction="mean", sample_weight=weight)
    assert total == pytest.approx(np.sum(weight * each), rel=1e-12)
    assert mean == pytest.approx(np.average(each, weights=weight), rel=1e-12)
    grads = zip(
        *(g if isinstance(g, tuple) else (g,) for g in (slopes, total_grad, mean_grad)), strict=True
    )
    for of_each, of_sum, of_mean in grads:
        wide = weight.reshape(shape + (1,) * (of_each.ndim - len(shape)))
        np.testing.assert_allclose(of_sum, wide * of_each, rtol=1e-12)
        np.testing.assert_allclose(of_mean, wide * of_each / weight.sum(), rtol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_an_example_of_weight_0_counts_for_nothing(name):
    truth, prediction, shape = case(name)
    weight = np.ones(shape)
    weight[2] = 0
    both = getattr(losses, f"{name}_and_grad")
    loss, grad = both(truth, prediction, sample_weight=weight)
    others = np.delete(np.arange(7), 2)
    expected, expected_grad = both(truth[others], prediction[others])
    assert loss == pytest.approx(expected, rel=1e-12)
    grad, expected_grad = (g[1] if isinstance(g, tuple) else g for g in (grad, expected_grad))
    np.testing.assert_allclose(grad[others], expected_grad, rtol=1e-12)
    assert not grad[2].any()


@pytest.mark.parametrize("name", LOSSES)
def test_many_examples_in_blocks_are_the_same_as_a_few_at_a_time(name):
    for shape in ((30_000, 4), (900, 120)):
        truth, prediction, _ = case(name, shape)
        both = partial(getattr(losses, f"{name}_and_grad"), reduction="none")
        whole, grad = both(truth, prediction)
        for rows in (slice(0, 50), slice(-50, None), slice(400, 450)):
            part, part_grad = both(truth[rows], prediction[rows])
            np.testing.assert_allclose(whole[rows], part, rtol=1e-13)
            grads = zip(
                *(g if isinstance(g, tuple) else (g,) for g in (grad, part_grad)), strict=True
            )
            for of_whole, of_part in grads:
                np.testing.assert_allclose(of_whole[rows], of_part, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_float32_stays_float32(name):
    truth, prediction, _ = case(name)
    value, grad = getattr(losses, f"{name}_and_grad")(truth, prediction.astype(np.float32))
    assert value.dtype == np.float32
    assert {g.dtype for g in (grad if isinstance(grad, tuple) else (grad,))} == {np.dtype("f4")}
    assert value == pytest.approx(getattr(losses, name)(truth, prediction), rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_the_input_is_left_as_it_was(name):
    truth, prediction, _ = case(name)
    before = truth.copy(), prediction.copy()
    getattr(losses, f"{name}_and_grad")(truth, prediction)
    np.testing.assert_array_equal(truth, before[0])
    np.testing.assert_array_equal(prediction, before[1])


@pytest.mark.parametrize("name", LOSSES)
def test_bad_options_are_named(name):
    truth, prediction, shape = case(name)
    loss = partial(getattr(losses, name), truth, prediction)
    with pytest.raises(ValueError, match=r"`reduction` is 'average'; it must be \"mean\", \"sum\""):
        loss(reduction="average")
    with pytest.raises(ValueError, match=r"`sample_weight` has shape \(3,\); it must have shape"):
        loss(sample_weight=[1, 2, 3])
    with pytest.raises(ValueError, match="all weights are 0: they leave no mean"):
        loss(sample_weight=np.zeros(shape))
    assert loss(sample_weight=np.zeros(shape), reduction="sum") == 0
    for wrong in (-1.0, nan, inf):
        weight = np.ones(shape)
        weight[(3,) * len(shape)] = wrong
        with pytest.raises(ValueError, match=r"`sample_weight\[3.*; a weight must be finite and"):
            loss(sample_weight=weight)
    allowed = inspect.signature(loss).parameters
    if "label_smoothing" in allowed:
        for wrong in (-0.1, 1.1, nan):
            with pytest.raises(ValueError, match=r"`label_smoothing` is .* between 0 and 1"):
                loss(label_smoothing=wrong)
    if "class_weight" in allowed:
        with pytest.raises(ValueError, match=r"`class_weight` has shape \(5,\); it must have"):
            loss(class_weight=np.ones(5))


@pytest.mark.parametrize("name", LOSSES)
def test_shapes_that_differ_are_refused_and_nothing_is_broadcast(name):
    truth, prediction, _ = case(name)
    with pytest.raises(ValueError, match="shape"):
        getattr(losses, name)(truth[:1], prediction)
    with pytest.raises(ValueError, match="shape"):
        getattr(losses, name)(truth, prediction[:, :, np.newaxis])


@pytest.mark.parametrize("name", LOSSES)
def test_empty_input_is_refused(name):
    truth, prediction, _ = case(name)
    with pytest.raises(ValueError, match="is empty"):
        getattr(losses, name)(truth[:0], prediction[:0])


# --- Against others, and against each other ------------------------------------------------------


def test_losses_of_labels_agree_with_scikit_learn():
    labels, _, logits, probs = examples(60, 5)
    weight = np.random.default_rng(2).random(60)
    for options in ({}, {"sample_weight": weight}):
        truth = sklearn.metrics.log_loss(labels, probs, labels=range(5), **options)
        one_hot = np.eye(5)[labels]
        for value in (
            sparse_categorical_cross_entropy(labels, probs, **options),
            sparse_softmax_cross_entropy(labels, logits, **options),
            categorical_cross_entropy(one_hot, probs, **options),
            softmax_cross_entropy(one_hot, logits, **options),
            focal_loss(labels, logits, gamma=0, **options),
        ):
            assert value == pytest.approx(truth, rel=1e-12)


def test_losses_of_outcomes_agree_with_scikit_learn():
    rng = np.random.default_rng(3)
    targets, logits, weight = rng.integers(0, 2, 50), rng.normal(0, 3, 50), rng.random(50)
    probs = scipy.special.expit(logits)
    for options in ({}, {"sample_weight": weight}):
        truth = sklearn.metrics.log_loss(targets, probs, **options)
        assert binary_cross_entropy(targets, probs, **options) == pytest.approx(truth, rel=1e-12)
        assert sigmoid_cross_entropy(targets, logits, **options) == pytest.approx(truth, rel=1e-12)


def test_other_losses_agree_with_scikit_learn():
    rng = np.random.default_rng(4)
    signs, scores, weight = rng.choice([-1, 1], 40), rng.normal(size=40), rng.random(40)
    assert hinge(signs, scores, sample_weight=weight) == pytest.approx(
        sklearn.metrics.hinge_loss(signs, scores, sample_weight=weight)
    )
    assert squared_error(signs, scores, sample_weight=weight) == pytest.approx(
        sklearn.metrics.mean_squared_error(signs, scores, sample_weight=weight)
    )


def test_the_seven_worked_numbers():
    q = [0.228, 0.619, 0.153]
    assert round(sparse_categorical_cross_entropy(1, q), 4) == 0.4797
    assert round(sparse_categorical_cross_entropy(1, q) / math.log(2), 4) == 0.6920
    assert round(sparse_categorical_cross_entropy(0, [0.998, 0.002]), 4) == 0.0020
    assert round(sparse_categorical_cross_entropy(0, [0.001, 0.999]), 4) == 6.9078
    assert round(sparse_categorical_cross_entropy(0, [0.7, 0.2, 0.1]), 4) == 0.3567
    labels = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    probs = [0.8, 0.9, 0.9, 0.6, 0.8, 0.1, 0.4, 0.2, 0.1, 0.3]
    assert round(binary_cross_entropy(labels, probs), 4) == 0.2469


def test_soft_targets_give_the_cross_entropy_of_information_theory():
    _, targets, logits, probs = examples(20, 5)
    truth = information.cross_entropy(targets, probs, base=math.e)
    value = categorical_cross_entropy(targets, probs, reduction="none")
    np.testing.assert_allclose(value, truth, rtol=1e-13)
    value = softmax_cross_entropy(targets, logits, reduction="none")
    np.testing.assert_allclose(value, truth, rtol=1e-12)


def test_several_labels_cost_the_sum_of_their_outcomes():
    rng = np.random.default_rng(6)
    targets, logits = rng.integers(0, 2, (9, 3)), rng.normal(size=(9, 3))
    value = multilabel_cross_entropy(targets, logits)
    assert value == pytest.approx(3 * sigmoid_cross_entropy(targets, logits), rel=1e-13)


def test_of_several_labels_each_logit_has_the_slope_of_its_own_belief():
    rng = np.random.default_rng(6)
    targets, logits = rng.integers(0, 2, (9, 3)), rng.normal(size=(9, 3))
    _, grad = multilabel_cross_entropy_and_grad(targets, logits, reduction="sum")
    np.testing.assert_allclose(grad, scipy.special.expit(logits) - targets, rtol=1e-12)


def test_the_slope_of_a_square_is_twice_the_error():
    rng = np.random.default_rng(6)
    truth, guess = rng.normal(size=(2, 9))
    _, grad = squared_error_and_grad(truth, guess, reduction="sum")
    np.testing.assert_allclose(grad, 2 * (guess - truth), rtol=1e-13)


def test_one_sigmoid_is_two_softmax():
    rng = np.random.default_rng(7)
    targets, logits = rng.integers(0, 2, 9), rng.normal(size=9)
    two = np.column_stack([np.zeros(9), logits])
    value = sparse_softmax_cross_entropy(targets, two, reduction="none")
    np.testing.assert_allclose(value, sigmoid_cross_entropy(targets, logits, reduction="none"))


def test_ranking_is_the_binary_loss_of_the_difference():
    rng = np.random.default_rng(8)
    high, low = rng.normal(size=(2, 9))
    value = pairwise_logistic(high, low)
    assert value == pytest.approx(sigmoid_cross_entropy(np.ones(9), high - low), rel=1e-13)


def test_focal_loss_is_its_formula():
    labels, _, logits, probs = examples(20, 5)
    q = probs[np.arange(20), labels]
    value = focal_loss(labels, logits, gamma=2.5, reduction="none")
    np.testing.assert_allclose(value, -((1 - q) ** 2.5) * np.log(q), rtol=1e-12)


@pytest.mark.parametrize(
    ("sparse", "dense", "index"),
    [
        (sparse_softmax_cross_entropy, softmax_cross_entropy, 2),
        (sparse_categorical_cross_entropy, categorical_cross_entropy, 3),
    ],
)
@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("weighed", [False, True])
def test_labels_are_one_hot_targets(sparse, dense, index, smoothing, weighed):
    labels, *rest = examples(30, 5)
    prediction = rest[index - 1]
    options = {
        "class_weight": [1, 2, 3, 0, 0.5] if weighed else None,
        "label_smoothing": smoothing,
        "sample_weight": np.linspace(0, 1, 30),
    }
    one_hot = np.eye(5, dtype=int)[labels]
    for reduction in REDUCTIONS:
        both = getattr(losses, f"{sparse.__name__}_and_grad")
        loss, grad = both(labels, prediction, reduction=reduction, **options)
        both = getattr(losses, f"{dense.__name__}_and_grad")
        again, again_grad = both(one_hot, prediction, reduction=reduction, **options)
        # Smoothed targets belong to the label's weight in the mean, one-hot or not.
        np.testing.assert_allclose(loss, again, rtol=1e-12)
        np.testing.assert_allclose(grad, again_grad, rtol=1e-11, atol=1e-15)


def test_gradients_by_probabilities_are_the_chain_rule_away_from_those_by_logits():
    labels, targets, logits, probs = examples(30, 5)
    for truth, of_probs, of_logits in [
        (labels, "sparse_categorical_cross_entropy", "sparse_softmax_cross_entropy"),
        (targets, "categorical_cross_entropy", "softmax_cross_entropy"),
    ]:
        for options in ({}, {"class_weight": [1, 2, 3, 4, 0.5], "label_smoothing": 0.1}):
            _, by_probs = getattr(losses, f"{of_probs}_and_grad")(truth, probs, **options)
            _, by_logits = getattr(losses, f"{of_logits}_and_grad")(truth, logits, **options)
            mean = np.sum(probs * by_probs, axis=1, keepdims=True)
            np.testing.assert_allclose(probs * (by_probs - mean), by_logits, atol=1e-15)


@given(
    hnp.arrays(np.float64, (3, 4), elements=st.floats(-1e308, 1e308)),
    hnp.arrays(np.int64, 3, elements=st.integers(0, 3)),
)
def test_any_logits_have_a_loss_and_a_gradient_that_sums_to_0(logits, labels):
    loss, grad = sparse_softmax_cross_entropy_and_grad(labels, logits, reduction="none")
    assert (loss >= 0).all()
    assert (np.abs(grad) <= 1).all()
    np.testing.assert_allclose(grad.sum(axis=1), 0, atol=1e-15)
    one_hot = np.eye(4)[labels]
    again, again_grad = softmax_cross_entropy_and_grad(one_hot, logits, reduction="none")
    np.testing.assert_allclose(loss, again, rtol=1e-14)
    np.testing.assert_allclose(grad, again_grad, rtol=1e-13, atol=1e-300)


@given(st.floats(0, 1), st.floats(-1e308, 1e308))
def test_the_loss_of_an_outcome_is_never_below_the_entropy_of_its_target(target, logit):
    floor = information.binary_entropy(target, base=math.e)
    assert sigmoid_cross_entropy(target, logit) >= floor * (1 - 1e-13)


# --- Limits: one row each of what other libraries get wrong --------------------------------------


def both_forms(labels, logits, **options):
    """The losses of labels and of one-hot targets."""
    logits = np.asarray(logits)
    one_hot = np.eye(logits.shape[-1])[labels]
    return (
        sparse_softmax_cross_entropy(labels, logits, **options),
        softmax_cross_entropy(one_hot, logits, **options),
    )


def test_a_loss_too_large_to_write_down_is_infinite():
    assert both_forms(0, [-1e308, 1e308]) == (inf, inf)
    assert both_forms(1, [-1e308, 1e308]) == (0, 0)
    assert both_forms(1, [1e308, 1e308]) == pytest.approx((math.log(2),) * 2)


def test_an_infinite_logit_decides():
    assert both_forms(0, [inf, 0.0]) == (0, 0)
    assert both_forms(1, [inf, 0.0]) == (inf, inf)
    for labels, expected in ((0, [0, 0]), (1, [1, -1])):
        one_hot = np.eye(2)[labels]
        _, grad = sparse_softmax_cross_entropy_and_grad(labels, [inf, 0.0])
        _, soft = softmax_cross_entropy_and_grad(one_hot, [inf, 0.0])
        assert grad.tolist() == soft.tolist() == expected


def test_a_forbidden_class_adds_nothing_unless_it_happens():
    masked = [0.0, 0.0, -inf]
    assert both_forms(0, masked) == pytest.approx((math.log(2),) * 2)
    assert both_forms(2, masked) == (inf, inf)
    assert softmax_cross_entropy([0.5, 0.5, 0.0], masked) == pytest.approx(math.log(2))
    _, grad = softmax_cross_entropy_and_grad([1, 0, 0], masked)
    np.testing.assert_allclose(grad, [-0.5, 0.5, 0])


@pytest.mark.parametrize("function", [sparse_softmax_cross_entropy, focal_loss])
def test_logits_without_an_answer_are_refused(function):
    with pytest.raises(ValueError, match=r"`logits` row 1 has no logit above -inf"):
        function([0, 0], [[0.0, 1.0], [-inf, -inf]])
    with pytest.raises(ValueError, match=r"`logits` row 0 has several logits of \+inf"):
        function([0, 0], [[inf, inf], [0.0, 0.0]])
    with pytest.raises(ValueError, match=r"`logits\[1, 0\]` is nan"):
        function([0, 0], [[0.0, 1.0], [nan, 1.0]])


def test_infinite_logits_of_outcomes():
    value, grad = losses.sigmoid_cross_entropy_and_grad(
        [1, 0, 1, 0], [inf, -inf, -inf, inf], reduction="none"
    )
    assert value.tolist() == [0, 0, inf, inf]
    assert grad.tolist() == [0, 0, -1, 1]
    assert sigmoid_cross_entropy(0.5, inf) == inf
    with pytest.raises(ValueError, match=r"`logits\[1\]` is nan; a logit must be a number"):
        sigmoid_cross_entropy([0, 1], [0.0, nan])


def test_small_losses_are_there():
    assert sigmoid_cross_entropy(0, -40.0) == pytest.approx(4.248354255291589e-18, rel=1e-15)
    assert sigmoid_cross_entropy(0, -700.0) == pytest.approx(math.exp(-700), rel=1e-13)
    assert both_forms(0, [700.0, 0.0]) == pytest.approx((math.exp(-700),) * 2, rel=1e-13)


def test_probabilities_are_not_clipped():
    assert sparse_categorical_cross_entropy(0, [0.0, 1.0]) == inf
    assert sparse_categorical_cross_entropy(1, [0.0, 1.0]) == 0
    assert math.copysign(1, sparse_categorical_cross_entropy(1, [0.0, 1.0])) == 1
    assert sparse_categorical_cross_entropy(0, [1e-10, 1 - 1e-10]) == pytest.approx(23.0258509)
    assert categorical_cross_entropy([1, 0], [0, 1]) == inf
    assert categorical_cross_entropy([0, 1], [0, 1]) == 0
    tiny = 5e-324
    assert categorical_cross_entropy([0.5, 0.5], [tiny, 1.0]) == pytest.approx(372.22, abs=0.01)
    value, grad = losses.binary_cross_entropy_and_grad([1, 0, 1, 0], [1, 0, 0, 1], reduction="none")
    assert value.tolist() == [0, 0, inf, inf]
    assert grad.tolist() == [-1, 1, -inf, inf]
    _, grad = losses.sparse_categorical_cross_entropy_and_grad(0, [0.0, 1.0])
    assert grad.tolist() == [-inf, 0]
    _, grad = losses.categorical_cross_entropy_and_grad([0, 1], [0.0, 1.0])
    assert grad.tolist() == [0, -1]


def test_what_does_not_count_may_be_infinite():
    value, grad = losses.sparse_categorical_cross_entropy_and_grad(
        [0, 1], [[0.0, 1.0], [0.5, 0.5]], sample_weight=[0, 1]
    )
    assert value == pytest.approx(math.log(2))
    assert grad.tolist() == [[0, 0], [0, -2]]
    value = sparse_categorical_cross_entropy([0, 1], [[0.0, 1.0], [0.5, 0.5]], class_weight=[0, 1])
    assert value == pytest.approx(math.log(2))
    value = sparse_softmax_cross_entropy([0, 1], [[-inf, 0.0], [0, 0]], class_weight=[0, 1])
    assert value == pytest.approx(math.log(2))
    assert binary_cross_entropy([0, 1], [1.0, 0.5], class_weight=(0, 1)) == pytest.approx(
        math.log(2)
    )


def test_the_limits_of_focal_loss():
    logits = [[0.0, inf], [inf, 0.0], [2000.0, 0.0], [40.0, 0.0]]
    for gamma in (0.0, 0.5, 1.0, 2.0):
        value, grad = losses.focal_loss_and_grad(
            [0, 0, 0, 0], logits, gamma=gamma, reduction="none"
        )
        assert value[:2].tolist() == [inf, 0]
        assert np.isfinite(grad).all()
        assert grad[0].tolist() == [-1, 1]
    with pytest.raises(ValueError, match="`gamma` is -1; it must be finite and at least 0"):
        focal_loss(0, [0.0, 1.0], gamma=-1)


def test_targets_of_outcomes_lie_between_0_and_1():
    for function in (binary_cross_entropy, sigmoid_cross_entropy, multilabel_cross_entropy):
        with pytest.raises(ValueError, match=r"`targets\[1\]` is 2; a probability lies between"):
            function([1, 2], [0.5, 0.5])
    with pytest.raises(ValueError, match=r"`probs\[0\]` is 1.5; a probability lies between 0"):
        binary_cross_entropy([1, 0], [1.5, 0.5])
    with pytest.raises(ValueError, match=r"`probs\[0\]` is nan"):
        binary_cross_entropy([1, 0], [nan, 0.5])


@pytest.mark.parametrize("function", [categorical_cross_entropy, softmax_cross_entropy])
def test_targets_are_distributions(function):
    prediction = [[0.5, 0.5], [0.5, 0.5]]
    with pytest.raises(ValueError, match=r"`targets` row 1 sums to 1.2, not 1"):
        function([[0, 1], [0.6, 0.6]], prediction)
    with pytest.raises(ValueError, match=r"`targets\[0, 0\]` is -0.5; a probability must not be"):
        function([[-0.5, 1.5], [0.5, 0.5]], prediction)


@pytest.mark.parametrize("function", [categorical_cross_entropy, sparse_categorical_cross_entropy])
def test_probabilities_are_distributions(function):
    truth = [[0, 1], [1, 0]] if function is categorical_cross_entropy else [1, 0]
    with pytest.raises(ValueError, match=r"`probs` row 1 sums to 1.2, not 1"):
        function(truth, [[0.5, 0.5], [0.6, 0.6]])
    with pytest.raises(ValueError, match=r"`probs\[1, 0\]` is nan"):
        function(truth, [[0.5, 0.5], [nan, 0.6]])


@pytest.mark.parametrize(
    "function", [sparse_categorical_cross_entropy, sparse_softmax_cross_entropy, focal_loss]
)
def test_labels_are_numbers_of_classes(function):
    prediction = [[0.5, 0.5], [0.5, 0.5]]
    with pytest.raises(ValueError, match=r"`labels\[1\]` is -1; a label lies between 0 and 1"):
        function([0, -1], prediction)
    with pytest.raises(ValueError, match=r"`labels\[0\]` is 2; a label lies between 0 and 1"):
        function([2, 0], prediction)
    with pytest.raises(TypeError, match="`labels` must be integers, the numbers of classes, not"):
        function([0.0, 1.0], prediction)
    with pytest.raises(ValueError, match=r"`labels` has shape \(2, 2\) and .* in shape \(2,\)"):
        function([[0, 1], [1, 0]], prediction)
    with pytest.raises(ValueError, match="is a single number; it needs one for each class"):
        function(0, 0.5)


def test_hinge_wants_signs_and_others_finite_numbers():
    with pytest.raises(ValueError, match=r"`labels\[1\]` is 0; a label of the hinge loss is -1 or"):
        hinge([1, 0], [0.5, 0.5])
    with pytest.raises(ValueError, match=r"`scores\[1\]` is inf; it must be finite"):
        hinge([1, -1], [0.5, inf])
    with pytest.raises(ValueError, match=r"`targets\[0\]` is nan; it must be finite"):
        squared_error([nan], [1.0])
    with pytest.raises(ValueError, match=r"`other\[0\]` is nan; it must be finite"):
        pairwise_logistic([0.0], [nan])
    assert squared_error([-1e308], [1e308]) == inf
    assert pairwise_logistic([-1e308], [1e308]) == inf


def test_several_labels_need_an_axis():
    with pytest.raises(ValueError, match="`targets` is a single number; the labels of an example"):
        multilabel_cross_entropy(1, 0.5)


def test_hinge_is_flat_at_its_kink():
    value, grad = losses.hinge_and_grad([1, -1], [1.0, -1.0], reduction="none")
    assert value.tolist() == grad.tolist() == [0, 0]


def test_integer_and_half_logits_are_promoted():
    assert both_forms(0, np.array([100, -100], np.int8)) == pytest.approx((math.exp(-200),) * 2)
    assert isinstance(sparse_softmax_cross_entropy(0, [1, 0]), float)
    half = np.zeros(60_000, np.float16)
    assert sparse_softmax_cross_entropy(0, half) == pytest.approx(math.log(60_000), rel=1e-6)


# --- Memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(100_000, 10), (10_000, 100), (200, 20_000)], ids=str)
@pytest.mark.parametrize("spread", [1, 3, 30])
def test_losses_of_labels_take_little_memory(shape, spread):
    rng = np.random.default_rng(0)
    labels, logits = rng.integers(0, shape[1], shape[0]), rng.normal(0, spread, shape)
    for function, most in (
        (sparse_softmax_cross_entropy, 0.1),
        (sparse_softmax_cross_entropy_and_grad, 1.1),
    ):
        tracemalloc.start()
        function(labels, logits)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak <= most * logits.nbytes
