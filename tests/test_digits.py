"""Trained from scratch, a network of the book reads digits as well as scikit-learn's.

``python -m tests.test_digits`` prints the comparison.
"""

import math

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from xent_lib.activations import softmax
from xent_lib.networks import Dense, ReLU, Sequential, train

# As in the chapter *Images*, which chose them on the validation pictures of one split.
HIDDEN, EPOCHS, BATCH, RATE = 32, 50, 50, 0.5
X, Y = load_digits(return_X_y=True)
X = X / 16


def deal(seed):
    """Row numbers of 1000 pictures to learn from, 297 to validate on and 500 to test."""
    return np.split(np.random.default_rng(seed).permutation(len(X)), [1000, 1297])


def teach(network, rows, seed, epochs=EPOCHS):
    train(network, X[rows], Y[rows], epochs=epochs, batch_size=BATCH, learning_rate=RATE, rng=seed)


def probabilities(layers, learn, test, seed):
    network = Sequential(*layers)
    teach(network, learn, seed)
    return softmax(network.forward(X[test]))


def hidden_layer(seed):
    return Dense(64, HIDDEN, rng=seed), ReLU(), Dense(HIDDEN, 10, rng=seed + 100)


def one_layer(learn, test, seed):
    return probabilities([Dense(64, 10, rng=seed)], learn, test, seed)


def one_hidden_layer(learn, test, seed):
    return probabilities(hidden_layer(seed), learn, test, seed)


def logistic_regression(learn, test, seed):
    """As it comes, but for enough iterations to settle."""
    return LogisticRegression(max_iter=1000).fit(X[learn], Y[learn]).predict_proba(X[test])


def mlp_classifier(learn, test, seed):
    """As it comes, but for the size of the network and enough iterations to settle."""
    peer = MLPClassifier((HIDDEN,), max_iter=1000, random_state=seed)
    return peer.fit(X[learn], Y[learn]).predict_proba(X[test])


@pytest.fixture(scope="module")
def scores():
    return compare()


def compare(seeds=range(5)):
    """Test accuracy and test cross-entropy in nats of each, over splits."""
    found = {who: [] for who in (one_layer, one_hidden_layer, logistic_regression, mlp_classifier)}
    for seed in seeds:
        learn, _, test = deal(seed)
        for who, rows in found.items():
            probs = who(learn, test, seed)
            right = (probs.argmax(axis=1) == Y[test]).mean()
            rows.append((right, log_loss(Y[test], probs, labels=range(10))))
    return {who.__name__: np.array(rows) for who, rows in found.items()}


def test_a_hidden_layer_costs_no_more_than_scikit_learns_of_the_same_size(scores):
    ours, peers = scores["one_hidden_layer"], scores["mlp_classifier"]
    gaps = ours[:, 1] - peers[:, 1]
    allowed = np.std(gaps, ddof=1) / math.sqrt(len(gaps))  # one standard error
    assert gaps.mean() <= allowed
    assert ours[:, 0].mean() >= peers[:, 0].mean() - 0.01  # five of 500 pictures


def test_one_layer_costs_no_more_than_scikit_learns_as_it_comes(scores):
    ours, peers = scores["one_layer"], scores["logistic_regression"]
    assert ours[:, 1].mean() <= peers[:, 1].mean()
    assert ours[:, 0].mean() >= peers[:, 0].mean() - 0.01


def test_a_hidden_layer_saves_bits_on_every_split(scores):
    assert (scores["one_hidden_layer"][:, 1] < scores["one_layer"][:, 1]).all()
    assert scores["one_hidden_layer"][:, 1].mean() < 0.06 * math.log(10)


def test_trained_too_long_the_loss_mostly_rises_and_the_accuracy_does_not_fall():
    changes = []
    for seed in range(3, 8):
        learn, valid, _ = deal(seed)
        network = Sequential(*hidden_layer(seed))
        seen = []
        for more in (EPOCHS, 5 * EPOCHS):
            teach(network, learn, seed, more)
            probs = softmax(network.forward(X[valid]))
            right = (probs.argmax(axis=1) == Y[valid]).mean()
            seen.append((right, log_loss(Y[valid], probs, labels=range(10))))
        changes.append(np.subtract(*reversed(seen)))
    right, loss = np.transpose(changes)
    assert (loss > 0).sum() == 4, loss  # as the chapter says: on four of five splits
    assert loss.mean() > 0
    assert right.mean() > -0.005


if __name__ == "__main__":
    for name, rows in compare().items():
        (right, nats), (_, apart) = rows.mean(axis=0), rows.std(axis=0)
        bits = nats / math.log(2)
        print(f"{name:20} accuracy {right:.4f}   {nats:.4f} ± {apart:.4f} nats   {bits:.4f} bits")
