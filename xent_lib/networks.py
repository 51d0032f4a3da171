"""Neural networks on a page: each operation beside its derivative, forward and backward.

A batch is an array with one row an example. Going forward, each layer makes of a batch the next
one and keeps what it will need; going backward, it gets the gradient of the loss with respect to
what it gave out, and returns the gradient with respect to what it got. That is the chain rule, one
link a layer.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from xent_lib import losses
from xent_lib._validation import Array, as_count, as_number

__all__ = [
    "SGD",
    "Dense",
    "Layer",
    "ReLU",
    "Sequential",
    "Tanh",
    "check_gradients",
    "numerical_gradient",
    "train",
]

LossAndGrad: TypeAlias = Callable[[Any, Array], tuple[float, Array]]
Seed: TypeAlias = np.random.Generator | int | None


class Layer:
    """One operation of a network; the base of `Dense`, `ReLU` and `Tanh`.

    A layer has two methods, ``forward(x)`` and ``backward(grad)``. One that learns names its
    arrays in `parameter_names`, and holds the gradient of each under the same name with ``_grad``.
    """

    parameter_names: tuple[str, ...] = ()

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return what the layer makes of the batch `x`."""
        raise NotImplementedError

    def backward(self, grad: Array) -> Array:
        """Return the gradient for the layer's input, given that for its output."""
        raise NotImplementedError

    def parameters(self) -> list[Array]:
        """Return the arrays that the layer learns."""
        return [getattr(self, name) for name in self.parameter_names]

    def gradients(self) -> list[Array]:
        """Return the gradient of the loss for each of `parameters`, by the last backward."""
        return [getattr(self, f"{name}_grad") for name in self.parameter_names]

    def __setattr__(self, name: str, value: Any) -> None:
        """Copy what is assigned to a parameter, as floats, once it has the right shape."""
        if name in self.parameter_names:
            value = np.array(value, dtype=float)
            shape = getattr(self, name, value).shape
            if value.shape != shape:
                raise ValueError(f"`{name}` of {self} has shape {shape}, not {value.shape}")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Dense(Layer):
    """Every input weighed for every output: ``x @ weights + bias``.

    Parameters
    ----------
    n_in, n_out : int
        How many numbers an example has before and after.
    rng : numpy.random.Generator or int, optional
        Generator, or its seed, that draws the weights.

    Attributes
    ----------
    weights : ndarray, shape (n_in, n_out)
        At first normal with standard deviation ``sqrt(2 / n_in)``, as He and others [1]_ derive
        it for ReLU: the outputs are then about as large as the inputs, however many layers.
    bias : ndarray, shape (n_out,)
        At first 0.
    weights_grad, bias_grad : ndarray
        Their gradients after ``backward``, summed over the batch. (Where a mean over the batch is
        wanted, the loss has divided already.)

    References
    ----------
    .. [1] He, K., Zhang, X., Ren, S. and Sun, J. (2015). Delving deep into rectifiers: surpassing
       human-level performance on ImageNet classification. ICCV, 1026-1034.

    Examples
    --------
    >>> layer = Dense(2, 3, rng=0)
    >>> layer
    Dense(2, 3)
    >>> layer.weights = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 3.0]])
    >>> layer.forward([[10.0, 1.0]])
    array([[10.,  1., 23.]])
    >>> layer.backward([[1.0, 0.0, 1.0]])
    array([[3., 3.]])
    >>> layer.weights_grad
    array([[10.,  0., 10.],
           [ 1.,  0.,  1.]])
    """

    parameter_names = ("weights", "bias")

    def __init__(self, n_in: int, n_out: int, *, rng: Seed = None) -> None:
        n_in, n_out = as_count("n_in", n_in), as_count("n_out", n_out)
        self.weights = np.random.default_rng(rng).normal(0, math.sqrt(2 / n_in), (n_in, n_out))
        self.bias = np.zeros(n_out)
        self.weights_grad = np.zeros_like(self.weights)
        self.bias_grad = np.zeros_like(self.bias)
        self.x = np.empty((0, n_in))

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return ``x @ weights + bias``, shape (N, n_out), for `x` of shape (N, n_in)."""
        self.x = np.asarray(x)
        if self.x.ndim != 2 or self.x.shape[1] != len(self.weights):
            raise ValueError(
                f"`x` has shape {self.x.shape}; {self} takes a batch of shape"
                f" (N, {len(self.weights)}), one row an example"
            )
        return self.x @ self.weights + self.bias

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return ``grad @ weights.T``, and set `weights_grad` and `bias_grad`."""
        grad = _as_grad(self, grad, (len(self.x), len(self.bias)))
        self.weights_grad = self.x.T @ grad
        self.bias_grad = grad.sum(axis=0)
        return grad @ self.weights.T

    def __repr__(self) -> str:
        return f"Dense({', '.join(map(str, self.weights.shape))})"


