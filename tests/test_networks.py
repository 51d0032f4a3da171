"""Networks do by hand what calculus, differences and scikit-learn say."""

import math
import re

import numpy as np
import pytest
import scipy.special
from sklearn.neural_network import MLPClassifier

from xent_lib.losses import sparse_softmax_cross_entropy_and_grad
from xent_lib.networks import (
    SGD,
    Dense,
    Layer,
    ReLU,
    Sequential,
    Tanh,
    check_gradients,
    numerical_gradient,
    train,
)


def squared_error_and_grad(targets, out):
    """A loss for networks with any output: half the squared error, summed."""
    return ((out - targets) ** 2).sum() / 2, out - targets


def flowers():
    """The network of the book, and the widths of the petals and sepals of three flowers."""
    network = Sequential(Dense(2, 2), ReLU(), Dense(2, 3))
    hidden, _, output = network.layers
    hidden.weights = [[-2.5, -1.5], [0.6, 0.4]]
    hidden.bias = [1.6, 0.7]
    output.weights = [[-0.1, 2.4, -2.2], [1.5, -5.2, 3.7]]
    output.bias = [0, 0, 1]
    return network, np.array([[0.04, 0.42], [1.00, 0.54], [0.50, 0.37]]), np.array([0, 2, 1])


def data(count, features, classes, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, features)), rng.integers(classes, size=count)


# The numbers of the book


def test_the_three_flowers_have_their_probabilities_and_losses():
    network, x, y = flowers()
    probs = scipy.special.softmax(network.forward(x), axis=1)[range(3), y]
    np.testing.assert_array_equal(probs.round(2), [0.57, 0.58, 0.52])
    np.testing.assert_array_equal((-np.log(probs)).round(4), [0.5662, 0.5514, 0.6573])
    assert round(-np.log(probs).sum(), 4) == 1.7750


def test_the_three_flowers_take_a_step_that_lowers_their_loss():
    network, x, y = flowers()
    before, after = train(network, x, y, epochs=2, learning_rate=0.1)
    assert before == pytest.approx(1.7750 / 3, abs=2e-5)
    assert after < before


# Each layer, by hand and by differences


def test_dense_weighs_every_input_for_every_output_and_adds_the_bias():
    layer = Dense(2, 3)
    layer.weights = [[1, 2, 3], [4, 5, 6]]
    layer.bias = [10, 20, 30]
    np.testing.assert_array_equal(layer.forward([[1, 0], [1, 1]]), [[11, 22, 33], [15, 27, 39]])


def test_dense_sums_its_gradients_over_the_batch():
    layer = Dense(2, 1)
    layer.weights = [[3], [5]]
    layer.forward([[1, 2], [10, 20]])
    np.testing.assert_array_equal(layer.backward([[1], [2]]), [[3, 5], [6, 10]])
    np.testing.assert_array_equal(layer.weights_grad, [[21], [42]])
    np.testing.assert_array_equal(layer.bias_grad, [3])


def test_relu_passes_what_is_positive_and_its_derivative_at_zero_is_zero():
    layer = ReLU()
    np.testing.assert_array_equal(layer.forward([[-1.0, 0.0, 2.0]]), [[0, 0, 2]])
    np.testing.assert_array_equal(layer.backward([[7.0, 7.0, 7.0]]), [[0, 0, 7]])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (2, 7)])
@pytest.mark.parametrize("kind", [lambda n: Dense(n, 4, rng=n), lambda n: ReLU(), lambda n: Tanh()])
def test_each_layer_has_the_gradients_that_differences_give(kind, shape, seed):
    rng = np.random.default_rng(seed)
    x, layer = rng.normal(size=shape), kind(shape[1])
    share = rng.normal(size=layer.forward(x).shape)  # of each output in what is differentiated
    x_grad = layer.backward(share)
    np.testing.assert_allclose(
        x_grad, numerical_gradient(lambda x: (share * layer.forward(x)).sum(), x), atol=1e-8
    )
    for name, gradient in zip(layer.parameter_names, layer.gradients(), strict=True):
        values = getattr(layer, name)

        def total(values, name=name):
            setattr(layer, name, values)
            return (share * layer.forward(x)).sum()

        np.testing.assert_allclose(gradient, numerical_gradient(total, values), atol=1e-8)
        setattr(layer, name, values)


def test_weights_begin_with_the_spread_that_suits_relu_and_biases_with_zero():
    layer = Dense(200, 1000, rng=0)
    assert layer.weights.std() == pytest.approx(math.sqrt(2 / 200), rel=0.01)
    assert abs(layer.weights.mean()) < 0.001
    assert not layer.bias.any()


def test_signals_keep_their_size_through_many_relu_layers():
    x = np.random.default_rng(0).normal(size=(50, 300))
    layers = [layer for seed in range(10) for layer in (Dense(300, 300, rng=seed), ReLU())]
    out = Sequential(*layers).forward(x)
    assert 0.5 < (out**2).mean() / (x**2).mean() < 2


