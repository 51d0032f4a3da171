"""Each mistake in learning by reward is told, and whoever is right is told so."""

import numpy as np
import pytest

from xent_lib import checks


def shared(places, probs, n_atoms):
    """The hat functions of all atoms at once: another way than the check's own."""
    inside = np.clip(places, 0, n_atoms - 1)
    hats = 1 - abs(inside[:, None] - np.arange(n_atoms))
    return probs @ np.maximum(hats, 0)


def binned(places, probs, n_atoms, how):
    atoms = np.clip(how(places).astype(int), 0, n_atoms - 1)
    return np.bincount(atoms, probs, n_atoms)


def best(policies, returns, n_elite):
    return policies[np.argsort(returns)[-n_elite:]]


def powers(rewards, discount):
    return discount ** np.arange(len(rewards))


RIGHT = [
    (
        checks.weighted_logit_gradient,
        lambda probs, action, weight: weight * (probs - np.eye(len(probs))[action]),
    ),
    (checks.discounted_return, lambda rewards, discount: rewards @ powers(rewards, discount)),
    (checks.project_onto_atoms, shared),
    (checks.elite_mean, lambda *args: best(*args).mean(axis=0)),
    (checks.elite_mean, lambda *args: list(best(*args).mean(axis=0))),
]


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_a_right_answer_passes(exercise, function):
    assert exercise(function).passed, exercise(function)


TOLD = {
    checks.weighted_logit_gradient: [
        (lambda q, a, w: w * (np.eye(len(q))[a] - q), "The sign is turned round"),
        (lambda q, a, w: q - np.eye(len(q))[a], "The weight is missing"),
        (lambda q, a, w: abs(w) * (q - np.eye(len(q))[a]), "A negative weight stays negative"),
        (lambda q, a, w: q - w * np.eye(len(q))[a], "only the label"),
        (lambda q, a, w: w * q - np.eye(len(q))[a], "only the probabilities"),
        (lambda q, a, w: w * np.eye(len(q))[a] * (q - 1), "Only the logit of the action moves"),
        (lambda q, a, w: -w * np.log(q[a]), "That is the weighed loss"),
    ],
    checks.discounted_return: [
        (lambda r, d: r.sum(), "as they are"),
        (lambda r, d: d * r @ powers(r, d), "comes at once"),
        (lambda r, d: r[::-1] @ powers(r, d), "The last reward has the largest factor"),
        (lambda r, d: d * r.sum(), "discounted all rewards alike"),
        (lambda r, d: r[0] + d * r[1:].sum(), "the same factor"),
        (lambda r, d: (r / (1 + d) ** np.arange(len(r))).sum(), "as one does with interest"),
        (lambda r, d: r @ powers(r, d) / len(r), "That is the mean"),
    ],
    checks.project_onto_atoms: [
        (lambda x, p, n: binned(x, p, n, np.rint), "nearest atom"),
        (lambda x, p, n: binned(x, p, n, lambda v: np.floor(v + 0.5)), "nearest atom"),
        (lambda x, p, n: binned(x, p, n, np.floor), "the atom below"),
        (lambda x, p, n: binned(x, p, n, np.ceil), "the atom above"),
        (
            lambda x, p, n: shared(np.where(x % 1, np.floor(x) + 1 - x % 1, x), p, n),
            "The shares are exchanged",
        ),
        (
            lambda x, p, n: (binned(x, p, n, np.floor) + binned(x, p, n, np.ceil)) / 2,
            "half to each neighbour",
        ),
        (
            lambda x, p, n: p @ np.maximum(1 - abs(x[:, None] - np.arange(n)), 0),
            "nothing is lost",
        ),
    ],
    checks.elite_mean: [
        (lambda w, r, k: w.mean(axis=0), "the mean of all policies"),
        (lambda w, r, k: w[np.argsort(r)[:k]].mean(axis=0), "the *smallest* returns"),
        (lambda w, r, k: w[:k].mean(axis=0), "the first policies"),
        (lambda w, r, k: w[np.argsort(-r)[:k]].mean(axis=1), "the mean of each policy"),
        (lambda w, r, k: best(w, r, k).mean(), "one mean of everything"),
        (lambda w, r, k: best(w, r, k).sum(axis=0), "Divide by their number"),
        (lambda w, r, k: best(w, r, k - 1).mean(axis=0), "one elite too few"),
    ],
}