class ReLU(Layer):
    """What is negative becomes 0: ``max(x, 0)``. Where `x` is 0, the derivative is taken as 0.

    Examples
    --------
    >>> layer = ReLU()
    >>> layer.forward([[-2.0, 0.0, 3.0]])
    array([[0., 0., 3.]])
    >>> layer.backward([[5.0, 5.0, 5.0]])
    array([[0., 0., 5.]])
    """

    def __init__(self) -> None:
        self.out = np.empty((0, 0))

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return ``max(x, 0)``."""
        self.out = np.maximum(x, 0)
        return self.out

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return `grad` where `x` was positive, elsewhere 0."""
        return _as_grad(self, grad, self.out.shape) * (self.out > 0)


class Tanh(Layer):
    """Squash to between -1 and 1: ``tanh(x)``.

    Examples
    --------
    >>> layer = Tanh()
    >>> layer.forward([[0.0, 50.0]])
    array([[0., 1.]])
    >>> layer.backward([[5.0, 5.0]])
    array([[5., 0.]])
    """

    def __init__(self) -> None:
        self.out = np.empty((0, 0))

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return ``tanh(x)``."""
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return ``grad * (1 - tanh(x)**2)``."""
        return _as_grad(self, grad, self.out.shape) * (1 - self.out**2)


