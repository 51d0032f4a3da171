"""Surprise, entropy, cross-entropy and the divergences, with their digits kept.

One notation throughout: `p` is the true distribution, `q` the predicted one. Every function takes
the `base` of its logarithm: 2 gives bits, ``math.e`` gives nats. A batch of distributions is an
array with the events along `axis`.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from xent_lib._events import add_up, expected_surprise, sum_over_events, total
from xent_lib._validation import (
    Array,
    FloatOrArray,
    as_categories,
    as_real_array,
    as_table,
    check_axis,
    check_base,
    check_probabilities,
    check_same_shape,
    working_dtype,
)

__all__ = [
    "binary_entropy",
    "cross_entropy",
    "entropy",
    "information_gain",
    "js_divergence",
    "kl_divergence",
    "mutual_information",
    "perplexity",
    "surprisal",
]


def surprisal(prob: npt.ArrayLike, *, base: float = 2) -> FloatOrArray:
    """Surprise of an event of probability `prob`: ``-log(prob)``.

    Parameters
    ----------
    prob : array_like
        Probabilities between 0 and 1, of any shape. They need not sum to 1: each stands for
        itself.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.

    Returns
    -------
    float or ndarray
        The surprise, in the shape of `prob`. It is 0 for a certain event and infinite for an
        impossible one.

    Raises
    ------
    TypeError
        If `prob` holds anything but real numbers.
    ValueError
        If `prob` is empty or holds a NaN or a number outside [0, 1], or if `base` is no base.

    Notes
    -----
    Derived in the chapter *Surprise*; introduced by Shannon [1]_.

    References
    ----------
    .. [1] Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical
       Journal 27, 379-423 and 623-656.

    Examples
    --------
    >>> surprisal(1 / 8)
    3.0
    >>> surprisal([1.0, 0.5, 0.0])
    array([ 0.,  1., inf])
    """
    log, unit = _logarithm(base)
    prob = as_real_array("prob", prob)
    check_probabilities("prob", prob)
    with np.errstate(all="ignore"):
        return _finish(-log(prob.astype(working_dtype(prob))), unit)


def entropy(
    p: npt.ArrayLike, *, base: float = 2, axis: int = -1, normalize: bool = False
) -> FloatOrArray:
    """Entropy of `p`, the surprise to expect of it: ``-sum(p * log(p))``.

    Parameters
    ----------
    p : array_like
        A distribution, or a batch of them with the events along `axis`.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.
    axis : int, optional
        The axis of the events. The default is the last.
    normalize : bool, optional
        Divide `p` by its sum first, so that counts may be given. By default a `p` that does not
        sum to 1 is refused.

    Returns
    -------
    float or ndarray
        The entropy, or an array of entropies in the shape of `p` without `axis`: from 0 for a
        certain outcome to ``log(K)`` for K equally likely ones. An event of probability 0 adds
        nothing.

    Raises
    ------
    TypeError
        If `p` holds anything but real numbers.
    ValueError
        If `p` is empty, holds a NaN, an infinity or a negative number, or does not sum to 1; if
        `p` has no such `axis`, or if `base` is no base.

    Notes
    -----
    Integers are computed in float64, float16 in float32, and float32 stays float32.

    Derived in the chapter *Entropy*; introduced by Shannon [1]_.

    References
    ----------
    .. [1] Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical
       Journal 27, 379-423 and 623-656.

    Examples
    --------
    >>> entropy([0.5, 0.5])
    1.0
    >>> round(entropy([0.10, 0.40, 0.50]), 3)
    1.361
    >>> entropy([3, 1, 0], normalize=True)
    0.8112781244591328
    """
    log, unit = _logarithm(base)
    p = as_real_array("p", p)
    axis = check_axis(axis, "p", p)
    sums = sum_over_events(
        lambda p: expected_surprise(p, p, log), {"p": p}, axis=axis, normalize=normalize
    )
    return _finish(sums, unit)


def binary_entropy(prob: npt.ArrayLike, *, base: float = 2) -> FloatOrArray:
    """Entropy of a coin that falls heads with probability `prob`.

    Parameters
    ----------
    prob : array_like
        Probabilities between 0 and 1, of any shape: one coin each.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.

    Returns
    -------
    float or ndarray
        The entropy of each coin, in the shape of `prob`: 0 where `prob` is 0 or 1, and at most
        1 bit, where it is 1/2.

    Raises
    ------
    TypeError
        If `prob` holds anything but real numbers.
    ValueError
        If `prob` is empty or holds a NaN or a number outside [0, 1], or if `base` is no base.

    Notes
    -----
    ``entropy([prob, 1 - prob])`` would round ``1 - prob`` first, and with it the logarithm of a
    number close to 1. Here ``log1p`` takes the logarithm of ``1 - prob`` from `prob` itself, so
    that the digits stand even at a probability of 1e-15.

    Derived in the chapter *Entropy*; see Cover and Thomas [1]_, section 2.1.

    References
    ----------
    .. [1] Cover, T. M. and Thomas, J. A. (2006). Elements of Information Theory, 2nd edition.
       Wiley.

    Examples
    --------
    >>> binary_entropy([0.0, 0.5, 1.0])
    array([0., 1., 0.])
    """
    unit = math.log(check_base(base))
    prob = as_real_array("prob", prob)
    check_probabilities("prob", prob)
    heads = prob.astype(working_dtype(prob))
    with np.errstate(all="ignore"):
        nats = -heads * np.log(heads) - (1 - heads) * np.log1p(-heads)
        nats = np.where((heads == 0) | (heads == 1), 0, nats)  # where 0·log 0 stands
        return _finish(np.minimum(nats, math.log(2)), unit)


def cross_entropy(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    *,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> FloatOrArray:
    """Cross-entropy of `q` relative to `p`: ``-sum(p * log(q))``.

    The surprise to expect when events happen by `p` and are predicted by `q`: the average length
    of a message in a code made for the wrong distribution.

    Parameters
    ----------
    p, q : array_like
        The true and the predicted distribution, or batches of them with the events along `axis`.
        Both have the same shape.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.
    axis : int, optional
        The axis of the events. The default is the last.
    normalize : bool, optional
        Divide `p` and `q` by their sums first. By default a distribution that does not sum to 1
        is refused.

    Returns
    -------
    float or ndarray
        The cross-entropy, or an array of them in the shape of `p` without `axis`. It is infinite
        where `q` excludes an event that `p` allows; an event that `p` excludes adds nothing,
        whatever `q` says of it.

    Raises
    ------
    TypeError
        If `p` or `q` holds anything but real numbers.
    ValueError
        If a distribution is empty, holds a NaN, an infinity or a negative number, or does not sum
        to 1; if the shapes differ, if there is no such `axis`, or if `base` is no base.

    See Also
    --------
    kl_divergence : The part of it that the wrong prediction costs.

    Notes
    -----
    It is ``entropy(p) + kl_divergence(p, q)``, so it is never below the entropy of `p`, and it is
    not symmetric. With a one-hot `p` it is the surprise that `q` assigns to the true class.

    Derived in the chapter *Cross-entropy*; see Cover and Thomas [1]_, section 5.4.

    References
    ----------
    .. [1] Cover, T. M. and Thomas, J. A. (2006). Elements of Information Theory, 2nd edition.
       Wiley.

    Examples
    --------
    >>> p = [0.10, 0.40, 0.50]
    >>> q = [0.80, 0.15, 0.05]
    >>> round(cross_entropy(p, q), 3), round(cross_entropy(q, p), 3)
    (3.288, 2.906)
    >>> cross_entropy([0, 1], [1, 0])
    inf
    """
    log, unit = _logarithm(base)
    p, q, axis = _pair(p, q, axis)
    sums = sum_over_events(
        lambda p, q: expected_surprise(p, q, log), {"p": p, "q": q}, axis=axis, normalize=normalize
    )
    return _finish(sums, unit)


def kl_divergence(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    *,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> FloatOrArray:
    """Kullback-Leibler divergence of `q` from `p`: ``sum(p * log(p / q))``.

    The excess of the cross-entropy over the entropy: what predicting by `q` costs when events
    happen by `p`.

    Parameters
    ----------
    p, q : array_like
        The true and the predicted distribution, or batches of them with the events along `axis`.
        Both have the same shape.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.
    axis : int, optional
        The axis of the events. The default is the last.
    normalize : bool, optional
        Divide `p` and `q` by their sums first. By default a distribution that does not sum to 1
        is refused.

    Returns
    -------
    float or ndarray
        The divergence, or an array of them in the shape of `p` without `axis`: 0 where `p` and
        `q` are the same, otherwise positive, and infinite where `q` excludes an event that `p`
        allows.

    Raises
    ------
    TypeError
        If `p` or `q` holds anything but real numbers.
    ValueError
        If a distribution is empty, holds a NaN, an infinity or a negative number, or does not sum
        to 1; if the shapes differ, if there is no such `axis`, or if `base` is no base.

    See Also
    --------
    js_divergence : A symmetric relative that is never infinite.

    Notes
    -----
    The divergence is that of the distributions which `p` and `q` stand for: that the numbers, once
    rounded, sum to 1 only nearly does not enter it. So it keeps its digits however close the two
    are, where ``sum(p * log(p / q))`` as written would drown in rounding.

    Derived in the chapter *KL divergence*; introduced by Kullback and Leibler [1]_.

    References
    ----------
    .. [1] Kullback, S. and Leibler, R. A. (1951). On information and sufficiency. Annals of
       Mathematical Statistics 22, 79-86.

    Examples
    --------
    >>> p = [0.10, 0.40, 0.50]
    >>> q = [0.80, 0.15, 0.05]
    >>> round(kl_divergence(p, q), 3)
    1.927
    >>> kl_divergence(p, p)
    0.0
    """
    unit = math.log(check_base(base))
    p, q, axis = _pair(p, q, axis)
    sums = sum_over_events(_divergence, {"p": p, "q": q}, axis=axis, normalize=normalize)
    return _finish(sums, unit)


def js_divergence(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    *,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> FloatOrArray:
    """Jensen-Shannon divergence: how far `p` and `q` lie, on average, from their midpoint.

    With ``m = (p + q) / 2`` it is ``(kl_divergence(p, m) + kl_divergence(q, m)) / 2``.

    Parameters
    ----------
    p, q : array_like
        Two distributions, or batches of them with the events along `axis`. Both have the same
        shape.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.
    axis : int, optional
        The axis of the events. The default is the last.
    normalize : bool, optional
        Divide `p` and `q` by their sums first. By default a distribution that does not sum to 1
        is refused.

    Returns
    -------
    float or ndarray
        The divergence, or an array of them in the shape of `p` without `axis`: symmetric, 0 where
        the two are the same, 1 bit where they have no event in common, and never infinite.

    Raises
    ------
    TypeError
        If `p` or `q` holds anything but real numbers.
    ValueError
        If a distribution is empty, holds a NaN, an infinity or a negative number, or does not sum
        to 1; if the shapes differ, if there is no such `axis`, or if `base` is no base.

    Notes
    -----
    Derived in the chapter *KL divergence*; introduced by Lin [1]_.

    References
    ----------
    .. [1] Lin, J. (1991). Divergence measures based on the Shannon entropy. IEEE Transactions on
       Information Theory 37, 145-151.

    Examples
    --------
    >>> js_divergence([1, 0], [0, 1])
    1.0
    >>> round(js_divergence([0.10, 0.40, 0.50], [0.80, 0.15, 0.05]), 3)
    0.42
    """
    unit = math.log(check_base(base))
    p, q, axis = _pair(p, q, axis)
    sums = sum_over_events(_distance_to_midpoint, {"p": p, "q": q}, axis=axis, normalize=normalize)
    return _finish(np.minimum(sums, math.log(2)), unit)


def perplexity(
    p: npt.ArrayLike, q: npt.ArrayLike | None = None, *, axis: int = -1, normalize: bool = False
) -> FloatOrArray:
    """Number of equally likely events that would surprise as much as `p` does.

    Two to the power of the entropy in bits or, where `q` is given, of the cross-entropy: how many
    ways the model `q` hesitates between, on average, when events happen by `p`. The base of the
    logarithm cancels, so there is none to choose.

    Parameters
    ----------
    p : array_like
        The true distribution, or a batch of them with the events along `axis`.
    q : array_like, optional
        The predicted distribution, in the shape of `p`.
    axis : int, optional
        The axis of the events. The default is the last.
    normalize : bool, optional
        Divide the distributions by their sums first. By default a distribution that does not sum
        to 1 is refused.

    Returns
    -------
    float or ndarray
        The perplexity, at least 1; infinite where `q` excludes an event that `p` allows.

    Raises
    ------
    TypeError
        If `p` or `q` holds anything but real numbers.
    ValueError
        If a distribution is empty, holds a NaN, an infinity or a negative number, or does not sum
        to 1; if the shapes differ, or if there is no such `axis`.

    Notes
    -----
    Derived in the chapter *Cross-entropy*; introduced by Jelinek and others [1]_.

    References
    ----------
    .. [1] Jelinek, F., Mercer, R. L., Bahl, L. R. and Baker, J. K. (1977). Perplexity: a measure
       of the difficulty of speech recognition tasks. Journal of the Acoustical Society of America
       62, S63.

    Examples
    --------
    >>> perplexity([0.25, 0.25, 0.25, 0.25])
    4.0
    >>> perplexity([0, 1], [0.875, 0.125])
    8.0
    """
    bits = (
        entropy(p, axis=axis, normalize=normalize)
        if q is None
        else cross_entropy(p, q, axis=axis, normalize=normalize)
    )
    with np.errstate(over="ignore"):
        return _finish(np.exp2(bits), 1)


def mutual_information(
    joint: npt.ArrayLike, *, base: float = 2, normalize: bool = False
) -> FloatOrArray:
    """Mutual information of two variables: what knowing one tells of the other.

    It is the divergence of the joint distribution from the product of its margins.

    Parameters
    ----------
    joint : array_like
        Table of the joint distribution: ``joint[i, j]`` is the probability that the first variable
        takes its value i and the second its value j. All of it sums to 1.
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.
    normalize : bool, optional
        Divide `joint` by its sum first, so that a table of counts may be given.

    Returns
    -------
    float
        The information: 0 for independent variables, and at most the smaller of the entropies of
        the two.

    Raises
    ------
    TypeError
        If `joint` holds anything but real numbers.
    ValueError
        If `joint` is no table of two dimensions, is empty, holds a NaN, an infinity or a negative
        number, or does not sum to 1; or if `base` is no base.

    Notes
    -----
    Derived in the chapter *KL divergence*; see Cover and Thomas [1]_, section 2.3.

    References
    ----------
    .. [1] Cover, T. M. and Thomas, J. A. (2006). Elements of Information Theory, 2nd edition.
       Wiley.

    Examples
    --------
    Two fair coins that always agree, and two that know nothing of each other:

    >>> mutual_information([[0.5, 0.0], [0.0, 0.5]])
    1.0
    >>> mutual_information([[0.25, 0.25], [0.25, 0.25]])
    0.0
    """
    unit = math.log(check_base(base))
    with np.errstate(all="ignore"):
        table = as_table("joint", joint, normalize=normalize)
        rows = table.sum(axis=1, keepdims=True)
        columns = np.broadcast_to(table.sum(axis=0), table.shape)
        # How far each row turns the distribution of the columns away from what it is overall. The
        # product of the margins is never formed: it may be too small for a float.
        given_row = table / np.where(rows > 0, rows, 1)
        told_by_row = _excess(given_row, columns, columns - given_row)
        return _finish(add_up(rows[:, 0] * told_by_row), unit)


def information_gain(labels: npt.ArrayLike, feature: npt.ArrayLike, *, base: float = 2) -> float:
    """Information gain: what knowing `feature` takes off the entropy of `labels`.

    It is the mutual information of the two as they are counted in a sample, and what a decision
    tree looks for in a split.

    Parameters
    ----------
    labels, feature : array_like
        One label and one value of the feature for each example, as two sequences of the same
        length. Numbers, text and truth values will do: each different value is one category, so
        that a measurement has to be cut into ranges first (``petal_length < 2.5``).
    base : float, optional
        Base of the logarithm: 2 for bits (the default), ``math.e`` for nats.

    Returns
    -------
    float
        The gain, from 0 where the feature tells nothing to the entropy of the labels where it
        settles them.

    Raises
    ------
    TypeError
        If the values of `labels` or of `feature` are of kinds that cannot be compared.
    ValueError
        If `labels` or `feature` is empty, holds a NaN or has more than one dimension; if their
        lengths differ, or if `base` is no base.

    See Also
    --------
    mutual_information : The same for a joint distribution that is known.

    Notes
    -----
    Derived in the chapter *KL divergence*; the use in decision trees is Quinlan's [1]_.

    References
    ----------
    .. [1] Quinlan, J. R. (1986). Induction of decision trees. Machine Learning 1, 81-106.

    Examples
    --------
    >>> play = ["yes", "yes", "no", "no"]
    >>> information_gain(play, feature=["dry", "dry", "wet", "wet"])
    1.0
    >>> information_gain(play, feature=["warm", "cold", "warm", "cold"])
    0.0
    """
    label = as_categories("labels", labels)
    value = as_categories("feature", feature)
    check_same_shape("labels", label, "feature", value)
    counts = np.zeros((label.max() + 1, value.max() + 1))
    np.add.at(counts, (label, value), 1)
    return float(mutual_information(counts, base=base, normalize=True))


def _divergence(p: Array, q: Array) -> Array:
    """Return the sum of p·log(p/q) of each row, in nats."""
    ratio = q / p
    if p.min() == 0:
        ratio[p == 0] = 1  # an impossible event adds nothing, whatever q says of it
    underflow = not ratio.min() >= np.finfo(ratio.dtype).tiny
    terms = np.log(ratio, out=ratio)
    terms *= p
    mass = total(p)
    sums = total(q) - mass - add_up(terms)
    # The terms have both signs and cancel. Where little is left, their rounding shows in it;
    # where a ratio is no ordinary number, neither is the sum.
    careful = ~(sums > 0.01 * mass) | underflow
    if careful.any():
        p, q = p[careful], q[careful]
        sums[careful] = _excess(p, q, q - p)
    return sums


def _excess(p: Array, q: Array, gap: Array) -> Array:
    """Return the sum of p·log(p/q) of each row, in nats, with its digits; `gap` is q - p.

    The sum of p·log(p/q) is the sum of p·log(p/q) - p + q and the sum of p - q. The second is 0
    for distributions; what floats make of it is their own rounding, which would drown a small
    divergence, and is left out. The terms of the first are never negative, so nothing cancels
    between them. Each is as small as the square of the gap: for close p and q it is taken in a
    form in which the gap itself has cancelled.
    """
    smaller = np.minimum(p, q)
    ratio = np.abs(gap) / smaller
    # log(q/p) by way of the gap, which is exact for close numbers where their quotient is not.
    p_log_ratio = p * np.copysign(np.log1p(ratio), gap)
    rest = gap.copy()

    close = ratio < 0.02
    if close.any():
        # With t = (q - p)/(q + p), log(q/p) = 2·(t + t³/3 + t⁵/5 + ...).
        p_close, gap_close = p[close], gap[close]
        t = gap_close / (p_close + q[close])
        tt = t * t
        rest[close] = t * (gap_close - 2 * p_close * tt * (1 / 3 + tt * (1 / 5 + tt / 7)))
        p_log_ratio[close] = 0

    tiny = smaller < np.finfo(smaller.dtype).tiny
    if tiny.any():
        # One of them is 0, or so small that the ratio overflows.
        p_tiny = p[tiny]
        log_ratio = np.log(q[tiny]) - np.log(p_tiny)
        p_log_ratio[tiny] = np.where(p_tiny > 0, p_tiny * log_ratio, 0)
    return add_up(rest) - add_up(p_log_ratio)


def _distance_to_midpoint(p: Array, q: Array) -> Array:
    """Return the mean divergence of p and of q from their midpoint, of each row, in nats."""
    # The midpoint doubled is p + q: halving could lose the last bit of the smallest numbers.
    return (_excess(2 * p, p + q, q - p) + _excess(2 * q, p + q, p - q)) / 4


def _pair(p: npt.ArrayLike, q: npt.ArrayLike, axis: int) -> tuple[Array, Array, int]:
    """Check that `p` and `q` are arrays of one shape that has this axis."""
    p, q = as_real_array("p", p), as_real_array("q", q)
    check_same_shape("p", p, "q", q)
    return p, q, check_axis(axis, "p", p)


def _logarithm(base: float) -> tuple[Callable[[Array], Array], float]:
    """Return a logarithm and what to divide it by to have it in base `base`.

    Base 2 has its own, so that powers of 2 come out exact.
    """
    number = check_base(base)
    return (np.log2, 1.0) if number == 2 else (np.log, math.log(number))


def _finish(result: Array, unit: float) -> FloatOrArray:
    """Divide by the unit; return a batch as an array and a single number as a scalar."""
    if np.ndim(result) == 0:
        number = result / unit + 0.0  # minus zero becomes zero
        return float(number) if number.dtype == np.float64 else number
    result /= unit
    result += 0.0
    return result
