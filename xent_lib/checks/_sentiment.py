"""Exercises on the votes of several people: what they cost, how they pull, how they combine."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from xent_lib.checks._activations import OVERFLOW, random_logits
from xent_lib.checks._cases import NEVER_EXPECTED, ZERO_ADDS_NOTHING, random_distribution
from xent_lib.checks._engine import Case, Result, Table, check
from xent_lib.checks._gradients import _softmax
from xent_lib.checks._units import log_slips, surprise_in

_h = surprise_in(2)


def _random_votes(rng: np.random.Generator) -> Iterator[list[int]]:
    """Counts of votes for several classes, each with one at least."""
    for size in (3, 2, 4, 3, 5):
        yield (rng.multinomial(7, np.ones(size) / size) + 1).tolist()


def _shares(votes: list[int]) -> list[float]:
    return [count / sum(votes) for count in votes]


def _top(votes: list[int]) -> int:
    return votes.index(max(votes))


def _cost(p: list[float], q: list[float]) -> float:
    return math.fsum(p_x * _h(q_x) for p_x, q_x in zip(p, q, strict=True) if p_x)


def vote_loss(function: Any) -> Result:
    """Check a function of counts of votes and a forecast that gives the mean cost of a vote.

    Examples
    --------
    >>> import numpy as np
    >>> vote_loss(lambda votes, q: -np.sum(votes * np.log2(q)))
    ✗ Not yet. That is the cost of all votes together. Divide by how many people voted.
    """
    rng = np.random.default_rng(2014)

    def truth(votes: list[int], q: list[float]) -> float:
        return _cost(_shares(votes), q)

    mistakes: Table = [
        (
            lambda votes, q: _cost(votes, q),
            "That is the cost of all votes together. Divide by how many people voted.",
        ),
        (
            lambda votes, q: _cost(votes, q) / len(votes),
            "You divided by the number of classes. Divide by how many people voted.",
        ),
        (
            lambda votes, q: _h(q[_top(votes)]),
            "That is the cost of the majority alone. The other people voted, too.",
        ),
        (
            lambda votes, q: _cost(q, _shares(votes)),
            "The roles are exchanged: the votes give the weights, q gives the surprise.",
        ),
        (
            lambda votes, q: _cost(_shares(votes), _shares(votes)),
            "That is the entropy of the votes, the floor. Where is the forecast?",
        ),
        (
            lambda votes, q: truth(votes, q) - truth(votes, _shares(votes)),
            "That is the excess. The people's own disagreement costs something, too.",
        ),
        (
            lambda votes, q: math.fsum(map(_h, q)) / len(q),
            "Each class counts the same in yours. Weigh it by the share of its votes.",
        ),
    ]
    cases = [Case(([3, 2, 5], [0.1, 0.1, 0.8]))]
    cases += [Case((votes, random_distribution(rng, len(votes)))) for votes in _random_votes(rng)]
    cases += [
        Case(([0, 2, 8], [0.2, 0.3, 0.5]), "a class has no vote", ZERO_ADDS_NOTHING),
        Case(
            ([0, 4, 6], [0.0, 0.5, 0.5]), "nobody chose what q calls impossible", ZERO_ADDS_NOTHING
        ),
        Case(([1, 4, 5], [0.0, 0.5, 0.5]), "somebody chose the impossible", NEVER_EXPECTED),
        Case(([0, 0, 1], [0.25, 0.25, 0.5]), "one person alone"),
    ]
    return check(function, truth, cases, mistakes, log_slips(2))


def vote_slope(function: Any) -> Result:
    """Check a function of counts of votes and logits: the slope of the mean cost by each logit.

    Examples
    --------
    >>> import numpy as np
    >>> vote_slope(lambda votes, logits: np.exp(logits) / np.exp(logits).sum())
    ✗ Not yet. That is q. Where are the votes?
    """
    rng = np.random.default_rng(2019)

    def truth(votes: list[int], logits: list[float]) -> Any:
        return _softmax(np.array(logits)) - _shares(votes)

    def of_majority(votes: list[int], logits: list[float]) -> Any:
        return _softmax(np.array(logits)) - np.eye(len(votes))[_top(votes)]

    mistakes: Table = [
        (
            lambda votes, logits: -truth(votes, logits),
            "That is p − q, the way to step. The slope points uphill: q − p.",
        ),
        (lambda votes, logits: _softmax(np.array(logits)), "That is q. Where are the votes?"),
        (
            of_majority,
            "That is the slope for a hard label, the majority. Take all votes: q − p.",
        ),
        (
            lambda votes, logits: _softmax(np.array(logits)) - votes,
            "You took off the counts. p is their *share*: divide by how many people voted.",
        ),
        (
            lambda votes, logits: sum(votes) * truth(votes, logits),
            "That is the slope of the sum over all votes. Their mean is asked for.",
        ),
        (
            lambda votes, logits: np.array(logits) - _shares(votes),
            "You compared the votes with the logits. They have to go through softmax first.",
        ),
        (
            lambda votes, logits: truth(votes, logits) / len(votes),
            "You divided by the number of classes, too. The slope is q − p.",
        ),
    ]
    cases = [Case(([3, 2, 5], [1.0, 0.0, 2.0]))]
    cases += [Case((votes, random_logits(rng, len(votes)))) for votes in _random_votes(rng)]
    cases += [
        Case(([0, 10, 0], [0.5, 0.5, -1.0]), "all agree"),
        Case(([5, 5], [0.0, 0.0]), "q is the votes", "Then nothing pulls: the slope is 0."),
        Case(([2, 8], [1000.0, 998.0]), "large logits", OVERFLOW),
    ]
    return check(function, truth, cases, mistakes)


def combined_opinions(function: Any) -> Result:
    """Check a function of forecasts, a row a word, and the shares: one forecast, by their product.

    Examples
    --------
    >>> import numpy as np
    >>> combined_opinions(lambda opinions, shares: np.mean(opinions, axis=0))
    ✗ Not yet. That is the average of the forecasts. Multiply what each adds to the shares.
    """
    rng = np.random.default_rng(2002)

    def product(opinions: list[list[float]], shares: list[float], power: float) -> Any:
        """The product of all rows, with the shares to some power."""
        logits = power * np.log(shares)
        for row in opinions:
            logits = logits + np.log(row)
        return _softmax(logits)

    def truth(opinions: list[list[float]], shares: list[float]) -> Any:
        return product(opinions, shares, 1 - len(opinions))

    def unscaled(opinions: list[list[float]], shares: list[float]) -> Any:
        return np.prod(np.array(opinions) / shares, axis=0) * shares

    mistakes: Table = [
        (
            lambda opinions, shares: np.mean(opinions, axis=0),
            "That is the average of the forecasts. Multiply what each adds to the shares.",
        ),
        (
            lambda opinions, shares: product(opinions, shares, 0),
            "You multiplied the forecasts alone. Each already has the shares in it: divide by them "
            "for each word, and multiply by them once.",
        ),
        (
            lambda opinions, shares: product(opinions, shares, 1),
            "You multiplied by the shares, and did not divide each forecast by them.",
        ),
        (
            lambda opinions, shares: product(opinions, shares, -len(opinions)),
            "You divided by the shares for each word, and left out the shares themselves.",
        ),
        (unscaled, "The right proportions, but they do not sum to 1."),
        (
            lambda opinions, shares: np.log(unscaled(opinions, shares)),
            "These are the logarithms. Make probabilities of them: that is softmax.",
        ),
    ]
    cases = [Case(([[0.1, 0.1, 0.8], [0.2, 0.3, 0.5]], [0.5, 0.1, 0.4]))]
    for rows, size in ((2, 3), (3, 2), (2, 4), (4, 3)):
        rows_of_words = [random_distribution(rng, size) for _ in range(rows)]
        cases.append(Case((rows_of_words, random_distribution(rng, size))))
    cases += [
        Case(([[0.3, 0.7]], [0.6, 0.4]), "one word", "One word alone is its own forecast."),
        Case((np.empty((0, 3)), [0.5, 0.1, 0.4]), "no word", "Then the shares are all you know."),
        Case(
            ([[0.4, 0.35, 0.25]] * 2000, [0.4, 0.3, 0.3]),
            "2000 words",
            "A product of so many probabilities is 0 to the computer: add logarithms.",
        ),
    ]
    return check(function, truth, cases, mistakes)
