"""Every loss of the library and its gradient, beside those of PyTorch, TensorFlow, Keras and JAX.

Their gradients come from automatic differentiation, so they know nothing of ours. All in float64.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
import libraries as lib
import numpy as np
import optax
import pytest
import tensorflow as tf
import torch
from torch.nn import functional

from xent_lib import losses

N, K = 7, 5
SEEDS = range(4)

close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-14)


# Truths and predictions, drawn anew for each seed


def softmax(z):
    return lib.numpy_softmax(z)


def labels(rng):
    return rng.integers(K, size=N)


def logits(rng):
    return rng.normal(0, 3, (N, K))


def probs(rng):
    return softmax(logits(rng))


def targets(rng):
    return rng.dirichlet(np.ones(K), N)


def yes_or_no(rng):
    return np.where(rng.random(N) < 0.5, rng.integers(2, size=N), rng.random(N))


def many_labels(rng):
    return rng.integers(2, size=(N, K)).astype(float)


def scores(rng):
    return rng.normal(0, 3, N)


def signs(rng):
    return rng.choice([-1.0, 1.0], N)


def shares(rng):
    return rng.uniform(0.01, 0.99, N)


# What each framework does with a loss of each example, and with a prediction to differentiate by

REDUCE = {
    "mean": lambda module: module.mean,
    "sum": lambda module: module.sum,
    "none": lambda module: lambda values: values,
}
KERAS = {"mean": "sum_over_batch_size", "sum": "sum", "none": None}


def by_torch(call, truth, prediction, reduction):
    x = torch.tensor(prediction, requires_grad=True)
    loss = call(torch.tensor(truth), x, reduction)
    loss.sum().backward()
    return loss.detach().numpy(), x.grad.numpy()


def by_tensorflow(call, truth, prediction, reduction):
    x = tf.Variable(prediction)
    with tf.GradientTape() as tape:
        loss = call(truth, x)
        loss = {"mean": tf.reduce_mean, "sum": tf.reduce_sum, "none": tf.identity}[reduction](loss)
        total = tf.reduce_sum(loss)
    return loss.numpy(), tf.convert_to_tensor(tape.gradient(total, x)).numpy()


def by_keras(call, truth, prediction, reduction):
    x = tf.Variable(prediction)
    with tf.GradientTape() as tape:
        loss = call(reduction=KERAS[reduction], dtype="float64")(truth, x)
        total = tf.reduce_sum(loss)
    return loss.numpy(), tape.gradient(total, x).numpy()


def by_jax(call, truth, prediction, reduction):
    def loss(x):
        return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](call(truth, x))

    x = jnp.array(prediction)
    return np.asarray(loss(x)), np.asarray(jax.grad(lambda x: loss(x).sum())(x))


BY = {"PyTorch": by_torch, "TensorFlow": by_tensorflow, "Keras": by_keras, "JAX": by_jax}


def reduced(losses_of_each, reduction):
    """PyTorch's own reduction, for a loss that it has only in parts."""
    return {"mean": torch.mean, "sum": torch.sum, "none": torch.clone}[reduction](losses_of_each)


def column(loss: type, **options: Any) -> Callable[..., Any]:
    """A Keras loss that averages over the last axis, given one prediction a row."""

    def build(**settings):
        return lambda t, x: loss(**options, **settings)(t[:, None], x[:, None])

    return build


def on_rows(x: Any, t: Any) -> Any:
    return jnp.take_along_axis(x, jnp.asarray(t)[:, None], axis=-1)[:, 0]


