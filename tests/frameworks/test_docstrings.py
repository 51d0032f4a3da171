"""Each call of a framework that a docstring names gives the number that the docstring says."""

import inspect
import re
from functools import partial

import jax
import keras
import libraries as lib
import numpy as np
import optax
import pytest
import scipy.special
import sklearn.metrics
import tensorflow as tf
import torch
from test_losses import TWINS, K, N, labels, scores

from xent_lib import activations, losses

close = partial(np.testing.assert_allclose, rtol=1e-11, atol=1e-14)

NAMESPACE = {
    "jax": jax,
    "keras": keras,
    "optax": optax,
    "scipy": scipy,
    "sklearn": sklearn,
    "tf": tf,
    "torch": torch,
}
CALL = re.compile(rf"``((?:{'|'.join(NAMESPACE)})\.[\w.]+(?:\([^`]*\))?)``")

# What the docstrings tell besides: theirs is ours times this.
FACTORS = {
    ("multilabel_cross_entropy", "torch.nn.BCEWithLogitsLoss"): 1 / K,
    ("multilabel_cross_entropy", "torch.nn.MultiLabelSoftMarginLoss"): 1 / K,
    ("multilabel_cross_entropy", "keras.losses.BinaryCrossentropy"): 1 / K,
    ("squared_error", "optax.l2_loss"): 1 / 2,
}


def named(module):
    """The calls that the docstrings of a module name: [(function, call), …]."""
    return [
        (name, re.sub(r"\s+", " ", call))
        for name in module.__all__
        for call in CALL.findall(inspect.getdoc(getattr(module, name)))
    ]


def test_the_docstrings_name_calls_of_each_framework():
    found = [call for module in (losses, activations) for _, call in named(module)]
    assert {call.partition(".")[0] for call in found} == set(NAMESPACE)


@pytest.mark.parametrize(("loss", "call"), named(losses))
def test_the_call_gives_the_number_of_the_loss(loss, call):
    rng = np.random.default_rng(11)
    if loss == "pairwise_logistic":
        preferred, other = scores(rng), scores(rng)
        ours = losses.pairwise_logistic(preferred, other)
        truth, prediction = np.ones(N), preferred - other
    else:
        draw_truth, draw_prediction, _ = TWINS[loss]
        truth, prediction = draw_truth(rng), draw_prediction(rng)
        if "sklearn" in call and truth.dtype == float and loss.endswith("cross_entropy"):
            truth = truth.round() if truth.ndim == 1 else np.eye(K)[labels(rng)]
        ours = getattr(losses, loss)(truth, prediction)
    their = theirs(call, loss, truth, prediction)
    close(ours * FACTORS.get((loss, call), 1), np.mean(their))


def theirs(call, loss, truth, prediction):
    package = call.partition(".")[0]
    function = eval(call, NAMESPACE | {"gamma": 2.0})
    if package == "keras":
        if isinstance(function, type):
            options = {"from_logits": True} if loss == "multilabel_cross_entropy" else {}
            function = function(**options)
        function = type(function).from_config({**function.get_config(), "dtype": "float64"})
        if "Categorical" in call and "Sparse" not in call and truth.ndim == 1:
            truth = np.eye(K)[truth]
        if prediction.ndim == 1:
            truth, prediction = truth[:, None], prediction[:, None]
        return np.asarray(function(truth, prediction))
    if package == "torch":
        if "NLL" in call:
            prediction = np.log(prediction)
        return function()(lib.tensor(prediction), lib.tensor(truth)).numpy()
    if package == "optax":
        return np.asarray(function(prediction, truth))
    if package == "sklearn" and loss.startswith("sparse"):
        return function(truth, prediction, labels=range(K))
    return np.asarray(function(truth, prediction))


@pytest.mark.parametrize(("activation", "call"), named(activations))
def test_the_call_gives_the_value_of_the_activation(activation, call):
    z = np.random.default_rng(12).normal(0, 3, (N, K))
    function = eval(call, NAMESPACE)
    given = lib.tensor(z) if call.startswith("torch") else jax.numpy.asarray(z)
    given = z if call.startswith(("tf", "scipy")) else given
    along = {"dim": -1} if call.startswith("torch") else {"axis": -1}
    options = {} if "sigmoid" in activation else along
    close(getattr(activations, activation)(z), np.asarray(function(given, **options)))