def test_the_same_seed_gives_the_same_weights_and_a_generator_moves_on():
    np.testing.assert_array_equal(Dense(2, 3, rng=5).weights, Dense(2, 3, rng=5).weights)
    rng = np.random.default_rng(5)
    assert (Dense(2, 3, rng=rng).weights != Dense(2, 3, rng=rng).weights).all()


@pytest.mark.parametrize("kind", [int, float])
def test_what_is_assigned_to_a_parameter_is_copied_as_floats(kind):
    layer, values = Dense(1, 2), np.array([[1, 2]], dtype=kind)
    layer.weights = values
    layer.weights[0, 0] += 0.5
    np.testing.assert_array_equal(layer.weights, [[1.5, 2]])
    np.testing.assert_array_equal(values, [[1, 2]])


def test_layers_show_their_shapes():
    network = Sequential(Dense(2, 16), ReLU(), Dense(16, 3), Tanh())
    assert repr(network) == "Sequential(Dense(2, 16), ReLU(), Dense(16, 3), Tanh())"


# Whole networks


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.parametrize(
    "build",
    [
        lambda rng: Sequential(Dense(3, 2, rng=rng)),
        lambda rng: Sequential(Dense(3, 5, rng=rng), Tanh(), Dense(5, 4, rng=rng)),
        lambda rng: Sequential(
            Dense(3, 8, rng=rng), ReLU(), Dense(8, 8, rng=rng), Tanh(), Dense(8, 3, rng=rng)
        ),
    ],
    ids=["linear", "tanh", "deep"],
)
def test_whole_networks_have_the_gradients_that_differences_give(build, count, seed):
    network = build(np.random.default_rng(seed))
    x, y = data(count, 3, 2, seed)
    assert check_gradients(network, x, y) < 1e-7
    targets = np.ones(network.forward(x).shape)
    assert check_gradients(network, x, targets, loss_and_grad=squared_error_and_grad) < 1e-7


def test_a_check_leaves_the_network_as_it_was():
    network, x, y = flowers()
    before = [parameter.copy() for parameter in network.parameters()]
    out = network.forward(x)
    assert check_gradients(network, x.tolist(), y.tolist()) < 1e-8
    for parameter, old in zip(network.parameters(), before, strict=True):
        np.testing.assert_array_equal(parameter, old)
    np.testing.assert_array_equal(network.forward(x), out)


class TransposedWeights(Dense):
    def backward(self, grad):
        super().backward(grad)
        return grad @ self.weights


class MeanForSum(Dense):
    def backward(self, grad):
        out = super().backward(grad)
        self.weights_grad /= len(grad)
        return out


class DroppedBias(Dense):
    def backward(self, grad):
        out = super().backward(grad)
        self.bias_grad = np.zeros_like(self.bias)
        return out


class MisshapenBias(Dense):
    def backward(self, grad):
        out = super().backward(grad)
        self.bias_grad = grad.sum(axis=1)
        return out


class NotANumber(Dense):
    def backward(self, grad):
        out = super().backward(grad)
        self.weights_grad[1, 2] = np.nan
        return out


class MissingMask(ReLU):
    def backward(self, grad):
        return grad


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            TransposedWeights(3, 3, rng=1),
            "input[2, 2]: backward gives 0.664014, differences give -0.810634",
        ),
        (MeanForSum(3, 3, rng=1), "layer 1, Dense(3, 3): weights["),
        (DroppedBias(3, 3, rng=1), "layer 1, Dense(3, 3): bias[1]: backward gives 0, differences"),
        (MisshapenBias(3, 3, rng=1), "layer 1, Dense(3, 3): bias has shape (3,), but its gradient"),
        (NotANumber(3, 3, rng=1), "layer 1, Dense(3, 3): weights[1, 2]: backward gives nan"),
        (
            MissingMask(),
            "input[3, 2]: backward gives 0.335485, differences give 0.55631 (relative error 0.4)",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Layer) else "",
)
def test_a_check_names_the_array_and_the_entry_that_are_furthest_off(layer, message):
    x, y = data(4, 3, 3)
    network = Sequential(Dense(3, 3, rng=0), layer, Dense(3, 3, rng=2))
    with pytest.raises(AssertionError, match=re.escape(message)):
        check_gradients(network, x, y)


def test_a_check_may_be_asked_for_the_error_alone():
    x, y = data(4, 3, 3)
    network = Sequential(Dense(3, 3, rng=0), DroppedBias(3, 3, rng=1))
    assert check_gradients(network, x, y, tolerance=math.inf) == pytest.approx(1)


