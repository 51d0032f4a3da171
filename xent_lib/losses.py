"""Loss functions, always in nats, each with its gradient beside it.

The truth comes first, the prediction second. What takes `logits` has softmax or sigmoid in its
name; what takes `probs` has not: so one cannot be given for the other unseen. ``X_and_grad`` takes
what ``X`` takes and returns the loss together with its gradient by the prediction.

Options that the losses share:

sample_weight
    One weight an example, at least 0; by default each counts 1.
class_weight
    One weight a class, at least 0: an example counts by the weight of its class.
label_smoothing
    The share of each target, between 0 and 1, that is taken away and spread evenly over the
    classes.
reduction
    ``"mean"``, the default, is the weighted mean: the sum divided by the sum of the weights.
    ``"sum"`` is the sum, ``"none"`` gives the loss of each example.

An example whose weight is 0 counts for nothing, though its loss may be infinite. Integers are
computed in float64, float16 in float32, and float32 stays float32.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from xent_lib._events import check_distributions, expected_surprise
from xent_lib._logits import BLOCK, Block, as_rows, blocks
from xent_lib._validation import (
    Array,
    FloatOrArray,
    as_number,
    as_real_array,
    as_scalar,
    check_probabilities,
    check_same_shape,
    refuse_first,
    working_dtype,
)
from xent_lib.activations import expit, softplus

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_and_grad",
    "categorical_cross_entropy",
    "categorical_cross_entropy_and_grad",
    "focal_loss",
    "focal_loss_and_grad",
    "hinge",
    "hinge_and_grad",
    "multilabel_cross_entropy",
    "multilabel_cross_entropy_and_grad",
    "pairwise_logistic",
    "pairwise_logistic_and_grad",
    "sigmoid_cross_entropy",
    "sigmoid_cross_entropy_and_grad",
    "softmax_cross_entropy",
    "softmax_cross_entropy_and_grad",
    "sparse_categorical_cross_entropy",
    "sparse_categorical_cross_entropy_and_grad",
    "sparse_softmax_cross_entropy",
    "sparse_softmax_cross_entropy_and_grad",
    "squared_error",
    "squared_error_and_grad",
]

LossAndGrad: TypeAlias = tuple[FloatOrArray, Array]


# --- Two outcomes --------------------------------------------------------------------------------


def binary_cross_entropy(
    targets: npt.ArrayLike,
    probs: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Cross-entropy of yes-or-no outcomes: ``-t * log(q) - (1 - t) * log(1 - q)``.

    Parameters
    ----------
    targets : array_like
        What happened: 1 or 0, or a probability in between (a soft target). Any shape.
    probs : array_like
        The probability predicted for a 1, in the shape of `targets`.
    sample_weight : array_like, optional
        A weight for each of the outcomes, in their shape.
    class_weight : (float, float), optional
        How much an outcome of 0 and one of 1 counts.
    label_smoothing : float, optional
        Moves the targets towards 1/2: ``t * (1 - s) + s / 2``.
    reduction : {"mean", "sum", "none"}
        The mean over all outcomes, their sum, or the loss of each.

    Returns
    -------
    float or ndarray
        The loss in nats: 0 for a certain prediction that comes true, infinite for one that does
        not.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If targets or probabilities lie outside [0, 1], the shapes differ, a weight is negative, or
        all weights are 0.

    See Also
    --------
    sigmoid_cross_entropy : The same from logits, where the digits of a small loss are kept.

    Notes
    -----
    Of the same number: ``sklearn.metrics.log_loss``, ``torch.nn.BCELoss``,
    ``keras.losses.BinaryCrossentropy``. They clip: no loss of theirs is infinite.

    Derived in the chapter *Likelihood and log loss*.

    Examples
    --------
    >>> round(binary_cross_entropy([1, 0], [0.8, 0.1]), 4)
    0.1643
    >>> binary_cross_entropy([1, 0], [1.0, 1.0], reduction="none")
    array([ 0., inf])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _binary(_costs_of_probs, "probs", targets, probs, options)[0]


def binary_cross_entropy_and_grad(
    targets: npt.ArrayLike,
    probs: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`binary_cross_entropy` gives it, and its gradient by `probs`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        Its slopes, ``(q - t) / (q * (1 - q))`` for each outcome times its share in the reduction,
        in the shape of `probs`. Infinite where the loss is.

    Examples
    --------
    >>> loss, grad = binary_cross_entropy_and_grad([1, 0], [0.5, 0.2], reduction="sum")
    >>> grad
    array([-2.  ,  1.25])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _binary(_costs_of_probs, "probs", targets, probs, options, with_grad=True)


def sigmoid_cross_entropy(
    targets: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Binary cross-entropy of the probabilities ``sigmoid(logits)``, from the logits.

    Parameters
    ----------
    targets : array_like
        What happened: 1 or 0, or a probability in between (a soft target). Any shape.
    logits : array_like
        The logit predicted for a 1, in the shape of `targets`; it may be infinite.
    sample_weight, class_weight, label_smoothing, reduction
        As in :func:`binary_cross_entropy`.

    Returns
    -------
    float or ndarray
        The loss in nats, with all its digits down to the smallest numbers there are.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If targets lie outside [0, 1], a logit is NaN, the shapes differ, a weight is negative, or
        all weights are 0.

    Notes
    -----
    The loss is ``t * softplus(-z) + (1 - t) * softplus(z)``: both terms are at least 0, so nothing
    cancels. The same as ``torch.nn.BCEWithLogitsLoss``,
    ``keras.losses.BinaryCrossentropy(from_logits=True)``,
    ``tf.nn.sigmoid_cross_entropy_with_logits`` and ``optax.sigmoid_binary_cross_entropy``.

    Derived in the chapter *Sigmoid, softmax, argmax*.

    Examples
    --------
    >>> round(sigmoid_cross_entropy([1, 0], [0.0, 0.0]), 4)
    0.6931
    >>> print(f"{sigmoid_cross_entropy(0, -40.0):.3g}")
    4.25e-18
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _binary(_costs_of_logits, "logits", targets, logits, options)[0]


def sigmoid_cross_entropy_and_grad(
    targets: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`sigmoid_cross_entropy` gives it, and its gradient by `logits`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        Its slopes, ``sigmoid(z) - t`` for each outcome times its share in the reduction, in the
        shape of `logits`.

    Notes
    -----
    Derived in the chapter *Gradients*.

    Examples
    --------
    >>> loss, grad = sigmoid_cross_entropy_and_grad([1, 0], [0.0, 0.0], reduction="sum")
    >>> grad
    array([-0.5,  0.5])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _binary(_costs_of_logits, "logits", targets, logits, options, with_grad=True)


def multilabel_cross_entropy(
    targets: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Sum of one binary cross-entropy a label, for examples that may have several labels.

    Parameters
    ----------
    targets : array_like, shape (..., L)
        Which of L labels each example has: 1 or 0, or a probability in between.
    logits : array_like, shape (..., L)
        One logit a label.
    sample_weight : array_like, shape (...), optional
        A weight for each example.
    label_smoothing : float, optional
        As in :func:`binary_cross_entropy`.
    reduction : {"mean", "sum", "none"}
        The mean over the examples (not over the labels), their sum, or the loss of each.

    Returns
    -------
    float or ndarray
        The loss in nats.

    Raises
    ------
    TypeError, ValueError
        As :func:`sigmoid_cross_entropy` does.

    Notes
    -----
    The mean over the labels too, as ``torch.nn.BCEWithLogitsLoss``,
    ``torch.nn.MultiLabelSoftMarginLoss`` and ``keras.losses.BinaryCrossentropy`` take it, is this
    number divided by L.

    Derived in the chapter *Loss functions*.

    Examples
    --------
    >>> round(multilabel_cross_entropy([[1, 0, 1]], [[0.0, 0.0, 0.0]]), 4)
    2.0794
    """
    options = _Options(sample_weight, None, label_smoothing, reduction)
    return _binary(_costs_of_logits, "logits", targets, logits, options, summed=True)[0]


