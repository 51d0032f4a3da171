"""Each trap of the explorable figure prints what the framework prints."""

import keras
import libraries as lib
import numpy as np
import pytest
import tensorflow as tf
import torch
from torch.nn import functional

from xent_lib.explorables.traps import LABELS, LOGITS, TRAPS

CALLS = {
    "softmax twice": lambda y, z, q: torch.nn.CrossEntropyLoss()(lib.tensor(q), lib.tensor(y)),
    "logits as probs": lambda y, z, q: lib.keras_loss(keras.losses.SparseCategoricalCrossentropy)(
        y, z
    ),
    "labels as rows": lambda y, z, q: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, z)),
    "sum": lambda y, z, q: torch.nn.CrossEntropyLoss(reduction="sum")(lib.tensor(z), lib.tensor(y)),
    "bits": lambda y, z, q: functional.cross_entropy(lib.tensor(z), lib.tensor(y)) / np.log(2),
    "clipped": lambda y, z, q: lib.keras_loss(keras.losses.SparseCategoricalCrossentropy)(y, q),
    "swapped": lambda y, z, q: functional.cross_entropy(lib.tensor(np.eye(3)[y]), lib.tensor(q)),
    "float16": lambda y, z, q: -lib.tensor(q).half()[range(3), y].double().log().mean(),
}
LABELS = np.array(LABELS)
RNG = np.random.default_rng(13)
BATCHES = [np.array(LOGITS), *RNG.normal(0, 4, (5, 3, 3)), *(12 * RNG.normal(0, 1, (5, 3, 3)))]


@pytest.mark.parametrize(("name", "trap"), [(name, trap) for name, _, trap in TRAPS])
def test_the_framework_prints_what_the_figure_shows(name, trap):
    for logits in BATCHES:
        probs = lib.numpy_softmax(logits)
        theirs = float(CALLS[name](LABELS, logits, probs))
        np.testing.assert_allclose(trap(LABELS, logits), theirs, rtol=1e-9, atol=1e-12)


def test_every_trap_is_tried():
    assert set(CALLS) == {name for name, _, _ in TRAPS}
