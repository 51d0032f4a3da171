"""Exercises on learning by reward: weighed slopes, returns, forecasts of them, elites."""

import math
from typing import Any

import numpy as np

from xent_lib.checks._engine import Case, Result, Table, check


def _weighted_slope(probs: list[float], action: int, weight: float) -> list[float]:
    return [weight * (prob - (i == action)) for i, prob in enumerate(probs)]


def weighted_logit_gradient(function: Any) -> Result:
    """Check a function of probabilities, an action and its weight: the slope along the logits.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_logit_gradient(lambda probs, action, weight: probs - np.eye(len(probs))[action])
    ✗ Not yet. The weight is missing: it multiplies the whole slope.
    """
    rng = np.random.default_rng(1992)
    cases = [Case(([0.5, 0.3, 0.2], 2, -4.0))]
    for size in (2, 3, 4, 5):
        probs = rng.dirichlet(np.ones(size)).tolist()
        cases.append(Case((probs, int(rng.integers(size)), float(rng.integers(2, 9)) / 2)))
    cases += [
        Case(([0.25] * 4, 1, 0.0), "a weight of 0", "What went as expected teaches nothing."),
        Case(([0.0, 1.0, 0.0], 1, 3.0), "the action was certain"),
    ]
    mistakes: Table = [
        (
            lambda probs, action, weight: _weighted_slope(probs, action, -weight),
            "The sign is turned round: the slope of the loss is weight × (probs − y), "
            "and a step goes against it.",
        ),
        (
            lambda probs, action, weight: _weighted_slope(probs, action, 1.0),
            "The weight is missing: it multiplies the whole slope.",
        ),
        (
            lambda probs, action, weight: _weighted_slope(probs, action, abs(weight)),
            "A negative weight stays negative: it pushes the action away.",
        ),
        (
            lambda probs, action, weight: [
                prob - weight * (i == action) for i, prob in enumerate(probs)
            ],
            "The weight multiplies only the label. It multiplies the whole of probs − y.",
        ),
        (
            lambda probs, action, weight: [
                weight * prob - (i == action) for i, prob in enumerate(probs)
            ],
            "The weight multiplies only the probabilities. It multiplies the whole of probs − y.",
        ),
        (
            lambda probs, action, weight: [
                slope * (i == action)
                for i, slope in enumerate(_weighted_slope(probs, action, weight))
            ],
            "Only the logit of the action moves in yours. The others make room: they have the "
            "slope weight × prob.",
        ),
        (
            lambda probs, action, weight: -weight * math.log(probs[action]),
            "That is the weighed loss, one number. Its slope along each logit is asked for.",
        ),
    ]
    return check(function, _weighted_slope, cases, mistakes)


def _return(rewards: list[float], discount: float) -> float:
    return math.fsum(discount**t * reward for t, reward in enumerate(rewards))


def discounted_return(function: Any) -> Result:
    """Check a function of the rewards of an episode and a discount: the return.

    Examples
    --------
    >>> discounted_return(lambda rewards, discount: sum(rewards))
    ✗ Not yet. You added up the rewards as they are. Each step of waiting costs a factor `discount`.
    """
    rng = np.random.default_rng(1993)
    cases = [Case(([2.0, -1.0, 5.0], 0.5))]
    for size in (3, 4, 5, 6):
        rewards = rng.integers(-9, 10, size=size).astype(float).tolist()
        cases.append(Case((rewards, float(rng.integers(3, 10)) / 10)))
    cases += [
        Case(([3.0, 1.0, 4.0], 1.0), "no discount", "With 1 it is the plain sum."),
        Case(([3.0, 1.0, 4.0], 0.0), "a discount of 0", "Then only the first reward counts."),
        Case(([7.0], 0.9), "one step"),
    ]
    mistakes: Table = [
        (
            lambda rewards, discount: _return(rewards, 1.0),
            "You added up the rewards as they are. Each step of waiting costs a factor `discount`.",
        ),
        (
            lambda rewards, discount: discount * _return(rewards, discount),
            "The first reward comes at once: its factor is discount⁰, which is 1.",
        ),
        (
            lambda rewards, discount: _return(rewards[::-1], discount),
            "The last reward has the largest factor in yours. Those that come late count less.",
        ),
        (
            lambda rewards, discount: discount * _return(rewards, 1.0),
            "You discounted all rewards alike. The t-th, counted from 0, has the factor "
            "discount to the power of t.",
        ),
        (
            lambda rewards, discount: rewards[0] + discount * _return(rewards[1:], 1.0),
            "All rewards after the first have the same factor in yours. Each step of waiting "
            "costs another.",
        ),
        (
            lambda rewards, discount: math.fsum(
                reward / (1 + discount) ** t for t, reward in enumerate(rewards)
            ),
            "You divided by 1 + discount, as one does with interest. Here a step of waiting "
            "multiplies by `discount`.",
        ),
        (
            lambda rewards, discount: _return(rewards, discount) / len(rewards),
            "That is the mean. The return is the sum.",
        ),
    ]
    return check(function, _return, cases, mistakes)


def _projected(places: list[float], probs: list[float], n_atoms: int) -> list[float]:
    atoms = [0.0] * n_atoms
    for place, prob in zip(places, probs, strict=True):
        inside = min(max(place, 0.0), n_atoms - 1.0)
        low = min(math.floor(inside), n_atoms - 2)
        atoms[low] += prob * (low + 1 - inside)
        atoms[low + 1] += prob * (inside - low)
    return atoms