#: A loss of ours, what draws truth and prediction, and the same loss elsewhere.
TWINS: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, Callable[..., Any]]]] = {
    "sparse_softmax_cross_entropy": (
        labels,
        logits,
        {
            "PyTorch": lambda t, x, r: functional.cross_entropy(x, t, reduction=r),
            "TensorFlow": tf.nn.sparse_softmax_cross_entropy_with_logits,
            "Keras": partial(keras.losses.SparseCategoricalCrossentropy, from_logits=True),
            "JAX": lambda t, x: optax.softmax_cross_entropy_with_integer_labels(x, t),
        },
    ),
    "softmax_cross_entropy": (
        targets,
        logits,
        {
            "PyTorch": lambda t, x, r: functional.cross_entropy(x, t, reduction=r),
            "TensorFlow": tf.nn.softmax_cross_entropy_with_logits,
            "Keras": partial(keras.losses.CategoricalCrossentropy, from_logits=True),
            "JAX": lambda t, x: optax.softmax_cross_entropy(x, t),
        },
    ),
    "sigmoid_cross_entropy": (
        yes_or_no,
        scores,
        {
            "PyTorch": lambda t, x, r: functional.binary_cross_entropy_with_logits(
                x, t, reduction=r
            ),
            "TensorFlow": tf.nn.sigmoid_cross_entropy_with_logits,
            "Keras": column(keras.losses.BinaryCrossentropy, from_logits=True),
            "JAX": lambda t, x: optax.sigmoid_binary_cross_entropy(x, t),
        },
    ),
    "binary_cross_entropy": (
        yes_or_no,
        shares,
        {
            "PyTorch": lambda t, x, r: functional.binary_cross_entropy(x, t, reduction=r),
            "TensorFlow": lambda t, x: -t * tf.math.log(x) - (1 - t) * tf.math.log(1 - x),
            "Keras": column(keras.losses.BinaryCrossentropy),
            "JAX": lambda t, x: -t * jnp.log(x) - (1 - t) * jnp.log(1 - x),
        },
    ),
    "sparse_categorical_cross_entropy": (
        labels,
        probs,
        {
            "PyTorch": lambda t, x, r: functional.nll_loss(x.log(), t, reduction=r),
            "TensorFlow": lambda t, x: -tf.math.log(tf.gather(x, t, batch_dims=1)),
            "JAX": lambda t, x: -jnp.log(on_rows(x, t)),
        },
    ),
    "categorical_cross_entropy": (
        targets,
        probs,
        {
            "PyTorch": lambda t, x, r: reduced(-(t * x.log()).sum(-1), r),
            "TensorFlow": lambda t, x: -tf.reduce_sum(t * tf.math.log(x), -1),
            "JAX": lambda t, x: -jnp.sum(t * jnp.log(x), -1),
        },
    ),
    "multilabel_cross_entropy": (
        many_labels,
        logits,
        {
            "PyTorch": lambda t, x, r: reduced(
                functional.binary_cross_entropy_with_logits(x, t, reduction="none").sum(-1), r
            ),
            "TensorFlow": lambda t, x: tf.reduce_sum(
                tf.nn.sigmoid_cross_entropy_with_logits(t, x), -1
            ),
            "JAX": lambda t, x: optax.sigmoid_binary_cross_entropy(x, t).sum(-1),
        },
    ),
    "focal_loss": (
        labels,
        logits,
        {
            "PyTorch": lambda t, x, r: reduced(
                (1 - (p := x.softmax(-1)[range(N), t])) ** 2 * -p.log(), r
            ),
            "TensorFlow": lambda t, x: (
                (1 - (p := tf.gather(tf.nn.softmax(x), t, batch_dims=1))) ** 2 * -tf.math.log(p)
            ),
            "Keras": lambda **settings: (
                lambda t, x: keras.losses.CategoricalFocalCrossentropy(
                    alpha=1, gamma=2, from_logits=True, **settings
                )(np.eye(K)[t], x)
            ),
            "JAX": lambda t, x: (1 - (p := on_rows(jax.nn.softmax(x), t))) ** 2 * -jnp.log(p),
        },
    ),
    "squared_error": (
        scores,
        scores,
        {
            "PyTorch": lambda t, x, r: functional.mse_loss(x, t, reduction=r),
            "TensorFlow": tf.math.squared_difference,
            "Keras": column(keras.losses.MeanSquaredError),
            "JAX": lambda t, x: 2 * optax.l2_loss(x, t),
        },
    ),
    "hinge": (
        signs,
        scores,
        {
            "PyTorch": lambda t, x, r: reduced((1 - t * x).clamp(min=0), r),
            "TensorFlow": lambda t, x: tf.nn.relu(1 - t * x),
            "Keras": column(keras.losses.Hinge),
            "JAX": lambda t, x: optax.hinge_loss(x, t),
        },
    ),
}
PAIRS = [(loss, name) for loss, (_, _, calls) in TWINS.items() for name in calls]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("loss", "framework"), PAIRS)
def test_loss_and_gradient_are_those_of_the_framework(loss, framework, reduction):
    draw_truth, draw_prediction, calls = TWINS[loss]
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        truth, prediction = draw_truth(rng), draw_prediction(rng)
        value, grad = BY[framework](calls[framework], truth, prediction, reduction)
        ours = getattr(losses, f"{loss}_and_grad")(truth, prediction, reduction=reduction)
        close(ours[0], value)
        close(ours[1], grad)


