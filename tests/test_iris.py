"""Trained from scratch, a network of the book knows irises as well as scikit-learn's.

``python -m tests.test_iris`` prints the comparison.
"""

import warnings

import numpy as np
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from xent_lib.activations import softmax
from xent_lib.networks import Dense, ReLU, Sequential, train

# Chosen by cross-validation within the training parts: among rates of 0.05 and 0.1, up to 300
# epochs, and first weights as `Dense` draws them or half as large. With larger steps or weights or
# many more epochs, a network grows too sure of so few flowers, and its loss on others rises.
HIDDEN, EPOCHS, RATE, MOMENTUM = 16, 150, 0.05, 0.9


def ours(x, y, test, seed):
    """Probabilities for the test part, from a network trained on all examples at once."""
    rng = np.random.default_rng(seed)
    network = Sequential(Dense(4, HIDDEN, rng=rng), ReLU(), Dense(HIDDEN, 3, rng=rng))
    network.layers[0].weights /= 2
    train(network, x, y, epochs=EPOCHS, learning_rate=RATE, momentum=MOMENTUM, rng=rng)
    return softmax(network.forward(test))


def scikit_learn(x, y, test, seed):
    """As it comes, but for the size of the network and enough iterations to settle."""
    peer = MLPClassifier((HIDDEN,), max_iter=2000, random_state=seed)
    return peer.fit(x, y).predict_proba(test)


def scikit_learn_on_our_schedule(x, y, test, seed):
    """Plain momentum, all examples at once, the same rate and epochs, no penalty, no early end."""
    peer = MLPClassifier(
        (HIDDEN,),
        solver="sgd",
        learning_rate_init=RATE,
        momentum=MOMENTUM,
        nesterovs_momentum=False,
        batch_size=len(x),
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        alpha=0,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is to run all epochs
        return peer.fit(x, y).predict_proba(test)


def compare(seeds=range(20)):
    """Mean test accuracy and test cross-entropy in nats of each, over stratified 70/30 splits."""
    x, y = load_iris(return_X_y=True)
    scores = {ours: [], scikit_learn: [], scikit_learn_on_our_schedule: []}
    for seed in seeds:
        x_train, x_test, y_train, y_test = train_test_split(
            x, y, test_size=0.3, stratify=y, random_state=seed
        )
        mean, spread = x_train.mean(axis=0), x_train.std(axis=0)
        x_train, x_test = (x_train - mean) / spread, (x_test - mean) / spread
        for train_and_predict, found in scores.items():
            probs = train_and_predict(x_train, y_train, x_test, seed)
            found.append(((probs.argmax(axis=1) == y_test).mean(), log_loss(y_test, probs)))
    return {who.__name__: np.mean(found, axis=0) for who, found in scores.items()}


def test_a_network_trained_from_scratch_is_at_least_as_good_as_scikit_learns():
    means = compare()
    accuracy, loss = means["ours"]
    peer_accuracy, peer_loss = means["scikit_learn"]
    assert accuracy >= peer_accuracy
    assert loss <= peer_loss


if __name__ == "__main__":
    for who, (accuracy, loss) in compare().items():
        print(f"{who:30} accuracy {accuracy:.4f}   cross-entropy {loss:.4f} nats")
