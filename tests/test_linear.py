"""Linear classifiers find the minimum that scikit-learn finds, and say where there is none."""

import math
import re

import numpy as np
import pytest
import sklearn.linear_model
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from xent_lib.linear import LinearClassifier, LogisticRegression, SoftmaxRegression
from xent_lib.losses import sigmoid_cross_entropy, sparse_softmax_cross_entropy
from xent_lib.networks import numerical_gradient

# Three classes that overlap, and two of them.
X = np.random.default_rng(0).normal(size=(60, 2)) + np.repeat([[0, 0], [1, 0], [0, 1]], 20, axis=0)
Y = np.repeat([0, 1, 2], 20)
X2, Y2 = X[:40], Y[:40]


def standardised(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def scikit_learn(x, y, l2):
    """The coefficients by scikit-learn, in our shapes."""
    C = np.inf if l2 == 0 else 1 / (l2 * len(x))
    peer = sklearn.linear_model.LogisticRegression(
        C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000
    ).fit(x, y)
    return peer.coef_.T, peer.intercept_


# Beside scikit-learn


@pytest.mark.parametrize("l2", [1 / 150, 1e-4, 0.1, 10.0])
@pytest.mark.parametrize("load", [load_iris, load_wine])
def test_softmax_regression_is_that_of_scikit_learn(load, l2):
    x, y = load(return_X_y=True)
    x = standardised(x)
    model = SoftmaxRegression().fit(x, y, l2=l2, tol=1e-10)
    assert model.converged
    weights, bias = scikit_learn(x, y, l2)
    np.testing.assert_allclose(model.weights, weights, rtol=0, atol=1e-6)
    np.testing.assert_allclose(model.bias, bias, rtol=0, atol=1e-6)


@pytest.mark.parametrize("l2", [1 / 569, 1e-3, 10.0])
def test_logistic_regression_is_that_of_scikit_learn(l2):
    x, y = load_breast_cancer(return_X_y=True)
    x = standardised(x)
    model = LogisticRegression().fit(x, y, l2=l2, tol=1e-10)
    assert model.converged
    weights, bias = scikit_learn(x, y, l2)
    np.testing.assert_allclose(model.weights, weights, rtol=0, atol=1e-6)
    np.testing.assert_allclose(model.bias, bias, rtol=0, atol=1e-6)


def test_without_l2_too():
    for model, x, y in [(LogisticRegression(), X2, Y2), (SoftmaxRegression(), X, Y)]:
        model.fit(x, y)
        weights, bias = scikit_learn(x, y, 0)
        np.testing.assert_allclose(model.weights, weights, rtol=0, atol=1e-6)
        np.testing.assert_allclose(model.bias, bias, rtol=0, atol=1e-6)


def test_the_default_of_scikit_learn_is_one_over_the_number_of_examples():
    x, y = load_iris(return_X_y=True)
    peer = sklearn.linear_model.LogisticRegression(max_iter=1000, tol=1e-8).fit(x, y)
    # Its default method, L-BFGS, stops after some five digits.
    model = SoftmaxRegression().fit(x, y, l2=1 / len(x))
    np.testing.assert_allclose(model.weights, peer.coef_.T, rtol=0, atol=1e-5)
    np.testing.assert_allclose(model.predict_probs(x), peer.predict_proba(x), rtol=0, atol=1e-5)
    np.testing.assert_array_equal(model.predict(x), peer.predict(x))


@pytest.mark.parametrize("scale", [1e-3, 1e4])
def test_newton_does_not_mind_the_units_of_the_features(scale):
    plain = SoftmaxRegression().fit(X, Y)
    scaled = SoftmaxRegression().fit(X * [1, scale], Y)
    assert scaled.converged
    np.testing.assert_allclose(scaled.weights * [[1], [scale]], plain.weights, rtol=1e-6)


def test_raw_measurements_over_six_orders_of_magnitude_are_fitted():
    x, y = load_breast_cancer(return_X_y=True)
    model = LogisticRegression().fit(x, y, l2=1 / len(x))
    weights, _ = scikit_learn(x, y, 1 / len(x))
    assert model.converged
    np.testing.assert_allclose(model.weights, weights, rtol=0, atol=1e-6)


# By hand


def test_the_fit_to_two_groups_gives_each_its_frequency():
    # Of those with x = 0 one in four is of class 1, of those with x = 1 two in three.
    x = np.array([[0], [0], [0], [0], [1], [1], [1]])
    y = np.array([0, 0, 0, 1, 0, 1, 1])
    model = LogisticRegression().fit(x, y)
    np.testing.assert_allclose(model.predict_probs([[0], [1]]), [1 / 4, 2 / 3], rtol=1e-8)
    np.testing.assert_allclose(model.bias, [math.log(1 / 3)], rtol=1e-8)
    np.testing.assert_allclose(model.weights, [[math.log(2) - math.log(1 / 3)]], rtol=1e-8)
    np.testing.assert_array_equal(model.predict([[0], [1]]), [0, 1])


def test_features_that_tell_nothing_leave_the_frequencies_of_the_classes():
    y = np.array([0, 1, 1, 2, 2, 2])
    model = SoftmaxRegression().fit(np.zeros((6, 2)), y)
    np.testing.assert_allclose(model.predict_probs([[0, 0]]), [[1 / 6, 2 / 6, 3 / 6]], rtol=1e-8)
    np.testing.assert_allclose(model.weights, np.zeros((2, 3)), atol=1e-15)
    assert model.history[-1] == pytest.approx(-np.log(np.array([1, 2, 2, 3, 3, 3]) / 6).mean())


def test_two_classes_by_softmax_are_logistic_regression():
    one, two = LogisticRegression().fit(X2, Y2), SoftmaxRegression().fit(X2, Y2)
    np.testing.assert_allclose(two.weights[:, 1:] - two.weights[:, :1], one.weights, rtol=1e-9)
    np.testing.assert_allclose(two.predict_probs(X2)[:, 1], one.predict_probs(X2), rtol=1e-9)
    np.testing.assert_allclose(one.predict_logits(X2), X2 @ one.weights[:, 0] + one.bias)


def test_shapes_are_those_of_a_dense_layer():
    one, three = LogisticRegression().fit(X2, Y2), SoftmaxRegression().fit(X, Y)
    assert (one.weights.shape, one.bias.shape) == ((2, 1), (1,))
    assert (three.weights.shape, three.bias.shape) == ((2, 3), (3,))
    for function in (one.predict_logits, one.predict_probs, one.predict):
        assert function(X).shape == (60,)
    assert three.predict_logits(X).shape == three.predict_probs(X).shape == (60, 3)
    assert three.predict(X).shape == (60,)


def test_the_more_probable_class_is_predicted():
    one, three = LogisticRegression().fit(X2, Y2), SoftmaxRegression().fit(X, Y)
    np.testing.assert_array_equal(one.predict(X), one.predict_probs(X) > 0.5)
    np.testing.assert_array_equal(three.predict(X), three.predict_probs(X).argmax(axis=1))


def test_models_show_their_names():
    assert repr(LogisticRegression()) == "LogisticRegression()"


def test_what_both_models_have_in_common_is_no_model():
    assert issubclass(LogisticRegression, LinearClassifier)
    assert issubclass(SoftmaxRegression, LinearClassifier)
    with pytest.raises(TypeError, match="abstract"):
        LinearClassifier()


# The two methods


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize(
    ("model", "x", "y"), [(LogisticRegression, X2, Y2), (SoftmaxRegression, X, Y)]
)
def test_gradient_descent_and_newton_go_to_the_same_place(model, x, y, l2):
    newton = model().fit(x, y, l2=l2)
    descent = model().fit(x, y, method="gradient", l2=l2, learning_rate=1, max_iter=5000)
    assert newton.converged
    assert descent.converged
    assert len(newton.history) < 10 < len(descent.history)
    np.testing.assert_allclose(descent.weights, newton.weights, atol=1e-6)
    np.testing.assert_allclose(descent.bias, newton.bias, atol=1e-6)


@pytest.mark.parametrize("method", ["newton", "gradient"])
@pytest.mark.parametrize(
    ("model", "x", "y", "loss"),
    [
        (LogisticRegression, X2, Y2, sigmoid_cross_entropy),
        (SoftmaxRegression, X, Y, sparse_softmax_cross_entropy),
    ],
)
def test_history_is_what_is_minimised_from_no_knowledge_on(model, x, y, loss, method):
    fitted = model().fit(x, y, method=method, l2=0.1, max_iter=3)
    assert len(fitted.history) == 4
    assert fitted.history[0] == pytest.approx(math.log(y.max() + 1))
    assert (np.diff(fitted.history) < 0).all()
    penalty = 0.05 * (fitted.weights**2).sum()
    assert fitted.history[-1] == pytest.approx(loss(y, fitted.predict_logits(x)) + penalty)


def test_one_step_of_gradient_descent_is_the_rate_times_the_slope_by_differences():
    def loss(theta):
        return sparse_softmax_cross_entropy(Y, X @ theta[:-1] + theta[-1])

    model = SoftmaxRegression().fit(X, Y, method="gradient", learning_rate=0.3, max_iter=1)
    slope = numerical_gradient(loss, np.zeros((3, 3)))
    np.testing.assert_allclose(model.weights, -0.3 * slope[:-1], atol=1e-9)
    np.testing.assert_allclose(model.bias, -0.3 * slope[-1], atol=1e-9)
    assert not model.converged


@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_one_step_of_newton_lands_where_the_curvature_by_differences_says(l2):
    def loss(theta):
        cost = l2 / 2 * (theta[:-1] ** 2).sum()
        return sigmoid_cross_entropy(Y2, X2 @ theta[:-1] + theta[-1]) + cost

    def slope(theta):
        return numerical_gradient(loss, theta, step=1e-4)

    model = LogisticRegression().fit(X2, Y2, l2=l2, max_iter=1)
    start = np.zeros(3)
    hessian = [numerical_gradient(lambda t, i=i: slope(t)[i], start, step=1e-4) for i in range(3)]
    landing = -np.linalg.solve(hessian, slope(start))
    np.testing.assert_allclose([*model.weights[:, 0], *model.bias], landing, rtol=1e-5)


def test_a_newton_step_that_overshoots_is_halved():
    x = np.array([[0.0, -1.2, 0.8, 1.6, 2.9, -1.3, 0.0, -387.9, 21.6, 2.7]]).T
    y = np.array([2, 2, 2, 2, 1, 2, 0, 2, 0, 2])
    losses = []

    class Watched(SoftmaxRegression):
        def _loss_and_grad(self, labels, logits):
            losses.append(sparse_softmax_cross_entropy(labels, logits))
            return super()._loss_and_grad(labels, logits)

    model = Watched().fit(x, y)
    assert (np.diff(losses) > 0.001).any()
    assert (np.diff(model.history) < 0).all()
    assert model.converged


def test_a_fit_that_may_not_take_enough_steps_says_so():
    for method in ("newton", "gradient"):
        assert not SoftmaxRegression().fit(X, Y, method=method, max_iter=2).converged
    start = SoftmaxRegression().fit(X, Y, max_iter=0)
    np.testing.assert_array_equal(start.weights, np.zeros((2, 3)))


# Where the loss is flat, or has no minimum


def test_of_all_softmax_weights_that_predict_the_same_the_smallest_are_found():
    for options in ({}, {"l2": 0.1}, {"method": "gradient"}):
        model = SoftmaxRegression().fit(X, Y, **options)
        np.testing.assert_allclose(model.weights.sum(axis=1), 0, atol=1e-14)
        assert model.bias.sum() == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_features_that_repeat_each_other_change_no_prediction_and_share_the_weight(l2):
    once = SoftmaxRegression().fit(X, Y)
    twice = SoftmaxRegression().fit(np.column_stack([X, X, np.ones(60)]), Y)
    assert twice.converged
    np.testing.assert_allclose(
        twice.predict_probs(np.column_stack([X, X, np.ones(60)])), once.predict_probs(X), rtol=1e-7
    )
    np.testing.assert_allclose(twice.weights[:2], twice.weights[2:4], rtol=1e-3)


SEPARABLE = [
    # a cut between the classes
    (LogisticRegression, [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]),
    # a cut on which one of each lies
    (LogisticRegression, [[0.0], [1.0], [1.0], [2.0]], [0, 0, 1, 1]),
    # one class apart from two that mix: setosa
    (SoftmaxRegression, *load_iris(return_X_y=True)),
    (SoftmaxRegression, *load_wine(return_X_y=True)),
    # more features than examples
    (SoftmaxRegression, np.random.default_rng(0).normal(size=(6, 10)), [0, 1, 2, 0, 1, 2]),
]


@pytest.mark.parametrize(("model", "x", "y"), SEPARABLE)
def test_where_a_cut_makes_no_mistake_newton_says_that_there_is_no_minimum(model, x, y):
    with pytest.raises(
        ValueError, match="the loss has no minimum: `x` tells a class from the rest"
    ):
        model().fit(x, y)
    descent = model().fit(x, y, method="gradient", learning_rate=0.01)
    assert not descent.converged
    assert model().fit(x, y, l2=0.01).converged


def test_versicolor_and_virginica_mix_so_there_is_a_minimum():
    # The coefficients that statistical packages print for this textbook case.
    x, y = load_iris(return_X_y=True)
    model = LogisticRegression().fit(x[50:], y[50:] - 1)
    assert model.converged
    np.testing.assert_allclose(model.weights[:, 0].round(3), [-2.465, -6.681, 9.429, 18.286])
    np.testing.assert_allclose(model.bias.round(3), [-42.638])


# What is refused


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((X[0], Y), {}, ValueError, "`x` has shape (2,) and `y` has shape (60,); they must be (N,"),
        ((X, Y[:5]), {}, ValueError, "`x` has shape (60, 2) and `y` has shape (5,); they must be"),
        (([[1.0], [np.nan]], [0, 1]), {}, ValueError, "`x[1, 0]` is nan; a feature must be a"),
        (([["a"], ["b"]], [0, 1]), {}, TypeError, "`x` must hold real numbers"),
        (
            ([[1.0], [2.0]], [0.0, 1.0]),
            {},
            TypeError,
            "`y` must hold integers, not values of dtype",
        ),
        (
            ([[1.0], [2.0]], [0, -1]),
            {},
            ValueError,
            "`y[1]` is -1; the classes are numbered from 0",
        ),
        (([[1.0], [2.0]], [0, 2]), {}, ValueError, "`y` has no example of class 1"),
        (([[1.0], [2.0]], [0, 0]), {}, ValueError, "`y` has no example of class 1"),
        ((X, Y), {"method": "lbfgs"}, ValueError, "`method` is 'lbfgs'; it must be 'newton' or"),
        ((X, Y), {"l2": -1}, ValueError, "`l2` is -1; it must be finite and at least 0"),
        ((X, Y), {"l2": "1"}, TypeError, "`l2` must be a number, not '1'"),
        ((X, Y), {"learning_rate": 0}, ValueError, "`learning_rate` is 0; it must be finite and"),
        ((X, Y), {"tol": -1}, ValueError, "`tol` is -1; it must be finite and at least 0"),
        ((X, Y), {"max_iter": 1.5}, TypeError, "`max_iter` must be an integer, not 1.5"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(arguments, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        SoftmaxRegression().fit(*arguments, **options)


def test_logistic_regression_has_two_classes():
    with pytest.raises(ValueError, match=re.escape("`y[40]` is 2; the classes of logistic")):
        LogisticRegression().fit(X, Y)


def test_predictions_need_a_fit_and_as_many_features():
    with pytest.raises(ValueError, match=re.escape("SoftmaxRegression() has no weights yet")):
        SoftmaxRegression().predict(X)
    model = SoftmaxRegression().fit(X, Y)
    for x in (X[0], X[:, :1]):
        with pytest.raises(ValueError, match=re.escape(f"`x` has shape {x.shape}; SoftmaxReg")):
            model.predict_probs(x)


def test_a_fit_that_fails_leaves_the_model_as_it_was():
    model = LogisticRegression().fit(X2, Y2)
    weights, history = model.weights.copy(), model.history
    with pytest.raises(ValueError, match="no minimum"):
        model.fit([[0.0], [1.0]], [0, 1])
    np.testing.assert_array_equal(model.weights, weights)
    assert model.history is history
