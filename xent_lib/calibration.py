"""How far predicted probabilities can be trusted: calibration, and a loss beside its baseline.

One convention throughout. The truth comes first. `probs` of shape ``(N,)`` are the probabilities
of class 1 where `labels` are 0 and 1; `probs` of shape ``(N, K)`` hold one distribution a row
where `labels` are class numbers from 0 to K - 1. Losses are in nats.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xent_lib._events import check_distributions
from xent_lib._validation import (
    Array,
    as_integer,
    as_real_array,
    check_probabilities,
    refuse_first,
    working_dtype,
)

__all__ = [
    "ReliabilityCurve",
    "brier_score",
    "expected_calibration_error",
    "fit_temperature",
    "log_loss_skill",
    "reliability_curve",
]


class ReliabilityCurve(NamedTuple):
    """What `reliability_curve` returns: one number for each bin, and the edges between them.

    Attributes
    ----------
    confidence : ndarray of shape (n_bins,)
        Mean predicted probability of the examples in each bin; nan where there are none.
    accuracy : ndarray of shape (n_bins,)
        Share of them that came true; nan where there are none.
    counts : ndarray of shape (n_bins,)
        How many examples are in each bin; the counts sum to N.
    edges : ndarray of shape (n_bins + 1,)
        Bin ``b`` holds what lies above ``edges[b]``, up to and with ``edges[b + 1]``; the first
        bin holds its lower edge too.
    """

    confidence: Array
    accuracy: Array
    counts: Array
    edges: Array


def reliability_curve(
    labels: npt.ArrayLike, probs: npt.ArrayLike, *, n_bins: int = 10, strategy: str = "uniform"
) -> ReliabilityCurve:
    """Sort predictions into bins, and compare in each what was predicted with what came.

    Parameters
    ----------
    labels : array_like of shape (N,)
        For `probs` of shape (N,): 0 and 1, or truth values. So hits and confidences of any kind
        may be given. For `probs` of shape (N, K): class numbers from 0 to K - 1.
    probs : array_like of shape (N,) or (N, K)
        The probability of class 1 of each example, or a distribution over K classes each. Of a
        distribution only the largest probability counts, its *confidence*; it comes true where
        that class (the first, of several equal) is the label.
    n_bins : int, optional
        The number of bins.
    strategy : {"uniform", "quantile"}, optional
        ``"uniform"`` cuts [0, 1] into bins of one width. ``"quantile"`` cuts between the smallest
        and the largest prediction so that each bin holds about as many; many equal predictions
        can leave a bin empty.

    Returns
    -------
    ReliabilityCurve
        Mean confidence, share that came true and count of each bin, and the edges. A bin without
        examples has count 0, and nan for its means.

    Raises
    ------
    TypeError
        If `labels` are no whole numbers or truth values, `probs` no real numbers, or `n_bins` is
        no integer.
    ValueError
        If an input is empty, of another shape or length than the other, or holds a NaN; if a
        label is no class or a probability lies outside [0, 1], if a row of `probs` does not sum
        to 1, if `n_bins` is below 1, or if there is no such `strategy`.

    See Also
    --------
    expected_calibration_error : The mean gap between the two.

    Notes
    -----
    With `probs` of shape (N,) this is ``sklearn.calibration.calibration_curve``, which leaves out
    empty bins.

    Derived in the chapter *What is a good score?*; see DeGroot and Fienberg [1]_.

    References
    ----------
    .. [1] DeGroot, M. H. and Fienberg, S. E. (1983). The comparison and evaluation of forecasters.
       Journal of the Royal Statistical Society, Series D 32, 12-22.

    Examples
    --------
    Of ten days called 0.8 seven were wet, and of ten called 0.25, two:

    >>> rain = [1] * 7 + [0] * 3 + [1] * 2 + [0] * 8
    >>> forecast = [0.8] * 10 + [0.25] * 10
    >>> curve = reliability_curve(rain, forecast, n_bins=4)
    >>> curve.confidence
    array([0.25,  nan,  nan, 0.8 ])
    >>> curve.accuracy
    array([0.2, nan, nan, 0.7])
    >>> curve.counts
    array([10,  0,  0, 10])
    """
    hits, confidence = _hits(*_labels_and_probs(labels, probs))
    edges = _edges(confidence, n_bins, strategy)
    # Counted by the inner edges, so that rounding of the outer ones loses no example.
    place = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(place, minlength=n_bins)
    with np.errstate(invalid="ignore"):  # 0/0 is nan, as it should be: an empty bin has no mean
        mean, share = (
            np.bincount(place, weights=values, minlength=n_bins) / counts
            for values in (confidence, hits)
        )
    return ReliabilityCurve(mean, share, counts, edges)


def expected_calibration_error(
    labels: npt.ArrayLike, probs: npt.ArrayLike, *, n_bins: int = 10, strategy: str = "uniform"
) -> float:
    """Expected calibration error: the mean gap between what was predicted and what came.

    The gaps ``|accuracy - confidence|`` of the bins of `reliability_curve`, each weighed by the
    share of the examples in its bin.

    Parameters
    ----------
    labels : array_like of shape (N,)
        As in `reliability_curve`.
    probs : array_like of shape (N,) or (N, K)
        As in `reliability_curve`: probabilities of class 1, or distributions, of which the
        confidence in the top class counts.
    n_bins : int, optional
        The number of bins. The error depends on it: name it where you report one.
    strategy : {"uniform", "quantile"}, optional
        How the bins are cut.

    Returns
    -------
    float
        The error, between 0 and 1. Empty bins add nothing.

    Raises
    ------
    TypeError, ValueError
        As `reliability_curve`.

    Notes
    -----
    Two probabilities that sum to 1 given as ``(N, 2)`` are judged by the larger of them, given as
    ``(N,)`` by that of class 1: two different questions, and in general two answers.

    It is no proper score: whoever always predicts the base rate has an error of 0. Derived in the
    chapter *What is a good score?*; see Guo and others [1]_.

    References
    ----------
    .. [1] Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern
       neural networks. Proceedings of the 34th International Conference on Machine Learning,
       1321-1330.

    Examples
    --------
    >>> rain = [1] * 7 + [0] * 3 + [1] * 2 + [0] * 8
    >>> forecast = [0.8] * 10 + [0.25] * 10
    >>> round(expected_calibration_error(rain, forecast), 3)
    0.075
    """
    confidence, accuracy, counts, _ = reliability_curve(
        labels, probs, n_bins=n_bins, strategy=strategy
    )
    there = counts > 0
    gaps = np.abs(accuracy - confidence)[there]
    return float(counts[there] @ gaps / counts.sum())


def brier_score(labels: npt.ArrayLike, probs: npt.ArrayLike) -> float:
    """Brier score: the mean squared error of predicted probabilities.

    Parameters
    ----------
    labels : array_like of shape (N,)
        0 and 1, or truth values, for `probs` of shape (N,); class numbers for shape (N, K).
    probs : array_like of shape (N,) or (N, K)
        The probability of class 1 of each example, or a distribution over K classes each.

    Returns
    -------
    float
        For two classes, given as (N,) or as (N, 2), the mean of ``(label - prob)**2``: from 0 to
        1. For three and more the sum of the squared errors over the classes, averaged over the
        examples: from 0 to 2.

    Raises
    ------
    TypeError
        If `labels` are no whole numbers or truth values, or `probs` no real numbers.
    ValueError
        If an input is empty, of another shape or length than the other, or holds a NaN; if a
        label is no class or a probability lies outside [0, 1], or if a row of `probs` does not
        sum to 1.

    Notes
    -----
    Brier [1]_ added up over two classes as well, which doubles the number; half of it is the
    custom. So does ``sklearn.metrics.brier_score_loss``, where two columns and more are taken
    since version 1.7.

    Derived in the chapter *What is a good score?*.

    References
    ----------
    .. [1] Brier, G. W. (1950). Verification of forecasts expressed in terms of probability.
       Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> brier_score([1, 0], [0.75, 0.5])
    0.15625
    >>> brier_score([2], [[0.25, 0.25, 0.5]])
    0.375
    """
    label, prob = _labels_and_probs(labels, probs)
    if prob.ndim == 1:
        return float(np.mean((label - prob) ** 2))
    classes = prob.shape[1]
    gaps = np.eye(classes)[label] - prob
    return float(np.mean(np.sum(gaps**2, axis=1))) / (2 if classes == 2 else 1)


def log_loss_skill(labels: npt.ArrayLike, probs: npt.ArrayLike) -> float:
    """Log-loss skill: the share of the baseline's loss that the predictions save.

    It is ``1 - loss / baseline``. The loss is the mean cross-entropy of the labels, the baseline
    the entropy of their shares: the loss of whoever knows only how often each class comes.

    Parameters
    ----------
    labels : array_like of shape (N,)
        0 and 1, or truth values, for `probs` of shape (N,); class numbers for shape (N, K).
    probs : array_like of shape (N,) or (N, K)
        The probability of class 1 of each example, or a distribution over K classes each.

    Returns
    -------
    float
        The skill: 1 for a loss of 0, 0 for predictions worth no more than the shares, negative
        for worse ones, minus infinity where a class that came was called impossible. It has no
        unit: that of the loss cancels.

    Raises
    ------
    TypeError
        If `labels` are no whole numbers or truth values, or `probs` no real numbers.
    ValueError
        If an input is empty, of another shape or length than the other, or holds a NaN; if a
        label is no class or a probability lies outside [0, 1], if a row of `probs` does not sum
        to 1, or if all labels are the same, so that there is nothing to save.

    Notes
    -----
    The shares are those of the `labels` themselves, so the baseline is the best constant
    prediction, found after the fact. ``sklearn.metrics.d2_log_loss_score`` is the same, but for
    its clipping of probabilities close to 0 and 1.

    Derived in the chapter *What is a good score?*.

    Examples
    --------
    >>> round(log_loss_skill([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1]), 3)
    0.763
    >>> log_loss_skill([1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5])
    0.0
    """
    label, prob = _labels_and_probs(labels, probs)
    shares = np.bincount(label) / len(label)
    shares = shares[shares > 0]
    if len(shares) == 1:
        raise ValueError(
            f"`labels` are all {label[0]}: the baseline has no loss of which a share could be saved"
        )
    baseline = -shares @ np.log(shares)
    with np.errstate(divide="ignore"):
        if prob.ndim == 1:
            loss = -np.log(np.where(label == 1, prob, 1 - prob)).mean()
        else:
            loss = -np.log(prob[np.arange(len(label)), label]).mean()
    return float(1 - loss / baseline)


def fit_temperature(labels: npt.ArrayLike, logits: npt.ArrayLike) -> float:
    """Temperature by which to divide logits so that their cross-entropy is smallest.

    Fit it on examples that the model was not trained on, and judge it on others still.

    Parameters
    ----------
    labels : array_like of shape (N,)
        0 and 1, or truth values, for `logits` of shape (N,); class numbers for shape (N, K).
    logits : array_like of shape (N,) or (N, K)
        Finite scores before the sigmoid, or before the softmax along the last axis.

    Returns
    -------
    float
        The temperature T for which the mean cross-entropy of ``logits / T`` is smallest. Above 1
        the model was too sure, below 1 not sure enough. Two cases have no smallest loss at a
        finite T, and the limit is returned:

        - 0.0 if every label has the largest of its logits: the surer, the better;
        - ``math.inf`` if the logits of the labels are on average no larger than the others: the
          model knows nothing, and equal probabilities are best.

        If the logits of each example are all equal, every temperature is as good, and 1.0 is
        returned.

    Raises
    ------
    TypeError
        If `labels` are no whole numbers or truth values, or `logits` no real numbers.
    ValueError
        If an input is empty, of another shape or length than the other, or holds a NaN or an
        infinity; or if a label is no class.

    Notes
    -----
    As a function of 1/T the loss is convex: its slope is the mean difference between the logit
    that the model expects and that of the label. The zero of that slope is found by Newton's
    method, kept within bounds by bisection.

    Dividing all logits by one positive number leaves their order, and so every decision, as it
    was. Derived in the chapter *What is a good score?*; see Guo and others [1]_.

    References
    ----------
    .. [1] Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern
       neural networks. Proceedings of the 34th International Conference on Machine Learning,
       1321-1330.

    Examples
    --------
    A model that is sure of class 1 at odds of 99 to 1, and right in three cases of four:

    >>> logit = math.log(99)
    >>> temperature = fit_temperature([1, 1, 1, 0], [logit] * 4)
    >>> round(temperature, 3)
    4.183
    >>> round(1 / (1 + math.exp(-logit / temperature)), 3)
    0.75
    """
    score = as_real_array("logits", logits)
    _check_rows("logits", score)
    label = _as_labels(labels, "logits", score)
    score = score.astype(np.float64)
    if not np.isfinite(score).all():
        refuse_first("logits", score, ~np.isfinite(score), "a logit to be scaled is finite")
    if score.ndim == 1:
        score = np.stack([np.zeros_like(score), score], axis=1)
    # Only the gaps below the largest logit count. In units of the largest number no size of logits
    # overflows.
    size = max(float(np.abs(score).max()), float(np.finfo(np.float64).tiny))
    score /= size
    gaps = score.max(axis=1, keepdims=True) - score
    of_label = float(gaps[np.arange(len(label)), label].mean())
    if gaps.max() == 0:
        return 1.0
    if of_label == 0:
        return 0.0
    if _slope_and_curvature(0.0, gaps, of_label)[0] >= 0:
        return math.inf
    return size / _zero_of_slope(gaps, of_label)


def _slope_and_curvature(inverse: float, gaps: Array, of_label: float) -> tuple[float, float]:
    """Return the derivatives of the mean cross-entropy of ``-inverse * gaps`` by `inverse`."""
    with np.errstate(over="ignore"):
        weights = np.exp(-inverse * gaps)
    weights /= weights.sum(axis=1, keepdims=True)
    expected = (weights * gaps).sum(axis=1)
    variance = (weights * gaps**2).sum(axis=1) - expected**2
    return of_label - float(expected.mean()), float(variance.mean())


def _zero_of_slope(gaps: Array, of_label: float) -> float:
    """Return where the slope, below 0 at 0, becomes 0: by Newton's method within a bracket."""
    # A gap x weighs at most exp(-inverse·x), and x·exp(-inverse·x) is at most 1/(e·inverse). So
    # at `high` the gap to expect is no more than that of the labels, and the slope not below 0.
    low, high = 0.0, min((gaps.shape[1] - 1) / (math.e * of_label), 1e300)
    inverse: float = min(1.0, high)
    step: float = high
    while abs(step) > 1e-14 * inverse:
        slope, curvature = _slope_and_curvature(inverse, gaps, of_label)
        low, high = (inverse, high) if slope < 0 else (low, inverse)
        last, step = step, -slope / curvature if curvature > 0 else math.inf
        if not low <= inverse + step <= high or abs(step) > abs(last) / 2:
            step = (low + high) / 2 - inverse
        inverse += step
    return inverse