class Sequential:
    """Layers one after the other.

    Parameters
    ----------
    *layers : Layer
        The layers, from the input to the output.

    Examples
    --------
    >>> network = Sequential(Dense(2, 2, rng=0), ReLU(), Dense(2, 3, rng=1))
    >>> network
    Sequential(Dense(2, 2), ReLU(), Dense(2, 3))
    >>> network.forward([[0.04, 0.42], [1.00, 0.54]]).shape
    (2, 3)
    >>> [parameter.shape for parameter in network.parameters()]
    [(2, 2), (2,), (2, 3), (3,)]
    """

    def __init__(self, *layers: Layer) -> None:
        for number, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(
                    f"layer {number} of Sequential is {layer!r}; layers are given one by one, and"
                    " each is an object: Sequential(Dense(2, 3), ReLU())"
                )
        self.layers = layers

    def forward(self, x: npt.ArrayLike) -> Array:
        """Return the output of the last layer for the batch `x`: the logits."""
        out = np.asarray(x)
        for layer in self.layers:
            out = layer.forward(out)
        return out

    def backward(self, grad: npt.ArrayLike) -> Array:
        """Return the gradient for the input, given that for the output; set all on the way."""
        grad = np.asarray(grad)
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def parameters(self) -> list[Array]:
        """Return the arrays to learn, from the first layer to the last."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def gradients(self) -> list[Array]:
        """Return the gradient for each of `parameters`, by the last backward."""
        return [gradient for layer in self.layers for gradient in layer.gradients()]

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"


class SGD:
    """Gradient descent with momentum: like a ball, a parameter keeps some of its speed.

    ``velocity = momentum * velocity - learning_rate * gradient``, then ``parameter += velocity``.
    With no momentum it is the plain step against the gradient. "Stochastic" is only what the
    gradient may be: that of a mini-batch.

    Parameters
    ----------
    network : Sequential
        What is to learn. Its parameters are changed in place.
    learning_rate : float, optional
        How far to go for a gradient of 1; above 0.
    momentum : float, optional
        The share of its velocity that a parameter keeps, from 0 to 1.

    Notes
    -----
    The learning rate goes into the velocity, as in Keras and scikit-learn. PyTorch multiplies by
    it at the end (``velocity = momentum * velocity + gradient``, ``parameter -= learning_rate *
    velocity``): the same steps, as long as the learning rate stays the same.

    Examples
    --------
    >>> layer = Dense(1, 1)
    >>> layer.weights, layer.weights_grad = np.array([[1.0]]), np.array([[2.0]])
    >>> sgd = SGD(Sequential(layer), learning_rate=0.1, momentum=0.5)
    >>> for step in range(3):
    ...     sgd.step()
    ...     print(round(layer.weights.item(), 3))
    0.8
    0.5
    0.15
    """

    def __init__(
        self, network: Sequential, learning_rate: float = 0.1, momentum: float = 0.0
    ) -> None:
        self.network = network
        self.learning_rate = as_number("learning_rate", learning_rate, above=0)
        self.momentum = as_number("momentum", momentum, least=0, most=1)
        self.velocities = [np.zeros_like(parameter) for parameter in network.parameters()]

    def step(self) -> None:
        """Move each parameter once, by the gradients of the last backward."""
        for parameter, gradient, velocity in zip(
            self.network.parameters(), self.network.gradients(), self.velocities, strict=True
        ):
            velocity *= self.momentum
            velocity -= self.learning_rate * gradient
            parameter += velocity


def train(
    network: Sequential,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    loss_and_grad: LossAndGrad = losses.sparse_softmax_cross_entropy_and_grad,
    epochs: int,
    batch_size: int | None = None,
    learning_rate: float = 0.1,
    momentum: float = 0.0,
    rng: Seed = None,
) -> list[float]:
    """Train a network by gradient descent on mini-batches.

    Parameters
    ----------
    network : Sequential
        What is to learn. It is changed in place.
    x : array_like, shape (N, n_in)
        One row an example.
    y : array_like
        What each example should give, in the form that `loss_and_grad` takes: by default labels
        of shape (N,).
    loss_and_grad : callable, optional
        Given the truth and the output of the network for a batch, returns the mean loss and its
        gradient with respect to the output.
    epochs : int
        How often each example is seen.
    batch_size : int, optional
        How many examples make one step. By default all of them. In each epoch every example is in
        one batch; the last batch may be smaller.
    learning_rate, momentum : float, optional
        As for `SGD`.
    rng : numpy.random.Generator or int, optional
        Generator, or its seed, that shuffles the examples before each epoch.

    Returns
    -------
    list of float
        The mean loss of each epoch, as measured on the way: each batch before its step.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not as described, or if a layer or the loss cannot take the data.

    Notes
    -----
    Derived in the chapter *Backpropagation on Iris*; introduced by Rumelhart and others [1]_.

    References
    ----------
    .. [1] Rumelhart, D. E., Hinton, G. E. and Williams, R. J. (1986). Learning representations by
       back-propagating errors. Nature 323, 533-536.

    Examples
    --------
    A network learns exclusive or, which no single layer could:

    >>> x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> network = Sequential(Dense(2, 8, rng=0), Tanh(), Dense(8, 2, rng=1))
    >>> history = train(network, x, y, epochs=200, learning_rate=0.5)
    >>> network.forward(x).argmax(axis=1)
    array([0, 1, 1, 0])
    >>> history[-1] < 0.05 < history[0]
    True
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.shape[:1] != y.shape[:1] or x.size == 0:
        raise ValueError(
            f"`x` has shape {x.shape} and `y` has shape {y.shape}; both need a row an example"
        )
    epochs = as_count("epochs", epochs)
    batch_size = len(x) if batch_size is None else as_count("batch_size", batch_size)
    rng = np.random.default_rng(rng)
    optimizer = SGD(network, learning_rate, momentum)
    history = []
    for _ in range(epochs):
        total = 0.0
        for rows in _batches(len(x), batch_size, rng):
            loss, grad = loss_and_grad(y[rows], network.forward(x[rows]))
            network.backward(grad)
            optimizer.step()
            total += loss * len(rows)
        history.append(total / len(x))
    return history


