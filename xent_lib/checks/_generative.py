"""Exercises on generative models: the best expert, the value of the game, the forger's slopes."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from xent_lib.checks._cases import PAIRS, P, Q, random_pairs, weighted
from xent_lib.checks._engine import Case, Result, Table, check

P_ZERO = "What p never brings is surely forged."
Q_ZERO = "What q never brings is surely real."


def _best(p: Sequence[float], q: Sequence[float]) -> list[float]:
    return [a / (a + b) for a, b in zip(p, q, strict=True)]


def best_expert(function: Any) -> Result:
    """Check a function of p and q: the best D(x), the probability that x is real, for each x.

    Examples
    --------
    >>> best_expert(lambda p, q: q / (p + q))
    ✗ Not yet. That is the probability that x is *forged*: real points come from p.
    """
    cases = [
        Case((P, Q)),
        *(Case(pair) for pair in random_pairs()),
        Case((P, P), "p and q are the same", "Then nothing can be told, and D is ½ everywhere."),
        Case(([0.0, 1.0], [0.5, 0.5]), "p has a 0", P_ZERO),
        Case(([0.5, 0.5], [0.0, 1.0]), "q has a 0", Q_ZERO),
        Case(([1e-300, 1.0], [1e-300, 1.0]), "both are tiny", "Their ratio still counts."),
    ]
    mistakes: Table = [
        (
            lambda p, q: _best(q, p),
            "That is the probability that x is *forged*: real points come from p.",
        ),
        (
            lambda p, q: [a / b for a, b in zip(p, q, strict=True)],
            "That is the ratio p/q, the odds. A probability is p over the *sum* of both.",
        ),
        (
            lambda p, q: [math.log(a / b) for a, b in zip(p, q, strict=True)],
            "That is the logit of D; its sigmoid is D.",
        ),
        (
            lambda p, q: [a / (a + b) / 2 for a, b in zip(p, q, strict=True)],
            "It is half of what it should be. The coin that mixes real and forged gives ½ to both, "
            "and the two halves cancel.",
        ),
        (lambda p, q: p, "That is p itself: the forger's q is missing."),
        (
            lambda p, q: [(a + b) / 2 for a, b in zip(p, q, strict=True)],
            "That is the mixture of both: how often x is seen at all. Which share of it is real?",
        ),
        (
            lambda p, q: [float(a > b) for a, b in zip(p, q, strict=True)],
            "You decide between real and forged. A probability is asked for.",
        ),
    ]
    return check(function, _best, cases, mistakes)


def _sides(p: Sequence[float], q: Sequence[float]) -> tuple[float, float]:
    """E_p[ln D] and E_q[ln(1 − D)] at the best D."""
    real, forged = _best(p, q), _best(q, p)
    return (
        weighted(p, [math.log(d) if d > 0 else -math.inf for d in real]),
        weighted(q, [math.log(d) if d > 0 else -math.inf for d in forged]),
    )


def _value(p: Sequence[float], q: Sequence[float]) -> float:
    return sum(_sides(p, q))


def game_value(function: Any) -> Result:
    """Check a function of p and q: the value of the game at the best D, in nats.

    Examples
    --------
    >>> game_value(lambda p, q: -(p @ np.log(p / (p + q)) + q @ np.log(q / (p + q))))
    ✗ Not yet. The sign is turned round: the value is minus the sum of two costs.
    """
    cases = [*PAIRS[: 1 + len(random_pairs())]]
    cases += [
        Case((P, P), "p and q are the same", "Then the value is −ln 4, the least there is."),
        Case(([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]), "p has a 0", "0·ln 0 counts as 0."),
        Case(([0.25, 0.25, 0.5], [0.5, 0.5, 0.0]), "q has a 0", "0·ln 0 counts as 0."),
        Case(([1.0, 0.0], [0.0, 1.0]), "nothing in common", "The expert is always right: 0."),
    ]

    def js(p: Sequence[float], q: Sequence[float]) -> float:
        return (_value(p, q) + math.log(4)) / 2

    mistakes: Table = [
        (
            lambda p, q: -_value(p, q),
            "The sign is turned round: the value is minus the sum of two costs.",
        ),
        (
            lambda p, q: _value(p, q) / 2,
            "That is the mean of the two halves. The value is their *sum*.",
        ),
        (
            lambda p, q: -_value(p, q) / 2,
            "That is the expert's mean loss. The value is minus twice that.",
        ),
        (lambda p, q: _sides(p, q)[0], "The forged ones are missing: add E_q[ln(1 − D)]."),
        (lambda p, q: _sides(p, q)[1], "The real ones are missing: add E_p[ln D]."),
        (lambda p, q: js(p, q) - math.log(4), "JS comes in twice: −ln 4 + *2*·JS."),
        (lambda p, q: 2 * js(p, q) - math.log(2), "The constant is −ln 4, twice −ln 2."),
        (
            lambda p, q: 2 * js(p, q) / math.log(2) - math.log(4),
            "Your JS is in bits and your ln 4 in nats: `base=math.e` gives nats.",
        ),
        (
            lambda p, q: _value(p, q) / math.log(2),
            "You used log2, which gives bits; this asks for nats.",
        ),
        (lambda p, q: 2 * js(p, q) + math.log(4), "The sign of ln 4 is turned round."),
        (
            lambda p, q: math.fsum(
                math.log(a / (a + b)) + math.log(b / (a + b)) for a, b in zip(p, q, strict=True)
            ),
            "Weigh each logarithm by how often x comes: by p if it is real, by q if it is forged.",
        ),
    ]
    return check(function, _value, cases, mistakes)


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _slopes(z: float) -> list[float]:
    return [-_sigmoid(z), -_sigmoid(-z)]


def forger_slopes(function: Any) -> Result:
    """Check a function of the logit z of D: [slope of ln(1 − D), slope of −ln D] by z.

    Examples
    --------
    >>> import math
    >>> forger_slopes(lambda z: [-1 / (1 + math.exp(-z))] * 2)
    ✗ Not yet. The second is that of −ln D: it is large where D is small.
    """
    rng = np.random.default_rng(2014)
    cases = [Case((-3.0,)), *(Case((float(z),)) for z in rng.integers(-40, 40, size=7) / 10)]
    cases += [
        Case((0.0,), "D is ½", "There both slopes are the same."),
        Case((-800.0,), "D is all but 0", "e⁸⁰⁰ is too large for a float: use a safe sigmoid."),
    ]
    mistakes: Table = [
        (lambda z: _slopes(z)[::-1], "The two are the wrong way round: first that of ln(1 − D)."),
        (
            lambda z: [-slope for slope in _slopes(z)],
            "The signs are turned round: both losses *fall* as z grows.",
        ),
        (
            lambda z: [_sigmoid(z), -_sigmoid(-z)],
            "The sign of the first is turned round: ln(1 − D) falls as z grows.",
        ),
        (
            lambda z: [-_sigmoid(z), _sigmoid(-z)],
            "The sign of the second is turned round: −ln D falls as z grows.",
        ),
        (
            lambda z: [-_sigmoid(z)] * 2,
            "The second is that of −ln D: it is large where D is small.",
        ),
        (
            lambda z: [-_sigmoid(-z)] * 2,
            "The first is that of ln(1 − D): it is small where D is small.",
        ),
        (
            lambda z: [-1 / _sigmoid(-z), -1 / _sigmoid(z)],
            "Those are the slopes by D. The sigmoid between D and z is still to come: times "
            "D·(1 − D).",
        ),
        (
            lambda z: [math.log(_sigmoid(-z)), -math.log(_sigmoid(z))],
            "Those are the losses themselves; their slopes are asked for.",
        ),
    ]
    return check(function, _slopes, cases, mistakes)


def _missed(k: int, missed: int) -> float:
    p = [1 / k] * k
    q = [1 / (k - missed)] * (k - missed) + [0.0] * missed
    return (_value(p, q) + math.log(4)) / 2


def missed_villages(function: Any) -> Result:
    """Check a function of k and a number of missed villages: JS in nats.

    All k villages are equally likely to be real; the forger serves all but the missed ones equally.

    Examples
    --------
    >>> import math
    >>> missed_villages(lambda k, missed: math.inf)
    ✗ Not yet. Infinite is D(p ‖ q). JS measures from the mixture, and is never above ln 2.
    """
    pairs = [(4, 1), (2, 1), (3, 1), (5, 2), (8, 3), (10, 1), (6, 5)]
    cases = [Case(pair) for pair in pairs]
    cases += [
        Case((4, 0), "none is missed", "Then both are the same, and JS is 0."),
        Case((1000, 999), "all but one of many are missed", "It stays below ln 2."),
    ]
    mistakes: Table = [
        (
            lambda k, missed: math.inf,
            "Infinite is D(p ‖ q). JS measures from the mixture, and is never above ln 2.",
        ),
        (
            lambda k, missed: _missed(k, missed) / math.log(2),
            "You used log2, which gives bits; this asks for nats.",
        ),
        (
            lambda k, missed: 2 * _missed(k, missed),
            "It is twice JS: the mean of two divergences is asked for.",
        ),
        (
            lambda k, missed: 2 * _missed(k, missed) - math.log(4),
            "That is the value of the game. Its distance from −ln 4 is 2·JS; give JS.",
        ),
        (
            lambda k, missed: math.log(k / (k - missed)),
            "That is D(q ‖ p): there is no mixture in it.",
        ),
        (
            lambda k, missed: _missed(k, k - missed),
            "You took the number of missed villages for that of the served ones.",
        ),
        (lambda k, missed: missed / k, "That is the share of the missed villages."),
        (
            lambda k, missed: missed / k * math.log(2),
            "Only the missed villages are in it. In the served ones q is too large, and that "
            "tells a little, too.",
        ),
        (
            lambda k, missed: missed / k * math.log(2) / 2,
            "Only the missed villages are in it. In the served ones q is too large, and that "
            "tells a little, too.",
        ),
    ]
    return check(function, _missed, cases, mistakes)
