"""Logistic and softmax regression: a single layer, whose loss is a single valley.

The logits are ``x @ weights + bias``. What is minimised is the mean cross-entropy in nats, plus
``l2 / 2`` times the sum of the squared weights if asked for; the bias goes free. That is convex:
every way down leads to the same loss. Two ways are here: gradient descent, which looks at the slope
alone, and Newton's method, which looks at the curvature too.
"""

import operator
from abc import ABC, abstractmethod
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from xent_lib import activations, losses
from xent_lib._validation import Array, as_number, as_real_array, refuse_first

__all__ = ["LinearClassifier", "LogisticRegression", "SoftmaxRegression"]


class LinearClassifier(ABC):
    """What logistic and softmax regression have in common: all but the step to probabilities.

    Attributes
    ----------
    weights : ndarray, shape (d, K)
        A column for each logit.
    bias : ndarray, shape (K,)
    history : list of float
        What is minimised, before the first step and after each.
    converged : bool
        Whether the gradient vanished, to within `tol`.
    """

    weights: Array
    bias: Array
    history: list[float]
    converged: bool

    @abstractmethod
    def _targets(self, y: Array) -> tuple[Array, int]:
        """Return the labels as the loss takes them, and how many logits there are."""

    @abstractmethod
    def _loss_and_grad(self, targets: Array, logits: Array) -> tuple[float, Array]:
        """Return the mean loss, and its gradient with respect to the logits."""

    @abstractmethod
    def _probs(self, logits: Array) -> Array:
        """Return the probabilities that the logits stand for, in their shape."""

    def fit(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        method: Literal["newton", "gradient"] = "newton",
        l2: float = 0.0,
        learning_rate: float = 0.1,
        max_iter: int = 1000,
        tol: float = 1e-8,
    ) -> Self:
        """Find the weights and the bias of the smallest loss.

        Parameters
        ----------
        x : array_like, shape (N, d)
            One row an example.
        y : array_like of int, shape (N,)
            The classes, numbered from 0; each has at least one example.
        method : {"newton", "gradient"}, optional
            Newton's method (the default) or gradient descent with a fixed learning rate. Both
            start from 0 and use all examples for each step.
        l2 : float, optional
            What large weights cost: ``l2 / 2`` times the sum of their squares.
        learning_rate : float, optional
            How far gradient descent goes for a gradient of 1. Newton's method has no use for it.
        max_iter : int, optional
            The most steps to take.
        tol : float, optional
            Stop once no entry of the gradient is further than this from 0.

        Returns
        -------
        self
            With `weights`, `bias`, `history` and `converged` set.

        Raises
        ------
        TypeError
            If an argument is not of the kind described.
        ValueError
            If `x` and `y` do not fit each other, or hold what is no number or no class; if an
            option is out of its bounds; or if Newton's method finds that there is no minimum.

        Notes
        -----
        **The same in scikit-learn.** There, `C` times the sum of the losses plus half the sum of
        the squared weights is minimised. So ``l2 = 1 / (C * N)``: scikit-learn's default, ``C=1``,
        is ``l2 = 1 / N`` here, and ``C=np.inf`` is ``l2 = 0``.

        **No minimum.** Where a straight cut tells a class from the rest without a mistake, and
        `l2` is 0, ever larger weights make the loss ever smaller. Newton's method then sees the
        gradient vanish while its steps do not, and raises a ValueError. Gradient descent stops
        after `max_iter` steps somewhere on the way, and `converged` is False unless `tol` is
        coarse.

        **Newton's method** solves ``hessian @ step = gradient``. A step too long, after which the
        loss would be larger, is halved until it is not.
        """
        x, y = _as_examples(x, y)
        targets, columns = self._targets(y)
        if method not in ("newton", "gradient"):
            raise ValueError(f"`method` is {method!r}; it must be 'newton' or 'gradient'")
        l2 = as_number("l2", l2, least=0)
        learning_rate = as_number("learning_rate", learning_rate, above=0)
        tol = as_number("tol", tol, least=0)
        try:
            max_iter = operator.index(max_iter)
        except TypeError:
            raise TypeError(f"`max_iter` must be an integer, not {max_iter!r}") from None

        # The bias is the weight of one more feature, which is 1 in every example and costs nothing.
        x = np.column_stack([x, np.ones(len(x))])
        cost = np.full((x.shape[1], 1), l2)
        cost[-1] = 0

        def objective(theta: Array) -> tuple[float, Array]:
            loss, grad = self._loss_and_grad(targets, x @ theta)
            return loss + float((cost * theta**2).sum()) / 2, x.T @ grad + cost * theta

        theta = np.zeros((x.shape[1], columns))
        loss, gradient = objective(theta)
        history = [loss]
        while np.abs(gradient).max() > tol and len(history) <= max_iter:
            if method == "gradient":
                theta = theta - learning_rate * gradient
                loss, gradient = objective(theta)
            else:
                step = _newton_step(x, self._probs(x @ theta), gradient, cost)
                least = loss * (1 + 1e-12)  # what rounding adds to a loss is no overshoot
                loss, new_gradient = objective(theta - step)
                while loss > least:
                    step /= 2
                    loss, new_gradient = objective(theta - step)
                theta, gradient = theta - step, new_gradient
            history.append(loss)

        converged = bool(np.abs(gradient).max() <= tol)
        if method == "newton" and converged and l2 == 0:
            step = _newton_step(x, self._probs(x @ theta), gradient, cost)
            if np.abs(x @ step).max() > 0.1:
                raise ValueError(
                    "the loss has no minimum: `x` tells a class from the rest without a mistake, so"
                    " that larger weights always make the loss smaller; give an `l2` above 0"
                )
        self.weights, self.bias = theta[:-1], theta[-1]
        self.history, self.converged = history, converged
        return self

    def predict_logits(self, x: npt.ArrayLike) -> Array:
        """Return ``x @ weights + bias``, shape (N, K)."""
        if not hasattr(self, "weights"):
            raise ValueError(f"{self} has no weights yet: call `fit` first")
        x = as_real_array("x", x)
        if x.ndim != 2 or x.shape[1] != len(self.weights):
            raise ValueError(
                f"`x` has shape {x.shape}; {self} was fitted to examples of shape"
                f" (N, {len(self.weights)})"
            )
        return np.asarray(x @ self.weights + self.bias)

    def predict_probs(self, x: npt.ArrayLike) -> Array:
        """Return the probabilities that the logits stand for, in their shape."""
        return self._probs(self.predict_logits(x))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SoftmaxRegression(LinearClassifier):
    """Multinomial logistic regression: a linear layer and softmax, for any number of classes.

    To add the same to all logits of an example changes no probability, so many weights give the
    same predictions. Of these the fit gives the smallest, whose rows sum to 0 (and so does the
    bias).

    Attributes
    ----------
    weights : ndarray, shape (d, K)
        A column for each class.
    bias : ndarray, shape (K,)
    history : list of float
        What is minimised, before the first step and after each.
    converged : bool
        Whether the gradient vanished, to within `tol`.

    Notes
    -----
    Derived in the chapter *Gradients*; see Hastie and others [1]_, section 4.4.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. and Friedman, J. (2009). The Elements of Statistical
       Learning, 2nd edition. Springer.

    Examples
    --------
    >>> x, y = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]], [0, 1, 0, 1, 2, 1]
    >>> model = SoftmaxRegression().fit(x, y)
    >>> model.converged, len(model.history)
    (True, 7)
    >>> model.predict_probs([[2.5]]).round(3)
    array([[0.23 , 0.651, 0.118]])
    """

    def _targets(self, y: Array) -> tuple[Array, int]:
        return y, int(y.max()) + 1

    def _loss_and_grad(self, targets: Array, logits: Array) -> tuple[float, Array]:
        return losses.sparse_softmax_cross_entropy_and_grad(targets, logits)

    def _probs(self, logits: Array) -> Array:
        return activations.softmax(logits)

    def predict(self, x: npt.ArrayLike) -> Array:
        """Return the most probable class of each example, shape (N,)."""
        return np.asarray(self.predict_logits(x).argmax(axis=1))