def multilabel_cross_entropy_and_grad(
    targets: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`multilabel_cross_entropy` gives it, and its gradient by `logits`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        ``sigmoid(z) - t`` for each label times the example's share in the reduction, in the shape
        of `logits`.

    Examples
    --------
    >>> loss, grad = multilabel_cross_entropy_and_grad([[1, 0]], [[0.0, 0.0]])
    >>> grad
    array([[-0.5,  0.5]])
    """
    options = _Options(sample_weight, None, label_smoothing, reduction)
    return _binary(
        _costs_of_logits, "logits", targets, logits, options, summed=True, with_grad=True
    )


# --- Several classes, the truth as a distribution ------------------------------------------------


def categorical_cross_entropy(
    targets: npt.ArrayLike,
    probs: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Cross-entropy of predicted distributions relative to the targets: ``-sum(t * log(q))``.

    Parameters
    ----------
    targets : array_like, shape (..., K)
        The true distribution of each example over K classes: one-hot, or soft.
    probs : array_like, shape (..., K)
        The predicted distribution of each example.
    sample_weight : array_like, shape (...), optional
        A weight for each example.
    class_weight : array_like, shape (K,), optional
        A weight for each class: the terms of the sum count by it.
    label_smoothing : float, optional
        Mixes the targets with the uniform distribution: ``t * (1 - s) + s / K``.
    reduction : {"mean", "sum", "none"}
        The mean over the examples, their sum, or the loss of each.

    Returns
    -------
    float or ndarray
        The loss in nats: infinite where a class that happens was given probability 0; a class
        that does not happen adds nothing.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If a distribution does not sum to 1 or holds a negative number or a NaN, the shapes differ,
        a weight is negative, or all weights are 0.

    See Also
    --------
    softmax_cross_entropy : The same from logits, where the digits of a small loss are kept.
    xent_lib.information.cross_entropy : The same number, in the unit that you ask for.

    Notes
    -----
    Of the same number: ``sklearn.metrics.log_loss`` with one-hot targets, and
    ``keras.losses.CategoricalCrossentropy``. They clip: no loss of theirs is infinite.

    Derived in the chapter *Loss functions*.

    Examples
    --------
    >>> round(categorical_cross_entropy([0, 1, 0], [0.228, 0.619, 0.153]), 4)
    0.4797
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _categorical(_parts_of_probs, "probs", targets, probs, options)[0]


def categorical_cross_entropy_and_grad(
    targets: npt.ArrayLike,
    probs: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`categorical_cross_entropy` gives it, and its gradient by `probs`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        ``-t / q`` times the example's share in the reduction, in the shape of `probs`: each
        probability for itself, as if it could move without the others.

    Examples
    --------
    >>> loss, grad = categorical_cross_entropy_and_grad([0, 1, 0], [0.25, 0.5, 0.25])
    >>> grad
    array([ 0., -2.,  0.])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _categorical(_parts_of_probs, "probs", targets, probs, options, with_grad=True)


def softmax_cross_entropy(
    targets: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Cross-entropy of the distributions ``softmax(logits)``, from the logits.

    Parameters
    ----------
    targets : array_like, shape (..., K)
        The true distribution of each example over K classes: one-hot, or soft.
    logits : array_like, shape (..., K)
        One logit a class. −inf forbids a class; +inf, once a row, makes it certain.
    sample_weight, class_weight, label_smoothing, reduction
        As in :func:`categorical_cross_entropy`.

    Returns
    -------
    float or ndarray
        The loss in nats, with all its digits. A forbidden class that does not happen adds nothing.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If targets do not sum to 1 or hold a negative number; if a logit is NaN, or the logits of a
        row are all −inf or several of them +inf; if the shapes differ, a weight is negative, or all
        weights are 0.

    Notes
    -----
    The same as ``torch.nn.CrossEntropyLoss`` with probabilities as targets,
    ``keras.losses.CategoricalCrossentropy(from_logits=True)``,
    ``tf.nn.softmax_cross_entropy_with_logits`` and ``optax.softmax_cross_entropy``.

    Derived in the chapter *Loss functions*.

    Examples
    --------
    >>> round(softmax_cross_entropy([0.5, 0.5], [0.0, 0.0]), 4)
    0.6931
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _categorical(_parts_of_logits, "logits", targets, logits, options)[0]


def softmax_cross_entropy_and_grad(
    targets: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`softmax_cross_entropy` gives it, and its gradient by `logits`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        ``probs - targets`` times the example's share in the reduction, in the shape of `logits`.

    Notes
    -----
    Derived in the chapter *Gradients*.

    Examples
    --------
    >>> loss, grad = softmax_cross_entropy_and_grad([0.5, 0.5], [0.0, math.log(3)])
    >>> grad
    array([-0.25,  0.25])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _categorical(_parts_of_logits, "logits", targets, logits, options, with_grad=True)


# --- Several classes, the truth as a label -------------------------------------------------------


def sparse_categorical_cross_entropy(
    labels: npt.ArrayLike,
    probs: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Surprise at the true classes: ``-log(q[label])``.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The number of each example's class, from 0 to K − 1.
    probs : array_like, shape (..., K)
        The predicted distribution of each example.
    sample_weight : array_like, shape (...), optional
        A weight for each example.
    class_weight : array_like, shape (K,), optional
        A weight for each class.
    label_smoothing : float, optional
        As in :func:`categorical_cross_entropy`.
    reduction : {"mean", "sum", "none"}
        The mean over the examples, their sum, or the loss of each.

    Returns
    -------
    float or ndarray
        The loss in nats: that of :func:`categorical_cross_entropy` with one-hot targets. Infinite
        where the true class was given probability 0.

    Raises
    ------
    TypeError
        If labels are no integers, or probabilities no real numbers.
    ValueError
        If a label is below 0 or above K − 1; if a distribution does not sum to 1 or holds a
        negative number; if the shapes differ, a weight is negative, or all weights are 0.

    Notes
    -----
    The same as ``sklearn.metrics.log_loss``, ``keras.losses.SparseCategoricalCrossentropy`` and,
    from ``log(probs)``, ``torch.nn.NLLLoss``. The first two clip: no loss of theirs is infinite.

    Derived in the chapter *Loss functions*.

    Examples
    --------
    >>> round(sparse_categorical_cross_entropy(0, [0.7, 0.2, 0.1]), 4)
    0.3567
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _sparse(_parts_of_probs, "probs", labels, probs, options)[0]


def sparse_categorical_cross_entropy_and_grad(
    labels: npt.ArrayLike,
    probs: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`sparse_categorical_cross_entropy` gives it, and its gradient by `probs`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        ``-1 / q`` at the true class times the example's share in the reduction, 0 elsewhere, in the
        shape of `probs`.

    Examples
    --------
    >>> loss, grad = sparse_categorical_cross_entropy_and_grad(1, [0.25, 0.5, 0.25])
    >>> grad
    array([ 0., -2.,  0.])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _sparse(_parts_of_probs, "probs", labels, probs, options, with_grad=True)


def sparse_softmax_cross_entropy(
    labels: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> FloatOrArray:
    """Surprise at the true classes, from the logits: ``logsumexp(logits) - logits[label]``.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The number of each example's class, from 0 to K − 1.
    logits : array_like, shape (..., K)
        One logit a class. −inf forbids a class; +inf, once a row, makes it certain.
    sample_weight, class_weight, label_smoothing, reduction
        As in :func:`sparse_categorical_cross_entropy`.

    Returns
    -------
    float or ndarray
        The loss in nats, with all its digits down to the smallest numbers there are.

    Raises
    ------
    TypeError
        If labels are no integers, or logits no real numbers.
    ValueError
        If a label is below 0 or above K − 1; if a logit is NaN, or the logits of a row are all −inf
        or several of them +inf; if the shapes differ, a weight is negative, or all weights are 0.

    Notes
    -----
    The same as ``torch.nn.CrossEntropyLoss``,
    ``keras.losses.SparseCategoricalCrossentropy(from_logits=True)``,
    ``tf.nn.sparse_softmax_cross_entropy_with_logits`` and
    ``optax.softmax_cross_entropy_with_integer_labels``.

    Derived in the chapter *Loss functions*.

    Examples
    --------
    >>> round(sparse_softmax_cross_entropy([0, 1], [[0.0, 0.0], [0.0, 0.0]]), 4)
    0.6931
    >>> print(f"{sparse_softmax_cross_entropy(0, [40.0, 0.0]):.3g}")
    4.25e-18
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _sparse(_parts_of_logits, "logits", labels, logits, options)[0]


def sparse_softmax_cross_entropy_and_grad(
    labels: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`sparse_softmax_cross_entropy` gives it, and its gradient by `logits`.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grad : ndarray
        ``probs``, less 1 at the true class, times the example's share in the reduction, in the
        shape of `logits`.

    Notes
    -----
    Derived in the chapter *Gradients*.

    Examples
    --------
    >>> loss, grad = sparse_softmax_cross_entropy_and_grad(1, [0.0, 0.0])
    >>> grad
    array([ 0.5, -0.5])
    """
    options = _Options(sample_weight, class_weight, label_smoothing, reduction)
    return _sparse(_parts_of_logits, "logits", labels, logits, options, with_grad=True)


def focal_loss(
    labels: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    gamma: float = 2.0,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> FloatOrArray:
    """Cross-entropy that looks away from what is easy: ``-(1 - q[label])**gamma * log(q[label])``.

    Parameters
    ----------
    labels : array_like of int, shape (...)
        The number of each example's class, from 0 to K − 1.
    logits : array_like, shape (..., K)
        One logit a class.
    gamma : float, optional
        How strongly to look away, at least 0; 0 gives :func:`sparse_softmax_cross_entropy`.
    sample_weight, class_weight, reduction
        As in :func:`sparse_categorical_cross_entropy`. The class weights are often called alpha.

    Returns
    -------
    float or ndarray
        The loss in nats times the factor. It is not the surprise at anything any more, and the
        best prediction for it is not the true probability.

    Raises
    ------
    TypeError, ValueError
        As :func:`sparse_softmax_cross_entropy` does; also if `gamma` is negative.

    Notes
    -----
    The same as ``keras.losses.CategoricalFocalCrossentropy(alpha=1, gamma=gamma,
    from_logits=True)`` with one-hot targets, up to its clipping.

    Derived in the chapter *What is a good score?*; introduced by Lin and others [1]_.

    References
    ----------
    .. [1] Lin, T.-Y., Goyal, P., Girshick, R., He, K. and Dollár, P. (2017). Focal loss for dense
       object detection. ICCV 2017, 2980-2988.

    Examples
    --------
    >>> round(focal_loss(0, [0.0, 0.0], gamma=2), 4)
    0.1733
    """
    return _focal(labels, logits, gamma, _Options(sample_weight, class_weight, 0.0, reduction))[0]


def focal_loss_and_grad(
    labels: npt.ArrayLike,
    logits: npt.ArrayLike,
    *,
    gamma: float = 2.0,
    sample_weight: npt.ArrayLike | None = None,
    class_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`focal_loss` gives it, and its gradient by `logits`.

    Returns
    -------
    loss : float or ndarray
        The loss.
    grad : ndarray
        Its gradient, in the shape of `logits`.

    Examples
    --------
    >>> loss, grad = focal_loss_and_grad(0, [0.0, 0.0], gamma=0)
    >>> grad
    array([-0.5,  0.5])
    """
    options = _Options(sample_weight, class_weight, 0.0, reduction)
    return _focal(labels, logits, gamma, options, with_grad=True)


# --- Other losses --------------------------------------------------------------------------------


def squared_error(
    targets: npt.ArrayLike,
    predictions: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> FloatOrArray:
    """Squared difference of prediction and target: ``(prediction - target)**2``.

    Parameters
    ----------
    targets, predictions : array_like
        Finite numbers, in one shape.
    sample_weight : array_like, optional
        A weight for each of them, in their shape.
    reduction : {"mean", "sum", "none"}
        The mean over all numbers, their sum, or the error of each.

    Returns
    -------
    float or ndarray
        The error, in the square of the unit of the targets.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If a number is not finite, the shapes differ, a weight is negative, or all weights are 0.

    Notes
    -----
    The same as ``sklearn.metrics.mean_squared_error``, ``torch.nn.MSELoss`` and
    ``keras.losses.MeanSquaredError``; ``optax.l2_loss`` is half of it.

    Derived in the chapter *Likelihood and log loss*.

    Examples
    --------
    >>> squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return _squared_error(targets, predictions, sample_weight, reduction)[0]


def squared_error_and_grad(
    targets: npt.ArrayLike,
    predictions: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`squared_error` gives it, and its gradient by `predictions`.

    Returns
    -------
    loss : float or ndarray
        The error.
    grad : ndarray
        ``2 * (prediction - target)`` times the share in the reduction, in the shape of
        `predictions`.

    Examples
    --------
    >>> loss, grad = squared_error_and_grad([1.0, 2.0], [1.0, 4.0])
    >>> grad
    array([0., 2.])
    """
    return _squared_error(targets, predictions, sample_weight, reduction, with_grad=True)


def hinge(
    labels: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> FloatOrArray:
    """Hinge loss, which asks for a margin and then is content: ``max(0, 1 - label * score)``.

    Parameters
    ----------
    labels : array_like
        −1 or +1 for each example.
    scores : array_like
        A finite score for each example, whose sign is the decision, in the shape of `labels`.
    sample_weight : array_like, optional
        A weight for each example.
    reduction : {"mean", "sum", "none"}
        The mean over the examples, their sum, or the loss of each.

    Returns
    -------
    float or ndarray
        The loss: 0 from a margin of 1 on. It is no surprise, so it has no unit.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If a label is neither −1 nor +1, a score is not finite, the shapes differ, a weight is
        negative, or all weights are 0.

    Notes
    -----
    The same as ``sklearn.metrics.hinge_loss``, ``keras.losses.Hinge`` and ``optax.hinge_loss``.

    Derived in the chapter *Loss functions*; see Cortes and Vapnik [1]_.

    References
    ----------
    .. [1] Cortes, C. and Vapnik, V. (1995). Support-vector networks. Machine Learning 20, 273-297.

    Examples
    --------
    >>> hinge([1, 1, -1], [2.0, 0.5, 0.5], reduction="none")
    array([0. , 0.5, 1.5])
    """
    return _hinge(labels, scores, sample_weight, reduction)[0]


def hinge_and_grad(
    labels: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> LossAndGrad:
    """Loss as :func:`hinge` gives it, and its gradient by `scores`.

    Returns
    -------
    loss : float or ndarray
        The loss.
    grad : ndarray
        ``-label`` where the margin is below 1 and 0 elsewhere, at the kink too, times the share in
        the reduction, in the shape of `scores`.

    Examples
    --------
    >>> loss, grad = hinge_and_grad([1, 1, -1], [2.0, 0.5, 0.5], reduction="sum")
    >>> grad
    array([ 0., -1.,  1.])
    """
    return _hinge(labels, scores, sample_weight, reduction, with_grad=True)


def pairwise_logistic(
    preferred: npt.ArrayLike,
    other: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> FloatOrArray:
    """Ranking loss of pairs of scores: ``log(1 + exp(-(preferred - other)))``.

    The binary cross-entropy of "this one ranks above that one", with the difference of the scores
    as the logit.

    Parameters
    ----------
    preferred, other : array_like
        Finite scores: of what should rank higher, and of what should rank lower. One shape.
    sample_weight : array_like, optional
        A weight for each pair.
    reduction : {"mean", "sum", "none"}
        The mean over the pairs, their sum, or the loss of each.

    Returns
    -------
    float or ndarray
        The loss in nats: log 2 where the scores are equal.

    Raises
    ------
    TypeError
        If an argument holds anything but real numbers.
    ValueError
        If a score is not finite, the shapes differ, a weight is negative, or all weights are 0.

    Notes
    -----
    The same as ``torch.nn.SoftMarginLoss`` of the difference with targets of 1.

    Derived in the chapter *Loss functions*. The probability of an order is the model of Bradley and
    Terry [1]_; a network was first trained on it by Burges and others [2]_, as RankNet.

    References
    ----------
    .. [1] Bradley, R. A. and Terry, M. E. (1952). Rank analysis of incomplete block designs: I. The
       method of paired comparisons. Biometrika 39, 324-345.
    .. [2] Burges, C. and others (2005). Learning to rank using gradient descent. ICML 2005, 89-96.

    Examples
    --------
    >>> round(pairwise_logistic([2.0], [2.0]), 4)
    0.6931
    """
    return _pairwise(preferred, other, sample_weight, reduction)[0]


def pairwise_logistic_and_grad(
    preferred: npt.ArrayLike,
    other: npt.ArrayLike,
    *,
    sample_weight: npt.ArrayLike | None = None,
    reduction: str = "mean",
) -> tuple[FloatOrArray, tuple[Array, Array]]:
    """Loss as :func:`pairwise_logistic` gives it, and its gradients by both scores.

    Returns
    -------
    loss : float or ndarray
        The loss in nats.
    grads : (ndarray, ndarray)
        The gradient by `preferred`, at most 0, and that by `other`, which is its opposite.

    Examples
    --------
    >>> loss, (up, down) = pairwise_logistic_and_grad([2.0], [2.0])
    >>> up, down
    (array([-0.5]), array([0.5]))
    """
    loss, grad = _pairwise(preferred, other, sample_weight, reduction, with_grad=True)
    return loss, (grad, -grad)


# --- How the losses of examples become one number ------------------------------------------------


@dataclass(frozen=True)
class _Options:
    sample_weight: npt.ArrayLike | None
    class_weight: npt.ArrayLike | None
    label_smoothing: float
    reduction: str


# Rows of examples, the loss of each and, where there is a table for them, the gradient of each.
_Parts: TypeAlias = Iterator[tuple[slice, Array, Any]]


def _reduce(
    parts: Callable[[Array | None], _Parts],
    like: Array,
    shape: tuple[int, ...],
    options: _Options,
    counts: Any,
    with_grad: bool,
) -> LossAndGrad:
    """Weigh the examples, and put their losses and gradients together.

    `parts` is told where the gradients go, if there is to be one. `like` is the prediction, `shape`
    that of the examples, and `counts` how much each example counts by its class: a number for all
    or an array of them.
    """
    if options.reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f'`reduction` is {options.reduction!r}; it must be "mean", "sum" or "none"'
        )
    dtype, count = working_dtype(like), math.prod(shape)
    given = _weights("sample_weight", options.sample_weight, shape)
    weights = None if given is None else given.reshape(-1)
    divisor = 1.0
    if options.reduction == "mean":
        share = counts if weights is None else weights * counts
        divisor = float(np.sum(share)) if np.ndim(share) else count * share
        if divisor == 0:
            raise ValueError("all weights are 0: they leave no mean")
    each = np.empty(count, dtype) if options.reduction == "none" else None
    grads = np.empty(like.shape if with_grad else 0, dtype)
    table = grads.reshape(count, -1) if with_grad else None
    sums = []
    with np.errstate(all="ignore"):  # infinite losses are right where they come
        for rows, losses, slopes in parts(table):
            factor: Any = 1 / divisor
            if weights is not None:
                losses = _times(weights[rows], losses)
                factor = weights[rows, np.newaxis] / divisor
            if each is None:
                sums.append(float(losses.sum(dtype=np.float64)))
            else:
                each[rows] = losses
            if table is not None:
                _times(factor, slopes.reshape(len(losses), -1), into=table[rows])
    loss = np.array(math.fsum(sums) / divisor, dtype) if each is None else each.reshape(shape)
    return as_scalar(loss), grads


def _times(weight: Any, values: Array, into: Array | None = None) -> Array:
    """Return weight × value; what does not count adds nothing, though it be infinite."""
    product: Array = np.multiply(weight, values, out=into, dtype=values.dtype)
    if isinstance(weight, np.ndarray) and not weight.all():
        np.copyto(product, 0, where=weight == 0)
    return product


def _weights(name: str, given: npt.ArrayLike | None, shape: tuple[int, ...]) -> Array | None:
    """Return weights as an array of this shape, once they are fit to weigh with."""
    if given is None:
        return None
    weights = as_real_array(name, given)
    if weights.shape != shape:
        raise ValueError(f"`{name}` has shape {weights.shape}; it must have shape {shape}")
    fit = (weights >= 0) & (weights < math.inf)
    if not fit.all():
        refuse_first(name, weights, ~fit, "a weight must be finite and not negative")
    return weights.astype(working_dtype(weights))


def _smoothing(options: _Options) -> float:
    return as_number("label_smoothing", options.label_smoothing, least=0, most=1)


# --- Two outcomes, computed ----------------------------------------------------------------------


def _costs_of_logits(z: Array) -> tuple[Array, Array, Array, Array]:
    """Return what a 1 costs and what a 0 costs at a logit, and both slopes."""
    return softplus(-z), softplus(z), -expit(-z), expit(z)


def _costs_of_probs(q: Array) -> tuple[Array, Array, Array, Array]:
    """Return what a 1 costs and what a 0 costs at a probability, and both slopes."""
    return 0 - np.log(q), 0 - np.log1p(-q), -1 / q, 1 / (1 - q)


def _binary(
    costs: Any,
    name: str,
    targets: npt.ArrayLike,
    predictions: npt.ArrayLike,
    options: _Options,
    *,
    summed: bool = False,
    with_grad: bool = False,
) -> LossAndGrad:
    """The cross-entropy of outcomes; if `summed`, those of the last axis are one example."""
    target, predicted = as_real_array("targets", targets), as_real_array(name, predictions)
    check_same_shape("targets", target, name, predicted)
    check_probabilities("targets", target)
    if name == "probs":
        check_probabilities(name, predicted)
    elif np.isnan(predicted).any():
        refuse_first(name, predicted, np.isnan(predicted), "a logit must be a number")
    if summed and target.ndim == 0:
        raise ValueError("`targets` is a single number; the labels of an example are an array")
    class_weight = _weights("class_weight", options.class_weight, (2,))
    for_zero, for_one = (1.0, 1.0) if class_weight is None else class_weight.tolist()
    smoothing = _smoothing(options)
    dtype = working_dtype(predicted)
    shape = target.shape[:-1] if summed else target.shape
    truth, belief = (a.reshape(math.prod(shape), -1) for a in (target, predicted))

    def parts(_: Array | None) -> _Parts:
        step = max(1, BLOCK // truth.shape[1])
        for start in range(0, len(truth), step):
            rows = slice(start, start + step)
            t = truth[rows].astype(dtype) * (1 - smoothing) + smoothing / 2
            one, zero = for_one * t, for_zero * (1 - t)
            cost_one, cost_zero, slope_one, slope_zero = costs(belief[rows].astype(dtype))
            losses = _times(one, cost_one) + _times(zero, cost_zero)
            slopes = _times(one, slope_one) + _times(zero, slope_zero)
            yield rows, losses.sum(axis=-1), slopes

    counts: Any = 1.0
    if class_weight is not None:
        counts = (for_one * target + for_zero * (1 - target)).reshape(-1)
    return _reduce(parts, predicted, shape, options, counts, with_grad)


# --- Several classes, computed -------------------------------------------------------------------


def _categorical(
    parts: Any,
    name: str,
    targets: npt.ArrayLike,
    predictions: npt.ArrayLike,
    options: _Options,
    with_grad: bool = False,
) -> LossAndGrad:
    """The cross-entropy of predicted distributions relative to `targets`."""
    target, predicted = as_real_array("targets", targets), as_real_array(name, predictions)
    check_same_shape("targets", target, name, predicted)
    _check_classes(name, predicted)
    check_distributions("targets", target)
    truth = as_rows(target)
    class_weight = _weights("class_weight", options.class_weight, target.shape[-1:])
    counts = 1.0 if class_weight is None else truth @ class_weight
    smooth = partial(_smooth, _smoothing(options), class_weight, working_dtype(predicted))
    found = partial(parts, predicted, targets=lambda rows: smooth(truth[rows]))
    return _reduce(found, predicted, target.shape[:-1], options, counts, with_grad)


def _sparse(
    parts: Any,
    name: str,
    labels: npt.ArrayLike,
    predictions: npt.ArrayLike,
    options: _Options,
    with_grad: bool = False,
) -> LossAndGrad:
    """The surprise at labels; if they are smoothed, as relative to one-hot targets."""
    predicted = as_real_array(name, predictions)
    _check_classes(name, predicted)
    classes = predicted.shape[-1]
    label = _labels(labels, name, predicted)
    class_weight = _weights("class_weight", options.class_weight, (classes,))
    counts = 1.0 if class_weight is None else class_weight[label]
    smoothing = _smoothing(options)
    if smoothing:
        one_hot = np.eye(classes)
        smooth = partial(_smooth, smoothing, class_weight, working_dtype(predicted))
        found = partial(parts, predicted, targets=lambda rows: smooth(one_hot[label[rows]]))
    else:
        found = partial(parts, predicted, labels=label, class_weight=class_weight)
    return _reduce(found, predicted, predicted.shape[:-1], options, counts, with_grad)


def _smooth(smoothing: float, class_weight: Array | None, dtype: Any, targets: Array) -> Array:
    """Return targets mixed with the uniform distribution, each class by its weight."""
    mixed = targets * (1 - smoothing) + smoothing / targets.shape[-1] if smoothing else targets
    return np.asarray(mixed if class_weight is None else mixed * class_weight, dtype)


def _parts_of_logits(
    logits: Array,
    into: Array | None,
    *,
    targets: Any = None,
    labels: Any = None,
    class_weight: Array | None = None,
) -> _Parts:
    """Losses from logits, block by block, relative to weighed targets or to labels."""
    for block in blocks("logits", logits, into=into):
        slopes = None
        if targets is None:
            label = labels[block.rows]
            at_label = (np.arange(len(label)), label)
            losses = -block.values[at_label]
            losses += block.log_sums()
            if into is not None:
                slopes = block.probabilities()
                slopes[at_label] = np.expm1(-losses)  # q − 1, with its digits
            if class_weight is not None:
                weight = class_weight[label]
                losses = _times(weight, losses)
                slopes = None if slopes is None else weight[:, np.newaxis] * slopes
        else:
            target = targets(block.rows)
            mass = target.sum(axis=-1)
            losses = -_times(target, block.values).sum(axis=-1)
            log_sums = block.log_sums()
            losses += mass * log_sums
            if into is not None:
                slopes = _soft_slopes(block, log_sums, target, mass)
        yield block.rows, losses, slopes


def _soft_slopes(block: Block, log_sums: Array, target: Array, mass: Array) -> Array:
    """Return mass·probs − target; a probability close to 1 comes in by what it lacks."""
    led = np.nonzero(block.sums < 2)[0]
    lack = np.expm1(-log_sums[led])
    probs = block.probabilities()
    slopes = np.asarray(mass[:, np.newaxis] * probs - target)
    if led.size:
        top = (led, probs[led].argmax(axis=-1))
        slopes[top] = mass[led] * lack + (mass[led] - target[top])
    return slopes


def _parts_of_probs(
    probs: Array,
    into: Array | None,
    *,
    targets: Any = None,
    labels: Any = None,
    class_weight: Array | None = None,
) -> _Parts:
    """Losses from distributions, block by block, relative to weighed targets or to labels."""
    check_distributions("probs", probs)
    table, dtype = as_rows(probs), working_dtype(probs)
    step = max(1, BLOCK // table.shape[1])
    for start in range(0, len(table), step):
        rows = slice(start, start + step)
        q = table[rows].astype(dtype, copy=False)
        slopes = None
        if targets is None:
            label = labels[rows]
            at_label = (np.arange(len(label)), label)
            weight = 1 if class_weight is None else class_weight[label]
            losses = _times(weight, np.maximum(-np.log(q[at_label]), 0))
            if into is not None:
                slopes = np.zeros_like(q)
                slopes[at_label] = _times(weight, -1 / q[at_label])
        else:
            target = targets(rows)
            losses = expected_surprise(target, q, np.log)
            if into is not None:
                slopes = _times(target, -1 / q)
        yield rows, losses, slopes


def _check_classes(name: str, predicted: Array) -> None:
    if predicted.ndim == 0:
        raise ValueError(f"`{name}` is a single number; it needs one for each class")


def _labels(labels: npt.ArrayLike, name: str, predicted: Array) -> Array:
    """Return labels as a sequence of class numbers, one a row of the prediction."""
    label = as_real_array("labels", labels)
    if label.dtype.kind not in "iu":
        raise TypeError(f"`labels` must be integers, the numbers of classes, not {label.dtype}")
    if label.shape != predicted.shape[:-1]:
        raise ValueError(
            f"`labels` has shape {label.shape} and `{name}` has shape {predicted.shape}; there must"
            f" be one label for each row of `{name}`, in shape {predicted.shape[:-1]}"
        )
    outside = (label < 0) | (label >= predicted.shape[-1])
    if outside.any():
        last = predicted.shape[-1] - 1
        refuse_first("labels", label, outside, f"a label lies between 0 and {last}")
    return label.reshape(-1).astype(np.intp, copy=False)


def _focal(
    labels: npt.ArrayLike,
    logits: npt.ArrayLike,
    gamma: float,
    options: _Options,
    with_grad: bool = False,
) -> LossAndGrad:
    """Cross-entropy times (1 − q)^gamma, by the loss of each example."""
    gamma = as_number("gamma", gamma, least=0)
    plain = _Options(None, None, 0.0, "none")
    loss, grad = _sparse(_parts_of_logits, "logits", labels, logits, plain, with_grad)
    predicted = np.asarray(logits)
    each = np.asarray(loss).reshape(-1)
    class_weight = _weights("class_weight", options.class_weight, predicted.shape[-1:])
    counts: Any = np.ones(1)
    if class_weight is not None:
        counts = class_weight[_labels(labels, "logits", predicted)]

    def parts(into: Array | None) -> _Parts:
        miss = -np.expm1(-each)  # 1 − q, with its digits
        factor = miss**gamma
        slopes = None
        if into is not None:
            # By the loss l = −log q: the slope of (1 − e^−l)^gamma · l, where l/(1 − e^−l) is 1
            # for l = 0, and l·e^−l is 0 for an infinite l.
            ratio = np.where(miss > 0, each / miss, 1)
            fade = np.where(np.isinf(each), 0, ratio * np.exp(-each))
            slope = factor * (1 + gamma * fade)
            slopes = _times((counts * slope)[:, np.newaxis], as_rows(grad))
        yield slice(None), _times(counts, _times(factor, each)), slopes

    shape = predicted.shape[:-1]
    counted = np.broadcast_to(counts, each.shape)
    return _reduce(parts, predicted, shape, options, counted, with_grad)


# --- Other losses, computed ----------------------------------------------------------------------


def _finite(name: str, values: npt.ArrayLike) -> Array:
    array = as_real_array(name, values)
    if not np.isfinite(array).all():
        refuse_first(name, array, ~np.isfinite(array), "it must be finite")
    return array.astype(working_dtype(array), copy=False)


def _paired(
    losses_and_slopes: Any,
    names: tuple[str, str],
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None,
    reduction: str,
    with_grad: bool,
) -> LossAndGrad:
    """A loss of pairs of finite numbers, by a function that gives each loss and its slope."""
    a, b = _finite(names[0], first), _finite(names[1], second)
    check_same_shape(names[0], a, names[1], b)
    options = _Options(sample_weight, None, 0.0, reduction)

    def parts(_: Array | None) -> _Parts:
        yield slice(None), *losses_and_slopes(a.reshape(-1), b.reshape(-1))

    return _reduce(parts, b, b.shape, options, 1.0, with_grad)


def _squared_error(
    targets: npt.ArrayLike,
    predictions: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None,
    reduction: str,
    with_grad: bool = False,
) -> LossAndGrad:
    def losses_and_slopes(target: Array, predicted: Array) -> tuple[Array, Array]:
        residual = predicted - target
        return residual**2, 2 * residual

    names = ("targets", "predictions")
    return _paired(
        losses_and_slopes, names, targets, predictions, sample_weight, reduction, with_grad
    )


def _hinge(
    labels: npt.ArrayLike,
    scores: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None,
    reduction: str,
    with_grad: bool = False,
) -> LossAndGrad:
    label = as_real_array("labels", labels)
    if not (np.abs(label) == 1).all():
        refuse_first("labels", label, np.abs(label) != 1, "a label of the hinge loss is -1 or 1")

    def losses_and_slopes(label: Array, score: Array) -> tuple[Array, Array]:
        lacking = 1 - label * score
        return np.maximum(lacking, 0), np.where(lacking > 0, -label, 0)

    names = ("labels", "scores")
    return _paired(losses_and_slopes, names, label, scores, sample_weight, reduction, with_grad)


def _pairwise(
    preferred: npt.ArrayLike,
    other: npt.ArrayLike,
    sample_weight: npt.ArrayLike | None,
    reduction: str,
    with_grad: bool = False,
) -> LossAndGrad:
    def losses_and_slopes(high: Array, low: Array) -> tuple[Array, Array]:
        lead = high - low
        return softplus(-lead), -expit(-lead)

    names = ("preferred", "other")
    return _paired(losses_and_slopes, names, preferred, other, sample_weight, reduction, with_grad)
