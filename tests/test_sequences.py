"""What *Sequences* says of counting and of a network, over other splits and by other ways."""

import itertools
from collections import Counter

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy
from sklearn.metrics import log_loss
from sklearn.naive_bayes import CategoricalNB

from xent_lib.activations import softmax
from xent_lib.datasets import census_names
from xent_lib.explorables.letter_surprise import SYMBOLS, LetterModel, counted
from xent_lib.networks import Dense, ReLU, Sequential, Tanh, check_gradients, train

NAMES = list(dict.fromkeys(census_names("female")[0] + census_names("male")[0]))
SPLITS = [1, 2, 3]  # the chapter has the first


def split(seed):
    """The names to learn from, and those of the test."""
    shuffled = [NAMES[i] for i in np.random.default_rng(seed).permutation(len(NAMES))]
    return shuffled[1500:], shuffled[:1000]


def windows(names, back):
    """For each symbol its number, behind the numbers of the `back` symbols before it."""
    text = "".join("." * back + name + "." for name in names).encode()
    numbers = np.frombuffer(text, np.uint8).astype(int) - ord("a")
    numbers[numbers < 0] = SYMBOLS.index(".")
    guessed = [step >= back for name in names for step in range(back + len(name) + 1)]
    return np.lib.stride_tricks.sliding_window_view(numbers, back + 1)[guessed[back:]]


def smoothed_bits(learn, test, back, a):
    """The bits of each symbol of `test` by counts with an amount `a` on top."""
    counts = np.zeros((27,) * (back + 1))
    np.add.at(counts, tuple(windows(learn, back).T), 1)
    with np.errstate(all="ignore"):
        q = (counts + a) / (counts + a).sum(axis=-1, keepdims=True)
        return -np.log2(q[tuple(windows(test, back).T)])


def mixed_bits(learn, test):
    """The bits of each symbol with three symbols of context, and the shorter ones' say."""
    model = LetterModel(counted(learn), 16)
    return np.array([bits for name in test for bits in model.bits(name, 4)])


def one_hot(rows):
    return np.eye(27)[rows[:, :-1]].reshape(len(rows), -1)


def network_bits(learn, test, seed):
    """The bits of each symbol by a network that sees four symbols."""
    rng = np.random.default_rng(seed)
    network = Sequential(Dense(108, 100, rng=rng), ReLU(), Dense(100, 27, rng=rng))
    rows, new = windows(learn, 4), windows(test, 4)
    how = {"batch_size": 64, "momentum": 0.9, "rng": rng}
    for rate, epochs in [(0.1, 4), (0.02, 3)]:
        train(network, one_hot(rows), rows[:, -1], learning_rate=rate, epochs=epochs, **how)
    probs = softmax(network.forward(one_hot(new)))
    return -np.log2(probs[np.arange(len(new)), new[:, -1]])


@pytest.mark.parametrize("seed", SPLITS)
def test_plain_counts_know_the_learned_names_ever_better_and_call_new_ones_impossible(seed):
    learn, test = split(seed)
    learned = [smoothed_bits(learn, learn, back, 0).mean() for back in range(4)]
    assert all(longer < shorter - 0.3 for shorter, longer in itertools.pairwise(learned))
    assert np.isinf(smoothed_bits(learn, test, 1, 0)).any()
    gaps = [
        smoothed_bits(learn, test, back, 0.1).mean() - smoothed_bits(learn, learn, back, 0.1).mean()
        for back in range(4)
    ]
    assert gaps == sorted(gaps)
    assert gaps[0] < 0.02 < 0.5 < gaps[3]


@pytest.mark.parametrize("back", [0, 1, 2])
def test_the_cost_of_counted_names_is_the_conditional_entropy_of_scipy(back):
    learn, _ = split(1)
    pieces = Counter(map(tuple, windows(learn, back).tolist()))
    contexts = Counter()
    for piece, count in pieces.items():
        contexts[piece[:-1]] += count
    both, before = (scipy_entropy(list(c.values()), base=2) for c in (pieces, contexts))
    assert smoothed_bits(learn, learn, back, 0).mean() == pytest.approx(both - before, rel=1e-12)


@pytest.mark.parametrize("a", [0.1, 1.0])
def test_smoothing_is_that_of_scikit_learn(a):
    learn, test = split(2)
    rows, new = windows(learn, 1), windows(test, 1)
    peer = CategoricalNB(alpha=a, min_categories=27).fit(rows[:, 1:], rows[:, 0])
    # its classes are our contexts, its only feature the symbol that comes
    log_q = peer.feature_log_prob_[0][np.searchsorted(peer.classes_, new[:, 0]), new[:, 1]]
    np.testing.assert_allclose(smoothed_bits(learn, test, 1, a), -log_q / np.log(2), rtol=1e-12)


def test_by_the_chain_rule_all_rows_together_have_probability_one():
    model = LetterModel(counted(["ab", "b", "aab", "ba"]), 2)
    letters = SYMBOLS[:26]
    over = sum(2 ** -sum(model.bits(name, 4)) for name in ["", *letters])  # ended by now
    pairs = map("".join, itertools.product(letters, repeat=2))
    going = sum(2 ** -sum(model.bits(name, 4)[:-1]) for name in pairs)  # whatever follows
    assert over + going == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("seed", SPLITS)
def test_mixing_beats_adding_and_the_network_draws_with_it_and_both_together_win(seed):
    learn, test = split(seed)
    mixed, network = mixed_bits(learn, test), network_bits(learn, test, seed)
    together = -np.log2((2**-mixed + 2**-network) / 2)
    assert mixed.mean() < smoothed_bits(learn, test, 3, 0.1).mean() - 0.1
    assert smoothed_bits(learn, test, 3, 1).mean() > smoothed_bits(learn, test, 3, 0.1).mean() + 0.2
    assert abs(network.mean() - mixed.mean()) < 0.06
    assert together.mean() < min(network.mean(), mixed.mean()) - 0.05


def test_the_loss_of_a_window_network_has_the_gradient_that_backward_gives():
    rows = windows(["mary", "jo"], 2)
    network = Sequential(Dense(54, 5, rng=0), Tanh(), Dense(5, 27, rng=1))
    assert check_gradients(network, one_hot(rows), rows[:, -1]) < 1e-7
    probs = softmax(network.forward(one_hot(rows)))
    surprise = -np.log(probs[np.arange(len(rows)), rows[:, -1]]).mean()
    assert log_loss(rows[:, -1], probs, labels=np.arange(27)) == pytest.approx(surprise)


def test_names_drawn_by_a_model_cost_it_less_than_new_ones():
    learn, test = split(1)
    model, rng = LetterModel(counted(learn), 16), np.random.default_rng(1)
    drawn = []
    for _ in range(1000):
        text = "..."
        while text == "..." or text[-1] != ".":
            q = [model.prob(symbol, text[-3:]) for symbol in SYMBOLS]
            text += SYMBOLS[np.searchsorted(np.cumsum(q), rng.random() * sum(q), side="right")]
        drawn.append(text[3:-1])
    own = np.mean([bits for name in drawn for bits in model.bits(name, 4)])
    assert own < mixed_bits(learn, test).mean() - 0.02
    assert 0.6 < np.mean([name not in set(learn) for name in drawn]) < 0.95
    first = Counter(name[:1] for name in drawn)  # as often as the forecast says
    expected = np.array([1000 * model.prob(symbol, "...") for symbol in SYMBOLS])
    came = np.array([first[symbol] for symbol in SYMBOLS])
    assert ((came - expected) ** 2 / expected.clip(min=1)).sum() < 60