def _labels_and_probs(labels: npt.ArrayLike, probs: npt.ArrayLike) -> tuple[Array, Array]:
    """Check that `probs` are probabilities, or rows of them, and `labels` their classes."""
    prob = as_real_array("probs", probs)
    _check_rows("probs", prob)
    prob = prob.astype(working_dtype(prob))
    if prob.ndim == 1:
        check_probabilities("probs", prob)
    else:
        check_distributions("probs", prob)
    return _as_labels(labels, "probs", prob), prob.astype(np.float64)


def _check_rows(name: str, array: Array) -> None:
    if array.ndim not in (1, 2) or array.shape[-1] < array.ndim:
        raise ValueError(
            f"`{name}` has shape {array.shape}; it must be (N,), a number for each example, or"
            " (N, K), a row for each example with a number for each of K classes, at least two"
        )


def _as_labels(labels: npt.ArrayLike, name: str, array: Array) -> Array:
    """Return `labels` as the number of a class for each row of `array`, which is called `name`."""
    label = np.asarray(labels)
    if label.dtype.kind == "b" and array.ndim == 2:
        raise TypeError(
            f"`labels` are truth values, which go with one number each; `{name}` has shape"
            f" {array.shape}"
        )
    if label.dtype.kind not in "biu":
        raise TypeError(f"`labels` must hold whole numbers, not values of dtype {label.dtype}")
    if label.shape != array.shape[:1]:
        raise ValueError(
            f"`labels` has shape {label.shape} and `{name}` has shape {array.shape}; there must be"
            " one label for each example"
        )
    classes = 2 if array.ndim == 1 else array.shape[1]
    wrong = (label < 0) | (label >= classes)
    if wrong.any():
        refuse_first("labels", label, wrong, f"the classes are 0 to {classes - 1}")
    return label.astype(np.intp)


def _hits(label: Array, prob: Array) -> tuple[Array, Array]:
    """Return whether each prediction came true, and how sure it was."""
    if prob.ndim == 1:
        return label, prob
    return prob.argmax(axis=1) == label, prob.max(axis=1)


def _edges(confidence: Array, n_bins: int, strategy: str) -> Array:
    number = as_integer("n_bins", n_bins)
    if number < 1:
        raise ValueError(f"`n_bins` is {n_bins}; there must be at least one bin")
    shares = np.arange(number + 1) / number
    if strategy == "uniform":
        return shares
    if strategy == "quantile":
        return np.asarray(np.quantile(confidence, shares))
    raise ValueError(f'`strategy` must be "uniform" or "quantile", not {strategy!r}')