def project_onto_atoms(function: Any) -> Result:
    """Check a function of places, their probabilities and a number of atoms: the distribution.

    The atoms are 0, 1, 2 and so on. What lies between two is shared by them.

    Examples
    --------
    >>> import numpy as np
    >>> def nearest(places, probs, n_atoms):
    ...     return np.bincount(np.rint(places).astype(int), probs, n_atoms)
    >>> project_onto_atoms(nearest)  # doctest: +ELLIPSIS
    ✗ Not yet. You gave everything to the nearest atom. Share it between the two neighbours: ...
    """
    rng = np.random.default_rng(2017)
    cases = [Case(([0.25, 2.5], [0.4, 0.6], 4))]
    for size, n_atoms in [(2, 4), (3, 5), (4, 6)]:
        places = (rng.permutation(8 * (n_atoms - 1))[:size] / 8).tolist()
        cases.append(Case((places, rng.dirichlet(np.ones(size)).tolist(), n_atoms)))
    cases += [
        Case(([1.0, 2.0], [0.3, 0.7], 4), "places on atoms", "There nothing has to be shared."),
        Case(
            ([-1.5, 1.25, 7.5], [0.2, 0.5, 0.3], 4),
            "places outside",
            "What lies outside goes to the atom at that end, so that nothing is lost.",
        ),
        Case(([1.0, 1.0, 1.5], [0.2, 0.3, 0.5], 3), "two at one place", "Then they add up."),
    ]

    def rounded(how: Any) -> Any:
        return lambda places, probs, n_atoms: [
            math.fsum(prob for place, prob in zip(places, probs, strict=True) if how(place) == atom)
            for atom in range(n_atoms)
        ]

    def swapped(places: list[float], probs: list[float], n_atoms: int) -> list[float]:
        mirrored = [
            place if place % 1 == 0 else math.floor(place) + 1 - place % 1 for place in places
        ]
        return _projected(mirrored, probs, n_atoms)

    mistakes: Table = [
        (
            rounded(lambda place: math.floor(place + 0.5)),
            "You gave everything to the nearest atom. Share it between the two neighbours: the "
            "mean then stays what it was.",
        ),
        (
            rounded(round),
            "You gave everything to the nearest atom. Share it between the two neighbours: the "
            "mean then stays what it was.",
        ),
        (
            rounded(math.floor),
            "You gave everything to the atom below. Share it between the two neighbours.",
        ),
        (
            rounded(math.ceil),
            "You gave everything to the atom above. Share it between the two neighbours.",
        ),
        (
            swapped,
            "The shares are exchanged: the *nearer* atom gets more. At 0.25, atom 0 gets three "
            "quarters.",
        ),
        (
            lambda places, probs, n_atoms: [
                (math.fsum([half[0], half[1]])) / 2
                for half in zip(
                    rounded(math.floor)(places, probs, n_atoms),
                    rounded(math.ceil)(places, probs, n_atoms),
                    strict=True,
                )
            ],
            "You gave half to each neighbour, wherever the place lies between them. The nearer "
            "one gets more.",
        ),
    ]
    return check(function, _projected, cases, mistakes)


def _best_rows(
    policies: list[list[float]], returns: list[float], n_elite: int
) -> list[list[float]]:
    order = sorted(range(len(returns)), key=lambda i: -returns[i])
    return [policies[i] for i in order[:n_elite]]


def _column_means(rows: list[list[float]]) -> list[float]:
    return [math.fsum(column) / len(rows) for column in zip(*rows, strict=True)]


def _elite_mean(policies: list[list[float]], returns: list[float], n_elite: int) -> list[float]:
    return _column_means(_best_rows(policies, returns, n_elite))


def elite_mean(function: Any) -> Result:
    """Check a function of policies, a row each, their returns and a number of elites: the mean.

    Examples
    --------
    >>> elite_mean(lambda policies, returns, n_elite: policies.mean(axis=0))
    ✗ Not yet. That is the mean of all policies. Only those of the largest returns are elites.
    """
    rng = np.random.default_rng(2003)
    cases = [Case(([[1.0, 0.0], [3.0, 2.0], [5.0, 8.0]], [9.0, 7.0, 2.0], 2))]
    for n, d, n_elite in [(5, 3, 2), (6, 4, 3), (8, 2, 4)]:
        points = rng.integers(-9, 10, size=(n, d)).astype(float).tolist()
        cases.append(Case((points, rng.permutation(5 * n)[:n].astype(float).tolist(), n_elite)))
    cases += [
        Case(([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], 1), "one elite"),
        Case(([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], 2), "all are elites"),
    ]
    mistakes: Table = [
        (
            lambda policies, returns, n_elite: _column_means(policies),
            "That is the mean of all policies. Only those of the largest returns are elites.",
        ),
        (
            lambda policies, returns, n_elite: _elite_mean(
                policies, [-one for one in returns], n_elite
            ),
            "You kept the *smallest* returns. `np.argsort` begins with these: take the last.",
        ),
        (
            lambda policies, returns, n_elite: _column_means(policies[:n_elite]),
            "You kept the first policies of the list. Sort them by their returns.",
        ),
        (
            lambda policies, returns, n_elite: [
                math.fsum(row) / len(row) for row in _best_rows(policies, returns, n_elite)
            ],
            "You took the mean of each policy. Take it of each *weight* over the elites: `axis=0`.",
        ),
        (
            lambda policies, returns, n_elite: (
                math.fsum(sum(row) / len(row) for row in _best_rows(policies, returns, n_elite))
                / n_elite
            ),
            "You took one mean of everything. There is one for each weight: `axis=0`.",
        ),
        (
            lambda policies, returns, n_elite: [
                sum(column) for column in zip(*_best_rows(policies, returns, n_elite), strict=True)
            ],
            "That is the sum of the elites. Divide by their number.",
        ),
        (
            lambda policies, returns, n_elite: _elite_mean(policies, returns, n_elite - 1),
            "You kept one elite too few.",
        ),
    ]
    return check(function, _elite_mean, cases, mistakes)