class LogisticRegression(LinearClassifier):
    """Logistic regression: a linear layer and the sigmoid, for two classes, 0 and 1.

    Attributes
    ----------
    weights : ndarray, shape (d, 1)
        One column, for the logit of class 1.
    bias : ndarray, shape (1,)
    history : list of float
        What is minimised, before the first step and after each.
    converged : bool
        Whether the gradient vanished, to within `tol`.

    Notes
    -----
    Derived in the chapter *Gradients*; see Hastie and others [1]_, section 4.4.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. and Friedman, J. (2009). The Elements of Statistical
       Learning, 2nd edition. Springer.

    Examples
    --------
    >>> x, y = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]
    >>> model = LogisticRegression().fit(x, y)
    >>> model.predict_probs([[1.5], [3.0]]).round(3)
    array([0.5  , 0.796])
    """

    def _targets(self, y: Array) -> tuple[Array, int]:
        if y.max() > 1:
            refuse_first("y", y, y > 1, "the classes of logistic regression are 0 and 1")
        return y[:, np.newaxis], 1

    def _loss_and_grad(self, targets: Array, logits: Array) -> tuple[float, Array]:
        return losses.sigmoid_cross_entropy_and_grad(targets, logits)

    def _probs(self, logits: Array) -> Array:
        return np.asarray(activations.sigmoid(logits))

    def predict_logits(self, x: npt.ArrayLike) -> Array:
        """Return the logit of class 1, shape (N,)."""
        return super().predict_logits(x)[:, 0]

    def predict(self, x: npt.ArrayLike) -> Array:
        """Return the more probable class of each example, 0 or 1, shape (N,)."""
        return (self.predict_logits(x) > 0).astype(int)