def test_numerical_gradients_have_the_shape_of_their_argument_and_leave_it_alone():
    x = np.arange(6).reshape(2, 3)
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2, atol=1e-8)
    np.testing.assert_array_equal(x, np.arange(6).reshape(2, 3))
    assert numerical_gradient(np.exp, 0.0) == pytest.approx(1)


def test_differences_are_taken_to_both_sides():
    # To one side, the difference of a square is off by the step.
    assert numerical_gradient(lambda x: x**2, 3.0, step=0.5) == 6


# Beside scikit-learn


def scikit_learn_and_ours(x, y, activation, **options):
    """The same network twice: scikit-learn's after one step, and ours with its weights."""
    peer = MLPClassifier((5, 4), activation=activation, alpha=0, random_state=0, **options)
    peer.partial_fit(x, y, classes=np.unique(y))
    squash = {"relu": ReLU, "tanh": Tanh}[activation]
    network = Sequential(Dense(3, 5), squash(), Dense(5, 4), squash(), Dense(4, 3))
    for layer, weights, bias in zip(
        network.layers[::2], peer.coefs_, peer.intercepts_, strict=True
    ):
        layer.weights, layer.bias = weights, bias
    return peer, network


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_loss_and_gradients_are_those_of_scikit_learn(activation):
    x, y = data(20, 3, 3)
    peer, network = scikit_learn_and_ours(x, y, activation)
    activations = [x] + [np.empty((20, layer.weights.shape[1])) for layer in network.layers[::2]]
    shapes = [activation.shape for activation in activations[1:]]
    loss, weights_grads, bias_grads = peer._backprop(
        x,
        np.eye(3)[y],
        None,
        activations,
        [np.empty(shape) for shape in shapes],
        [np.empty_like(weights) for weights in peer.coefs_],
        [np.empty_like(bias) for bias in peer.intercepts_],
    )
    our_loss, grad = sparse_softmax_cross_entropy_and_grad(y, network.forward(x))
    network.backward(grad)
    assert our_loss == pytest.approx(loss, rel=1e-12)
    for layer, weights_grad, bias_grad in zip(
        network.layers[::2], weights_grads, bias_grads, strict=True
    ):
        np.testing.assert_allclose(layer.weights_grad, weights_grad, atol=1e-15)
        np.testing.assert_allclose(layer.bias_grad, bias_grad, atol=1e-15)


def test_steps_with_momentum_are_those_of_scikit_learn():
    x, y = data(20, 3, 3)
    options = {"learning_rate_init": 0.2, "momentum": 0.8, "nesterovs_momentum": False}
    peer, network = scikit_learn_and_ours(x, y, "relu", solver="sgd", shuffle=False, **options)
    sgd = SGD(network, learning_rate=0.2, momentum=0.8)
    # scikit-learn keeps the velocities of all weights, then those of all biases.
    ours_first = [velocity.copy() for velocity in peer._optimizer.velocities]
    sgd.velocities = [ours_first[i] for i in (0, 3, 1, 4, 2, 5)]
    for _ in range(10):
        network.backward(sparse_softmax_cross_entropy_and_grad(y, network.forward(x))[1])
        sgd.step()
        peer.partial_fit(x, y)
    for layer, weights in zip(network.layers[::2], peer.coefs_, strict=True):
        np.testing.assert_allclose(layer.weights, weights, atol=1e-14)


# Training


def test_momentum_keeps_a_share_of_the_velocity():
    x, y = data(10, 2, 2)
    network = Sequential(Dense(2, 2, rng=0))
    weights, velocity = network.layers[0].weights.copy(), 0
    bias, bias_velocity = np.zeros(2), 0
    train(network, x, y, epochs=5, learning_rate=0.3, momentum=0.9)
    for _ in range(5):
        probs = scipy.special.softmax(x @ weights + bias, axis=1)
        grad = (probs - np.eye(2)[y]) / 10
        velocity = 0.9 * velocity - 0.3 * x.T @ grad
        bias_velocity = 0.9 * bias_velocity - 0.3 * grad.sum(axis=0)
        weights = weights + velocity
        bias = bias + bias_velocity
    np.testing.assert_allclose(network.layers[0].weights, weights, rtol=1e-12)
    np.testing.assert_allclose(network.layers[0].bias, bias, rtol=1e-12)


def batches_seen(count, batch_size, epochs, rng):
    """The numbers of the examples in each batch of a training, in order."""
    seen = []

    def loss_and_grad(y, out):
        np.testing.assert_array_equal(out[:, 0], y)  # the rows of x and y stay together
        seen.append(y.tolist())
        return float(y.mean()), np.zeros_like(out)

    network = Sequential(Dense(1, 1))
    network.layers[0].weights = [[1]]
    x, y = np.arange(count)[:, np.newaxis], np.arange(count)
    history = train(
        network, x, y, loss_and_grad=loss_and_grad, epochs=epochs, batch_size=batch_size, rng=rng
    )
    # The mean of the epoch counts each example once, though the last batch is smaller.
    assert history == pytest.approx([y.mean()] * epochs)
    return seen


