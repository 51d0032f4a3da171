"""From logits to probabilities, and the slopes of the way.

Each function stands beside its derivative: for a function of one number its slope, for a function
of a whole row its Jacobian-vector product, which needs no Jacobian. `logits` are any real numbers,
infinities included; what comes out of softmax and sigmoid are `probs`.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from xent_lib._logits import Block, as_rows, blocks, elementwise
from xent_lib._validation import (
    Array,
    FloatOrArray,
    as_number,
    as_real_array,
    as_scalar,
    check_axis,
    check_same_shape,
    refuse_first,
    working_dtype,
)

__all__ = [
    "log_sigmoid",
    "log_sigmoid_grad",
    "log_softmax",
    "log_softmax_jvp",
    "logsumexp",
    "logsumexp_grad",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
    "softmax_jvp",
]


# --- One number at a time ------------------------------------------------------------------------


def sigmoid(logits: npt.ArrayLike) -> FloatOrArray:
    """Probability that belongs to a logit: ``1 / (1 + exp(-logit))``.

    Parameters
    ----------
    logits : array_like
        Real numbers of any shape, infinities included: each stands for itself.

    Returns
    -------
    float or ndarray
        Probabilities in the shape of `logits`: 1/2 at 0, 0 at −inf and 1 at +inf.

    Raises
    ------
    TypeError
        If `logits` holds anything but real numbers.
    ValueError
        If `logits` is empty or holds a NaN.

    Notes
    -----
    The exponential is taken of ``-abs(logit)``, so it never overflows, and a probability close to 0
    keeps all its digits. The same as ``scipy.special.expit``, ``torch.sigmoid``,
    ``keras.ops.sigmoid``, ``tf.sigmoid`` and ``jax.nn.sigmoid``.

    Derived in the chapter *Sigmoid, softmax, argmax*; see Bishop [1]_, section 4.2.

    References
    ----------
    .. [1] Bishop, C. M. (2006). Pattern Recognition and Machine Learning. Springer.

    Examples
    --------
    >>> sigmoid(0)
    0.5
    >>> sigmoid([-np.inf, -1.0, 1.0, np.inf]).round(3)
    array([0.   , 0.269, 0.731, 1.   ])
    """
    return _each(expit, logits)


def sigmoid_grad(logits: npt.ArrayLike) -> FloatOrArray:
    """Slope of :func:`sigmoid`: ``sigmoid(logit) * sigmoid(-logit)``.

    Parameters
    ----------
    logits : array_like
        Where to take the slope, in any shape.

    Returns
    -------
    float or ndarray
        The slopes, in the shape of `logits`: at most 1/4, where the logit is 0, and 0 at infinity.

    Raises
    ------
    TypeError, ValueError
        As :func:`sigmoid` does.

    Examples
    --------
    >>> sigmoid_grad([0.0, 10.0]).round(6)
    array([2.5e-01, 4.5e-05])
    """
    return _each(lambda z: expit(z) * expit(-z), logits)


def log_sigmoid(logits: npt.ArrayLike) -> FloatOrArray:
    """Log of the probability that belongs to a logit, in nats: ``-log(1 + exp(-logit))``.

    Parameters
    ----------
    logits : array_like
        Real numbers of any shape, infinities included.

    Returns
    -------
    float or ndarray
        Logarithms in the shape of `logits`: −inf at −inf and 0 at +inf. All digits are kept, also
        of ``log_sigmoid(40) = -4.2e-18``, where ``log(sigmoid(40))`` is 0.

    Raises
    ------
    TypeError, ValueError
        As :func:`sigmoid` does.

    Notes
    -----
    With the sign turned round it is called softplus. The same as
    ``torch.nn.functional.logsigmoid``, ``tf.math.log_sigmoid`` and ``jax.nn.log_sigmoid``.

    Derived in the chapter *Sigmoid, softmax, argmax*.

    Examples
    --------
    >>> print(f"{log_sigmoid(0):.4f} {log_sigmoid(40):.3g}")
    -0.6931 -4.25e-18
    """
    return _each(lambda z: -softplus(-z), logits)


def log_sigmoid_grad(logits: npt.ArrayLike) -> FloatOrArray:
    """Slope of :func:`log_sigmoid`: ``1 - sigmoid(logit)``, which is ``sigmoid(-logit)``.

    Parameters
    ----------
    logits : array_like
        Where to take the slope, in any shape.

    Returns
    -------
    float or ndarray
        The slopes, in the shape of `logits`, between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As :func:`sigmoid` does.

    Examples
    --------
    >>> log_sigmoid_grad(0)
    0.5
    """
    return _each(lambda z: expit(-z), logits)


# --- A row at a time -----------------------------------------------------------------------------


def softmax(logits: npt.ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Distribution that belongs to logits: ``exp(logits / T) / sum(exp(logits / T))``.

    Parameters
    ----------
    logits : array_like
        Real numbers with the classes along `axis`. −inf forbids a class; +inf, once a row, makes
        it certain.
    axis : int, optional
        The axis of the classes. The default is the last.
    temperature : float, optional
        What the logits are divided by: above 1 the distribution is flatter, below 1 sharper.

    Returns
    -------
    ndarray
        Probabilities in the shape of `logits`, which sum to 1 along `axis`.

    Raises
    ------
    TypeError
        If `logits` holds anything but real numbers, or `temperature` is none.
    ValueError
        If `logits` is empty or holds a NaN; if all logits of a row are −inf, or several +inf, for
        then the probabilities are open; if there is no such `axis`; if `temperature` is not above 0
        and finite.

    Notes
    -----
    The largest logit is subtracted first: that changes no probability, and no exponential
    overflows. The same as ``scipy.special.softmax``, ``torch.softmax``, ``keras.ops.softmax``,
    ``tf.nn.softmax`` and ``jax.nn.softmax``.

    Derived in the chapter *Sigmoid, softmax, argmax*; named by Bridle [1]_.

    References
    ----------
    .. [1] Bridle, J. S. (1990). Probabilistic interpretation of feedforward classification network
       outputs, with relationships to statistical pattern recognition. Neurocomputing, 227-236.

    Examples
    --------
    >>> softmax([1.0, 2.0, 3.0]).round(3)
    array([0.09 , 0.245, 0.665])
    >>> softmax([1000.0, 1000.0, -np.inf])
    array([0.5, 0.5, 0. ])
    """
    return _each_row(Block.probabilities, logits, axis, temperature)


