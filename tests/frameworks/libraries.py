"""The same losses as each library computes them: what the tests compare and the table measures.

Every call takes NumPy arrays, the truth first, and gives what that library gives. Where a library
can be told to keep float64, it is told. The losses of JAX are those of Optax. A library without
the loss, and without parts that its own documentation puts together to that loss, has no entry.
"NumPy formula" is the line that a careful textbook prints: the largest logit taken off, no case
looked after.
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import environment  # noqa: F401 (first of all)
import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import tensorflow as tf
import torch
from scipy import special, stats
from sklearn import metrics
from torch.nn import functional

import xent_lib
from xent_lib import activations, losses

Calls = dict[str, Callable[..., Any]]

NAMES = [
    "xent_lib",
    "NumPy formula",
    "SciPy",
    "scikit-learn",
    "PyTorch",
    "TensorFlow",
    "Keras",
    "JAX",
]
PACKAGES = {
    "NumPy": "numpy",
    "SciPy": "scipy",
    "scikit-learn": "scikit-learn",
    "PyTorch": "torch",
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "JAX": "jax",
    "Optax": "optax",
}


def versions() -> dict[str, str]:
    """The version of each library, without the mark of the build (`2.13.0+cpu`)."""
    numbers = {name: package_version(package) for name, package in PACKAGES.items()}
    return {"xent_lib": xent_lib.__version__, **numbers}


def package_version(package: str) -> str:
    if package == "tensorflow":
        return str(tf.__version__)  # installed as tensorflow or as tensorflow-cpu
    return version(package).partition("+")[0]


def tensor(values: Any) -> torch.Tensor:
    return torch.as_tensor(np.array(values))


def keras_loss(kind: type, **options: Any) -> Callable[..., Any]:
    return kind(dtype="float64", **options)


# From logits


def numpy_log_softmax(z):
    z = z - np.max(z, axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


def numpy_softmax(z):
    exps = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return exps / np.sum(exps, axis=-1, keepdims=True)


def numpy_sigmoid_cross_entropy(t, z):
    return np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))


SOFTMAX: Calls = {
    "xent_lib": activations.softmax,
    "NumPy formula": numpy_softmax,
    "SciPy": lambda z: special.softmax(z, axis=-1),
    "PyTorch": lambda z: torch.softmax(tensor(z), -1),
    "TensorFlow": tf.nn.softmax,
    "Keras": keras.ops.softmax,
    "JAX": jax.nn.softmax,
}
LOG_SOFTMAX: Calls = {
    "xent_lib": activations.log_softmax,
    "NumPy formula": numpy_log_softmax,
    "SciPy": lambda z: special.log_softmax(z, axis=-1),
    "PyTorch": lambda z: torch.log_softmax(tensor(z), -1),
    "TensorFlow": tf.nn.log_softmax,
    "Keras": keras.ops.log_softmax,
    "JAX": jax.nn.log_softmax,
}
SIGMOID: Calls = {
    "xent_lib": activations.sigmoid,
    "NumPy formula": lambda z: 1 / (1 + np.exp(-z)),
    "SciPy": special.expit,
    "PyTorch": lambda z: torch.sigmoid(tensor(z)),
    "TensorFlow": tf.sigmoid,
    "Keras": keras.ops.sigmoid,
    "JAX": jax.nn.sigmoid,
}
#: Labels (N,), logits (N, K); the mean over the examples.
SPARSE_FROM_LOGITS: Calls = {
    "xent_lib": losses.sparse_softmax_cross_entropy,
    "NumPy formula": lambda y, z: -np.mean(numpy_log_softmax(z)[np.arange(len(y)), y]),
    "SciPy": lambda y, z: -np.mean(special.log_softmax(z, axis=-1)[np.arange(len(y)), y]),
    "PyTorch": lambda y, z: functional.cross_entropy(tensor(z), tensor(y)),
    "TensorFlow": lambda y, z: tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, z)),
    "Keras": lambda y, z: keras_loss(keras.losses.SparseCategoricalCrossentropy, from_logits=True)(
        y, z
    ),
    "JAX": lambda y, z: jnp.mean(
        optax.softmax_cross_entropy_with_integer_labels(jnp.array(z), jnp.array(y))
    ),
}
#: Targets (N, K), logits (N, K).
CATEGORICAL_FROM_LOGITS: Calls = {
    "xent_lib": losses.softmax_cross_entropy,
    "NumPy formula": lambda t, z: -np.mean(np.sum(t * numpy_log_softmax(z), axis=-1)),
    "SciPy": lambda t, z: -np.mean(np.sum(t * special.log_softmax(z, axis=-1), axis=-1)),
    "PyTorch": lambda t, z: functional.cross_entropy(tensor(z), tensor(t)),
    "TensorFlow": lambda t, z: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(t, z)),
    "Keras": lambda t, z: keras_loss(keras.losses.CategoricalCrossentropy, from_logits=True)(t, z),
    "JAX": lambda t, z: jnp.mean(optax.softmax_cross_entropy(jnp.array(z), t)),
}
#: Targets and logits of one shape.
BINARY_FROM_LOGITS: Calls = {
    "xent_lib": losses.sigmoid_cross_entropy,
    "NumPy formula": lambda t, z: np.mean(numpy_sigmoid_cross_entropy(t, z)),
    "PyTorch": lambda t, z: functional.binary_cross_entropy_with_logits(tensor(z), tensor(t)),
    "TensorFlow": lambda t, z: tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(t, z)),
    "Keras": lambda t, z: keras_loss(keras.losses.BinaryCrossentropy, from_logits=True)(t, z),
    "JAX": lambda t, z: jnp.mean(optax.sigmoid_binary_cross_entropy(jnp.array(z), t)),
}

# From probabilities

BINARY: Calls = {
    "xent_lib": losses.binary_cross_entropy,
    "NumPy formula": lambda t, q: -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q)),
    "scikit-learn": lambda t, q: metrics.log_loss(t, q, labels=[0, 1]),
    "PyTorch": lambda t, q: functional.binary_cross_entropy(tensor(q), tensor(t)),
    "Keras": lambda t, q: keras_loss(keras.losses.BinaryCrossentropy)(t, q),
}
#: Labels (N,), probabilities (N, K).
SPARSE: Calls = {
    "xent_lib": losses.sparse_categorical_cross_entropy,
    "NumPy formula": lambda y, q: -np.mean(np.log(q[np.arange(len(y)), y])),
    "scikit-learn": lambda y, q: metrics.log_loss(y, q, labels=range(q.shape[1])),
    "PyTorch": lambda y, q: functional.nll_loss(tensor(q).log(), tensor(y)),
    "Keras": lambda y, q: keras_loss(keras.losses.SparseCategoricalCrossentropy)(y, q),
}
#: Two distributions.
CROSS_ENTROPY: Calls = {
    "xent_lib": lambda p, q: xent_lib.cross_entropy(p, q, base=np.e),
    "NumPy formula": lambda p, q: -np.sum(p * np.log(q)),
    "SciPy": lambda p, q: stats.entropy(p) + stats.entropy(p, q),
    "PyTorch": lambda p, q: -(tensor(p) * tensor(q).log()).sum(),
    "TensorFlow": lambda p, q: -tf.reduce_sum(p * tf.math.log(q)),
    "Keras": lambda p, q: keras_loss(keras.losses.CategoricalCrossentropy)(p[None], q[None]),
    "JAX": lambda p, q: -jnp.sum(p * jnp.log(q)),
}
KL: Calls = {
    "xent_lib": lambda p, q: xent_lib.kl_divergence(p, q, base=np.e),
    "NumPy formula": lambda p, q: np.sum(p * np.log(p / q)),
    "SciPy": stats.entropy,
    "PyTorch": lambda p, q: functional.kl_div(tensor(q).log(), tensor(p), reduction="sum"),
    "Keras": lambda p, q: keras_loss(keras.losses.KLDivergence)(p[None], q[None]),
    "JAX": lambda p, q: optax.kl_divergence(jnp.log(q), p),
}
BINARY_ENTROPY: Calls = {
    "xent_lib": lambda p: xent_lib.binary_entropy(p, base=np.e),
    "NumPy formula": lambda p: -p * np.log(p) - (1 - p) * np.log(1 - p),
    "SciPy": lambda p: special.entr(p) + special.entr(1 - p),
    "PyTorch": lambda p: torch.special.entr(tensor(p)) + torch.special.entr(1 - tensor(p)),
    "JAX": lambda p: jax.scipy.special.entr(p) + jax.scipy.special.entr(1 - p),
}
