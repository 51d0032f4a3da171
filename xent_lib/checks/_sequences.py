"""Exercises on rows of symbols: what they cost, how they are counted, how they are drawn."""

import math
from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np

from xent_lib.checks._cases import random_distribution
from xent_lib.checks._engine import Case, Result, Table, check


def _pairs(name: str) -> list[str]:
    text = f".{name}."
    return [text[i : i + 2] for i in range(len(text) - 1)]


def _bits(prob: float) -> float:
    return -math.log2(prob) if prob else math.inf


def _name_bits(name: str, q: dict[str, float]) -> float:
    return math.fsum(_bits(q.get(pair, 0)) for pair in _pairs(name))


def name_bits(function: Any) -> Result:
    """Check a function of a name and a bigram model: the bits of the name with its end mark.

    Examples
    --------
    >>> name_bits(lambda name, q: sum(-np.log2(q.get(a + b, 0)) for a, b in zip(name, name[1:])))
    ✗ Not yet. The first letter costs something, too, and so does the end: put a dot before the \
name and one behind it.
    """
    rng = np.random.default_rng(1913)
    q = {
        first + second: prob
        for first in ".anm"
        for second, prob in zip("anm.", random_distribution(rng, 4), strict=True)
    }
    cases = [Case((name, q)) for name in ("an", "anna", "nan", "manna")]
    never = {pair: prob for pair, prob in q.items() if pair != "nn"}
    cases += [
        Case(("a", q), "one letter"),
        Case(
            ("anna", never),
            "a pair with probability 0",
            "What was called impossible costs infinitely much, `math.inf`.",
        ),
    ]

    def of(part: Callable[[list[str]], list[str]]) -> Any:
        return lambda name, q: math.fsum(_bits(q.get(pair, 0)) for pair in part(_pairs(name)))

    mistakes: Table = [
        (
            of(lambda pairs: pairs[1:-1]),
            "The first letter costs something, too, and so does the end: put a dot before the "
            "name and one behind it.",
        ),
        (of(lambda pairs: pairs[:-1]), "The end is missing: it must be guessed, too."),
        (of(lambda pairs: pairs[1:]), "The first letter is missing: its context is a dot."),
        (
            lambda name, q: _name_bits(name, q) / (len(name) + 1),
            "That is the mean for a symbol; the bits of the whole name are asked for.",
        ),
        (
            lambda name, q: math.prod(q.get(pair, 0) for pair in _pairs(name)),
            "That is the probability of the name. Its bits are −log₂ of that.",
        ),
        (
            lambda name, q: _name_bits(name, q) * math.log(2),
            "You used the natural log, which gives nats; this asks for bits.",
        ),
        (lambda name, q: -_name_bits(name, q), "The sign is missing: bits are −log₂ q."),
        (
            lambda name, q: _bits(sum(q.get(pair, 0) for pair in _pairs(name))),
            "You added the probabilities. Along a row they multiply, and their bits add up.",
        ),
    ]
    return check(function, _name_bits, cases, mistakes)


def _added(counts: list[float], a: float) -> list[float]:
    total = math.fsum(counts) + a * len(counts)
    return [(count + a) / total if total else 1 / len(counts) for count in counts]


def added_shares(function: Any) -> Result:
    """Check a function of counts and an amount: the shares, with the amount added to each count.

    Examples
    --------
    >>> added_shares(lambda counts, a: (counts + a) / counts.sum())
    ✗ Not yet. These do not sum to 1: the amounts belong into the total, too, one for each symbol.
    """
    rng = np.random.default_rng(1814)
    cases = [Case(([3, 0, 1], 0.5))]
    for size, a in [(4, 0.1), (5, 1.0), (6, 0.3)]:
        cases.append(Case((rng.integers(0, 9, size).tolist(), a)))
    cases += [
        Case(([2, 0, 6], 0.0), "nothing is added", "Then the shares are the plain ones."),
        Case(([0, 0, 0, 0], 0.2), "nothing has come", "Then all symbols are alike."),
        Case(
            ([0, 0, 0], 0.0),
            "nothing has come, and nothing is added",
            "Then nothing is known: all symbols alike.",
        ),
    ]
    mistakes: Table = [
        (
            lambda counts, a: [(count + a) / math.fsum(counts) for count in counts],
            "These do not sum to 1: the amounts belong into the total, too, one for each symbol.",
        ),
        (
            lambda counts, a: [(count + a) / (math.fsum(counts) + a) for count in counts],
            "The total grows by an amount for *each* symbol, not by one amount.",
        ),
        (
            lambda counts, a: _added(counts, 0.0),
            "These are the plain shares: the amount is missing.",
        ),
        (lambda counts, a: _added(counts, 1.0), "You added 1; the amount is `a`."),
        (
            lambda counts, a: _added([count for count in counts if count], a),
            "Symbols that never came are possible, too: they get their amount.",
        ),
        (
            lambda counts, a: [
                (count or a) / math.fsum(other or a for other in counts) for count in counts
            ],
            "Every count gets the amount, also one that is not 0.",
        ),
        (lambda counts, a: [count + a for count in counts], "Now divide by their sum."),
    ]
    return check(function, _added, cases, mistakes)


