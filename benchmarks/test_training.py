"""How long it takes to train on Iris, beside scikit-learn, on the same data and schedule.

No time makes a test fail: times are for reading, and differ from machine to machine.
"""

import pytest
from measure import extra_memory
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from sklearn.neural_network import MLPClassifier

from xent_lib.linear import LogisticRegression, SoftmaxRegression
from xent_lib.networks import Dense, ReLU, Sequential, train

X, Y = load_iris(return_X_y=True)
WIDTHS = X[:, [3, 1]]  # of petals and sepals
EPOCHS, RATE, MOMENTUM = 200, 0.1, 0.9


def network(batch_size):
    layers = Sequential(Dense(2, 16, rng=0), ReLU(), Dense(16, 3, rng=1))
    options = {"learning_rate": RATE, "momentum": MOMENTUM, "rng": 0}
    return train(layers, WIDTHS, Y, epochs=EPOCHS, batch_size=batch_size, **options)[-1]


def mlp_classifier(batch_size):
    """The same steps: plain momentum, no penalty, all epochs."""
    return (
        MLPClassifier(
            (16,),
            solver="sgd",
            learning_rate_init=RATE,
            momentum=MOMENTUM,
            nesterovs_momentum=False,
            batch_size=batch_size,
            max_iter=EPOCHS,
            n_iter_no_change=EPOCHS,
            alpha=0,
            random_state=0,
        )
        .fit(WIDTHS, Y)
        .loss_
    )


def softmax_by_newton():
    return SoftmaxRegression().fit(X, Y, l2=1 / len(X)).weights


def logistic_by_newton():
    return LogisticRegression().fit(X[50:], Y[50:] - 1, l2=1 / 100).weights


def softmax_by_scikit_learn():
    return SklearnLogisticRegression().fit(X, Y).coef_.T


def logistic_by_scikit_learn():
    return SklearnLogisticRegression().fit(X[50:], Y[50:] - 1).coef_.T


# The losses after training are close only, for the first weights are drawn differently; and
# scikit-learn's default stops a little before the minimum.
CASES = [
    ("network 2-16-3, full batch / MLPClassifier", network, mlp_classifier, (150,), 0.1),
    ("network 2-16-3, batch 16 / MLPClassifier", network, mlp_classifier, (16,), 0.1),
    (
        "softmax by Newton / LogisticRegression",
        softmax_by_newton,
        softmax_by_scikit_learn,
        (),
        0.01,
    ),
    (
        "logistic by Newton / LogisticRegression",
        logistic_by_newton,
        logistic_by_scikit_learn,
        (),
        0.01,
    ),
]


@pytest.mark.parametrize("who", ["ours", "peer"])
@pytest.mark.parametrize(
    ("name", "ours", "peer", "arguments", "tolerance"), CASES, ids=[case[0] for case in CASES]
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.benchmark(min_rounds=5, max_time=0.5)
def test_speed(benchmark, name, ours, peer, arguments, tolerance, who):
    benchmark.group = f"Iris: {name}"
    if who == "ours":
        benchmark.extra_info["ratio_aim"] = 0.25
        benchmark.extra_info["memory_aim"] = None
        benchmark.extra_info["extra_memory"] = extra_memory(ours, arguments, X.nbytes)
    found = benchmark(ours if who == "ours" else peer, *arguments)
    assert found == pytest.approx(peer(*arguments), abs=tolerance)