@pytest.mark.parametrize(
    ("count", "batch_size", "sizes"),
    [(10, 4, [4, 4, 2]), (10, 5, [5, 5]), (10, None, [10]), (3, 8, [3]), (3, 1, [1, 1, 1])],
)
def test_every_example_is_in_one_batch_of_each_epoch(count, batch_size, sizes):
    seen = batches_seen(count, batch_size, 2, rng=0)
    assert [len(batch) for batch in seen] == sizes * 2
    for epoch in (seen[: len(sizes)], seen[len(sizes) :]):
        assert sorted(row for batch in epoch for row in batch) == list(range(count))


def test_batches_differ_between_epochs_and_seeds_but_not_for_the_same_seed():
    first = batches_seen(20, 4, 2, rng=0)
    assert first == batches_seen(20, 4, 2, rng=0)
    assert first == batches_seen(20, 4, 2, rng=np.random.default_rng(0))
    assert first != batches_seen(20, 4, 2, rng=1)
    assert first[:5] != first[5:]


def test_training_with_one_seed_gives_one_network():
    x, y = data(30, 2, 3)

    def trained():
        network = Sequential(Dense(2, 8, rng=0), ReLU(), Dense(8, 3, rng=1))
        return train(network, x, y, epochs=5, batch_size=8, momentum=0.5, rng=2), network

    (history, network), (again, same) = trained(), trained()
    assert history == again
    for parameter, other in zip(network.parameters(), same.parameters(), strict=True):
        np.testing.assert_array_equal(parameter, other)


# What is refused


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: Dense(2.5, 3), TypeError, "`n_in` must be an integer, not 2.5"),
        (lambda: Dense(2, 0), ValueError, "`n_out` is 0; it must be at least 1"),
        (
            lambda: Dense(2, 3).forward([[1.0, 2.0, 3.0]]),
            ValueError,
            "`x` has shape (1, 3); Dense(2, 3) takes a batch of shape (N, 2), one row an example",
        ),
        (
            lambda: Dense(2, 3).forward([1.0, 2.0]),
            ValueError,
            "`x` has shape (2,); Dense(2, 3) takes a batch",
        ),
        (
            lambda: Dense(2, 3).backward([[1.0, 2.0, 3.0]]),
            ValueError,
            "`grad` has shape (1, 3), but Dense(2, 3) last gave out shape (0, 3)",
        ),
        (
            lambda: setattr(Dense(2, 3), "weights", np.ones((3, 2))),
            ValueError,
            "`weights` of Dense(2, 3) has shape (2, 3), not (3, 2)",
        ),
        (
            lambda: Sequential([Dense(2, 3), ReLU()]),
            TypeError,
            "layer 0 of Sequential is [Dense(2, 3), ReLU()]; layers are given one by one",
        ),
        (
            lambda: Sequential(Dense(2, 3), ReLU),
            TypeError,
            "layer 1 of Sequential is <class 'xent_lib.networks.ReLU'>; ",
        ),
        (
            lambda: SGD(Sequential(), learning_rate=0),
            ValueError,
            "`learning_rate` is 0; it must be finite and above 0",
        ),
        (
            lambda: SGD(Sequential(), momentum=1.5),
            ValueError,
            "`momentum` is 1.5; it must be between 0 and 1",
        ),
        (
            lambda: train(Sequential(), [[1.0], [2.0]], [0], epochs=1),
            ValueError,
            "`x` has shape (2, 1) and `y` has shape (1,); both need a row an example",
        ),
        (
            lambda: train(Sequential(), [], [], epochs=1),
            ValueError,
            "`x` has shape (0,) and `y` has shape (0,); both need",
        ),
        (
            lambda: train(Sequential(), [[1.0]], [0], epochs=0),
            ValueError,
            "`epochs` is 0; it must be at least 1",
        ),
        (
            lambda: train(Sequential(), [[1.0]], [0], epochs=1, batch_size=-1),
            ValueError,
            "`batch_size` is -1; it must be at least 1",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(act, error, message):
    with pytest.raises(error, match=re.escape(message)):
        act()


@pytest.mark.parametrize("layer", [ReLU(), Tanh()], ids=repr)
def test_a_gradient_of_another_shape_is_not_broadcast(layer):
    layer.forward(np.ones((4, 3)))
    with pytest.raises(ValueError, match=re.escape("(4, 1), but " + repr(layer))):
        layer.backward(np.ones((4, 1)))


@pytest.mark.parametrize("method", ["forward", "backward"])
def test_a_layer_of_ones_own_has_to_be_written_out(method):
    with pytest.raises(NotImplementedError):
        getattr(Layer(), method)(np.ones((1, 1)))