def test_every_loss_of_the_library_has_its_twins():
    ours = {name for name in losses.__all__ if not name.endswith("_and_grad")}
    assert ours == {*TWINS, "pairwise_logistic"}


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_the_pairwise_loss_is_the_soft_margin_of_the_difference(reduction):
    rng = np.random.default_rng(1)
    better, worse = (torch.tensor(scores(rng), requires_grad=True) for _ in range(2))
    loss = functional.soft_margin_loss(better - worse, torch.ones(N), reduction=reduction)
    loss.sum().backward()
    value, grads = losses.pairwise_logistic_and_grad(
        better.detach().numpy(), worse.detach().numpy(), reduction=reduction
    )
    close(value, loss.detach().numpy())
    close(grads[0], better.grad.numpy())
    close(grads[1], worse.grad.numpy())


# Where conventions differ


def test_keras_divides_probabilities_by_their_sum_and_its_gradient_shows_it():
    """−log(q / Σq) has the slope 1/Σq more in every class; we take each probability for itself."""
    rng = np.random.default_rng(2)
    t, y, q = targets(rng), labels(rng), probs(rng)
    for kind, truth, ours in [
        (keras.losses.CategoricalCrossentropy, t, losses.categorical_cross_entropy_and_grad),
        (
            keras.losses.SparseCategoricalCrossentropy,
            y,
            losses.sparse_categorical_cross_entropy_and_grad,
        ),
    ]:
        theirs, slope = by_keras(kind, truth, q, "mean")
        value, grad = ours(truth, q)
        close(value, theirs)
        close(grad + 1 / N, slope)


def weights(rng):
    return rng.uniform(0.5, 3, N)


def test_a_weighted_mean_is_divided_by_the_weights_here_and_in_scikit_learn_and_by_n_in_keras():
    rng = np.random.default_rng(3)
    y, z, w = labels(rng), logits(rng), weights(rng)
    ours = losses.sparse_softmax_cross_entropy(y, z, sample_weight=w)
    close(ours, lib.metrics.log_loss(y, softmax(z), sample_weight=w, labels=range(K)))
    by_n, by_weights = (
        keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, reduction=reduction, dtype="float64"
        )(y, z, sample_weight=w)
        for reduction in ("sum_over_batch_size", "mean_with_sample_weight")
    )
    close(ours, by_weights)
    close(ours * w.sum() / N, by_n)


def test_class_weights_are_those_of_pytorch():
    rng = np.random.default_rng(4)
    y, z, w = labels(rng), logits(rng), rng.uniform(0.5, 3, K)
    for reduction in ("mean", "sum", "none"):
        value, grad = by_torch(
            lambda t, x, r: functional.cross_entropy(x, t, torch.tensor(w), reduction=r),
            y,
            z,
            reduction,
        )
        ours = losses.sparse_softmax_cross_entropy_and_grad(
            y, z, class_weight=w, reduction=reduction
        )
        close(ours[0], value)
        close(ours[1], grad)


