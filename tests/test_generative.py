"""What the chapter *Generative models* tells of the game, on other seeds and other pairs."""

import math

import numpy as np
import pytest

from xent_lib.information import js_divergence
from xent_lib.losses import sigmoid_cross_entropy_and_grad
from xent_lib.networks import SGD, Dense, ReLU, Sequential, Tanh, numerical_gradient, train

FLOOR = -math.log(4)
CENTRES = np.array([[-2, -1.5], [-1.5, 2], [2, 1.5], [1.5, -2]])
SHARES = np.array([0.35, 0.30, 0.20, 0.15])


def value(p, q, expert):
    """V(D, G) in nats; 0·ln 0 counts as 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * np.log(expert), 0) + np.where(q > 0, q * np.log1p(-expert), 0)
    return terms.sum(axis=-1)


# The value of the game, exactly


@pytest.mark.parametrize("alike", [0.5, 1.0, 30.0])
@pytest.mark.parametrize("least", [0, 0.1])
def test_against_the_best_expert_the_value_is_the_floor_plus_twice_js(alike, least):
    rng = np.random.default_rng(1)
    both = rng.dirichlet(np.full(6, alike), size=(2, 2000))
    p, q = both * (both > least) / (both * (both > least)).sum(axis=-1, keepdims=True)
    seen = p + q > 0
    best = np.divide(p, p + q, out=np.full_like(p, 0.5), where=seen)
    bound = FLOOR + 2 * js_divergence(p, q, base=math.e)
    np.testing.assert_allclose(value(p, q, best), bound, atol=1e-12)
    assert (bound > FLOOR - 1e-12).all()
    assert (bound < 1e-12).all()


def test_no_other_expert_reaches_it():
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(4), size=(2, 1000))
    other = rng.uniform(0.001, 0.999, size=(1000, 4))
    assert (value(p, q, other) < value(p, q, p / (p + q))).all()


@pytest.mark.parametrize("k", [2, 3, 4, 10, 100])
def test_a_missing_village_costs_what_its_formula_says(k):
    p, q = np.full(k, 1 / k), np.append(np.full(k - 1, 1 / (k - 1)), 0)
    middle = (p + q) / 2
    by_hand = (np.log(p / middle) @ p + np.log(q[:-1] / middle[:-1]) @ q[:-1]) / 2
    assert js_divergence(p, q, base=math.e) == pytest.approx(by_hand)
    assert 0 < by_hand < math.log(2) / 2


# Two bells on a line

X = np.linspace(-12, 14, 2601)


def bell(middle, width):
    return np.exp(-(((X - middle) / width) ** 2) / 2) / (width * math.sqrt(2 * math.pi))


@pytest.mark.parametrize(("middle", "width", "within"), [(1, 1, 0.02), (3, 1, 0.02), (0, 2, 0.05)])
def test_a_trained_expert_stays_below_the_bound_and_comes_near(middle, width, within):
    p, q = bell(0, 1), bell(middle, width)
    bound = FLOOR + 2 * js_divergence(p, q, base=math.e, normalize=True)
    labels = np.repeat([[1.0], [0.0]], 4000, axis=0)
    for seed in range(10, 14):
        rng = np.random.default_rng(seed)
        points = np.append(rng.normal(0, 1, 4000), rng.normal(middle, width, 4000))[:, None]
        net = Sequential(Dense(1, 16, rng=rng), Tanh(), Dense(16, 1, rng=rng))
        how = {"epochs": 10, "batch_size": 200, "learning_rate": 0.3, "rng": rng}
        train(net, points, labels, loss_and_grad=sigmoid_cross_entropy_and_grad, **how)
        z = net.forward(X[:, None])[:, 0]
        reached = -(p * np.logaddexp(0, -z) + q * np.logaddexp(0, z)).sum() * (X[1] - X[0])
        assert bound - within < reached < bound


# The forger's two losses


def label_turned(z):
    return sigmoid_cross_entropy_and_grad(np.ones_like(z), z)[1]


def value_lowered(z):
    return -sigmoid_cross_entropy_and_grad(np.zeros_like(z), z)[1]


def test_the_slopes_are_those_of_the_two_losses():
    z = np.linspace(-6, 6, 25)
    sigma = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(value_lowered(z), -sigma / 25, atol=1e-12)
    np.testing.assert_allclose(label_turned(z), (sigma - 1) / 25, atol=1e-12)
    np.testing.assert_allclose(
        value_lowered(z), numerical_gradient(lambda z: -np.logaddexp(0, z).mean(), z), atol=1e-8
    )
    np.testing.assert_allclose(
        label_turned(z), numerical_gradient(lambda z: np.logaddexp(0, -z).mean(), z), atol=1e-8
    )


# Two networks


def windows(count, rng):
    village = rng.choice(4, size=count, p=SHARES)
    return CENTRES[village] + rng.normal(0, 0.4, size=(count, 2))


class Game:
    """A forger and an expert of the chapter's kind."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.expert, self.forger = self.network(1), self.network(2)

    def network(self, n_out):
        sizes = [(2, 32), (32, 32), (32, n_out)]
        first, second, last = (Dense(*size, rng=self.rng) for size in sizes)
        return Sequential(first, ReLU(), second, ReLU(), last)

    def forge(self, count):
        return self.forger.forward(self.rng.normal(size=(count, 2)))

    def expert_turn(self):
        shown = np.vstack([windows(128, self.rng), self.forge(128)])
        labels = np.repeat([[1.0], [0.0]], 128, axis=0)
        slopes = sigmoid_cross_entropy_and_grad(labels, self.expert.forward(shown))[1]
        self.expert.backward(slopes)
        SGD(self.expert, 0.1).step()

    def forger_turn(self, slopes=label_turned, rate=0.1):
        logits = self.expert.forward(self.forge(128))
        self.forger.backward(self.expert.backward(slopes(logits)))
        SGD(self.forger, rate).step()

    def at_home(self):
        """The share of forged windows within three widths of each village."""
        away = np.linalg.norm(self.forge(1000)[:, None] - CENTRES, axis=2)
        near = away.min(axis=1) < 1.2
        return np.bincount(away.argmin(axis=1)[near], minlength=4) / 1000


@pytest.mark.parametrize("seed", [1, 2])
def test_in_four_thousand_turns_the_forger_serves_all_villages(seed):
    game = Game(seed)
    for _ in range(4000):
        game.expert_turn()
        game.forger_turn()
    found = game.at_home()
    assert found.min() > 0.05
    assert found.sum() > 0.8
    np.testing.assert_allclose(found, SHARES, atol=0.12)


@pytest.mark.parametrize("seed", range(5, 8))
def test_from_a_bad_start_the_saturating_loss_is_slower(seed):
    needed = {}
    for slopes in (label_turned, value_lowered):
        game = Game(seed)
        game.forger.layers[-1].bias += 6
        for _ in range(200):
            game.expert_turn()
        turns = 0
        while game.at_home().sum() < 0.1 and turns < 100:
            game.expert_turn()
            game.forger_turn(slopes, rate=0.02)
            turns += 1
        needed[slopes] = turns
    assert needed[label_turned] < needed[value_lowered] / 2


def test_a_hasty_forger_leaves_villages_out():
    for seed in (1, 2):
        game = Game(seed)
        served = []
        for _ in range(100):
            game.expert_turn()
            for _ in range(20):
                game.forger_turn()
            served.append((game.at_home() > 0.05).sum())
        assert np.mean(served[50:]) < 2.5
        assert max(served[50:]) < 4