def numerical_gradient(
    function: Callable[[Array], float], x: npt.ArrayLike, *, step: float = 1e-5
) -> Array:
    """Gradient of `function` at `x` by central differences: the slow way that needs no calculus.

    Parameters
    ----------
    function : callable
        Takes an array like `x`, returns a number.
    x : array_like
        Where to take the gradient; of any shape.
    step : float, optional
        How far to go to either side. The error of the differences falls with the square of the
        step; that of rounding grows as the step shrinks. 1e-5 leaves about ten digits where
        function, `x` and gradient are of the order of 1.

    Returns
    -------
    ndarray
        The gradient, in the shape of `x`: ``(function(x + step) - function(x - step)) / (2 *
        step)`` for each entry of `x`, the others held.

    Examples
    --------
    >>> numerical_gradient(lambda x: (x**2).sum(), [1.0, -3.0]).round(6)
    array([ 2., -6.])
    """
    x = np.array(x, dtype=float)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        right, left = x.copy(), x.copy()
        right[index] += step
        left[index] -= step
        gradient[index] = (function(right) - function(left)) / (2 * step)
    return gradient


def check_gradients(
    network: Sequential,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    loss_and_grad: LossAndGrad = losses.sparse_softmax_cross_entropy_and_grad,
    step: float = 1e-5,
    tolerance: float = 1e-6,
) -> float:
    """Hold the gradients that ``backward`` gives against differences.

    Parameters
    ----------
    network : Sequential
        The network; its parameters are moved for the differences and put back.
    x, y, loss_and_grad
        A batch, what it should give, and the loss, as for `train`.
    step : float, optional
        As for `numerical_gradient`.
    tolerance : float, optional
        The largest error to pass; ``math.inf`` to be only told the error.

    Returns
    -------
    float
        The largest relative error of any parameter or of the input: the largest difference
        between the two gradients of an array, over the largest entry of either.

    Raises
    ------
    AssertionError
        If the error is above `tolerance`; it names the array and the entry that are furthest off.

    Notes
    -----
    ReLU has a corner at 0. Where an input of it lies within a `step` of 0, the difference goes
    around the corner and there is an error that is not the network's: take another `x`.

    Examples
    --------
    >>> network = Sequential(Dense(2, 4, rng=0), Tanh(), Dense(4, 3, rng=1))
    >>> check_gradients(network, [[0.04, 0.42], [1.00, 0.54]], [0, 2]) < 1e-8
    True
    """
    x = np.array(x, dtype=float)
    worst, message = 0.0, ""
    grad = loss_and_grad(y, network.forward(x))[1]
    for name, array, gradient in _arrays_with_gradients(network, x, network.backward(grad)):

        def loss_at(values: Array, array: Array = array) -> float:
            array[...] = values
            return loss_and_grad(y, network.forward(x))[0]

        original = array.copy()
        differences = numerical_gradient(loss_at, original, step=step)
        array[...] = original
        if gradient.shape != array.shape:
            raise AssertionError(
                f"{name} has shape {array.shape}, but its gradient {gradient.shape}"
            )
        off = np.abs(gradient - differences)
        # Below 1e-6 or so, the differences are little more than rounding.
        scale = max(np.abs(gradient).max(), np.abs(differences).max(), 1e-6)
        error = float(np.nan_to_num(off.max() / scale, nan=math.inf))
        if error > worst:
            index = np.unravel_index(off.argmax(), off.shape)
            worst = error
            message = (
                f"{name}{list(map(int, index))}: backward gives {gradient[index]:.6g}, differences"
                f" give {differences[index]:.6g} (relative error {error:.2g})"
            )
    if worst > tolerance:
        raise AssertionError(message)
    return worst


def _arrays_with_gradients(
    network: Sequential, x: Array, x_grad: Array
) -> Iterator[tuple[str, Array, Array]]:
    """Give the name, the array and the gradient of the input and of each parameter."""
    yield "input", x, x_grad
    for number, layer in enumerate(network.layers):
        for name, parameter, gradient in zip(
            layer.parameter_names, layer.parameters(), layer.gradients(), strict=True
        ):
            yield f"layer {number}, {layer}: {name}", parameter, gradient


def _batches(count: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Give the numbers of the examples of each batch of an epoch, in a new order."""
    order = rng.permutation(count)
    for start in range(0, count, batch_size):
        yield order[start : start + batch_size]


def _as_grad(layer: Layer, grad: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    """Return `grad` as an array, once it fits what the layer last gave out."""
    grad = np.asarray(grad)
    if grad.shape != shape:
        raise ValueError(f"`grad` has shape {grad.shape}, but {layer} last gave out shape {shape}")
    return grad