def _names_perplexity(bits: list[float], letters: list[float]) -> float:
    return float(2 ** (math.fsum(bits) / (math.fsum(letters) + len(letters))))


def names_perplexity(function: Any) -> Result:
    """Check a function of the bits and the lengths of names: the perplexity, end marks counted.

    Examples
    --------
    >>> names_perplexity(lambda bits, letters: 2 ** (bits.sum() / letters.sum()))
    ✗ Not yet. The end marks are symbols, too: one more for each name.
    """
    rng = np.random.default_rng(1951)
    cases = [Case(([6.0, 12.0], [2, 5]))]
    for size in (3, 4, 6):
        letters = rng.integers(2, 10, size)
        bits = (rng.uniform(2, 4, size) * (letters + 1)).round(1)
        cases.append(Case((bits.tolist(), letters.tolist())))
    cases += [
        Case(([8.0], [3]), "one name"),
        Case(([0.0, 0.0], [2, 4]), "a model that knew all", "No doubt is a perplexity of 1."),
        Case(([math.inf, 5.0], [3, 3]), "a name called impossible", "One such name is enough."),
    ]

    def each(bits: list[float], letters: list[float]) -> list[float]:
        return [cost / (size + 1) for cost, size in zip(bits, letters, strict=True)]

    mistakes: Table = [
        (
            lambda bits, letters: 2 ** (math.fsum(bits) / math.fsum(letters)),
            "The end marks are symbols, too: one more for each name.",
        ),
        (
            lambda bits, letters: 2 ** (math.fsum(bits) / len(bits)),
            "That is for a name. Divide the bits by the number of symbols.",
        ),
        (
            lambda bits, letters: 2 ** (math.fsum(each(bits, letters)) / len(bits)),
            "You averaged over names, so that a symbol of a long name counts less. Divide all "
            "bits by all symbols.",
        ),
        (
            lambda bits, letters: math.fsum(2**cost for cost in each(bits, letters)) / len(bits),
            "You averaged perplexities. Average the bits, and take 2 to that power at the end.",
        ),
        (
            lambda bits, letters: math.log2(_names_perplexity(bits, letters)),
            "That is bits per symbol. The perplexity is 2 to that power.",
        ),
        (
            lambda bits, letters: math.exp(math.log2(_names_perplexity(bits, letters))),
            "These are bits, not nats: take a power of 2, not of e.",
        ),
        (
            lambda bits, letters: 2 ** (math.fsum(bits) / (math.fsum(letters) + 1)),
            "Every name has an end mark, not only the last.",
        ),
    ]
    return check(function, _names_perplexity, cases, mistakes)


def _place(q: list[float], u: float) -> int:
    possible = [place for place, prob in enumerate(q) if prob > 0]
    ends = list(accumulate(q))
    return next((place for place in possible if u < ends[place]), possible[-1])


def drawn_place(function: Any) -> Result:
    """Check a function of a distribution and a number from 0 to 1: on whose part it lies.

    Examples
    --------
    >>> drawn_place(lambda q, u: int(np.argmax(q)))
    ✗ Not yet. That is the most probable place, whatever u is: nothing is drawn.
    """
    cases = [Case(([0.5, 0.25, 0.25], u)) for u in (0.6, 0.1, 0.8, 0.3)] + [
        Case(([0.125, 0.5, 0.125, 0.25], u)) for u in (0.05, 0.2, 0.7, 0.9)
    ]
    cases += [
        Case(([0.5, 0.5], 0.5), "u at a border", "A part begins at its left end."),
        Case(([0.0, 0.5, 0.5], 0.0), "u = 0, and a place of probability 0", "It never comes."),
        Case(([0.1] * 10 + [0.0], 1 - 2**-53), "u just below 1", "Rounding may leave a gap there."),
        Case(([1.0], 0.7), "one place"),
    ]
    mistakes: Table = [
        (
            lambda q, u: q.index(max(q)),
            "That is the most probable place, whatever u is: nothing is drawn.",
        ),
        (
            lambda q, u: _place(q, u) + 1,
            "One too far. Places are counted from 0.",
        ),
        (
            lambda q, u: min(range(len(q)), key=lambda place: abs(q[place] - u)),
            "You looked for the probability nearest to u. Lay the probabilities side by side, "
            "and see where u lies.",
        ),
        (
            lambda q, u: next((place for place, prob in enumerate(q) if u < prob), 0),
            "You compared u with single probabilities. Compare it with their sums so far.",
        ),
        (
            lambda q, u: int(u * len(q)),
            "Here each place has a part of the same length. The parts are as long as q says.",
        ),
        (
            lambda q, u: len(q) - 1 - _place(q[::-1], u),
            "You began at the right-hand end. The first part begins at 0.",
        ),
        (
            lambda q, u: max(sum(end <= u for end in accumulate(q)) - 1, 0),
            "One too early: u lies on the part that ends *behind* it.",
        ),
    ]
    return check(function, _place, cases, mistakes)