def test_weights_of_soft_targets_are_those_of_pytorch_but_for_the_mean():
    """With soft targets PyTorch divides the weighted sum by N, we by the weights."""
    rng = np.random.default_rng(5)
    t, z, w = targets(rng), logits(rng), rng.uniform(0.5, 3, K)
    for reduction in ("sum", "none"):
        value, grad = by_torch(
            lambda t, x, r: functional.cross_entropy(x, t, torch.tensor(w), reduction=r),
            t,
            z,
            reduction,
        )
        ours = losses.softmax_cross_entropy_and_grad(t, z, class_weight=w, reduction=reduction)
        close(ours[0], value)
        close(ours[1], grad)
    theirs = functional.cross_entropy(torch.tensor(z), torch.tensor(t), torch.tensor(w))
    ours = losses.softmax_cross_entropy(t, z, class_weight=w)
    close(ours * (t @ w).sum() / N, theirs.numpy())


def test_the_weight_of_yes_is_the_pos_weight_of_pytorch_but_for_the_mean():
    rng = np.random.default_rng(6)
    t, z, w = rng.integers(2, size=N).astype(float), scores(rng), 2.5
    theirs = functional.binary_cross_entropy_with_logits(
        torch.tensor(z), torch.tensor(t), pos_weight=torch.tensor(w), reduction="none"
    )
    ours = losses.sigmoid_cross_entropy(t, z, class_weight=(1, w), reduction="none")
    close(ours, theirs.numpy())
    mean = losses.sigmoid_cross_entropy(t, z, class_weight=(1, w))
    close(mean * np.where(t == 1, w, 1).mean(), theirs.mean().numpy())


@pytest.mark.parametrize("smoothing", [0.1, 1.0])
def test_label_smoothing_is_theirs(smoothing):
    rng = np.random.default_rng(7)
    y, z = labels(rng), logits(rng)
    one_hot = np.eye(K)[y]
    value, grad = by_torch(
        lambda t, x, r: functional.cross_entropy(x, t, label_smoothing=smoothing, reduction=r),
        y,
        z,
        "mean",
    )
    ours = losses.sparse_softmax_cross_entropy_and_grad(y, z, label_smoothing=smoothing)
    close(ours[0], value)
    close(ours[1], grad)
    smoothed = losses.softmax_cross_entropy(one_hot, z, label_smoothing=smoothing)
    close(smoothed, value)
    close(
        smoothed,
        keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=smoothing, dtype="float64"
        )(one_hot, z),
    )
    close(
        smoothed,
        optax.softmax_cross_entropy(
            jnp.array(z), optax.smooth_labels(jnp.array(one_hot), smoothing)
        ).mean(),
    )
    t, x = rng.integers(2, size=N).astype(float), scores(rng)
    close(
        losses.sigmoid_cross_entropy(t, x, label_smoothing=smoothing),
        keras.losses.BinaryCrossentropy(
            from_logits=True, label_smoothing=smoothing, dtype="float64"
        )(t[:, None], x[:, None]),
    )


def test_the_mean_over_several_labels_is_theirs_times_their_number():
    rng = np.random.default_rng(8)
    t, z = many_labels(rng), logits(rng)
    ours = losses.multilabel_cross_entropy(t, z)
    for theirs in [
        functional.binary_cross_entropy_with_logits(torch.tensor(z), torch.tensor(t)).numpy(),
        functional.multilabel_soft_margin_loss(torch.tensor(z), torch.tensor(t)).numpy(),
        keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")(t, z),
    ]:
        close(ours, theirs * K)


def test_losses_are_nats_everywhere():
    """With two classes and no idea, each library says ln 2."""
    y, t, z = np.array([0]), np.array([[1.0, 0.0]]), np.zeros((1, 2))
    for calls, truth in [(lib.SPARSE_FROM_LOGITS, y), (lib.CATEGORICAL_FROM_LOGITS, t)]:
        for call in calls.values():
            close(np.float64(call(truth, z)), np.log(2))