def _newton_step(x: Array, probs: Array, gradient: Array, cost: Array) -> Array:
    """Solve ``hessian @ step = gradient``.

    For the logits of one example the second derivative is diag(probs) - outer(probs, probs), with
    one class or with many. For the weights it has the example on either side, and is averaged.
    """
    n, d = x.shape
    classes = probs.shape[1]
    weighed = (probs[:, :, np.newaxis] * x[:, np.newaxis, :]).reshape(n, classes * d)
    hessian = -(weighed.T @ weighed) / n
    for k in range(classes):
        block = slice(k * d, (k + 1) * d)
        hessian[block, block] += x.T @ weighed[:, block] / n
    diagonal = np.einsum("ii->i", hessian)
    diagonal += np.tile(cost[:, 0], classes)
    # Where features repeat each other, and where softmax looks at differences of logits only, the
    # Hessian is flat and so is the gradient. A hair of curvature keeps the step there near 0 ...
    diagonal += 1e-10 * diagonal + np.finfo(float).tiny
    step = np.linalg.solve(hessian, gradient.T.ravel()).reshape(classes, d).T
    # ... and what rounding leaves of it for softmax is taken out.
    return step - step.mean(axis=1, keepdims=True) if classes > 1 else step


def _as_examples(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array]:
    """Return examples and labels as arrays, once they are fit for each other."""
    x, y = as_real_array("x", x), as_real_array("y", y)
    if x.ndim != 2 or y.shape != (len(x),):
        raise ValueError(
            f"`x` has shape {x.shape} and `y` has shape {y.shape}; they must be (N, d) and (N,)"
        )
    if not np.isfinite(x).all():
        refuse_first("x", x, ~np.isfinite(x), "a feature must be a finite number")
    if y.dtype.kind not in "iu":
        raise TypeError(f"`y` must hold integers, not values of dtype {y.dtype}")
    if y.min() < 0:
        refuse_first("y", y, y < 0, "the classes are numbered from 0")
    missing = np.flatnonzero(np.bincount(y, minlength=2) == 0)
    if missing.size:
        raise ValueError(f"`y` has no example of class {missing[0]}")
    return x, y