def softmax_jvp(
    logits: npt.ArrayLike,
    direction: npt.ArrayLike,
    *,
    axis: int = -1,
    temperature: float = 1.0,
) -> Array:
    """How :func:`softmax` changes when the logits move along `direction`.

    The product of its Jacobian ``(diag(q) - q qᵀ) / T`` with a vector, without the Jacobian. The
    Jacobian is symmetric, so this is also the vector-Jacobian product of backpropagation.

    Parameters
    ----------
    logits : array_like
        Real numbers with the classes along `axis`.
    direction : array_like
        Finite numbers in the shape of `logits`.
    axis, temperature
        As in :func:`softmax`.

    Returns
    -------
    ndarray
        The changes of the probabilities for each unit of the step, in the shape of `logits`. They
        sum to 0.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmax` does; also if `direction` has another shape or is not finite.

    Notes
    -----
    Derived in the chapter *Gradients*.

    Examples
    --------
    >>> softmax_jvp([0.0, 0.0], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    probs, step = _probs_and_direction(logits, direction, axis, temperature)
    mean = np.sum(probs * step, axis=axis, keepdims=True)
    return np.asarray(probs * (step - mean) / probs.dtype.type(temperature))


def log_softmax(logits: npt.ArrayLike, *, axis: int = -1, temperature: float = 1.0) -> Array:
    """Logs of the probabilities that belong to logits, in nats.

    Parameters
    ----------
    logits : array_like
        Real numbers with the classes along `axis`, infinities as in :func:`softmax`.
    axis : int, optional
        The axis of the classes. The default is the last.
    temperature : float, optional
        What the logits are divided by.

    Returns
    -------
    ndarray
        Logarithms in the shape of `logits`, none above 0; −inf for a forbidden class.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmax` does.

    Notes
    -----
    A probability close to 1 has a logarithm close to 0. Its digits are kept by leaving the largest
    exponential, which is 1, out of the sum, and taking ``log1p`` of the sum of the rest. The same
    as ``scipy.special.log_softmax``, ``torch.log_softmax``, ``keras.ops.log_softmax``,
    ``tf.nn.log_softmax`` and ``jax.nn.log_softmax``, which lose them.

    Derived in the chapter *Sigmoid, softmax, argmax*; see Blanchard, Higham and Higham [1]_.

    References
    ----------
    .. [1] Blanchard, P., Higham, D. J. and Higham, N. J. (2021). Accurately computing the
       log-sum-exp and softmax functions. IMA Journal of Numerical Analysis 41, 2311-2330.

    Examples
    --------
    >>> log_softmax([0.0, 0.0]).round(4)
    array([-0.6931, -0.6931])
    >>> print("{:.3g} and {:.3g}".format(*log_softmax([40.0, 0.0])))
    -4.25e-18 and -40
    """
    return _each_row(_log_probabilities, logits, axis, temperature)


def log_softmax_jvp(
    logits: npt.ArrayLike,
    direction: npt.ArrayLike,
    *,
    axis: int = -1,
    temperature: float = 1.0,
) -> Array:
    """How :func:`log_softmax` changes when the logits move along `direction`.

    Parameters
    ----------
    logits : array_like
        Real numbers with the classes along `axis`.
    direction : array_like
        Finite numbers in the shape of `logits`.
    axis, temperature
        As in :func:`softmax`.

    Returns
    -------
    ndarray
        ``(direction - sum(probs * direction)) / T``: the changes for each unit of the step, in the
        shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmax_jvp` does.

    Notes
    -----
    Derived in the chapter *Gradients*.

    Examples
    --------
    >>> log_softmax_jvp([0.0, 0.0], [1.0, 0.0])
    array([ 0.5, -0.5])
    """
    probs, step = _probs_and_direction(logits, direction, axis, temperature)
    mean = np.sum(probs * step, axis=axis, keepdims=True)
    return np.asarray((step - mean) / probs.dtype.type(temperature))


def logsumexp(logits: npt.ArrayLike, *, axis: int = -1) -> FloatOrArray:
    """Log of the sum of the exponentials, without the overflow: ``log(sum(exp(logits)))``.

    Parameters
    ----------
    logits : array_like
        Real numbers with what is summed along `axis`.
    axis : int, optional
        The axis to sum over. The default is the last.

    Returns
    -------
    float or ndarray
        One number a row: a little above the largest logit, and at most log K above it. −inf where
        all logits are −inf, +inf where one is +inf.

    Raises
    ------
    TypeError
        If `logits` holds anything but real numbers.
    ValueError
        If `logits` is empty or holds a NaN, or if there is no such `axis`.

    Notes
    -----
    The same as ``scipy.special.logsumexp``, ``torch.logsumexp``, ``keras.ops.logsumexp``,
    ``tf.reduce_logsumexp`` and ``jax.nn.logsumexp``.

    Derived in the chapter *Sigmoid, softmax, argmax*.

    Examples
    --------
    >>> print(f"{logsumexp([1000.0, 1000.0]):.4f}")
    1000.6931
    """
    logits, axis = _logits(logits, axis)
    batch = logits.shape[:axis] + logits.shape[axis + 1 :]
    result = np.empty(math.prod(batch), working_dtype(logits))
    with np.errstate(all="ignore"):
        for block in blocks("logits", logits, axis, proper=False):
            result[block.rows] = block.log_sums(block.peak < 1) + block.peak
    return as_scalar(result.reshape(batch))


def logsumexp_grad(logits: npt.ArrayLike, *, axis: int = -1) -> Array:
    """Gradient of :func:`logsumexp`: it is :func:`softmax`.

    Parameters
    ----------
    logits : array_like
        Real numbers with what is summed along `axis`.
    axis : int, optional
        The axis to sum over. The default is the last.

    Returns
    -------
    ndarray
        The gradient of each row, in the shape of `logits`.

    Raises
    ------
    TypeError, ValueError
        As :func:`softmax` does.

    Examples
    --------
    >>> logsumexp_grad([5.0, 5.0])
    array([0.5, 0.5])
    """
    return softmax(logits, axis=axis)


# --- Plain computation ---------------------------------------------------------------------------


def expit(z: Array) -> Array:
    """Return 1/(1 + e^-z), each number of it by a form that keeps its digits."""
    e = np.exp(-np.abs(z))
    return np.asarray(np.where(z < 0, e, 1) / (1 + e))


def softplus(z: Array) -> Array:
    """Return log(1 + e^z), the surprise of the outcome against which the logit z speaks."""
    return np.asarray(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))


def _log_probabilities(block: Block) -> Array:
    gaps = block.values.copy()
    return np.asarray(gaps - block.log_sums()[:, np.newaxis])


def _each(function: Callable[[Array], Array], logits: npt.ArrayLike) -> FloatOrArray:
    """Apply a function of one number to each logit."""
    logits = as_real_array("logits", logits)
    result = elementwise(function, logits)
    if np.isnan(result).any():
        refuse_first("logits", logits, np.isnan(logits), "a logit must be a number")
    return as_scalar(result)


def _each_row(
    function: Callable[[Block], Array], logits: npt.ArrayLike, axis: int, temperature: float
) -> Array:
    """Apply a function of a block of rows to logits with their classes along `axis`."""
    logits, axis = _logits(logits, axis)
    temperature = as_number("temperature", temperature, above=0)
    moved = np.moveaxis(logits, axis, -1)
    result = np.empty(moved.shape, working_dtype(logits))
    table = as_rows(result)
    with np.errstate(all="ignore"):
        for block in blocks("logits", logits, axis, temperature, into=table):
            found = function(block)
            if found.base is not result:  # or it has been made in its place
                table[block.rows] = found
    return np.moveaxis(result, -1, axis)


def _logits(logits: npt.ArrayLike, axis: int) -> tuple[Array, int]:
    logits = as_real_array("logits", logits)
    return logits, check_axis(axis, "logits", logits)


def _probs_and_direction(
    logits: npt.ArrayLike, direction: npt.ArrayLike, axis: int, temperature: float
) -> tuple[Array, Array]:
    logits = as_real_array("logits", logits)
    step = as_real_array("direction", direction)
    check_same_shape("logits", logits, "direction", step)
    if not np.isfinite(step).all():
        refuse_first("direction", step, ~np.isfinite(step), "a direction must be finite")
    probs = softmax(logits, axis=axis, temperature=temperature)
    return probs, step.astype(probs.dtype, copy=False)
