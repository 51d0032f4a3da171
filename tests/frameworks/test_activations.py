"""Softmax, log-softmax, log-sum-exp and sigmoid with their derivatives, beside the frameworks."""

from functools import partial

import jax
import jax.numpy as jnp
import keras
import libraries as lib
import numpy as np
import pytest
import tensorflow as tf
import torch
from torch.nn import functional

from xent_lib import activations

close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-14)

Z = np.random.default_rng(9).normal(0, 3, (7, 5))
DIRECTION = np.random.default_rng(10).normal(size=(7, 5))

CALLS = {
    "softmax": lib.SOFTMAX,
    "log_softmax": lib.LOG_SOFTMAX,
    "sigmoid": lib.SIGMOID,
    "log_sigmoid": {
        "PyTorch": lambda z: functional.logsigmoid(lib.tensor(z)),
        "TensorFlow": tf.math.log_sigmoid,
        "Keras": keras.ops.log_sigmoid,
        "JAX": jax.nn.log_sigmoid,
        "SciPy": lib.special.log_expit,
    },
    "logsumexp": {
        "PyTorch": lambda z: torch.logsumexp(lib.tensor(z), -1),
        "TensorFlow": lambda z: tf.reduce_logsumexp(z, -1),
        "Keras": lambda z: keras.ops.logsumexp(z, axis=-1),
        "JAX": lambda z: jax.nn.logsumexp(jnp.asarray(z), axis=-1),
        "SciPy": lambda z: lib.special.logsumexp(z, axis=-1),
    },
}


@pytest.mark.parametrize(
    ("function", "library"), [(name, library) for name, calls in CALLS.items() for library in calls]
)
def test_value(function, library):
    ours = getattr(activations, function)(Z)
    close(ours, np.asarray(CALLS[function][library](Z)), rtol=1e-11)


@pytest.mark.parametrize("temperature", [1.0, 0.5, 4.0])
@pytest.mark.parametrize("function", ["softmax", "log_softmax"])
def test_derivative_in_a_direction(function, temperature):
    ours = getattr(activations, f"{function}_jvp")(Z, DIRECTION, temperature=temperature)
    _, by_jax = jax.jvp(lambda z: getattr(jax.nn, function)(z / temperature), (Z,), (DIRECTION,))
    _, by_torch = torch.autograd.functional.jvp(
        lambda z: getattr(torch, function)(z / temperature, -1),
        (lib.tensor(Z),),
        (lib.tensor(DIRECTION),),
    )
    z = tf.constant(Z)
    with tf.autodiff.ForwardAccumulator(z, tf.constant(DIRECTION)) as forward:
        values = getattr(tf.nn, function)(z / temperature)
    for theirs in (by_jax, by_torch.numpy(), forward.jvp(values).numpy()):
        close(ours, theirs, rtol=1e-10)


@pytest.mark.parametrize(
    ("function", "by_jax", "by_torch"),
    [
        ("sigmoid", jax.nn.sigmoid, torch.sigmoid),
        ("log_sigmoid", jax.nn.log_sigmoid, functional.logsigmoid),
        ("logsumexp", lambda z: jax.nn.logsumexp(z, axis=-1), lambda z: torch.logsumexp(z, -1)),
    ],
)
def test_gradient(function, by_jax, by_torch):
    ours = getattr(activations, f"{function}_grad")(Z)
    x = torch.tensor(Z, requires_grad=True)
    by_torch(x).sum().backward()
    close(ours, x.grad.numpy())
    close(ours, jax.grad(lambda z: by_jax(z).sum())(jnp.array(Z)))
